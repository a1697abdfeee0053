"""Making fakes: forks of what is there, and worlds from scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .. import seeding
from ..fake import Fake
from ..wording import suggest
from ..world.addresses import addresses_for
from .hosted_fakes import HostedFake, Snapshot, site_ids
from .request import ControlRequest

_SOURCES = ("scenario", "data", "snapshot")


def list_forks(request: ControlRequest) -> tuple[int, Any]:
    """The ids of the forks there are."""
    return 200, {"forks": [{"id": known} for known in request.hosted_fakes.ids()]}


def create_fork(request: ControlRequest) -> tuple[int, Any]:
    """A fork, with a token and a path of its own."""
    source, body = request.target, request.body
    request.check_room("forks", len(request.hosted_fakes), "delete those that nobody needs")
    _check_sources(body)
    if "snapshot" in body:
        snapshot = request.find_snapshot(body["snapshot"])
    else:
        snapshot = _seed_snapshot(request, source.beginning)
    state, profile = snapshot.state, snapshot.profile.with_choices(body.get("profile", {}))
    if "seed" in body:
        state = state._replace(ids=state.ids._replace(seed=body["seed"]))
    token = state.world.tokens[source.fake_token]
    token = replace(token, kind=body.get("kind", token.kind), scopes=tuple(body.get("scopes", token.scopes)))
    fake = Fake(
        state._replace(world=state.world.with_token(token)),
        profile,
        webhook_hosts=source.fake.webhooks.allowed_hosts,
        upload_secret=source.fake.upload_secret,
        limits=source.fake.limits,
    )
    fake.on_exchange = source.fake.on_exchange
    fake.limit_rate(body.get("rate_limit", state.rate.limit))  # which also empties the windows
    hosted = request.hosted_fakes.add(fake, source.fake_token, origin=source.origin or request.origin)
    return 201, fork_object(hosted, request.origin)


def fork_object(hosted: HostedFake, origin: str) -> dict[str, Any]:
    """What a program needs to use a fork."""
    return {
        "id": hosted.id,
        "token": hosted.token,
        "base_url": f"{origin}/v2",
        "own_base_url": f"{origin}/~{hosted.id}/v2",
        "control_url": f"{origin}/_fake/forks/{hosted.id}",
        "client_secret": hosted.fake.webhooks.client_secret,
        **site_ids(hosted.fake),
    }


def delete_fork(request: ControlRequest) -> tuple[int, Any]:
    """Forgets a fork."""
    hosted = request.target
    request.hosted_fakes.end(hosted)
    return 200, {"deleted": hosted.id}


def seed_fake(request: ControlRequest) -> tuple[int, Any]:
    """Has a fake go over to a scenario, which is also what a reset goes back to."""
    hosted = request.target
    _check_sources(request.body)
    if not request.body.keys() & {"scenario", "data"}:
        raise ValueError('say what to seed: {"scenario": "default"}, or {"data": {"sites": [...]}}')
    hosted.set_beginning(_seed_snapshot(request, Snapshot.of(hosted.fake)))
    return 200, site_ids(hosted.fake)


def _check_sources(body: Mapping[str, Any]) -> None:
    sources = [name for name in _SOURCES if name in body]
    if len(sources) > 1:
        raise ValueError(f"{' and '.join(sources)} do not go together: a world has one beginning")
    if "now" in body and not body.keys() & {"scenario", "data"}:
        raise ValueError(
            'now says when a world begins that is seeded: name its "scenario", or send its "data"; a world that is '
            'there keeps its dates, and PUT /_fake/clock {"time": ...} moves its clock alone'
        )


def _seed_snapshot(request: ControlRequest, before: Snapshot) -> Snapshot:
    """The scenario that the body names; without one, what was there before.

    Rate limit, faults and stubs stay, and so does the clock where there is no ``now``.
    """
    body, source = request.body, request.target
    if "scenario" in body:
        name = body["scenario"]
        if name not in seeding.shipped_names():
            # Files of this machine are not for whoever asks; their content may be sent as data.
            raise ValueError(
                f"no scenario is named {name!r}; {suggest(name, seeding.shipped_names())} (or send its data)"
            )
        scenario = seeding.load(name)
    elif "data" in body:
        _check_has_no_files(body["data"])
        scenario = seeding.from_data(body["data"], source="data")
    else:
        return before
    profile = scenario.profile.with_choices(body.get("profile", {}))
    clock, begins = before.state.clock, before.state.begins
    if "now" in body:
        clock, begins = seeding.read_now(body["now"], clock)
    state = seeding.build_state(
        scenario,
        seed=body.get("seed"),
        clock=clock,
        begins=begins,
        token=source.fake_token,
        addresses=addresses_for(source.origin or request.origin),
        profile=profile,
    )
    return Snapshot(state.keep_conditions(before.state), profile)


def _check_has_no_files(data: Any) -> None:
    sites = data.get("sites") if isinstance(data, dict) else None
    for number, site in enumerate(sites if isinstance(sites, list) else ()):
        assets = site.get("assets") if isinstance(site, dict) else None
        for count, asset in enumerate(assets if isinstance(assets, list) else ()):
            if isinstance(asset, dict) and "file" in asset:
                place = f"data: sites[{number}].assets[{count}].file"
                raise ValueError(f"{place}: files of this machine are not read; send the bytes as base64 or text")
