"""``fake-webflow results update``: what a live run saw, kept beside the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import CommandError, import_suite_module


@click.group("results", no_args_is_help=False)
def results_command() -> None:
    """Keep what runs against the live API saw of each rule."""


@results_command.command("update", epilog="Example:  fake-webflow results update report/report.json")
@click.argument("report", type=click.Path(path_type=Path))
def update_command(report: Path) -> int:
    """Take the results of REPORT, the report.json of a run against the live API."""
    if TYPE_CHECKING:
        from contracts.report import results as suite
    else:
        suite = import_suite_module("report.results")
    try:
        taken = suite.update_live_results(report)
    except (suite.NotLiveReport, ValueError, OSError) as error:
        raise CommandError(str(error)) from None
    kept = f", {taken.older} have later ones and keep them" if taken.older else ""
    have = "clause has" if len(taken.names) == 1 else "clauses have"
    print(f"{len(taken.names)} {have} live results of {taken.date}{kept}.")
    print("The page of the clauses shows them after: make docs")
    return 0
