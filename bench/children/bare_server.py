"""Bare Flask behind the server that the fake is served by: prints its port when it listens, and serves to its end."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Serves the item of the given size (in bytes)."""
    import flask

    from fake_webflow.transports.server import Server

    app = flask.Flask("bare", static_folder=None)
    body = b'{"id":"' + b"0" * (int(sys.argv[1]) - 9) + b'"}'

    @app.get("/v2/collections/<collection_id>/items/<item_id>")
    def answer(collection_id: str, item_id: str) -> flask.Response:
        del collection_id, item_id
        return flask.Response(body, content_type="application/json")

    server = Server(app)
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    server.run(lambda: print(server.origin.rpartition(":")[2], flush=True))


if __name__ == "__main__":
    main()
