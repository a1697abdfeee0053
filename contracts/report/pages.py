"""A report for people and for other tools: Markdown, one HTML page, JUnit's XML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from xml.etree import ElementTree

from fake_webflow.rules import describe_confidence

from .report import DIFFERENCE_TEXTS, ClauseRow, RunReport, has_failed

_PAGE = Path(__file__).with_name("report.html")
_LONGEST_ANNOTATION = 1_000
_NOT_CHECKED_NOTE = "Nothing was seen of these, so nothing is said of them."


def headline(run_report: RunReport) -> str:
    """The run in one sentence."""
    counts = run_report["summary"]
    checked = counts["holds"] + counts["differs"]
    verdict = _count_of(counts["differs"], "differs", "differ") if counts["differs"] else "none differs"
    accepted = f" ({counts['accepted']} of them accepted)" if counts["accepted"] else ""
    errors = f" Tests of {_count_of(counts['errors'], 'clause', 'clauses')} did not finish." if counts["errors"] else ""
    return (
        f"{checked} of {_count_of(checked + counts['not-checkable'], 'clause was', 'clauses were')} checked: "
        f"{_count_of(counts['holds'], 'holds', 'hold')}, {verdict}{accepted}.{errors}"
    )


def _count_of(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def fact_rows(run_report: RunReport) -> list[tuple[str, str]]:
    """What the run was, for a table."""
    budget = f" of at most {run_report['budget']}" if run_report["budget"] else ""
    limit = f"{run_report['rate_limit']} a minute, as the headers say" if run_report["rate_limit"] else "none is told"
    lines = [
        ("target", run_report["target"]["url"]),
        ("site", f"{run_report['site'].get('name')} ({run_report['site'].get('id')})"),
        ("from", run_report["started"]),
        ("to", run_report["finished"]),
        ("requests", f"{run_report['requests']}{budget}"),
        ("rate limit", limit),
        ("waited for it", f"{run_report['waited']:g} s"),
        ("clauses asked for", run_report["only"]),
        ("by evidence", describe_confidence(run_report["confidence"])),
    ]
    return lines + [(name, text) for name, text in _target_facts(run_report) if text]


def _target_facts(run_report: RunReport) -> Iterator[tuple[str, str]]:
    """What is there to say of the target that is not a difference, and of this run and the one before."""
    target, baseline = run_report["target"], run_report["baseline"]
    yield "left behind", run_report["left_behind"]
    yield "reads lag", "" if target["lag"] is None else f"{target['lag']:g} s"
    yield "sent again", ", ".join(f"{count} times after {reason}" for reason, count in target["retries"].items())
    yield "headers no clause names", ", ".join(target["unknown_headers"])
    yield "no difference, but noted", "; ".join(target["notes"])
    if baseline is not None:
        yield "new differences", ", ".join(baseline["new"]) or "none"
        yield "gone since", ", ".join(baseline["gone"]) or "none"
        yield "there before as well", ", ".join(baseline["stayed"]) or "none"


def value_text(value: Any) -> str:
    """What was expected or seen, as a text: values by place, or words."""
    if isinstance(value, dict):
        return "; ".join(f"{place}: {json.dumps(one, ensure_ascii=False)}" for place, one in value.items())
    return str(value)


def group_differences(run_report: RunReport) -> Iterator[tuple[str, list[ClauseRow]]]:
    """The clauses that differ, by the kind of difference, the worst first."""
    for kind, meaning in DIFFERENCE_TEXTS.items():
        rows = [row for row in run_report["clauses"] if row["difference"] == kind]
        if rows:
            yield meaning[0].upper() + meaning[1:], rows


def difference_lines(row: ClauseRow) -> list[str]:
    """One difference for a terminal."""
    lines = [f"{row['clause']}  ({_meaning_of(row)}{', accepted' if row['accepted'] else ''})"]
    lines += [f"  {row['says']}", f"  expected: {value_text(row['expected'])}"]
    lines.append(f"  seen:     {value_text(row['seen'])}")
    if row["exchange"]:
        lines.append(f"  answer:   {row['exchange']['status']} to {row['exchange']['method']} {row['exchange']['url']}")
    elif row["requests"]:
        lines.append(f"  see it:   {row['requests'][-1]}")
    return lines + ([f"  follows:  {', '.join(row['follows'])}"] if row["follows"] else [])


def _meaning_of(row: ClauseRow) -> str:
    return DIFFERENCE_TEXTS[row["difference"] or ""]


_MOST_NAMES = 3


def summary_lines(run_report: RunReport) -> list[str]:
    """The run in ten lines at most: what it was, how it ended, what differs."""
    budget = f" of at most {run_report['budget']}" if run_report["budget"] else ""
    lines = [headline(run_report), f"{run_report['requests']} requests{budget}, {run_report['seconds']:g} s."]
    if run_report["left_behind"]:
        lines.append(f"Not everything could be removed; the next run sweeps it: {run_report['left_behind']}")
    if (baseline := run_report["baseline"]) is not None:
        counts = len(baseline["new"]), len(baseline["gone"]), len(baseline["stayed"])
        lines.append("Since the baseline: {} new, {} gone, {} stayed.".format(*counts))
    names = [row["clause"] for _title, rows in group_differences(run_report) for row in rows]
    lines += [f"  {name}" for name in names[:_MOST_NAMES]]
    return lines + ([f"  and {len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else [])


def to_annotations(run_report: RunReport) -> list[str]:
    """A line for each difference that was not accepted, in the form that GitHub shows beside a job."""
    rows = [row for _title, found in group_differences(run_report) for row in found if not row["accepted"]]
    return [
        f"::error title={row['clause']}::"
        + _escape_annotation(
            f"{row['says']} Expected {value_text(row['expected'])}; seen {value_text(row['seen'])}"[
                :_LONGEST_ANNOTATION
            ]
        )
        for row in rows
    ]


def _escape_annotation(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


# Markdown


def to_markdown(run_report: RunReport) -> str:
    """The report as Markdown, as a job's summary shows it."""
    lines = [
        f"# {'Differs' if has_failed(run_report) else 'Holds'}: {run_report['target']['url']}",
        "",
        headline(run_report),
        "",
    ]
    lines += ["| | |", "|---|---|", *(f"| {name} | {_table_cell(text)} |" for name, text in fact_rows(run_report))]
    lines += to_markdown_differences(run_report)
    if error_groups := group_errors(run_report):
        lines += [
            "",
            "## Tests that did not finish",
            "",
            "An answer was so unlike Webflow's that they could not go on.",
        ]
        for text, rows in error_groups:
            names = ", ".join(f"`{row['clause']}`" for row in rows)
            lines += ["", f"{_table_cell(text)}: {names}"]
            lines += ["", "```sh", *rows[0]["requests"][-1:], "```"] if rows[0]["requests"] else []
    unchecked = [row for row in run_report["clauses"] if row["result"] == "not-checkable"]
    if unchecked:
        lines += ["", "## Not checked", "", _NOT_CHECKED_NOTE, "", "| clause | why |", "|---|---|"]
        lines += [f"| `{row['clause']}` | {_table_cell(row['why'])} |" for row in unchecked]
    holding = [row["clause"] for row in run_report["clauses"] if row["result"] == "holds"]
    if holding:
        lines += ["", "## Holds", "", ", ".join(f"`{name}`" for name in holding)]
    return "\n".join(lines) + "\n"


