"""Requests and answers as drifts handle them: values with the body read, and small changed copies of both."""

from __future__ import annotations

import base64
import functools
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from fake_webflow.api.router import find_route
from fake_webflow.client import JsonObject
from fake_webflow.message import Request, Response


class SentRequest(NamedTuple):
    """A request with its body read.

    Args:
        request: The request; its stream is at its end.
        body: What was in it.
    """

    request: Request
    body: bytes

    @classmethod
    def from_request(cls, request: Request) -> SentRequest:
        """The request, read."""
        return cls(request._replace(headers=dict(request.headers)), request.stream.read())

    @property
    def unread_request(self) -> Request:
        """The request, to be read anew."""
        return self.request._replace(stream=io.BytesIO(self.body))

    @property
    def operation(self) -> str:
        """The name of the API's operation; empty for uploads, files, and what is not an operation."""
        found = find_route(self.request.method, self.request.path)
        return found.operation.name if found else ""

    @property
    def path(self) -> str:
        """Its path."""
        return self.request.path

    @property
    def json(self) -> Any:
        """The parsed body, or an empty object where there is none that can be read as an object."""
        try:
            found = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of several of one name the last."""
        return dict(parse_qsl(self.request.query, keep_blank_values=True))

    @property
    def is_upload(self) -> bool:
        """Whether it posts a form to the bucket."""
        return self.request.method == "POST" and not self.path.startswith("/v2/") and b"Policy" in self.body

    @property
    def is_file(self) -> bool:
        """Whether it is for a file in the bucket or on the content delivery network."""
        return not self.path.startswith("/v2/") and not self.is_upload

    def with_query_changes(self, **changes: str | None) -> SentRequest:
        """The same with query parameters set, or taken out (None)."""
        return self.with_query({**self.query, **changes})

    def with_query(self, query: Mapping[str, str | None]) -> SentRequest:
        """The same with this query; parameters that are None are left out."""
        text = urlencode({name: value for name, value in query.items() if value is not None})
        return self._replace(request=self.request._replace(query=text))

    def with_json_body(self, body: Any) -> SentRequest:
        """The same with this JSON body."""
        headers = {**self.request.headers, "content-type": "application/json"}
        return SentRequest(self.request._replace(headers=headers), orjson.dumps(body))

    def make_request(self, method: str, path: str, body: Any = None, **query: str | None) -> SentRequest:
        """Another request of the same client to the same API."""
        headers = {
            name: self.request.headers[name] for name in ("authorization", "host") if name in self.request.headers
        }
        sent = SentRequest(self.request._replace(method=method, path=path, headers=headers), b"").with_query(query)
        return sent if body is None else sent.with_json_body(body)

    def make_url_request(self, method: str, url: str) -> SentRequest:
        """A request of nobody in particular to any address."""
        parts = urlsplit(url)
        return SentRequest(
            Request(method, f"{parts.scheme}://{parts.netloc}", parts.path, "", {"host": parts.netloc}, io.BytesIO()),
            b"",
        )


def field_data_of(body: JsonObject) -> list[JsonObject]:
    """Every field data of a body that creates or changes items."""
    own = body.get("fieldData")
    several = body.get("items") if isinstance(body.get("items"), list) else []
    found = [*(own if isinstance(own, list) else [own])]
    found += [one.get("fieldData") for one in several or [] if isinstance(one, dict)]
    return [data for data in found if isinstance(data, dict)]


AskApi = Callable[[SentRequest], Response]
"""Asks the API behind the drift, as often as the drift wants."""
AnswerChange = Callable[[SentRequest, AskApi], Response]
"""From a request, and the API as it was, to the changed API's answer."""


def is_done(answer: Response) -> bool:
    """Whether the answer does what was asked."""
    return answer.status < 300


def read_json(answer: Response) -> Any:
    """The answer's JSON, or None."""
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None


def make_etag(body: bytes) -> str:
    """The ETag Webflow gives a body: its length in hex, and the first 27 characters of its SHA-1 in base64."""
    digest = base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest())[:27].decode()
    return f'W/"{len(body):x}-{digest}"'


def with_json(answer: Response, value: Any, *, status: int | None = None) -> Response:
    """The same answer with this JSON in it, and the ETag Webflow would give it."""
    body = value if isinstance(value, bytes) else orjson.dumps(value)
    changed = with_header(answer._replace(body=body), "Content-Type", "application/json; charset=utf-8")
    changed = with_header(changed, "ETag", make_etag(body))
    return changed if status is None else changed._replace(status=status)


