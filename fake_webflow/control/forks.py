"""Making fakes: forks of what is there, and worlds from scenarios."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from .. import seeding
from ..fake import Fake
from ..wording import suggest
from ..world.addresses import addresses_for
from .hosted_fakes import HostedFake, Snapshot, site_ids
from .request import ControlError, ControlRequest

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}", re.ASCII)
_SOURCES = ("scenario", "data", "snapshot")


def list_forks(request: ControlRequest) -> tuple[int, Any]:
    """The ids of the forks there are."""
    return 200, {"forks": [{"id": one.id, "named": one.is_named} for one in request.hosted_fakes]}


def create_fork(request: ControlRequest) -> tuple[int, Any]:
    """A fork, with a token and a path of its own."""
    return 201, fork_object(_add_fork(request, ""), request.origin)


def put_fork(request: ControlRequest) -> tuple[int, Any]:
    """A fork of a name of one's own; the one that is there already, if it was made with the same body."""
    name = request.parameters["fork"]
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"a fork's name has a letter first, then letters, digits and hyphens, 63 at most; not {name!r}"
        )
    found = request.hosted_fakes.find_by_id(name)
    found = request.hosted_fakes.find_by_id(name)
    hosted = found or _add_fork(request, name)
    if _dump(hosted.made_with) != _dump(request.body):
        raise ControlError(
            409,
            "fork_exists",
            f"there is a fork {name!r} already, made with another body: send the same, or DELETE it first",
        )
    hosted.touch()
    return 200 if found else 201, fork_object(hosted, request.origin)


def _dump(body: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(body), option=orjson.OPT_SORT_KEYS)


def _add_fork(request: ControlRequest, name: str) -> HostedFake:
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
    return request.hosted_fakes.add(
        fake,
        source.fake_token,
        origin=source.origin or request.origin,
        name=name,
        made_with=body,
        idle_seconds=body.get("idle_seconds"),
    )


def fork_object(hosted: HostedFake, origin: str) -> dict[str, Any]:
    """What a program needs to use a fork."""
    own_base_url = f"{origin}/~{hosted.id}/v2"
    return {
        "id": hosted.id,
        "token": hosted.token,
        # A named fork may be one of several servers behind one address, which tells them apart by path alone.
        "base_url": own_base_url if hosted.is_named else f"{origin}/v2",
        "own_base_url": own_base_url,
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
        scenario = seeding.from_data(body["data"], source="data", reads_files=False)
    else:
        return before
    profile = scenario.profile.with_choices(body.get("profile", {}))
    clock, begins = before.state.clock, before.state.begins if scenario.now is None else None
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
