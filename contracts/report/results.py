"""Takes what a live run saw into the file of live results: what ``fake-webflow results update`` does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, get_args

from fake_webflow.client import BASE_URL
from fake_webflow.rules import LiveResult, clause, live_results
from fake_webflow.rules.live import LIVE_RESULTS, LiveOutcome

from .report import FORMAT

_LONGEST_SEEN = 300


class NotLive(Exception):
    """Why a report cannot be taken. The text is one line."""


class Taken(NamedTuple):
    """What was taken from a report.

    Args:
        names: The clauses whose live results are new.
        older: How many are left as they are, since a later run saw them.
        date: Day of the run.
    """

    names: list[str]
    older: int
    date: str


def update(report: Path, file: Path = LIVE_RESULTS) -> Taken:
    """Writes what a report says of each clause it saw. What it did not see stays as it was.

    Args:
        report: A ``report.json`` of ``fake-webflow verify``.
        file: Where live results are kept.

    Raises:
        NotLive: It is not the report of a run against the live API.
    """
    content = _read(report)
    told = _checked(content, report)
    date, digest = told["finished"][:10], hashlib.sha256(content).hexdigest()
    results = dict(live_results(file))
    names, older = [], 0
    for row in told["clauses"]:
        if row["result"] not in ("holds", "differs"):
            continue
        known = results.get(row["clause"])
        if known is not None and known.date > date:
            older += 1
            continue
        results[row["clause"]] = _result(row, date, told["target"], digest)
        names.append(row["clause"])
    rows = {name: asdict(results[name]) for name in sorted(results)}
    file.write_text(json.dumps({"results": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    live_results.cache_clear()
    return Taken(names, older, date)


def _read(report: Path) -> bytes:
    file = report / "report.json" if report.is_dir() else report
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotLive(f"cannot read {file}: {error.strerror}") from error


def _checked(content: bytes, report: Path) -> dict[str, Any]:
    """The report, if it is one of a live run and every line of it names a clause.

    Raises:
        NotLive: It is not.
    """
    try:
        told: dict[str, Any] = json.loads(content)
        if told["format"] != FORMAT:
            raise NotLive(f"{report} is of format {told['format']}; this version reads format {FORMAT}")
        if told["target"].rstrip("/") != BASE_URL:
            raise NotLive(f"{report} is of {told['target']}, not of the live API at {BASE_URL}")
        for row in told["clauses"]:
            clause(row["clause"])
            if row["result"] == "differs" and row["difference"] not in get_args(LiveOutcome):
                raise NotLive(f"{report}: {row['clause']} differs in no known way")
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise NotLive(f"{report} is no report of fake-webflow verify") from error
    except LookupError as error:
        raise NotLive(f"{report}: {error}") from error
    return told


def _result(row: dict[str, Any], date: str, target: str, digest: str) -> LiveResult:
    outcome: LiveOutcome = row["difference"] if row["result"] == "differs" else "holds"
    seen = row["option"] or row["seen"] if outcome != "holds" else row["option"]
    return LiveResult(outcome, date, target, digest, (seen or "")[:_LONGEST_SEEN])
