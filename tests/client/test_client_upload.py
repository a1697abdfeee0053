"""Uploads: the form as the upload host receives it, streamed, repeated, refused, and without the token."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from fake_webflow.client import BadRequest, UploadError, WebflowClient
from fake_webflow.client._upload import PIECE, Form, OpenFile

TOKEN = "canary-4f8e1c"
DETAILS = {
    "acl": "public-read",
    "bucket": "webflow-prod-assets",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKIA/20260818/us-east-1/s3/aws4_request",
    "X-Amz-Date": "20260818T000000Z",
    "key": "site/asset_a b.png",
    "Policy": "e30=",
    "X-Amz-Signature": "ab" * 32,
    "success_action_status": "201",
    "content-type": "image/png",
    "Cache-Control": "max-age=31536000",
}
TOO_LARGE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>EntityTooLarge</Code>'
    "<Message>Your upload &amp; more</Message>"
    "<ProposedSize>9</ProposedSize><MaxSizeAllowed>3</MaxSizeAllowed></Error>"
)
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Host:
    """API and upload host in one: registers any asset, and answers uploads from a list (None hangs up)."""

    url: str = ""
    asset: dict[str, Any] = field(default_factory=dict)
    uploads: list[Answer | None] = field(default_factory=list)
    created: list[dict[str, Any]] = field(default_factory=list)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        if path.startswith("/v2/"):
            assert headers["authorization"] == f"Bearer {TOKEN}"
            self.created.append(json.loads(body))
            return 200, {}, json.dumps(self.asset).encode()
        self.received.append((headers, body))
        return self.uploads.pop(0) if self.uploads else (201, {}, b"<PostResponse/>")


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            answer = host.answer(self.path, headers, body)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            for name, value in answer[1].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer[2])))
            self.end_headers()
            self.wfile.write(answer[2])

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        host.url = f"http://127.0.0.1:{server.server_port}"
        host.asset = {
            "id": "asset",
            "uploadUrl": f"{host.url}/bucket",
            "uploadDetails": DETAILS,
            "contentType": "image/png",
            "hostedUrl": "https://cdn/x",
        }
        yield host
        server.shutdown()
        thread.join()


@pytest.fixture
def client(host: Host, sleeps: list[float]) -> Iterator[WebflowClient]:
    with WebflowClient(TOKEN, base_url=f"{host.url}/v2", sleep=sleeps.append) as client:
        yield client


def parsed(headers: dict[str, str], body: bytes) -> tuple[list[tuple[str, str]], File, bytes]:
    """Fields in order, the file part and its bytes; the file is the last part."""
    decoder = MultipartDecoder(headers["content-type"].partition("boundary=")[2].encode())
    decoder.receive_data(body)
    decoder.receive_data(None)
    fields: list[tuple[str, str]] = []
    part: Field | File | None = None
    content = b""
    while not isinstance(event := decoder.next_event(), Epilogue):
        if isinstance(event, (Field, File)):
            assert not isinstance(part, File), "nothing may follow the file"
            part, content = event, b""
        if isinstance(event, Data):
            content += event.data
            if isinstance(part, Field) and not event.more_data:
                fields.append((part.name or "", content.decode()))
    assert isinstance(part, File)
    return fields, part, content


CONTENT = bytes(range(256)) * 700  # more than two pieces


def as_path(tmp_path: Path) -> Any:
    (tmp_path / "a b.png").write_bytes(CONTENT)
    return tmp_path / "a b.png"


def as_file(tmp_path: Path) -> Any:
    return io.FileIO(as_path(tmp_path))


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (as_path, None),
        (lambda tmp_path: str(as_path(tmp_path)), None),
        (as_file, None),
        (lambda _: CONTENT, "a b.png"),
        (lambda _: bytearray(CONTENT), "a b.png"),
        (lambda _: memoryview(CONTENT), "a b.png"),
        (lambda _: io.BytesIO(CONTENT), "a b.png"),
    ],
    ids=["path", "str", "file", "bytes", "bytearray", "memoryview", "BytesIO"],
)
def test_every_kind_of_source_arrives_whole(
    client: WebflowClient, host: Host, tmp_path: Path, make: Callable[[Path], Any], name: str | None
) -> None:
    source = make(tmp_path)
    told: list[tuple[int, int]] = []
    asset = client.assets.upload(
        "site", source, file_name=name, folder_id="f", progress=lambda *step: told.append(step)
    )
    if isinstance(source, io.IOBase):
        assert not source.closed
        source.close()
    assert asset == host.asset
    md5 = hashlib.md5(CONTENT).hexdigest()
    assert host.created == [{"fileName": "a b.png", "fileHash": md5, "parentFolder": "f"}]
    [(headers, body)] = host.received
    fields, part, content = parsed(headers, body)
    assert fields == list(DETAILS.items())
    assert (part.name, part.filename, part.headers["Content-Type"]) == ("file", "a b.png", "image/png")
    assert content == CONTENT
    total = len(CONTENT)
    assert told == [(0, total), (PIECE, total), (2 * PIECE, total), (total, total)]


def test_the_token_is_not_sent_to_the_upload_host(
    host: Host, session: requests.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    session.headers["Authorization"] = f"Bearer {TOKEN}"
    session.auth = ("someone", TOKEN)
    with WebflowClient(TOKEN, base_url=f"{host.url}/v2", session=session) as client:
        client.assets.upload("site", b"x", file_name="a.png")
    [(headers, body)] = host.received
    assert "authorization" not in headers
    assert TOKEN not in str(headers)
    assert TOKEN.encode() not in body


def test_an_empty_file_can_be_uploaded(client: WebflowClient, host: Host) -> None:
    told: list[tuple[int, int]] = []
    client.assets.upload("site", b"", file_name="a.txt", progress=lambda *step: told.append(step))
    assert parsed(*host.received[0])[2] == b""
    assert told == [(0, 0)]


def test_a_file_object_is_sent_from_its_position_on(client: WebflowClient, host: Host) -> None:
    source = io.BytesIO(b"header|rest")
    source.seek(7)
    client.assets.upload("site", source, file_name="a.txt")
    assert parsed(*host.received[0])[2] == b"rest"
    assert host.created[0]["fileHash"] == hashlib.md5(b"rest").hexdigest()


class Watched(io.BytesIO):
    """A file that writes down how much it was asked for at once."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked.append(-1 if size is None else size)
        return super().read(size)


