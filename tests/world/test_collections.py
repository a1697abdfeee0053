"""Making, changing and deleting collections and their fields."""

from __future__ import annotations

import pytest
from worlds import (
    AUTHORS_ID,
    FOREIGN_ID,
    POSTS_ID,
    SITE_ID,
    Moment,
    created,
    field,
    new,
    profile,
    refused,
    world,
)

from fake_webflow.world.collection_rules import (
    create_collection,
    create_field,
    delete_collection,
    delete_field,
    update_field,
)
from fake_webflow.world.plan_rules import PLAN_LIMITS
from fake_webflow.world.publishing_rules import publish_site


def posts(state):
    return state.collections[POSTS_ID]


def make(state, moment, name="Things", slug=None, fields=()):
    site = state.site(SITE_ID)
    return create_collection(state, site, moment, display_name=name, singular_name="Thing", slug=slug, fields=fields)


def plain(name: str, type_: str = "PlainText", **more: object):
    return {"type": type_, "displayName": name, **more}


@pytest.mark.clause(
    "collections.create.answer", "collections.create.slug", "collections.name-and-slug", "collections.field.id"
)
def test_a_new_collection():
    state, made = make(world(), Moment(), "My Things!", fields=[plain("First Field"), plain("Second")])
    assert made.slug == "my-things"
    assert [found.slug for found in made.fields] == ["name", "slug", "first-field", "second"]
    assert all(len(found.id) == 32 for found in made.fields)
    assert len({found.id for found in made.fields}) == 4
    assert made.fields[0].is_required
    assert made.fields[1].rule("maxLength") == 256
    assert state.collections[made.id] == made
    assert not made.structure_published
    assert publish_site(state, state.site(SITE_ID), [], Moment())[0].collections[made.id].structure_published


@pytest.mark.clause("collections.create.duplicate", "collections.create.slug")
def test_slugs_of_collections_are_unique_in_their_site():
    moment = Moment()
    assert refused(lambda: make(world(), moment, "Posts")).clause == "collections.create.duplicate"
    assert refused(lambda: make(world(), moment, "Other", slug="POSTS")).clause == "collections.create.duplicate"
    make(world(), moment, "Others")  # there is one on the other site
    state, first = make(world(), moment, "日本")
    _, second = make(state, moment, "ελ")
    assert first.slug
    assert first.slug != second.slug


@pytest.mark.clause("collections.delete.referenced", "collections.delete.answer")
def test_a_collection_that_is_referred_to_stays():
    refusal = refused(lambda: delete_collection(world(), world().collection(AUTHORS_ID)))
    assert refusal.clause == "collections.delete.referenced"
    assert refusal.answer.message.endswith(": Posts")
    state = delete_collection(world(), posts(world()))
    assert POSTS_ID not in state.collections
    assert AUTHORS_ID not in delete_collection(state, state.collection(AUTHORS_ID)).collections
    own = world(field("Reference", "own", validations={"collectionId": POSTS_ID}))
    assert POSTS_ID not in delete_collection(own, posts(own)).collections


@pytest.mark.clause(
    "collections.field.create", "collections.field.slug", "collections.field.duplicate", "collections.not-found"
)
def test_new_fields():
    moment = Moment()
    options = plain("Kind", "Option", metadata={"options": [{"name": "A"}, {"name": "B"}]})
    state, kind = create_field(world(), posts(world()), options, moment)
    assert [option["name"] for option in kind.rule("options")] == ["A", "B"]
    assert len({option["id"] for option in kind.rule("options")}) == 2
    assert posts(state).fields[-1] == kind
    assert not posts(state).structure_published
    assert posts(state).last_updated > posts(world()).last_updated
    assert (
        refused(lambda: create_field(state, posts(state), plain("kind"), moment)).clause
        == "collections.field.duplicate"
    )
    assert (
        refused(lambda: create_field(state, posts(state), plain("Slug"), moment)).clause
        == "collections.field.duplicate"
    )
    for target in ("99" * 12, FOREIGN_ID):
        sent = plain("Ref", "Reference", metadata={"collectionId": target})
        assert (
            refused(lambda sent=sent: create_field(state, posts(state), sent, moment)).clause == "collections.not-found"
        )
    own = plain("Own", "MultiReference", metadata={"collectionId": POSTS_ID})
    assert create_field(state, posts(state), own, moment)[1].rule("collectionId") == POSTS_ID


