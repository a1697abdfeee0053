"""How long the app takes to build in a fresh process, with every route, in milliseconds."""

from __future__ import annotations

from time import perf_counter

from fake_webflow.api.router import find_route
from fake_webflow.fake import Fake, State
from fake_webflow.transports.flask_app import create_flask_app
from fake_webflow.world.world import World


def main() -> None:
    """Builds it up to where it knows the way to an operation."""
    fake = Fake(State(World()))
    started = perf_counter()
    create_flask_app(fake)
    found = find_route("GET", "/v2/sites")
    taken = perf_counter() - started
    assert found is not None
    print(taken * 1000)


if __name__ == "__main__":
    main()
