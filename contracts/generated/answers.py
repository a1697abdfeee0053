"""What is compared of an answer: ids by name, times by the call that made them, and what is each side's own taken out.

A name has a number (``item#1``) or stands in angle brackets (``<MARK>``), so that no word of a text looks like one.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from xml.etree import ElementTree

import requests

from fake_webflow.client import CLAUSE_HEADER

from ..kit.expect import TIMESTAMP_PATTERN
from ..kit.sandbox import ABSENT_ID
from .calls import REFERENCE, UPLOAD_OPERATION, CallSpec, JsonValue, map_texts, md5_of

Places = Mapping[str, JsonValue]
"""Values of an answer, ids and times by name, by their places: ``{"status": 200, "body.fieldData.text": None}``."""
MISSING = "(absent)"
"""What is said of a place where nothing is."""
CALL_NUMBER = re.compile(r"(?<=time of call )\d+|(?<=#)\d+(?=:\d)")
"""In a name for a time, or for an id that an answer brought up: the number of the call."""
SENT_ID = "ab" * 12
"""An id that callers make up."""
ABSENT_NAME, SENT_NAME = "absent#0", "sent#0"
"""What this one and the id that nothing has are called."""
A_NUMBER, NO_NUMBER = "(a number)", "(no number)"
"""What is compared of a header that should hold a number."""
COMPARED_HEADERS = (
    "Content-Type",
    "ETag",
    "Location",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
)
"""Compared by whether they are there, and by the form of what they hold; Content-Type by its value."""
ORDER_COMPARED_FROM = 8
"""Fewer assets than this may come by date by chance (8 do once in 20,000 times)."""
SITE_WIDE_LISTS = {"assets.list": "assets", "collections.list": "collections", "webhooks.list": "webhooks"}
"""Operations that list what others made as well, and the key it stands under."""
_KEYS_ONLY = frozenset(
    [
        "asset-folders.list",
        "sites.get",
        "sites.list",
        "sites.list-custom-domains",
        "token.authorized-by",
        "token.introspect",
    ]
)
_KINDS = {"fileId": "file", "cmsLocaleId": "locale", "fields": "field", "options": "option", "secretKey": "secret"}
_ID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{24})(?![0-9a-f])")
_INSTANT = re.compile(TIMESTAMP_PATTERN)
_TIMES = frozenset(["createdOn", "lastUpdated", "lastPublished", "lastTriggered"])
_SUFFIX = re.compile(r"-[0-9a-f]{5}$")
_VOLATILE = frozenset(["X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"])


@dataclass(frozen=True, slots=True)
class NormalizedAnswer:
    """What is compared of one answer.

    Args:
        status: As it came.
        headers: Those of ``COMPARED_HEADERS`` that are there.
        body: JSON, what may differ taken out; of XML its elements.
        clauses: Those the answer says it refuses by, which only a fake does.
    """

    status: int
    headers: Mapping[str, str]
    body: JsonValue
    clauses: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_done(self) -> bool:
        """Whether what was asked was done."""
        return 200 <= self.status < 300


def find_places(answer: NormalizedAnswer, places: Iterable[str]) -> dict[str, JsonValue]:
    """What an answer holds in these places; ``(absent)`` where it has no such place."""
    known = dict(_flatten("", {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}))
    return {place: known.get(f".{place}", MISSING) for place in places}


def _flatten(place: str, value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    yield place, value
    if isinstance(value, dict):
        yield f"{place}.(order of keys)", list(value)
        for key, part in value.items():
            yield from _flatten(f"{place}.{key}", part)
    elif isinstance(value, list):
        yield f"{place}.(length)", len(value)
        for number, part in enumerate(value):
            yield from _flatten(f"{place}[{number}]", part)


class NameTable:
    """What ids and times are called on one side during one sequence.

    Args:
        mark: What makes names unique to this sequence.
        addresses: Beginnings of URLs, and what is read in their place.
    """

    def __init__(self, mark: str, addresses: Mapping[str, str]) -> None:
        self.mark = mark
        self.answers: dict[str, JsonValue] = {}
        """What was answered where a name was given."""
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {ABSENT_ID: ABSENT_NAME, SENT_ID: SENT_NAME}
        self._times: dict[str, int] = {}
        self._addresses = addresses
        self._token: re.Pattern[str] | None = None
        self._call_number = 0
        self._unnamed_counts: Counter[str] = Counter()
        self._latest_instant = self._latest_before = ""

    def bind(self, name: str, known_id: str) -> None:
        """Calls an id by a name; the first name stays."""
        self._ids.setdefault(name, known_id)
        self._names.setdefault(known_id, name if "#" in name else f"{name}#1")

    def add(self, known_id: str, kind: str) -> str:
        """Calls an id by the next name of a kind, and says which that is."""
        name = f"{kind}#{sum(known.startswith(f'{kind}#') for known in self._ids) + 1}"
        self.bind(name, known_id)
        return name

    def knows(self, known_id: str) -> bool:
        """Whether an id has a name."""
        return known_id in self._names

    def find_name(self, known_id: str) -> str | None:
        """The name of an id, if it has one."""
        return self._names.get(known_id)

    def name_of(self, known_id: str) -> str:
        """The name by which calls speak of an id; of one that has none, that of no item."""
        name = self._names.get(known_id, "item#0")
        return "site" if name == "site#1" else name

    def id_of(self, name: str) -> str | None:
        """The id of that name, if there is one."""
        return self._ids.get(name)

    def resolve(self, text: str) -> str:
        """The text with references replaced; by an id nothing has, where nothing got that name."""
        return REFERENCE.sub(lambda match: self._resolve_reference(match[1]), text)

    def _resolve_reference(self, name: str) -> str:
        if name == "mark":
            return self.mark
        if name.startswith("md5 "):
            return md5_of(self.mark + name.removeprefix("md5 "))
        symbol, _, key = name.partition(".")
        if key and isinstance(self.answers.get(symbol), dict) and key in self.answers[symbol]:
            return str(self.answers[symbol][key])
        return self._ids.get(name, ABSENT_ID)

    # Reading answers

    def normalize(self, call: CallSpec, response: requests.Response) -> NormalizedAnswer:
        """What is compared of the answer to a call; ids it makes known are bound."""
        self._call_number += 1
        self._latest_before = self._latest_instant
        authorization = response.request.headers.get("Authorization", "")
        self._token = (
            re.compile(rf"(?<!\w){re.escape(authorization.removeprefix('Bearer '))}(?!\w)") if authorization else None
        )
        body = _parse(response)
        if response.status_code < 300:
            self._bind_created(call, body)
        headers = {name: _normalize_header(name, response) for name in COMPARED_HEADERS if name in response.headers}
        clause_header = response.headers.get(CLAUSE_HEADER, "")
        clauses = tuple(name.strip() for name in clause_header.split(",") if name)
        return NormalizedAnswer(
            response.status_code, headers, self._normalize_body(call, response.status_code, body), clauses
        )

    def skim(self, text: str) -> None:
        """Gives names to the ids and instants of an answer that is the same on both sides, to the last byte."""
        self._call_number += 1
        self._latest_before = self._latest_instant
        for known_id in _ID.findall(text):
            if known_id not in self._names:
                self._name_of(known_id, "id")
        for instant in _INSTANT.findall(text):
            self._times.setdefault(instant, self._call_number)
            self._latest_instant = max(self._latest_instant, instant)

    def _bind_created(self, call: CallSpec, body: JsonValue) -> None:
        rows = body.get("items", [body]) if isinstance(body, dict) else []
        answers = {row["id"]: row for row in reversed(_objects_in(rows)) if isinstance(row.get("id"), str)}
        for name, (known_id, row) in zip(call.makes, reversed(answers.items()), strict=False):
            self.bind(name, known_id)
            self.answers.setdefault(name, row)
            for part in _objects_in(row.get("fields")):
                self._bind_part(f"{name}.field", part, "slug")
                validations = part.get("validations")
                for option in _objects_in(validations.get("options") if isinstance(validations, dict) else ()):
                    self._bind_part(f"{name}.option", option, "name")

    def _bind_part(self, name: str, part: Mapping[str, JsonValue], key: str) -> None:
        if isinstance(part.get("id"), str):
            self.bind(f"{name}.{part.get(key)}", part["id"])

    def _normalize_body(self, call: CallSpec, status: int, body: JsonValue) -> JsonValue:
        operation = call.operation
        if status < 300 and operation in _KEYS_ONLY:
            return _keep_keys(body)
        if status < 300 and operation in SITE_WIDE_LISTS and isinstance(body, dict):
            body = self._keep_own(SITE_WIDE_LISTS[operation], body)
        if operation == UPLOAD_OPERATION and isinstance(body, dict):
            body = {key: text for key, text in body.items() if key not in ("RequestId", "HostId", "ETag", "Location")}
        return self._normalize_value(body)

    def _keep_own(self, key: str, body: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """A list of everything in a site without what others made; and its order, which ids decide, by its kind."""
        own = [row for row in _objects_in(body.get(key)) if str(row.get("id")) in self._names]
        kept = {**body, key: sorted(own, key=lambda row: self._names[str(row["id"])])}
        if isinstance(body.get("pagination"), dict):
            kept["pagination"] = {**body["pagination"], "total": "(not compared)"}
        if key == "assets" and len(own) >= ORDER_COMPARED_FROM:
            kept["(order)"] = describe_order([str(row.get("createdOn")) for row in own])
        return kept

    def _normalize_value(self, value: JsonValue, key: str = "") -> JsonValue:
        if isinstance(value, dict):
            times = self._name_times(value)
            return {name: times.get(name) or self._normalize_value(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [self._normalize_value(part, key) for part in value]
        if not isinstance(value, str):
            return value
        if key in _VOLATILE:
            return f"({key})"
        if key == "Policy":
            return map_texts(parse_policy_conditions(value), self._normalize_text)
        if key == "slug":
            value = _SUFFIX.sub("-(suffix)", value)
        return self._normalize_text(value, _KINDS.get(key, "id"))

    def _normalize_text(self, text: str, kind: str = "id") -> str:
        for address, name in self._addresses.items():
            text = text.replace(address, name)
        text = self._token.sub("<TOKEN>", text) if self._token else text
        text = text.replace(self.mark, "<MARK>") if self.mark else text
        return _ID.sub(lambda match: self._name_of(match[0], kind), text)

    def _name_of(self, known_id: str, kind: str) -> str:
        if known_id not in self._names:
            # Counted in each answer anew, so that one id more in it is not a difference of all later answers.
            first = f"?{kind}#{self._call_number}:"
            self._unnamed_counts[first] += 1
            self.bind(f"{first}{self._unnamed_counts[first]}", known_id)
        return self._names[known_id]

    def _name_times(self, value: Mapping[str, JsonValue]) -> dict[str, str]:
        """The instants of one object: which call they are first seen after, and their order among themselves."""
        instants = {key: value[key] for key in _TIMES & value.keys() if _INSTANT.fullmatch(str(value[key]))}
        named = {}
        for key, instant in instants.items():
            is_new = self._times.setdefault(instant, self._call_number) == self._call_number
            call = self._times[instant]
            together = sorted(
                {other for other in instants.values() if self._times.get(other, self._call_number) == call}
            )
            named[key] = f"time of call {call}{chr(39) * together.index(instant)}"
            self._latest_instant = max(self._latest_instant, instant)
            if is_new and instant < self._latest_before:
                named[key] += ", before others"
        return named


def _objects_in(value: JsonValue) -> list[dict[str, JsonValue]]:
    """The objects in a list; none in what is not a list, as an API that is wrong may answer."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def describe_order(created: list[str]) -> str:
    """How a list is ordered, by the dates of its rows."""
    if created == sorted(created):
        return "oldest first"
    return "newest first" if created == sorted(created, reverse=True) else "neither"


