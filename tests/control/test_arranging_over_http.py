"""What the fixture arranges, a program arranges over HTTP, in the same words and with the same answers."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from control_callers import ControlCaller
from messages import assert_facts

from fake_webflow import seeding
from fake_webflow.control.document import load_control_document, request_body_schema
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake
from fake_webflow.handle.arranging import Arranging
from fake_webflow.handle.journal import AssertableJournal
from fake_webflow.world.addresses import addresses_for

ORIGIN = "http://127.0.0.1:8787"
PICTURE = {"base64": "iVBORw0KGgo="}


@pytest.fixture
def hosted_fakes() -> HostedFakes:
    hosted = HostedFakes(Fake(seeding.build_state(seeding.load("empty"))), "test-token")
    hosted.seed_default(seeding.build_state(seeding.load("empty"), addresses=addresses_for(ORIGIN)), ORIGIN)
    return hosted


@pytest.fixture
def caller(hosted_fakes: HostedFakes) -> ControlCaller:
    return ControlCaller(hosted_fakes, ORIGIN)


@pytest.fixture(params=["the fake itself", "a fork"])
def base(caller: ControlCaller, request: pytest.FixtureRequest) -> str:
    """Where the control interface of the fake is, the server's own or a fork."""
    if request.param == "the fake itself":
        return "/_fake"
    assert caller.ask("PUT", "/_fake/forks/story")[0] == 201
    return "/_fake/forks/story"


@pytest.mark.parametrize(
    ("operation", "method"),
    [
        ("addSite", Arranging.add_site),
        ("addCollection", Arranging.add_collection),
        ("addItems", Arranging.add_items),
        ("addAsset", Arranging.add_asset),
        ("assertJournal", AssertableJournal.assert_called),
    ],
)
def test_bodies_have_the_words_of_the_fixture(operation: str, method: Any) -> None:
    paths = load_control_document()["paths"].values()
    found = next(
        one for path in paths for one in path.values() if "operationId" in one and one["operationId"] == operation
    )
    schema = request_body_schema(found)
    assert schema is not None
    arguments = [name for name in inspect.signature(method).parameters if name != "self"]
    assert list(schema["properties"]) == arguments


def test_a_world_of_ones_own(caller: ControlCaller, base: str) -> None:
    status, site = caller.ask("POST", f"{base}/sites", {"display_name": "Shop", "locales": ["en", "de"]})
    assert (status, site["displayName"], sorted(site["cms_locale_ids"])) == (201, "Shop", ["de", "en"])
    fields = {"Price": "Number", "Cover": {"type": "Image"}}
    asked = {"display_name": "Goods", "fields": fields, "site": site["shortName"]}
    status, goods = caller.ask("POST", f"{base}/collections", asked)
    assert (status, goods["slug"], goods["siteId"]) == (201, "goods", site["id"])
    assert [field["slug"] for field in goods["fields"]] == ["name", "slug", "price", "cover"]

    asked = {"content": PICTURE, "file_name": "a b.png", "alt_text": "A", "folder": "Pictures", "site": site["id"]}
    status, asset = caller.ask("POST", f"{base}/assets", asked)
    assert (status, asset["altText"]) == (201, "A")
    root = "" if base == "/_fake" else "/~story"
    assert asset["hostedUrl"].startswith(f"{ORIGIN}{root}/cdn/{site['id']}/")
    assert caller.send("GET", asset["hostedUrl"].removeprefix(ORIGIN)).data == b"\x89PNG\r\n\x1a\n"

    rows = [{"name": "Hat", "price": 3, "cover": {"url": asset["hostedUrl"]}}, {"name": "Bag"}]
    status, made = caller.ask("POST", f"{base}/items", {"collection": "goods", "items": rows, "locales": ["en", "de"]})
    assert (status, [item["fieldData"]["slug"] for item in made["items"]]) == (201, ["hat", "hat", "bag", "bag"])
    cover = made["items"][0]["fieldData"]["cover"]["url"]
    assert cover.startswith(f"{ORIGIN}{root}/cdn/")
    assert caller.send("GET", cover.removeprefix(ORIGIN)).status_code == 200
    drafts = {"collection": goods["id"], "items": 2, "published": False, "draft": True}
    assert caller.ask("POST", f"{base}/items", drafts)[0] == 201
    archived = {"collection": goods["id"], "items": [{"name": "Old"}], "archived": True, "published": False}
    assert caller.ask("POST", f"{base}/items", archived)[0] == 201

    def names(query: str) -> int:
        status, found = caller.ask("GET", f"{base}/collections/goods/items{query}")
        assert status == 200
        return len(found["items"])

    counts = [
        names(query) for query in ("", "?view=live", "?view=drafts", "?view=archived", "?locale=de", "?view=staged")
    ]
    assert counts[:2] + counts[4:] == [5, 2, 2, 5]
    assert counts[3] == 1
    operations = [one["operation"] for one in caller.ask("GET", f"{base}/journal")[1]["exchanges"]]
    assert operations == ["files.read"] * 2  # what is arranged leaves nothing in the journal


