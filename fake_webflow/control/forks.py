"""Making fakes: forks of what is there, and worlds from scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .. import seeding
from ..fake import Fake
from ..wording import nearest
from ..world.addresses import addresses
from .hosted_fakes import Kept, Tenant, site_ids
from .request import Asked, ControlError

_SOURCES = ("scenario", "data", "snapshot")


def list_forks(asked: Asked) -> tuple[int, Any]:
    """The ids of the forks there are."""
    return 200, {"forks": [{"id": known} for known in asked.tenants.ids()]}


def create_fork(asked: Asked) -> tuple[int, Any]:
    """A fork, with a token and a path of its own."""
    source, body = asked.meant, asked.body
    _check_sources(body)
    kept = _from_snapshot(source, body["snapshot"]) if "snapshot" in body else _seeded(asked, source.beginning)
    state, profile = kept.state, kept.profile.choosing(body.get("profile", {}))
    if "seed" in body:
        state = state._replace(ids=state.ids._replace(seed=body["seed"]))
    token = state.world.tokens[source.inner_token]
    token = replace(token, kind=body.get("kind", token.kind), scopes=tuple(body.get("scopes", token.scopes)))
    fake = Fake(
        state._replace(world=state.world.with_token(token)), profile, webhook_hosts=source.fake.webhooks.allowed_hosts
    )
    fake.limit_rate(body.get("rate_limit", state.rate.limit))  # which also empties the windows
    tenant = asked.tenants.add(fake, source.inner_token, home=source.home or asked.origin)
    return 201, fork_of(tenant, asked.origin)


def fork_of(tenant: Tenant, origin: str) -> dict[str, Any]:
    """What a program needs to use a fork."""
    return {
        "id": tenant.id,
        "token": tenant.token,
        "base_url": f"{origin}/v2",
        "own_base_url": f"{origin}/~{tenant.id}/v2",
        "control_url": f"{origin}/_fake/forks/{tenant.id}",
        "client_secret": tenant.fake.webhooks.client_secret,
        **site_ids(tenant.fake),
    }


def delete_fork(asked: Asked) -> tuple[int, Any]:
    """Forgets a fork."""
    tenant = asked.meant
    asked.tenants.remove(tenant)
    # What it was still to tell webhooks would keep it alive, and nobody is interested any more.
    tenant.fake.restore(tenant.fake.state)
    return 200, {"deleted": tenant.id}


def seed(asked: Asked) -> tuple[int, Any]:
    """Has a fake go over to a scenario, which is also what a reset goes back to."""
    tenant = asked.meant
    _check_sources(asked.body)
    if not asked.body.keys() & {"scenario", "data"}:
        raise ValueError('say what to seed: {"scenario": "default"}, or {"data": {"sites": [...]}}')
    tenant.begin(_seeded(asked, Kept.of(tenant.fake)))
    return 200, site_ids(tenant.fake)


def _check_sources(body: Mapping[str, Any]) -> None:
    given = [name for name in _SOURCES if name in body]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} do not go together: a world has one beginning")


def _from_snapshot(source: Tenant, name: str) -> Kept:
    try:
        return source.snapshots[name]
    except KeyError:
        known = nearest(name, source.snapshots)
        raise ControlError(404, "no_such_snapshot", f"no snapshot is named {name!r}; {known}") from None


def _seeded(asked: Asked, before: Kept) -> Kept:
    """The scenario that the body names; without one, what was there before. Clock, limit and faults stay."""
    body, source = asked.body, asked.meant
    if "scenario" in body:
        name = body["scenario"]
        if name not in seeding.names():
            # Files of this machine are not for whoever asks; their content may be sent as data.
            raise ValueError(f"no scenario is named {name!r}; {nearest(name, seeding.names())} (or send its data)")
        scenario = seeding.load(name)
    elif "data" in body:
        _check_has_no_files(body["data"])
        scenario = seeding.from_data(body["data"], source="data")
    else:
        return before
    profile = scenario.profile.choosing(body.get("profile", {}))
    state = seeding.state(
        scenario,
        seed=body.get("seed"),
        clock=before.state.clock,
        token=source.inner_token,
        addresses=addresses(source.home or asked.origin),
        profile=profile,
    )
    return Kept(state._replace(rate=before.state.rate, faults=before.state.faults), profile)


def _check_has_no_files(data: Any) -> None:
    sites = data.get("sites") if isinstance(data, dict) else None
    for number, site in enumerate(sites if isinstance(sites, list) else ()):
        assets = site.get("assets") if isinstance(site, dict) else None
        for count, asset in enumerate(assets if isinstance(assets, list) else ()):
            if isinstance(asset, dict) and "file" in asset:
                place = f"data: sites[{number}].assets[{count}].file"
                raise ValueError(f"{place}: files of this machine are not read; send the bytes as base64 or text")