def parse_policy_conditions(policy: str) -> JsonValue:
    """The conditions of an upload policy by the field they are about; the text itself where it is not a policy."""
    try:
        conditions = json.loads(base64.b64decode(policy))["conditions"]
        return dict(_by_field(condition) for condition in conditions)
    except (ValueError, LookupError, TypeError):
        return policy


def _by_field(condition: JsonValue) -> tuple[str, JsonValue]:
    if isinstance(condition, dict):
        [(field, value)] = condition.items()
        return field, "(value)" if field.lower() in ("x-amz-credential", "x-amz-date") else value
    operation, *operands = condition
    return (operation, operands) if operation == "content-length-range" else (operands[0], operands[1])


def _parse(response: requests.Response) -> JsonValue:
    text = response.text
    if response.headers.get("Content-Type", "").partition(";")[0].endswith("/xml"):
        with suppress(ElementTree.ParseError):
            root = ElementTree.fromstring(text)
            return {"(element)": root.tag, **dict(_elements(root))}
    try:
        return json.loads(text)
    except ValueError:
        return text


def _elements(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for child in root:
        yield child.tag, child.text or ""


def _normalize_header(name: str, response: requests.Response) -> str:
    value = response.headers[name]
    if name == "Content-Type":
        return value
    if name == "ETag":
        return 'W/"..."' if value.startswith('W/"') else '"..."'
    if name == "Location":
        return "(there)"
    return A_NUMBER if value.isdecimal() else NO_NUMBER


def _keep_keys(value: JsonValue) -> JsonValue:
    """What is there, whatever it holds; of a list its first entry stands for all."""
    if isinstance(value, dict):
        return {key: _keep_keys(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_keep_keys(part) for part in value[:1]]
    return "(any)"
