"""The real ids and values that generated requests are given.

A generated request meets nothing but 404 as long as its ids are made up. So whatever part of a request is generated as
valid gets ids of things that are there, names under which the sandbox finds what is left, and field data that the
collection has fields for; what is generated as invalid stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import requests

from ..kit.sandbox import ABSENT_ID, WEBHOOK_URL, Sandbox
from .calls import JsonValue


class Seeds:
    """Real ids for generated requests.

    Args:
        sandbox: Where things are made; it removes them.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._known_ids: dict[str, str] = {}
        self._created_paths: list[str] = []

    def fill(self, case: Any, linked: Collection[str] = ()) -> None:
        """Gives the parts of a request that are generated as valid real ids and values.

        Args:
            case: The request, which is changed.
            linked: Parameters that an earlier answer gave.
        """
        operation_id = case.operation.definition.raw["operationId"]
        generated_as_valid = {
            location.value for location, part in case.meta.components.items() if part.mode.is_positive
        }
        if "path" in generated_as_valid:
            case.path_parameters = {
                name: known if name in linked else self._id_for(operation_id, name)
                for name, known in case.path_parameters.items()
            }
        if "query" in generated_as_valid:
            case.query = {name: self._seed_query(name, value) for name, value in (case.query or {}).items()}
        if "body" in generated_as_valid and isinstance(case.body, dict):
            case.body = self._seed_body(operation_id, case.body)

    def track(self, case: Any, response: requests.Response) -> None:
        """Checks that what a request made is gone after ``clear``."""
        created_id = _created_id(response)
        if response.status_code >= 300 or created_id is None:
            return
        match case.operation.definition.raw["operationId"]:
            case "assets.create":
                self._sandbox.assets.remove_later(created_id)
            case "collections.create":
                self._created_paths.append(f"/collections/{created_id}")
            case "webhooks.create":
                self._created_paths.append(f"/webhooks/{created_id}")

    def clear(self) -> None:
        """Removes the webhooks and the generated collections: a site may have but a few."""
        self._known_ids.pop("webhook_id", None)
        while self._created_paths:
            self._sandbox.client.request("DELETE", self._created_paths.pop(), check=False)

    def _id_for(self, operation_id: str, name: str) -> str:
        """An id of something that is there; for a delete, of something that nobody else needs."""
        if ".delete" in operation_id and name != "collection_id":
            return self._new_id(operation_id, name)
        if operation_id == "collections.delete":
            return self._sandbox.new_collection("schema").id
        if name == "collection_id":
            own = self._sandbox.changing if operation_id.startswith("fields.") else self._sandbox.everything
            return own.id
        kept = f"live {name}" if operation_id.startswith("live-items.") else name
        if kept not in self._known_ids:
            self._known_ids[kept] = self._new_id(operation_id, name)
        return self._known_ids[kept]

    def _new_id(self, operation_id: str, name: str) -> str:
        sandbox = self._sandbox
        match name:
            case "site_id":
                return sandbox.site_id
            case "item_id":
                live = operation_id.startswith("live-items.")
                return str((sandbox.new_published_item() if live else sandbox.new_item())["id"])
            case "field_id":
                body = {"type": "Switch", "displayName": sandbox.name("field")}
                return self._post(f"/collections/{sandbox.changing.id}/fields", body)
            case "asset_id":
                return str(
                    sandbox.assets.register()["id"]
                    if ".delete" in operation_id
                    else sandbox.assets.changing_picture["id"]
                )
            case "asset_folder_id":
                return sandbox.assets.folder
            case "webhook_id":
                body = {"triggerType": "form_submission", "url": WEBHOOK_URL}
                webhook_id = self._post(f"/sites/{sandbox.site_id}/webhooks", body)
                self._created_paths.append(f"/webhooks/{webhook_id}")
                return webhook_id
        raise LookupError(f"nothing is seeded for the path parameter {name!r}")

    def _post(self, path: str, body: JsonValue) -> str:
        return str(self._sandbox.client.request("POST", path, json=body).json()["id"])

    def _seed_query(self, name: str, value: JsonValue) -> JsonValue:
        match name:
            case "cmsLocaleId":
                return self._sandbox.primary_locale_id
            case "folderId":
                return self._sandbox.assets.folder
            case "localeId":
                return self._site_locale
        return value

    @property
    def _site_locale(self) -> str:
        locales = self._sandbox.site["locales"]
        return str(locales["primary"]["id"]) if locales else ABSENT_ID

    def _seed_body(self, operation_id: str, body: dict[str, JsonValue]) -> dict[str, JsonValue]:
        made = {key: self._seed_value(operation_id, key, value) for key, value in body.items() if key != "pageId"}
        if operation_id == "collections.create":
            made.pop("slug", None)
        if operation_id == "sites.publish":
            made |= {"customDomains": [], "publishToWebflowSubdomain": True}
        return made

    def _seed_value(self, operation_id: str, key: str, value: JsonValue) -> JsonValue:
        if key in _SEEDS and isinstance(value, str):
            return _SEEDS[key](self, operation_id)
        if isinstance(value, list):
            return self._seed_list(operation_id, key, value)
        if key == "fieldData":
            return _keep_known_fields(value, self._sandbox.name())
        if isinstance(value, dict):
            return {name: self._seed_value(operation_id, name, part) for name, part in value.items()}
        return value

    def _seed_list(self, operation_id: str, key: str, values: list[JsonValue]) -> list[JsonValue]:
        match key:
            case "fieldData":
                return [_keep_known_fields(row, self._sandbox.name()) for row in values]
            case "itemIds":
                return [self._item_id(operation_id) for _ in values[:1]]
            case "cmsLocaleIds":
                return [self._sandbox.primary_locale_id for _ in values[:1]]
            case "items" | "fields" | "options":
                rows = [self._seed_value(operation_id, "", row) for row in values]
                return rows[:1] if operation_id.endswith(("-bulk", ".insert")) else rows
        return values

    def _item_id(self, operation_id: str) -> str:
        if ".delete" in operation_id:
            return self._new_id(operation_id, "item_id")
        # An insert adds variants, and the item has the one of the primary locale already.
        return ABSENT_ID if operation_id == "items.insert" else self._id_for(operation_id, "item_id")


