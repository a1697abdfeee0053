"""From a scenario to the state a fake starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..conditions import Clock, Ids, RateLimit
from ..fake import State
from ..rules import Profile
from ..world.addresses import WEBFLOW, Addresses
from ..world.tokens import DEFAULT_TOKEN, SCOPES, Token, User
from ..world.world import World
from .asset_building import with_assets
from .collection_building import with_collections
from .context import BEGINNING, Mistake, Origin, Registry
from .item_building import with_items
from .scenario import Scenario
from .site_building import with_site

_START = Clock()


def state(
    scenario: Scenario,
    *,
    seed: int | None = None,
    clock: Clock = _START,
    token: str | None = None,
    addresses: Addresses = WEBFLOW,
    rate_limit: int | None = None,
    profile: Profile | None = None,
) -> State:
    """The state a fake starts from: the scenario's world, checked by the laws the fake itself follows.

    Args:
        scenario: What to build.
        seed: What ids are made from, those the scenario leaves out and those of later; None for the scenario's own.
        clock: The time to start at. A frozen clock starts no earlier than the last date in the scenario, so that what
            is written later is newer.
        token: A token to have beside the scenario's, of an app, with every scope, on all sites. Without it, and where
            the scenario has none either, that is ``test-token``.
        addresses: What URLs of files start with; a served fake hands out its own host.
        rate_limit: Requests allowed a token and minute; None for any number.
        profile: The open choices; None for the scenario's own. The fake is to be given the same.

    Raises:
        ScenarioError: The scenario holds what the fake would refuse.
    """
    origin = Origin(Ids(scenario.seed if seed is None else seed), profile or scenario.profile, addresses, clock.now)
    try:
        world = _world(scenario, origin, token)
    except Mistake as mistake:
        raise mistake.in_file(scenario.source) from None
    if clock.frozen and clock.instant < origin.latest:
        clock = clock._replace(instant=origin.latest)
    return State(world, clock, origin.ids, RateLimit(rate_limit))


def _world(scenario: Scenario, origin: Origin, token: str | None) -> World:
    world = World(imports=tuple((row["url"], row["outcome"]) for row in scenario.data.get("imports", ())))
    registry = Registry()
    for number, given in enumerate(scenario.data.get("sites", ())):
        place = f"sites[{number}]"
        world, site = with_site(world, given, place, registry, origin)
        world = with_assets(world, site, given, place, registry, scenario.contents, origin)
        world = with_collections(world, site, given, place, registry, origin)
    world = with_items(world, scenario.data.get("sites", ()), registry, origin)
    return _with_tokens(world, scenario.data.get("tokens", ()), token, registry, origin)


def _with_tokens(
    world: World, given: list[Mapping[str, Any]], extra: str | None, registry: Registry, origin: Origin
) -> World:
    tokens: dict[str, Token] = {}
    if (extra is not None or not given) and extra not in {row["token"] for row in given}:
        tokens[extra or DEFAULT_TOKEN] = _token({"token": extra or DEFAULT_TOKEN}, "", registry, origin)
    for number, row in enumerate(given):
        place = f"tokens[{number}]"
        registry.claim("token", row["token"], row["token"], f"{place}.token")
        tokens[row["token"]] = _token(row, place, registry, origin)
    return world._replace(tokens=tokens)


def _token(given: Mapping[str, Any], place: str, registry: Registry, origin: Origin) -> Token:
    authorization_id, created_on = origin.created({"createdOn": given.get("createdOn")}, BEGINNING)
    user = given.get("user", {})
    names = given.get("siteIds")
    return Token(
        token=given["token"],
        authorization_id=authorization_id,
        created_on=created_on,
        user=User(
            id=user.get("id") or origin.new_id(created_on),
            email=user.get("email", "robin.tester@example.com"),
            first_name=user.get("firstName", "Robin"),
            last_name=user.get("lastName", "Tester"),
        ),
        kind=given.get("kind", "app"),
        site_ids=None
        if names is None
        else frozenset(registry.named("site", name, f"{place}.siteIds[{count}]") for count, name in enumerate(names)),
        scopes=tuple(given.get("scopes", SCOPES)),
    )
