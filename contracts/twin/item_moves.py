"""Moves with items: making, changing, publishing, deleting and reading them. As much as possible is left to chance."""

from __future__ import annotations

from .calls import Json
from .deck import Deck
from .normal import SENT_ID
from .scene import Scene

MOVES = Deck()
VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PICTURE = "https://example.com/picture.png"
_FLAGS: tuple[dict[str, bool], ...] = (
    {},
    {"isDraft": True},
    {"isDraft": False},
    {"isArchived": True},
    {"isDraft": False, "isArchived": False},
)
_ABSENT = "{item#0}"


# Creating


@MOVES.move
def create(scene: Scene) -> None:
    scene.created(scene.field_data(), **scene.chance.choice(_FLAGS))


@MOVES.move
def create_without_a_flag(scene: Scene) -> None:
    item = scene.created()
    scene.ask("GET", f"{scene.items}/{{{item}}}")


@MOVES.move
def create_several(scene: Scene) -> None:
    rows = [{"fieldData": {"name": scene.name(), **scene.field_data()}, "isDraft": True} for _ in range(2)]
    made = scene.new("item"), scene.new("item")
    scene.ask("POST", scene.items, {"items": rows}, makes=made)
    scene.staged += made


@MOVES.move
def create_live(scene: Scene) -> None:
    item = scene.created(scene.field_data(), live=True)
    scene.ask("GET", f"{scene.items}/{{{item}}}/live")


@MOVES.move
def create_live_with_null(scene: Scene) -> None:
    item = scene.created({"text": None}, live=True)
    scene.ask("GET", f"{scene.items}/{{{item}}}/live")


@MOVES.move
def create_one_in_bulk(scene: Scene) -> None:
    made = scene.new("item")
    scene.ask("POST", f"{scene.items}/bulk", {"fieldData": {"name": scene.name()}, "isDraft": True}, makes=(made,))
    scene.staged.append(made)


@MOVES.move
def create_several_in_bulk(scene: Scene) -> None:
    locales = [f"{{locale#{number}}}" for number in range(scene.locales)]
    made = scene.new("item"), scene.new("item")
    body: dict[str, Json] = {
        "fieldData": [{"name": scene.name(), **scene.field_data()} for _ in made],
        "isDraft": False,
    }
    scene.ask("POST", f"{scene.items}/bulk", {**body, **({"cmsLocaleIds": locales} if locales else {})}, makes=made)
    scene.staged += made


@MOVES.move
def insert(scene: Scene) -> None:
    row: dict[str, Json] = {"fieldData": {"name": scene.name()}, "isDraft": True}
    if scene.locales > 1:
        row |= {"id": f"{{{scene.created(isDraft=True)}}}", "cmsLocaleIds": ["{locale#1}"]}
    scene.ask("POST", f"{scene.items}/insert", {"items": [row]}, makes=(scene.new("item"),))


@MOVES.move
def create_without_a_name(scene: Scene) -> None:
    scene.ask("POST", scene.items, {"fieldData": {"text": "a"}, "isDraft": True})


@MOVES.move
def create_with_bad_values(scene: Scene) -> None:
    bad = {"name": "x", "number": "one", "switch": "yes", "date": "soon", "color": 1, "nothing": 1}
    kept = {key: bad[key] for key in ("name", *scene.chance.sample(sorted(bad)[1:], 3))}
    scene.ask("POST", scene.items, {"fieldData": kept, "isDraft": True})


@MOVES.move
def create_misshapen(scene: Scene) -> None:
    bodies: list[Json] = [{}, {"fieldData": []}, {"fieldData": {"name": "x"}, "isDraft": "no"}, {"items": []}]
    scene.ask("POST", scene.items, scene.chance.choice(bodies))


# Slugs


@MOVES.move
def same_slug_again(scene: Scene) -> None:
    slug = scene.slug()
    live = scene.chance.random() < 0.3
    scene.created({"slug": slug}, isDraft=True)
    scene.created({"slug": slug}, isDraft=True, live=live)


@MOVES.move
def same_slug_in_bulk(scene: Scene) -> None:
    slug = scene.slug()
    scene.created({"slug": slug}, isDraft=True)
    rows = [{"name": scene.name(), "slug": slug}, {"name": scene.name()}]
    made = scene.new("item"), scene.new("item")
    scene.ask("POST", f"{scene.items}/bulk", {"fieldData": rows, "isDraft": True}, makes=made)


