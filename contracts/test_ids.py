"""Ids."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from .kit.clauses import ClauseDiffers, clause
from .kit.expect import OBJECT_ID
from .kit.sandbox import Sandbox


@clause("ids.object-id")
def test_ids_are_24_hexadecimal_digits(sandbox: Sandbox) -> None:
    asset = sandbox.assets.register(folder_id=sandbox.assets.folder)
    item = sandbox.new_item()
    ids = [sandbox.site_id, sandbox.everything.id, item["id"], item["cmsLocaleId"], asset["id"], sandbox.assets.folder]
    ids += [locale[key] for locale in _locales(sandbox) for key in ("id", "cmsLocaleId")]
    for found in ids:
        if not re.fullmatch(OBJECT_ID, found):
            raise ClauseDiffers("ids.object-id", "24 lower-case hexadecimal digits", found)


def _locales(sandbox: Sandbox) -> list[dict[str, str]]:
    locales = sandbox.site["locales"]
    return [locales["primary"], *locales["secondary"]] if locales else []


@clause("ids.time")
def test_an_id_begins_with_the_second_it_was_made_in(sandbox: Sandbox) -> None:
    item = sandbox.new_item()
    asset = sandbox.assets.register()
    made = datetime.strptime(asset["uploadDetails"]["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    seconds = [
        (item["id"], int(datetime.fromisoformat(item["createdOn"]).timestamp())),
        (asset["id"], int(made.timestamp())),
    ]
    for made_id, second in seconds:
        if made_id[:8] != f"{second:08x}":
            raise ClauseDiffers("ids.time", f"{second:08x}...", made_id)
