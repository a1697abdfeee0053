"""Moves with everything else: collections and their fields, assets, webhooks, the site, the token, unknown routes."""

from __future__ import annotations

from ..kit.sandbox import PREFIX, WEBHOOK_URL
from .deck import Deck
from .normal import ORDER_TOLD_FROM
from .scene import Scene

MOVES = Deck()

# Collections and fields


@MOVES.move
def read_collections(scene: Scene) -> None:
    scene.ask("GET", scene.collection)
    scene.ask("GET", "/sites/{site}/collections")


@MOVES.move
def fields(scene: Scene) -> None:
    made = scene.new("field")
    scene.ask("POST", f"{scene.collection}/fields", {"type": "Email", "displayName": f"Mail {made}"}, makes=(made,))
    scene.ask("PATCH", f"{scene.collection}/fields/{{{made}}}", {"helpText": "a"})
    scene.ask("DELETE", f"{scene.collection}/fields/{{{made}}}")
    scene.structure_changed()


@MOVES.move
def collection_of_the_same_name(scene: Scene) -> None:
    body = {"displayName": f"{PREFIX}{{mark}} same", "singularName": f"{PREFIX}{{mark}} one"}
    for _ in range(2):
        scene.ask("POST", "/sites/{site}/collections", body, makes=(scene.new("collection"),))


@MOVES.move
def delete_collection(scene: Scene) -> None:
    other = scene.new_collection([])
    scene.ask("DELETE", f"/collections/{{{other}}}")
    scene.ask("GET", f"/collections/{{{other}}}/items")


# Assets


@MOVES.move
def asset(scene: Scene) -> None:
    made = scene.registered()
    scene.ask("GET", f"/assets/{{{made}}}")


@MOVES.move
def asset_twice(scene: Scene) -> None:
    number = scene.new("twice")
    for name in ("one.png", "two.png"):
        scene.registered(f"{{md5 {number}}}", name)


@MOVES.move
def asset_of_no_md5(scene: Scene) -> None:
    scene.registered("no md5 {mark}")


@MOVES.move
def asset_uploaded(scene: Scene) -> None:
    number = scene.new("bytes")
    made = scene.registered(f"{{md5 {number}}}", f"{number.replace('#', '-')}.txt")
    scene.upload(made, f"{{mark}}{number}")
    scene.ask("GET", f"/assets/{{{made}}}")


@MOVES.move
def asset_uploaded_with_other_bytes(scene: Scene) -> None:
    scene.upload(scene.registered(), "other bytes")


@MOVES.move
def assets_in_order(scene: Scene) -> None:
    for _ in range(ORDER_TOLD_FROM):
        scene.registered()
    scene.ask("GET", "/sites/{site}/assets")


@MOVES.move
def asset_changed(scene: Scene) -> None:
    made = scene.registered()
    # It has to be there before it can be changed where assets are not there without their bytes.
    scene.upload(made, "{mark} changed")
    scene.ask("PATCH", f"/assets/{{{made}}}", {"altText": scene.chance.choice(["a", None]), "displayName": "b"})
    scene.ask("DELETE", f"/assets/{{{made}}}")
    scene.ask("GET", f"/assets/{{{made}}}")


@MOVES.move
def asset_of_a_bad_name(scene: Scene) -> None:
    body = {"fileName": scene.chance.choice([f"{PREFIX}a/b.png", f"{PREFIX}{'x' * 100}.png"]), "fileHash": "{md5 bad}"}
    scene.ask("POST", "/sites/{site}/assets", body, makes=(scene.new("asset"),))


# Webhooks


@MOVES.move
def webhook(scene: Scene) -> None:
    made = new_webhook(scene, "site_publish")
    scene.ask("GET", f"/webhooks/{{{made}}}")
    scene.ask("GET", "/sites/{site}/webhooks")
    scene.ask("DELETE", f"/webhooks/{{{made}}}")


@MOVES.move
def webhook_told_of_a_change(scene: Scene) -> None:
    item = scene.created(isDraft=False)
    path = f"{scene.live_items}/publish"
    made = new_webhook(scene, "collection_item_changed")
    scene.ask("POST", path, {"itemIds": [f"{{{item}}}"]})
    scene.ask("GET", f"/webhooks/{{{made}}}")


@MOVES.move
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


@MOVES.move
def site(scene: Scene) -> None:
    scene.ask("GET", "/sites/{site}")
    scene.ask("GET", "/sites")
    scene.ask("GET", "/sites/{site}/custom_domains")
    scene.ask("GET", "/sites/{site}/asset_folders")


@MOVES.move
def publish_site(scene: Scene) -> None:
    items = [scene.created(isDraft=draft) for draft in (False, True)]
    scene.live_items  # noqa: B018 - publishes the site once where it is still to be done
    scene.publish_site()
    for item in items:
        scene.ask("GET", f"{scene.items}/{{{item}}}")
    scene.ask("GET", f"{scene.items}/live")


@MOVES.move
def publish_site_nowhere(scene: Scene) -> None:
    scene.ask("POST", "/sites/{site}/publish", {})


@MOVES.move
def token(scene: Scene) -> None:
    scene.ask("GET", "/token/introspect")
    scene.ask("GET", "/token/authorized_by")


@MOVES.move
def unknown_route(scene: Scene) -> None:
    scene.ask("GET", "/nothing/that/is/there")


@MOVES.move
def bad_ids(scene: Scene) -> None:
    scene.ask("GET", scene.chance.choice(["/collections/x", "/assets/{item#0}", "/sites/{item#0}"]))