def make_refusal(answer: Response, status: int, code: str, message: str, details: list[Any] | None = None) -> Response:
    """A refusal in Webflow's envelope, with the other answer's headers."""
    body = {"message": message, "code": code, "externalReference": None, "details": details or []}
    return with_json(answer, body, status=status)


def make_no_content(answer: Response) -> Response:
    """A 204 in Webflow's form, with the other answer's headers."""
    bare = without_headers(answer, "Content-Type")
    return with_header(bare, "ETag", make_etag(b"No Content"))._replace(status=204, body=b"")


def get_header(answer: Response, name: str) -> str | None:
    """A header's value, or None."""
    return next((value for known, value in answer.headers if known.lower() == name.lower()), None)


def without_headers(answer: Response, *names: str) -> Response:
    """The same without these headers."""
    gone = {name.lower() for name in names}
    return answer._replace(headers=[line for line in answer.headers if line[0].lower() not in gone])


def with_header(answer: Response, name: str, value: str) -> Response:
    """The same with this header, in the place of its like."""
    if get_header(answer, name) is None:
        return answer._replace(headers=[*answer.headers, (name, value)])
    lines = [(known, value if known.lower() == name.lower() else old) for known, old in answer.headers]
    return answer._replace(headers=lines)


def iterate_objects(value: Any) -> Iterator[JsonObject]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from iterate_objects(part)


def iterate_objects_with(key: str, answer: Any) -> Iterator[JsonObject]:
    """Every object of a JSON value that has the key."""
    return (found for found in iterate_objects(answer) if key in found)


def iterate_items(value: Any) -> Iterator[JsonObject]:
    """Every item of a JSON value."""
    return iterate_objects_with("fieldData", value)


JsonChange = Callable[[Any], Any]
"""Changes a JSON value in place, or answers another."""


def in_answers(*operations: str) -> Callable[[JsonChange], AnswerChange]:
    """Makes a drift's function of one that changes the JSON of the answers that do what was asked.

    Args:
        operations: To which operations; to all by default. A family with a dot at its end stands for all of it.
            The function gets the parsed JSON, which it may change in place, or answers other JSON.
    """

    def decorate(change: JsonChange) -> AnswerChange:
        @functools.wraps(change)
        def changed_api(sent: SentRequest, ask: AskApi) -> Response:
            answer = ask(sent)
            if not is_done(answer) or not answer.body or not is_operation(sent, operations):
                return answer
            value = read_json(answer)
            if value is None:
                return answer
            replacement = change(value)
            return with_json(answer, value if replacement is None else replacement)

        return changed_api

    return decorate


def in_refusals(*codes: str) -> Callable[[JsonChange], AnswerChange]:
    """The same for refusals, of these codes or of all."""

    def decorate(change: JsonChange) -> AnswerChange:
        @functools.wraps(change)
        def changed_api(sent: SentRequest, ask: AskApi) -> Response:
            answer = ask(sent)
            value = None if is_done(answer) else read_json(answer)
            if value is None or "message" not in value or (codes and value["code"] not in codes):
                return answer
            replacement = change(value)
            return with_json(answer, value if replacement is None else replacement)

        return changed_api

    return decorate


def is_operation(sent: SentRequest, operations: tuple[str, ...]) -> bool:
    """Whether a request is for one of these operations (or their families); without any, whether it is for the API."""
    name = sent.operation
    return bool(name) and (
        not operations or any(name == one or (one[-1] == "." and name.startswith(one)) for one in operations)
    )


def is_refusal(answer: Response, status: int, part: str = "") -> bool:
    """Whether an answer refuses with that status, and that in its message."""
    value = read_json(answer) if answer.status == status else None
    return isinstance(value, dict) and part in str(value.get("message"))


def list_all_items(sent: SentRequest, ask: AskApi, **query: str) -> list[JsonObject]:
    """Every item that a listing finds, over all its pages.

    Args:
        sent: The request whose path is listed.
        ask: The API.
        query: The query, without limit and offset.
    """
    found: list[JsonObject] = []
    while True:
        page = read_json(ask(sent.make_request("GET", sent.path, limit="100", offset=str(len(found)), **query)))
        found += page["items"]
        if not page["items"] or len(found) >= page["pagination"]["total"]:
            return found


def paginate(answer: Response, records: list[JsonObject]) -> Response:
    """A listing's answer with the page of these records that was asked for."""
    pagination = read_json(answer)["pagination"]
    start, limit = pagination["offset"], pagination["limit"]
    page = {"items": records[start : start + limit], "pagination": {**pagination, "total": len(records)}}
    return with_json(answer, page)
