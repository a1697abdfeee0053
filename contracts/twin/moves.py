"""The moves that sequences are made of: a few calls that belong together, as much as possible left to chance.

There is at least one for every operation and for every open choice that can be seen from here. Only folders of assets
are not made, because the API cannot remove them.
"""

from __future__ import annotations

from collections.abc import Callable

from ..sandbox import PREFIX, WEBHOOK_URL
from .calls import Json
from .normal import ORDER_TOLD_FROM, SENT_ID
from .scene import Scene

Move = Callable[[Scene], None]
MOVES: list[Move] = []
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


def move(function: Move) -> Move:
    """Adds a move to the deck."""
    MOVES.append(function)
    return function


# Creating


@move
def create(scene: Scene) -> None:
    scene.created(scene.field_data(), **scene.chance.choice(_FLAGS))


@move
def create_without_a_flag(scene: Scene) -> None:
    item = scene.created()
    scene.ask("GET", f"{scene.items}/{{{item}}}")


@move
def create_several(scene: Scene) -> None:
    rows = [{"fieldData": {"name": scene.name(), **scene.field_data()}, "isDraft": True} for _ in range(2)]
    made = scene.new("item"), scene.new("item")
    scene.ask("POST", scene.items, {"items": rows}, makes=made)
    scene.staged += made


@move
def create_live(scene: Scene) -> None:
    item = scene.created(scene.field_data(), live=True)
    scene.ask("GET", f"{scene.items}/{{{item}}}/live")


@move
def create_live_with_null(scene: Scene) -> None:
    item = scene.created({"text": None}, live=True)
    scene.ask("GET", f"{scene.items}/{{{item}}}/live")


@move
def create_one_in_bulk(scene: Scene) -> None:
    made = scene.new("item")
    scene.ask("POST", f"{scene.items}/bulk", {"fieldData": {"name": scene.name()}, "isDraft": True}, makes=(made,))
    scene.staged.append(made)


@move
def create_several_in_bulk(scene: Scene) -> None:
    locales = [f"{{locale#{number}}}" for number in range(scene.locales)]
    made = scene.new("item"), scene.new("item")
    body: dict[str, Json] = {
        "fieldData": [{"name": scene.name(), **scene.field_data()} for _ in made],
        "isDraft": False,
    }
    scene.ask("POST", f"{scene.items}/bulk", {**body, **({"cmsLocaleIds": locales} if locales else {})}, makes=made)
    scene.staged += made


@move
def insert(scene: Scene) -> None:
    row: dict[str, Json] = {"fieldData": {"name": scene.name()}, "isDraft": True}
    if scene.locales > 1:
        row |= {"id": f"{{{scene.created(isDraft=True)}}}", "cmsLocaleIds": ["{locale#1}"]}
    scene.ask("POST", f"{scene.items}/insert", {"items": [row]}, makes=(scene.new("item"),))


@move
def create_without_a_name(scene: Scene) -> None:
    scene.ask("POST", scene.items, {"fieldData": {"text": "a"}, "isDraft": True})


@move
def create_with_bad_values(scene: Scene) -> None:
    bad = {"name": "x", "number": "one", "switch": "yes", "date": "soon", "color": 1, "nothing": 1}
    kept = {key: bad[key] for key in ("name", *scene.chance.sample(sorted(bad)[1:], 3))}
    scene.ask("POST", scene.items, {"fieldData": kept, "isDraft": True})


@move
def create_misshapen(scene: Scene) -> None:
    bodies: list[Json] = [{}, {"fieldData": []}, {"fieldData": {"name": "x"}, "isDraft": "no"}, {"items": []}]
    scene.ask("POST", scene.items, scene.chance.choice(bodies))


# Slugs


@move
def same_slug_again(scene: Scene) -> None:
    slug = scene.slug()
    live = scene.chance.random() < 0.3
    scene.created({"slug": slug}, isDraft=True)
    scene.created({"slug": slug}, isDraft=True, live=live)


@move
def same_slug_in_bulk(scene: Scene) -> None:
    slug = scene.slug()
    scene.created({"slug": slug}, isDraft=True)
    rows = [{"name": scene.name(), "slug": slug}, {"name": scene.name()}]
    made = scene.new("item"), scene.new("item")
    scene.ask("POST", f"{scene.items}/bulk", {"fieldData": rows, "isDraft": True}, makes=made)


@move
def same_slug_in_another_locale(scene: Scene) -> None:
    if scene.locales > 1:
        slug = scene.slug()
        scene.created({"slug": slug}, isDraft=True)
        scene.created({"slug": slug}, isDraft=True, cmsLocaleId="{locale#1}")


