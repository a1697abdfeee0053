"""``fake-webflow twin``: the same calls on two APIs, and every difference between what they answer."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .common import CommandError, import_suite_module, parse_base_url, parse_count

if TYPE_CHECKING:
    from contracts.twin import Peer, TwinRun

_STEPS = 600
_EPILOG = """exit codes: 0 no difference was found, 1 differences were found and are printed, 2 it could not run to its
end, and one line on standard error says why

It writes to one site on each side, publishes it, and removes what it made. Tokens are better given in the variables
WEBFLOW_LEFT_TOKEN and WEBFLOW_RIGHT_TOKEN, where no process list shows them; WEBFLOW_TOKEN serves both sides. Where a
side limits the rate, one fixed plan of some 130 calls is played, and no difference is looked into by further calls."""


def add_twin_command(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "twin", help="compare two APIs", epilog=_EPILOG,
        description="Makes the same calls on two APIs in lock-step and makes every difference small.",
    )  # fmt: skip
    for side in ("left", "right"):
        parser.add_argument(
            f"--{side}", required=True, type=parse_base_url, metavar="URL", help="base URL, version included"
        )
        parser.add_argument(f"--{side}-token", metavar="T", help="bearer token of that side")
        parser.add_argument(f"--{side}-site", metavar="ID", help="the site to work in there")
    parser.add_argument("--sandbox", action="store_true", help="both sites may be written to and published")
    parser.add_argument(
        "--steps", type=parse_count, default=_STEPS, metavar="N",
        help="calls to make on each side, the rest of the last sequence not counted (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--seconds", type=parse_count, metavar="S", help="begin no further sequence after so long")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another one makes other sequences")
    parser.add_argument("--fixed-plan", action="store_true", help="play the fixed plan, as where the rate is limited")
    parser.add_argument(
        "--profile", type=Path, metavar="FILE", help="YAML: how both sides are expected to make the open choices"
    )
    parser.set_defaults(run=run_twin)


def run_twin(arguments: argparse.Namespace) -> int:
    """Compares the two sides and prints the differences.

    Raises:
        CommandError: It could not run, or not to its end; what was found until then is printed.
    """
    if TYPE_CHECKING:
        from contracts import twin
        from contracts.twin import printing
    else:
        twin, printing = import_suite_module("twin"), import_suite_module("twin.printing")
    # Who stops it early still has removed what it made.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        comparison = _make_twin_run(arguments)
    except twin.CannotRun as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError("interrupted before anything was made") from None
    reason = ""
    try:
        comparison.run(steps=arguments.steps, seconds=arguments.seconds, rationed=arguments.fixed_plan)
    except twin.CannotRun as error:
        reason = str(error)
    except KeyboardInterrupt:
        reason = "interrupted"
    if comparison.findings:
        print(printing.format_findings(comparison.findings))
    if reason:
        raise CommandError(reason)
    found, calls = (
        _spell_count(len(comparison.findings), "difference"),
        _spell_count(comparison.call_count, "call"),
    )
    print(f"{found} in {calls} on each side.")
    return 1 if comparison.findings else 0


def _make_twin_run(arguments: argparse.Namespace) -> TwinRun:
    from ..rules import clauses_by_operation

    if TYPE_CHECKING:
        from contracts import twin
        from contracts.run import options
    else:
        twin, options = import_suite_module("twin"), import_suite_module("run.options")
    try:
        profile = options.load_profile(arguments.profile) if arguments.profile else None
    except ValueError as error:
        raise CommandError(str(error)) from None
    left, right = (_connect_peer(arguments, name) for name in ("left", "right"))
    on_progress = (lambda line: print(line, file=sys.stderr, flush=True)) if sys.stderr.isatty() else (lambda _: None)
    explainer = twin.Explainer(profile)
    return twin.TwinRun(
        left, right, explainer, clauses_by_operation=clauses_by_operation(), seed=arguments.seed, on_progress=on_progress
    )


def _connect_peer(arguments: argparse.Namespace, name: str) -> Peer:
    if TYPE_CHECKING:
        from contracts import twin
        from contracts.kit import targets
    else:
        twin, targets = import_suite_module("twin"), import_suite_module("kit.targets")
    url, token, site = (getattr(arguments, f"{name}{option}") for option in ("", "_token", "_site"))
    token = token or os.environ.get(f"WEBFLOW_{name.upper()}_TOKEN") or os.environ.get("WEBFLOW_TOKEN")
    if not token:
        raise CommandError(f"a token is needed: --{name}-token, or WEBFLOW_{name.upper()}_TOKEN, or WEBFLOW_TOKEN")
    target = targets.UrlTarget(targets.Address(url, token, site, arguments.sandbox))
    return twin.Peer.connect(target, secrets.token_hex(4), option=f"--{name}-site")


def _spell_count(count: int, of: str) -> str:
    return f"{count or 'no'} {of}{'s' * (count != 1)}"
