"""From a scenario to the state a fake starts from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..conditions import RUNNING, START, Clock, Ids, RateLimit
from ..fake import State
from ..rules import Profile
from ..world.addresses import WEBFLOW, Addresses
from ..world.instants import read_moment, timestamp
from ..world.tokens import ALL_SCOPES, DEFAULT_TOKEN, Token, User
from ..world.world import World
from .asset_building import build_assets, build_files
from .collection_building import build_collections
from .context import BuildContext, Mistake, Registry
from .item_building import build_items
from .rows import TokenRow, UserRow
from .scenario import Scenario
from .site_building import build_site, build_webhooks

_START = Clock()
Now = str | datetime | None
"""When a world begins: an ISO text, a datetime (without a zone it is in UTC), or ``machine``; None for the usual."""


def read_now(now: Now, usual: Clock = _START) -> tuple[Clock, int | None]:
    """The clock of a world that begins then, and the instant, where somebody says one.

    Args:
        now: As said.
        usual: The clock where nothing is said. If it runs, so does the one that is made.

    Raises:
        ValueError: It is none of these.
    """
    if now is None:
        return usual, None
    if now == "machine":
        return RUNNING, RUNNING.now
    try:
        instant = read_moment(now)
    except ValueError as error:
        raise ValueError(f"now is an ISO text, a datetime, or 'machine' for the machine's clock: {error}") from None
    return usual.set(instant), instant


def build_state(
    scenario: Scenario,
    *,
    seed: int | None = None,
    clock: Clock = _START,
    begins: int | None = None,
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
        begins: When the world begins, where somebody says so. Dates of a scenario of the package, and what others leave
            undated, are as old then as they usually are, and the clock starts as given. None for what the scenario says
            itself, if it does.
        token: A token to have beside the scenario's, of an app, with every scope, on all sites. Without it, and where
            the scenario has none either, that is ``test-token``.
        addresses: What URLs of files start with; a served fake hands out its own host.
        rate_limit: Requests allowed a token and minute; None for any number.
        profile: The open choices; None for the scenario's own. The fake is to be given the same.

    Raises:
        ScenarioError: The scenario holds what the fake would refuse, or, with ``begins``, dates after the clock.
    """
    if begins is None and (begins := scenario.now) is not None:
        clock = clock.set(begins)
    moved, now = 0 if begins is None else begins - START, clock.now
    if scenario.is_shipped and moved:
        scenario = scenario.move(moved)
    context = BuildContext(
        Ids(scenario.seed if seed is None else seed),
        profile or scenario.profile,
        addresses,
        now,
        moved=moved,
        keeps_ids=scenario.is_shipped,
        is_strict=begins is not None,
    )
    try:
        world = _build_world(scenario, context, token)
    except Mistake as mistake:
        raise mistake.in_file(scenario.source) from None
    if begins is not None and now < context.latest:
        raise Mistake("", _DATED_LATER.format(now=timestamp(now), latest=timestamp(context.latest))).in_file(
            scenario.source
        )
    if clock.frozen and clock.instant < context.latest:
        clock = clock._replace(instant=context.latest)
    drawn = max(context.ids.drawn, scenario.data.get("drawn", 0))
    return State(world, clock, context.ids._replace(drawn=drawn), RateLimit(rate_limit), begins=begins)


_DATED_LATER = "the world begins at {now}, and a date in here is {latest}: begin then or later, or leave the dates out"


def _build_world(scenario: Scenario, context: BuildContext, token: str | None) -> World:
    world = World(imports=tuple((row["url"], row["outcome"]) for row in scenario.data.get("imports", ())))
    registry = Registry()
    for number, spec in enumerate(scenario.data.get("sites", ())):
        place = f"sites[{number}]"
        world, site = build_site(world, spec, place, registry, context)
        world = build_assets(world, site, spec, place, registry, scenario.contents, context)
        world = build_collections(world, site, spec, place, registry, context)
        world = build_webhooks(world, site, spec, place, registry, context)
    world = build_files(world, scenario.data.get("files", ()), scenario.contents)
    verbatim = scenario.data.get("verbatim", False)
    world = build_items(world, scenario.data.get("sites", ()), registry, context, verbatim=verbatim)
    return _build_tokens(world, scenario.data.get("tokens", ()), token, registry, context)


def _build_tokens(
    world: World, spec: Sequence[TokenRow], extra: str | None, registry: Registry, context: BuildContext
) -> World:
    tokens: dict[str, Token] = {}
    started_with = extra or DEFAULT_TOKEN
    names = [row.get("token", started_with) for row in spec]
    if (extra is not None or not spec) and extra not in names:
        tokens[started_with] = _build_token(started_with, {}, "", registry, context)
    for number, (name, row) in enumerate(zip(names, spec, strict=True)):
        place = f"tokens[{number}]"
        if name in tokens and "token" not in row:
            raise Mistake(place, "another token is the one the fake is started with; say what this one's token is")
        registry.claim("token", name, name, f"{place}.token")
        tokens[name] = _build_token(name, row, place, registry, context)
    return world._replace(tokens=tokens)


def _build_token(name: str, spec: TokenRow, place: str, registry: Registry, context: BuildContext) -> Token:
    authorization_id, created_on = context.identify(spec, context.beginning)
    user: UserRow = spec.get("user", {})
    sites = spec.get("siteIds")
    return Token(
        token=name,
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
        if sites is None
        else frozenset(registry.find_id("site", site, f"{place}.siteIds[{count}]") for count, site in enumerate(sites)),
        scopes=tuple(spec.get("scopes", ALL_SCOPES)),
    )
