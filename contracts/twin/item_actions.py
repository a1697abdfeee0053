"""Moves with items: making, changing, publishing, deleting and reading them.

As much as possible is left to chance. Every function here is a move.
"""

from __future__ import annotations

from ..generated.answers import SENT_ID
from ..generated.calls import JsonValue
from .sequence_builder import SequenceBuilder

VIDEO_URL = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PICTURE_URL = "https://example.com/picture.png"
_FLAGS: tuple[dict[str, bool], ...] = (
    {},
    {"isDraft": True},
    {"isDraft": False},
    {"isArchived": True},
    {"isDraft": False, "isArchived": False},
)
_ABSENT = "{item#0}"


# Creating


def create_one(builder: SequenceBuilder) -> None:
    builder.create_item(builder.random_field_data(), **builder.rng.choice(_FLAGS))


def create_without_a_flag(builder: SequenceBuilder) -> None:
    item = builder.create_item()
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}")


def create_several(builder: SequenceBuilder) -> None:
    rows = [
        {"fieldData": {"name": builder.new_item_name(), **builder.random_field_data()}, "isDraft": True}
        for _ in range(2)
    ]
    made = builder.new_name("item"), builder.new_name("item")
    builder.add_call("POST", builder.items_path, {"items": rows}, makes=made)
    builder.staged += made


def create_live(builder: SequenceBuilder) -> None:
    item = builder.create_item(builder.random_field_data(), live=True)
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}/live")


def create_live_with_null(builder: SequenceBuilder) -> None:
    item = builder.create_item({"text": None}, live=True)
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}/live")


def create_one_in_bulk(builder: SequenceBuilder) -> None:
    made = builder.new_name("item")
    builder.add_call(
        "POST",
        f"{builder.items_path}/bulk",
        {"fieldData": {"name": builder.new_item_name()}, "isDraft": True},
        makes=(made,),
    )
    builder.staged.append(made)


def create_several_in_bulk(builder: SequenceBuilder) -> None:
    locales = [f"{{locale#{number}}}" for number in range(builder.locales)]
    made = builder.new_name("item"), builder.new_name("item")
    body: dict[str, JsonValue] = {
        "fieldData": [{"name": builder.new_item_name(), **builder.random_field_data()} for _ in made],
        "isDraft": False,
    }
    builder.add_call(
        "POST", f"{builder.items_path}/bulk", {**body, **({"cmsLocaleIds": locales} if locales else {})}, makes=made
    )
    builder.staged += made


def insert_variant(builder: SequenceBuilder) -> None:
    row: dict[str, JsonValue] = {"fieldData": {"name": builder.new_item_name()}, "isDraft": True}
    if builder.locales > 1:
        row |= {"id": f"{{{builder.create_item(isDraft=True)}}}", "cmsLocaleIds": ["{locale#1}"]}
    builder.add_call("POST", f"{builder.items_path}/insert", {"items": [row]}, makes=(builder.new_name("item"),))


def create_without_a_name(builder: SequenceBuilder) -> None:
    builder.add_call("POST", builder.items_path, {"fieldData": {"text": "a"}, "isDraft": True})


def create_with_bad_values(builder: SequenceBuilder) -> None:
    bad = {"name": "x", "number": "one", "switch": "yes", "date": "soon", "color": 1, "nothing": 1}
    kept = {key: bad[key] for key in ("name", *builder.rng.sample(sorted(bad)[1:], 3))}
    builder.add_call("POST", builder.items_path, {"fieldData": kept, "isDraft": True})


def create_misshapen(builder: SequenceBuilder) -> None:
    bodies: list[JsonValue] = [{}, {"fieldData": []}, {"fieldData": {"name": "x"}, "isDraft": "no"}, {"items": []}]
    builder.add_call("POST", builder.items_path, builder.rng.choice(bodies))


# Slugs


def repeat_slug(builder: SequenceBuilder) -> None:
    slug = builder.new_slug()
    live = builder.rng.random() < 0.3
    builder.create_item({"slug": slug}, isDraft=True)
    builder.create_item({"slug": slug}, isDraft=True, live=live)


def repeat_slug_in_bulk(builder: SequenceBuilder) -> None:
    slug = builder.new_slug()
    builder.create_item({"slug": slug}, isDraft=True)
    rows = [{"name": builder.new_item_name(), "slug": slug}, {"name": builder.new_item_name()}]
    made = builder.new_name("item"), builder.new_name("item")
    builder.add_call("POST", f"{builder.items_path}/bulk", {"fieldData": rows, "isDraft": True}, makes=made)


