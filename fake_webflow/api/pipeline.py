"""How a request flows: receive, route, scripted fault, token, scope, rate limit, request shape, law, reply, journal.

The order of the refusals is itself a rule, ``requests.order``, and mostly a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ..conditions import ObservedCall
from ..exchange import NO_FAULT, ScriptedFault, Waits, finish, make_rate_refusal, run_exchange
from ..fake import Commit, Fake, State
from ..message import JsonBeyondBounds, Request, Response, parse_json
from ..openapi import body_schema
from ..openapi.shape import check_body, check_query, may_be_empty, shape_refusal
from ..rules import Problem, Refusal
from ..storage.calls import StorageSteps, is_storage_request
from ..world.addresses import EU_ORIGINS, addresses_for
from ..world.tokens import Token
from ..world.world import World
from . import render
from .call import Call, parse_field_id, parse_id
from .content_encoding import read_decoded
from .operations import Operation
from .router import BASE_PATH, NotSimulated, Route, find_route
from .webhooks import make_deliveries

LARGEST_BODY = 10 * 1024 * 1024
MOST_VALUES = 50_000
"""In one body: a hundred items with a hundred fields have a fifth of that."""


def answer(fake: Fake, request: Request) -> Response:
    """The answer to any request: of the API, of the upload target or of the file host.

    Raises:
        NetworkFault: A scripted fault, in place of an answer.
        Exception: A mistake of this fake's own. Nothing is changed by the request then.
    """
    return finish(begin_answer(fake, request))


def begin_answer(fake: Fake, request: Request) -> Waits[Response]:
    """The same, step by step, for transports that wait in a way of their own."""
    steps = StorageSteps(fake, request) if is_storage_request(request) else ApiSteps(fake, request)
    return run_exchange(fake, request, steps)


class ApiSteps:
    """One request to the API on its way."""

    def __init__(self, fake: Fake, request: Request) -> None:
        self._fake = fake
        self._request = request
        self._route: Route | None = None
        self._ids: dict[str, str] = {}
        self._token: Token | None = fake.state.world.tokens.get(request.bearer_token)
        self._rate = fake.state.rate
        self.operation = ""
        self.parameters: Mapping[str, str] = {}
        self.query: Mapping[str, str] = {}
        self.raw_body = b""
        self._query_pairs: Sequence[tuple[str, str]] = ()
        self.body: Any = None
        self.fault = NO_FAULT
        self.is_stubbed = False
        self.worlds: tuple[World, World] | None = None

    def prepare(self) -> None:
        """Finds the operation and the fault, and counts the request."""
        route = self._find_route()
        if self._token is not None and not (route and route.operation.bucket):
            self._count_request(self._token)
        if route is None:
            raise Refusal("errors.unknown-route", path=self._request.path.removeprefix(BASE_PATH))
        self.fault = ScriptedFault.take_next(self._fake, self._observe())

    def handle(self) -> Response:
        """The answer of the operation, if nothing comes before it; without its body where none is wanted."""
        response = self._answer()
        if self._request.method not in ("GET", "HEAD"):
            return response
        if self._fake.profile.http_if_none_match == "not-modified":
            response = render.omit_known_body(response, self._request.headers)
        return render.omit_body(response) if self._request.method == "HEAD" else response

    def _answer(self) -> Response:
        assert self._route is not None
        operation = self._route.operation
        token = self._authorize(operation)
        if isinstance(operation, NotSimulated):
            return self._add_rate_headers(self._answer_by_stub(operation))
        self._check_shape(operation)
        return self._add_rate_headers(self._carry_out(operation, token))

    def _answer_by_stub(self, operation: NotSimulated) -> Response:
        """What a test has answered in its place; the request is read for the journal, and checked by nothing.

        Raises:
            Refusal: There is nothing, or the body is too large.
        """
        if self._fake.state.stubs.scripts:
            self.query = dict(parse_qsl(self._request.query, keep_blank_values=True))
            self._read_body()
        stub = self._fake.take_stub(self._observe())
        if stub is None:
            raise Refusal("fake.not-simulated", method=operation.method, path=operation.path, name=operation.name)
        self.is_stubbed = True
        return render.render_stub(stub)

    def _read_body(self) -> None:
        """Reads the body, inflated.

        Raises:
            Refusal: It is too large, or cannot be inflated.
        """
        self.raw_body = read_decoded(self._request, LARGEST_BODY + 1)
        if len(self.raw_body) > LARGEST_BODY:
            raise Refusal("requests.body-too-large")

    def _observe(self) -> ObservedCall:
        return ObservedCall(self.operation, self._request.method, self._request.path, self.parameters)

    def render_refusal(self, refusal: Refusal) -> Response:
        """The refusal in Webflow's envelope."""
        is_item_patch = self._route is not None and self._route.operation.is_item_patch
        response = self._add_rate_headers(
            render.render_refusal(refusal, self._fake.profile, is_item_patch=is_item_patch)
        )
        return render.omit_body(response) if self._request.method == "HEAD" else response

    def _find_route(self) -> Route | None:
        method = self._request.method
        if method == "HEAD" and self._fake.profile.http_head == "as-get":
            method = "GET"
        self._route = route = find_route(method, self._request.path)
        if route is not None:
            self.operation, self.parameters = route.operation.name, route.parameters
        return route

    def _count_request(self, token: Token) -> None:
        """Counts the request; what it sees of the limit from then on is what others that come later do not change."""
        now = self._fake.state.clock.now
        counted = self._fake.change(lambda state: state._replace(rate=state.rate.count_request(token.token, now)))
        self._rate = counted.rate

    def _authorize(self, operation: Operation | NotSimulated) -> Token:
        token = self._token
        if token is None:
            raise Refusal("errors.not-authorized")
        if self._fake.profile.http_regions == "us" and self._request.origin in EU_ORIGINS:
            raise Refusal("errors.not-authorized", choice="http.regions")
        if operation.scope and operation.scope not in token.scopes:
            raise Refusal("errors.missing-scopes", scope=operation.scope)
        if not operation.bucket and self._rate.is_exceeded(token.token, self._fake.state.clock.now):
            raise make_rate_refusal(self._fake)
        return token

    def _check_shape(self, operation: Operation) -> None:
        for name, value in self.parameters.items():
            self._ids[name] = parse_field_id(value) if name == "field_id" else parse_id(value)
        problems: list[Problem] = []
        if self._request.query:
            self._query_pairs = pairs = parse_qsl(self._request.query, keep_blank_values=True)
            if self._fake.profile.requests_query_empty == "ignored":
                pairs = [(name, value) for name, value in pairs if value or name not in may_be_empty(operation.name)]
            self.query = dict(pairs)
            problems += check_query(operation.name, pairs)
        if operation.writes and body_schema(operation.name) is not None:
            self._read_body()
            self.body = _parse_json_body(self._request, self.raw_body)
            each_form = self._fake.profile.requests_shape_either_form == "every-form"
            problems += check_body(operation.name, self.body, each_form=each_form)
        if problems:
            raise shape_refusal(problems)

    def _carry_out(self, operation: Operation, token: Token) -> Response:
        if not operation.writes:
            return render.render_reply(operation.handler(self._make_call(token, self._fake.state)))

        def compute(state: State) -> Commit[Response]:
            call = self._make_call(token, state)
            reply = operation.handler(call)
            self.worlds = state.world, call.world  # of the last computation, which is the one that is committed
            deliveries = make_deliveries(call, self._fake.webhook_sender.why_not_sent)
            return Commit(call.world, call.clock, call.ids, render.render_reply(reply), deliveries)

        return self._fake.write(compute)

    def _make_call(self, token: Token, state: State) -> Call:
        return Call(
            parameters=self._ids,
            query=self.query,
            query_pairs=self._query_pairs,
            body=self.body,
            token=token,
            world=state.world,
            clock=state.clock,
            ids=state.ids,
            profile=self._fake.profile,
            addresses=addresses_for(self._request.origin, self._request.headers.get("host", "")),
            signing_key=self._fake.signing_key,
            rate_limited=state.rate.limit is not None,
        )

    def _add_rate_headers(self, response: Response) -> Response:
        if self._token is None and response.status != 429:
            return response
        if response.status == 501:
            # Not Webflow's answer (``fake.not-simulated``). SDKs repeat a 5xx, and would wait a minute for Retry-After
            # before they tell what it says.
            return response
        if response.status != 429 and self._fake.profile.rate_headers_on == "429-only":
            return response
        present = {name.lower() for name, _ in response.headers}
        if "x-ratelimit-reset" in present:
            return response  # a bucket of its own (``rate.site-publish``)
        # Without a known token only a script refuses with 429; its headers speak of a window that is just opened.
        token = self._token.token if self._token is not None else ""
        rate = self._rate.headers(token, self._fake.state.clock.now, is_refused=response.status == 429)
        headers = [*response.headers, *(line for line in rate if line[0].lower() not in present)]
        return Response(response.status, headers, response.body)


def _parse_json_body(request: Request, raw: bytes) -> Any:
    """The parsed body.

    Raises:
        Refusal: It is of another type, not JSON, or has too much in it.
    """
    if request.media_type != "application/json":
        raise Refusal("requests.content-type")
    try:
        return parse_json(raw, MOST_VALUES)
    except JsonBeyondBounds as error:
        raise Refusal("fake.json-bounds", has=str(error)) from None
    except orjson.JSONDecodeError:
        raise Refusal("requests.malformed-json") from None
