"""Changes that no client can depend on: nobody may call them a difference. They are facts of the target.

The HTTP and the JSON are of another make and say the same. Each keeps the API's ETags, so that a read by what the
client has already works as before.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from typing import Any

from fake_webflow.message import Response

from .drift import drift
from .exchange import AnswerChange, AskApi, SentRequest, get_header, read_json, with_header, without_headers

_NUMBER = re.compile(rb'("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)')


def _of_the_api(change: Callable[[Response], Response]) -> AnswerChange:
    """A change of every answer of the API, the bucket and the files left alone."""

    def changed_api(sent: SentRequest, ask: AskApi) -> Response:
        answer = ask(sent)
        return change(answer) if sent.path.startswith("/v2/") else answer

    changed_api.__name__, changed_api.__doc__ = change.__name__, change.__doc__
    return changed_api


def _rewritten(answer: Response, write: Callable[[Any], bytes]) -> Response:
    value = read_json(answer) if answer.body else None
    return answer if value is None else answer._replace(body=write(value))


@drift("header")
@_of_the_api
def headers_nobody_knows(answer: Response) -> Response:
    """Answers have headers that no clause names."""
    return answer._replace(headers=[("X-Request-Id", "req-1"), *answer.headers, ("X-Wf-Region", "eu")])


@drift("header")
@_of_the_api
def headers_in_small_letters(answer: Response) -> Response:
    """The names of headers are in small letters."""
    return answer._replace(headers=[(name.lower(), value) for name, value in answer.headers])


@drift("header")
@_of_the_api
def headers_in_another_order(answer: Response) -> Response:
    """Headers come in the order of their names."""
    return answer._replace(headers=sorted(answer.headers))


@drift("header")
@_of_the_api
def no_charset(answer: Response) -> Response:
    """JSON is declared without a charset."""
    return with_header(answer, "Content-Type", "application/json") if answer.body else answer


@drift("header")
@_of_the_api
def the_charset_in_capitals(answer: Response) -> Response:
    """JSON is declared with the charset UTF-8, in capitals."""
    return with_header(answer, "Content-Type", "application/json;charset=UTF-8") if answer.body else answer


@drift("header")
def etags_are_made_otherwise(sent: SentRequest, ask: AskApi) -> Response:
    """ETags are strong, and have a sign of their own before them."""
    if not sent.path.startswith("/v2/"):
        return ask(sent)
    headers = {
        name: value.replace('"wf.', 'W/"') if name.lower() == "if-none-match" else value
        for name, value in sent.request.headers.items()
    }
    answer = ask(sent._replace(request=sent.request._replace(headers=headers)))
    etag = get_header(answer, "ETag")
    return with_header(answer, "ETag", etag.replace('W/"', '"wf.')) if etag else answer


@drift("body")
@_of_the_api
def keys_in_another_order(answer: Response) -> Response:
    """The keys of objects come in the order of the alphabet."""
    return _rewritten(
        answer, lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


@drift("body")
@_of_the_api
def json_with_white_space(answer: Response) -> Response:
    """JSON is indented."""
    return _rewritten(answer, lambda value: json.dumps(value, indent=2, ensure_ascii=False).encode())


@drift("body")
@_of_the_api
def json_in_ascii(answer: Response) -> Response:
    r"""JSON is written in ASCII, all other letters as \uXXXX."""
    return _rewritten(answer, lambda value: json.dumps(value, separators=(",", ":")).encode())


@drift("body")
@_of_the_api
def numbers_are_spelt_otherwise(answer: Response) -> Response:
    """Whole numbers are written with a fraction: 100.0 for 100."""

    def spell(match: re.Match[bytes]) -> bytes:
        number = match[2]
        return match[0] if number is None or b"." in number else number + b".0"

    return answer._replace(body=_NUMBER.sub(spell, answer.body))


@drift("header")
def json_is_compressed(sent: SentRequest, ask: AskApi) -> Response:
    """JSON is compressed, since clients say that they take it so."""
    answer = ask(sent)
    accepted = {name.lower(): value for name, value in sent.request.headers.items()}.get("accept-encoding", "")
    if not sent.path.startswith("/v2/") or not answer.body or "gzip" not in accepted:
        return answer
    packed = without_headers(answer, "Content-Length")._replace(body=gzip.compress(answer.body, 1))
    return with_header(packed, "Content-Encoding", "gzip")
