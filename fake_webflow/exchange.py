"""What scripted faults do to one request: before it is looked at, to its answer, and on the way back."""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep

from .conditions import Effect, ObservedCall, RateLimitAnswer
from .conditions.faults import ClauseAnswer, Delay, MalformedJson, NetworkFault, NetworkLoss, StatusAnswer
from .fake import Fake, State
from .message import Response
from .rules import Answer, Refusal

FAULT_HEADER = "X-Fake-Webflow-Fault"


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
        self._wait(fake, slow_body=False)
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
        if not self.effects:
            return response
        # The codes of faults are anybody's texts, and not all of them can stand in a header.
        headers = [*response.headers, (FAULT_HEADER, ascii(str(self))[1:-1])]
        body = response.body
        match self._main_effect:
            case RateLimitAnswer(None):
                headers = [line for line in headers if line[0] != "Retry-After"]
            case MalformedJson():
                body = body[:-1]
        return Response(response.status, headers, body)

    def apply_after(self, fake: Fake, response: Response) -> None:
        """What happens on the way back.

        Raises:
            NetworkFault: The answer does not arrive, or not whole.
        """
        self._wait(fake, slow_body=True)
        match self._main_effect:
            case NetworkLoss("truncated") if response.body:
                raise NetworkFault("truncated", response, len(response.body) // 2)
            case NetworkLoss("timeout" | "reset" as kind, True):
                raise NetworkFault(kind)

    @property
    def _main_effect(self) -> Effect | None:
        return next((effect for effect in self.effects if not isinstance(effect, Delay)), None)

    def _wait(self, fake: Fake, *, slow_body: bool) -> None:
        for effect in self.effects:
            if isinstance(effect, Delay) and effect.slow_body == slow_body:
                fake.advance(effect.seconds)
                if effect.real:
                    sleep(effect.seconds)

    def __str__(self) -> str:
        return ", ".join(map(str, self.effects))


NO_FAULT = ScriptedFault()


def make_rate_refusal(fake: Fake, retry_after: int | str | None = None) -> Refusal:
    """The refusal of a call too many; ``retry_after`` in place of the honest rest of the rate window."""
    message = fake.profile.rate_message
    return Refusal("rate.too-many-requests", choice="rate.message", message=message, retry_after=retry_after)
