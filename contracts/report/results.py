"""Takes what a live run saw into the file of live results: what ``fake-webflow results update`` does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, get_args

from fake_webflow.client import BASE_URL
from fake_webflow.rules import LIVE_RESULTS, LiveOutcome, LiveResult, find_clause, live_results

from .report import REPORT_FORMAT

_LONGEST_OBSERVED = 300


class NotLiveReport(Exception):
    """Why a report cannot be taken. The text is one line."""


class UpdateResult(NamedTuple):
    """What was taken from a report.

    Args:
        names: The clauses whose live results are new.
        older: How many are left as they are, since a later run saw them.
        date: Day of the run.
    """

    names: list[str]
    older: int
    date: str


def update_live_results(report: Path, file: Path = LIVE_RESULTS) -> UpdateResult:
    """Writes what a report says of each clause it saw. What it did not see stays as it was.

    Args:
        report: A ``report.json`` of ``fake-webflow verify``.
        file: Where live results are kept.

    Raises:
        NotLiveReport: It is not the report of a run against the live API.
    """
    content = _read_report(report)
    run_report = _parse_report(content, report)
    date, digest = run_report["finished"][:10], hashlib.sha256(content).hexdigest()
    results = dict(live_results(file))
    names, older = [], 0
    for row in run_report["clauses"]:
        if row["result"] not in ("holds", "differs"):
            continue
        known = results.get(row["clause"])
        if known is not None and known.date > date:
            older += 1
            continue
        results[row["clause"]] = _live_result(row, date, run_report["target"]["url"], digest)
        names.append(row["clause"])
    rows = {name: asdict(results[name]) for name in sorted(results)}
    file.write_text(json.dumps({"results": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    live_results.cache_clear()
    return UpdateResult(names, older, date)


def _read_report(report: Path) -> bytes:
    file = report / "report.json" if report.is_dir() else report
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotLiveReport(f"cannot read {file}: {error.strerror}") from error


def _parse_report(content: bytes, report: Path) -> dict[str, Any]:
    """The report, if it is one of a live run and every line of it names a clause.

    Raises:
        NotLiveReport: It is not.
    """
    try:
        run_report: dict[str, Any] = json.loads(content)
        if run_report["format"] != REPORT_FORMAT:
            raise NotLiveReport(
                f"{report} is of format {run_report['format']}; this version reads format {REPORT_FORMAT}"
            )
        if run_report["target"]["url"].rstrip("/") != BASE_URL:
            raise NotLiveReport(f"{report} is of {run_report['target']['url']}, not of the live API at {BASE_URL}")
        for row in run_report["clauses"]:
            find_clause(row["clause"])
            if row["result"] == "differs" and row["difference"] not in get_args(LiveOutcome):
                raise NotLiveReport(f"{report}: {row['clause']} differs in no known way")
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise NotLiveReport(f"{report} is not a report of fake-webflow verify") from error
    except LookupError as error:
        raise NotLiveReport(f"{report}: {error}") from error
    return run_report


def _live_result(row: dict[str, Any], date: str, target: str, digest: str) -> LiveResult:
    outcome: LiveOutcome = row["difference"] if row["result"] == "differs" else "holds"
    seen = row["seen"] if isinstance(row["seen"], str) else json.dumps(row["seen"], ensure_ascii=False)
    observed = row["option"] or seen if outcome != "holds" else row["option"]
    return LiveResult(outcome, date, target, digest, (observed or "")[:_LONGEST_OBSERVED])
