"""``fake-webflow verify``: the contract suite against any API, the real one included, as one command."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import CommandError, import_suite_module, parse_base_url, parse_count, profile_option

if TYPE_CHECKING:
    from contracts.run.verify import VerifyResult

_EPILOG = """\b
Examples, the second with the token in the variable WEBFLOW_TOKEN:
  fake-webflow verify --base-url http://127.0.0.1:8787/v2 --token test-token
  fake-webflow verify --base-url https://api.webflow.com/v2 --report report

The suite writes to the site it works in, publishes it, and removes what it made. It takes the only site the token
sees, or the one whose name contains "sandbox"; any other has to be named and declared: --site ID --sandbox.

Exit codes: 0 every clause that could be checked holds, 1 at least one does not, 2 the run could not start."""
_SECONDS_BETWEEN_LINES = 10
_REPORTS = ("report.json", "report.md", "report.html", "junit.xml", "profile.yaml")


def _parse_report_directory(text: str) -> Path:
    """Where reports go; what would only be found out when everything has been asked is found out now."""
    for name in _REPORTS:
        if (Path(text) / name).is_dir():
            raise click.BadParameter(f"{Path(text) / name} is a directory, and a file of that name is to be written")
    return Path(text)


@click.command("verify", epilog=_EPILOG)
@click.option(
    "--base-url", required=True, type=parse_base_url, metavar="URL", help="Base URL of the API, version included."
)
@click.option("--token", envvar="WEBFLOW_TOKEN", metavar="T",
              help="Bearer token; better in the variable WEBFLOW_TOKEN, where no process list shows it.")  # fmt: skip
@click.option("--site", metavar="ID", help="The site to work in.")
@click.option("--sandbox", is_flag=True, help="The site may be written to and published.")
@click.option("--budget", type=parse_count, metavar="N", help="Most requests; 600 where they are rationed.")
@click.option("--only", default="*", metavar="PATTERN", help="Only clauses like this: items.slug.*")
@profile_option("Open choices expected of it.")
@click.option("--accept-choices", is_flag=True,
              help="Open choices may be made in any known way; the profile that was seen is written.")  # fmt: skip
@click.option("--report", type=_parse_report_directory, metavar="DIR",
              help="Write the reports there.")  # fmt: skip
@click.option("--baseline", type=Path, metavar="FILE",
              help="A report.json of an earlier run: say what is new, gone, and stayed.")  # fmt: skip
@click.option("--plan", is_flag=True, help="Say what a run would do, and write nothing.")
@click.option("--timeout", type=parse_count, default="30", metavar="S", show_default=True,
              help="Seconds to wait for an answer.")  # fmt: skip
def verify_command(
    base_url: str,
    token: str | None,
    site: str | None,
    sandbox: bool,
    budget: int | None,
    only: str,
    profile: dict[str, str],
    accept_choices: bool,
    report: Path | None,
    baseline: Path | None,
    plan: bool,
    timeout: int,
) -> int:
    """Check an API against the rules.

    Runs the contract suite against the API and says which rules hold.
    """
    if not token:
        raise CommandError("a token is needed: --token, or the variable WEBFLOW_TOKEN")
    from ..rules import Profile

    if TYPE_CHECKING:
        from contracts.run import verify as suite
    else:
        suite = import_suite_module("run.verify")
    settings = suite.VerifySettings(
        suite.Address(base_url, token, site, sandbox),
        profile=Profile().with_choices(profile) if profile else None,
        accept_choices=accept_choices,
        budget=budget,
        only=only,
        report_directory=report,
        timeout=timeout,
        baseline=baseline,
    )
    # A job that is cancelled still removes what it made.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    progress = _Progress()
    try:
        if plan:
            print(*suite.describe_plan(settings), sep="\n")
            return 0
        outcome = suite.verify(settings, progress.show)
    except suite.CannotRun as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError("interrupted before anything was made") from None
    finally:
        progress.clear()
    for line in _result_lines(outcome, report):
        print(line)
    return int(outcome.code)


def _result_lines(outcome: VerifyResult, directory: Path | None) -> list[str]:
    """What is printed at the end: the summary, then each difference, then annotations where GitHub reads them."""
    if TYPE_CHECKING:
        from contracts.report import pages
    else:
        pages = import_suite_module("report.pages")
    report = outcome.report
    lines = pages.summary_lines(report)
    if directory:
        lines.append(f"Report: {directory / 'report.html'}")
    if outcome.profile:
        lines.append(f"The profile that was seen: {outcome.profile}")
    for _title, rows in pages.group_differences(report):
        for row in rows:
            lines += ["", *pages.difference_lines(row)]
    for text, rows in pages.group_errors(report):
        names = ", ".join(row["clause"] for row in rows)
        lines += ["", f"{text}\n  {names}", *(f"  see it:   {line}" for line in rows[0]["requests"][-1:])]
    if os.environ.get("GITHUB_ACTIONS") == "true":
        lines += ["", *pages.to_annotations(report)]
    return lines


class _Progress:
    """How far the run is: on a terminal one line written again and again, elsewhere a line every ten seconds."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        # pytest captures what is written to descriptor 2 meanwhile; this is where it leads to now.
        self._output = os.fdopen(os.dup(2), "w")
        self._next_line = time.monotonic() + _SECONDS_BETWEEN_LINES

    def show(self, done: int, total: int, requests: int, budget: int | None) -> None:
        """Shows how far the run is."""
        text = f"{done}/{total} cases, {requests}{f' of {budget}' if budget else ''} requests"
        if self._is_terminal:
            bar = ("#" * round(done / max(total, 1) * 30)).ljust(30, ".")
            self._output.write(f"\r[{bar}] {text} \x1b[K")
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + _SECONDS_BETWEEN_LINES
            self._output.write(f"fake-webflow verify: {text}\n")
        self._output.flush()

    def clear(self) -> None:
        """Removes the line from a terminal."""
        if self._is_terminal:
            self._output.write("\r\x1b[K")
        self._output.close()
