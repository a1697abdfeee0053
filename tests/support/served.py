"""Targets over a socket: the fake, and APIs that are wrong."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

import contracts
from fake_webflow import FakeWebflow
from fake_webflow.fake import fake_of
from fake_webflow.transports.flask_app import create_flask_app

TOKEN = "a-very-secret-token"
SCENARIO = Path(contracts.__file__).with_name("kit") / "sandbox.yaml"
Wsgi = Callable[..., Any]


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None: ...


@contextmanager
def serving(app: Wsgi) -> Iterator[str]:
    """The origin of an application that is served meanwhile."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def new_fake(**options: Any) -> FakeWebflow:
    """A fake with the suite's sandbox."""
    return FakeWebflow(SCENARIO, token=TOKEN, **options)


@contextmanager
def served(fake: FakeWebflow, wrapped: Callable[[Wsgi], Wsgi] = lambda app: app) -> Iterator[str]:
    """The base URL of a fake that is served meanwhile."""
    with serving(wrapped(create_flask_app(fake_of(fake)))) as origin:
        yield f"{origin}/v2"


def editing(edit: Callable[[str, str, Any], Any]) -> Callable[[Wsgi], Wsgi]:
    """What makes of a fake one whose JSON answers are others.

    Args:
        edit: Given method, path and the parsed answer, it returns what is answered instead.
    """

    def wrap(app: Wsgi) -> Wsgi:
        def answer(environ: dict[str, Any], start_response: Any) -> Any:
            body, status, headers = run_wsgi_app(app, environ, buffered=True)
            raw = b"".join(body)
            if "json" in headers.get("Content-Type", ""):
                raw = json.dumps(edit(environ["REQUEST_METHOD"], environ["PATH_INFO"], json.loads(raw))).encode()
                headers["Content-Length"] = str(len(raw))
            start_response(status, list(headers))
            return [raw]

        return answer

    return wrap


def site_of(fake: FakeWebflow) -> dict[str, Any]:
    """What the site holds, but for folders, which cannot be deleted."""
    world = fake.state.world
    return {
        "collections": sorted(world.collections),
        "items": [(item.key, item.field_data) for found in world.collections.values() for item in found.staged],
        "assets": list(world.assets),
        "webhooks": list(world.webhooks),
    }


def item_store() -> Flask:
    """A static mock: it stores what it is sent and knows no rule."""
    app, ids, stored = Flask("store"), itertools.count(1), {}

    @app.route("/v2/<path:path>", methods=["GET", "POST", "PATCH", "DELETE"])
    def anything(path: str) -> Any:
        if path == "sites":
            return {"sites": [{"id": "f" * 24, "displayName": "Shop", "locales": None}]}
        if request.method == "POST":
            new = {**(request.get_json(silent=True) or {}), "id": f"{next(ids):024x}"}
            return stored.setdefault(f"{path.removeprefix('sites/' + 'f' * 24 + '/')}/{new['id']}", new), 202
        if request.method == "DELETE":
            return ("", 204) if stored.pop(path, None) else ({"message": "no such thing"}, 404)
        return stored.get(path) or {"items": [new for place, new in stored.items() if place.startswith(path)]}

    return app
