"""The command line. Each command is one module, imported when the command is asked for."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import click

from .. import __version__
from ..wording import suggest
from .common import CommandError, HelpFormatter, describe_mistake

_MODULES = {
    "serve": "serve",
    "pull": "pull",
    "clauses": "ledger",
    "explain": "ledger",
    "verify": "verify",
    "results": "results",
    "drift": "drift",
    "twin": "twin",
    "spec-diff": "spec_diff",
}
_EPILOG = """\b
Examples:
  fake-webflow serve --port 8787
  fake-webflow explain 409
  fake-webflow verify --base-url http://127.0.0.1:8787/v2 --token test-token

\b
Completion for bash (for zsh and fish alike), in the shell's start file:
  eval "$(_FAKE_WEBFLOW_COMPLETE=bash_source fake-webflow)"

Exit codes: 0 done (a server: stopped by SIGINT or SIGTERM), 1 the reader of the output went away, 2 a mistake in the
command, or it could not start; one line on standard error says why."""


class _Context(click.Context):
    formatter_class = HelpFormatter


class _LazyGroup(click.Group):
    """The commands, by name; a command's module is imported when somebody asks for it."""

    context_class = _Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return [*_MODULES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _MODULES:
            return None
        command: click.Command = getattr(
            importlib.import_module(f".{_MODULES[cmd_name]}", __package__), f"{cmd_name.replace('-', '_')}_command"
        )
        command.context_class = _Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _MODULES and not args[0].startswith("-"):
            raise click.UsageError(f"there is no command {args[0]!r}; {suggest(args[0], _MODULES)}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what ends it from outside becomes its exit code."""
        try:
            code = super().invoke(ctx)
            print(end="", flush=True)  # to nobody, where there is no standard output
        except KeyboardInterrupt:  # before a server serves; once it does, a signal ends it
            raise CommandError("interrupted", ctx.invoked_subcommand) from None
        except OSError as error:
            # ``fake-webflow clauses | head``, a full disk: the interpreter's own last flush must not complain again.
            if sys.stdout is not None:
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if isinstance(error, BrokenPipeError):
                return 1
            raise CommandError(str(error), ctx.invoked_subcommand) from None
        return code


@click.group(
    "fake-webflow",
    cls=_LazyGroup,
    invoke_without_command=True,
    epilog=_EPILOG,
    help="A fake of Webflow's Data API v2, and its rules.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def fake_webflow_command(context: click.Context) -> None:
    """Without a command the help is shown."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: Those of the command line; None for the process's own.

    Returns:
        The exit code: 2 for a mistake in the arguments.
    """
    if isinstance(sys.stdout, TextIOWrapper):  # which may not have all the letters of a name
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = fake_webflow_command.main(
            arguments, "fake-webflow", standalone_mode=False, color=False if os.environ.get("NO_COLOR") else None
        )
    except click.ClickException as error:
        click.echo(describe_mistake(error), err=True, color=False if os.environ.get("NO_COLOR") else None)
        return 2
    return int(code or 0)