@pytest.mark.clause("collections.field.sixty", "collections.field.five-multi-references")
def test_limits_of_a_collection():
    moment = Moment()
    state, made = make(world(), moment, fields=[plain(f"Field {number}") for number in range(58)])
    assert refused(lambda: create_field(state, made, plain("More"), moment)).clause == "collections.field.sixty"
    too_many = [plain(f"Field {number}") for number in range(59)]
    assert refused(lambda: make(world(), moment, fields=too_many)).clause == "collections.field.sixty"
    several = [plain(f"R {number}", "MultiReference", metadata={"collectionId": POSTS_ID}) for number in range(6)]
    make(world(), moment, fields=several[:5])
    assert refused(lambda: make(world(), moment, fields=several)).clause == "collections.field.five-multi-references"


@pytest.mark.clause("collections.field.update", "collections.field.not-found", "collections.field.slug")
def test_changing_a_field():
    state, number = world(), next(found for found in posts(world()).fields if found.type == "Number")
    state, changed = update_field(
        state, posts(state), number.id, Moment(), display_name="Count", help_text=None, is_required=True
    )
    assert (changed.slug, changed.display_name, changed.is_required) == ("number", "Count", True)
    assert posts(state).field_with_slug("number") == changed
    unknown = {"display_name": "x", "help_text": None, "is_required": None}
    refusal = refused(lambda: update_field(state, posts(state), "00" * 16, Moment(), **unknown))
    assert refusal.clause == "collections.field.not-found"


@pytest.mark.clause("collections.field.delete.values", "collections.field.delete.name-or-slug")
def test_a_deleted_field_takes_its_values_along():
    moment = Moment()
    state, _ = created(world(), moment, new("One", number=1, plaintext="x"), new("Two", plaintext="y"), live=True)
    number = posts(state).field_with_slug("number")
    after = delete_field(state, posts(state), number.id, moment)
    for copies in (posts(after).staged, posts(after).live):
        assert {frozenset(item.field_data) for item in copies} == {frozenset(["name", "slug", "plaintext"])}
        assert len(copies) == 2
    assert posts(after).field_with_slug("number") is None
    assert refused(lambda: created(after, moment, new("Three", number=1))).clause == "field-data.invalid"
    for slug in ("name", "slug"):
        fixed = posts(state).field_with_slug(slug)
        refusal = refused(lambda fixed=fixed: delete_field(state, posts(state), fixed.id, moment))
        assert refusal.clause == "collections.field.delete.name-or-slug"


@pytest.mark.clause("plan.limits", "plan.collections", "plan.items")
@pytest.mark.parametrize("plan", [*PLAN_LIMITS, "off"])
def test_plans_limit_collections_and_items(plan):
    moment = Moment(plan_limits=plan)
    collections, items = PLAN_LIMITS.get(plan, (60, 300))
    state = world()
    for number in range(collections - 2):
        state, _ = make(state, moment, f"More {number}")
    if plan == "off":
        make(state, moment, "One more")
    else:
        assert refused(lambda: make(state, moment, "One more")).clause == "plan.collections"
    if items > 300:  # large plans count alike; filling them would only take time
        return
    state, _ = created(world(), moment, *(new(f"Item {number}", "b0" * 12, "b2" * 12) for number in range(items)))
    if plan == "off":
        created(state, moment, new("One more"))
    else:
        refusal = refused(lambda: created(state, moment, new("One more")))
        assert refusal.clauses == ("plan.items", "plan.limits")
    assert profile().plan_limits == "off"
