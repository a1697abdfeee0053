"""What ``POST /items/insert`` reads out of its body: stricter than the other creates, with mistakes named by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..openapi.shape import shape_refusal
from ..rules import Problem
from ..world.sites import Site
from ..world.staged_item_rules import NewItem
from .call import Call, parse_id
from .item_io import read_flags
from .item_queries import read_locales


def read_inserted_items(call: Call, site: Site, *, is_draft: bool) -> list[NewItem]:
    """The items to insert, each in the locales its entry names, in all of the site's, or in the primary one.

    Args:
        call: Its body has the operation's shape.
        site: Whose locales are meant.
        is_draft: What an entry means that does not say it.

    Raises:
        Refusal: Entries that contradict themselves or each other; all such mistakes come in one answer.
    """
    entries = call.body["items"]
    problems = [problem for index, sent in enumerate(entries) for problem in _check_entry(f"items[{index}]", sent)]
    new = [_read_entry(sent, site, is_draft=is_draft) for sent in entries]
    problems += _check_repeated_variants(new)
    if problems:
        raise shape_refusal(problems)
    return new


def _read_entry(sent: Mapping[str, Any], site: Site, *, is_draft: bool) -> NewItem:
    named = site.cms_locale_ids if sent.get("allCmsLocales") else sent.get("cmsLocaleIds")
    return NewItem(
        sent["fieldData"],
        read_locales(named, site.primary.cms_locale_id),
        *read_flags(sent, is_draft=is_draft),
        item_id=parse_id(sent["id"]) if "id" in sent else None,
    )


def _check_entry(path: str, sent: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with one entry by itself."""
    if "allCmsLocales" in sent:
        for name in ("id", "cmsLocaleIds"):
            if name in sent:
                yield Problem("items.insert.all-locales-alone", values={"path": f"{path}.{name}"})
    elif "id" in sent and not sent.get("cmsLocaleIds"):
        yield Problem("items.insert.locales-required", values={"path": path})
    locales = [parse_id(name) for name in sent.get("cmsLocaleIds", ())]
    second = next((place for place, name in enumerate(locales) if name in locales[:place]), None)
    if second is not None:
        first = locales.index(locales[second])
        values = {"path": f"{path}.cmsLocaleIds", "first": first, "second": second}
        yield Problem("items.insert.locale-twice", values=values)


def _check_repeated_variants(new: list[NewItem]) -> Iterator[Problem]:
    """Variants that an entry adds to an item though an earlier entry does."""
    first_places: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(new):
        variants = [(entry.item_id, name) for name in entry.cms_locale_ids] if entry.item_id is not None else []
        earlier = [first_places[key] for key in variants if key in first_places]
        if earlier:
            values = {"path": f"items[{index}].cmsLocaleIds", "other": f"items[{earlier[0]}]"}
            yield Problem("items.insert.variant-twice", values=values)
        for key in variants:
            first_places.setdefault(key, index)
