"""The command line. Each command is one module that adds its parser and runs; nothing heavy is imported before that."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from .. import __version__
from . import drift, ledger, results, serve, twin, verify
from .common import CommandError, Parser

_EPILOG = """exit codes: 0 done (a server: stopped by SIGINT or SIGTERM), 1 the reader of the output went away,
2 a mistake in the command, or it could not start; one line on standard error says why"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: Those of the command line; None for the process's own.

    Returns:
        The exit code.

    Raises:
        SystemExit: With code 2 for a mistake in the arguments, 0 for ``--help`` and ``--version``.
    """
    parser = Parser(prog="fake-webflow", description="A fake of Webflow's Data API v2, and its rules.", epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"fake-webflow {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for add in (
        serve.add_serve_command,
        ledger.add_clauses_command,
        ledger.add_explain_command,
        verify.add_verify_command,
        results.add_results_command,
        drift.add_drift_command,
        twin.add_twin_command,
    ):
        add(commands)
    chosen = parser.parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):  # which may not have all the letters of a name
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code: int = chosen.run(chosen)
        print(end="", flush=True)  # to nobody, where there is no standard output
    except CommandError as error:
        print(f"fake-webflow {chosen.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # before a server serves; once it does, a signal ends it
        print(f"fake-webflow {chosen.command}: interrupted", file=sys.stderr)
        return 2
    except OSError as error:
        # ``fake-webflow clauses | head``, a full disk: the interpreter's own last flush must not complain once more.
        if sys.stdout is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 1
        print(f"fake-webflow {chosen.command}: {error}", file=sys.stderr)
        return 2
    return code
