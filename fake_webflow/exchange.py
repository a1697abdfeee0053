"""One request to the API or to the storage: it is answered, a scripted fault does its part, and the journal says so."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import islice
from math import inf
from time import perf_counter, sleep
from typing import Protocol, TypeVar

from .conditions import Effect, Exchange, ObservedCall, RateLimitAnswer
from .conditions.faults import ClauseAnswer, Delay, MalformedJson, NetworkFault, NetworkLoss, StatusAnswer
from .conditions.journal import LONGEST_HEAD, NO_BODY, NO_CHANGES, KeptBody, KeptChanges
from .errors import StateFileError
from .fake import Fake, State
from .message import Request, Response
from .rules import Answer, Refusal
from .world.changes import find_changed_records
from .world.instants import LATEST
from .world.world import World

_Result = TypeVar("_Result")
Waits = Generator[float, None, _Result]
"""Something on its way to a result: it yields the seconds that it is to be left alone for, since only a transport knows
how its library waits."""
FAULT_HEADER = "X-Fake-Webflow-Fault"
_SECRET = re.compile(
    "(?:.*-)?(?:auth|authorization|cookie|credentials?|passw(?:or)?d|pwd|sig|signature)|.*(?:api-?key|secret|token)"
    "|x-fake-webflow-control"
)
_NOT_KEPT = "(not kept)"
_MOST_PROBLEMS, _LONGEST_PROBLEM = 100, 1000


class ScriptedRefusal(Refusal):
    """A refusal that no clause states: a fault was told to answer so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("")
        self._answer = answer

    @property
    def answer(self) -> Answer:
        """Status, code and message as the fault was told."""
        return self._answer


