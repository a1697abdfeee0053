"""What every refusal looks like, and that it changes nothing."""

from __future__ import annotations

from typing import Any

from worlds import ask, clauses_of, json_of

from fake_webflow.fake import Fake
from fake_webflow.message import Response
from fake_webflow.rules import find_clause

CODES = {
    400: {"bad_request", "validation_error"},
    401: {"not_authorized"},
    403: {"missing_scopes", "forbidden"},
    404: {"resource_not_found"},
    409: {"conflict"},
    413: {"bad_request"},
}


def check_refusal(response: Response, status: int = 400) -> dict[str, Any]:
    """The body of a refusal in the envelope, its clauses in the ledger."""
    assert response.status == status, response.body
    body = json_of(response)
    assert list(body) == ["message", "code", "externalReference", "details"]
    assert body["code"] in CODES[status]
    assert body["externalReference"] is None
    assert all(list(detail) == ["param", "description"] for detail in body["details"])
    named = clauses_of(response)
    assert named
    refusing = find_clause(named[0]).refuses
    assert refusing is not None
    assert refusing.status == status
    for name in named[1:]:
        find_clause(name)
    return body


def refuse(asked: Fake, method: str, path: str, *, status: int = 400, **options: Any) -> dict[str, Any]:
    """The body of a refusal that changed neither world, clock nor ids."""
    before = asked.state
    body = check_refusal(ask(asked, method, path, **options), status)
    assert asked.state.world == before.world
    assert (asked.state.clock, asked.state.ids) == (before.clock, before.ids)
    return body
