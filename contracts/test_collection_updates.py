"""Changing a collection: its names, its slug, and the groups of its fields."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from .kit.clauses import Choices, clause
from .kit.expect import expect_json, expect_refusal, expect_shape_problems
from .kit.sandbox import ABSENT_ID, Sandbox, SandboxCollection
from .kit.sandbox_fields import FIELDS_FOR_GROUPS


@pytest.fixture
def own(sandbox: Sandbox) -> SandboxCollection:
    """A collection of the test's own."""
    return sandbox.new_collection("own", FIELDS_FOR_GROUPS)


def change(sandbox: Sandbox, collection: SandboxCollection, **body: Any) -> requests.Response:
    """The answer to changing the collection."""
    return sandbox.call("PATCH", f"/collections/{collection.id}", json=body)


def ids(collection: SandboxCollection, *slugs: str) -> list[str]:
    """The ids of the collection's fields with these slugs."""
    return [str(collection.fields[slug]["id"]) for slug in slugs]


def now(sandbox: Sandbox, collection: SandboxCollection) -> dict[str, Any]:
    """The collection as it is now."""
    return dict(sandbox.client.collections.get(collection.id))


@clause("collections.update.answer")
def test_what_is_not_sent_stays(sandbox: Sandbox, own: SandboxCollection) -> None:
    before, name, slug = now(sandbox, own), sandbox.name("renamed"), sandbox.slug()
    for body in ({"displayName": name, "singularName": "Thing"}, {"slug": slug}, {}):
        after = expect_json(change(sandbox, own, **body))
        assert after == now(sandbox, own) == {**before, **body, "lastUpdated": after["lastUpdated"]}
        assert after["lastUpdated"] > before["lastUpdated"]
        before = after
    assert (before["displayName"], before["singularName"], before["slug"]) == (name, "Thing", slug)


@clause("collections.update.answer", "collections.create.duplicate")
def test_a_slug_that_another_collection_has(sandbox: Sandbox, own: SandboxCollection) -> None:
    before = now(sandbox, own)
    answer = change(sandbox, own, displayName="x", slug=sandbox.plain.answer["slug"])
    expect_refusal(answer, "collections.create.duplicate")
    assert now(sandbox, own) == before
    assert expect_json(change(sandbox, own, slug=before["slug"]))["slug"] == before["slug"]


@clause("collections.update.answer", "collections.not-found")
def test_a_collection_that_is_not_there_cannot_change(sandbox: Sandbox) -> None:
    answer = sandbox.call("PATCH", f"/collections/{ABSENT_ID}", json={"displayName": "x"})
    expect_refusal(answer, "collections.not-found")


@clause("collections.update.answer")
def test_live_writes_go_on_after_a_change_of_names(sandbox: Sandbox) -> None:
    item = sandbox.new_published_item(sandbox.rules, needed="here")
    expect_json(change(sandbox, sandbox.rules, singularName="Writer"))
    sandbox.client.live_items.update(sandbox.rules.id, item["id"], {"fieldData": {"name": sandbox.name()}})


@clause("collections.field-groups.keys", "collections.field-groups.replaced")
def test_groups_replace_those_there_were(sandbox: Sandbox) -> None:
    first = [
        {"displayName": "Above", "fieldIds": ids(sandbox.scratch, "two", "one"), "description": "What comes first"},
        {"displayName": "Below", "fieldIds": []},
    ]
    second = [{"displayName": "All", "fieldIds": ids(sandbox.scratch, "one", "two", "three")}]
    for groups in (first, second):
        made = expect_json(change(sandbox, sandbox.scratch, fieldGroups=groups))
        assert made["fieldGroups"] == groups
        assert [{*group} for group in made["fieldGroups"]] == [{*group} for group in groups]
        assert now(sandbox, sandbox.scratch) == made
    assert expect_json(change(sandbox, sandbox.scratch, singularName="Thing"))["fieldGroups"] == second


