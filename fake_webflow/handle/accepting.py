"""What would have been accepted in place of a request that the fake refused, as far as its world can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from ..api.operations import OPERATIONS
from ..api.router import BASE_PATH
from ..conditions import Exchange
from ..wording import limit_list
from ..world.collections import Collection, Field
from ..world.world import World

_MOST_NAMED = 20
_TOKEN = "a request with the header 'Authorization: Bearer ' and the token of this fake, fake_webflow.token"
_TOKEN_OF_THE_ADDRESS = (  # of a call that came to nobody, whose world is empty
    "the token fake_webflow_server.token: at fake_webflow_server.base_url no other leads to this test's fake, and "
    "fake_webflow.token does not; at fake_webflow_server.own_base_url it does"
)


def describe_acceptable(exchange: Exchange, world: World) -> Iterator[str]:
    """A line for each part of the request that there is something to say of; none where the rule says it all.

    Args:
        exchange: One that was refused.
        world: What the fake holds.
    """
    if "errors.not-authorized" in exchange.clauses:
        yield _TOKEN if world.tokens else _TOKEN_OF_THE_ADDRESS
    if "errors.unknown-route" in exchange.clauses:
        yield from _describe_near_routes(exchange)
    if "fake.not-simulated" in exchange.clauses:
        yield f'any call, if the test says the answer: fake_webflow.stub("{exchange.operation}", json=...)'
    if "requests.content-type" in exchange.clauses:
        yield from _describe_content_type(exchange)
    yield from _describe_ids("collection_id", exchange, {one.id: one.slug for one in world.collections.values()})
    yield from _describe_ids("site_id", exchange, {one.id: one.display_name for one in world.sites.values()})
    collection = world.collections.get(exchange.parameters.get("collection_id", ""))
    if collection is not None and "items.not-found" in exchange.clauses:
        for item_id in dict.fromkeys(_item_ids(exchange)):
            yield from _locate_item(item_id, collection, exchange, world)
    if collection is not None and any(name.startswith("field-data.") for name in exchange.clauses):
        yield f"field data of {collection.display_name}: {describe_fields(collection.fields, world)}"


def _describe_near_routes(exchange: Exchange) -> Iterator[str]:
    same_method = [f"{BASE_PATH}{one.path}" for one in OPERATIONS if one.method == exchange.method]
    near = get_close_matches(exchange.path, same_method, n=3, cutoff=0.4)
    yield (
        f"a path of Webflow's; near it: {', '.join(f'{exchange.method} {path}' for path in near)}"
        if near
        else (f"a path of Webflow's, which begins with {BASE_PATH}")
    )


def _describe_content_type(exchange: Exchange) -> Iterator[str]:
    sent = exchange.request_headers.get("content-type", "none")
    yield (
        f"a JSON body with the header 'Content-Type: application/json' (its type was {sent!r}); in requests, httpx and "
        "aiohttp json=... sends one, and data=... a form"
    )


def _describe_ids(parameter: str, exchange: Exchange, known: Mapping[str, str]) -> Iterator[str]:
    if exchange.parameters.get(parameter, "") in ("", *known):
        return
    yield f"as {parameter}: {_join_names(known)}"


def _join_names(known: Mapping[str, str]) -> str:
    named = [f"{known_id} ({name})" for known_id, name in known.items()]
    return ", ".join(limit_list(named, _MOST_NAMED)) or "there is none"


def _item_ids(exchange: Exchange) -> Iterator[str]:
    """The items the request named, in its path or its body."""
    if "item_id" in exchange.parameters:
        yield exchange.parameters["item_id"]
        return
    body = exchange.body if exchange.kept_request.is_whole and isinstance(exchange.body, dict) else {}
    for entry in body.get("items") or body.get("itemIds") or [body]:
        item_id = entry.get("id") if isinstance(entry, dict) else entry
        if isinstance(item_id, str):
            yield item_id


def _locate_item(item_id: str, collection: Collection, exchange: Exchange, world: World) -> Iterator[str]:
    variants = collection.staged.variants(item_id)
    other = next((one for one in world.collections.values() if one.staged.variants(item_id)), None)
    if variants and "item_id" in exchange.parameters:
        site = world.sites[collection.site_id]
        tags = {locale.cms_locale_id: locale.tag for locale in (site.primary, *site.secondary)}
        yield f"item {item_id} in a locale it has: {', '.join(tags[item.cms_locale_id] for item in variants)}"
    elif variants:
        return  # it is there; another one of the request is not
    elif other is not None:
        yield f"item {item_id} below collection_id {other.id} ({other.slug}), where it is"
    else:
        site = world.sites[collection.site_id]
        newest_first = reversed(list(collection.staged.in_locale(site.primary.cms_locale_id).by_age))
        yield f"an item of {collection.slug}: {_join_names({item.id: item.slug for item in newest_first})}"


def describe_fields(fields: Iterable[Field], world: World) -> str:
    """What fields take, in short: ``name (PlainText, required), by (Reference, ids of items of authors)``."""
    return ", ".join(f"{field.slug} ({', '.join(_describe_field(field, world))})" for field in fields)


def _describe_field(field: Field, world: World) -> Iterator[str]:
    yield field.type
    if field.is_required and field.slug != "slug":  # which is made of the name where it is left out
        yield "required"
    options = [f"{option['id']} for {option['name']}" for option in field.rule("options") or ()]
    if options:
        yield f"one of {', '.join(limit_list(options, _MOST_NAMED))}"
    target = field.rule("collectionId")
    if target:
        yield f"ids of items of {world.collections[target].slug if target in world.collections else target}"
