from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.conditions import Ids
from fake_webflow.fake import Fake
from fake_webflow.rules import Profile
from fake_webflow.seeding import build_state, from_data, load
from fake_webflow.seeding.context import BuildContext
from fake_webflow.seeding.made_up_data import generate_field_data
from fake_webflow.world.addresses import WEBFLOW
from fake_webflow.world.staged_item_rules import NewItem, create_items

FREE = [
    "RichText",
    "Switch",
    "DateTime",
    "Email",
    "Phone",
    "Link",
    "Color",
    "Image",
    "MultiImage",
    "File",
    "ExtFileRef",
    "VideoLink",
]
numbers = st.integers(-10_000, 10_000) | st.floats(-10_000, 10_000)


@st.composite
def text_rules(draw):
    shortest = draw(st.none() | st.integers(0, 300))
    longest = draw(st.none() | st.integers(max(shortest or 1, 1), 600))
    return {"minLength": shortest, "maxLength": longest, "singleLine": draw(st.booleans())}


@st.composite
def number_rules(draw):
    lowest = draw(st.none() | numbers)
    allowed = draw(st.sampled_from([None, True, False]))
    floor = max(lowest or 0, 0) if allowed is False else lowest
    highest = draw(st.none() | st.floats(1, 5_000).map(lambda more: (floor or 0) + more))
    kind = draw(st.sampled_from([None, "integer", "decimal"]))
    precision = draw(st.none() | st.integers(0, 8))
    return {"minValue": lowest, "maxValue": highest, "allowNegative": allowed, "format": kind, "precision": precision}


def rules_of(kind):
    match kind:
        case "PlainText" | "RichText":
            return text_rules()
        case "Number":
            return number_rules()
        case "Option":
            return st.fixed_dictionaries({"options": st.just([{"name": "A"}, {"name": "B"}])})
        case "Reference" | "MultiReference":
            return st.just({"collectionId": "authors"})
        case "DateTime":
            return st.sampled_from([None, {"format": "date-time"}])
        case _:
            return st.none()


@st.composite
def fields(draw):
    kinds = draw(
        st.lists(st.sampled_from([*FREE, "PlainText", "Number", "Option", "Reference", "MultiReference"]), max_size=8)
    )
    kinds = [kind for number, kind in enumerate(kinds) if kind != "MultiReference" or number < 4]
    return [
        {
            "type": kind,
            "displayName": f"Field {number}",
            "isRequired": draw(st.booleans()),
            "validations": draw(rules_of(kind)),
        }
        for number, kind in enumerate(kinds)
    ]


def world_with(fields):
    authors = {"displayName": "Authors", "items": [{"fieldData": {"name": name}} for name in "ABC"]}
    posts = {"displayName": "Posts", "fields": fields, "items": []}
    world = build_state(from_data({"sites": [{"collections": [authors, posts]}]})).world
    return world, *world.collections.values()


def created(world, collection, data):
    """The items as the world's own law creates them; it refuses what is not valid."""
    (site,) = world.sites.values()
    new = [NewItem(row, (site.primary.cms_locale_id,), True, False) for row in data]
    origin = BuildContext(Ids(1), Profile(), WEBFLOW, 0)
    return create_items(world, collection, new, origin, skip_invalid_files=False, suffix_duplicates=False)


@given(fields(), st.integers(0, 5))
def test_what_is_made_up_is_what_the_world_takes(fields, seed):
    world, authors, posts = world_with(fields)
    ids = sorted(item.id for item in authors.staged)
    data = generate_field_data(posts, 6, seed=seed, items={authors.id: ids})
    _, items = created(world, posts, data)
    assert len({item.slug for item in items}) == len({row["name"] for row in data}) == 6
    assert all(row.keys() == {field.slug for field in posts.fields} for row in data)
    for row, item in zip(data, items, strict=True):
        assert item.slug == row["slug"]


def test_the_same_seed_gives_the_same():
    _, _, posts = world_with([{"type": kind, "displayName": kind} for kind in FREE])
    assert generate_field_data(posts, 5, seed=1) == generate_field_data(posts, 5, seed=1)
    assert generate_field_data(posts, 5, seed=1) != generate_field_data(posts, 5, seed=2)


