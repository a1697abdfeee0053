"""Collections and their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from .kit.clauses import Choices, ClauseDiffers, clause
from .kit.expect import TIMESTAMP_PATTERN, expect_field_problems, expect_json, expect_keys, expect_refusal, is_refused
from .kit.sandbox import ABSENT_ID, Sandbox, SandboxCollection
from .kit.sandbox_fields import FIELD_OF_EVERY_TYPE

FIELD_ID = r"[0-9a-f]{32}"
SUMMARY = ["id", "displayName", "singularName", "slug", "createdOn", "lastUpdated"]
FIELD = ["id", "isEditable", "isRequired", "type", "slug", "displayName", "helpText", "validations"]


@pytest.fixture
def own(sandbox: Sandbox) -> SandboxCollection:
    """A collection of the test's own."""
    return sandbox.new_collection("own")


@pytest.fixture
def scratch(sandbox: Sandbox) -> SandboxCollection:
    """A collection whose fields tests may change; several share it."""
    return sandbox.scratch


def fields_of(sandbox: Sandbox, collection: SandboxCollection) -> dict[str, dict[str, Any]]:
    """The collection's fields as they are now, by slug."""
    return SandboxCollection(sandbox.client.collections.get(collection.id)).fields


@clause("collections.not-found")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/items", None),
        ("POST", "/items", {"fieldData": {"name": "x"}}),
        ("PATCH", "/items", {"items": []}),
        ("POST", "/items/publish", {"itemIds": []}),
        ("GET", f"/items/{ABSENT_ID}", None),
        ("POST", "/fields", {"type": "Switch", "displayName": "x"}),
        ("DELETE", "", None),
    ],
)
def test_a_collection_that_is_not_there(sandbox: Sandbox, method: str, path: str, body: Any) -> None:
    expect_refusal(sandbox.call(method, f"/collections/{ABSENT_ID}{path}", json=body), "collections.not-found")


@clause("collections.list.summaries")
def test_a_sites_collections_come_at_once_without_fields(sandbox: Sandbox) -> None:
    answer = expect_json(
        sandbox.call("GET", f"/sites/{sandbox.site_id}/collections", query={"limit": "1", "offset": "1"})
    )
    expect_keys(answer, ["collections"], "collections.list.summaries")
    by_id = {found["id"]: found for found in answer["collections"]}
    for own in (sandbox.authors, sandbox.everything, sandbox.plain):
        expect_keys(by_id[own.id], SUMMARY, "collections.list.summaries")
        assert by_id[own.id] == {key: own.answer[key] for key in SUMMARY}


def without_empty_groups(collection: Mapping[str, Any]) -> dict[str, Any]:
    """The collection without the empty ``fieldGroups``, which an open choice lets it have."""
    return {key: value for key, value in collection.items() if (key, value) != ("fieldGroups", [])}


@clause("collections.field.keys", "collections.field.create")
def test_the_keys_of_fields_of_every_type(sandbox: Sandbox) -> None:
    expect_keys(without_empty_groups(sandbox.everything.answer), [*SUMMARY, "fields"], "collections.list.summaries")
    for field in sandbox.everything.answer["fields"]:
        expect_keys(field, FIELD, "collections.field.keys")
    for field_sent in FIELD_OF_EVERY_TYPE:
        field = sandbox.everything.fields[str(field_sent["displayName"]).lower()]
        observed = {key: field[key] for key in ("type", "displayName", "isRequired", "helpText")}
        expected = {
            "type": field_sent["type"],
            "displayName": field_sent["displayName"],
            "isRequired": False,
            "helpText": None,
        }
        assert observed == expected
    assert sandbox.everything.fields["text"]["validations"] is None


@clause("collections.field.id", "collections.field.create")
def test_ids_of_fields_and_options_have_32_digits(sandbox: Sandbox) -> None:
    options = sandbox.everything.fields["option"]["validations"]["options"]
    assert [option["name"] for option in options] == ["First", "Second"]
    for found in [*sandbox.everything.answer["fields"], *options]:
        if not re.fullmatch(FIELD_ID, found["id"]):
            raise ClauseDiffers("collections.field.id", "32 lower-case hexadecimal digits", found["id"])


