"""Stubs as JSON, in the words of ``fake_webflow.stub``."""

from __future__ import annotations

from typing import Any

import orjson

from ..conditions import Stub
from ..errors import ArrangingError
from ..handle.stubs import add_stub
from ..wording import suggest
from .request import ControlError, ControlRequest


def list_stubs(request: ControlRequest) -> tuple[int, Any]:
    """The stubs that are set, the oldest first."""
    return 200, {"stubs": [_stub_object(stub) for stub in request.fake.state.stubs.scripts]}


def create_stub(request: ControlRequest) -> tuple[int, Any]:
    """Sets one stub."""
    try:
        return 201, _stub_object(add_stub(request.fake, **request.body))
    except ArrangingError as error:
        raise ControlError(409, "too_many", str(error)) from None


def clear_stubs(request: ControlRequest) -> tuple[int, Any]:
    """Takes every stub off."""
    request.fake.change(lambda state: state._replace(stubs=state.stubs.without()))
    return list_stubs(request)


def delete_stub(request: ControlRequest) -> tuple[int, Any]:
    """Takes one stub off."""
    named = request.parameters["stub"]
    numbers = [str(stub.number) for stub in request.fake.state.stubs.scripts]
    if named not in numbers:
        raise ControlError(404, "no_such_stub", f"no stub has the id {named}; {suggest(named, numbers)}")
    request.fake.change(lambda state: state._replace(stubs=state.stubs.without(int(named))))
    return list_stubs(request)


def _stub_object(stub: Stub) -> dict[str, Any]:
    (operation,) = stub.when.operations
    return {
        "id": stub.number,
        "operation": operation,
        "path_params": dict(stub.when.path_params),
        "status": stub.status,
        "json": orjson.Fragment(stub.body) if stub.body else None,
        "headers": dict(stub.headers),
        "times": stub.when.first,
        "answered": stub.answered,
    }
