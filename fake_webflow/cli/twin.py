"""``fake-webflow twin``: the same calls on two APIs, and every difference between what they answer."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import Any

from .common import CommandError, base_url, count, suite_module

_STEPS = 600
_ENDS = """exit codes: 0 no difference was found, 1 differences were found and are printed, 2 it could not run to its
end, and one line on standard error says why

It writes to one site on each side, publishes it, and removes what it made. Tokens are better given in the variables
WEBFLOW_LEFT_TOKEN and WEBFLOW_RIGHT_TOKEN, where no process list shows them; WEBFLOW_TOKEN serves both sides. Where a
side limits the rate, one fixed plan of some 130 calls is played, and no difference is looked into by further calls."""


def add_command(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "twin", help="compare two APIs", epilog=_ENDS,
        description="Makes the same calls on two APIs in lock-step and makes every difference small.",
    )  # fmt: skip
    for side in ("left", "right"):
        parser.add_argument(f"--{side}", required=True, type=base_url, metavar="URL", help="base URL, version included")
        parser.add_argument(f"--{side}-token", metavar="T", help="bearer token of that side")
        parser.add_argument(f"--{side}-site", metavar="ID", help="the site to work in there")
    parser.add_argument("--sandbox", action="store_true", help="both sites may be written to and published")
    parser.add_argument(
        "--steps", type=count, default=_STEPS, metavar="N",
        help="calls to make on each side, the rest of the last sequence not counted (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--seconds", type=count, metavar="S", help="begin no further sequence after so long")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another one makes other sequences")
    parser.add_argument("--fixed-plan", action="store_true", help="play the fixed plan, as where the rate is limited")
    parser.add_argument(
        "--profile", type=Path, metavar="FILE", help="YAML: how both sides are expected to make the open choices"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compares the two sides and prints the differences.

    Raises:
        CommandError: It could not run, or not to its end; what was found until then is printed.
    """
    twin, printing = suite_module("twin"), suite_module("twin.printing")
    # Who stops it early still has removed what it made.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        made = _made(arguments, twin)
    except twin.CannotRun as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError("interrupted before anything was made") from None
    reason = ""
    try:
        made.run(steps=arguments.steps, seconds=arguments.seconds, rationed=arguments.fixed_plan)
    except twin.CannotRun as error:
        reason = str(error)
    except KeyboardInterrupt:
        reason = "interrupted"
    if made.findings:
        print(printing.report(made.findings))
    if reason:
        raise CommandError(reason)
    print(f"{_number(len(made.findings), 'difference')} in {_number(made.played, 'call')} on each side.")
    return 1 if made.findings else 0


def _made(arguments: argparse.Namespace, twin: Any) -> Any:
    from ..api.operations import OPERATIONS

    try:
        profile = suite_module("options").profile_in(arguments.profile) if arguments.profile else None
    except ValueError as error:
        raise CommandError(str(error)) from None
    left, right = (_side(arguments, name, twin) for name in ("left", "right"))
    bound = {operation.name: operation.clauses for operation in OPERATIONS}
    tell = (lambda line: print(line, file=sys.stderr, flush=True)) if sys.stderr.isatty() else (lambda _: None)
    return twin.Twin(left, right, twin.Explainer(profile), bound=bound, seed=arguments.seed, tell=tell)


def _side(arguments: argparse.Namespace, name: str, twin: Any) -> Any:
    url, token, site = (getattr(arguments, f"{name}{option}") for option in ("", "_token", "_site"))
    token = token or os.environ.get(f"WEBFLOW_{name.upper()}_TOKEN") or os.environ.get("WEBFLOW_TOKEN")
    if not token:
        raise CommandError(f"a token is needed: --{name}-token, or WEBFLOW_{name.upper()}_TOKEN, or WEBFLOW_TOKEN")
    targets = suite_module("targets")
    target = targets.UrlTarget(targets.Address(url, token, site, arguments.sandbox))
    return twin.Side.checked(target, secrets.token_hex(4), option=f"--{name}-site")


def _number(count: int, of: str) -> str:
    return f"{count or 'no'} {of}{'s' * (count != 1)}"