def test_a_thousand_names_and_slugs_differ_from_each_other_and_from_those_there_are():
    world, _, posts = world_with([])
    world, first = created(world, posts, generate_field_data(posts, 300, seed=1))
    data = generate_field_data(world.collection(posts.id), 700, seed=1)
    _, second = created(world, posts, data)
    assert len({item.slug for item in first + second}) == 1000
    assert len({item.field_data["name"] for item in first + second}) == 1000


def test_names_of_a_few_characters():
    title = {"type": "PlainText", "displayName": "Name", "validations": {"maxLength": 3}}
    world, _, posts = world_with([title])
    data = generate_field_data(posts, 200)
    assert created(world, posts, data)
    assert max(len(row["name"]) for row in data) == 3
    _, _, posts = world_with([{**title, "validations": {"maxLength": 1}}])
    with pytest.raises(ValueError, match="the names of Posts are too short to be"):
        generate_field_data(posts, 200)


def test_references_are_to_the_items_passed_in_or_left_out():
    fields = [
        {"type": "Reference", "displayName": "Author", "validations": {"collectionId": "authors"}},
        {"type": "MultiReference", "displayName": "Others", "validations": {"collectionId": "authors"}},
        {"type": "Option", "displayName": "Kind"},
    ]
    _, authors, posts = world_with(fields)
    (row,) = generate_field_data(posts, 1, items={authors.id: ["a" * 24]})
    assert (row["author"], row["others"]) == ("a" * 24, ["a" * 24])
    (row,) = generate_field_data(posts, 1)
    assert row.keys() == {"name", "slug"}


def test_files_are_those_passed_in():
    _, _, posts = world_with([{"type": "Image", "displayName": "Cover"}, {"type": "File", "displayName": "Doc"}])
    (row,) = generate_field_data(posts, 1, images=[{"asset": "a.png"}], files=[{"asset": "b.pdf"}])
    assert (row["cover"]["asset"], row["doc"]["asset"]) == ("a.png", "b.pdf")
    assert row["cover"]["alt"]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (
            {"type": "Reference", "displayName": "A", "isRequired": True, "validations": {"collectionId": "authors"}},
            "required field a .*nothing to choose from",
        ),
        ({"type": "Option", "displayName": "A", "isRequired": True}, "required field a .*nothing to choose from"),
        (
            {
                "type": "Number",
                "displayName": "A",
                "validations": {"format": "integer", "minValue": 0.2, "maxValue": 0.8},
            },
            r"field a .*no number between 0\.2 and 0\.8",
        ),
        (
            {"type": "Email", "displayName": "A", "validations": {"maxLength": 3}},
            "no value .*field a ",
        ),
    ],
)
def test_rules_that_leave_nothing(field, message):
    _, _, posts = world_with([field])
    with pytest.raises(ValueError, match=message):
        generate_field_data(posts, 1)


def test_another_language():
    _, _, posts = world_with([])
    assert generate_field_data(posts, 20, language="de_DE") != generate_field_data(posts, 20)
    assert all(row["slug"] for row in generate_field_data(posts, 20, language="ja_JP"))


def test_without_faker_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "faker", None)
    _, _, posts = world_with([])
    with pytest.raises(ImportError, match=r'pip install "\.\[data\]"'):
        generate_field_data(posts, 1)


def test_it_fills_the_default_scenarios_posts():
    fake = Fake(build_state(load("default")))
    world = fake.state.world
    posts = next(found for found in world.collections.values() if found.slug == "posts")
    ids = {found.id: sorted({item.id for item in found.staged}) for found in world.collections.values()}
    (site,) = world.sites.values()
    new = [
        NewItem(row, (site.primary.cms_locale_id,), True, False) for row in generate_field_data(posts, 250, items=ids)
    ]
    origin = BuildContext(Ids(9), Profile(), WEBFLOW, 0)
    changed, items = create_items(world, posts, new, origin, skip_invalid_files=False, suffix_duplicates=False)
    assert len(items) == 250
    assert len(changed.collection(posts.id).staged) == len(posts.staged) + 250