@MOVES.move
def same_slug_in_another_locale(scene: Scene) -> None:
    if scene.locales > 1:
        slug = scene.slug()
        scene.created({"slug": slug}, isDraft=True)
        scene.created({"slug": slug}, isDraft=True, cmsLocaleId="{locale#1}")


@MOVES.move
def same_name_again(scene: Scene) -> None:
    for _ in range(2):
        scene.created({"name": "Twice the same"}, isDraft=True)


@MOVES.move
def slug_of_a_deleted_live_item(scene: Scene) -> None:
    slug = scene.slug()
    item = scene.created({"slug": slug}, live=True)
    scene.ask("DELETE", f"{scene.items}/{{{item}}}")
    scene.created({"slug": slug}, isDraft=True)


@MOVES.move
def own_slug(scene: Scene) -> None:
    slug = scene.slug()
    item = scene.created({"slug": slug}, isDraft=True)
    scene.ask("PATCH", f"{scene.items}/{{{item}}}", {"fieldData": {"slug": slug, "name": scene.name()}})


@MOVES.move
def slug_of_another(scene: Scene) -> None:
    if scene.slugs:
        body = {"fieldData": {"slug": scene.chance.choice(scene.slugs)}}
        scene.ask("PATCH", f"{scene.items}/{{{scene.item()}}}", body)


# Changing


@MOVES.move
def change(scene: Scene) -> None:
    body = {"fieldData": scene.field_data(), **scene.chance.choice(_FLAGS)}
    scene.ask("PATCH", f"{scene.items}/{{{scene.item()}}}", body)


@MOVES.move
def change_to_null(scene: Scene) -> None:
    item = scene.created({"text": "a", "number": 1}, isDraft=True)
    scene.ask("PATCH", f"{scene.items}/{{{item}}}", {"fieldData": {"text": None}})


@MOVES.move
def change_several(scene: Scene) -> None:
    rows = [{"id": f"{{{scene.item()}}}", "fieldData": scene.field_data(), "isDraft": True} for _ in range(2)]
    scene.ask("PATCH", scene.items, {"items": rows})


@MOVES.move
def change_nothing_that_is_there(scene: Scene) -> None:
    scene.ask("PATCH", f"{scene.items}/{_ABSENT}", {"fieldData": {"text": "a"}})


@MOVES.move
def change_live(scene: Scene) -> None:
    item = scene.item(live=scene.chance.random() < 0.8)
    scene.ask("PATCH", f"{scene.live_items}/{{{item}}}/live", {"fieldData": scene.field_data()})


@MOVES.move
def change_several_live(scene: Scene) -> None:
    rows = [{"id": f"{{{scene.item(live=True)}}}", "fieldData": scene.field_data()} for _ in range(2)]
    scene.ask("PATCH", f"{scene.live_items}/live", {"items": rows})


@MOVES.move
def change_live_beside_staged_changes(scene: Scene) -> None:
    item = scene.created({"number": 1}, live=True)
    scene.ask("PATCH", f"{scene.items}/{{{item}}}", {"fieldData": {"number": 2}})
    scene.ask("PATCH", f"{scene.items}/{{{item}}}/live", {"fieldData": {"text": "b"}})
    scene.ask("GET", f"{scene.items}/{{{item}}}/live")


# Values that are read otherwise than written


@MOVES.move
def video(scene: Scene) -> None:
    scene.created({"video": VIDEO}, isDraft=True)


@MOVES.move
def option_by_name(scene: Scene) -> None:
    scene.created({"option": "First"}, isDraft=True)


@MOVES.move
def image_with_a_file_id(scene: Scene) -> None:
    scene.created({"image": {"url": PICTURE, "fileId": SENT_ID, "alt": "a"}}, isDraft=True)


@MOVES.move
def image_that_is_not_there(scene: Scene) -> None:
    asset = scene.registered()
    item = scene.created({"image": {"url": f"{{{asset}.hostedUrl}}"}}, isDraft=True)
    scene.ask("GET", f"{scene.items}/{{{item}}}")


# Publishing


@MOVES.move
def publish(scene: Scene) -> None:
    wanted = [f"{{{scene.item()}}}" for _ in range(2)]
    scene.ask("POST", f"{scene.live_items}/publish", {"itemIds": [*dict.fromkeys(wanted)]})