_SEEDS: Mapping[str, Callable[[Seeds, str], str]] = {
    "id": lambda seeds, operation_id: seeds._item_id(operation_id),
    "cmsLocaleId": lambda seeds, _: seeds._sandbox.primary_locale_id,
    "collectionId": lambda seeds, _: seeds._sandbox.authors.id,
    "parentFolder": lambda seeds, _: seeds._sandbox.assets.folder,
    "localeId": lambda seeds, _: seeds._site_locale,
    "fileName": lambda seeds, _: f"{seeds._sandbox.slug('schema')}.png",
    "fileHash": lambda seeds, _: seeds._sandbox.slug(),
    "url": lambda *_: WEBHOOK_URL,
    "displayName": lambda seeds, _: seeds._sandbox.name("schema"),
    "singularName": lambda seeds, _: seeds._sandbox.name("schema"),
}
"""What stands in a body under these keys, where a text is wanted; made for an operation."""


def _created_id(response: requests.Response) -> str | None:
    """The id an answer begins with; None where it has none, which is for the checks to say."""
    try:
        body = response.json()
    except ValueError:
        return None
    made = body.get("id") if isinstance(body, dict) else None
    return made if isinstance(made, str) else None


def _keep_known_fields(generated: JsonValue, name: str) -> JsonValue:
    """Of what was generated that for which there are fields, under a name that is free."""
    if not isinstance(generated, dict):
        return generated
    return {"name": name, **{key: value for key, value in generated.items() if key == "text"}}
