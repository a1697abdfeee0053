"""How a request flows: receive, route, scripted fault, token, scope, rate limit, request shape, law, reply, journal.

The order of the refusals is itself a rule, ``requests.order``, and mostly a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ..conditions import Exchange, ObservedCall
from ..conditions.faults import NetworkFault
from ..exchange import NO_FAULT, ScriptedFault, make_rate_refusal
from ..fake import Fake, State
from ..message import Request, Response
from ..openapi import body_schema
from ..openapi.shape import check_body, check_query, shape_refusal
from ..rules import Problem, Refusal
from ..storage.calls import answer_storage, is_storage_request
from ..webhooks.deliveries import Delivery
from ..world.addresses import addresses_for
from ..world.tokens import Token
from . import render
from .call import Call, parse_field_id, parse_id
from .operations import Operation
from .router import BASE_PATH, NotSimulated, Route, find_route
from .sites import publish_headers
from .webhooks import make_deliveries

LARGEST_BODY = 10 * 1024 * 1024
# The item updates whose errors were seen without ``externalReference`` (``errors.external-reference``).
_ITEM_PATCHES = frozenset(["items.update", "items.update-bulk", "live-items.update", "live-items.update-bulk"])


def answer(fake: Fake, request: Request) -> Response:
    """The answer to any request: of the API, of the upload target or of the file host.

    Raises:
        NetworkFault: A scripted fault, in place of an answer.
        Exception: A mistake of this fake's own. Nothing is changed by the request then.
    """
    return answer_storage(fake, request) if is_storage_request(request) else _RequestHandler(fake, request).answer()


class _RequestHandler:
    """One request to the API on its way; what is learnt of it on the way goes into the journal."""

    def __init__(self, fake: Fake, request: Request) -> None:
        self.fake = fake
        self.request = request
        self.route: Route | None = None
        self.ids: dict[str, str] = {}
        self.query: Mapping[str, str] = {}
        self.body: Any = None
        self.token: Token | None = fake.state.world.tokens.get(request.bearer_token)
        self.rate = fake.state.rate
        self.fault = NO_FAULT

    def answer(self) -> Response:
        refusal: Refusal | None = None
        try:
            response = self._handle()
        except Refusal as raised:
            refusal = raised
            response = self._render_refusal(raised)
        except NetworkFault:
            self._record_exchange(None, None)
            raise
        except Exception:
            # What is raised here is what a transport answers with over the network, and raises in process.
            refusal = Refusal("errors.internal")
            self._record_exchange(self._render_refusal(refusal), refusal)
            raise
        response = self.fault.apply_to_response(self._add_rate_headers(response))
        self._record_exchange(response, refusal)
        if self.fault is not NO_FAULT:
            self.fault.apply_after(self.fake, response)
        return response._replace(body=b"") if self.request.method == "HEAD" else response

    def _handle(self) -> Response:
        self.route = find_route(self.request.method, self.request.path)
        if self.token is not None and not self._has_own_bucket:
            self._count_request(self.token)
        if self.route is None:
            raise Refusal("errors.unknown-route", path=self.request.path.removeprefix(BASE_PATH))
        self._apply_fault(self.route)
        operation = self.route.operation
        token = self._authorize(operation)
        if isinstance(operation, NotSimulated):
            raise Refusal("fake.not-simulated", method=operation.method, path=operation.path, name=operation.name)
        self._check_shape(operation)
        if not operation.writes:
            return render.render_reply(operation.handler(self._make_call(token, self.fake.state)))

        def compute(state: State) -> tuple[Callable[[State], State], tuple[Response, bool]]:
            call = self._make_call(token, state)
            reply = operation.handler(call)
            deliveries = make_deliveries(call, self.fake.webhook_sender.why_not_sent)
            return partial(_commit, call=call, deliveries=deliveries), (render.render_reply(reply), bool(deliveries))

        response, has_deliveries = self.fake.write(compute)
        if has_deliveries:
            self.fake.webhook_sender.wake()
        return response

    @property
    def _has_own_bucket(self) -> bool:
        """Whether the request is a site publish, which uses nothing of the general bucket (``rate.site-publish``)."""
        return self.route is not None and self.route.operation.name == "sites.publish"

    def _count_request(self, token: Token) -> None:
        """Counts the request; what it sees of the limit from then on is what others that come later do not change."""
        now = self.fake.state.clock.now
        self.rate = self.fake.change(lambda state: state._replace(rate=state.rate.count_request(token.token, now))).rate

    def _apply_fault(self, route: Route) -> None:
        call = ObservedCall(route.operation.name, self.request.method, self.request.path)
        self.fault = ScriptedFault.take_next(self.fake, call)
        if self.fault is not NO_FAULT:
            self.fault.apply_before(self.fake)

    def _authorize(self, operation: Operation | NotSimulated) -> Token:
        token = self.token
        if token is None:
            raise Refusal("errors.not-authorized")
        if isinstance(operation, Operation) and operation.scope and operation.scope not in token.scopes:
            raise Refusal("errors.missing-scopes", scope=operation.scope)
        if not self._has_own_bucket and self.rate.is_exceeded(token.token, self.fake.state.clock.now):
            raise make_rate_refusal(self.fake)
        return token

    def _check_shape(self, operation: Operation) -> None:
        assert self.route is not None
        for name, value in self.route.parameters.items():
            self.ids[name] = parse_field_id(value) if name == "field_id" else parse_id(value)
        problems: list[Problem] = []
        if self.request.query:
            pairs = parse_qsl(self.request.query, keep_blank_values=True)
            self.query = dict(pairs)
            problems += check_query(operation.name, pairs)
        if operation.writes and body_schema(operation.name) is not None:
            self.body = _read_json_body(self.request)
            problems += check_body(operation.name, self.body)
        if problems:
            raise shape_refusal(problems)

    def _make_call(self, token: Token, state: State) -> Call:
        return Call(
            parameters=self.ids,
            query=self.query,
            body=self.body,
            token=token,
            world=state.world,
            clock=state.clock,
            ids=state.ids,
            profile=self.fake.profile,
            addresses=addresses_for(self.request.origin),
            signing_key=self.fake.signing_key,
            rate_limited=state.rate.limit is not None,
        )

    def _render_refusal(self, refusal: Refusal) -> Response:
        profile = self.fake.profile
        if refusal.clause == "errors.unknown-route" and profile.errors_unknown_route == "v1-style":
            return render.render_unknown_route(refusal)
        name = self.route.operation.name if self.route else ""
        leaves_out = profile.errors_external_reference == "absent-on-item-patch" and name in _ITEM_PATCHES
        response = render.render_refusal(refusal, external_reference=not leaves_out)
        if refusal.clause == "rate.site-publish":
            response.headers.extend(publish_headers(int(str(refusal.values["reset"]))))
        if refusal.values.get("retry_after") is not None:
            response.headers.append(("Retry-After", str(refusal.values["retry_after"])))
        return response

    def _add_rate_headers(self, response: Response) -> Response:
        if self.token is None and response.status != 429:
            return response
        if response.status == 501:
            # Not Webflow's answer (``fake.not-simulated``). SDKs repeat a 5xx, and would wait a minute for Retry-After
            # before they tell what it says.
            return response
        if response.status != 429 and self.fake.profile.rate_headers_on == "429-only":
            return response
        present = {name for name, _ in response.headers}
        if "X-RateLimit-Reset" in present:
            return response  # a bucket of its own (``rate.site-publish``)
        # Without a known token only a script refuses with 429; its headers speak of a window that is just opened.
        rate = self.rate.headers(self.token.token if self.token is not None else "", self.fake.state.clock.now)
        headers = [*response.headers, *(line for line in rate if line[0] not in present)]
        return Response(response.status, headers, response.body)

    def _record_exchange(self, response: Response | None, refusal: Refusal | None) -> None:
        self.fake.journal.append(
            Exchange(
                instant=self.fake.state.clock.now,
                method=self.request.method,
                path=self.request.path,
                query=self.query,
                operation=self.route.operation.name if self.route else "",
                parameters=self.route.parameters if self.route else {},
                body=self.body,
                status=response.status if response is not None else 0,
                clauses=refusal.clauses if refusal else (),
                message=refusal.answer.message if refusal else "",
                problems=tuple(str(one) for one in refusal.problems if one.param) if refusal else (),
                fault=str(self.fault),
            )
        )


def _commit(state: State, *, call: Call, deliveries: list[Delivery]) -> State:
    state = state._replace(world=call.world, clock=call.clock, ids=call.ids)
    return state._replace(deliveries=state.deliveries.add(deliveries)) if deliveries else state


def _read_json_body(request: Request) -> Any:
    """The parsed body.

    Raises:
        Refusal: It is too large, of another type, or no JSON object.
    """
    raw = request.stream.read(LARGEST_BODY + 1)
    if len(raw) > LARGEST_BODY:
        raise Refusal("requests.body-too-large")
    if request.media_type != "application/json":
        raise Refusal("requests.content-type")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refusal("requests.malformed-json") from None
