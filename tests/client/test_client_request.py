"""The low-level call, the session, and where the token goes."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
import responses

from fake_webflow.client import BadRequest, UnexpectedAnswer, WebflowClient

BASE = "https://api.webflow.com/v2"
THING = f"{BASE}/thing"


def test_anything_can_be_sent_and_comes_back_as_it_is(client: WebflowClient, stub: responses.RequestsMock) -> None:
    stub.post(THING, json={"message": "No", "code": "no"}, status=400)
    answer = client.request(
        "post",
        "/thing",
        query=[("limit", "1"), ("limit", "2")],
        data=b'{"broken',
        headers={"Content-Type": "text/plain", "Accept": None},
        check=False,
    )
    sent = stub.calls[0].request
    assert answer.status_code == 400
    assert sent.url == f"{THING}?limit=1&limit=2"
    assert (sent.body, sent.headers["Content-Type"]) == (b'{"broken', "text/plain")
    assert "Accept" not in sent.headers


def test_an_error_is_raised_unless_asked_otherwise(client: WebflowClient, stub: responses.RequestsMock) -> None:
    stub.get(THING, json={"message": "No", "code": "no"}, status=400)
    with pytest.raises(BadRequest):
        client.request("GET", "/thing", query={"a": "b"})


@pytest.mark.parametrize("status", [429, 500])
def test_without_retry_it_is_sent_once(
    client: WebflowClient, stub: responses.RequestsMock, sleeps: list[float], status: int
) -> None:
    stub.get(THING, status=status)
    assert client.request("GET", "/thing", check=False, retry=False).status_code == status
    assert (sleeps, len(stub.calls)) == ([], 1)


@pytest.mark.parametrize("path", ["thing", "", "https://elsewhere.example/", "@elsewhere.example/"])
def test_the_token_goes_below_the_base_url_only(client: WebflowClient, path: str) -> None:
    with pytest.raises(ValueError, match="begins with"):
        client.request("GET", path)


@pytest.mark.parametrize(("own", "sent"), [("Bearer other", "Bearer other"), (None, None)])
@pytest.mark.parametrize("name", ["Authorization", "authorization"])
def test_the_token_can_be_replaced_or_left_out(
    client: WebflowClient, stub: responses.RequestsMock, name: str, own: str | None, sent: str | None
) -> None:
    stub.get(THING, json={})
    client.request("GET", "/thing", headers={name: own})
    assert stub.calls[0].request.headers.get("Authorization") == sent


@pytest.mark.parametrize(
    "where",
    ["https://elsewhere.example/v2/thing", f"{BASE}/other", "//elsewhere.example/", "http://", ""],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    client: WebflowClient, stub: responses.RequestsMock, where: str, status: int
) -> None:
    stub.get(THING, status=status, headers={"Location": where})
    with pytest.raises(UnexpectedAnswer, match="redirects are not followed"):
        client.request("GET", "/thing")
    assert len(stub.calls) == 1


@pytest.mark.parametrize("base_url", ["https://user:hunter2@a.example/v2", "http://hunter2@a.example"])
def test_a_base_url_with_a_password_is_refused_without_it(base_url: str) -> None:
    with pytest.raises(ValueError, match="no user and no password") as refused:
        WebflowClient("token", base_url=base_url)
    assert "hunter2" not in str(refused.value)


def test_netrc_does_not_replace_the_token(
    client: WebflowClient, stub: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.webflow.com login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    stub.get(THING, json={})
    client.request("GET", "/thing")
    assert stub.calls[0].request.headers["Authorization"] == "Bearer canary-4f8e1c"


def test_a_session_given_is_used_unchanged_and_left_open(
    session: requests.Session, stub: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.headers["User-Agent"] = "mine"
    before = dict(session.headers)
    closed: list[bool] = []
    monkeypatch.setattr(session, "close", lambda: closed.append(True))
    stub.get("http://127.0.0.1:8787/v2/sites", json={"sites": []})
    with WebflowClient("t", base_url="http://127.0.0.1:8787/v2/", session=session) as client:
        assert client.sites.list() == {"sites": []}
        assert client.base_url == "http://127.0.0.1:8787/v2"
    assert stub.calls[0].request.headers["User-Agent"] == "mine"
    assert (dict(session.headers), session.auth, closed) == (before, None, [])


def test_a_session_of_its_own_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(requests.Session, "close", lambda _: closed.append(True))
    with WebflowClient("t"):
        assert closed == []
    assert closed == [True]