@clause("collections.name-and-slug", "collections.create.answer")
def test_every_collection_has_a_name_and_a_slug(sandbox: Sandbox) -> None:
    for collection in (sandbox.plain, sandbox.everything):
        name, slug, *_others = collection.answer["fields"]
        assert (name["slug"], name["type"], name["isRequired"]) == ("name", "PlainText", True)
        assert (slug["slug"], slug["type"], slug["isRequired"]) == ("slug", "PlainText", True)
        assert name["validations"] == {"maxLength": 256}
        rules = {
            "maxLength": 256,
            "pattern": {},
            "messages": {
                "pattern": "Must be alphanumerical and not contain any spaces or special characters",
                "maxLength": "Must be less than 256 characters",
            },
        }
        assert slug["validations"] == rules
        expect_keys(slug["validations"], list(rules), "collections.name-and-slug")


@clause("collections.item-writes")
@pytest.mark.parametrize("write", ["create", "publish", "update", "delete"])
def test_item_writes_leave_collection_and_site_alone(sandbox: Sandbox, write: str) -> None:
    def dates() -> list[str]:
        site = sandbox.client.sites.get(sandbox.site_id)
        collection = sandbox.client.collections.get(sandbox.everything.id)
        return [site["lastUpdated"], site["lastPublished"], collection["lastUpdated"]]

    collection, item = sandbox.everything.id, sandbox.new_item()
    before = dates()
    if write == "create":
        sandbox.client.items.create(collection, {"fieldData": {"name": sandbox.name()}})
    elif write == "publish":
        sandbox.client.items.publish(collection, [item["id"]])
    elif write == "update":
        sandbox.client.items.update(collection, item["id"], {"fieldData": {"name": sandbox.name()}})
    else:
        sandbox.client.items.delete(collection, item["id"])
    assert dates() == before


@clause("collections.create.answer", "collections.create.slug")
def test_a_collection_is_answered_as_it_is(sandbox: Sandbox) -> None:
    name = sandbox.name("Made Here")
    wanted = {"displayName": name, "singularName": "One", "fields": [{"type": "Switch", "displayName": "Is on"}]}
    answer = sandbox.call("POST", f"/sites/{sandbox.site_id}/collections", json=wanted)
    try:
        made = expect_json(answer)
        expect_keys(without_empty_groups(made), [*SUMMARY, "fields"], "collections.create.answer")
        assert (made["displayName"], made["singularName"]) == (name, "One")
        assert made["slug"] == name.lower().replace(" ", "-")
        assert [field["slug"] for field in made["fields"]] == ["name", "slug", "is-on"]
        assert re.fullmatch(TIMESTAMP_PATTERN, made["createdOn"])
        assert made == sandbox.client.collections.get(made["id"])
        again = sandbox.call("POST", f"/sites/{sandbox.site_id}/collections", json=wanted)
    finally:
        gone = sandbox.call("DELETE", f"/collections/{answer.json().get('id')}")
    assert again.status_code == 409
    assert gone.status_code == 204


@clause("collections.create.last-updated")
def test_a_new_collection_was_updated_after_it_was_created(sandbox: Sandbox) -> None:
    made = sandbox.everything.answer
    if not made["lastUpdated"] > made["createdOn"]:
        raise ClauseDiffers("collections.create.last-updated", f"later than {made['createdOn']}", made["lastUpdated"])


@clause("collections.create.duplicate")
def test_a_slug_that_another_collection_has(sandbox: Sandbox) -> None:
    taken = sandbox.plain.answer["slug"]
    answer = sandbox.call(
        "POST",
        f"/sites/{sandbox.site_id}/collections",
        json={"displayName": sandbox.name(), "singularName": sandbox.name(), "slug": taken},
    )
    expect_refusal(answer, "collections.create.duplicate")


