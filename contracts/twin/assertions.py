"""What holds of the last answer on the left side and not on the right, as lines of a test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ..generated import scripts
from ..generated.calls import UPLOAD_OPERATION, CallSpec, JsonValue
from ..kit.expect import TIMESTAMP_PATTERN
from .comparing import MISSING, Difference
from .findings import Finding
from .normalizing import A_NUMBER, ABSENT_NAME, NO_NUMBER, SENT_ID, SENT_NAME, SITE_WIDE_LISTS

_MAX_DIFFERENCES = 3
"""Differences of one answer that are checked."""
_PLACEHOLDER = re.compile(
    r"time of call \d+'*(?:, before others)?|\??[a-z]+#\d+(?::\d+)?(?:\.\w+)*|<(?:MARK|FILES|BUCKET|API|TOKEN)>"
)
_HIDDEN = re.compile(r"\((?:any|suffix|value|not compared|X-Amz-\w+)\)")
_PLACEHOLDER_PATTERNS = {
    "<FILES>": r"(?:https://cdn\.prod\.website-files\.com|http://[^/]+/cdn)",
    "<BUCKET>": r"(?:https://s3\.amazonaws\.com/webflow-prod-assets|http://[^/]+/s3/webflow-prod-assets)",
    "<API>": "https?://[^/]+",
    "<TOKEN>": ".+",
    "<MARK>": "[0-9a-f]+",
}
_FIXED = {"site#1": "SITE", "<MARK>": "mark", ABSENT_NAME: "ABSENT", SENT_NAME: repr(SENT_ID)}
_TIME = re.compile(r"time of call (\d+)'*")


def assertion_lines(finding: Finding) -> Iterator[str]:
    """The lines: at most one for each of a few differences, and at least a remark where nothing can be checked."""
    if finding.left.status != finding.right.status:
        yield f"assert answer.status_code == {finding.left.status}  # on the right {finding.right.status}"
        return
    found = [(check, one) for one in finding.differences if (check := _assertion(one, finding))]
    # What says which value there is goes before what says which there is not, and times come last.
    for assertion, one in sorted(found, key=lambda pair: ("first_with" in pair[0], "==" not in pair[0]))[
        :_MAX_DIFFERENCES
    ]:
        yield f"{assertion}  # on the right {shorten(to_json(one.right), 60)}"
    if not found:
        yield f"# by itself this answer does not tell the sides apart: {finding.differences[0]}"


def _assertion(difference: Difference, finding: Finding) -> str:
    path, left, right = difference.path, difference.left, difference.right
    if path[0] == "headers":
        return _header_assertion(str(path[1]), left, right)
    if path[-1] == "(order)":
        return _order_assertion(left, finding)
    whole = _expression_at(path[:-1], finding, inside=True)
    if path[-1] == "(length)":
        return f"assert len({_own_ids(finding) if _lists_the_site(finding) else whole}) == {left}"
    if path[-1] == "(order of keys)":
        return f"assert list({whole}) == {left!r}"
    if MISSING in (left, right):
        return f"assert {path[-1]!r} {'not ' * (left == MISSING)}in {whole}"
    return _value_assertion(_expression_at(path, finding), left, right, finding)


def _header_assertion(name: str, left: str, right: str) -> str:
    value = f"answer.headers[{name!r}]"
    if MISSING in (left, right):
        return f"assert {name!r} {'not ' * (left == MISSING)}in answer.headers"
    if left in (A_NUMBER, NO_NUMBER):
        return f"assert {'not ' * (left == NO_NUMBER)}{value}.isdecimal()"
    if name == "ETag":
        return f"assert {'not ' * (right.startswith('W/'))}{value}.startswith('W/')"
    return f"assert {value} == {left!r}"


def _value_assertion(value: str, left: JsonValue, right: JsonValue, finding: Finding) -> str:
    if left == right:
        return f"assert type({value}) is {type(left).__name__}"  # 1 and 1.0, which JSON tells apart and == does not
    for side, sign in ((left, "is"), (right, "is not")):
        if side is None or isinstance(side, bool):
            return f"assert {value} {sign} {side}"
    known = _known_expressions(finding)
    if expected := _expression(left, known):
        return f"assert {value} == {expected}"
    if type(left) is not type(right):
        return f"assert isinstance({value}, {type(left).__name__})"
    if _is_of_other_form(left, right):
        return f"assert re.fullmatch({_pattern(left)!r}, {value})"
    if unexpected := _expression(right, known):
        return f"assert {value} != {unexpected}"
    return _time_assertion(value, left, right, finding.calls)


def names_mentioned(finding: Finding) -> set[str]:
    """The names of what calls before the last made, of which the left side's answer speaks where it differs."""
    named = {name for one in finding.differences for name in _PLACEHOLDER.findall(to_json(one.left))}
    listed = {*_own_names(finding)} if _lists_the_site(finding) else set()
    return {name for call in finding.calls[:-1] for name in call.makes if name in named | listed}


def _lists_the_site(finding: Finding) -> bool:
    """Whether the last answer lists what others made as well, which is no part of what is compared."""
    return finding.calls[-1].operation in SITE_WIDE_LISTS


def _own_names(finding: Finding) -> list[str]:
    """What the calls made of the kind that the last one lists."""
    kind = SITE_WIDE_LISTS[finding.calls[-1].operation].removesuffix("s")
    return [name for call in finding.calls[:-1] for name in call.makes if name.startswith(f"{kind}#")]