@move
def same_name_again(scene: Scene) -> None:
    for _ in range(2):
        scene.created({"name": "Twice the same"}, isDraft=True)


@move
def slug_of_a_deleted_live_item(scene: Scene) -> None:
    slug = scene.slug()
    item = scene.created({"slug": slug}, live=True)
    scene.ask("DELETE", f"{scene.items}/{{{item}}}")
    scene.created({"slug": slug}, isDraft=True)


@move
def own_slug(scene: Scene) -> None:
    slug = scene.slug()
    item = scene.created({"slug": slug}, isDraft=True)
    scene.ask("PATCH", f"{scene.items}/{{{item}}}", {"fieldData": {"slug": slug, "name": scene.name()}})


@move
def slug_of_another(scene: Scene) -> None:
    if scene.slugs:
        body = {"fieldData": {"slug": scene.chance.choice(scene.slugs)}}
        scene.ask("PATCH", f"{scene.items}/{{{scene.item()}}}", body)


# Changing


@move
def change(scene: Scene) -> None:
    body = {"fieldData": scene.field_data(), **scene.chance.choice(_FLAGS)}
    scene.ask("PATCH", f"{scene.items}/{{{scene.item()}}}", body)


@move
def change_to_null(scene: Scene) -> None:
    item = scene.created({"text": "a", "number": 1}, isDraft=True)
    scene.ask("PATCH", f"{scene.items}/{{{item}}}", {"fieldData": {"text": None}})


@move
def change_several(scene: Scene) -> None:
    rows = [{"id": f"{{{scene.item()}}}", "fieldData": scene.field_data(), "isDraft": True} for _ in range(2)]
    scene.ask("PATCH", scene.items, {"items": rows})


@move
def change_nothing_that_is_there(scene: Scene) -> None:
    scene.ask("PATCH", f"{scene.items}/{_ABSENT}", {"fieldData": {"text": "a"}})


@move
def change_live(scene: Scene) -> None:
    item = scene.item(live=scene.chance.random() < 0.8)
    scene.ask("PATCH", f"{scene.live_items}/{{{item}}}/live", {"fieldData": scene.field_data()})


@move
def change_several_live(scene: Scene) -> None:
    rows = [{"id": f"{{{scene.item(live=True)}}}", "fieldData": scene.field_data()} for _ in range(2)]
    scene.ask("PATCH", f"{scene.live_items}/live", {"items": rows})


@move
def change_live_beside_staged_changes(scene: Scene) -> None:
    item = scene.created({"number": 1}, live=True)
    scene.ask("PATCH", f"{scene.items}/{{{item}}}", {"fieldData": {"number": 2}})
    scene.ask("PATCH", f"{scene.items}/{{{item}}}/live", {"fieldData": {"text": "b"}})
    scene.ask("GET", f"{scene.items}/{{{item}}}/live")


# Values that are read otherwise than written


@move
def video(scene: Scene) -> None:
    scene.created({"video": VIDEO}, isDraft=True)


@move
def option_by_name(scene: Scene) -> None:
    scene.created({"option": "First"}, isDraft=True)


@move
def image_with_a_file_id(scene: Scene) -> None:
    scene.created({"image": {"url": PICTURE, "fileId": SENT_ID, "alt": "a"}}, isDraft=True)


@move
def image_that_is_not_there(scene: Scene) -> None:
    asset = scene.registered()
    item = scene.created({"image": {"url": f"{{{asset}.hostedUrl}}"}}, isDraft=True)
    scene.ask("GET", f"{scene.items}/{{{item}}}")


# Publishing


@move
def publish(scene: Scene) -> None:
    wanted = [f"{{{scene.item()}}}" for _ in range(2)]
    scene.ask("POST", f"{scene.live_items}/publish", {"itemIds": [*dict.fromkeys(wanted)]})


@move
def publish_a_draft(scene: Scene) -> None:
    item = scene.created(isDraft=True)
    scene.ask("POST", f"{scene.live_items}/publish", {"itemIds": [f"{{{item}}}"]})
    scene.ask("GET", f"{scene.items}/{{{item}}}")
    scene.live.append(item)


@move
def publish_an_archived_item(scene: Scene) -> None:
    item = scene.created(isDraft=False, isArchived=True)
    scene.ask("POST", f"{scene.live_items}/publish", {"itemIds": [f"{{{item}}}", _ABSENT]})


