"""The HTTP of every answer."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import requests

from .kit.clauses import Choices, ClauseDiffers, clause
from .kit.sandbox import ABSENT_ID, Sandbox

_OTHER_ETAG = "ETags are not made as Express makes them"


def _samples(sandbox: Sandbox) -> list[requests.Response]:
    item = sandbox.new_item(name=f'{sandbox.name()} "Ünïcode" 漢字 \u2028 😀', number=1.5)
    return [
        sandbox.call("GET", "/sites"),
        sandbox.call("GET", f"{sandbox.everything.path}/{item['id']}"),
        sandbox.call("GET", f"/collections/{ABSENT_ID}"),
        sandbox.call("GET", sandbox.plain.path, query={"limit": "0"}),
    ]


@clause("http.json")
def test_bodies_are_json_in_utf_8(sandbox: Sandbox) -> None:
    for answer in _samples(sandbox):
        declared = answer.headers.get("Content-Type", "")
        kind, _, charset = declared.lower().replace(" ", "").partition(";")
        if kind != "application/json" or charset not in ("", "charset=utf-8"):
            raise ClauseDiffers("http.json", "application/json; charset=utf-8", declared)
        if not charset:
            sandbox.target.recorder.note("JSON is declared without a charset")
        text = answer.content.decode("utf-8")
        if text != json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False):
            sandbox.target.recorder.note("JSON is written with white space, escapes or numbers of another spelling")


@clause("http.etag")
def test_an_answer_with_a_body_has_an_etag(sandbox: Sandbox) -> None:
    for answer in _samples(sandbox):
        etag = answer.headers.get("ETag", "")
        if not re.fullmatch(r'(W/)?"[^"]+"', etag):
            raise ClauseDiffers("http.etag", 'a text in quotes, as W/"..."', etag or "no ETag")
        digest = base64.b64encode(hashlib.sha1(answer.content, usedforsecurity=False).digest())[:27].decode()
        if etag != f'W/"{len(answer.content):x}-{digest}"':
            sandbox.target.recorder.note(_OTHER_ETAG)


@clause("http.no-content")
def test_a_204_has_nothing_in_it(sandbox: Sandbox) -> None:
    item = sandbox.new_item()
    answer = sandbox.call("DELETE", f"{sandbox.everything.path}/{item['id']}")
    assert answer.status_code == 204
    assert answer.content == b""
    assert "Content-Type" not in answer.headers
    assert answer.headers.get("Content-Length", "0") == "0"
    if answer.headers.get("ETag") != 'W/"a-bAsFyilMr4Ra1hIU5PyoyFRunpI"':
        sandbox.target.recorder.note(_OTHER_ETAG)


@clause("http.head")
def test_what_head_is_answered(sandbox: Sandbox, choice: Choices) -> None:
    answer = sandbox.call("HEAD", f"/collections/{sandbox.plain.id}")
    saw = {200: "as-get", 404: "unknown-route"}.get(answer.status_code)
    if answer.content or (saw == "as-get" and int(answer.headers.get("Content-Length", "0")) < 100):
        saw = None
    choice("http.head").record(saw, answer)


@clause("http.if-none-match")
def test_what_a_read_of_something_known_is_answered(sandbox: Sandbox, choice: Choices) -> None:
    path = f"/collections/{sandbox.plain.id}"
    whole = sandbox.call("GET", path)
    known = sandbox.call("GET", path, headers={"If-None-Match": whole.headers.get("ETag", "none")})
    saw = {(304, b""): "not-modified", (200, whole.content): "ignored"}.get((known.status_code, known.content))
    choice("http.if-none-match").record(saw, known)
