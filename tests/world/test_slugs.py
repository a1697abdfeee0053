"""Slugs: made from names, and unique in their scope whatever happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import DE, EN, FR, LOCALES, POSTS_ID, SITE_ID, Moment, created, new, refused, world

from fake_webflow.rules import Refusal
from fake_webflow.world.collections import Collection
from fake_webflow.world.live_item_rules import unpublish_items, update_live_items
from fake_webflow.world.publishing_rules import publish_items, publish_site
from fake_webflow.world.slugs import LONGEST_SLUG, SLUG_PATTERN, slugify
from fake_webflow.world.staged_item_rules import ItemChange, NewItem, delete_items, update_items
from fake_webflow.world.world import World


@pytest.mark.clause("items.slug.generated")
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Life's Journey Begins It's a Girl", "lifes-journey-begins-its-a-girl"),
        ("Don't Panic", "dont-panic"),
        ("Test 1", "test-1"),
        ("To delete Test 1", "to-delete-test-1"),
        ("  Über  den -- Wolken! ", "uber-den-wolken"),
        ("日本", ""),
        ("a_b", "a_b"),
        ("x" * 255 + " y", "x" * 255),
    ],
)
def test_a_slug_is_made_from_the_name(name, slug):
    assert slugify(name) == slug


@given(name=st.text(max_size=400))
def test_whatever_the_name_its_slug_is_one(name):
    slug = slugify(name)
    assert slug == "" or SLUG_PATTERN.fullmatch(slug)
    assert len(slug) <= LONGEST_SLUG
    assert slugify(slug) == slug


@pytest.mark.clause("items.slug.suffix")
@given(name=st.text(min_size=1, max_size=300).filter(lambda name: "\0" not in name and len(name) <= 256))
def test_a_taken_slug_gets_a_suffix(name):
    _, items = created(world(), Moment(), new(name), new(name), new(name))
    slugs = [item.slug for item in items]
    assert len(set(slugs)) == 3
    assert all(SLUG_PATTERN.fullmatch(slug) and len(slug) <= LONGEST_SLUG for slug in slugs)
    if slugify(name):
        assert all(slug[-6] == "-" and set(slug[-5:]) <= set("0123456789abcdef") for slug in slugs[1:])


@pytest.mark.clause("items.slug.pattern")
@pytest.mark.parametrize("slug", ["ü", "-a", "a b", "a/b", "a\n", "x" * 257, "a.b", "é"])
def test_a_sent_slug_keeps_to_the_pattern(slug):
    refusal = refused(lambda: created(world(), Moment(), new(slug=slug)))
    assert "slug" in [problem.param for problem in refusal.problems]


def check_unique(collection: Collection, scope: str) -> None:
    """No two items hold the same slug within the scope, staged or live."""
    held: dict[tuple[str, str], str] = {}
    for copies in (collection.staged, collection.live):
        for item in copies:
            key = ("" if scope == "collection" else item.cms_locale_id, item.slug)
            assert held.setdefault(key, item.id) == item.id, f"{item.slug} is held twice"
            assert item.field_data["slug"] == item.slug
        for locale in LOCALES:
            view = copies.in_locale(locale)
            assert len(view.by_id) == len(view.by_age) == len(view.by_slug)


SLUGS = st.none() | st.sampled_from(["a", "b", "c", "d"])
SOME_LOCALES = st.lists(st.sampled_from(LOCALES), min_size=1, max_size=3, unique=True).map(tuple)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "create",
                "create",
                "bulk",
                "live",
                "insert",
                "update",
                "update",
                "update-live",
                "delete",
                "publish",
                "unpublish",
                "site",
            ]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
        st.sampled_from(LOCALES),
        SOME_LOCALES,
        SLUGS,
        SLUGS,
    ),
    max_size=25,
)


def data(slug: str | None) -> dict[str, str]:
    return {"name": "A"} if slug is None else {"name": "A", "slug": slug}


def step(before: World, moment: Moment, row) -> World:
    name, one, other, locale, several, slug, second = row
    ids = sorted({item.id for item in before.collections[POSTS_ID].staged}) or ["99" * 12]
    first_id, second_id = ids[one % len(ids)], ids[other % len(ids)]
    if name in MAKING:
        many = [NewItem(data(sent), several, False, False) for sent in MAKING[name](slug, second)]
        many = [item._replace(item_id=first_id) for item in many] if name == "insert" else many
        suffix = name not in ("bulk", "insert") or one % 2 == 0
        return created(before, moment, *many, live=name == "live", suffix_duplicates=suffix)[0]
    if name in UPDATING:
        changes = [ItemChange(first_id, locale, data(slug)), ItemChange(second_id, several[0], data(second))]
        return UPDATING[name](before, before.collection(POSTS_ID), changes, moment, skip_invalid_files=True)[0]
    match name:
        case "delete":
            return delete_items(before, before.collection(POSTS_ID), [(first_id, locale)])
        case "publish":
            return publish_items(before, before.collection(POSTS_ID), [(first_id, several)], moment)[0]
        case "unpublish":
            return unpublish_items(before, before.collection(POSTS_ID), [(first_id, locale)], moment)[0]
    return publish_site(before, before.site(SITE_ID), [], moment)[0]


# Which slugs each kind of create sends, of the two that were drawn; None for one without.
MAKING = {
    "create": lambda slug, _: [slug],
    "live": lambda slug, _: [slug],
    "insert": lambda slug, _: [slug],
    "bulk": lambda slug, second: [slug, second],
}
UPDATING = {"update": update_items, "update-live": update_live_items}


@pytest.mark.clause("items.slug.scope", "items.slug.unique", "items.slug.shared-by-variants")
@pytest.mark.hypothesis
@pytest.mark.parametrize("scope", ["collection", "collection-and-locale"])
def test_slugs_stay_unique_in_their_scope(scope):
    @given(steps=STEPS)
    def holds(steps):
        moment, now = Moment(items_slug_scope=scope), world()
        for row in steps:
            try:
                now = step(now, moment, row)
            except Refusal:
                continue
            check_unique(now.collections[POSTS_ID], scope)

    holds()


@pytest.mark.clause("items.slug.shared-by-variants", "items.create.variants")
def test_variants_share_their_slug():
    _, items = created(world(), Moment(), new("One", EN, DE, FR), new("One", EN, DE))
    assert [item.slug for item in items[:3]] == ["one"] * 3
    assert len({item.slug for item in items[3:]}) == 1
    assert items[3].slug.startswith("one-")


@pytest.mark.clause("items.slug.scope")
def test_a_variant_in_a_locale_where_its_slug_is_taken_gets_another_there():
    moment = Moment(items_slug_scope="collection-and-locale")
    before, (german,) = created(world(), moment, new("One", DE))
    _, items = created(before, moment, new("One", EN, DE))
    assert items[0].slug == german.slug == "one"
    assert items[1].slug.startswith("one-")


@pytest.mark.clause("items.slug.held-after-delete")
def test_the_slug_of_a_deleted_live_item_is_held_until_the_site_publish():
    moment = Moment()
    before, (item,) = created(world(), moment, new("One", slug="one"), live=True)
    deleted = delete_items(before, before.collection(POSTS_ID), [item.key])
    refusal = refused(lambda: created(deleted, moment, new("Two", slug="one"), suffix_duplicates=False))
    assert refusal.clauses == ("field-data.invalid", "items.slug.unique")
    assert created(deleted, moment, new("Two", slug="one"))[1][0].slug != "one"
    published, _ = publish_site(deleted, deleted.site(SITE_ID), [], moment)
    assert created(published, moment, new("Two", slug="one"))[1][0].slug == "one"


@pytest.mark.clause("items.slug.held-after-delete", "items.insert.variants")
def test_what_is_left_of_a_deleted_item_goes_on_with_its_slug():
    moment = Moment()
    before, items = created(world(), moment, new("One", EN, DE), live=True)
    deleted = delete_items(before, before.collection(POSTS_ID), [items[1].key])
    _, (again,) = created(deleted, moment, new("One", DE, item_id=items[0].id))
    assert again.slug == "one"
    assert created(deleted, moment, new("One"))[1][0].slug != "one"


@pytest.mark.clause("items.slug.held-after-delete")
def test_a_slug_that_was_never_live_is_free_at_once():
    moment = Moment()
    before, (item,) = created(world(), moment, new("One", slug="one"))
    deleted = delete_items(before, before.collection(POSTS_ID), [item.key])
    assert created(deleted, moment, new("Two", slug="one"))[1][0].slug == "one"


@pytest.mark.clause("items.slug.unique")
def test_the_slug_of_a_live_copy_counts_though_the_staged_one_has_changed():
    moment = Moment()
    before, (item,) = created(world(), moment, new("One", slug="one"), live=True)
    change = ItemChange(item.id, EN, {"slug": "other"})
    changed, _ = update_items(before, before.collection(POSTS_ID), [change], moment, skip_invalid_files=True)
    for slug in ("one", "other"):
        refusal = refused(lambda slug=slug: created(changed, moment, new(slug=slug), suffix_duplicates=False))
        assert refusal.problems[0].text == f"Unique value is already in database: '{slug}'"


@pytest.mark.clause("items.slug.unique")
def test_duplicates_within_one_call_are_refused_together():
    call = [new("One", slug="x"), new("Two", slug="x"), new("Three", slug="y"), new("Four", slug="y")]
    refusal = refused(lambda: created(world(), Moment(), *call, suffix_duplicates=False))
    assert [problem.values["slug"] for problem in refusal.problems] == ["x", "y"]


def test_the_held_slugs_of_one_collection_do_not_count_in_another():
    before = world()
    held = before.collections[POSTS_ID]._replace(held_slugs=frozenset(["one"]))
    other = created(before.with_collection(held), Moment(), new("One"))[1][0]
    assert other.slug != "one"
    assert created(before, Moment(), new("One"))[1][0].slug == "one"


@pytest.mark.clause("items.slug.unique")
def test_a_slug_given_up_in_the_same_call_counts_as_held():
    moment = Moment()
    before, (first, second) = created(world(), moment, new("One", slug="one"), new("Two", slug="two"))
    swap = [ItemChange(first.id, EN, {"slug": "three"}), ItemChange(second.id, EN, {"slug": "one"})]
    refusal = refused(lambda: update_items(before, before.collection(POSTS_ID), swap, moment, skip_invalid_files=True))
    assert [problem.values["slug"] for problem in refusal.problems] == ["one"]
    between, _ = update_items(before, before.collection(POSTS_ID), swap[:1], moment, skip_invalid_files=True)
    assert (
        update_items(between, between.collection(POSTS_ID), swap[1:], moment, skip_invalid_files=True)[1][0].slug
        == "one"
    )
