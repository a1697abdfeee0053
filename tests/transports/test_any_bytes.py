"""Whatever bytes come over a socket: no failure, no line in the log, nothing half done, and others are served."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from raw_http import send_raw, serve_with_control, status_of, statuses_of

from fake_webflow import FakeWebflow
from fake_webflow.fake import Fake
from fake_webflow.testing.handle import make_handle

HEALTH = b"GET /_fake/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
TOKEN = b"Bearer test-token"
# What one of the seeded world is named, in messages that are made before there is one.
SITE, COLLECTION = b"SITE", b"COLLECTION"

METHODS = [*b"GET HEAD POST PATCH PUT DELETE OPTIONS TRACE CONNECT get G\0T".split(b" "), b""]
PATHS = [
    *b"/v2/sites /v2/sites/SITE /v2/sites/SITE/collections /v2/sites/SITE/webhooks /v2/sites/SITE/assets".split(),
    *b"/v2/collections/COLLECTION/items /v2/collections/COLLECTION/items/live /v2/sites/SITE/publish /v2 / *".split(),
    *b"// /% /%00 /%ff%fe /v2/../_fake /\xff\xfe ? # http://[bad/v2 http://user:pw@localhost/v2/sites".split(),
    *b"http://localhost:99999999/v2 https://[::1]:x/ /_fake/state /_fake/journal?limit=1 /_fake/faults".split(),
    *b"/_fake/seed /_fake/sign-in /_fake/forks/9/x /_fake/clock/advance /s3/ /s3/a.png /cdn/a.png /~ /~1/v2".split(),
    *(b"", b"a b", b"/_fake/\r", b"/~%00/s3/", b"/v2/" + b"a" * 9000),
]
QUERIES = [b"", *b"?limit=1 ?offset=%ff ?filter[name][eq]=%00 ?sort[name]=x ?% ?=&&=".split(), b"?limit=" + b"9" * 5000]
NAMES = [
    *b"Host Content-Length Transfer-Encoding Expect Connection Content-Type Content-Encoding Authorization".split(),
    *b"Range If-None-Match Cookie Origin X-Fake-Webflow-Control Sec-Fetch-Site X-Forwarded-Host Upgrade".split(),
    *(b"", b"A B", b"a_b", b"\xff", b"Trailer"),
]
VALUES = [
    *b"localhost evil.example [::1 localhost: \xff\xfe 0 -1 +1 1e3 0x10 3 20000000 chunked identity close".split(),
    *b"keep-alive application/json 100-continue gzip deflate br Bearer bytes=0- bytes=-0 null websocket".split(),
    *(b"", b"5, 5", b"gzip, chunked", b"chunked, chunked", b"application/json; charset=x", b"Basic OnB3", b'"a", *'),
    *(TOKEN, b"multipart/form-data; boundary=a", b"a=b; $; =;", b"cross-site", b" \t ", b"a\tb", b"a\0b"),
    *(b"9" * 5000, b"bytes=" + b"9" * 5000 + b"-"),
]
DEEP = b'{"a":' * 300 + b"1" + b"}" * 300
DEEP_ITEM = b'{"fieldData":{"name":"x"},"more":' + DEEP + b"}"
DEEP_FILTER = b'{"triggerType":"form_submission","url":"http://a.example","filter":' + DEEP + b"}"
BODIES = [
    *b'{} [] null { \xff {"fieldData":{"name":"x"}} {"fieldData":{"name":"\\ud800"}} {"items":[{}]} z'.split(),
    *b'{"fieldData":{"name":1e999}} {"displayName":"a","singularName":"b"} {"seconds":1e308}'.split(),
    *(b"", b"[" * 3000, DEEP_ITEM, DEEP_FILTER, zlib.compress(b"{}"), b"a" * 9000, b"--a\r\n\r\n--a--\r\n"),
    *(b"3\r\n{}\n\r\n0\r\n\r\n", b"2\r\n{}\r\n0\r\nA: b\r\n\r\n", b"FFFFFFFFFFFFFFFFFF\r\n", b"-1\r\n"),
    *(b"2;a=b\r\n{}\r\n0\r\n\r\n", b"2\r\n{}0\r\n\r\n", b"0\r\n" + b"a: b\r\n" * 2000),
]
VERSIONS = [*[b"HTTP/1.1"] * 6, b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"http/1.1", b"", b"HTTP/1.1 x"]
LINES = st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.binary(max_size=10))
ENDS = st.sampled_from([*[b"\r\n"] * 8, b"\n", b"\r", b"\r\n ", b"\0"])


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """A message as HTTP has it, with a few slips."""
    path = draw(st.sampled_from(PATHS) | st.binary(max_size=20))
    method, query = draw(st.sampled_from(METHODS) | st.binary(max_size=5)), draw(st.sampled_from(QUERIES))
    first = b" ".join([method, path + query, draw(st.sampled_from(VERSIONS))])
    body = draw(st.sampled_from(BODIES) | st.binary(max_size=50))
    lines = draw(st.lists(LINES, max_size=4))
    if draw(st.booleans()):
        lines += [(b"Authorization", TOKEN), (b"Content-Type", b"application/json")]
    if draw(st.integers(0, 4)):
        lines += [(b"Host", b"localhost"), (b"Content-Length", b"%d" % len(body))]
    head = b"".join(line + draw(ENDS) for line in [first, *(b"%b: %b" % line for line in lines)])
    return head + draw(st.sampled_from([*[b"\r\n"] * 8, b"\n", b""])) + body


def whole(first: bytes, body: bytes = b"", *lines: bytes) -> bytes:
    """A message that is right in its form."""
    head = [first, b"Host: localhost", b"Authorization: " + TOKEN, b"Content-Type: application/json", *lines]
    return b"\r\n".join([*head, b"Content-Length: %d" % len(body), b"", body])


@pytest.fixture(scope="module")
def webflow(seeded: Fake) -> FakeWebflow:
    return make_handle(seeded.fork())


@pytest.fixture(scope="module")
def origin(webflow: FakeWebflow) -> Iterator[str]:
    with serve_with_control(webflow) as origin:
        yield origin


def named(webflow: FakeWebflow, message: bytes) -> bytes:
    collection = webflow.collections["authors"].id
    return message.replace(SITE, webflow.site.id.encode()).replace(COLLECTION, collection.encode())


def check_served(
    webflow: FakeWebflow, origin: str, caplog: pytest.LogCaptureFixture, sent: list[bytes], timeout: float
) -> bytes:
    """What is answered to these messages and one more: nothing of it a failure, and no change without a success."""
    world = webflow.state.world
    answers = send_raw(origin, *(named(webflow, message) for message in sent), HEALTH, timeout=timeout)
    statuses = statuses_of(answers)
    assert not {status for status in statuses if status >= 500} - {501}, answers
    assert caplog.records == []
    if not any(status < 300 for status in statuses[:-1] or statuses):
        assert webflow.state.world is world
    assert status_of(send_raw(origin, HEALTH)) == 200
    return answers


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(messages(), min_size=1, max_size=3))
@example([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"])
@example([whole(b"POST /v2/sites HTTP/1.1", b"", b"Transfer-Encoding: chunked") + b"FFFFFFFFFFFF\r\n"])
@example([b"POST /v2/sites HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n{"])
def test_any_bytes(webflow: FakeWebflow, origin: str, caplog: pytest.LogCaptureFixture, sent: list[bytes]) -> None:
    # A message that is not whole has the server wait for the rest, so that not each of them has an answer.
    check_served(webflow, origin, caplog, sent, timeout=0.2)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (whole(b"GET http://[bad/v2 HTTP/1.1"), 400),
        (whole(b"GET /v2/sites HTTP/1.1").replace(b"Content-Length: 0", b"Content-Length: " + b"9" * 5000), 400),
        (whole(b"POST /v2/sites/SITE/webhooks HTTP/1.1", DEEP_FILTER), 400),
        (whole(b"POST /v2/collections/COLLECTION/items HTTP/1.1", DEEP_ITEM), 400),
        (whole(b"POST /_fake/seed HTTP/1.1", b'{"data":' + b"[" * 300 + b"]" * 300 + b"}"), 400),
        (whole(b"POST /_fake/faults HTTP/1.1", b'{"then":' + b'{"a":' * 5000 + b"1" + b"}" * 5001), 400),
        (whole(b"POST /_fake/clock/advance HTTP/1.1", b'{"seconds":1e308}'), 400),
        (whole(b"PUT /_fake/clock HTTP/1.1", b'{"time":"9999-12-31T23:59:59-23:00"}'), 400),
        (whole(b"GET /v2/collections/COLLECTION/items?limit=" + b"9" * 5000 + b" HTTP/1.1"), 200),
        (whole(b"GET /cdn/a HTTP/1.1", b"", b"Range: bytes=" + b"9" * 5000 + b"-"), 403),
        (whole(b"GET /v2/sites HTTP/1.1", b"", b"X: " + b"a" * 300_000), 431),
        (whole(b"GET /v2/sites HTTP/1.1", b"", b"Transfer-Encoding: gzip, chunked"), 501),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else None,
)
def test_what_once_failed(
    webflow: FakeWebflow, origin: str, caplog: pytest.LogCaptureFixture, message: bytes, status: int
) -> None:
    assert status_of(check_served(webflow, origin, caplog, [message], timeout=10)) == status
    assert status_of(send_raw(origin, whole(b"GET /_fake/journal HTTP/1.1", b"", b"Connection: close"))) == 200
