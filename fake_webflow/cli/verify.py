"""``fake-webflow verify``: the contract suite against any API, the real one included, as one command."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .common import CommandError, import_suite_module, parse_base_url, parse_count

if TYPE_CHECKING:
    from contracts.run.verify import VerifyResult

_EPILOG = """exit codes: 0 every clause that could be checked holds, 1 at least one does not, 2 the run could not start,
and one line on standard error says why

The suite writes to the site it works in, publishes it, and removes what it made. It takes the only site the token
sees, or the one whose name contains "sandbox"; any other has to be named and declared: --site ID --sandbox."""


def add_verify_command(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "verify", help="check an API against the rules", epilog=_EPILOG,
        description="Runs the contract suite against an API and says which rules hold.",
    )  # fmt: skip
    parser.add_argument(
        "--base-url", required=True, type=parse_base_url, metavar="URL", help="of the API, version included"
    )
    parser.add_argument(
        "--token", default=os.environ.get("WEBFLOW_TOKEN"), metavar="T",
        help="bearer token; better in the variable WEBFLOW_TOKEN, where no process list shows it",
    )  # fmt: skip
    parser.add_argument("--site", metavar="ID", help="the site to work in")
    parser.add_argument("--sandbox", action="store_true", help="the site may be written to and published")
    parser.add_argument(
        "--budget", type=parse_count, metavar="N", help="most requests (default: 600 where the API has a rate limit)"
    )
    parser.add_argument("--only", default="*", metavar="PATTERN", help="only clauses like this: items.slug.*")
    parser.add_argument(
        "--profile", type=Path, metavar="FILE", help="YAML: how the API is expected to make the open choices"
    )
    parser.add_argument(
        "--accept-choices", action="store_true",
        help="open choices may be made in any known way; the profile that was seen is written",
    )  # fmt: skip
    parser.add_argument("--report", type=Path, metavar="DIR", help="write report.json, .md, .html and junit.xml there")
    parser.add_argument(
        "--timeout",
        type=parse_count,
        default=30,
        metavar="S",
        help="seconds to wait for an answer (default: %(default)s)",
    )
    parser.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    """Runs the suite and prints what differs.

    Raises:
        CommandError: It could not run.
    """
    if not arguments.token:
        raise CommandError("a token is needed: --token, or the variable WEBFLOW_TOKEN")
    if TYPE_CHECKING:
        from contracts.run import verify as suite
    else:
        suite = import_suite_module("run.verify")
    settings = suite.VerifySettings(
        suite.Address(arguments.base_url, arguments.token, arguments.site, arguments.sandbox),
        profile=arguments.profile,
        accept_choices=arguments.accept_choices,
        budget=arguments.budget,
        only=arguments.only,
        report_directory=arguments.report,
        timeout=arguments.timeout,
    )
    # A job that is cancelled still removes what it made.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    progress = _Progress()
    try:
        outcome = suite.verify(settings, progress.show)
    except suite.CannotRun as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError("interrupted before anything was made") from None
    finally:
        progress.clear()
    for line in _result_lines(outcome, arguments.report):
        print(line)
    return int(outcome.code)


def _result_lines(outcome: VerifyResult, directory: Path | None) -> list[str]:
    """What is printed at the end."""
    if TYPE_CHECKING:
        from contracts.report import pages
    else:
        pages = import_suite_module("report.pages")
    report = outcome.report
    lines = []
    for _title, rows in pages.group_differences(report):
        for row in rows:
            lines += [*pages.difference_lines(row), ""]
    for text, rows in pages.group_errors(report):
        names = ", ".join(row["clause"] for row in rows)
        lines += [f"{text}\n  {names}", *(f"  see it:   {line}" for line in rows[0]["requests"][-1:]), ""]
    budget = f" of at most {report['budget']}" if report["budget"] else ""
    lines += [pages.headline(report), f"{report['requests']} requests{budget}, {report['seconds']:g} s."]
    if report["left_behind"]:
        lines.append(f"Not everything could be removed; the next run sweeps it: {report['left_behind']}")
    if directory:
        lines.append(f"Report: {directory / 'report.html'}")
    if outcome.profile:
        lines.append(f"The profile that was seen: {outcome.profile}")
    return lines


class _Progress:
    """One line on standard error that is written over again and again, in a terminal only."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        # pytest captures what is written to descriptor 2 meanwhile; this is the terminal itself.
        self._terminal = os.fdopen(os.dup(2), "w") if self._on else None

    def show(self, done: int, total: int, requests: int, budget: int | None) -> None:
        """Shows how far the run is."""
        if self._terminal:
            of_budget = f" of {budget}" if budget else ""
            share = done / max(total, 1)
            bar = ("#" * round(share * 30)).ljust(30, ".")
            self._terminal.write(f"\r[{bar}] {done}/{total} cases, {requests}{of_budget} requests \x1b[K")
            self._terminal.flush()

    def clear(self) -> None:
        """Removes the line."""
        if self._terminal:
            self._terminal.write("\r\x1b[K")
            self._terminal.close()
            self._terminal = None