@dataclass(frozen=True, slots=True)
class ScriptedFault:
    """What happens to one request; nothing, as a rule."""

    effects: tuple[Effect, ...] = ()

    @classmethod
    def take_next(cls, fake: Fake, call: ObservedCall) -> ScriptedFault:
        """Counts the call, and says what happens to it."""
        if not fake.state.faults.scripts:
            return NO_FAULT
        hitting: list[tuple[Effect, ...]] = []

        def count(state: State) -> State:
            faults, effects = state.faults.count_call(call, state.ids.seed)
            hitting.append(effects)
            return state._replace(faults=faults)

        fake.change(count)
        return cls(hitting[-1]) if hitting[-1] else NO_FAULT

    def apply_before(self, fake: Fake) -> None:
        """What happens to the request before anyone looks at it.

        Raises:
            Refusal: It is answered by the fault.
            NetworkFault: It is lost before anything was done.
        """
        match self._main_effect:
            case ClauseAnswer(clause, values):
                raise Refusal(clause, **values)
            case StatusAnswer(status, code, message):
                raise ScriptedRefusal(Answer(status, code, message))
            case RateLimitAnswer(retry_after):
                raise make_rate_refusal(fake, retry_after=None if retry_after == "honest" else retry_after)
            case NetworkLoss("timeout" | "reset" as kind, False):
                raise NetworkFault(kind)

    def apply_to_response(self, response: Response) -> Response:
        """The answer as the fault leaves it, with a header that says so."""
        # The codes of faults are anybody's texts, and not all of them can stand in a header.
        headers = [*response.headers, (FAULT_HEADER, ascii(str(self))[1:-1])]
        body = response.body
        match self._main_effect:
            case RateLimitAnswer(None):
                headers = [line for line in headers if line[0] != "Retry-After"]
            case MalformedJson():
                body = body[:-1]
        return Response(response.status, headers, body)

    def apply_after(self, response: Response) -> None:
        """What happens on the way back.

        Raises:
            NetworkFault: The answer does not arrive, or not whole.
        """
        match self._main_effect:
            case NetworkLoss("truncated") if response.body:
                raise NetworkFault("truncated", response, len(response.body) // 2)
            case NetworkLoss("timeout" | "reset" as kind, True):
                raise NetworkFault(kind)

    @property
    def _main_effect(self) -> Effect | None:
        return next((effect for effect in self.effects if not isinstance(effect, Delay)), None)

    def take_time(self, fake: Fake, timeout: float | None, *, slow_body: bool) -> Waits[None]:
        """What it delays, before the request is looked at or (``slow_body``) on the way back.

        Args:
            fake: Whose clock moves on.
            timeout: Seconds that the client waits; None for ever.
            slow_body: Which of the two.

        Raises:
            NetworkFault: It is longer, and real.
        """
        left = inf if timeout is None else timeout
        for effect in self.effects:
            if not isinstance(effect, Delay) or effect.slow_body != slow_body:
                continue
            seconds = min(effect.seconds, left) if effect.real else effect.seconds
            if fake.state.clock.frozen or not effect.real:  # a running clock moves on by itself
                fake.advance(min(seconds, max(LATEST - fake.state.clock.now, 0) / 1000))
            if effect.real:
                yield seconds
                left -= seconds
                if seconds < effect.seconds:
                    raise NetworkFault("timeout")

    def __str__(self) -> str:
        return ", ".join(map(str, self.effects))


NO_FAULT = ScriptedFault()


def make_rate_refusal(fake: Fake, retry_after: int | str | None = None) -> Refusal:
    """The refusal of a call too many; ``retry_after`` in place of the honest rest of the rate window."""
    message = fake.profile.rate_message
    headers = [] if retry_after is None else [("Retry-After", str(retry_after))]
    return Refusal("rate.too-many-requests", choice="rate.message", headers=headers, message=message)


class RequestSteps(Protocol):
    """What is particular to one request, and what was learnt of it so far.

    Attributes:
        operation: Its name; empty where no operation has that route.
        parameters: What stands in its path, by name.
        query: By name.
        raw_body: Its body, if it was read to be parsed.
        fault: What a script does to it.
        is_stubbed: Whether a stub answers it.
        worlds: Before and after what it wrote; None where it wrote nothing.
    """

    operation: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    raw_body: bytes
    fault: ScriptedFault
    is_stubbed: bool
    worlds: tuple[World, World] | None

    def prepare(self) -> None:
        """Finds out which operation it is for, and the fault.

        Raises:
            Refusal: There is no such operation.
        """

    def handle(self) -> Response:
        """The answer.

        Raises:
            Refusal: It is a no.
            NetworkFault: A scripted fault, in place of an answer.
        """

    def render_refusal(self, refusal: Refusal) -> Response:
        """The answer that a refusal is."""


def finish(waits: Waits[_Result]) -> _Result:
    """The result, after this thread has slept as long as it takes."""
    try:
        while True:
            sleep(next(waits))
    except StopIteration as done:
        result: _Result = done.value
        return result
    finally:
        waits.close()


def run_exchange(fake: Fake, request: Request, steps: RequestSteps) -> Waits[Response]:
    """Answers a request, and journals it exactly once, however it ends: also where the client gives up while it waits.

    Raises:
        NetworkFault: A scripted fault, in place of an answer.
        Exception: A mistake of this fake's own. Nothing is changed by the request then.
    """
    started = perf_counter()
    response: Response | None = None
    refusal: Refusal | None = None
    try:
        steps.prepare()
        if steps.fault is not NO_FAULT:
            yield from steps.fault.take_time(fake, request.timeout, slow_body=False)
            steps.fault.apply_before(fake)
        response = steps.handle()
    except Refusal as raised:
        refusal = raised
        response = steps.render_refusal(raised)
    except StateFileError as error:
        refusal = Refusal("fake.state-file", reason=str(error))
        response = steps.render_refusal(refusal)
    except NetworkFault:
        raise
    except Exception:
        # What is raised here is what a transport answers with over the network, and raises in process.
        refusal = Refusal("errors.internal")
        raise
    finally:
        if response is not None and steps.fault is not NO_FAULT:
            response = steps.fault.apply_to_response(response)
        milliseconds = (perf_counter() - started) * 1000
        exchange = _describe_exchange(fake, request, steps, response, refusal, milliseconds)
        fake.journal.append(exchange)
        if fake.on_exchange is not None:
            fake.on_exchange(exchange, milliseconds)
    if steps.fault is not NO_FAULT:
        yield from steps.fault.take_time(fake, request.timeout, slow_body=True)
        steps.fault.apply_after(response)
    return response


def _describe_exchange(
    fake: Fake,
    request: Request,
    steps: RequestSteps,
    response: Response | None,
    refusal: Refusal | None,
    milliseconds: float,
) -> Exchange:
    refused = refusal.answer if refusal is not None else None
    answered = refused or response
    problems = (str(one) for one in refusal.problems if one.param) if refusal is not None else ()
    request_headers = _hide_secrets(request.headers, request.bearer_token)
    exchange = Exchange(
        number=0,  # the journal knows
        instant=fake.state.clock.now,
        method=request.method,
        path=request.path,
        query=_hide_secrets(steps.query, request.bearer_token) if steps.query else steps.query,
        operation=steps.operation,
        parameters=steps.parameters,
        status=answered.status if answered is not None else 0,
        clauses=refusal.clauses if refusal is not None else (),
        message=refused.message if refused is not None else "",
        problems=tuple(one[:_LONGEST_PROBLEM] for one in islice(problems, _MOST_PROBLEMS)),
        fault=str(steps.fault),
        stubbed=steps.is_stubbed,
        request_headers=request_headers,
        response_headers=dict(response.headers) if response is not None else {},
        kept_request=KeptBody(steps.raw_body) if steps.raw_body else NO_BODY,
        kept_answer=_keep_answer(request, response) if response is not None and response.body else NO_BODY,
        milliseconds=milliseconds,
        changes=KeptChanges(*find_changed_records(*steps.worlds)) if steps.worlds and refusal is None else NO_CHANGES,
    )
    size = len(request.query) + exchange.count_head()
    return exchange if size <= LONGEST_HEAD else exchange.shorten_head()


def _hide_secrets(values: Mapping[str, str], token: str) -> dict[str, str]:
    """The headers or the query without the values whose names speak of a secret, and without the token in any."""
    return {
        name: _NOT_KEPT if _is_secret(name) else value.replace(token, _NOT_KEPT) if token else value
        for name, value in values.items()
    }


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _SECRET.fullmatch(name.lower().replace("_", "-")) is not None


def _keep_answer(request: Request, response: Response) -> KeptBody:
    """The answer's body, without the token that the bucket quotes to whoever sent it (``upload.authorization``)."""
    authorization = request.headers.get("authorization", "")
    if response.status < 400 or not authorization:
        return KeptBody(response.body)
    return KeptBody(
        response.body.replace(escape(authorization, quote=False).encode("utf-8", "replace"), _NOT_KEPT.encode())
    )