def repeat_slug_in_another_locale(builder: SequenceBuilder) -> None:
    if builder.locales > 1:
        slug = builder.new_slug()
        builder.create_item({"slug": slug}, isDraft=True)
        builder.create_item({"slug": slug}, isDraft=True, cmsLocaleId="{locale#1}")


def repeat_name(builder: SequenceBuilder) -> None:
    for _ in range(2):
        builder.create_item({"name": "Twice the same"}, isDraft=True)


def reuse_slug_of_a_deleted_live_item(builder: SequenceBuilder) -> None:
    slug = builder.new_slug()
    item = builder.create_item({"slug": slug}, live=True)
    builder.add_call("DELETE", f"{builder.items_path}/{{{item}}}")
    builder.create_item({"slug": slug}, isDraft=True)


def write_own_slug(builder: SequenceBuilder) -> None:
    slug = builder.new_slug()
    item = builder.create_item({"slug": slug}, isDraft=True)
    builder.add_call(
        "PATCH", f"{builder.items_path}/{{{item}}}", {"fieldData": {"slug": slug, "name": builder.new_item_name()}}
    )


def write_slug_of_another(builder: SequenceBuilder) -> None:
    if builder.slugs:
        body = {"fieldData": {"slug": builder.rng.choice(builder.slugs)}}
        builder.add_call("PATCH", f"{builder.items_path}/{{{builder.pick_item()}}}", body)


# Changing


def change_one(builder: SequenceBuilder) -> None:
    body = {"fieldData": builder.random_field_data(), **builder.rng.choice(_FLAGS)}
    builder.add_call("PATCH", f"{builder.items_path}/{{{builder.pick_item()}}}", body)


def change_to_null(builder: SequenceBuilder) -> None:
    item = builder.create_item({"text": "a", "number": 1}, isDraft=True)
    builder.add_call("PATCH", f"{builder.items_path}/{{{item}}}", {"fieldData": {"text": None}})


def change_several(builder: SequenceBuilder) -> None:
    rows = [
        {"id": f"{{{builder.pick_item()}}}", "fieldData": builder.random_field_data(), "isDraft": True}
        for _ in range(2)
    ]
    builder.add_call("PATCH", builder.items_path, {"items": rows})


def change_an_absent_item(builder: SequenceBuilder) -> None:
    builder.add_call("PATCH", f"{builder.items_path}/{_ABSENT}", {"fieldData": {"text": "a"}})


def change_live(builder: SequenceBuilder) -> None:
    item = builder.pick_item(live=builder.rng.random() < 0.8)
    builder.add_call("PATCH", f"{builder.live_items_path}/{{{item}}}/live", {"fieldData": builder.random_field_data()})


def change_several_live(builder: SequenceBuilder) -> None:
    rows = [{"id": f"{{{builder.pick_item(live=True)}}}", "fieldData": builder.random_field_data()} for _ in range(2)]
    builder.add_call("PATCH", f"{builder.live_items_path}/live", {"items": rows})


def change_live_beside_staged_changes(builder: SequenceBuilder) -> None:
    item = builder.create_item({"number": 1}, live=True)
    builder.add_call("PATCH", f"{builder.items_path}/{{{item}}}", {"fieldData": {"number": 2}})
    builder.add_call("PATCH", f"{builder.items_path}/{{{item}}}/live", {"fieldData": {"text": "b"}})
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}/live")


# Values that are read otherwise than written


def write_video(builder: SequenceBuilder) -> None:
    builder.create_item({"video": VIDEO_URL}, isDraft=True)


def write_option_by_name(builder: SequenceBuilder) -> None:
    builder.create_item({"option": "First"}, isDraft=True)


def write_image_with_a_file_id(builder: SequenceBuilder) -> None:
    builder.create_item({"image": {"url": PICTURE_URL, "fileId": SENT_ID, "alt": "a"}}, isDraft=True)


def write_image_as_an_address(builder: SequenceBuilder) -> None:
    builder.create_item({"image": PICTURE_URL})


def change_flags_alone(builder: SequenceBuilder) -> None:
    item = builder.create_item()
    builder.add_call("PATCH", builder.items_path, {"items": [{"id": f"{{{item}}}", "isDraft": False}]})


def list_with_empty_parameters(builder: SequenceBuilder) -> None:
    builder.create_item()
    builder.add_call("GET", builder.items_path, name="")


def create_without_values(builder: SequenceBuilder) -> None:
    builder.add_call("POST", builder.items_path, {"fieldData": {}})


def write_image_without_bytes(builder: SequenceBuilder) -> None:
    asset = builder.register_asset()
    item = builder.create_item({"image": {"url": f"{{{asset}.hostedUrl}}"}}, isDraft=True)
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}")


