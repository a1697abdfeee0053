"""What would have been accepted in place of a request that the fake refused, as far as its world can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from ..api.operations import OPERATIONS
from ..api.router import BASE
from ..conditions import Exchange
from ..world.collections import Field
from ..world.world import World

_MOST_NAMED = 20


def acceptable(exchange: Exchange, world: World) -> Iterator[str]:
    """A line for each part of the request that there is something to say of; none where the rule says it all.

    Args:
        exchange: One that was refused.
        world: What the fake holds.
    """
    if "errors.not-authorized" in exchange.clauses:
        yield "a request with the header 'Authorization: Bearer ' and the token of this fake, fake_webflow.token"
    if "errors.unknown-route" in exchange.clauses:
        yield from _near_routes(exchange)
    yield from _ids("collection_id", exchange, {one.id: one.slug for one in world.collections.values()})
    yield from _ids("site_id", exchange, {one.id: one.display_name for one in world.sites.values()})
    collection = world.collections.get(exchange.parameters.get("collection_id", ""))
    if collection is not None and any(name.startswith("field-data.") for name in exchange.clauses):
        yield f"field data of {collection.display_name}: {', '.join(map(_described, collection.fields))}"


def _near_routes(exchange: Exchange) -> Iterator[str]:
    same_method = [f"{BASE}{one.path}" for one in OPERATIONS if one.method == exchange.method]
    near = get_close_matches(exchange.path, same_method, n=3, cutoff=0.4)
    yield (
        f"a path of Webflow's; near it: {', '.join(f'{exchange.method} {path}' for path in near)}"
        if near
        else (f"a path of Webflow's, which begins with {BASE}")
    )


def _ids(parameter: str, exchange: Exchange, known: Mapping[str, str]) -> Iterator[str]:
    if exchange.parameters.get(parameter, "") in ("", *known):
        return
    named = [f"{known_id} ({name})" for known_id, name in known.items()]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    yield f"as {parameter}: {', '.join(named[:_MOST_NAMED]) or 'there is none'}{more}"


def _described(field: Field) -> str:
    said = [field.type]
    if field.is_required and field.slug != "slug":  # which is made of the name where it is left out
        said.append("required")
    options = [f"{option['id']} for {option['name']}" for option in field.rule("options") or ()]
    if options:
        said.append(f"one of {', '.join(options[:_MOST_NAMED])}")
    if field.rule("collectionId"):
        said.append(f"ids of items of {field.rule('collectionId')}")
    return f"{field.slug} ({', '.join(said)})"
