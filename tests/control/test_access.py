"""Who is let in where: hosts, the control token in the header and in the cookie, what a page may see, and health."""

from __future__ import annotations

import json
from typing import Any

import pytest
from control_callers import LocalClient, served_app

import fake_webflow
from fake_webflow import FakeWebflow
from fake_webflow.control.access import Access
from fake_webflow.control.console import Console
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake, fake_of

TOKEN = "test-token"
CONTROL = "control-canary-4711"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
HEADER = {"X-Fake-Webflow-Control": CONTROL}


@pytest.fixture(scope="module")
def seeded() -> Fake:
    return fake_of(FakeWebflow())


def client(seeded: Fake, **access: Any) -> LocalClient:
    fake = seeded.fork()
    hosted_fakes, guard = HostedFakes(fake, TOKEN), Access(**access)
    app = served_app(hosted_fakes, guard, console=Console(hosted_fakes, guard, version="1.2.3"))
    return LocalClient(app, use_cookies=False)


def call(client: LocalClient, path: str, method: str = "GET", peer: str = "127.0.0.1", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    host = named.pop("Host", "127.0.0.1:8787")
    return client.open(
        path, method=method, base_url=f"http://{host}", headers=named, environ_overrides={"REMOTE_ADDR": peer}
    )


API = {"Authorization": f"Bearer {TOKEN}"}
EVERYWHERE = [
    "/",
    "/rules",
    "/~1/content",
    "/v2/sites",
    "/cdn/any/file.png",
    "/s3/webflow-prod-assets",
    "/~1/v2/sites",
    "/nowhere",
]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_foreign_host_is_refused_everywhere_on_loopback(seeded: Fake, path: str) -> None:
    answer = call(client(seeded), path, Host="evil.example:8787", **API)
    assert (answer.status_code, answer.json["code"]) == (403, "host_not_allowed")
    assert "--allow-host evil.example" in answer.json["message"]
    assert TOKEN not in answer.text


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8787", "localhost", "a.localhost:1", "[::1]:8787", "api.webflow.com", "cdn.prod.website-files.com"],
)
def test_own_hosts_and_webflows_are_fine(seeded: Fake, host: str) -> None:
    assert call(client(seeded), "/v2/sites", Host=host, **API).status_code == 200


def test_a_host_may_be_allowed_by_name(seeded: Fake) -> None:
    open_to = client(seeded, allowed_hosts=["Fake.Example"])
    assert call(open_to, "/v2/sites", Host="fake.example:80", **API).status_code == 200
    assert call(open_to, "/v2/sites", Host="other.example", **API).status_code == 403


def test_bound_elsewhere_any_host_is_fine_for_the_api(seeded: Fake) -> None:
    answer = call(client(seeded, bound_host="0.0.0.0"), "/v2/sites", Host="fake-webflow:8787", peer="192.0.2.7", **API)
    assert answer.status_code == 200


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.7"])
def test_bound_elsewhere_without_a_token_control_is_off(seeded: Fake, peer: str) -> None:
    bound = client(seeded, bound_host="0.0.0.0")
    answer = call(bound, "/_fake/state", peer=peer)
    assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
    assert "--control-token" in answer.json["message"]
    assert call(bound, "/_fake/health", peer=peer).status_code == 200


@pytest.mark.parametrize("access", [{}, {"bound_host": "0.0.0.0"}, {"control_token": CONTROL}])
@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example", "fake-webflow:8787"])
def test_health_is_for_everybody_and_in_no_journal(seeded: Fake, access: dict[str, Any], host: str) -> None:
    fake = seeded.fork()
    probe = LocalClient(served_app(HostedFakes(fake, TOKEN), Access(**access)))
    answer = call(probe, "/_fake/health", Host=host, peer="192.0.2.7", Origin="https://evil.example")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "version": fake_webflow.__version__})
    assert call(probe, "/_fake/health", method="POST").status_code == 405
    assert not list(fake.journal)


def test_what_browsers_ask_for_by_themselves_is_in_no_journal_and_no_log(seeded: Fake) -> None:
    fake, logged = seeded.fork(), []
    fake.on_exchange = lambda exchange, _milliseconds: logged.append(exchange)
    browser = LocalClient(served_app(HostedFakes(fake, TOKEN)))
    for path in ("/favicon.ico", "/.well-known/appspecific/com.chrome.devtools.json"):
        assert call(browser, path).status_code == 404
        assert not list(fake.journal)
    assert not logged
    assert call(browser, "/v2/favicon.ico").status_code == 404
    assert len(logged) == len(fake.journal) == 1


@pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("path", ["/_fake/state", "/_fake", "/_fake/forks", "/_fake/nothing"])
def test_with_a_token_the_header_is_asked_for_from_everywhere(seeded: Fake, bound: str, path: str) -> None:
    guarded = client(seeded, bound_host=bound, control_token=CONTROL)
    for peer in ("127.0.0.1", "192.0.2.7"):
        for sent in ({}, {"X_Fake_Webflow_Control": CONTROL[:-1]}, {"X_Fake_Webflow_Control": f"{CONTROL}é"}, API):
            answer = call(guarded, path, peer=peer, **sent)
            assert (answer.status_code, answer.json["code"]) == (401, "no_control_token")
            assert "X-Fake-Webflow-Control" in answer.json["message"]
            assert CONTROL not in answer.text
        right = call(guarded, path, peer=peer, Host="fake-webflow:8787", X_Fake_Webflow_Control=CONTROL)
        assert right.status_code in (200, 404)


def test_a_fork_made_from_elsewhere_has_addresses_of_the_host_that_was_used(seeded: Fake) -> None:
    guarded = client(seeded, bound_host="0.0.0.0", control_token=CONTROL)
    made = guarded.post(
        "/_fake/forks", base_url="http://fakes.example:9", json={}, headers=HEADER, environ_overrides=ELSEWHERE
    )
    assert made.status_code == 201
    for name in ("base_url", "own_base_url", "control_url"):
        assert made.json[name].startswith("http://fakes.example:9/")


def sign_in(guarded: LocalClient, token: str = CONTROL) -> Any:
    return guarded.post("/_fake/sign-in", base_url="http://127.0.0.1:8787", data={"token": token})


def test_the_form_takes_the_token_once_and_sets_a_cookie(seeded: Fake) -> None:
    guarded = client(seeded, control_token=CONTROL)
    form = call(guarded, "/")
    assert 'type="password"' in form.text
    assert TOKEN not in form.text
    assert sign_in(guarded, "wrong").status_code == 401
    answer = sign_in(guarded)
    cookie = answer.headers["Set-Cookie"]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert CONTROL not in cookie
    page = call(guarded, "/", Cookie=cookie.partition(";")[0])
    assert TOKEN in page.text


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("HEAD", {}, 200),
        ("GET", {"Sec_Fetch_Site": "none"}, 200),
        ("GET", {"Sec_Fetch_Site": "same-origin"}, 200),
        ("GET", {"Sec_Fetch_Site": "same-site"}, 401),
        ("GET", {"Sec_Fetch_Site": "cross-site"}, 401),
        ("POST", {}, 401),
        ("POST", {"Origin": "http://127.0.0.1:8787"}, 401),
        ("POST", {"Origin": "http://127.0.0.1:8787", "Content_Type": "text/plain"}, 401),
        ("POST", {"Origin": "http://evil.example", "Content_Type": "application/json"}, 401),
        ("POST", {"Origin": "http://127.0.0.1:8787", "Content_Type": "application/json"}, 200),
    ],
)
def test_what_the_cookie_counts_for(seeded: Fake, method: str, headers: dict[str, str], status: int) -> None:
    guarded = client(seeded, control_token=CONTROL)
    cookie = sign_in(guarded).headers["Set-Cookie"].partition(";")[0]
    path = "/_fake/reset" if method == "POST" else "/_fake/state"
    assert call(guarded, path, method=method, Cookie=cookie, **headers).status_code == status
    assert call(guarded, path, method=method, Cookie=f"{cookie}0", **headers).status_code == 401


def test_the_token_of_the_api_is_shown_on_this_machine_alone(seeded: Fake) -> None:
    bound = client(seeded, bound_host="0.0.0.0")
    assert TOKEN in call(bound, "/").text
    assert TOKEN not in call(bound, "/", peer="192.0.2.7").text
    assert TOKEN not in call(bound, "/", Host="fake-webflow").text


def test_files_and_pages_can_do_nothing(seeded: Fake) -> None:
    served = client(seeded)
    site = FakeWebflow().site.id
    listed = call(served, f"/v2/sites/{site}/assets?limit=1", **API).json["assets"][0]
    path = listed["hostedUrl"].partition("127.0.0.1:8787")[2] or "/cdn/" + listed["hostedUrl"].split("/", 3)[3]
    for address in (path, "/cdn/nothing/here.html", "/s3/webflow-prod-assets/x.svg"):
        headers = call(served, address).headers
        assert headers["Content-Security-Policy"] == "sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"
    for page in ("/", "/rules"):
        assert "frame-ancestors 'none'" in call(served, page).headers["Content-Security-Policy"]
    assert "Content-Security-Policy" not in call(served, "/v2/sites", **API).headers


def test_a_served_fake_signs_with_a_secret_of_its_own(seeded: Fake) -> None:
    plain, served = seeded.fork(), Fake(seeded.state, upload_secret="a secret of the process")
    assert plain.signing_key == seeded.signing_key
    assert served.signing_key.secret != plain.signing_key.secret
    assert served.fork().signing_key == served.signing_key
    assert json.dumps(served.signing_key.secret) not in repr(served)
