"""Values as Node's ``util.inspect`` prints them, which is how Webflow's validator quotes what it refuses."""

from __future__ import annotations

import re
from typing import Any

_IDENTIFIER = re.compile(r"^[A-Za-z_$][\w$]*$")


def inspect(value: Any) -> str:
    r"""The value in Node's notation (clause ``field-data.text-suffix``).

    >>> inspect("enrol")
    "'enrol'"
    >>> inspect(None), inspect(True), inspect([1, "a"])
    ('null', 'true', "[ 1, 'a' ]")
    >>> inspect("Monday:\r\nFever and a cough")
    "'Monday:\\r\\n' +\n  'Fever and a cough'"
    """
    if isinstance(value, str):
        lines = value.splitlines(keepends=True) if len(value) > 16 and "\n" in value else [value]
        return " +\n  ".join(_quoted(line) for line in lines)
    if isinstance(value, dict):
        members = [
            f"{name if _IDENTIFIER.match(name) else _quoted(name)}: {inspect(part)}" for name, part in value.items()
        ]
        return f"{{ {', '.join(members)} }}" if members else "{}"
    if isinstance(value, list):
        return f"[ {', '.join(map(inspect, value))} ]" if value else "[]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return repr(value)


def _quoted(text: str) -> str:
    quote = next((mark for mark in "'\"`" if mark not in text), "'")
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f"{quote}{escaped.replace(quote, chr(92) + quote)}{quote}"
