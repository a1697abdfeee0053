"""A finding as people take it further: a test that passes on the left side, curl lines, and the clauses it concerns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ..generated.answers import find_places
from ..generated.reproduction import Reproduction
from .findings import Finding

_MAX_DIFFERENCES = 3
"""Differences of one answer that are told one by one."""
_LONGEST_TEXT = 200


def format_findings(findings: Sequence[Finding]) -> str:
    """All findings, for people."""
    return "\n".join(line for number, finding in enumerate(findings, 1) for line in _format_finding(number, finding))


def _format_finding(number: int, finding: Finding) -> Iterator[str]:
    yield f"{number}. {_shorten(finding.title)}"
    yield ""
    for call in finding.calls:
        yield f"   {call.method} {call.path}"
    for difference in finding.differences[:_MAX_DIFFERENCES]:
        yield f"     {_shorten(str(difference))}"
    if len(finding.differences) > _MAX_DIFFERENCES:
        yield f"     and {len(finding.differences) - _MAX_DIFFERENCES} more"
    yield ""
    if not finding.is_repeatable:
        yield "   It was not there when the same calls were made again, so what follows may not show it."
    if finding.other_operations:
        yield f"   answers alike: {', '.join(sorted(finding.other_operations))}"
    clauses = [choice.id for choice in finding.choices] or finding.clauses
    yield f"   {'clause' if finding.choices else 'clauses it may concern'}: {', '.join(clauses) or 'none is known'}"
    reproduction = to_reproduction(finding)
    name = finding.choices[0].id if finding.choices else finding.calls[-1].title
    yield "\n   as a test, which passes on the left side:\n"
    yield textwrap.indent(reproduction.to_python(name), "     ", lambda line: line.strip() != "")
    yield "   in a shell:\n"
    yield textwrap.indent(reproduction.to_shell(), "     ")
    yield ""


def to_reproduction(finding: Finding) -> Reproduction:
    """The finding as a script that ends with 0 on the left side and with 1 on the right."""
    shown = [one for one in finding.differences if one.location == "status"] or finding.differences[:_MAX_DIFFERENCES]
    places = [one.location for one in shown]
    expected, seen = (find_places(answer, places) for answer in (finding.left, finding.right))
    return Reproduction(_shorten(finding.title), finding.calls, expected, seen)


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "..."
