"""The start page and the page of rules: what they say, that it is true, and that nothing in them can be smuggled in."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from control_callers import LocalClient, served_app
from werkzeug.test import Client

from fake_webflow import FakeWebflow
from fake_webflow.api.operations import OPERATIONS
from fake_webflow.api.router import not_simulated
from fake_webflow.control.access import Access
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.control.pages import make_pages
from fake_webflow.fake import fake_of
from fake_webflow.rules import clauses
from fake_webflow.transports.wsgi import create_wsgi_app


def visitor(webflow: FakeWebflow, token: str = "test-token", bound_host: str = "127.0.0.1") -> Client:
    pages = make_pages(fake_of(webflow), token, "1.2.3")
    return LocalClient(served_app(HostedFakes(fake_of(webflow), token), Access(bound_host), pages=pages))


class Checked(HTMLParser):
    """Notes elements, links and whatever could fetch or run something; fails on elements that are closed wrongly."""

    VOID = frozenset(["meta", "link", "br", "img", "input"])
    OPTIONAL = frozenset(["html", "body"])

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(params=["/", "/clauses"])
def page(request: pytest.FixtureRequest, fake_webflow: FakeWebflow) -> Checked:
    return Checked(visitor(fake_webflow).get(request.param).text)


def test_pages_are_sound_and_fetch_nothing(page: Checked) -> None:
    assert page.open == []
    assert not page.elements & {"script", "link", "img", "iframe", "form", "object", "base"}
    assert not {name for name in page.attributes if name.startswith("on")} | page.attributes & {"src", "style"}
    assert all(link.startswith(("/", "#", "https://")) for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_pages_may_not_run_or_fetch_anything(fake_webflow: FakeWebflow) -> None:
    for path in ("/", "/clauses"):
        answer = visitor(fake_webflow).get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'none'"} <= set(policy)


def test_the_start_page_shows_where_and_what(fake_webflow: FakeWebflow) -> None:
    text = visitor(fake_webflow).get("/", base_url="http://localhost:4321").text
    assert "<code>http://localhost:4321/v2</code>" in text
    assert "<code>test-token</code>" in text
    assert "1.2.3" in text
    assert fake_webflow.site.id in text
    assert fake_webflow.site.primary.cms_locale_id in text
    for collection in fake_webflow.collections.values():
        row = f"<td>{collection.slug}</td><td>{collection.id}</td><td>{len(collection.staged)} items, "
        assert row + f"{len(collection.live)} live</td>" in text


def test_the_start_page_lists_every_operation_simulated_or_not(fake_webflow: FakeWebflow) -> None:
    simulated, _, other = visitor(fake_webflow).get("/").text.partition("What is not")
    for operation in OPERATIONS:
        row = f"<td>{operation.name}</td><td>{operation.method}</td><td>/v2{operation.path}</td>"
        assert row in simulated
    for known in not_simulated():
        assert f"<td>{known.name}</td><td>{known.method}</td><td>/v2{known.path}</td>" in other
    assert f"The {len(OPERATIONS)} operations" in simulated
    assert f"The {len(not_simulated())} operations" in other


def test_the_start_page_says_how_much_is_a_guess(fake_webflow: FakeWebflow) -> None:
    text = visitor(fake_webflow).get("/").text
    kinds = [clause.kind for clause in clauses()]
    assert f"follows {len(kinds)} rules" in text
    for kind in ("observed", "documented", "inferred"):
        assert f"{kinds.count(kind)} {kind}</span>" in text
    assert 'href="/clauses"' in text


def test_the_curl_lines_follow_the_address_the_page_was_asked_at(fake_webflow: FakeWebflow) -> None:
    text = visitor(fake_webflow).get("/", base_url="http://localhost:99").text
    lines = [unescape(line) for line in re.findall(r"<pre>(.*?)</pre>", text)]
    assert len(lines) == 3
    assert all("http://localhost:99/v2/collections/" in line for line in lines)
    assert all("'Authorization: Bearer test-token'" in line for line in lines)


def test_the_start_page_shows_the_state_as_it_is_now(fake_webflow: FakeWebflow) -> None:
    made = fake_webflow.client.collections.create(
        fake_webflow.site.id, {"displayName": "Brand new", "singularName": "One"}
    )
    assert f"<td>brand-new</td><td>{made['id']}</td><td>0 items, 0 live</td>" in visitor(fake_webflow).get("/").text


def test_whatever_users_control_is_escaped(fake_webflow: FakeWebflow) -> None:
    nasty = "<script>alert('&\"')</script>"
    fake_webflow.client.collections.create(fake_webflow.site.id, {"displayName": nasty, "singularName": nasty})
    world = fake_webflow.state.world
    site = replace(fake_webflow.site, display_name=nasty, primary=replace(fake_webflow.site.primary, tag=nasty))
    fake_of(fake_webflow).restore(fake_webflow.state._replace(world=world.with_site(site)))
    hosts = {"127.0.0.1": "127.0.0.1", "0.0.0.0": 'x"><script>'}  # a fake on loopback refuses the second
    text = "".join(
        visitor(fake_webflow, nasty, bound).get("/", headers={"Host": host}).text for bound, host in hosts.items()
    )
    assert "<script" not in text
    assert escape(nasty) in text
    assert Checked(text).open == []


def test_the_page_of_rules_has_all_of_them(fake_webflow: FakeWebflow) -> None:
    text = visitor(fake_webflow).get("/clauses").text
    for clause in clauses():
        assert f'<h3 id="{clause.id}">' in text
        assert escape(clause.says) in text
        assert all(escape(line.source) in text for line in clause.evidence)
        assert all(f"<td>{escape(meaning)}</td>" in text for meaning in clause.options.values())
        assert escape(clause.because) in text
        assert escape(clause.text) in text
        if clause.refuses:
            answer = f"{clause.refuses.status} {clause.refuses.code}: {clause.refuses.message}"
            assert f"<code>{escape(answer)}</code>" in text
    assert "Why Too Many Requests is the default" in text


def test_the_page_of_rules_marks_the_options_this_fake_takes() -> None:
    with FakeWebflow("timeline", profile={"lists.limit-over-100": "reject"}) as webflow:
        text = visitor(webflow).get("/clauses").text
    assert "<td>&#9679;</td><td><code>reject</code>" in text.partition('id="lists.limit-over-100"')[2][:900]
    assert "<td>&#9679;</td><td><code>suffix</code>" in text.partition('id="items.create.duplicate-slug"')[2][:900]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_pages_are_only_read(fake_webflow: FakeWebflow, method: str) -> None:
    assert visitor(fake_webflow).open("/", method=method).status_code == 404


def test_head_has_no_body(fake_webflow: FakeWebflow) -> None:
    answer = visitor(fake_webflow).head("/")
    assert (answer.status_code, answer.data) == (200, b"")


def test_without_pages_the_root_is_an_unknown_route(fake_webflow: FakeWebflow) -> None:
    assert Client(create_wsgi_app(fake_of(fake_webflow))).get("/").status_code == 404
