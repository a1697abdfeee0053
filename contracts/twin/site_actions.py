"""Moves with everything else: collections and their fields, assets, webhooks, the site, the token, unknown routes.

Every function here is a move.
"""

from __future__ import annotations

from ..generated.answers import ORDER_COMPARED_FROM
from ..kit.sandbox import NAME_PREFIX
from .sequence_builder import SequenceBuilder

# Collections and fields


def read_collections(builder: SequenceBuilder) -> None:
    builder.add_call("GET", builder.collection_path)
    builder.add_call("GET", "/sites/{site}/collections")


def change_fields(builder: SequenceBuilder) -> None:
    made = builder.new_name("field")
    builder.add_call(
        "POST", f"{builder.collection_path}/fields", {"type": "Email", "displayName": f"Mail {made}"}, makes=(made,)
    )
    builder.add_call("PATCH", f"{builder.collection_path}/fields/{{{made}}}", {"helpText": "a"})
    builder.add_call("DELETE", f"{builder.collection_path}/fields/{{{made}}}")
    builder.require_publish()


def ask_for_the_head(builder: SequenceBuilder) -> None:
    builder.add_call("HEAD", builder.collection_path)


def create_option_field(builder: SequenceBuilder) -> None:
    body = {"type": "Option", "displayName": "Kind {mark}", "metadata": {"options": [{"name": "News"}]}}
    builder.add_call("POST", f"{builder.collection_path}/fields", body, makes=(builder.new_name("field"),))
    builder.require_publish()


def refer_to_unpublished_collection(builder: SequenceBuilder) -> None:
    made = builder.new_collection([])
    body = {"type": "Reference", "displayName": "Itself", "metadata": {"collectionId": f"{{{made}}}"}}
    builder.add_call("POST", f"/collections/{{{made}}}/fields", body, makes=(builder.new_name("field"),))


def repeat_collection_name(builder: SequenceBuilder) -> None:
    body = {"displayName": f"{NAME_PREFIX}{{mark}} same", "singularName": f"{NAME_PREFIX}{{mark}} one"}
    for _ in range(2):
        builder.add_call("POST", "/sites/{site}/collections", body, makes=(builder.new_name("collection"),))


def remove_collection(builder: SequenceBuilder) -> None:
    other = builder.new_collection([])
    builder.add_call("DELETE", f"/collections/{{{other}}}")
    builder.add_call("GET", f"/collections/{{{other}}}/items")


# Assets


def read_asset(builder: SequenceBuilder) -> None:
    made = builder.register_asset()
    builder.add_call("GET", f"/assets/{{{made}}}")


def register_twice(builder: SequenceBuilder) -> None:
    number = builder.new_name("twice")
    for name in ("one.png", "two.png"):
        builder.register_asset(f"{{md5 {number}}}", name)


def register_without_md5(builder: SequenceBuilder) -> None:
    builder.register_asset("no md5 {mark}")


def upload_asset(builder: SequenceBuilder) -> None:
    number = builder.new_name("bytes")
    made = builder.register_asset(f"{{md5 {number}}}", f"{number.replace('#', '-')}.txt")
    builder.add_upload(made, f"{{mark}}{number}")
    builder.add_call("GET", f"/assets/{{{made}}}")


def upload_other_bytes(builder: SequenceBuilder) -> None:
    builder.add_upload(builder.register_asset(), "other bytes")


def list_assets_in_order(builder: SequenceBuilder) -> None:
    for _ in range(ORDER_COMPARED_FROM):
        builder.register_asset()
    builder.add_call("GET", "/sites/{site}/assets")


def change_asset(builder: SequenceBuilder) -> None:
    made = builder.register_asset()
    # It has to be there before it can be changed where assets are not there without their bytes.
    builder.add_upload(made, "{mark} changed")
    builder.add_call("PATCH", f"/assets/{{{made}}}", {"altText": builder.rng.choice(["a", None]), "displayName": "b"})
    builder.add_call("DELETE", f"/assets/{{{made}}}")
    builder.add_call("GET", f"/assets/{{{made}}}")


def register_bad_name(builder: SequenceBuilder) -> None:
    body = {
        "fileName": builder.rng.choice([f"{NAME_PREFIX}a/b.png", f"{NAME_PREFIX}{'x' * 100}.png"]),
        "fileHash": "{md5 bad}",
    }
    builder.add_call("POST", "/sites/{site}/assets", body, makes=(builder.new_name("asset"),))


# Webhooks


def read_webhook(builder: SequenceBuilder) -> None:
    made = builder.register_webhook("site_publish")
    builder.add_call("GET", f"/webhooks/{{{made}}}")
    builder.add_call("GET", "/sites/{site}/webhooks")
    builder.add_call("DELETE", f"/webhooks/{{{made}}}")


def trigger_webhook(builder: SequenceBuilder) -> None:
    item = builder.create_item(isDraft=False)
    path = f"{builder.live_items_path}/publish"
    made = builder.register_webhook("collection_item_changed")
    builder.add_call("POST", path, {"itemIds": [f"{{{item}}}"]})
    builder.add_call("GET", f"/webhooks/{{{made}}}")


def register_bad_webhook(builder: SequenceBuilder) -> None:
    body = {"triggerType": builder.rng.choice(["nothing", "site_publish"]), "url": "no address"}
    builder.add_call("POST", "/sites/{site}/webhooks", body)


# Sites, tokens, and what is no operation


def read_site(builder: SequenceBuilder) -> None:
    builder.add_call("GET", "/sites/{site}")
    builder.add_call("GET", "/sites")
    builder.add_call("GET", "/sites/{site}/custom_domains")
    builder.add_call("GET", "/sites/{site}/asset_folders")


def publish_whole_site(builder: SequenceBuilder) -> None:
    items = [builder.create_item(isDraft=draft) for draft in (False, True)]
    builder.live_items_path  # noqa: B018 - publishes the site once where it is still to be done
    builder.publish_site()
    for item in items:
        builder.add_call("GET", f"{builder.items_path}/{{{item}}}")
    builder.add_call("GET", f"{builder.items_path}/live")


def publish_nowhere(builder: SequenceBuilder) -> None:
    builder.add_call("POST", "/sites/{site}/publish", {})


def read_token(builder: SequenceBuilder) -> None:
    builder.add_call("GET", "/token/introspect")
    builder.add_call("GET", "/token/authorized_by")


def call_unknown_route(builder: SequenceBuilder) -> None:
    builder.add_call("GET", "/nothing/that/is/there")


def read_bad_ids(builder: SequenceBuilder) -> None:
    builder.add_call("GET", builder.rng.choice(["/collections/x", "/assets/{item#0}", "/sites/{item#0}"]))
