"""What the story is answered and what the journal notes of it, kept in files that a change must not change.

``python tests/support/recorded_story.py`` makes the files anew; fixtures/recorded_story/README.md says more.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from callers import Got, Send, through_requests, through_socket
from story import tell

from fake_webflow.conditions import Exchange
from fake_webflow.fake import Fake, fake_of
from fake_webflow.testing.handle import FakeWebflow, make_handle

Through = Callable[[FakeWebflow], AbstractContextManager[Send]]
_FILES = Path(__file__).parents[2] / "fixtures" / "recorded_story"
# What belongs to the connection and the hour rather than to the answer.
_OF_THE_SERVER = {"date", "server", "connection", "via"}


def recorded(name: str) -> Any:
    """What was answered and noted when the file was made."""
    return json.loads((_FILES / f"{name}.json").read_text(encoding="utf-8"))


def told(seeded: Fake, through: Through, **options: str) -> Any:
    """What is answered and noted now, call by call, in the form of the files."""
    webflow = make_handle(seeded.fork())
    with through(webflow) as send:
        answers = tell(webflow, send, **options)
    calls = zip(webflow.journal, answers, strict=True)
    return json.loads(json.dumps([{"noted": _noted(exchange), "answered": _answered(got)} for exchange, got in calls]))


# Bytes of bodies are what was sent and what is answered, headers are the library's.
_NOTED = (
    "instant", "method", "path", "query", "operation", "parameters", "body", "status", "clauses", "message", "problems",
    "fault",
)  # fmt: skip


def _noted(exchange: Exchange) -> dict[str, Any]:
    noted = {name: getattr(exchange, name) for name in _NOTED}
    return {**noted, "query": dict(exchange.query), "parameters": dict(exchange.parameters)}


def _answered(got: Got) -> dict[str, Any]:
    return {"status": got.status, "headers": list(_header_lines(got)), **_body(got.body)}


def _header_lines(got: Got) -> Iterator[str]:
    """Names in lower case, sorted: clients differ in both."""
    for name, value in sorted((name.lower(), value) for name, value in got.headers):
        if name not in _OF_THE_SERVER:
            yield f"{name}: {value}"


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _remake() -> None:
    seeded = fake_of(FakeWebflow())
    for name, through in (("in-process", through_requests), ("over-a-socket", through_socket)):
        text = json.dumps(told(seeded, through), indent=2, ensure_ascii=False)
        (_FILES / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    _remake()
