"""A reproduction: calls that show what an API answers, as a Python test and as curl lines, without the token.

Both make what they need, print what was expected and what is seen, end with 1 where the two differ and with 0 where
they do not, and remove what they made. Ids stand in neither: what a call made has a name that later calls use.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from dataclasses import MISSING, dataclass, fields
from pprint import pformat

from fake_webflow.client import BASE_URL

from ..kit.targets import Address, UrlTarget
from .answers import Places, find_places
from .calls import CallSequence, CallSpec, JsonValue
from .playing import Player
from .shell import shell_lines

__all__ = ["CallSpec", "Places", "Reproduction", "replay", "show"]


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Calls, and what is expected of the answer to the last of them.

    Args:
        title: One line that says what it shows.
        calls: What is asked, ids by name.
        expected: What the last answer should hold; or, where only words can say that, the words.
        seen: What it held in these places instead. Where words say what was expected, it is known by this.
    """

    title: str
    calls: CallSequence
    expected: Places | str
    seen: Places

    def to_python(self, name: str) -> str:
        """A module with one test of that name, which can be run by itself as well."""
        calls = "\n".join(f"    {_python_call(call)}," for call in self.calls)
        safe_title = self.title.replace("\\", "\\\\").replace('"', "'")
        expected, seen = (pformat(value, width=116, sort_dicts=False) for value in (self.expected, self.seen))
        name = re.sub(r"\W", "_", name)
        return _PYTHON.format(title=safe_title, module=__name__, calls=calls, name=name, expected=expected, seen=seen)

    def to_shell(self) -> str:
        """A script for bash, with curl and jq."""
        return "\n".join(shell_lines(self.calls, self.expected, self.seen))


_PYTHON = '''\
"""{title}

The variables WEBFLOW_URL (https://api.webflow.com/v2 unless set), WEBFLOW_TOKEN and WEBFLOW_SITE say where.
"""
from {module} import CallSpec, Reproduction, replay, show

CALLS = [
{calls}
]
EXPECTED = {expected}
SEEN = {seen}


def test_{name}():
    assert show(EXPECTED, SEEN, replay(CALLS, SEEN)) == 0


if __name__ == "__main__":
    raise SystemExit(show(EXPECTED, SEEN, replay(CALLS, SEEN)))
'''


def _python_call(call: CallSpec) -> str:
    """The call as Python, without what it leaves at its default."""
    parts = [repr(call.method), repr(call.path)]
    optional = {one.name: one.default for one in fields(call) if one.default is not MISSING}
    parts += [f"{name}={value!r}" for name, default in optional.items() if (value := getattr(call, name)) != default]
    return f"CallSpec({', '.join(parts)})"


def replay(calls: CallSequence, places: Places) -> dict[str, JsonValue]:
    """Makes the calls where the environment says, and removes what they made.

    Args:
        calls: What is asked.
        places: The places of the last answer that are wanted; their values do not matter.

    Returns:
        What is in these places.
    """
    url, token, site_id = (
        os.environ.get("WEBFLOW_URL", BASE_URL),
        os.environ["WEBFLOW_TOKEN"],
        os.environ["WEBFLOW_SITE"],
    )
    target = UrlTarget(Address(url, token, site_id, sandbox=True))
    player = Player(target, target.client.sites.get(site_id), uuid.uuid4().hex[:12])
    try:
        return find_places(player.play(calls)[-1], places)
    finally:
        player.remove()
        target.close()


def show(expected: Places | str, known: Places, seen: Places) -> int:
    """Prints what was expected and what is seen.

    Args:
        expected: Values by place, or words.
        known: What was seen before, by which words are judged.
        seen: What is there now.

    Returns:
        1 where they differ, otherwise 0.
    """
    print(f"expected: {expected if isinstance(expected, str) else _to_json(expected)}\nseen:     {_to_json(seen)}")
    # As JSON, since 1 and 1.0 are equal to Python.
    if isinstance(expected, str):
        return int(_to_json(seen) == _to_json(known))
    return int(_to_json(seen) != _to_json(expected))


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
