"""From a site as it was answered to the rows of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from ..client import JsonObject
from ..seeding.schema_check import load_scenario_schema
from ..world.webhooks import TRIGGER_TYPES
from .pseudonyms import UNIQUE_TYPES, lengthen, replace_value
from .reading import PulledSite

_ATTEMPTS = 40


def make_scenario(pulled: PulledSite, *, as_is: bool, note: Callable[[str], None]) -> JsonObject:
    """The scenario of a site.

    Args:
        pulled: The site.
        as_is: Whether its content was kept.
        note: Hears of what a fake does not know, which is left out.
    """
    site = _make_row("site", pulled.site)
    domains = [_make_row("customDomain", domain) for domain in pulled.site.get("customDomains") or ()]
    site |= {"customDomains": domains, "locales": _make_locales(pulled.site.get("locales"))}
    if not pulled.locales and (found := _find_cms_locale(pulled)):
        site["cmsLocaleId"] = found
    site["collections"] = [_make_collection(one, pulled, as_is=as_is, note=note) for one in pulled.collections]
    site["assetFolders"] = [_make_row("assetFolder", folder) for folder in pulled.folders]
    site["assets"] = [_make_asset(asset, pulled.folders) for asset in pulled.assets]
    site["webhooks"] = [_make_row("webhook", one) for one in pulled.webhooks if _is_known_trigger(one, note)]
    scenario: JsonObject = {"description": f"{pulled.site.get('displayName')}, pulled by fake-webflow."}
    if choices := _see_choices(pulled):
        scenario["profile"] = choices
    if pulled.staged:
        scenario["verbatim"] = True
    return {**scenario, "sites": [site]}


def _make_row(kind: str, answer: Mapping[str, Any]) -> JsonObject:
    """Of an answer what a row of that kind may say: keys it has, and null where it may be null."""
    known = _list_keys(kind)
    return {key: value for key, value in answer.items() if key in known and (value is not None or known[key])}


@cache
def _list_keys(kind: str) -> Mapping[str, bool]:
    """The keys of a kind of row, and whether each may be null."""
    definitions = load_scenario_schema()["$defs"]
    rules = definitions[kind]["properties"]
    resolved = {
        key: definitions[rule["$ref"].rpartition("/")[2]] if "$ref" in rule else rule for key, rule in rules.items()
    }
    return {key: "null" in rule.get("type", ()) for key, rule in resolved.items()}


def _make_locales(answer: Mapping[str, Any] | None) -> JsonObject | None:
    if answer is None:
        return None
    secondary = [_make_row("locale", locale) for locale in answer.get("secondary") or ()]
    return {"primary": _make_row("locale", answer["primary"]), "secondary": secondary}


def _find_cms_locale(pulled: PulledSite) -> str | None:
    """The CMS locale that the items of a site without localization carry."""
    found = (item.get("cmsLocaleId") for items in pulled.staged.values() for item in items)
    return next((name for name in found if name), None)


def _make_collection(answer: JsonObject, pulled: PulledSite, *, as_is: bool, note: Callable[[str], None]) -> JsonObject:
    types = load_scenario_schema()["$defs"]["field"]["properties"]["type"]["enum"]
    row = _make_row("collection", answer)
    row["fields"] = []
    for field in answer["fields"]:
        if field["type"] in types:
            row["fields"].append(_make_row("field", field))
        else:
            note(f"the field {field['slug']} of {answer['slug']}: a fake knows no type {field['type']}")
    if groups := answer.get("fieldGroups"):
        row["fieldGroups"] = [_make_row("fieldGroup", group) for group in groups]
    if answer["id"] in pulled.staged:
        slugs = {field["slug"] for field in row["fields"]}
        copies = [
            [
                {**item, "fieldData": {slug: value for slug, value in item["fieldData"].items() if slug in slugs}}
                for item in items
            ]
            for items in (pulled.staged[answer["id"]], pulled.live[answer["id"]])
        ]
        if not as_is:
            _part_pseudonyms(row["fields"], [*copies[0], *copies[1]])
        row["items"] = _make_items(*copies)
    return row


def _make_items(staged: Sequence[JsonObject], live: Sequence[JsonObject]) -> list[JsonObject]:
    published = {(item["id"], item.get("cmsLocaleId")): item for item in live}
    rows: list[JsonObject] = []
    for item in staged:
        row = _make_row("item", item)
        copy = published.get((item["id"], item.get("cmsLocaleId")))
        if copy is None:
            row["live"] = False
        else:
            said = _make_row("liveItem", copy)
            row["liveItem"] = {key: value for key, value in said.items() if key == "fieldData" or value != row.get(key)}
        rows.append(row)
    return rows


def _part_pseudonyms(fields: Sequence[JsonObject], items: Sequence[JsonObject]) -> None:
    """Gives items other pseudonyms where two have the same one, so that what was unique is.

    Args:
        fields: Of their collection.
        items: Staged and live; a value that several copies of an item share stays shared.
    """
    for field in fields:
        if field["type"] not in UNIQUE_TYPES:
            continue
        slug = field["slug"]
        holders: dict[str, str] = {}
        instead: dict[tuple[str, str], str] = {}
        for item in sorted(items, key=lambda one: str(one["id"])):
            value = item["fieldData"].get(slug)
            if not isinstance(value, str) or not value:
                continue
            if (item["id"], value) not in instead:
                instead[item["id"], value] = _find_free(value, field, item["id"], holders)
            item["fieldData"][slug] = instead[item["id"], value]


def _find_free(value: str, field: JsonObject, item_id: str, holders: dict[str, str]) -> str:
    made = value
    for attempt in range(1, _ATTEMPTS):
        if holders.setdefault(made, item_id) == item_id:
            return made
        start = value if attempt < _ATTEMPTS // 2 else lengthen(value, field)
        made = replace_value(start, field, item_id, attempt)
    return value  # as good as all that are as long are taken


def _make_asset(answer: JsonObject, folders: Sequence[JsonObject]) -> JsonObject:
    row = {**_make_row("asset", answer), "fileName": answer["originalFileName"]}
    holder = next((folder["id"] for folder in folders if answer["id"] in (folder.get("assets") or ())), None)
    if found := holder or answer.get("folderId"):
        row["folder"] = found
    return row


def _is_known_trigger(webhook: JsonObject, note: Callable[[str], None]) -> bool:
    trigger = webhook["triggerType"]
    if trigger not in TRIGGER_TYPES:
        note(f"the webhook {webhook['id']}: a fake knows no event {trigger}")
    return trigger in TRIGGER_TYPES


def _see_choices(pulled: PulledSite) -> dict[str, str]:
    """The open choices that show in what was answered, where they are not made as usual."""
    seen = {
        ("sites.data-collection", "present"): "dataCollectionEnabled" in pulled.site,
        ("collections.field-groups.none", "empty"): any(one.get("fieldGroups") == [] for one in pulled.collections),
        ("webhooks.object.nulls", "null"): any(None in webhook.values() for webhook in pulled.webhooks),
        ("asset-folders.list.page-size", "25"): pulled.folder_page == 25,
        ("items.slug.scope", "collection-and-locale"): any(map(_share_slugs, pulled.staged.values())),
    }
    return {choice: option for (choice, option), is_so in seen.items() if is_so}


def _share_slugs(items: Sequence[JsonObject]) -> bool:
    """Whether two items have one slug, as they may in different locales."""
    pairs = {(item["fieldData"].get("slug"), item["id"]) for item in items}
    return len({slug for slug, _ in pairs}) < len(pairs)
