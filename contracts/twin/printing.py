"""A finding as people take it further: a test that passes on the left side, curl lines, and the clauses it concerns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ..generated import scripts
from .assertions import assertion_lines, names_mentioned, shorten
from .findings import Finding

_MAX_DIFFERENCES = 3
"""Differences of one answer that are told one by one."""


def format_findings(findings: Sequence[Finding]) -> str:
    """All findings, for people."""
    return "\n".join(line for number, finding in enumerate(findings, 1) for line in _format_finding(number, finding))


def _format_finding(number: int, finding: Finding) -> Iterator[str]:
    yield f"{number}. {shorten(finding.title)}"
    yield ""
    for call in finding.calls:
        yield f"   {call.method} {call.path}"
    for difference in finding.differences[:_MAX_DIFFERENCES]:
        yield f"     {shorten(str(difference))}"
    if len(finding.differences) > _MAX_DIFFERENCES:
        yield f"     and {len(finding.differences) - _MAX_DIFFERENCES} more"
    yield ""
    if not finding.is_repeatable:
        yield "   It was not there when the same calls were made again, so what follows may not show it."
    if finding.other_operations:
        yield f"   answers alike: {', '.join(sorted(finding.other_operations))}"
    clauses = [choice.id for choice in finding.choices] or finding.clauses
    yield f"   {'clause' if finding.choices else 'clauses it may concern'}: {', '.join(clauses) or 'none is known'}"
    yield "\n   as a test, which passes on the left side:\n"
    yield textwrap.indent(to_pytest(finding), "     ", lambda line: line.strip() != "")
    yield "   in a shell:\n"
    yield from (f"     {line}" for piece in scripts.format_shell(finding.calls) for line in piece.splitlines())
    yield ""


def to_pytest(finding: Finding) -> str:
    """The finding as a test: it passes on the left side and fails on the right, and needs the thin client only."""
    body = [*scripts.format_python(finding.calls, names_mentioned(finding)), *assertion_lines(finding)]
    name = finding.choices[0].id if finding.choices else finding.calls[-1].title
    return scripts.format_python_test(name, shorten(finding.title), body)
