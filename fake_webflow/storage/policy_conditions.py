"""The policy document of a form: reading it, and checking the form's fields against its conditions."""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from ..rules import Refusal
from ..world.instants import parse_instant

_RANGE = "content-length-range"
_OPERATIONS = ("eq", "starts-with", _RANGE)
_EXEMPT = frozenset(["policy", "x-amz-signature", "file"])
_EXPIRATION = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z"
_NUMBER = r"-?[0-9]{1,18}"


class SizeRange(NamedTuple):
    """A ``content-length-range``: the least and the most bytes the file may have."""

    minimum: int
    maximum: int


class _Condition(NamedTuple):
    """One condition; objects become ``eq``. ``as_sent`` is the list S3 shows when the condition fails."""

    operation: str
    arguments: Sequence[Any]
    as_sent: Sequence[Any]

    @property
    def field(self) -> str:
        """Lower-case name of the field it is about; empty for a size."""
        name = self.arguments[0]
        return name[1:].lower() if self.operation != _RANGE and isinstance(name, str) and name.startswith("$") else ""


def check_policy(encoded: str, fields: Mapping[str, str], *, now: int, bucket: str) -> list[SizeRange]:
    """Let a form pass whose fields meet its policy; hand back what the policy says about the file's size.

    Args:
        encoded: The policy as the form carries it.
        fields: Every field before the file by lower-case name, the key as the object will be named.
        now: Milliseconds since 1970.
        bucket: The one the form was posted to, whether it names it or not.

    Raises:
        Refusal: The document is invalid or expired, a condition fails, or a field has no condition.
    """
    document = _decode_policy(encoded)
    expiration = _read_expiration(document)
    conditions = _read_conditions(document)
    if now > expiration:
        raise Refusal("upload.policy.expired")
    values = {**fields, "bucket": bucket}
    sizes = [size for condition in conditions if (size := _check_condition(condition, values)) is not None]
    covered = {condition.field for condition in conditions} | _EXEMPT
    extra = [name for name in fields if name not in covered and not name.startswith("x-ignore-")]
    if extra:
        raise Refusal("upload.condition.extra-field", fields=", ".join(extra))
    return sizes


def _decode_policy(encoded: str) -> dict[str, Any]:
    try:
        text = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("upload.policy.base64") from None
    try:
        document = json.loads(text.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal("upload.policy.json") from None
    if not isinstance(document, dict):
        raise Refusal("upload.policy.json")
    for name in document:
        if name not in ("expiration", "conditions"):
            raise Refusal("upload.policy.unexpected", name=name)
    return document


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError(name)


def _read_expiration(document: Mapping[str, Any]) -> int:
    if "expiration" not in document:
        raise Refusal("upload.policy.expiration-missing")
    text = _quote_value(document["expiration"])
    if not re.fullmatch(_EXPIRATION, text):
        raise Refusal("upload.policy.expiration", value=text)
    try:
        expiration = parse_instant(text)
    except ValueError:
        raise Refusal("upload.policy.expiration", value=text) from None
    return expiration


def _read_conditions(document: Mapping[str, Any]) -> list[_Condition]:
    if "conditions" not in document:
        raise Refusal("upload.policy.conditions-missing")
    if not isinstance(document["conditions"], list):
        raise Refusal("upload.policy.conditions")
    return [_read_condition(value) for value in document["conditions"]]


def _read_condition(value: object) -> _Condition:
    if isinstance(value, dict):
        if len(value) != 1:
            raise Refusal("upload.policy.one-property")
        [(name, wanted)] = value.items()
        if not isinstance(wanted, str):
            raise Refusal("upload.policy.value")
        return _Condition("eq", (f"${name}", wanted), ("eq", f"${name}", wanted))
    if not isinstance(value, list):
        raise Refusal("upload.policy.condition-form")
    if not value:
        raise Refusal("upload.policy.operation-missing")
    if any(isinstance(part, list | dict) for part in value):
        raise Refusal("upload.policy.condition-form")
    operation = _quote_value(value[0])
    if operation.lower() not in _OPERATIONS:
        raise Refusal("upload.policy.operation", operation=operation)
    if len(value) != 3:
        raise Refusal("upload.policy.arguments", operation=operation)
    return _Condition(operation.lower(), value[1:], value)


def _quote_value(value: object) -> str:
    """The value as a message quotes it; lists and objects, which may be nested too deep to print, as nothing."""
    return "" if isinstance(value, list | dict) else str(value)


def _check_condition(condition: _Condition, fields: Mapping[str, str]) -> SizeRange | None:
    """The size range a condition states; None for one on a field, which has to hold."""
    first, second = condition.arguments
    if condition.operation == _RANGE:
        minimum, maximum = _parse_size(first), _parse_size(second)
        if minimum is not None and maximum is not None:
            return SizeRange(minimum, maximum)
    elif condition.field and _meets_condition(condition.operation, condition.field, second, fields):
        return None
    raise Refusal("upload.condition.failed", condition=json.dumps(condition.as_sent, ensure_ascii=False))


def _meets_condition(operation: str, field: str, wanted: object, fields: Mapping[str, str]) -> bool:
    if not isinstance(wanted, str):
        return False
    actual = fields.get(field)
    if operation == "eq":
        return actual == wanted
    if not wanted or actual is None:
        return not wanted
    values = [part.strip() for part in actual.split(",")] if field == "content-type" else [actual]
    return all(value.startswith(wanted) for value in values)


def _parse_size(value: object) -> int | None:
    """A whole number, also one written as text, as S3 takes both."""
    return int(str(value)) if not isinstance(value, bool) and re.fullmatch(_NUMBER, str(value)) else None
