"""Slugs of items."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from hypothesis import strategies as st

from .kit.clauses import Choices, ClauseDiffers, clause
from .kit.expect import expect_field_problems, expect_json, is_refused
from .kit.sandbox import Sandbox
from .kit.strategies import property_test, words

LONGEST = 256


def unique(slug: str) -> tuple[str, str, dict[str, object]]:
    """The entry of details for a slug that is taken."""
    return "slug", "items.slug.unique", {"slug": slug}


def create(sandbox: Sandbox, slug: str | None, **flags: Any) -> requests.Response:
    """The answer to creating one item over POST /items."""
    data = {"name": sandbox.name(), **({} if slug is None else {"slug": slug})}
    return sandbox.call("POST", sandbox.everything.path, json={"fieldData": data, **flags})


def observed_option(answer: requests.Response, slug: str) -> str | None:
    """What an answer to a create did with a slug that is taken: ``suffix``, ``reject`` or neither."""
    if answer.status_code == 202:
        body = answer.json()
        made = (body["items"][0] if "items" in body else body)["fieldData"]["slug"]
        return "suffix" if re.fullmatch(re.escape(slug) + "-[0-9a-f]{5}", made) else None
    try:
        expect_field_problems(answer, unique(slug))
    except ClauseDiffers:
        return None
    return "reject"


@clause("items.slug.generated")
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Life's Journey Begins It's a Girl", "lifes-journey-begins-its-a-girl"),
        ("Don't Panic", "dont-panic"),
        ("To delete Test 1", "to-delete-test-1"),
        ("  Two   spaces,  and -- marks!  ", "two-spaces-and-marks"),
        ("Crème brûlée", "creme-brulee"),
        ("snake_case (v2.0)/", "snake_case-v2-0"),
    ],
)
def test_a_slug_is_made_from_the_name(sandbox: Sandbox, name: str, slug: str) -> None:
    unlike = sandbox.slug()
    item = sandbox.new_item(name=f"{unlike} {name}")
    if item["fieldData"]["slug"] != f"{unlike}-{slug}":
        raise ClauseDiffers("items.slug.generated", f"{unlike}-{slug}", item["fieldData"]["slug"])


@clause("items.slug.generated", "items.slug.pattern")
@property_test(examples=40, name=words(longest=300))
def test_every_name_gets_a_usable_slug(sandbox: Sandbox, name: str) -> None:
    made = sandbox.new_item(name=name[:LONGEST])["fieldData"]
    assert made["name"] == name[:LONGEST]
    assert re.fullmatch(r"[_a-zA-Z0-9][-_a-zA-Z0-9]{0,255}", made["slug"]), made["slug"]


@clause("items.slug.suffix", "items.slug.generated")
def test_a_generated_slug_that_is_taken_gets_a_suffix(sandbox: Sandbox) -> None:
    name = sandbox.name()
    items = sandbox.new_items([{"name": name}] * 3)
    slugs = [item["fieldData"]["slug"] for item in items] + [sandbox.new_item(name=name)["fieldData"]["slug"]]
    assert len(set(slugs)) == len(slugs)
    for slug in slugs[1:]:
        if not re.fullmatch(re.escape(slugs[0]) + "-[0-9a-f]{5}", slug):
            raise ClauseDiffers("items.slug.suffix", f"{slugs[0]}-xxxxx", slug)


@clause("items.slug.suffix")
def test_a_suffix_fits_into_the_longest_slug(sandbox: Sandbox) -> None:
    name = sandbox.slug() + "x" * LONGEST
    slugs = [item["fieldData"]["slug"] for item in sandbox.new_items([{"name": name[:LONGEST]}] * 2)]
    assert slugs[0] == name[:LONGEST]
    assert re.fullmatch(re.escape(name[: LONGEST - 6]) + "-[0-9a-f]{5}", slugs[1])


@clause("items.create.duplicate-slug")
@pytest.mark.parametrize("where", ["", "/live"])
def test_a_slug_that_is_taken_sent_with_a_create(sandbox: Sandbox, choice: Choices, where: str) -> None:
    slug = sandbox.new_item(slug=sandbox.slug())["fieldData"]["slug"]
    body = {"fieldData": {"name": sandbox.name(), "slug": slug}}
    answer = sandbox.call("POST", sandbox.everything.path + where, json=body)
    choice("items.create.duplicate-slug").record(observed_option(answer, slug), answer)


@clause("items.create.duplicate-slug")
def test_a_slug_twice_in_one_create(sandbox: Sandbox, choice: Choices) -> None:
    slug = sandbox.slug()
    item = {"fieldData": {"name": sandbox.name(), "slug": slug}}
    answer = sandbox.call("POST", sandbox.everything.path, json={"items": [item, item]})
    option = observed_option(answer, slug)
    if answer.status_code == 202:
        first, second = (made["fieldData"]["slug"] for made in answer.json()["items"])
        option = "suffix" if first == slug and re.fullmatch(re.escape(slug) + "-[0-9a-f]{5}", second) else None
    choice("items.create.duplicate-slug").record(option, answer)


@clause("items.create-bulk.duplicate-slug")
def test_a_slug_that_is_taken_sent_with_a_bulk_create(sandbox: Sandbox, choice: Choices) -> None:
    slug = sandbox.new_item(slug=sandbox.slug())["fieldData"]["slug"]
    body = {"fieldData": [{"name": sandbox.name(), "slug": slug}]}
    answer = sandbox.call("POST", f"{sandbox.everything.path}/bulk", json=body)
    choice("items.create-bulk.duplicate-slug").record(observed_option(answer, slug), answer)


@clause("items.slug.unique", "field-data.invalid", "items.bulk.atomic")
def test_an_update_cannot_take_a_slug(sandbox: Sandbox) -> None:
    taken = sandbox.new_item(slug=sandbox.slug())["fieldData"]["slug"]
    other, another = sandbox.new_items([{}, {}])
    change = {"fieldData": {"slug": taken, "text": "not written"}}
    with sandbox.expect_unchanged():
        answers = [
            sandbox.call("PATCH", f"{sandbox.everything.path}/{other['id']}", json=change),
            sandbox.call(
                "PATCH",
                sandbox.everything.path,
                json={
                    "items": [
                        {"id": another["id"], "fieldData": {"text": "not written"}},
                        {"id": other["id"], **change},
                    ]
                },
            ),
        ]
    for answer in answers:
        expect_field_problems(answer, unique(taken))


@clause("items.slug.unique")
def test_a_live_update_cannot_take_a_slug(sandbox: Sandbox) -> None:
    taken = sandbox.new_item(slug=sandbox.slug())["fieldData"]["slug"]
    item = sandbox.new_published_item()
    with sandbox.expect_unchanged():
        answer = sandbox.call(
            "PATCH", f"{sandbox.everything.path}/{item['id']}/live", json={"fieldData": {"slug": taken}}
        )
    expect_field_problems(answer, unique(taken))
    assert sandbox.get_live(item)["fieldData"] == item["fieldData"]


@clause("items.slug.unique")
def test_two_items_of_one_update_cannot_take_the_same_slug(sandbox: Sandbox) -> None:
    items, slug = sandbox.new_items([{}, {}]), sandbox.slug()
    with sandbox.expect_unchanged():
        answer = sandbox.call(
            "PATCH",
            sandbox.everything.path,
            json={"items": [{"id": item["id"], "fieldData": {"slug": slug}} for item in items]},
        )
    expect_field_problems(answer, unique(slug))


@clause("items.slug.unique")
def test_the_slug_of_a_live_copy_counts_as_held(sandbox: Sandbox) -> None:
    slug = sandbox.slug()
    item = sandbox.new_published_item(slug=slug)
    sandbox.client.items.update(sandbox.everything.id, item["id"], {"fieldData": {"slug": sandbox.slug()}})
    other = sandbox.new_item()
    answer = sandbox.call("PATCH", f"{sandbox.everything.path}/{other['id']}", json={"fieldData": {"slug": slug}})
    expect_field_problems(answer, unique(slug))


@clause("items.slug.unique")
def test_a_slug_that_was_given_up_is_free(sandbox: Sandbox) -> None:
    slug = sandbox.slug()
    item, other = sandbox.new_items([{"slug": slug}, {}])
    sandbox.client.items.update(sandbox.everything.id, item["id"], {"fieldData": {"slug": sandbox.slug()}})
    changed = sandbox.client.items.update(sandbox.everything.id, other["id"], {"fieldData": {"slug": slug}})
    assert changed["fieldData"]["slug"] == slug


@clause("items.slug.unique")
@property_test(examples=15, slugs=st.lists(st.sampled_from("abcd"), min_size=2, max_size=5))
def test_no_two_items_ever_have_the_same_slug(sandbox: Sandbox, slugs: list[str]) -> None:
    stem = sandbox.slug()
    for slug in slugs:
        create(sandbox, f"{stem}-{slug}")
    for slug in set(slugs):
        assert sandbox.client.items.list(sandbox.everything.id, slug=f"{stem}-{slug}")["pagination"]["total"] == 1


@clause("items.slug.pattern")
@pytest.mark.parametrize(
    ("slug", "quoted"),
    [
        ("with space", "'with space'"),
        ("-first", "'-first'"),
        ("sl/ash", "'sl/ash'"),
        ("ünïcode", "'ünïcode'"),
        ("do.t", "'do.t'"),
        ("it's", '"it\'s"'),
    ],
)
def test_a_slug_has_a_pattern(sandbox: Sandbox, slug: str, quoted: str) -> None:
    item = sandbox.new_item()
    wrong = ("slug", "items.slug.pattern", {"value": quoted})
    with sandbox.expect_unchanged():
        answers = [
            create(sandbox, slug),
            sandbox.call("PATCH", f"{sandbox.everything.path}/{item['id']}", json={"fieldData": {"slug": slug}}),
        ]
    for answer in answers:
        expect_field_problems(answer, wrong)


@clause("items.slug.pattern")
@property_test(slug=st.from_regex(r"[_a-zA-Z0-9][-_a-zA-Z0-9]{0,20}", fullmatch=True))
def test_slugs_of_the_pattern_are_kept_as_sent(sandbox: Sandbox, slug: str) -> None:
    whole = f"{slug}{sandbox.slug()}"
    assert expect_json(create(sandbox, whole), 202)["fieldData"]["slug"] == whole


@clause("items.slug.shared-by-variants", "items.create.variants")
def test_the_variants_of_an_item_share_its_slug(sandbox: Sandbox) -> None:
    slug = sandbox.slug()
    first, second = sandbox.new_items(
        [{"slug": slug}], locales=[sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    )
    assert (first["fieldData"]["slug"], second["fieldData"]["slug"]) == (slug, slug)
    changed = sandbox.client.items.update(
        sandbox.everything.id,
        first["id"],
        {"cmsLocaleId": sandbox.secondary_locale_id(), "fieldData": {"slug": sandbox.slug()}},
    )
    back = sandbox.client.items.update(
        sandbox.everything.id, first["id"], {"cmsLocaleId": sandbox.secondary_locale_id(), "fieldData": {"slug": slug}}
    )
    assert changed["fieldData"]["slug"] != slug == back["fieldData"]["slug"]


@clause("items.slug.scope")
def test_how_far_a_slug_reaches(sandbox: Sandbox, choice: Choices) -> None:
    slug = sandbox.slug()
    sandbox.new_item(slug=slug)
    other = sandbox.new_item(locales=[sandbox.secondary_locale_id()])
    answer = sandbox.call(
        "PATCH",
        f"{sandbox.everything.path}/{other['id']}",
        json={"cmsLocaleId": sandbox.secondary_locale_id(), "fieldData": {"slug": slug}},
    )
    option = "collection" if observed_option(answer, slug) == "reject" else None
    if answer.status_code == 200 and answer.json()["fieldData"]["slug"] == slug:
        option = "collection-and-locale"
    choice("items.slug.scope").record(option, answer)


@clause("items.slug.held-after-delete")
def test_whether_the_slug_of_a_deleted_live_item_is_free(sandbox: Sandbox, choice: Choices) -> None:
    slug = sandbox.slug()
    gone = sandbox.new_published_item(slug=slug)
    sandbox.client.items.delete(sandbox.everything.id, gone["id"])
    other = sandbox.new_item()
    answer = sandbox.call("PATCH", f"{sandbox.everything.path}/{other['id']}", json={"fieldData": {"slug": slug}})
    option = "until-site-publish" if observed_option(answer, slug) == "reject" else None
    choice("items.slug.held-after-delete").record("free" if answer.status_code == 200 else option, answer)


@clause("items.slug.held-after-delete")
def test_the_slug_of_a_deleted_draft_is_free(sandbox: Sandbox) -> None:
    slug = sandbox.slug()
    sandbox.client.items.delete(sandbox.everything.id, sandbox.new_item(slug=slug)["id"])
    assert expect_json(create(sandbox, slug), 202)["fieldData"]["slug"] == slug


@clause("items.update.own-slug")
def test_whether_an_update_may_send_its_own_slug(sandbox: Sandbox, choice: Choices) -> None:
    item = sandbox.new_item(slug=sandbox.slug())
    slug = item["fieldData"]["slug"]
    answer = sandbox.call("PATCH", f"{sandbox.everything.path}/{item['id']}", json={"fieldData": {"slug": slug}})
    option = "reject" if observed_option(answer, slug) == "reject" else None
    choice("items.update.own-slug").record("accept" if answer.status_code == 200 else option, answer)


@clause("items.update.name-keeps-slug")
def test_a_new_name_leaves_the_slug(sandbox: Sandbox) -> None:
    item = sandbox.new_item()
    changed = sandbox.client.items.update(sandbox.everything.id, item["id"], {"fieldData": {"name": sandbox.name()}})
    assert changed["fieldData"]["slug"] == item["fieldData"]["slug"]


@clause("items.create.duplicate-slug", "items.create-bulk.duplicate-slug")
def test_a_refused_slug_creates_nothing(sandbox: Sandbox, choice: Choices) -> None:
    choice("items.create-bulk.duplicate-slug").needs("reject")
    slug = sandbox.new_item(slug=sandbox.slug())["fieldData"]["slug"]
    names = [{"name": sandbox.name()}, {"name": sandbox.name(), "slug": slug}]
    with sandbox.expect_unchanged():
        answer = sandbox.call("POST", f"{sandbox.everything.path}/bulk", json={"fieldData": names})
    assert not is_refused(answer, "items.not-found")
    expect_field_problems(answer, unique(slug))
