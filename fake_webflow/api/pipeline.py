"""How a request flows: receive, route, scripted fault, token, scope, rate limit, request shape, law, reply, journal.

The order of the refusals is itself a rule, ``requests.order``, and mostly a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ..conditions import Called, Exchange
from ..conditions.faults import NetworkFault
from ..exchange import NO_FAULT, ScriptedFault, too_many_requests
from ..fake import Fake, State
from ..message import Request, Response
from ..openapi import body_schema
from ..openapi.shape import check_body, check_query, shape_refusal
from ..rules import Problem, Refusal
from ..storage.calls import answer_storage, is_storage
from ..webhooks.deliveries import Delivery
from ..world.addresses import addresses
from ..world.tokens import Token
from . import render
from .call import Call, checked_field_id, checked_id
from .operations import Operation
from .router import BASE, NotSimulated, Route, route
from .sites import publish_headers
from .webhooks import deliveries_of

LARGEST_BODY = 10 * 1024 * 1024
# The item updates whose errors were seen without ``externalReference`` (``errors.external-reference``).
_ITEM_PATCHES = frozenset(["items.update", "items.update-bulk", "live-items.update", "live-items.update-bulk"])


def answer(fake: Fake, request: Request) -> Response:
    """The answer to any request: of the API, of the upload target or of the file host.

    Raises:
        NetworkFault: A scripted fault, in place of an answer.
        Exception: A mistake of this fake's own. Nothing is changed by the request then.
    """
    return answer_storage(fake, request) if is_storage(request) else _Handling(fake, request).answer()


class _Handling:
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
            response = self._answered()
        except Refusal as raised:
            refusal = raised
            response = self._refused(raised)
        except NetworkFault:
            self._journal(None, None)
            raise
        except Exception:
            # What is raised here is what a transport answers with over the network, and raises in process.
            refusal = Refusal("errors.internal")
            self._journal(self._refused(refusal), refusal)
            raise
        response = self.fault.spoilt(self._with_rate_headers(response))
        self._journal(response, refusal)
        if self.fault is not NO_FAULT:
            self.fault.after(self.fake, response)
        return response._replace(body=b"") if self.request.method == "HEAD" else response

    def _answered(self) -> Response:
        self.route = route(self.request.method, self.request.path)
        if self.token is not None and not self._has_own_bucket:
            self._count(self.token)
        if self.route is None:
            raise Refusal("errors.unknown-route", path=self.request.path.removeprefix(BASE))
        self._scripted_fault(self.route)
        operation = self.route.operation
        token = self._authorized(operation)
        if isinstance(operation, NotSimulated):
            raise Refusal("fake.not-simulated", method=operation.method, path=operation.path, name=operation.name)
        self._check_shape(operation)
        if not operation.writes:
            return render.rendered(operation.handler(self._call(token, self.fake.state)))

        def computed(state: State) -> tuple[Callable[[State], State], tuple[Response, bool]]:
            call = self._call(token, state)
            reply = operation.handler(call)
            told = deliveries_of(call, self.fake.webhook_sender.not_sent)
            return partial(_committed, call=call, told=told), (render.rendered(reply), bool(told))

        response, is_told = self.fake.write(computed)
        if is_told:
            self.fake.webhook_sender.wake()
        return response

    @property
    def _has_own_bucket(self) -> bool:
        """Whether the request is a site publish, which uses nothing of the general bucket (``rate.site-publish``)."""
        return self.route is not None and self.route.operation.name == "sites.publish"

    def _count(self, token: Token) -> None:
        """Counts the request; what it sees of the limit from then on is what others that come later do not change."""
        now = self.fake.state.clock.now
        self.rate = self.fake.change(lambda state: state._replace(rate=state.rate.counted(token.token, now))).rate

    def _scripted_fault(self, route: Route) -> None:
        call = Called(route.operation.name, self.request.method, self.request.path)
        self.fault = ScriptedFault.next(self.fake, call)
        if self.fault is not NO_FAULT:
            self.fault.before(self.fake)

    def _authorized(self, operation: Operation | NotSimulated) -> Token:
        token = self.token
        if token is None:
            raise Refusal("errors.not-authorized")
        if isinstance(operation, Operation) and operation.scope and operation.scope not in token.scopes:
            raise Refusal("errors.missing-scopes", scope=operation.scope)
        if not self._has_own_bucket and self.rate.exceeded(token.token, self.fake.state.clock.now):
            raise too_many_requests(self.fake)
        return token

    def _check_shape(self, operation: Operation) -> None:
        assert self.route is not None
        for name, value in self.route.parameters.items():
            self.ids[name] = checked_field_id(value) if name == "field_id" else checked_id(value)
        problems: list[Problem] = []
        if self.request.query:
            pairs = parse_qsl(self.request.query, keep_blank_values=True)
            self.query = dict(pairs)
            problems += check_query(operation.name, pairs)
        if operation.writes and body_schema(operation.name) is not None:
            self.body = _json_body(self.request)
            problems += check_body(operation.name, self.body)
        if problems:
            raise shape_refusal(problems)

    def _call(self, token: Token, state: State) -> Call:
        return Call(
            parameters=self.ids,
            query=self.query,
            body=self.body,
            token=token,
            world=state.world,
            clock=state.clock,
            ids=state.ids,
            profile=self.fake.profile,
            addresses=addresses(self.request.origin),
            signing_key=self.fake.signing_key,
            rate_limited=state.rate.limit is not None,
        )

    def _refused(self, refusal: Refusal) -> Response:
        profile = self.fake.profile
        if refusal.clause == "errors.unknown-route" and profile.errors_unknown_route == "v1-style":
            return render.unknown_route(refusal)
        name = self.route.operation.name if self.route else ""
        leaves_out = profile.errors_external_reference == "absent-on-item-patch" and name in _ITEM_PATCHES
        response = render.refused(refusal, external_reference=not leaves_out)
        if refusal.clause == "rate.site-publish":
            response.headers.extend(publish_headers(int(str(refusal.values["reset"]))))
        if refusal.values.get("retry_after") is not None:
            response.headers.append(("Retry-After", str(refusal.values["retry_after"])))
        return response

    def _with_rate_headers(self, response: Response) -> Response:
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

    def _journal(self, response: Response | None, refusal: Refusal | None) -> None:
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


def _committed(state: State, *, call: Call, told: list[Delivery]) -> State:
    state = state._replace(world=call.world, clock=call.clock, ids=call.ids)
    return state._replace(deliveries=state.deliveries.added(told)) if told else state


def _json_body(request: Request) -> Any:
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