@move
def publish_in_a_locale(scene: Scene) -> None:
    rows: list[Json] = [
        {"id": f"{{{scene.item()}}}", **({"cmsLocaleIds": ["{locale#1}"]} if scene.locales > 1 else {})}
    ]
    scene.ask("POST", f"{scene.live_items}/publish", {"items": rows})


@move
def unpublish(scene: Scene) -> None:
    item = scene.created(live=True)
    scene.ask("DELETE", f"{scene.items}/{{{item}}}/live")
    scene.ask("GET", f"{scene.items}/{{{item}}}")


@move
def unpublish_several(scene: Scene) -> None:
    items = [scene.created(live=True), scene.item(live=True)]
    scene.ask("DELETE", f"{scene.items}/live", {"items": [{"id": f"{{{item}}}"} for item in dict.fromkeys(items)]})


@move
def live_writes_before_a_publish(scene: Scene) -> None:
    other = scene.new_collection([])
    made = scene.new("item")
    scene.ask("POST", f"/collections/{{{other}}}/items/live", {"fieldData": {"name": "x"}}, makes=(made,))


# Deleting


@move
def delete(scene: Scene) -> None:
    item = scene.created(isDraft=True)
    scene.ask("DELETE", f"{scene.items}/{{{item}}}")
    scene.ask("GET", f"{scene.items}/{{{item}}}")


@move
def delete_several(scene: Scene) -> None:
    items = dict.fromkeys([scene.created(isDraft=True), scene.item()])
    scene.ask("DELETE", scene.items, {"items": [{"id": f"{{{item}}}"} for item in items]})


# Reading


@move
def read(scene: Scene) -> None:
    item = scene.item()
    scene.ask("GET", f"{scene.items}/{{{item}}}")
    scene.ask("GET", f"{scene.items}/{{{item}}}/live")


@move
def page(scene: Scene) -> None:
    scene.item()
    scene.ask("GET", scene.items, limit=scene.chance.choice(["1", "2", "100"]), offset=scene.chance.choice("012"))
    scene.ask("GET", f"{scene.items}/live")


@move
def page_too_large(scene: Scene) -> None:
    scene.ask("GET", scene.items, limit="101")


@move
def bad_page(scene: Scene) -> None:
    scene.ask("GET", scene.items, limit=scene.chance.choice(["0", "-1", "ten"]), offset="x")


@move
def sorted_without_an_order(scene: Scene) -> None:
    name = scene.new("Sorted")
    for _ in range(2):
        scene.created({"name": name, "slug": scene.slug()}, isDraft=True)
    scene.ask("GET", scene.items, name=name, sortBy="slug")


@move
def sorted_by_anything(scene: Scene) -> None:
    scene.item()
    keys = ["name", "slug", "createdOn", "lastUpdated"]
    scene.ask("GET", scene.items, sortBy=scene.chance.choice(keys), sortOrder=scene.chance.choice(["asc", "desc"]))


@move
def filtered(scene: Scene) -> None:
    slug = scene.slug()
    scene.created({"slug": slug}, isDraft=True)
    scene.ask("GET", scene.items, slug=slug)
    scene.ask("GET", scene.items, name="Nothing has this name")


@move
def in_other_locales(scene: Scene) -> None:
    if scene.locales > 1:
        scene.ask("GET", scene.items, cmsLocaleId="{locale#0},{locale#1}")
        scene.ask("GET", f"{scene.items}/{{{scene.item()}}}", cmsLocaleId="{locale#1}")


# Collections and fields


@move
def read_collections(scene: Scene) -> None:
    scene.ask("GET", scene.collection)
    scene.ask("GET", "/sites/{site}/collections")


@move
def fields(scene: Scene) -> None:
    made = scene.new("field")
    scene.ask("POST", f"{scene.collection}/fields", {"type": "Email", "displayName": f"Mail {made}"}, makes=(made,))
    scene.ask("PATCH", f"{scene.collection}/fields/{{{made}}}", {"helpText": "a"})
    scene.ask("DELETE", f"{scene.collection}/fields/{{{made}}}")
    scene.structure_changed()


@move
def collection_of_the_same_name(scene: Scene) -> None:
    body = {"displayName": f"{PREFIX}{{mark}} same", "singularName": f"{PREFIX}{{mark}} one"}
    for _ in range(2):
        scene.ask("POST", "/sites/{site}/collections", body, makes=(scene.new("collection"),))


@move
def delete_collection(scene: Scene) -> None:
    other = scene.new_collection([])
    scene.ask("DELETE", f"/collections/{{{other}}}")
    scene.ask("GET", f"/collections/{{{other}}}/items")


