"""``fake_webflow.stub``: answers of a test's own for operations that are not simulated, and for those only.

>>> pages = fake_webflow.stub("list-pages", json={"pages": []})
>>> pages.answered
0
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from ..api.operations import OPERATIONS
from ..api.router import not_simulated
from ..conditions import CallCondition, Stub
from ..fake import Fake
from ..wording import is_whole_number, suggest
from .names import FILE_OPERATIONS, read_path_params

__tracebackhide__ = True  # an error of a test is shown where the test is, not in here
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OF_THE_TRANSPORT = ("connection", "content-encoding", "content-length", "transfer-encoding")
_WITHOUT_BODY = (204, 205, 304)


class FakeStub:
    """A stub that is set.

    Args:
        find: Gives the fake.
        number: Of the stub.
    """

    def __init__(self, find: Callable[[], Fake], number: int) -> None:
        self._find = find
        self._number = number

    @property
    def answered(self) -> int:
        """How many calls it has answered; 0 for one that is no longer there."""
        stub = self._look_up()
        return stub.answered if stub is not None else 0

    def stop(self) -> None:
        """Takes it off; for one that is no longer there nothing happens."""
        self._find().change(lambda state: state._replace(stubs=state.stubs.without(self._number)))

    def _look_up(self) -> Stub | None:
        return next((one for one in self._find().state.stubs.scripts if one.number == self._number), None)

    def __repr__(self) -> str:
        return f"<FakeStub: {self._look_up() or 'no longer there'}>"


def add_stub(
    fake: Fake,
    operation: str,
    *,
    path_params: Mapping[str, str] | None = None,
    status: int = 200,
    json: Any = None,
    headers: Mapping[str, str] | None = None,
    times: int | None = None,
) -> Stub:
    """Sets a stub; see ``FakeWebflow.stub``."""
    _check_is_not_simulated(operation)
    if not is_whole_number(status, 200) or status > 599:
        raise ValueError(f"a stub answers with a status from 200 to 599, not {status!r}")
    if json is not None and status in _WITHOUT_BODY:
        raise ValueError(f"an answer with status {status} has no body: leave json out")
    if times is not None and not is_whole_number(times, 1):
        raise ValueError(f"times counts calls: 1 or more, or None for all of them; not {times!r}")
    when = CallCondition(frozenset([operation]), path_params=read_path_params(path_params, [operation]), first=times)
    stub = Stub(0, when, status, _read_headers(headers), _render_body(json))
    changed = fake.change(lambda state: state._replace(stubs=state.stubs.add(stub, fake.limits)))
    return changed.stubs.scripts[-1]


def _check_is_not_simulated(operation: object) -> None:
    names = sorted({known.name for known in not_simulated()})
    if operation in names:
        return
    simulated = {official: ours.name for ours in OPERATIONS for official in (ours.name, ours.official)}
    simulated |= {name: name for name in FILE_OPERATIONS}
    ours = simulated.get(operation) if isinstance(operation, str) else None
    if ours is None:
        raise ValueError(f"no operation is named {operation!r} that is not simulated; {suggest(str(operation), names)}")
    raise ValueError(
        f"{operation} is simulated{f', as {ours}' if ours != operation else ''}, and a stub answers only what this "
        f'fake would answer with 501. To have calls fail there is faults.on("{ours}"); to decide an open question '
        "otherwise, the profile; for other data, arrange them (add_items, scenario)"
    )


def _read_headers(headers: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    if not isinstance(headers or {}, Mapping):
        raise ValueError(f'headers are names and values, as {{"Location": "/v2/..."}}; not {headers!r}')
    for name, value in (headers or {}).items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"headers: no header can be named {name!r}")
        if name.lower() in _OF_THE_TRANSPORT:
            raise ValueError(f"headers: {name} follows from the body and the connection; leave it out")
        if not isinstance(value, str) or not (value.isascii() and (value.isprintable() or not value)):
            raise ValueError(f"headers: {name} is printable ASCII; not {value!r}")
    return tuple((headers or {}).items())


def _render_body(json: Any) -> bytes:
    try:
        return orjson.dumps(json) if json is not None else b""
    except orjson.JSONEncodeError as error:
        raise ValueError(f"json is what JSON can say: {error}") from None
