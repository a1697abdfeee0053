"""A finding as people take it further: a test that passes on the left side, curl lines, and the clauses it concerns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from . import scripts
from .checks import checks, cut, mentioned
from .findings import Finding

_MOST = 3
"""Differences of one answer that are told one by one."""


def report(findings: Sequence[Finding]) -> str:
    """All findings, for people."""
    return "\n".join(line for number, finding in enumerate(findings, 1) for line in _told(number, finding))


def _told(number: int, finding: Finding) -> Iterator[str]:
    yield f"{number}. {cut(finding.title)}"
    yield ""
    for call in finding.calls:
        yield f"   {call.method} {call.path}"
    for difference in finding.differences[:_MOST]:
        yield f"     {cut(str(difference))}"
    if len(finding.differences) > _MOST:
        yield f"     and {len(finding.differences) - _MOST} more"
    yield ""
    if not finding.repeats:
        yield "   It was not there when the same calls were made again, so what follows may not show it."
    if finding.elsewhere:
        yield f"   answers alike: {', '.join(sorted(finding.elsewhere))}"
    clauses = [choice.id for choice in finding.choices] or finding.clauses
    yield f"   {'clause' if finding.choices else 'clauses it may concern'}: {', '.join(clauses) or 'none is known'}"
    yield "\n   as a test, which passes on the left side:\n"
    yield textwrap.indent(pytest_of(finding), "     ", lambda line: line.strip() != "")
    yield "   in a shell:\n"
    yield from (f"     {line}" for piece in scripts.curl_lines(finding.calls) for line in piece.splitlines())
    yield ""


def pytest_of(finding: Finding) -> str:
    """The finding as a test: it passes on the left side and fails on the right, and needs the thin client only."""
    body = [*scripts.python_lines(finding.calls, mentioned(finding)), *checks(finding)]
    name = finding.choices[0].id if finding.choices else finding.calls[-1].title
    return scripts.python_test(name, cut(finding.title), body)