# Assets


@move
def asset(scene: Scene) -> None:
    made = scene.registered()
    scene.ask("GET", f"/assets/{{{made}}}")


@move
def asset_twice(scene: Scene) -> None:
    number = scene.new("twice")
    for name in ("one.png", "two.png"):
        scene.registered(f"{{md5 {number}}}", name)


@move
def asset_of_no_md5(scene: Scene) -> None:
    scene.registered("no md5 {mark}")


@move
def asset_uploaded(scene: Scene) -> None:
    number = scene.new("bytes")
    made = scene.registered(f"{{md5 {number}}}", f"{number.replace('#', '-')}.txt")
    scene.upload(made, f"{{mark}}{number}")
    scene.ask("GET", f"/assets/{{{made}}}")


@move
def asset_uploaded_with_other_bytes(scene: Scene) -> None:
    scene.upload(scene.registered(), "other bytes")


@move
def assets_in_order(scene: Scene) -> None:
    for _ in range(ORDER_TOLD_FROM):
        scene.registered()
    scene.ask("GET", "/sites/{site}/assets")


@move
def asset_changed(scene: Scene) -> None:
    made = scene.registered()
    # It has to be there before it can be changed where assets are not there without their bytes.
    scene.upload(made, "{mark} changed")
    scene.ask("PATCH", f"/assets/{{{made}}}", {"altText": scene.chance.choice(["a", None]), "displayName": "b"})
    scene.ask("DELETE", f"/assets/{{{made}}}")
    scene.ask("GET", f"/assets/{{{made}}}")


@move
def asset_of_a_bad_name(scene: Scene) -> None:
    body = {"fileName": scene.chance.choice([f"{PREFIX}a/b.png", f"{PREFIX}{'x' * 100}.png"]), "fileHash": "{md5 bad}"}
    scene.ask("POST", "/sites/{site}/assets", body, makes=(scene.new("asset"),))


# Webhooks


@move
def webhook(scene: Scene) -> None:
    made = new_webhook(scene, "site_publish")
    scene.ask("GET", f"/webhooks/{{{made}}}")
    scene.ask("GET", "/sites/{site}/webhooks")
    scene.ask("DELETE", f"/webhooks/{{{made}}}")


@move
def webhook_told_of_a_change(scene: Scene) -> None:
    item = scene.created(isDraft=False)
    path = f"{scene.live_items}/publish"
    made = new_webhook(scene, "collection_item_changed")
    scene.ask("POST", path, {"itemIds": [f"{{{item}}}"]})
    scene.ask("GET", f"/webhooks/{{{made}}}")


@move
def bad_webhook(scene: Scene) -> None:
    body = {"triggerType": scene.chance.choice(["nothing", "site_publish"]), "url": "no address"}
    scene.ask("POST", "/sites/{site}/webhooks", body)


def new_webhook(scene: Scene, trigger: str) -> str:
    """Registers one at an address that nothing listens to."""
    made = scene.new("webhook")
    body = {"triggerType": trigger, "url": f"{WEBHOOK_URL}-{{mark}}"}
    scene.ask("POST", "/sites/{site}/webhooks", body, makes=(made,))
    return made


# Sites, tokens, and what is no operation


@move
def site(scene: Scene) -> None:
    scene.ask("GET", "/sites/{site}")
    scene.ask("GET", "/sites")
    scene.ask("GET", "/sites/{site}/custom_domains")
    scene.ask("GET", "/sites/{site}/asset_folders")


@move
def publish_site(scene: Scene) -> None:
    items = [scene.created(isDraft=draft) for draft in (False, True)]
    scene.live_items  # noqa: B018 - publishes the site once where it is still to be done
    scene.publish_site()
    for item in items:
        scene.ask("GET", f"{scene.items}/{{{item}}}")
    scene.ask("GET", f"{scene.items}/live")


@move
def publish_site_nowhere(scene: Scene) -> None:
    scene.ask("POST", "/sites/{site}/publish", {})


@move
def token(scene: Scene) -> None:
    scene.ask("GET", "/token/introspect")
    scene.ask("GET", "/token/authorized_by")


@move
def unknown_route(scene: Scene) -> None:
    scene.ask("GET", "/nothing/that/is/there")


@move
def bad_ids(scene: Scene) -> None:
    scene.ask("GET", scene.chance.choice(["/collections/x", f"/assets/{_ABSENT}", f"/sites/{_ABSENT}"]))