@pytest.mark.parametrize(
    ("path", "body", "status", "facts"),
    [
        ("/sites", {}, 400, ["display_name is missing"]),
        ("/sites", {"display_name": "A", "local": []}, 400, ["local", "did you mean locales?"]),
        ("/sites", {"display_name": "A", "locales": []}, 400, ["at least one locale"]),
        ("/sites", {"display_name": 1}, 400, ["display_name", "a string"]),
        ("/collections", {"display_name": "A", "fields": {"x": "Numbr"}}, 400, ["Numbr", "did you mean Number?"]),
        ("/collections", {"display_name": "A", "site": "shp"}, 400, ["site", "'shp'"]),
        ("/collections", {"display_name": "A", "fields": 1}, 400, ["fields", "an object or a list"]),
        ("/items", {"collection": "goods"}, 400, ["items is missing"]),
        ("/items", {"collection": "god", "items": 1}, 400, ["'god'", "did you mean goods?"]),
        ("/items", {"collection": "goods", "items": [{"nam": "A"}]}, 400, ["nam", "did you mean name?"]),
        ("/items", {"collection": "goods", "items": [1]}, 400, ["items[0]", "an object"]),
        ("/items", {"collection": "goods", "items": -1}, 400, ["-1"]),
        ("/items", {"collection": "goods", "items": 10**9}, 400, ["100,000 at most"]),
        ("/items", {"collection": "goods", "items": 1, "locales": "fr"}, 400, ["'fr'", "en"]),
        ("/assets", {"content": {}, "file_name": "a"}, 400, ["content", "base64"]),
        ("/assets", {"content": {"text": "", "base64": ""}, "file_name": "a"}, 400, ["content", "base64"]),
        ("/assets", {"content": {"base64": "?"}, "file_name": "a"}, 400, ["content.base64", "not valid"]),
        ("/assets", {"content": {"text": ""}, "file_name": ""}, 400, ["file_name", "empty"]),
        ("/assets", {"content": {"text": ""}, "file_name": "a/b"}, 400, ["file name"]),
        ("/journal/assert", {"operation": "items.creat"}, 400, ["did you mean items.create"]),
        ("/journal/assert", {"operation": "items.create", "times": -1}, 400, ["times", "0 or more"]),
        ("/journal/assert", {}, 400, ["operation is missing"]),
        ("/deliveries/wait", {"timeout": 31}, 400, ["from 0 to 30"]),
        ("/deliveries/wait", {"count": -1}, 400, ["count", "0 or more"]),
        ("/deliveries/wait", {"trigger": "site_published"}, 400, ["site_publish"]),
        ("/deliveries/7/resend", {}, 404, ["'7'", "GET /_fake/deliveries"]),
    ],
)
def test_a_mistake_changes_nothing(
    caller: ControlCaller, hosted_fakes: HostedFakes, path: str, body: Any, status: int, facts: list[str]
) -> None:
    caller.ask("POST", "/_fake/collections", {"display_name": "Goods"})
    fake = hosted_fakes.fallback
    before = fake.state
    answered, said = caller.ask("POST", f"/_fake{path}", body)
    assert (answered, said["code"] != "") == (status, True)
    assert_facts(said["message"], *facts)
    assert fake.state == before