@MOVES.move
def publish_a_draft(scene: Scene) -> None:
    item = scene.created(isDraft=True)
    scene.ask("POST", f"{scene.live_items}/publish", {"itemIds": [f"{{{item}}}"]})
    scene.ask("GET", f"{scene.items}/{{{item}}}")
    scene.live.append(item)


@MOVES.move
def publish_an_archived_item(scene: Scene) -> None:
    item = scene.created(isDraft=False, isArchived=True)
    scene.ask("POST", f"{scene.live_items}/publish", {"itemIds": [f"{{{item}}}", _ABSENT]})


@MOVES.move
def publish_in_a_locale(scene: Scene) -> None:
    rows: list[Json] = [
        {"id": f"{{{scene.item()}}}", **({"cmsLocaleIds": ["{locale#1}"]} if scene.locales > 1 else {})}
    ]
    scene.ask("POST", f"{scene.live_items}/publish", {"items": rows})


@MOVES.move
def unpublish(scene: Scene) -> None:
    item = scene.created(live=True)
    scene.ask("DELETE", f"{scene.items}/{{{item}}}/live")
    scene.ask("GET", f"{scene.items}/{{{item}}}")


@MOVES.move
def unpublish_several(scene: Scene) -> None:
    items = [scene.created(live=True), scene.item(live=True)]
    scene.ask("DELETE", f"{scene.items}/live", {"items": [{"id": f"{{{item}}}"} for item in dict.fromkeys(items)]})


@MOVES.move
def live_writes_before_a_publish(scene: Scene) -> None:
    other = scene.new_collection([])
    made = scene.new("item")
    scene.ask("POST", f"/collections/{{{other}}}/items/live", {"fieldData": {"name": "x"}}, makes=(made,))


# Deleting


@MOVES.move
def delete(scene: Scene) -> None:
    item = scene.created(isDraft=True)
    scene.ask("DELETE", f"{scene.items}/{{{item}}}")
    scene.ask("GET", f"{scene.items}/{{{item}}}")


@MOVES.move
def delete_several(scene: Scene) -> None:
    items = dict.fromkeys([scene.created(isDraft=True), scene.item()])
    scene.ask("DELETE", scene.items, {"items": [{"id": f"{{{item}}}"} for item in items]})


# Reading


@MOVES.move
def read(scene: Scene) -> None:
    item = scene.item()
    scene.ask("GET", f"{scene.items}/{{{item}}}")
    scene.ask("GET", f"{scene.items}/{{{item}}}/live")


@MOVES.move
def page(scene: Scene) -> None:
    scene.item()
    scene.ask("GET", scene.items, limit=scene.chance.choice(["1", "2", "100"]), offset=scene.chance.choice("012"))
    scene.ask("GET", f"{scene.items}/live")


@MOVES.move
def page_too_large(scene: Scene) -> None:
    scene.ask("GET", scene.items, limit="101")


@MOVES.move
def bad_page(scene: Scene) -> None:
    scene.ask("GET", scene.items, limit=scene.chance.choice(["0", "-1", "ten"]), offset="x")


@MOVES.move
def sorted_without_an_order(scene: Scene) -> None:
    name = scene.new("Sorted")
    for _ in range(2):
        scene.created({"name": name, "slug": scene.slug()}, isDraft=True)
    scene.ask("GET", scene.items, name=name, sortBy="slug")


@MOVES.move
def sorted_by_a_key(scene: Scene) -> None:
    scene.item()
    # Some slugs end at random. What one call makes has one date or several, as the clock goes; newest first, as ties
    # come, that makes no difference.
    key, order = scene.chance.choice([("name", "asc"), ("name", "desc"), ("createdOn", "desc")])
    scene.ask("GET", scene.items, sortBy=key, sortOrder=order)


@MOVES.move
def filtered(scene: Scene) -> None:
    slug = scene.slug()
    scene.created({"slug": slug}, isDraft=True)
    scene.ask("GET", scene.items, slug=slug)
    scene.ask("GET", scene.items, name="Nothing has this name")


@MOVES.move
def in_other_locales(scene: Scene) -> None:
    if scene.locales > 1:
        scene.ask("GET", scene.items, cmsLocaleId="{locale#0},{locale#1}")
        scene.ask("GET", f"{scene.items}/{{{scene.item()}}}", cmsLocaleId="{locale#1}")
