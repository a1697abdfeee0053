"""From a scenario to the state a fake starts from."""

from __future__ import annotations

from collections.abc import Sequence

from ..conditions import Clock, Ids, RateLimit
from ..fake import State
from ..rules import Profile
from ..world.addresses import WEBFLOW, Addresses
from ..world.tokens import ALL_SCOPES, DEFAULT_TOKEN, Token, User
from ..world.world import World
from .asset_building import build_assets
from .collection_building import build_collections
from .context import BEGINNING, BuildContext, Mistake, Registry
from .item_building import build_items
from .rows import DatedRow, TokenRow, UserRow
from .scenario import Scenario
from .site_building import build_site

_START = Clock()


def build_state(
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
    context = BuildContext(
        Ids(scenario.seed if seed is None else seed), profile or scenario.profile, addresses, clock.now
    )
    try:
        world = _build_world(scenario, context, token)
    except Mistake as mistake:
        raise mistake.in_file(scenario.source) from None
    if clock.frozen and clock.instant < context.latest:
        clock = clock._replace(instant=context.latest)
    return State(world, clock, context.ids, RateLimit(rate_limit))


def _build_world(scenario: Scenario, context: BuildContext, token: str | None) -> World:
    world = World(imports=tuple((row["url"], row["outcome"]) for row in scenario.data.get("imports", ())))
    registry = Registry()
    for number, spec in enumerate(scenario.data.get("sites", ())):
        place = f"sites[{number}]"
        world, site = build_site(world, spec, place, registry, context)
        world = build_assets(world, site, spec, place, registry, scenario.contents, context)
        world = build_collections(world, site, spec, place, registry, context)
    world = build_items(world, scenario.data.get("sites", ()), registry, context)
    return _build_tokens(world, scenario.data.get("tokens", ()), token, registry, context)


def _build_tokens(
    world: World, spec: Sequence[TokenRow], extra: str | None, registry: Registry, context: BuildContext
) -> World:
    tokens: dict[str, Token] = {}
    if (extra is not None or not spec) and extra not in {row["token"] for row in spec}:
        tokens[extra or DEFAULT_TOKEN] = _build_token({"token": extra or DEFAULT_TOKEN}, "", registry, context)
    for number, row in enumerate(spec):
        place = f"tokens[{number}]"
        registry.claim("token", row["token"], row["token"], f"{place}.token")
        tokens[row["token"]] = _build_token(row, place, registry, context)
    return world._replace(tokens=tokens)


def _build_token(spec: TokenRow, place: str, registry: Registry, context: BuildContext) -> Token:
    dated: DatedRow = {"createdOn": spec["createdOn"]} if "createdOn" in spec else {}
    authorization_id, created_on = context.identify(dated, BEGINNING)
    user: UserRow = spec.get("user", {})
    names = spec.get("siteIds")
    return Token(
        token=spec["token"],
        authorization_id=authorization_id,
        created_on=created_on,
        user=User(
            id=user.get("id") or context.new_id(created_on),
            email=user.get("email", "robin.tester@example.com"),
            first_name=user.get("firstName", "Robin"),
            last_name=user.get("lastName", "Tester"),
        ),
        kind=spec.get("kind", "app"),
        site_ids=None
        if names is None
        else frozenset(registry.find_id("site", name, f"{place}.siteIds[{count}]") for count, name in enumerate(names)),
        scopes=tuple(spec.get("scopes", ALL_SCOPES)),
    )