def to_markdown_differences(run_report: RunReport) -> list[str]:
    """What differs, as sections of Markdown."""
    lines: list[str] = []
    for title, rows in group_differences(run_report):
        lines += ["", f"## {title}"]
        for row in rows:
            lines += ["", *_markdown_difference(row)]
    return lines


def _markdown_difference(row: ClauseRow) -> Iterator[str]:
    yield f"### {row['clause']}" + (" (accepted)" if row["accepted"] else "")
    yield ""
    yield _table_cell(row["says"])
    yield ""
    yield "```"
    yield f"expected: {value_text(row['expected'])}"
    yield f"seen:     {value_text(row['seen'])}"
    yield "```"
    if row["follows"]:
        yield ""
        yield f"Not judged, since it follows from this: {', '.join(f'`{name}`' for name in row['follows'])}"
        yield ""
    yield from (f"- {line['kind']}, {line['date']}: {_table_cell(line['source'])}" for line in row["evidence"])
    for title, language, text in _shown_texts(row):
        yield from ("", f"{title}:", "", f"````{language}", *text.splitlines(), "````")
    if row["requests"] and not row["exchange"]:
        yield ""
        yield "The requests of the test, the last one last:"
        yield ""
        yield "```sh"
        yield from row["requests"]
        yield "```"


def _shown_texts(row: ClauseRow) -> Iterator[tuple[str, str, str]]:
    """The exchange and the scripts of a difference: title, language, text."""
    if exchange := row["exchange"]:
        headers = "\n".join(f"{name}: {value}" for name, value in exchange["headers"].items())
        sent = f"{exchange['method']} {exchange['url']}\n{exchange['request_body']}".rstrip()
        yield "The exchange", "http", f"{sent}\n\n{exchange['status']}\n{headers}\n\n{exchange['body']}".rstrip()
    if row["scripts"]:
        yield "See it again, in a shell", "sh", row["scripts"]["curl"]
        yield "See it again, in Python", "python", row["scripts"]["python"]


def _table_cell(text: str) -> str:
    flat = " ".join(str(text).split())
    for sign in "\\|<`*_[":
        flat = flat.replace(sign, "\\" + sign)
    return flat


def group_errors(run_report: RunReport) -> list[tuple[str, list[ClauseRow]]]:
    """The tests that did not finish, as the clauses they check, by what ended them."""
    found: dict[str, list[ClauseRow]] = {}
    for row in run_report["clauses"]:
        for text in row["errors"]:
            found.setdefault(text, []).append(row)
    return list(found.items())


# HTML


