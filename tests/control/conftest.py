"""A server with the control interface, and forks of its world that are made through it, one for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from control_callers import Fork, fork_at

from fake_webflow import seeding
from fake_webflow.api import Fake, State
from fake_webflow.faces.flask_app import create_flask_app
from fake_webflow.faces.server import Server
from fake_webflow.faces.tenants import Tenants
from fake_webflow.testing.control import ControlDoor
from fake_webflow.world.addresses import addresses
from fake_webflow.world.world import World


@pytest.fixture(scope="session")
def tenants() -> Tenants:
    """All fakes of the server."""
    return Tenants(Fake(State(World())), "test-token")


@pytest.fixture(scope="session")
def origin(tenants: Tenants) -> Iterator[str]:
    """Where it is served."""
    with Server(create_flask_app(tenants, control=ControlDoor(tenants))) as server:
        tenants.seeded(seeding.state(seeding.load("default"), addresses=addresses(server.origin)), server.origin)
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
