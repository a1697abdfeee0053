"""Items by id, age and slug in each locale, held against one flat dictionary."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st
from worlds import LOCALES

from fake_webflow.world.items import Copies, make_item, write_to

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "remove"]), st.integers(0, 4), st.sampled_from(LOCALES), st.integers(0, 3)
    ),
    max_size=30,
)


def item(number: int, locale: str, version: int):
    data = {"name": str(number), "slug": f"{number}-{version}"}
    times = {"created_on": number // 2, "last_updated": 9, "last_published": None}
    return make_item(f"{number:024x}", locale, **times, is_archived=False, is_draft=False, field_data=data)


@given(steps=STEPS)
def test_every_index_shows_the_same_items(steps):
    copies, model = Copies(), {}
    for name, number, locale, version in steps:
        changed = item(number, locale, version)
        if name == "put":
            copies, model = copies.put([changed]), {**model, changed.key: changed}
        else:
            copies = copies.remove([changed.key])
            model.pop(changed.key, None)
    assert sorted(copies) == sorted(model.values())
    assert len(copies) == len(model)
    for locale in LOCALES:
        own = [found for found in model.values() if found.cms_locale_id == locale]
        view = copies.in_locale(locale)
        assert list(view.by_id) == sorted(own, key=lambda found: found.id)
        assert list(view.by_age) == sorted(own, key=lambda found: (found.created_on, found.id))
        assert list(view.by_slug) == sorted(own, key=lambda found: found.slug)
    for number in range(5):
        assert sorted(copies.variants(f"{number:024x}")) == sorted(
            found for found in model.values() if found.id == f"{number:024x}"
        )
        for version in range(4):
            holding = [found for found in model.values() if found.slug == f"{number}-{version}"]
            assert sorted(copies.find_by_slug(f"{number}-{version}")) == sorted(holding)


def test_putting_several_at_once_keeps_the_last_of_each():
    first, last = item(1, LOCALES[0], 1), item(1, LOCALES[0], 2)
    copies = Copies().put([first, last])
    assert list(copies) == [last]
    assert copies.find_by_slug(first.slug) == []
    assert copies == Copies().put([last])


def test_the_slug_of_an_item_can_go_to_another_one():
    one, two = item(1, LOCALES[0], 1), item(2, LOCALES[0], 1)
    first, second = item(1, LOCALES[0], 2), two._replace(slug=one.slug)
    for moved in ([first, second], [second, first]):
        copies = Copies().put([one, two]).put(moved)
        assert copies.find_by_slug(one.slug) == [second]
        assert copies.find_by_slug(first.slug) == [first]
        assert copies.find_by_slug(two.slug) == []


DATA = st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 9) | st.text(max_size=3), max_size=3)


@given(
    first=DATA,
    written=DATA,
    instant=st.integers(0, 10**12),
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_a_write_gives_what_would_have_been_made_of_all_of_it(first, written, instant, flags):
    before = {"name": "One", **first, "slug": "one"}
    made = make_item(
        "00" * 12,
        LOCALES[0],
        created_on=7,
        last_updated=9,
        last_published=8,
        is_archived=False,
        is_draft=True,
        field_data=before,
    )
    is_archived, is_draft, is_published = flags
    after, field_data = write_to(
        made, written, instant=instant, is_archived=is_archived, is_draft=is_draft, is_published=is_published
    )
    assert field_data == {**before, **written}
    assert after == make_item(
        "00" * 12,
        LOCALES[0],
        created_on=7,
        last_updated=instant,
        last_published=instant if is_published else 8,
        is_archived=is_archived,
        is_draft=is_draft,
        field_data=field_data,
    )


def test_an_item_keeps_no_more_memory_than_its_json_takes():
    make_many(10)  # what is made once is not counted
    tracemalloc.start()
    try:
        items = make_many(1000)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # orjson.dumps leaves some 4 KB behind each of its results, where an item takes one.
    assert kept < sum(len(item.json) for item in items) + 1000 * 1000


def make_many(count):
    return [item(number, LOCALES[0], 1) for number in range(count)]