@clause("collections.delete.answer", "collections.not-found", "items.not-found")
@pytest.mark.parametrize(
    ("method", "below"), [("GET", ""), ("GET", "/items"), ("GET", "/items/{item}"), ("DELETE", "")]
)
def test_a_deleted_collection_is_gone_with_its_items(
    sandbox: Sandbox, own: SandboxCollection, method: str, below: str
) -> None:
    item = sandbox.new_item(own)
    answer = sandbox.call("DELETE", f"/collections/{own.id}")
    assert (answer.status_code, answer.content) == (204, b"")
    path = f"/collections/{own.id}{below.format(item=item['id'])}"
    expect_refusal(sandbox.call(method, path), "collections.not-found")


@clause("collections.delete.referenced")
def test_a_collection_that_a_field_refers_to_stays(sandbox: Sandbox) -> None:
    answer = sandbox.call("DELETE", f"/collections/{sandbox.authors.id}")
    expect_refusal(answer, "collections.delete.referenced", name=sandbox.everything.answer["displayName"])
    assert sandbox.client.collections.get(sandbox.authors.id)["id"] == sandbox.authors.id


@clause("collections.field.create", "collections.field.keys", "collections.field.slug")
def test_a_field_is_answered_as_it_is(sandbox: Sandbox, scratch: SandboxCollection) -> None:
    made = sandbox.client.collections.create_field(
        scratch.id, {"type": "PlainText", "displayName": "Sub Title", "helpText": "Below", "isRequired": False}
    )
    expect_keys(made, FIELD, "collections.field.keys")
    assert made == fields_of(sandbox, scratch)["sub-title"]
    assert (made["helpText"], made["isRequired"], made["isEditable"]) == ("Below", False, True)


@clause("collections.field.create")
def test_rules_cannot_be_set_with_a_field(sandbox: Sandbox, scratch: SandboxCollection) -> None:
    wanted = {"type": "PlainText", "displayName": "Short", "validations": {"maxLength": 3}}
    made = sandbox.client.collections.create_field(scratch.id, wanted)
    assert made["validations"] is None


@clause("collections.field.create", "collections.not-found")
def test_a_reference_names_its_collection(sandbox: Sandbox, own: SandboxCollection) -> None:
    wanted = {"type": "Reference", "displayName": "Author", "metadata": {"collectionId": sandbox.authors.id}}
    sandbox.client.collections.create_field(own.id, wanted)
    made = fields_of(sandbox, own)["author"]
    assert made["validations"] == {"collectionId": sandbox.authors.id}
    wrong = {"type": "Reference", "displayName": "Nobody", "metadata": {"collectionId": ABSENT_ID}}
    expect_refusal(sandbox.call("POST", f"/collections/{own.id}/fields", json=wrong), "collections.not-found")
    assert list(fields_of(sandbox, own)) == ["name", "slug", "author"]


@clause("collections.field.create-answer")
@pytest.mark.parametrize("kind", ["Option", "Reference", "MultiReference"])
def test_what_creating_a_field_answers_of_its_options_or_collection(
    sandbox: Sandbox, scratch: SandboxCollection, choice: Choices, kind: str
) -> None:
    metadata: dict[str, Any] = {"options": [{"name": "News"}]} if kind == "Option" else {"collectionId": scratch.id}
    if kind != "Option":  # the collection it refers to was never published
        choice("collections.field.unpublished-target").needs("accept")
    wanted = {"type": kind, "displayName": kind, "metadata": metadata}
    made = sandbox.client.collections.create_field(scratch.id, wanted)
    told = fields_of(sandbox, scratch)[made["slug"]]["validations"]
    options = {"metadata": (told, None), "validations": (None, told)}
    seen = made.get("metadata"), made.get("validations")
    choice("collections.field.create-answer").record(
        next((option for option, value in options.items() if value == seen), None), made
    )


@clause("collections.field.unpublished-target")
def test_whether_a_field_refers_to_a_collection_that_was_never_published(
    sandbox: Sandbox, scratch: SandboxCollection, choice: Choices
) -> None:
    wanted = {"type": "Reference", "displayName": "Other", "metadata": {"collectionId": scratch.id}}
    answer = sandbox.call("POST", f"/collections/{scratch.id}/fields", json=wanted)
    saw = "accept" if answer.status_code == 200 else None
    if is_refused(answer, "collections.field.unpublished-target"):
        saw = "reject"
    choice("collections.field.unpublished-target").record(saw, answer)


