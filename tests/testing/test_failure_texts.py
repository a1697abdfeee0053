"""What a failed test is told: the assertion's own text, the journal, the rules that refused.

A few texts are here as a whole, to be read; of the others, what they have to say.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from messages import assert_facts
from running import Run

from fake_webflow import FakeWebflow
from fake_webflow.testing.failure_section import journal_section

pytest_plugins = ["pytester"]


@pytest.fixture
def webflow(fake_webflow: FakeWebflow) -> FakeWebflow:
    notes = fake_webflow.add_collection("Notes", fields={"Text": "PlainText"})
    for name in ("Ada", "Bob"):
        fake_webflow.client.items.create(notes.id, {"fieldData": {"name": name}, "isDraft": True})
    fake_webflow.client.live_items.create(notes.id, {"fieldData": {"name": "Cleo"}})
    fake_webflow.client.items.list(notes.id, limit=5)
    return fake_webflow


def text_of(webflow: FakeWebflow, call: str, *arguments: object, **options: object) -> str:
    """The text of a failed assertion, with the collection's id left out."""
    with pytest.raises(AssertionError) as failed:
        getattr(webflow.journal, call)(*arguments, **options)
    return str(failed.value).replace(webflow.collections["notes"].id, "ID")


CREATED = "POST /v2/collections/ID/items -> 202 (items.create)"


def test_a_call_with_another_body(webflow: FakeWebflow) -> None:
    where = {"fieldData": {"name": "Ben", "text": "x"}, "isDraft": False}
    assert text_of(webflow, "assert_called", "items.create", json=where).splitlines() == [
        f"expected items.create with json={where} to be called at least once; no call matched",
        "Closest to it:",
        f"  1 {CREATED}",
        "      body.fieldData.name is 'Ada', not 'Ben'",
        "      body.fieldData.text is missing; choose one of: name",
        "      body.isDraft is True, not False",
        f"  2 {CREATED}",
        "      body.fieldData.name is 'Bob', not 'Ben'",
        "      body.fieldData.text is missing; choose one of: name",
        "      body.isDraft is True, not False",
    ]


def test_the_closest_call_comes_first(webflow: FakeWebflow) -> None:
    said = text_of(webflow, "assert_called", "items.create", json={"isDraft": True, "fieldData": {"name": "Bo"}})
    assert said.splitlines()[2] == f"  1 {CREATED}"
    said = text_of(webflow, "assert_called", "items.create", json={"fieldData": {"name": "Bob"}}, times=2)
    first, _, found, _, closest, difference = said.splitlines()
    assert_facts(first, "items.create", "{'fieldData': {'name': 'Bob'}}", "twice", "got 1")
    assert (found, closest) == (f"  2 {CREATED}", f"  1 {CREATED}")
    assert_facts(difference, "body.fieldData.name", "'Ada'", "'Bob'")


def test_the_wrong_number_of_calls(webflow: FakeWebflow) -> None:
    first, _, *found = text_of(webflow, "assert_called", "items.create", times=3).splitlines()
    assert_facts(first, "items.create", "3 times", "got 2")
    assert found == [f"  1 {CREATED}", f"  2 {CREATED}"]


def test_more_calls_than_are_shown(webflow: FakeWebflow) -> None:
    for number in range(5):
        webflow.client.items.create(webflow.collections["notes"].id, {"fieldData": {"name": str(number)}})
    said = text_of(webflow, "assert_not_called", "items.create").splitlines()
    assert_facts(said[0], "items.create", "got 7")
    assert [line.partition(" POST")[0].strip() for line in said[1:]] == ["1", "2", "5", "6", "7", "and 2 more"]


def test_no_call_at_all_to_the_operation(webflow: FakeWebflow) -> None:
    where = {"fieldData": {"name": "Cleo"}}
    assert text_of(webflow, "assert_called", "items.create-bulk", json=where).splitlines() == [
        f"expected items.create-bulk with json={where} to be called at least once; it was not called",
        "Other operations whose calls match:",
        "  3 POST /v2/collections/ID/items/live -> 202 (live-items.create)",
        "These were called: items.create (2), live-items.create (1), items.list (1).",
    ]


def test_the_journal_prints_its_calls(webflow: FakeWebflow) -> None:
    assert str(webflow.journal).splitlines()[2:] == [
        f"  3 POST /v2/collections/{webflow.collections['notes'].id}/items/live -> 202 (live-items.create)",
        f"  4 GET /v2/collections/{webflow.collections['notes'].id}/items -> 200 (items.list)",
    ]