@pytest.mark.parametrize(
    ("path", "status", "facts"),
    [
        ("/collections/god/items", 404, ["'god'", "did you mean goods?"]),
        ("/collections/goods/items?view=drafs", 400, ["did you mean drafts?"]),
        ("/collections/goods/items?locale=xx", 400, ["'xx'", "en"]),
        ("/collections/goods/items?veiw=live", 400, ["did you mean view?"]),
        ("/scenario?secrets=yes", 400, ["secrets", "'yes'"]),
    ],
)
def test_a_question_that_cannot_be(caller: ControlCaller, path: str, status: int, facts: list[str]) -> None:
    caller.ask("POST", "/_fake/collections", {"display_name": "Goods"})
    answered, said = caller.ask("GET", f"/_fake{path}")
    assert answered == status
    assert_facts(said["message"], *facts)


def test_a_world_without_a_site(caller: ControlCaller) -> None:
    assert caller.ask("POST", "/_fake/seed", {"data": {}})[0] == 200
    asset = {"content": {"text": ""}, "file_name": "a"}
    for path, body in [
        ("collections", {"display_name": "A"}),
        ("items", {"collection": "a", "items": 1}),
        ("assets", asset),
    ]:
        status, said = caller.ask("POST", f"/_fake/{path}", body)
        assert (status, said["code"]) == (409, "no_site")
        assert_facts(said["message"], "POST /_fake/sites")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sites"),
        ("PUT", "/collections"),
        ("DELETE", "/items"),
        ("GET", "/assets"),
        ("POST", "/collections/goods/items"),
        ("POST", "/deliveries"),
        ("GET", "/deliveries/0/resend"),
        ("GET", "/deliveries/wait"),
        ("GET", "/journal/assert"),
        ("POST", "/scenario"),
    ],
)
def test_another_method_is_refused(caller: ControlCaller, base: str, method: str, path: str) -> None:
    answer = caller.send(method, f"{base}{path}")
    assert answer.status_code == 405
    assert answer.headers["Allow"]


def test_the_journal_is_asserted_on(caller: ControlCaller, base: str) -> None:
    _, goods = caller.ask("POST", f"{base}/collections", {"display_name": "Goods"})
    root, token = (
        ("", "test-token") if base == "/_fake" else ("/~story", caller.ask("PUT", "/_fake/forks/story")[1]["token"])
    )
    path = f"{root}/v2/collections/{goods['id']}/items"
    for name in ("Hat", "Bag"):
        assert caller.ask("POST", path, {"fieldData": {"name": name}}, token)[0] == 202

    def check(**wanted: Any) -> tuple[int, Any]:
        return caller.ask("POST", f"{base}/journal/assert", {"operation": "items.create", **wanted})

    status, found = check(json={"fieldData": {"name": "Bag"}}, path_params={"collection_id": goods["id"]}, status=202)
    assert (status, [one["number"] for one in found["exchanges"]]) == (200, [2])
    assert check(times=2)[0] == 200
    assert check(operation="items.delete", times=0) == (200, {"exchanges": []})
    status, said = check(json={"fieldData": {"name": "Cap"}})
    assert (status, said["code"]) == (409, "not_as_asserted")
    assert_facts(said["message"], "no call matched", "Closest to it", "'Hat', not 'Cap'", "\n")
    status, said = check(times=0)
    assert status == 409
    assert token not in said["message"]