def to_html(run_report: RunReport) -> str:
    """The report as one page that needs nothing else."""
    parts = []
    for title, rows in group_differences(run_report):
        parts += [f"<h2>{escape(title)} <span>{len(rows)}</span></h2>", _html_links(rows), *map(_html_difference, rows)]
    if error_groups := group_errors(run_report):
        parts.append("<h2>Tests that did not finish</h2>")
        parts.append("<p>An answer was so unlike Webflow's that they could not go on.</p>")
        parts += [_html_error(text, rows) for text, rows in error_groups]
    unchecked = [(row["clause"], row["why"]) for row in run_report["clauses"] if row["result"] == "not-checkable"]
    holding = [(row["clause"], row["says"]) for row in run_report["clauses"] if row["result"] == "holds"]
    for title, pairs, note in (("Not checked", unchecked, _NOT_CHECKED_NOTE), ("Holds", holding, "")):
        if pairs:
            parts.append(
                f"<details><summary><h2>{title} <span>{len(pairs)}</span></h2></summary>"
                f"<p>{note}</p>{_html_table(pairs)}</details>"
            )
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        verdict="differs" if has_failed(run_report) else "holds",
        target=escape(run_report["target"]["url"]),
        headline=escape(headline(run_report)),
        facts="".join(f"<dt>{escape(name)}</dt><dd>{escape(str(text))}</dd>" for name, text in fact_rows(run_report)),
        body="\n".join(parts),
    )


def _html_links(rows: list[ClauseRow]) -> str:
    links = (f'<a href="#{escape(row["clause"])}">{escape(row["clause"])}</a>' for row in rows)
    return f"<nav>{' '.join(links)}</nav>" if len(rows) > 1 else ""


def _html_difference(row: ClauseRow) -> str:
    evidence = "".join(
        f"<li>{escape(line['kind'])}, {escape(line['date'])}: {escape(line['source'])}</li>" for line in row["evidence"]
    )
    requests = "" if row["exchange"] else "\n".join(row["requests"])
    shown = f"<details><summary>requests</summary><pre>{escape(requests)}</pre></details>" if requests else ""
    last = f"<p>See it:</p><pre>{escape(row['requests'][-1])}</pre>" if requests else ""
    last += "".join(
        f"<details><summary>{title}</summary><pre>{escape(text)}</pre></details>"
        for title, _, text in _shown_texts(row)
    )
    names = ", ".join(f"<code>{escape(name)}</code>" for name in row["follows"])
    last += f"<p>Not judged, since it follows from this: {names}</p>" if names else ""
    accepted = " <small>accepted</small>" if row["accepted"] else ""
    return (
        f'<article id="{escape(row["clause"])}"><h3>{escape(row["clause"])}{accepted}</h3><p>{escape(row["says"])}</p>'
        f"<dl><dt>expected</dt><dd><code>{escape(value_text(row['expected']))}</code></dd>"
        f"<dt>seen</dt><dd><code>{escape(value_text(row['seen']))}</code></dd></dl>{last}<ul>{evidence}</ul>{shown}</article>"
    )


def _html_error(text: str, rows: list[ClauseRow]) -> str:
    names = ", ".join(f"<code>{escape(row['clause'])}</code>" for row in rows)
    last = "".join(f"<p>See it:</p><pre>{escape(line)}</pre>" for line in rows[0]["requests"][-1:])
    return f"<article><p><code>{escape(text)}</code></p><p>{names}</p>{last}</article>"


def _html_table(pairs: list[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><td><code>{escape(name)}</code></td><td>{escape(text)}</td></tr>" for name, text in pairs)
    return f"<table>{rows}</table>"


# JUnit


def to_junit(run_report: RunReport) -> str:
    """The report as JUnit's XML: a suite, with a case for each clause."""
    counts = run_report["summary"]
    attributes = {
        "name": f"contract of {run_report['target']['url']}",
        "tests": str(len(run_report["clauses"])),
        "failures": str(counts["differs"] - counts["accepted"]),
        "errors": str(counts["errors"]),
        "skipped": str(counts["not-checkable"]),
        "time": str(run_report["seconds"]),
        "timestamp": run_report["started"],
    }
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(suites, "testsuite", attributes)
    for row in run_report["clauses"]:
        _junit_case(suite, row)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _junit_case(suite: Any, row: ClauseRow) -> None:
    family, _, _rest = row["clause"].partition(".")
    case = ElementTree.SubElement(suite, "testcase", {"classname": family, "name": row["clause"]})
    if row["result"] == "differs" and not row["accepted"]:
        failure = ElementTree.SubElement(
            case, "failure", {"type": row["difference"] or "", "message": _meaning_of(row)}
        )
        failure.text = _xml_text("\n".join([*difference_lines(row), *row["requests"]]))
    if row["errors"]:
        ElementTree.SubElement(case, "error", {"message": _xml_text("; ".join(row["errors"]))})
    elif row["result"] == "not-checkable":
        ElementTree.SubElement(case, "skipped", {"message": _xml_text(row["why"])})


def _xml_text(text: str) -> str:
    """The text without what XML cannot hold."""
    return "".join(
        sign if sign in "\t\n" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) < 0xE000) else "?" for sign in text
    )