@clause("collections.field.duplicate")
@pytest.mark.parametrize("name", ["Name", "name", "NAME"])
def test_a_slug_that_another_field_has(sandbox: Sandbox, name: str) -> None:
    path = f"/collections/{sandbox.grouped.id}"
    with sandbox.expect_unchanged(sandbox.grouped, path):
        answer = sandbox.call("POST", f"{path}/fields", json={"type": "Switch", "displayName": name})
    expect_refusal(answer, "collections.field.duplicate", slug="name")


@clause("collections.field.sixty")
def test_a_collection_has_sixty_fields(sandbox: Sandbox) -> None:
    full = sandbox.new_collection("full", [{"type": "Switch", "displayName": f"Field {n}"} for n in range(58)])
    assert len(full.fields) == 60
    one_more = {"type": "Switch", "displayName": "One more"}
    expect_refusal(sandbox.call("POST", f"/collections/{full.id}/fields", json=one_more), "collections.field.sixty")
    assert len(fields_of(sandbox, full)) == 60


@clause("collections.field.five-multi-references")
def test_a_collection_has_five_multi_reference_fields(sandbox: Sandbox) -> None:
    fields: list[dict[str, Any]] = [
        {"type": "MultiReference", "displayName": f"Field {n}", "metadata": {"collectionId": sandbox.authors.id}}
        for n in range(6)
    ]
    full = sandbox.new_collection("full", fields[:5])
    answer = sandbox.call("POST", f"/collections/{full.id}/fields", json=fields[5])
    expect_refusal(answer, "collections.field.five-multi-references")


@clause("collections.field.update", "collections.field.slug")
def test_what_of_a_field_changes(sandbox: Sandbox, own: SandboxCollection) -> None:
    made = sandbox.client.collections.create_field(own.id, {"type": "Number", "displayName": "Rank"})
    changes = {"displayName": "Position", "helpText": "Counted from 1", "isRequired": True}
    changed = sandbox.client.collections.update_field(own.id, made["id"], changes)
    assert changed == {**made, **changes}
    assert fields_of(sandbox, own)["rank"] == changed


@clause("collections.field.not-found")
def test_a_field_that_is_not_there(sandbox: Sandbox) -> None:
    path = f"/collections/{sandbox.plain.id}/fields/{'0' * 32}"
    expect_refusal(sandbox.call("PATCH", path, json={"helpText": "x"}), "collections.field.not-found")
    expect_refusal(sandbox.call("DELETE", path), "collections.field.not-found")


@clause("collections.field.delete.answer", "collections.field.delete.values", "field-data.unknown-field")
def test_a_deleted_field_takes_its_values_with_it(sandbox: Sandbox, scratch: SandboxCollection) -> None:
    made = sandbox.client.collections.create_field(scratch.id, {"type": "PlainText", "displayName": "Passing"})
    item = sandbox.new_item(scratch, passing="here")
    assert item["fieldData"]["passing"] == "here"
    answer = sandbox.call("DELETE", f"/collections/{scratch.id}/fields/{made['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    after = sandbox.get_staged(item, scratch)
    assert after["fieldData"] == {key: value for key, value in item["fieldData"].items() if key != "passing"}
    again = sandbox.call("PATCH", f"{scratch.path}/{item['id']}", json={"fieldData": {"passing": "x"}})
    expect_field_problems(again, ("passing", "field-data.unknown-field"))


@clause("collections.field.delete.name-or-slug")
@pytest.mark.parametrize("slug", ["name", "slug"])
def test_name_and_slug_stay(sandbox: Sandbox, slug: str) -> None:
    field = sandbox.plain.fields[slug]
    answer = sandbox.call("DELETE", f"/collections/{sandbox.plain.id}/fields/{field['id']}")
    expect_refusal(answer, "collections.field.delete.name-or-slug", slug=slug)
    assert slug in fields_of(sandbox, sandbox.plain)
