"""``fake-webflow results update``: what a live run saw, kept beside the ledger."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .common import CommandError, import_suite_module


def add_results_command(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "results", help="keep what a live run saw", description="Keeps what runs against the live API saw of each rule."
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    updating = actions.add_parser("update", help="take a report's results", description="Takes a report's results.")
    updating.add_argument("report", type=Path, metavar="REPORT", help="report.json of a run against the live API")
    updating.set_defaults(run=run_results)


def run_results(arguments: argparse.Namespace) -> int:
    """Takes the results of a report.

    Raises:
        CommandError: It is not the report of a live run.
    """
    if TYPE_CHECKING:
        from contracts.report import results as suite
    else:
        suite = import_suite_module("report.results")
    try:
        taken = suite.update_live_results(arguments.report)
    except (suite.NotLiveReport, ValueError, OSError) as error:
        raise CommandError(str(error)) from None
    kept = f", {taken.older} have later ones and keep them" if taken.older else ""
    have = "clause has" if len(taken.names) == 1 else "clauses have"
    print(f"{len(taken.names)} {have} live results of {taken.date}{kept}.")
    print("The page of the clauses shows them after: make docs")
    return 0
