"""``fake-webflow twin``: the same calls on two APIs, and every difference between what they answer."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from ..wording import spell_count
from .common import CommandError, import_suite_module, parse_base_url, parse_count, profile_option

if TYPE_CHECKING:
    from contracts.twin import Peer, TwinRun

_EPILOG = """\b
Example, with the token in the variable WEBFLOW_TOKEN:
  fake-webflow twin --left http://localhost:8787/v2 --right http://localhost:8788/v2

It writes to one site on each side, publishes it, and removes what it made. Tokens are better given in the variables
WEBFLOW_LEFT_TOKEN and WEBFLOW_RIGHT_TOKEN, where no process list shows them; WEBFLOW_TOKEN serves both sides. Where a
side limits the rate, one fixed plan of some 160 calls is played, and no difference is looked into by further calls.

Exit codes: 0 no difference was found, 1 differences were found and are printed, 2 it could not run to its end."""


@click.command("twin", epilog=_EPILOG)
@click.option("--left", required=True, type=parse_base_url, metavar="URL", help="Base URL, version included.")
@click.option("--left-token", metavar="T", help="Bearer token of that side.")
@click.option("--left-site", metavar="ID", help="The site to work in there.")
@click.option("--right", required=True, type=parse_base_url, metavar="URL", help="Base URL of the other API.")
@click.option("--right-token", metavar="T", help="Bearer token of that side.")
@click.option("--right-site", metavar="ID", help="The site to work in there.")
@click.option("--sandbox", is_flag=True, help="Both sites may be written to and published.")
@click.option("--steps", type=parse_count, default="600", metavar="N", show_default=True,
              help="Calls on each side, the rest of the last sequence not counted.")  # fmt: skip
@click.option("--seconds", type=parse_count, metavar="S", help="Begin no further sequence after so long.")
@click.option("--seed", type=int, default=0, metavar="N", help="Another one makes other sequences.")
@click.option("--fixed-plan", is_flag=True, help="Play the fixed plan, as where the rate is limited.")
@profile_option("Open choices of both sides.")
def twin_command(steps: int, seconds: int | None, fixed_plan: bool, **options: Any) -> int:
    """Compare two APIs.

    Makes the same calls on both in lock-step and makes every difference small.
    """
    if TYPE_CHECKING:
        from contracts import twin
        from contracts.twin import printing
    else:
        twin, printing = import_suite_module("twin"), import_suite_module("twin.printing")
    # Who stops it early still has removed what it made.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        comparison = _make_twin_run(**options)
    except twin.CannotRun as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError("interrupted before anything was made") from None
    reason = ""
    try:
        comparison.run(steps=steps, seconds=seconds, rationed=fixed_plan)
    except twin.CannotRun as error:
        reason = str(error)
    except KeyboardInterrupt:
        reason = "interrupted"
    if comparison.findings:
        print(printing.format_findings(comparison.findings))
    if reason:
        raise CommandError(reason)
    count = len(comparison.findings)
    found = spell_count(count, "difference") if count else "no differences"
    print(f"{found} in {spell_count(comparison.call_count, 'call')} on each side.")
    return 1 if count else 0


def _make_twin_run(profile: dict[str, str], seed: int, sandbox: bool, **sides: str | None) -> TwinRun:
    from ..rules import Profile

    if TYPE_CHECKING:
        from contracts import twin
    else:
        twin = import_suite_module("twin")
    left, right = (
        _connect_peer(name, str(sides[name]), sides[f"{name}_token"], sides[f"{name}_site"], is_sandbox=sandbox)
        for name in ("left", "right")
    )
    on_progress = (lambda line: print(line, file=sys.stderr, flush=True)) if sys.stderr.isatty() else (lambda _: None)
    explainer = twin.Explainer(Profile().with_choices(profile) if profile else None)
    return twin.TwinRun(left, right, explainer, seed=seed, on_progress=on_progress)


def _connect_peer(name: str, url: str, token: str | None, site: str | None, *, is_sandbox: bool) -> Peer:
    if TYPE_CHECKING:
        from contracts import twin
        from contracts.kit import targets
    else:
        twin, targets = import_suite_module("twin"), import_suite_module("kit.targets")
    variable = f"WEBFLOW_{name.upper()}_TOKEN"
    token = token or os.environ.get(variable) or os.environ.get("WEBFLOW_TOKEN")
    if not token:
        raise CommandError(f"a token is needed: --{name}-token, or {variable}, or WEBFLOW_TOKEN")
    target = targets.UrlTarget(targets.Address(url, token, site, is_sandbox))
    return twin.Peer.connect(target, secrets.token_hex(4), option=f"--{name}-site")
