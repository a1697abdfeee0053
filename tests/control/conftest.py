"""A server with the control interface, and forks of its world that are made through it, one for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from control_callers import Fork, fork_at, served_app

from fake_webflow import seeding
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake, State
from fake_webflow.transports.server import Server
from fake_webflow.world.addresses import addresses_for
from fake_webflow.world.world import World


@pytest.fixture(scope="session")
def tenants() -> HostedFakes:
    """All fakes of the server."""
    return HostedFakes(Fake(State(World())), "test-token")


@pytest.fixture(scope="session")
def origin(tenants: HostedFakes) -> Iterator[str]:
    """Where it is served."""
    with Server(served_app(tenants)) as server:
        tenants.seed_default(
            seeding.build_state(seeding.load("default"), addresses=addresses_for(server.origin)), server.origin
        )
        yield server.origin


@pytest.fixture
def fork(origin: str) -> Iterator[Fork]:
    """A fork, in the hands of a program."""
    with fork_at(origin) as made:
        yield made


@pytest.fixture
def other(origin: str) -> Iterator[Fork]:
    """Another one."""
    with fork_at(origin) as made:
        yield made
