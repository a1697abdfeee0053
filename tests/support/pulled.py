"""What an API answers of a site, to be compared with what another one does."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fake_webflow.client import WebflowClient


def read_structure(client: WebflowClient) -> dict[str, Any]:
    """Every answer about the structure of its sites; of webhooks without their addresses, of folders without assets."""
    sites = client.sites.list()
    answers: dict[str, Any] = {"sites": sites}
    for site in sites["sites"]:
        listed = client.collections.list(site["id"])
        answers |= {
            "site": client.sites.get(site["id"]),
            "domains": client.sites.custom_domains(site["id"]),
            "collections": listed,
            "webhooks": [{**one, "url": ""} for one in client.webhooks.list(site["id"])["webhooks"]],
        }
        folders = client.asset_folders.list(site["id"])
        answers["folder page"] = folders["pagination"]
        answers["folders"] = [{**one, "assets": []} for one in folders["assetFolders"]]
        for collection in listed["collections"]:
            answers[collection["id"]] = client.collections.get(collection["id"])
    return answers


def read_content(client: WebflowClient) -> dict[str, Any]:
    """Every item and asset of its sites, in all locales."""
    answers: dict[str, Any] = {}
    for site in client.sites.list()["sites"]:
        locales = site["locales"] and [site["locales"]["primary"], *site["locales"]["secondary"]]
        ids = [locale["cmsLocaleId"] for locale in locales] if locales else None
        for collection in client.collections.list(site["id"])["collections"]:
            name = collection["id"]
            answers[f"items of {name}"] = [*client.items.iterate(name, cms_locale_id=ids)]
            answers[f"live items of {name}"] = [*client.live_items.iterate(name, cms_locale_id=ids)]
        for locale_id in [None, *(locale["id"] for locale in (locales or ())[1:])]:
            answers[f"assets in {locale_id}"] = [*client.assets.iterate(site["id"], locale_id=locale_id)]
        answers["folders"] = client.asset_folders.list(site["id"])["assetFolders"]
    return answers


def draw_secrets(seed: int, drawn: list[str]) -> Iterator[str]:
    """Names, numbers and tokens that no chance makes, and letters of other scripts; what is drawn is noted."""
    chance = random.Random(seed)
    while True:
        digits, letters = f"{chance.randrange(10**12):012}", "".join(chance.choices("aeioubdfghklmnrst", k=12))
        drawn.append(chance.choice([letters.capitalize(), digits, f"sk{letters}{digits}", f"Ä{letters}ß"]))
        yield drawn[-1]


def find_secrets(folder: Path, secrets: list[str]) -> list[str]:
    """The secrets, or parts of them, that are in some file below a folder."""
    parts = {part for secret in secrets for part in re.findall("[a-z]{12}|[0-9]{12}", secret.lower())}
    texts = [path.read_bytes().decode("utf-8", "replace").lower() for path in folder.rglob("*") if path.is_file()]
    assert texts, "no file is there"
    return [part for part in parts for text in texts if part in text]
