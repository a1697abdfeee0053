"""What changed at Webflow, as the text of an issue: ``python -m contracts.report.account``. Empty where nothing did.

The nightly workflow gives it what ``spec-diff`` printed and the ``report.json`` of ``verify``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from .pages import group_differences, to_markdown_differences
from .report import RunReport

_CHANGE = re.compile(r"[A-Z]+ /")
_LONGEST = 60_000  # GitHub takes 65,536 characters
_STEPS = """## What to do

1. Document: look at each line, change the ledger and the fake where they follow it, then run
   `fake-webflow spec-diff FILE --accept REASON`.
2. API: run the script below a difference. Correct the clause and its evidence, then the fake, then run
   `fake-webflow results update report.json`."""


def write_account(document_changes: str, run_report: RunReport | None) -> str:
    """The text of an issue, in Markdown; empty where neither the document nor the API changed.

    Args:
        document_changes: What ``spec-diff`` printed: a line for each change.
        run_report: What a run against Webflow saw, if there was one.
    """
    changes = [line for line in document_changes.splitlines() if _CHANGE.match(line)]
    differing = 0 if run_report is None else sum(len(rows) for _title, rows in group_differences(run_report))
    if not changes and not differing:
        return ""
    parts = [
        f"# Webflow changed: {_count(len(changes), 'change')} of the document, {_count(differing, 'clause')} differ"
    ]
    if changes:
        parts.append("\n".join(["## The document", "", "```text", *changes, "```"]))
    if run_report is not None and differing:
        parts.append("\n".join([f"## The API, asked on {run_report['started']}", *to_markdown_differences(run_report)]))
    return "\n\n".join([*parts, _STEPS])[:_LONGEST] + "\n"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the account."""
    parser = argparse.ArgumentParser(prog="python -m contracts.report.account", description="what changed at Webflow")
    parser.add_argument("--changes", type=Path, help="what fake-webflow spec-diff printed")
    parser.add_argument("--report", type=Path, help="the report.json of fake-webflow verify")
    options = parser.parse_args(arguments)
    try:
        changes = options.changes.read_text(encoding="utf-8") if options.changes else ""
        report = json.loads(options.report.read_bytes()) if options.report and options.report.exists() else None
    except (OSError, ValueError) as error:
        print(f"account: cannot read {getattr(error, 'filename', None) or options.report}: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(write_account(changes, report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
