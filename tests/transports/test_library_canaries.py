"""What we rest on that a library does not promise to outsiders. When one of these fails, a release has moved it.

Then adapt the module named in the test, and the range of versions in ``pyproject.toml``.
"""

from __future__ import annotations

import inspect
from importlib.metadata import version

import aiohttp
import responses
import respx
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection


def parameters(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


def test_aiohttp_connects_as_transports_aiohttp_connector_expects() -> None:
    assert version("aiohttp").startswith("3."), "written for aiohttp 3.9 to 3.x"
    assert parameters(aiohttp.BaseConnector.connect)[:2] == ["self", "req"]
    assert inspect.iscoroutinefunction(aiohttp.BaseConnector.connect)
    assert parameters(Connection.__init__) == ["self", "connector", "key", "protocol", "loop"]
    assert parameters(ResponseHandler.__init__) == ["self", "loop"]
    for method in ("connection_made", "connection_lost", "data_received", "set_exception", "force_close"):
        assert callable(getattr(ResponseHandler, method))


def test_responses_lets_through_as_transports_responses_passthrough_expects() -> None:
    assert version("responses").startswith("0."), "written for responses 0.25 and 0.26"
    assert "passthru_prefixes" in vars(responses.RequestsMock())
    assert not hasattr(responses.RequestsMock, "passthru_prefixes")


def test_respx_keeps_its_routers_where_transports_httpx_transport_looks() -> None:
    assert version("respx").startswith("0."), "written for respx 0.22 and 0.23"
    with respx.mock(assert_all_called=False) as mock:
        route = mock.get("https://example.com/")
        assert mock in respx.mocks.HTTPCoreMocker.routers
        assert route in list(mock.routes)
        assert callable(route.pattern.match)
    assert respx.mocks.HTTPCoreMocker.routers == []
