"""A finding as people take it further: a test that passes on the left side, curl lines, and the clauses it concerns."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence

from ..expect import TIMESTAMP
from . import scripts
from .calls import UPLOAD, Json
from .compare import ABSENT, Difference
from .findings import Finding
from .normal import SENT_ID

_MOST = 3
"""Differences of one answer that are told one by one."""
_TAKEN_OUT = re.compile(r"time of call \d+'*(?:, before others)?|\??[a-z]+#\d+(?:\.\w+)*|MARK|FILES/|BUCKET|\bsite\b")
_STANDS_FOR = {
    "FILES/": r"(?:https://cdn\.prod\.website-files\.com|http://[^/]+/cdn)/",
    "BUCKET": r"(?:https://s3\.amazonaws\.com/webflow-prod-assets|http://[^/]+/s3/webflow-prod-assets)",
    "MARK": "[0-9a-f]+",
}


def report(findings: Sequence[Finding]) -> str:
    """All findings, for people."""
    return "\n".join(line for number, finding in enumerate(findings, 1) for line in _told(number, finding))


def _told(number: int, finding: Finding) -> Iterator[str]:
    yield f"{number}. {finding.title}"
    yield ""
    for call in finding.calls:
        yield f"   {call.method} {call.path}"
    for difference in finding.differences[:_MOST]:
        yield f"     {_cut(str(difference))}"
    if len(finding.differences) > _MOST:
        yield f"     and {len(finding.differences) - _MOST} more"
    yield ""
    clauses = [choice.id for choice in finding.choices] or finding.clauses
    yield f"   {'clause' if finding.choices else 'clauses it may concern'}: {', '.join(clauses) or 'none is known'}"
    yield "\n   as a test, which passes on the left side:\n"
    yield textwrap.indent(pytest_of(finding), "     ", lambda line: line.strip() != "")
    yield "   in a shell:\n"
    yield from (f"     {line}" for piece in scripts.curl_lines(finding.calls) for line in piece.splitlines())
    yield ""


def pytest_of(finding: Finding) -> str:
    """The finding as a test: it passes on the left side and fails on the right, and needs the thin client only."""
    compared = json.dumps([[one.left, one.right] for one in finding.differences])
    ordered = any(one.path[-1] == "(order)" for one in finding.differences)
    made = {name for call in finding.calls[:-1] for name in call.makes}
    mentioned = {name for name in made if f'"{name}"' in compared or (ordered and name.startswith("asset#"))}
    body = [*scripts.python_lines(finding.calls, mentioned), *_checks(finding)]
    name = finding.choices[0].id if finding.choices else finding.calls[-1].operation or "unknown-route"
    return scripts.python_test(name, finding.title, body)


def _checks(finding: Finding) -> Iterator[str]:
    """What holds on the left side and not on the right."""
    if finding.left.status != finding.right.status:
        yield f"assert answer.status_code == {finding.left.status}  # on the right {finding.right.status}"
        return
    if finding.calls[-1].operation != UPLOAD:
        known = {name for call in finding.calls[:-1] for name in call.makes}
        plain_first = sorted(finding.differences, key=lambda one: not (_is_plain(one.left) or str(one.left) in known))
        for difference in plain_first[:_MOST]:
            yield f"{_check(difference, finding, known)}  # on the right {_cut(_shown(difference.right), 60)}"


def _check(difference: Difference, finding: Finding, known: set[str]) -> str:
    path = difference.path
    if path[0] == "headers":
        if ABSENT in (difference.left, difference.right):
            return f"assert {path[1]!r} {'not ' * (difference.left == ABSENT)}in answer.headers"
        return f"assert answer.headers[{path[1]!r}] == {difference.left!r}"
    if path[-1] == "(order)":
        return _order_check(difference, finding)
    if path[-1] == "(length)":
        return f"assert len({_at(path[:-1])}) == {difference.left}"
    if path[-1] == "(order of keys)":
        return f"assert list({_at(path[:-1])}) == {difference.left!r}"
    if ABSENT in (difference.left, difference.right):
        return f"assert {path[-1]!r} {'not ' * (difference.left == ABSENT)}in {_at(path[:-1])}"
    return _value_check(_at(path), difference.left, difference.right, known)


def _value_check(value: str, left: Json, right: Json, known: set[str]) -> str:
    for side, sign in ((left, "=="), (right, "!=")):
        if side is None or isinstance(side, bool):
            return f"assert {value} is {'not ' * (sign == '!=')}{side}"
        if _is_plain(side):
            return f"assert {value} {sign} {SENT_ID if side == 'sent-id' else side!r}"
        if isinstance(side, str) and side in known:
            return f"assert {value} {sign} {scripts.variable(side)}['id']"
    if isinstance(left, str) and isinstance(right, str) and _pattern(left) != _pattern(right):
        return f"assert re.fullmatch({_pattern(left)!r}, {value})"
    if type(left) is not type(right):
        return f"assert isinstance({value}, {type(left).__name__})"
    return f"assert {value}  # on the left {_cut(_shown(left), 60)}"


def _order_check(difference: Difference, finding: Finding) -> str:
    names = [name for call in finding.calls[:-1] for name in call.makes if name.startswith("asset#")]
    made = "[" + ", ".join(f"{scripts.variable(name)}['id']" for name in names) + "]"
    listed = f"[row['id'] for row in answer.json()['assets'] if row['id'] in {made}]"
    orders = {
        "oldest first": f"== {made}",
        "newest first": f"== {made}[::-1]",
        "neither": f"not in ({made}, {made}[::-1])",
    }
    return f"assert {listed} {orders[difference.left]}"


def _at(path: Sequence[str | int]) -> str:
    parts = [*path[1:]]
    text = "answer.json()"
    for number, part in enumerate(parts):
        text += f"[{part!r}]"
        if part == "Policy" and number < len(parts):
            text = f"conditions({text})"
    return text


def _is_plain(value: Json) -> bool:
    """Whether the value is as the answer has it, nothing taken out."""
    text = json.dumps(value, ensure_ascii=False)
    return not _TAKEN_OUT.search(text) and not re.search(r"\((?:any|suffix|value|not compared|X-Amz-\w+)\)", text)


def _pattern(text: str) -> str:
    """A regular expression for a text that something was taken out of."""
    parts = _TAKEN_OUT.split(text)
    taken = _TAKEN_OUT.findall(text)
    written = [re.escape(parts[0])]
    for name, part in zip(taken, parts[1:], strict=True):
        stands_for = TIMESTAMP if name.startswith("time of") else _STANDS_FOR.get(name, "[0-9a-f]{24,64}")
        written += [stands_for, re.escape(part)]
    return "".join(written).replace(re.escape("-(suffix)"), "-[0-9a-f]{5}")


def _shown(value: Json) -> str:
    return value if value == ABSENT else json.dumps(value, ensure_ascii=False)


def _cut(text: str, length: int = 200) -> str:
    return text if len(text) <= length else text[:length] + "..."