def _own_ids(finding: Finding) -> str:
    """The ids in a list of everything in the site, without those of what others made."""
    key, made = SITE_WIDE_LISTS[finding.calls[-1].operation], _made_ids(finding)
    return f"[row['id'] for row in answer.json()[{key!r}] if row['id'] in {made}]"


def _made_ids(finding: Finding) -> str:
    # One that was refused has no id.
    return "[" + ", ".join(f"{scripts.variable_name(name)}.get('id')" for name in _own_names(finding)) + "]"


def _known_expressions(finding: Finding) -> dict[str, str]:
    """Expressions for names that a script knows."""
    referenced = names_mentioned(finding).union(*(call.references for call in finding.calls))
    made = {name for call in finding.calls[:-1] for name in call.makes if name in referenced}
    body, makes = finding.left.body, finding.calls[-1].makes
    own = {makes[0]: "answer.json()['id']"} if isinstance(body, dict) and [body.get("id")] == [*makes] else {}
    return {**_FIXED, **own, **{name: f"{scripts.variable_name(name)}['id']" for name in made}}


def _expression(value: JsonValue, known: Mapping[str, str]) -> str:
    """Python for a value of which nothing was taken out but what a script knows; nothing for any other."""
    if not isinstance(value, str) or not _PLACEHOLDER.search(value):
        return repr(value) if _is_plain(value) else ""
    names = _PLACEHOLDER.findall(value)
    if not known.keys() >= {*names} or _HIDDEN.search(value):
        return ""
    if value == names[0]:
        return known[value]
    texts = [text.replace("{", "{{").replace("}", "}}") for text in _PLACEHOLDER.split(value)]
    pieces = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts]
    known_pieces = [f"{{{known[name]}}}" for name in names]
    return 'f"' + "".join(text + name for text, name in zip(pieces, [*known_pieces, ""], strict=True)) + '"'


def _is_of_other_form(left: JsonValue, right: JsonValue) -> bool:
    """Whether two texts differ even where nothing is said of what was taken out of them."""
    if not isinstance(left, str) or not isinstance(right, str):
        return False
    return _pattern(left) != _pattern(right) and not (_is_plain(right) and re.fullmatch(_pattern(left), right))


def _time_assertion(value: str, left: JsonValue, right: JsonValue, calls: Sequence[CallSpec]) -> str:
    """Which call a time is of; nothing where it is the same one."""
    on_left, on_right = (_TIME.fullmatch(str(side)) for side in (left, right))
    if not on_left or not on_right or on_left[1] == on_right[1]:
        return ""
    asks_for_locales = any(name.startswith("locale#") for call in calls for name in call.references)
    # What the client of a script is answered; uploads do not go through it, and locales are asked for first.
    number = asks_for_locales + sum(not call.is_upload for call in calls[: int(on_left[1])])
    return f"assert first_with({value}, answers) == {number}"


def _order_assertion(order: str, finding: Finding) -> str:
    made = _made_ids(finding)
    orders = {
        "oldest first": f"== {made}",
        "newest first": f"== {made}[::-1]",
        "neither": f"not in ({made}, {made}[::-1])",
    }
    return f"assert {_own_ids(finding)} {orders[order]}"


def _expression_at(path: Sequence[str | int], finding: Finding, *, inside: bool = False) -> str:
    """The expression for a place in the body, or for what a place inside it is looked up in."""
    keys, body = path[1:], finding.left.body
    if not keys and isinstance(body, str):
        return "answer.text"
    text = "answer.json()"
    if finding.calls[-1].operation == UPLOAD_OPERATION:
        text = "elements(answer)"
    if _lists_the_site(finding) and len(keys) > 1 and isinstance(keys[1], int):
        own = _known_expressions(finding).get(body[keys[0]][keys[1]]["id"])
        text, keys = f"next(row for row in {text}[{keys[0]!r}] if row['id'] == {own})", keys[2:]
    for number, part in enumerate(keys, 1):
        text += f"[{part!r}]"
        if part == "Policy" and (inside or number < len(keys)):
            text = f"conditions({text})"
    return text


def _is_plain(value: JsonValue) -> bool:
    """Whether the value is as the answer has it, nothing taken out."""
    text = json.dumps(value, ensure_ascii=False)
    return not _PLACEHOLDER.search(text) and not _HIDDEN.search(text)


def _pattern(text: str) -> str:
    """A regular expression for a text that something was taken out of."""
    parts = _PLACEHOLDER.split(text)
    placeholders = _PLACEHOLDER.findall(text)
    written = [re.escape(parts[0])]
    for name, part in zip(placeholders, parts[1:], strict=True):
        stands_for = (
            TIMESTAMP_PATTERN if name.startswith("time of") else _PLACEHOLDER_PATTERNS.get(name, "[0-9a-f]{24,64}")
        )
        written += [stands_for, re.escape(part)]
    return "".join(written).replace(re.escape("-(suffix)"), "-[0-9a-f]{5}")


def to_json(value: JsonValue) -> str:
    """A value as JSON; what is not there as it is called."""
    return MISSING if value == MISSING else json.dumps(value, ensure_ascii=False)


def shorten(text: str, length: int = 200) -> str:
    """Not more of a text than a line can hold."""
    return text if len(text) <= length else text[:length] + "..."