def test_no_call_at_all(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(AssertionError) as failed:
        fake_webflow.journal.assert_called("sites.list")
    first, second = str(failed.value).splitlines()
    assert_facts(first, "sites.list", "at least once", "not called")
    assert_facts(second, "Nothing", "https://api.webflow.com", "requests, httpx, urllib3 or aiohttp", "base_url")


def test_a_call_that_the_journal_does_not_have(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(IndexError, match=r"^Nothing was called .* https://api\.webflow\.com"):
        fake_webflow.journal[-1]
    fake_webflow.client.sites.list()
    assert fake_webflow.journal[-1].operation == "sites.list"
    with pytest.raises(IndexError, match=r"no call at 1\b.*\b1 call$"):
        fake_webflow.journal[1]


def test_other_parts_of_a_call(webflow: FakeWebflow) -> None:
    said = text_of(webflow, "assert_called", "items.list", query={"limit": "10"}, path_params={"item": "1"}, status=404)
    first, _, closest, *differences = said.splitlines()
    assert_facts(
        first, "items.list", "path_params={'item': '1'}", "query={'limit': '10'}", "status=404", "no call matched"
    )
    assert closest == "  4 GET /v2/collections/ID/items -> 200 (items.list)"
    facts = (["path_params.item", "collection_id"], ["query.limit", "'5'", "'10'"], ["status", "200", "404"])
    for line, expected in zip(differences, facts, strict=True):
        assert_facts(line, *expected)


def test_a_call_that_was_not_to_be(webflow: FakeWebflow) -> None:
    first, *found = text_of(webflow, "assert_not_called", "*.create").splitlines()
    assert_facts(first, "no call", "*.create", "got 3")
    live = "POST /v2/collections/ID/items/live -> 202 (live-items.create)"
    assert found == [f"  1 {CREATED}", f"  2 {CREATED}", f"  3 {live}"]


@pytest.mark.parametrize("times", [0, -1, "2", 1.5, True])
def test_a_number_of_times_that_is_none(fake_webflow: FakeWebflow, times: Any) -> None:
    with pytest.raises(ValueError, match=r"^times .* 1 or more") as raised:
        fake_webflow.journal.assert_called("items.create", times=times)
    assert_facts(str(raised.value), repr(times), "assert_not_called")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("item.create", "did you mean items.create"),
        ("create-item-live", "Webflow's create-item-live is live-items.create"),
        ("itms.*", "did you mean items."),
    ],
)
def test_an_operation_that_is_not_there_is_told_with_the_nearest(
    fake_webflow: FakeWebflow, name: str, hint: str
) -> None:
    for use in (
        fake_webflow.journal.assert_called,
        fake_webflow.journal.assert_not_called,
        fake_webflow.journal.calls_to,
        fake_webflow.faults.on,
    ):
        with pytest.raises(ValueError, match="no operation") as raised:
            use(name)
        assert_facts(str(raised.value), repr(name), hint)


def test_the_report_of_a_failed_test_has_the_journal_and_the_rules_that_refused(run: Run) -> None:
    result = run(
        """
    import requests

    def test_it(fake_webflow):
        notes = fake_webflow.add_collection("Notes")
        headers = {"Authorization": f"Bearer {fake_webflow.token}"}
        url = f"https://api.webflow.com/v2/collections/{notes.id}/items"
        item = requests.post(url, json={"fieldData": {"name": "Ada"}}, headers=headers).json()
        fake_webflow.faults.on("items.get").delay(2).respond(503)
        requests.get(f"{url}/{item['id']}", headers=headers)
        change = {"fieldData": {"name": "test-token"}}
        response = requests.patch(f"{url}/{item['id']}/live", json=change, headers=headers)
        assert response.status_code == 200
    """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- fake Webflow journal -*",
            "  1 POST /v2/collections/*/items -> 202 (items.create)",
            "  2 GET /v2/collections/*/items/* -> 503 (items.get) (fault: delayed by 2 s, 503 service_unavailable)",
            "  3 PATCH /v2/collections/*/items/*/live -> 409 (live-items.update) [[]items.update-live.never-*",
            "",
            "Refused by:",
            "items.update-live.never-published (observed)",
            "  A live update is refused as a whole when one of its items has never been published*",
        ],
        consecutive=True,
    )


NOTES = {
    "Text": "PlainText",
    "Kind": {"type": "Option", "isRequired": True, "validations": {"options": ["A", "B"]}},
    "By": {"type": "Reference", "validations": {"collectionId": "authors"}},
}


