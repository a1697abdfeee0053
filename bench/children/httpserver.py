"""How long pytest-httpserver takes to start and to stop, in milliseconds; run with the Python it is installed in."""

from __future__ import annotations

import json
import sys
from time import perf_counter
from urllib.request import urlopen

from pytest_httpserver import HTTPServer  # type: ignore[import-not-found]


def main() -> None:
    """Prints two lists, one figure a round."""
    starts, stops = [], []
    for _ in range(int(sys.argv[1])):
        started = perf_counter()
        server = HTTPServer()
        server.expect_request("/item").respond_with_data("{}", content_type="application/json")
        server.start()
        with urlopen(server.url_for("/item")) as answer:
            assert answer.read()
        answered = perf_counter()
        server.stop()
        stops.append((perf_counter() - answered) * 1000)
        starts.append((answered - started) * 1000)
    print(json.dumps([starts, stops]))


if __name__ == "__main__":
    main()