def test_the_file_is_never_read_whole(client: WebflowClient, host: Host) -> None:
    source = Watched(CONTENT * 5)
    client.assets.upload("site", source, file_name="a.bin")
    assert parsed(*host.received[0])[2] == CONTENT * 5
    assert all(0 < size <= PIECE for size in source.asked)


@pytest.mark.parametrize("name", ['quo"te.png', "back\\slash.png", "zürich – 東京.png", "semi;colon=.png"])
def test_odd_file_names_arrive(client: WebflowClient, host: Host, name: str) -> None:
    client.assets.upload("site", b"x", file_name=name)
    assert host.created[0]["fileName"] == name
    body = host.received[0][1].decode()
    assert 'filename="' + name.replace('"', "%22") + '"\r\n' in body


def test_a_line_break_in_a_name_cannot_add_a_header(client: WebflowClient, host: Host) -> None:
    client.assets.upload("site", b"x", file_name="a\r\nX-Evil: 1\r\n\r\n.png")
    _, part, content = parsed(*host.received[0])
    assert "X-Evil" not in part.headers
    assert content == b"x"


@pytest.mark.parametrize(
    "absent", [{}, {"uploadUrl": None, "uploadDetails": None}, {"uploadUrl": "", "uploadDetails": {}}]
)
def test_an_asset_that_needs_no_upload_is_returned(client: WebflowClient, host: Host, absent: dict[str, Any]) -> None:
    host.asset = {"id": "known", **absent}
    assert client.assets.upload("site", b"x", file_name="a.png") == host.asset
    assert host.received == []


@pytest.mark.parametrize(
    "half",
    [
        {"uploadUrl": "https://x/"},
        {"uploadDetails": DETAILS},
        {"uploadUrl": "ftp://x/", "uploadDetails": DETAILS},
        {"uploadUrl": 1, "uploadDetails": 2},
    ],
)
def test_half_an_upload_address_is_an_error(client: WebflowClient, host: Host, half: dict[str, Any]) -> None:
    host.asset = {"id": "odd", **half}
    with pytest.raises(UploadError, match="neither that nor where") as caught:
        client.assets.upload("site", b"x", file_name="a.png")
    assert caught.value.asset["id"] == "odd"


@pytest.mark.parametrize("status", [200, 201, 204])
def test_every_success_of_s3_is_one(client: WebflowClient, host: Host, status: int) -> None:
    host.uploads = [(status, {}, b"")]
    assert client.assets.upload("site", b"x", file_name="a.png")["id"] == "asset"