def accepted(webflow: FakeWebflow) -> list[str]:
    """The last part of the section, with ids left out."""
    text = journal_section(list(webflow.journal), webflow.state.world)
    said = text.partition("What would have been accepted:\n")[2]
    return [re.sub(r"\b([0-9a-f]{24}|[0-9a-f]{32})\b", "ID", line.strip()) for line in said.splitlines()]


def test_the_report_says_what_would_have_been_accepted(fake_webflow: FakeWebflow, headers: dict[str, str]) -> None:
    api = "https://api.webflow.com/v2"
    notes = fake_webflow.add_collection("Notes", fields=NOTES)
    requests.post(
        f"{api}/collections/{notes.id}/items", json={"fieldData": {"name": "Ada", "Kind": "A"}}, headers=headers
    )
    assert accepted(fake_webflow) == [
        "field data of Notes: name (PlainText, required), slug (PlainText), text (PlainText), "
        "kind (Option, required, one of ID for A, ID for B), by (Reference, ids of items of authors)"
    ]
    fake_webflow.journal.clear()
    requests.get(f"{api}/collections/posts/items", headers=headers)
    requests.get(f"{api}/sites/{notes.id}", headers=headers)
    requests.get(f"{api}/sites/{notes.id}", headers=headers)
    requests.get(f"{api}/collection/{notes.id}", headers=headers)
    requests.get(f"{api}/sites")
    token, path, site, collection = accepted(fake_webflow)
    assert_facts(token, "'Authorization: Bearer '", "fake_webflow.token")
    near = ("", "/items", "/items/live")
    assert_facts(path, ", ".join(f"GET /v2/collections/{{collection_id}}{rest}" for rest in near))
    assert_facts(site, "site_id", f"ID ({fake_webflow.site.display_name})")
    assert_facts(collection, "collection_id", "ID (authors), ID (posts), ID (comments), ID (notes)")


def test_the_report_says_where_an_item_is_that_was_not_found(
    fake_webflow: FakeWebflow, headers: dict[str, str]
) -> None:
    api = "https://api.webflow.com/v2/collections"
    notes, authors = fake_webflow.add_collection("Notes"), fake_webflow.collections["authors"]
    ada, bob = (fake_webflow.add_item(notes, {"name": name})["id"] for name in ("Ada", "Bob"))
    assert requests.get(f"{api}/{authors.id}/items/{ada}", headers=headers).status_code == 404
    [line] = accepted(fake_webflow)
    assert_facts(line, "item ID", "collection_id ID (notes)")

    fake_webflow.journal.clear()
    assert requests.get(f"{api}/{notes.id}/items/{authors.id}", headers=headers).status_code == 404
    [line] = accepted(fake_webflow)
    assert_facts(line, "item of notes", "ID (bob), ID (ada)")

    fake_webflow.journal.clear()
    body = {"items": [{"id": bob, "fieldData": {"name": "B"}}, {"id": authors.id, "fieldData": {"name": "A"}}]}
    assert requests.patch(f"{api}/{notes.id}/items", json=body, headers=headers).status_code == 404
    body = {"items": [{"id": ada}, {"id": authors.id}]}
    assert requests.delete(f"{api}/{notes.id}/items", json=body, headers=headers).status_code == 404
    [line] = accepted(fake_webflow)
    assert_facts(line, "item of notes", "ID (bob), ID (ada)")

    fake_webflow.journal.clear()
    french = {"cmsLocaleId": fake_webflow.site.secondary[-1].cms_locale_id}
    assert requests.get(f"{api}/{notes.id}/items/{ada}", params=french, headers=headers).status_code == 404
    [line] = accepted(fake_webflow)
    assert_facts(line, "item ID", "locale", fake_webflow.site.primary.tag)


def test_a_call_to_the_common_address_that_no_fake_took(run: Run) -> None:
    result = run(
        """
    import requests

    def test_wrong_token(fake_webflow, fake_webflow_server):
        headers = {"Authorization": f"Bearer {fake_webflow.token}"}
        requests.get(f"{fake_webflow_server.base_url}/sites", headers=headers).raise_for_status()

    def test_after(fake_webflow_server):
        assert False
    """
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "  1 GET /v2/sites -> 401 (sites.list) [[]errors.not-authorized] *",
            "What would have been accepted:",
            "*token fake_webflow_server.token*fake_webflow_server.base_url*fake_webflow_server.own_base_url*",
        ]
    )
    assert result.stdout.str().count("(sites.list)") == 1


def test_a_form_is_told_of_json(fake_webflow: FakeWebflow, headers: dict[str, str]) -> None:
    url = f"https://api.webflow.com/v2/collections/{fake_webflow.collections['authors'].id}/items"
    for body in ({"name": "Ada"}, b"{}"):
        assert requests.post(url, data=body, headers=headers).status_code == 400
    form, without = sorted(accepted(fake_webflow))
    assert_facts(form, "'Content-Type: application/json'", "'application/x-www-form-urlencoded'", "json=...")
    assert_facts(without, "'none'")