@clause("collections.field-groups.replaced")
def test_a_deleted_field_leaves_its_group(sandbox: Sandbox, own: SandboxCollection) -> None:
    one, two = ids(own, "one", "two")
    expect_json(change(sandbox, own, fieldGroups=[{"displayName": "Both", "fieldIds": [one, two]}]))
    sandbox.client.collections.delete_field(own.id, one)
    assert now(sandbox, own)["fieldGroups"] == [{"displayName": "Both", "fieldIds": [two]}]


@clause("collections.field-groups.none")
def test_a_collection_without_groups(sandbox: Sandbox, choice: Choices) -> None:
    answer = now(sandbox, sandbox.plain)
    saw = "absent" if "fieldGroups" not in answer else "empty" if answer["fieldGroups"] == [] else None
    choice("collections.field-groups.none").record(saw, answer)


def refuses(sandbox: Sandbox, groups: Any, clause_id: str, path: str) -> None:
    """Checks that these groups are refused there, and that nothing changes."""
    with sandbox.expect_unchanged(sandbox.grouped, f"/collections/{sandbox.grouped.id}"):
        answer = change(sandbox, sandbox.grouped, displayName="x", fieldGroups=groups)
    expect_refusal(answer, clause_id, path=path)


@clause("collections.field-groups.same-name")
@pytest.mark.parametrize("name", ["Group", "gROUP"])
def test_two_groups_of_one_name(sandbox: Sandbox, name: str) -> None:
    groups = [{"displayName": "Group", "fieldIds": []}, {"displayName": name, "fieldIds": []}]
    refuses(sandbox, groups, "collections.field-groups.same-name", "fieldGroups[1].displayName")


@clause("collections.field-groups.one-group")
def test_a_field_in_two_groups(sandbox: Sandbox) -> None:
    one, two = ids(sandbox.grouped, "one", "two")
    groups = [{"displayName": "A", "fieldIds": [one]}, {"displayName": "B", "fieldIds": [two, one]}]
    refuses(sandbox, groups, "collections.field-groups.one-group", "fieldGroups[1].fieldIds[1]")


@clause("collections.field-groups.name-or-slug")
@pytest.mark.parametrize("slug", ["name", "slug"])
def test_name_and_slug_in_a_group(sandbox: Sandbox, slug: str) -> None:
    groups = [{"displayName": "A", "fieldIds": ids(sandbox.grouped, slug)}]
    refuses(sandbox, groups, "collections.field-groups.name-or-slug", "fieldGroups[0].fieldIds[0]")


@clause("collections.field-groups.unknown-field")
@pytest.mark.parametrize("whose", ["nobody's", "another's"])
def test_a_field_of_another_collection_in_a_group(sandbox: Sandbox, whose: str) -> None:
    field_id = "0" * 32 if whose == "nobody's" else sandbox.everything.fields["text"]["id"]
    groups = [{"displayName": "A", "fieldIds": [field_id]}]
    refuses(sandbox, groups, "collections.field-groups.unknown-field", "fieldGroups[0].fieldIds[0]")


@clause("collections.field-groups.fifty")
def test_fifty_groups_at_most(sandbox: Sandbox) -> None:
    groups = [{"displayName": f"Group {number}", "fieldIds": []} for number in range(51)]
    answer = change(sandbox, sandbox.scratch, fieldGroups=groups)
    expect_shape_problems(answer, ("collections.field-groups.fifty", {"subject": "Value (fieldGroups)", "limit": 50}))
    assert len(expect_json(change(sandbox, sandbox.scratch, fieldGroups=groups[:50]))["fieldGroups"]) == 50


@clause("collections.field-groups.too-long")
@pytest.mark.parametrize(("key", "limit"), [("displayName", 64), ("description", 256)])
def test_names_and_descriptions_have_a_length(sandbox: Sandbox, key: str, limit: int) -> None:
    def send(length: int) -> requests.Response:
        return change(sandbox, sandbox.scratch, fieldGroups=[{"displayName": "A", "fieldIds": [], key: "x" * length}])

    where = {"subject": f"Value (fieldGroups[0].{key})", "limit": limit}
    expect_shape_problems(send(limit + 1), ("collections.field-groups.too-long", where))
    assert expect_json(send(limit))["fieldGroups"][0][key] == "x" * limit
