"""The real ids and values that generated requests are given.

A generated request meets nothing but 404 as long as its ids are made up. So whatever part of a request is generated as
valid gets ids of things that are there, names under which the sandbox finds what is left, and field data that the
collection has fields for; what is generated as invalid stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import requests

from ..kit.sandbox import ABSENT, WEBHOOK_URL, Sandbox

Json = Any


class Seeds:
    """Real ids for generated requests.

    Args:
        sandbox: Where things are made; it removes them.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._made: dict[str, str] = {}
        self._generated: list[str] = []

    def fill(self, case: Any, linked: Collection[str] = ()) -> None:
        """Gives the parts of a request that are generated as valid real ids and values.

        Args:
            case: The request, which is changed.
            linked: Parameters that an earlier answer gave.
        """
        operation_id = case.operation.definition.raw["operationId"]
        good = {location.value for location, part in case.meta.components.items() if part.mode.is_positive}
        if "path" in good:
            case.path_parameters = {
                name: known if name in linked else self._id(operation_id, name)
                for name, known in case.path_parameters.items()
            }
        if "query" in good:
            case.query = {name: self._query(name, value) for name, value in (case.query or {}).items()}
        if "body" in good and isinstance(case.body, dict):
            case.body = self._body(operation_id, case.body)

    def learn(self, case: Any, response: requests.Response) -> None:
        """Sees to it that what a request made is gone after ``clear``."""
        made = _id_in(response)
        if response.status_code >= 300 or made is None:
            return
        match case.operation.definition.raw["operationId"]:
            case "assets.create":
                self._sandbox.assets.will_remove(made)
            case "collections.create":
                self._generated.append(f"/collections/{made}")
            case "webhooks.create":
                self._generated.append(f"/webhooks/{made}")

    def clear(self) -> None:
        """Removes the webhooks and the generated collections: a site may have but a few."""
        self._made.pop("webhook_id", None)
        while self._generated:
            self._sandbox.client.request("DELETE", self._generated.pop(), check=False)

    def _id(self, operation_id: str, name: str) -> str:
        """An id of something that is there; for a delete, of something that nobody else needs."""
        if ".delete" in operation_id and name != "collection_id":
            return self._new(operation_id, name)
        if operation_id == "collections.delete":
            return self._sandbox.new_collection("schema").id
        if name == "collection_id":
            own = self._sandbox.changing if operation_id.startswith("fields.") else self._sandbox.everything
            return own.id
        kept = f"live {name}" if operation_id.startswith("live-items.") else name
        if kept not in self._made:
            self._made[kept] = self._new(operation_id, name)
        return self._made[kept]

    def _new(self, operation_id: str, name: str) -> str:
        sandbox = self._sandbox
        match name:
            case "site_id":
                return sandbox.site_id
            case "item_id":
                live = operation_id.startswith("live-items.")
                return str((sandbox.published_item() if live else sandbox.new_item())["id"])
            case "field_id":
                wanted = {"type": "Switch", "displayName": sandbox.name("field")}
                return self._posted(f"/collections/{sandbox.changing.id}/fields", wanted)
            case "asset_id":
                return str(
                    sandbox.assets.register()["id"]
                    if ".delete" in operation_id
                    else sandbox.assets.changing_picture["id"]
                )
            case "asset_folder_id":
                return sandbox.assets.folder
            case "webhook_id":
                wanted = {"triggerType": "form_submission", "url": WEBHOOK_URL}
                webhook_id = self._posted(f"/sites/{sandbox.site_id}/webhooks", wanted)
                self._generated.append(f"/webhooks/{webhook_id}")
                return webhook_id
        raise LookupError(f"nothing is seeded for the path parameter {name!r}")

    def _posted(self, path: str, body: Json) -> str:
        return str(self._sandbox.client.request("POST", path, json=body).json()["id"])

    def _query(self, name: str, value: Json) -> Json:
        match name:
            case "cmsLocaleId":
                return self._sandbox.primary
            case "folderId":
                return self._sandbox.assets.folder
            case "localeId":
                return self._site_locale
        return value

    @property
    def _site_locale(self) -> str:
        locales = self._sandbox.site["locales"]
        return str(locales["primary"]["id"]) if locales else ABSENT

    def _body(self, operation_id: str, body: dict[str, Json]) -> dict[str, Json]:
        made = {key: self._value(operation_id, key, value) for key, value in body.items() if key != "pageId"}
        if operation_id == "collections.create":
            made.pop("slug", None)
        if operation_id == "sites.publish":
            made |= {"customDomains": [], "publishToWebflowSubdomain": True}
        return made

    def _value(self, operation_id: str, key: str, value: Json) -> Json:
        known: dict[str, Callable[[], Json]] = {
            "id": lambda: self._item(operation_id),
            "cmsLocaleId": lambda: self._sandbox.primary,
            "collectionId": lambda: self._sandbox.authors.id,
            "parentFolder": lambda: self._sandbox.assets.folder,
            "localeId": lambda: self._site_locale,
            "fileName": lambda: f"{self._sandbox.slug('schema')}.png",
            "fileHash": lambda: self._sandbox.slug(),
            "url": lambda: WEBHOOK_URL,
            "displayName": lambda: self._sandbox.name("schema"),
            "singularName": lambda: self._sandbox.name("schema"),
        }
        if key in known and isinstance(value, str):
            return known[key]()
        if key == "fieldData":
            rows = [_field_data(row, self._sandbox.name()) for row in (value if isinstance(value, list) else [value])]
            return rows if isinstance(value, list) else rows[0]
        if key in ("itemIds", "cmsLocaleIds") and isinstance(value, list):
            named = self._item(operation_id) if key == "itemIds" else self._sandbox.primary
            return [named for _ in value[:1]]
        if isinstance(value, dict):
            return {name: self._value(operation_id, name, part) for name, part in value.items()}
        if isinstance(value, list) and key in ("items", "fields", "options"):
            rows = [self._value(operation_id, "", row) for row in value]
            return rows[:1] if operation_id.endswith(("-bulk", ".insert")) else rows
        return value

    def _item(self, operation_id: str) -> str:
        if ".delete" in operation_id:
            return self._new(operation_id, "item_id")
        # An insert adds variants, and the item has the one of the primary locale already.
        return ABSENT if operation_id == "items.insert" else self._id(operation_id, "item_id")


def _id_in(response: requests.Response) -> str | None:
    """The id an answer begins with; None where it has none, which is for the checks to say."""
    try:
        body = response.json()
    except ValueError:
        return None
    made = body.get("id") if isinstance(body, dict) else None
    return made if isinstance(made, str) else None


def _field_data(generated: Json, name: str) -> Json:
    """Of what was generated that for which there are fields, under a name that is free."""
    if not isinstance(generated, dict):
        return generated
    return {"name": name, **{key: value for key, value in generated.items() if key == "text"}}