def test_what_is_not_simulated_can_be_stubbed(fake_webflow: FakeWebflow, headers: dict[str, str]) -> None:
    requests.get(f"https://api.webflow.com/v2/sites/{fake_webflow.site.id}/pages", headers=headers)
    (line,) = accepted(fake_webflow)
    assert 'fake_webflow.stub("list-pages", json=...)' in line


def test_the_report_says_which_field_was_wrong(fake_webflow: FakeWebflow, headers: dict[str, str]) -> None:
    authors = fake_webflow.collections["authors"]
    url = f"https://api.webflow.com/v2/collections/{authors.id}/items"
    requests.post(url, json={"fieldData": {"name": "Ada", "Born": "1815"}}, headers=headers)
    assert fake_webflow.journal[-1].problems == ("Born: Field not described in schema: undefined",)
    assert "Validation Error: Born: Field not described in schema" in journal_section(
        list(fake_webflow.journal), fake_webflow.state.world
    )


def test_where_there_is_nothing_to_add_to_the_rule_nothing_is_added(
    fake_webflow: FakeWebflow, headers: dict[str, str]
) -> None:
    sites = "https://api.webflow.com/v2/sites"
    assert requests.get(sites, headers=headers).status_code == 200
    fake_webflow.faults.on(nth=1).refuse("errors.not-authorized")
    assert requests.get(sites, headers=headers).status_code == 401
    fake_webflow.rate_limit(1)
    assert [requests.get(sites, headers=headers).status_code for _ in range(2)] == [200, 429]
    assert accepted(fake_webflow) == []
    fake_webflow.journal.clear()
    requests.get("https://api.webflow.com/", headers=headers)
    [line] = accepted(fake_webflow)
    assert_facts(line, "a path", "begins with /v2")


def test_open_choices_are_told_with_their_options(run: Run) -> None:
    result = run(
        """
    def test_it(fake_webflow):
        fake_webflow.limit_scopes([])
        fake_webflow.rate_limit(1)
        for _ in range(2):
            with __import__("contextlib").suppress(Exception):
                fake_webflow.client.token.introspect()
        assert False
    """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "Refused by:",
            "rate.too-many-requests (*)",
            "rate.message (*)",
            "*open choice*Too Many Requests: *; Too many requests: *",
        ]
    )


MISTAKES = {
    'fake_webflow.add_collection("Notes", fields={"Text": "Plaintext"})': "did you mean PlainText",
    'fake_webflow.add_item("posts", {"nmae": "Ada"})': "did you mean name?",
    'fake_webflow.items("post")': "did you mean posts?",
    "fake_webflow.clock.advance(-1)": "only goes forward",
    'fake_webflow.faults.on("items.craete")': "did you mean items.create",
    'fake_webflow.faults.on("items.create").respond(200)': "from 400 to 599, not 200",
    'fake_webflow.journal.assert_called("items.craete")': "did you mean items.create",
    'fake_webflow.journal.assert_called("items.create")': "items.create to be called at least once",
}


def test_an_error_is_shown_where_the_test_is_and_not_in_here(run: Run) -> None:
    result = run("\n".join(f"def test_{n}(fake_webflow): {mistake}" for n, mistake in enumerate(MISTAKES)))
    result.assert_outcomes(failed=len(MISTAKES))
    output = result.stdout.str()
    for text in MISTAKES.values():
        assert text in output
    assert "fake_webflow/testing" not in output
    assert "contextlib" not in output


def test_a_fault_that_was_only_begun(run: Run) -> None:
    result = run("def test_it(fake_webflow): fake_webflow.faults.on('items.create')")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "* ERROR at teardown of test_it *",
            "IdleFault: a fault was begun *.py:1, for each of items.create*",
            "* short test summary info *",
        ],
        consecutive=True,
    )


def test_the_journal_is_compared_as_a_list_and_prints_how_long_it_is(webflow: FakeWebflow) -> None:
    assert webflow.journal == list(webflow.journal)
    assert webflow.journal != webflow.journal[:2]
    assert webflow.journal != 4
    assert repr(webflow.journal) == "<journal: 4 calls>"
    webflow.journal.clear()
    assert webflow.journal == []
    webflow.client.sites.list()
    assert repr(webflow.journal) == "<journal: 1 call>"
    with pytest.raises(ValueError, match="the journal itself is a sequence of all calls"):
        webflow.journal.calls_to()
