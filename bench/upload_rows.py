"""Row 17: a file of 10 MB, its form made and signed by the fake, through the upload target."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import md5
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import flask
import orjson

from fake_webflow.fake import Fake
from fake_webflow.transports.flask_app import create_flask_app
from fake_webflow.transports.server import Server

from .floors import WsgiCall
from .harness import Contender, Goal, Plan, Results, amount, measured, ratio
from .profiling import where_time_goes
from .worlds import SITE_ID, fake_with

SIZE = 10_000_000
_MEGABYTE = 1_000_000
_BOUNDARY = "a-boundary-of-the-bench"
_TYPE = f"multipart/form-data; boundary={_BOUNDARY}"
_BUCKET = "/s3/webflow-prod-assets"
_CHUNK = 64 * 1024


def upload(plan: Plan) -> Results:
    """Row 17: memory as WSGI, where nothing but the fake keeps anything; speed over loopback."""
    fake = fake_with(100)
    application = create_flask_app(fake)
    body = _form(_details(application), bytes(range(256)) * (SIZE // 256) + bytes(SIZE % 256))
    before = fake.state
    with TemporaryDirectory() as folder:
        file = Path(folder) / "form"
        file.write_bytes(body)
        peaks = [_peak(application, fake, file, len(body)) for _ in range(plan.rounds)]
    memory = amount(17, "upload of 10 MB: peak memory above what is stored", peaks, "MB", Goal(2, "MB"))
    with Server(application) as ours, Server(_copying()) as bare:
        fill, copy = partial(_posted, ours, body), partial(_posted, bare, body)
        contenders = [
            Contender("ours", fill, partial(fake.restore, before), clock=perf_counter),
            Contender("bare", copy, clock=perf_counter),
        ]
        samples = measured(contenders, plan)
    what = "upload of 10 MB over loopback: speed / copied by bare Flask, same server"
    # Speed is the inverse of time.
    speed = ratio(17, what, samples["bare"], samples["ours"], Goal(0.5, "x", at_least=True))
    send = WsgiCall(application, "POST", _BUCKET, [body], status=201, content_type=_TYPE)
    return Results([each.explained(lambda: where_time_goes(send)) for each in (memory, speed)])


def _details(application: flask.Flask) -> Mapping[str, str]:
    """The fields of the form, as the API hands them out for a new asset."""
    wanted = orjson.dumps({"fileName": "large.bin.jpg", "fileHash": md5(b"", usedforsecurity=False).hexdigest()})
    create = WsgiCall(application, "POST", f"/v2/sites/{SITE_ID}/assets", [wanted])
    fields: Mapping[str, str] = orjson.loads(create())["uploadDetails"]
    return fields


def _form(fields: Mapping[str, str], data: bytes) -> bytes:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.jpg"\r\n\r\n'
    return "".join([*parts, head]).encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode()


def _peak(application: flask.Flask, fake: Fake, file: Path, length: int) -> float:
    """Megabytes in use at the worst moment of an upload, above those before it and the file's own."""
    before = fake.state
    send = WsgiCall(application, "POST", _BUCKET, status=201, content_type=_TYPE)
    with file.open("rb", buffering=0) as stream, _traced():
        start, _ = tracemalloc.get_traced_memory()
        send.send(stream, length)
        _, peak = tracemalloc.get_traced_memory()
    fake.restore(before)
    return (peak - start - SIZE) / _MEGABYTE


@contextmanager
def _traced() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def _copying() -> flask.Flask:
    """Bare Flask that keeps what it is sent, and looks at none of it."""
    app = flask.Flask("bare", static_folder=None)

    @app.post(_BUCKET)
    def copy() -> flask.Response:
        kept = BytesIO()
        while chunk := flask.request.stream.read(_CHUNK):
            kept.write(chunk)
        return flask.Response(status=201)

    return app


def _posted(server: Server, body: bytes) -> None:
    connection = HTTPConnection(server.origin.removeprefix("http://"), timeout=30)
    connection.request("POST", _BUCKET, body, {"Content-Type": _TYPE})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 201, answer.status
