"""The console's pages: what they say, that it is true, and that nothing in them can be smuggled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from control_callers import LocalClient, served_app
from werkzeug.test import TestResponse

from fake_webflow import FakeWebflow, package_data
from fake_webflow.control.access import Access
from fake_webflow.control.console import Console
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import fake_of
from fake_webflow.rules import clauses

ORIGIN = "http://127.0.0.1:8787"
STATIC = ("console.css", "console.js", "icon.svg")


class Site:
    """A served fake in this process, with what a program asked of it."""

    def __init__(self, webflow: FakeWebflow, *, is_on: bool = True, **access: Any) -> None:
        self.webflow = webflow
        self.hosted = HostedFakes(fake_of(webflow), webflow.token)
        guard = Access(**access)
        console = Console(self.hosted, guard, version="1.2.3", is_on=is_on)
        self.client = LocalClient(served_app(self.hosted, guard, is_on=is_on, console=console), use_cookies=False)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, base_url=ORIGIN, **options)

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> TestResponse:
        sent = {"headers": {"Authorization": f"Bearer {token or self.webflow.token}"}}
        return self.client.open(path, method=method, base_url=ORIGIN, json=body, **sent)


@pytest.fixture
def site(fake_webflow: FakeWebflow) -> Site:
    return Site(fake_webflow)


class Checked(HTMLParser):
    """Notes elements, links and whatever could fetch or run something; fails on elements that are closed wrongly."""

    VOID = frozenset(["meta", "link", "br", "img", "input", "wbr"])

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "action", "data-then")]
        self.sources += [value or "" for name, value in attrs if name == "src"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def walk(site: Site) -> dict[str, str]:
    """Every page that links lead to from the first one, but of rules and operations a few."""
    found: dict[str, str] = {}
    waiting, many = ["/"], 0
    while waiting:
        path = waiting.pop()
        many += path.startswith("/rules/")
        if path in found or (path.startswith("/rules") and many > 3) or path.startswith(("/cdn", "/~1/cdn", "/_fake")):
            continue
        answer = site.get(path)
        assert answer.status_code == 200, (path, answer.text)
        if path.startswith("/console/"):
            continue
        found[path] = answer.text
        links = [link.partition("#")[0] for link in Checked(answer.text).links]
        same_page = re.compile(r"[?&](page|before|family|kind)=")
        waiting += [link for link in links if link.startswith("/") and not same_page.search(link)]
        if len(found) > 120:
            break
    return found


def test_every_page_that_is_linked_is_there_and_fetches_nothing_from_outside(site: Site) -> None:
    posts = site.webflow.collections["posts"].id
    site.call("POST", f"/v2/collections/{posts}/items", {"fieldData": {"slug": "no name"}})
    site.call("POST", "/_fake/forks", {})
    for path, text in walk(site).items():
        page = Checked(text)
        assert page.open == [], path
        assert not {name for name in page.attributes if name.startswith("on")} | page.attributes & {"style"}
        assert all(source.startswith("/") for source in page.sources)
        assert all(link.startswith(("/", "#", "https://")) for link in page.links)
        assert len(page.ids) == len(set(page.ids)), path
        assert site.webflow.token not in re.sub(r'<details class="card connect.*?</details>', "", text, flags=re.S)


def test_pages_say_what_they_may_fetch_and_run(site: Site) -> None:
    for path in ("/", "/content", "/rules", "/nowhere-here", *(f"/console/{name}" for name in STATIC)):
        answer = site.get(path)
        if path == "/nowhere-here":
            assert "Content-Security-Policy" not in answer.headers  # Webflow's 404
            continue
        policy = answer.headers["Content-Security-Policy"]
        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(
            policy.split("; ")
        )
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_first_page_is_small(site: Site) -> None:
    posts = site.webflow.collections["posts"].id
    for _ in range(60):
        site.call("GET", f"/v2/collections/{posts}/items/{'0' * 24}?cmsLocaleId={'1' * 24}")
    parts = [site.get("/").data, *(site.get(f"/console/{name}").data for name in STATIC)]
    assert sum(map(len, parts)) <= 80_000


def test_looking_leaves_no_trace(site: Site) -> None:
    before = site.webflow.state
    for path in ("/", "/content", "/assets", "/webhooks", "/conditions", "/rules", "/console/console.js"):
        assert site.get(path).status_code == 200
    assert site.webflow.state is before
    assert len(site.webflow.journal) == 0


def test_a_refused_request_is_explained(site: Site) -> None:
    authors = site.webflow.collections["authors"].id
    refused = site.call("POST", f"/v2/collections/{authors}/items", {"fieldData": {"name": "x", "bio": 7}})
    clause = refused.headers["X-Fake-Webflow-Clause"].partition(",")[0]
    row = site.get("/?show=failed").text
    assert 'href="/requests/1"' in row
    text = unescape(site.get("/requests/1").text)
    for shown in (clause, refused.json["message"], "What would have been accepted", '"bio"'):
        assert shown in text
    assert "curl -i -X POST" in text
    assert "os.environ['WEBFLOW_TOKEN']" in text
    assert site.webflow.token not in text


def test_the_python_of_a_call_makes_it_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    authors = site.webflow.collections["authors"].id
    first = site.call("POST", f"/v2/collections/{authors}/items?skipInvalidFiles=true", {"fieldData": {"name": "Ä'\""}})
    text = unescape(site.get("/requests/1").text)
    code = re.search(r'aria-label="The call in Python">(.*?)</pre>', text, re.S)
    assert code is not None
    made: list[Any] = []

    def request(method: str, url: str, **sent: Any) -> Any:
        made.append((method, url, sent["json"], sent["headers"]["Authorization"]))
        return first

    monkeypatch.setenv("WEBFLOW_TOKEN", "the-token")
    monkeypatch.setattr("requests.request", request)
    exec(code[1], {})
    url = f"{ORIGIN}/v2/collections/{authors}/items?skipInvalidFiles=true"
    assert made == [("POST", url, {"fieldData": {"name": "Ä'\""}}, "Bearer the-token")]


def test_a_request_shows_the_records_it_changed(site: Site) -> None:
    authors = site.webflow.collections["authors"].id
    made = site.call("POST", f"/v2/collections/{authors}/items", {"fieldData": {"name": "Ada"}}).json
    path = f"/v2/collections/{authors}/items"
    site.call("PATCH", f"{path}/{made['id']}", {"fieldData": {"name": "Ada Byron"}})
    site.call("POST", f"{path}/publish", {"itemIds": [made["id"]]})
    site.call("DELETE", f"{path}/{made['id']}")
    site.call("GET", path)
    texts = [site.get(f"/requests/{number}").text for number in range(1, 6)]
    assert "Staged item made" in texts[0]
    assert '<del>Ada</del></td><td data-label="after"><ins>Ada Byron</ins>' in texts[1]
    assert "Staged item changed" in texts[2]
    assert "Live item made" in texts[2]
    assert "Staged item removed" in texts[3]
    assert "What it changed" not in texts[4]


def test_items_are_found_and_told_apart(site: Site) -> None:
    authors = site.webflow.collections["authors"].id
    path = f"/v2/collections/{authors}/items"
    made = site.call("POST", path, {"fieldData": {"name": "Zoë of the Sea"}}).json
    page = f"/content/{authors}"
    listed = site.get(page, query_string={"q": "of the SEA"}).text
    assert listed.count(f'href="{page}/') == 1
    assert '<span class="state draft">' in listed
    assert "It is staged, and not live." in site.get(f"{page}/{made['id']}").text
    site.call("POST", f"{path}/publish", {"itemIds": [made["id"]]})
    assert "Staged and live are the same." in site.get(f"{page}/{made['id']}").text
    site.call("PATCH", f"{path}/{made['id']}", {"fieldData": {"name": "Zoë"}})
    assert "differ between staged and live" in site.get(f"{page}/{made['id']}").text
    assert made["id"] in site.get(f"{page}?state=changed").text
    assert made["id"] not in site.get(f"{page}?state=live").text


def test_each_world_has_pages_of_its_own(site: Site) -> None:
    fork = site.call("PUT", "/_fake/forks/checkout", {}).json
    authors = site.webflow.collections["authors"].id
    site.call("GET", f"/~checkout/v2/collections/{authors}/items/{'0' * 24}", token=fork["token"])
    assert "items.not-found" in site.get("/~checkout/?show=failed").text
    assert "items.not-found" not in site.get("/").text
    assert 'href="/~checkout/?show=failed"' in site.get("/conditions").text
    text = unescape(site.get("/~checkout/requests/1").text)
    assert f"{ORIGIN}/~checkout/v2/collections/{authors}" in text
    assert 'data-control="/_fake/forks/checkout"' in site.get("/~checkout/conditions").text
    missing = site.get("/~chekout/")
    assert (missing.status_code, "checkout" in missing.text) == (404, True)


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/?shwo=failed", 400, "did you mean show?"),
        ("/?show=faild", 400, "did you mean failed?"),
        ("/?operation=itmes.create", 400, "items.create"),
        ("/?before=x", 400, "a whole number"),
        ("/requests/7", 404, "not in the journal"),
        (f"/requests/{'9' * 15}", 404, "not in the journal"),
        (f"/requests/{'9' * 400}", 404, "no page is at"),
        (f"/content/{'0' * 24}", 404, "no collection"),
        ("/content/x", 404, "no page is at"),
        ("/assets?folder=x", 404, "no asset folder"),
        ("/rules/items.nothing", 404, "no clause is named"),
        ("/rules?kind=x", 400, "none of them"),
        ("/webhooks?page=0", 400, "a whole number"),
        ("/webhooks?page=99", 200, "Deliveries"),
        ("/?show=%ff%00<script>", 400, "none of them"),
    ],
)
def test_bad_addresses_are_answered_by_a_page_that_helps(site: Site, path: str, status: int, told: str) -> None:
    answer = site.get(path)
    assert answer.status_code == status
    assert told in unescape(answer.text)
    assert "<script>" not in answer.text


def test_whatever_users_control_is_escaped(site: Site) -> None:
    nasty = "<script>alert('&\"')</script>"
    webflow = site.webflow
    webflow.client.collections.create(webflow.site.id, {"displayName": nasty, "singularName": nasty})
    named = replace(webflow.site, display_name=nasty, primary=replace(webflow.site.primary, tag=nasty))
    fake_of(webflow).restore(webflow.state._replace(world=webflow.state.world.with_site(named)))
    authors = webflow.collections["authors"].id
    site.call("POST", f"/v2/collections/{authors}/items", {"fieldData": {"name": nasty, "slug": "nasty"}})
    site.call("GET", f"/v2/{nasty}?{nasty}={nasty}")
    site.call("PUT", "/_fake/snapshots/%3Cscript%3E", {})
    text = "".join(walk(site).values())
    assert "<script>" not in text
    assert escape("<script>") in text


def test_every_rule_is_found_with_its_evidence_and_the_choice_of_the_world() -> None:
    with FakeWebflow("empty", profile={"lists.limit-over-100": "reject"}) as webflow:
        site = Site(webflow)
        listed = "".join(site.get(f"/rules?page={number}").text for number in range(1, len(clauses()) // 60 + 2))
        for clause in clauses():
            assert f'href="/rules/{clause.id}"' in listed
            assert escape(clause.says) in listed or escape(clause.says, quote=False) in unescape(listed)
        for clause in clauses()[::25]:
            text = unescape(site.get(f"/rules/{clause.id}").text)
            assert all(line.source in text for line in clause.evidence)
        chosen = unescape(site.get("/rules/lists.limit-over-100").text)
        assert '<b>reject</b> <span class="state live">this world\'s choice' in chosen
        found = site.get("/rules?q=never+been+published&kind=observed").text
        assert "items.update-live.never-published" in found or "live-items" in found


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_pages_are_only_read(site: Site, method: str) -> None:
    assert site.client.open("/", method=method, base_url=ORIGIN).status_code == 404


def test_head_has_no_body(site: Site) -> None:
    answer = site.client.head("/", base_url=ORIGIN)
    assert (answer.status_code, answer.data) == (200, b"")


Ask = Callable[[Site], TestResponse]


def test_without_control_there_is_a_start_page_alone(fake_webflow: FakeWebflow) -> None:
    site = Site(fake_webflow, is_on=False)
    start = site.get("/")
    assert start.status_code == 200
    assert "--no-control" in start.text
    assert fake_webflow.token in start.text
    for path in ("/content", "/requests/1", "/rules", "/~1/"):
        assert site.get(path).status_code == 404


@pytest.mark.parametrize(
    ("access", "options"),
    [
        ({"bound_host": "0.0.0.0"}, {}),
        ({}, {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}),
        ({"allowed_hosts": ["fake.example"]}, {"headers": {"Host": "fake.example"}}),
    ],
)
def test_without_a_token_the_console_is_for_this_machine(
    fake_webflow: FakeWebflow, access: dict[str, Any], options: dict[str, Any]
) -> None:
    site = Site(fake_webflow, **access)
    site.call("GET", f"/v2/sites/{'9' * 24}")
    start = site.get("/", **options)
    assert (start.status_code, "--control-token" in unescape(start.text)) == (200, True)
    assert "sites.not-found" not in start.text
    assert site.get("/requests/1", **options).status_code in (401, 404)


def test_with_a_token_every_page_asks_for_it(fake_webflow: FakeWebflow) -> None:
    site = Site(fake_webflow, control_token="canary-4711")
    site.call("GET", f"/v2/sites/{'9' * 24}")
    for path in ("/", "/requests/1", "/content", "/~1/", "/rules"):
        assert 'type="password"' in site.get(path).text
        assert fake_webflow.token not in site.get(path).text
    assert "sites.not-found" in site.get("/requests/1", headers={"X-Fake-Webflow-Control": "canary-4711"}).text


def test_its_files_are_in_the_package() -> None:
    for name in STATIC:
        assert package_data.read(f"control/console/static/{name}")