# Publishing


def publish_two(builder: SequenceBuilder) -> None:
    wanted = [f"{{{builder.pick_item()}}}" for _ in range(2)]
    builder.add_call("POST", f"{builder.live_items_path}/publish", {"itemIds": [*dict.fromkeys(wanted)]})


def publish_a_draft(builder: SequenceBuilder) -> None:
    item = builder.create_item(isDraft=True)
    builder.add_call("POST", f"{builder.live_items_path}/publish", {"itemIds": [f"{{{item}}}"]})
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}")
    builder.live.append(item)


def publish_an_archived_item(builder: SequenceBuilder) -> None:
    item = builder.create_item(isDraft=False, isArchived=True)
    builder.add_call("POST", f"{builder.live_items_path}/publish", {"itemIds": [f"{{{item}}}", _ABSENT]})


def publish_in_a_locale(builder: SequenceBuilder) -> None:
    rows: list[JsonValue] = [
        {"id": f"{{{builder.pick_item()}}}", **({"cmsLocaleIds": ["{locale#1}"]} if builder.locales > 1 else {})}
    ]
    builder.add_call("POST", f"{builder.live_items_path}/publish", {"items": rows})


def unpublish_one(builder: SequenceBuilder) -> None:
    item = builder.create_item(live=True)
    builder.add_call("DELETE", f"{builder.items_path}/{{{item}}}/live")
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}")


def unpublish_several(builder: SequenceBuilder) -> None:
    items = [builder.create_item(live=True), builder.pick_item(live=True)]
    builder.add_call(
        "DELETE", f"{builder.items_path}/live", {"items": [{"id": f"{{{item}}}"} for item in dict.fromkeys(items)]}
    )


def create_live_before_a_publish(builder: SequenceBuilder) -> None:
    other = builder.new_collection([])
    made = builder.new_name("item")
    builder.add_call("POST", f"/collections/{{{other}}}/items/live", {"fieldData": {"name": "x"}}, makes=(made,))


# Deleting


def delete_one(builder: SequenceBuilder) -> None:
    item = builder.create_item(isDraft=True)
    builder.add_call("DELETE", f"{builder.items_path}/{{{item}}}")
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}")


def delete_several(builder: SequenceBuilder) -> None:
    items = dict.fromkeys([builder.create_item(isDraft=True), builder.pick_item()])
    builder.add_call("DELETE", builder.items_path, {"items": [{"id": f"{{{item}}}"} for item in items]})


# Reading


def read_one(builder: SequenceBuilder) -> None:
    item = builder.pick_item()
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}")
    builder.add_call("GET", f"{builder.items_path}/{{{item}}}/live")


def read_pages(builder: SequenceBuilder) -> None:
    builder.pick_item()
    builder.add_call(
        "GET", builder.items_path, limit=builder.rng.choice(["1", "2", "100"]), offset=builder.rng.choice("012")
    )
    builder.add_call("GET", f"{builder.items_path}/live")


def read_too_large_page(builder: SequenceBuilder) -> None:
    builder.add_call("GET", builder.items_path, limit="101")


def read_bad_page(builder: SequenceBuilder) -> None:
    builder.add_call("GET", builder.items_path, limit=builder.rng.choice(["0", "-1", "ten"]), offset="x")


def sort_without_an_order(builder: SequenceBuilder) -> None:
    name = builder.new_name("Sorted")
    for _ in range(2):
        builder.create_item({"name": name, "slug": builder.new_slug()}, isDraft=True)
    builder.add_call("GET", builder.items_path, name=name, sortBy="slug")


def sort_by_a_key(builder: SequenceBuilder) -> None:
    builder.pick_item()
    # Some slugs end at random. What one call makes has one date or several, as the clock goes; newest first, as ties
    # come, that makes no difference.
    key, order = builder.rng.choice([("name", "asc"), ("name", "desc"), ("createdOn", "desc")])
    builder.add_call("GET", builder.items_path, sortBy=key, sortOrder=order)


def filter_items(builder: SequenceBuilder) -> None:
    slug = builder.new_slug()
    builder.create_item({"slug": slug}, isDraft=True)
    builder.add_call("GET", builder.items_path, slug=slug)
    builder.add_call("GET", builder.items_path, name="Nothing has this name")


def read_in_other_locales(builder: SequenceBuilder) -> None:
    if builder.locales > 1:
        builder.add_call("GET", builder.items_path, cmsLocaleId="{locale#0},{locale#1}")
        builder.add_call("GET", f"{builder.items_path}/{{{builder.pick_item()}}}", cmsLocaleId="{locale#1}")