def test_s3s_error_is_readable(client: WebflowClient, host: Host, sleeps: list[float]) -> None:
    host.uploads = [(400, {"X-Fake-Webflow-Clause": "uploads.too-large"}, TOO_LARGE.encode())]
    with pytest.raises(UploadError) as caught:
        client.assets.upload("site", b"x", file_name="a.png")
    error = caught.value
    assert (error.status, error.code, error.message) == (400, "EntityTooLarge", "Your upload & more")
    assert error.elements["MaxSizeAllowed"] == "3"
    assert error.clauses == ("uploads.too-large",)
    assert error.asset == host.asset
    assert str(error) == "upload of asset asset: 400 EntityTooLarge: Your upload & more [uploads.too-large]"
    assert DETAILS["X-Amz-Signature"] not in repr(error)
    assert sleeps == []


@pytest.mark.parametrize("status", [307, 403, 412])
def test_another_answer_of_the_upload_host_is_an_error_too(client: WebflowClient, host: Host, status: int) -> None:
    host.uploads = [(status, {"Location": "https://elsewhere.example/"}, b"plain " + TOKEN.encode())]
    with pytest.raises(UploadError, match="plain") as caught:
        client.assets.upload("site", b"x", file_name="a.png")
    assert (caught.value.status, caught.value.code) == (status, None)
    assert TOKEN not in str(caught.value) + repr(caught.value)
    assert len(host.received) == 1


def test_the_upload_is_repeated_from_its_beginning(client: WebflowClient, host: Host, sleeps: list[float]) -> None:
    host.uploads = [(503, {}, b"<Error><Code>SlowDown</Code></Error>"), None]
    told: list[int] = []
    client.assets.upload("site", CONTENT, file_name="a.bin", progress=lambda sent, _: told.append(sent))
    assert sleeps == [0.5, 1.0]
    assert [parsed(*received)[2] for received in host.received] == [CONTENT] * 3
    assert told == [0, PIECE, 2 * PIECE, len(CONTENT)] * 3
    assert len(host.created) == 1


def test_an_upload_host_that_never_answers_is_an_upload_error(
    client: WebflowClient, host: Host, sleeps: list[float]
) -> None:
    host.uploads = [None] * 4
    with pytest.raises(UploadError) as caught:
        client.assets.upload("site", b"x", file_name="a.bin")
    assert (caught.value.status, caught.value.code) == (None, None)
    assert sleeps == [0.5, 1.0, 2.0]


def test_what_progress_raises_ends_the_upload(client: WebflowClient, host: Host) -> None:
    def cancel(sent: int, _: int) -> None:
        if sent:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.assets.upload("site", CONTENT, file_name="a.bin", progress=cancel)


class Shrinking(io.BytesIO):
    """A file that somebody empties between its two readings."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.truncate(0)
        return super().seek(offset, whence)


def test_a_file_that_shrinks_is_an_error(client: WebflowClient) -> None:
    with pytest.raises(UploadError, match="shorter"):
        client.assets.upload("site", Shrinking(b"abc"), file_name="a.bin")


def test_bytes_need_a_name(client: WebflowClient, host: Host) -> None:
    with pytest.raises(ValueError, match="file_name"):
        client.assets.upload("site", b"x")
    assert host.created == []


def test_a_file_that_cannot_seek_is_refused(client: WebflowClient, host: Host) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with pytest.raises(ValueError, match="able to seek"):
        client.assets.upload("site", Pipe(b"x"), file_name="a.bin")
    assert host.created == []


def test_a_text_file_is_refused(client: WebflowClient, host: Host) -> None:
    with pytest.raises(TypeError):
        client.assets.upload("site", io.StringIO("x"), file_name="a.txt")  # type: ignore[arg-type]
    assert host.created == []


def test_a_missing_path_is_an_os_error(client: WebflowClient, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        client.assets.upload("site", tmp_path / "none.png")


def test_a_refused_create_sends_no_file(client: WebflowClient, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = json.dumps({"message": "No", "code": "bad_request"}).encode()
    monkeypatch.setattr(host, "answer", lambda *_: (400, {}, refusal))
    with pytest.raises(BadRequest):
        client.assets.upload("site", b"x", file_name="a.png")
    assert host.received == []


@given(
    content=st.binary(max_size=3 * PIECE),
    fields=st.dictionaries(
        st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1), st.text(st.characters(codec="utf-8"))
    ),
)
def test_a_form_is_as_long_as_it_says_and_reads_back(content: bytes, fields: dict[str, str]) -> None:
    source = OpenFile(io.BytesIO(content), 0, len(content), "", "a.bin")
    form = Form(fields, source, "text/plain", "b" * 32, None, AssertionError())
    body = b"".join(form)
    assert len(form) == len(body)
    read, part, sent = parsed({"content-type": "multipart/form-data; boundary=" + "b" * 32}, body)
    assert (read, part.filename, sent) == (list(fields.items()), "a.bin", content)
    assert b"".join(form) == body
