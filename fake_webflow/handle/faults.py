"""``fake_webflow.faults``: which of the coming calls go wrong, and how.

>>> fake_webflow.faults.on("items.create", nth=2).timeout_after()
>>> fake_webflow.faults.on(every=5).too_many_requests(retry_after=1)
>>> fake_webflow.faults.on(method="GET", path="/v2/collections/*").delay(3).reset_before()
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import inf
from typing import Any, Self

from ..api.operations import OPERATIONS
from ..conditions import CallCondition, Effect, Fault, RateLimitAnswer
from ..conditions.faults import ClauseAnswer, Delay, MalformedJson, NetworkLoss, RetryAfter, StatusAnswer
from ..errors import IdleFault
from ..fake import Fake
from ..message import REASONS
from ..rules import Refusal, find_clause
from ..wording import is_whole_number, suggest
from .names import FILE_OPERATIONS, list_operation_names, match_operations, read_path_params

__tracebackhide__ = True  # an error of a test is shown where the test is, not in here
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
# What a status says in Webflow's envelope where a test does not say it.
_USUAL_CLAUSES: Mapping[int, str] = {
    400: "requests.malformed-json",
    401: "errors.not-authorized",
    403: "errors.forbidden",
    404: "items.not-found",
    500: "errors.internal",
    503: "errors.service-unavailable",
}
# As S3 answered, word for word: InternalError in github.com/onnela-lab/beiwe-backend/issues/36, RequestTimeout in
# github.com/aws/aws-sdk-java/issues/1542, SlowDown in github.com/pingcap/tiflash/issues/10538, AccessDenied as in the
# clauses of files and uploads. Of ServiceUnavailable there is its status and this description, among the codes in
# docs.aws.amazon.com/AmazonS3/latest/API/API_Error.html; that the message is the same is a guess.
_S3_ERRORS: Mapping[str, tuple[int, str]] = {
    "AccessDenied": (403, "Access Denied"),
    "InternalError": (500, "We encountered an internal error. Please try again."),
    "RequestTimeout": (
        400,
        "Your socket connection to the server was not read from or written to within the timeout period. "
        "Idle connections will be closed.",
    ),
    "ServiceUnavailable": (503, "Service is unable to handle request."),
    "SlowDown": (503, "Please reduce your request rate."),
}


def idle_fault(begun: Iterable[str]) -> IdleFault:
    """The error of faults that were begun, as by ``faults.on("items.create")``, and never told what happens.

    Args:
        begun: Where each such fault was begun, and for which calls.
    """
    effects = [name for name in vars(NewFault) if name != "stop" and not name.startswith("_")]
    return IdleFault(
        f"a fault was begun and never told what happens, so nothing did: {'; '.join(begun)}. "
        f'Say it in the same breath, as faults.on("items.create").respond(500); choose one of: {", ".join(effects)}.'
    )


class FakeFaults:
    """The faults of one fake. Each counts the calls its condition looks at; the counts belong to the state.

    Args:
        find: Gives the fake.
        unfinished: Gets the faults that are begun and have not said yet what happens, each with where it was begun;
            left out, nobody asks for them.
    """

    def __init__(self, find: Callable[[], Fake], unfinished: dict[NewFault, str] | None = None) -> None:
        self._find = find
        self._unfinished = {} if unfinished is None else unfinished

    def on(
        self,
        *operations: str,
        method: str = "",
        path: str = "",
        path_params: Mapping[str, str] | None = None,
        nth: int | None = None,
        every: int | None = None,
        first: int | None = None,
        probability: float | None = None,
    ) -> NewFault:
        """Begins a fault for some of the coming calls: say what is to happen to them by the result's methods.

        Args:
            operations: Names as ``items.create``, or patterns of them as ``items.*``; none for every call to the API.
                ``files.upload`` and ``files.read`` are the upload target and the file host.
            method: Calls with this method.
            path: Calls whose path is like this pattern, as ``/v2/collections/*/items``; ``*`` is any text.
            path_params: Calls with these parts in their paths, by the names of the operations' parameters, as
                ``{"item_id": item.id}``.
            nth: That call alone, counted from 1.
            every: Every Nth call: 5 means the 5th, the 10th, ...
            first: That many calls at most.
            probability: Each call with that probability, from 0 to 1. The seed decides which.

        Raises:
            ValueError: An operation, method or parameter that is not there, or a path or numbers that hit nothing.
            IdleFault: Only at the end of the test, if it was never said what is to happen.
        """
        if method and method.upper() not in _METHODS:
            raise ValueError(f"no method is named {method!r}; {suggest(method.upper(), _METHODS)}")
        for name, count in (("nth", nth), ("every", every), ("first", first)):
            if count is not None and not is_whole_number(count, 1):
                raise ValueError(f"{name} counts calls: 1 or more, not {count!r}")
        if probability is not None and not (isinstance(probability, int | float) and 0 <= probability <= 1):
            raise ValueError(f"a probability is a number from 0 to 1, not {probability!r}")
        if nth is not None and (every, first, probability) != (None, None, None):
            raise ValueError("nth names one call; every, first and probability do not go with it")
        _check_path(path)
        wanted = match_operations(*operations)
        params = read_path_params(path_params, wanted or list_operation_names())
        when = CallCondition(wanted, method.upper(), path, params, nth, every or 1, first, probability)
        fault = NewFault(self._find, when, self._unfinished)
        self._unfinished[fault] = f"{_find_caller()}, for {when}"
        return fault

    def stop(self) -> None:
        """Takes every fault off."""
        self._find().stop_faults()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._find().state.faults.scripts)

    def __len__(self) -> int:
        return len(self._find().state.faults.scripts)

    def __repr__(self) -> str:
        return f"<faults: {'; '.join(map(str, self)) or 'none'}>"


class NewFault:
    """A fault that is on as soon as one of its methods has said what happens.

    Delays go with one other effect: ``.delay(2).timeout_after()``.

    Args:
        find: Gives the fake.
        when: Which calls it hits.
        unfinished: The faults that have not said yet what happens, of which it is one until it does.
    """

    def __init__(self, find: Callable[[], Fake], when: CallCondition, unfinished: dict[NewFault, str]) -> None:
        self._find = find
        self._when = when
        self._unfinished = unfinished
        self._effects: tuple[Effect, ...] = ()
        self._number: int | None = None

    def respond(self, status: int, *, code: str = "", message: str = "") -> Self:
        """Answers with that status in Webflow's envelope; the upload target with an error document of S3's.

        Args:
            status: From 400 to 599; 429 without its headers is an error, see ``too_many_requests``.
            code: Webflow's error code; the usual one of the status where it is left out.
            message: Likewise.

        Raises:
            ValueError: No status of an error.
        """
        if not is_whole_number(status, 400) or status > 599:
            raise self._make_error(f"a fault answers with a status from 400 to 599, not {status!r}")
        if status == 429:
            raise self._make_error(
                "429 comes with Retry-After and has a method of its own: too_many_requests(retry_after=...)"
            )
        usual_code, usual_message = _usual_answer(status)
        return self._add_effect(StatusAnswer(status, code or usual_code, message or usual_message))

    def refuse(self, clause_id: str, /, **values: Any) -> Self:
        """Answers as a clause of the ledger does.

        Args:
            clause_id: As ``items.not-found``; ``fake-webflow clauses`` lists them.
            values: What fills the placeholders of its message.

        Raises:
            ValueError: No clause has that name, it refuses nothing, or a placeholder has no value.
        """
        try:
            if find_clause(clause_id).refuses is None:
                raise self._make_error(f"the clause {clause_id} refuses nothing, so no fault can answer by it")
            _ = Refusal(clause_id, **values).answer
        except KeyError as error:
            raise self._make_error(f"the message of {clause_id} needs a value for {error.args[0]}") from None
        except LookupError as error:
            raise self._make_error(str(error)) from None
        return self._add_effect(ClauseAnswer(clause_id, values))

    def too_many_requests(self, retry_after: RetryAfter = "honest") -> Self:
        """Answers with 429, whatever the limit says.

        Args:
            retry_after: ``honest`` for the rest of the rate window, None for no header, or what is to stand in it: a
                number of seconds, true or not, or any text that a header can say.

        Raises:
            ValueError: For uploads: S3 says this otherwise. Or a text that no header can say.
        """
        if isinstance(retry_after, str) and not (retry_after.isascii() and retry_after.isprintable()):
            raise self._make_error(f"no header can say {retry_after!r}: retry_after is a number, or printable ASCII")
        if self._when.operations & FILE_OPERATIONS:
            raise self._make_error('S3 does not answer with 429; its way to say so is s3_error("SlowDown")')
        return self._add_effect(RateLimitAnswer(retry_after))

    def s3_error(self, code: str = "InternalError") -> Self:
        """Answers as S3 does when it fails.

        The messages are S3's own, from observed answers, but for ``ServiceUnavailable``: that one is documented by its
        status alone, and its message is a guess.

        Args:
            code: ``AccessDenied``, ``InternalError``, ``RequestTimeout``, ``ServiceUnavailable`` or ``SlowDown``; for
                any other there is ``respond(status, code=..., message=...)``.

        Raises:
            ValueError: No such error, or a fault of calls that do not go to S3.
        """
        if not self._when.operations or not self._when.operations <= FILE_OPERATIONS:
            raise self._make_error('only uploads and files are answered by S3: faults.on("files.upload").s3_error(...)')
        if code not in _S3_ERRORS:
            raise self._make_error(
                f"no error of S3's is known as {code!r}; {suggest(code, _S3_ERRORS)} (or use respond)"
            )
        status, message = _S3_ERRORS[code]
        return self._add_effect(StatusAnswer(status, code, message))

    def delay(self, seconds: float, *, real: bool = False) -> Self:
        """Takes so long before it looks at the request: on the fake's clock, and for the caller too if ``real``."""
        return self._add_effect(Delay(self._check_duration(seconds), real))

    def slow_body(self, seconds: float, *, real: bool = False) -> Self:
        """Does what is asked at once and takes so long to answer: like ``delay``, but dates are from before."""
        return self._add_effect(Delay(self._check_duration(seconds), real, slow_body=True))

    def timeout_before(self) -> Self:
        """The caller waits in vain, and nothing was done."""
        return self._add_effect(NetworkLoss("timeout", applied=False))

    def timeout_after(self) -> Self:
        """The caller waits in vain, but what was asked is done."""
        return self._add_effect(NetworkLoss("timeout", applied=True))

    def reset_before(self) -> Self:
        """The connection is reset, and nothing was done."""
        return self._add_effect(NetworkLoss("reset", applied=False))

    def reset_after(self) -> Self:
        """The connection is reset, but what was asked is done."""
        return self._add_effect(NetworkLoss("reset", applied=True))

    def truncated_body(self) -> Self:
        """What was asked is done, and the connection ends halfway through the answer's body."""
        return self._add_effect(NetworkLoss("truncated", applied=True))

    def malformed_json(self) -> Self:
        """What was asked is done, and the answer's last byte is missing, so that it is not valid JSON."""
        return self._add_effect(MalformedJson())

    def stop(self) -> None:
        """Takes this fault off."""
        self._unfinished.pop(self, None)
        number = self._number
        if number is not None:
            self._find().change(lambda state: state._replace(faults=state.faults.without(number)))

    def _add_effect(self, effect: Effect) -> Self:
        if not isinstance(effect, Delay) and not all(isinstance(known, Delay) for known in self._effects):
            raise self._make_error(f"this fault has its effect already ({self}); begin another one for '{effect}'")
        self._unfinished.pop(self, None)
        fake, before = self._find(), self._number
        self._effects = effects = (*self._effects, effect)
        if before is None:
            made = fake.change(lambda state: state._replace(faults=state.faults.add(self._when, effects)))
            self._number = made.faults.scripts[-1].number
        else:
            fake.change(lambda state: state._replace(faults=state.faults.replace_effects(before, effects)))
        return self

    def _check_duration(self, seconds: Any) -> float:
        if not isinstance(seconds, int | float) or not 0 <= seconds < inf:
            raise self._make_error(f"a delay is a number of seconds, not {seconds!r}")
        return float(seconds)

    def _make_error(self, text: str) -> ValueError:
        # Whoever is told now need not be told at the end of the test that the fault is unfinished.
        self._unfinished.pop(self, None)
        return ValueError(text)

    def __str__(self) -> str:
        return ", ".join(map(str, self._effects)) or "nothing yet"

    def __repr__(self) -> str:
        return f"<NewFault: {self}, for {self._when}>"


def _usual_answer(status: int) -> tuple[str, str]:
    """Code and message of a status: a clause's, or made of HTTP's name for it."""
    if status in _USUAL_CLAUSES:
        answer = find_clause(_USUAL_CLAUSES[status]).refuses
        assert answer is not None, "these clauses refuse"
        return answer.code, answer.message
    phrase = REASONS.get(status, "Error")
    return phrase.lower().replace(" ", "_"), phrase


def _check_path(path: str) -> None:
    if "://" in path:
        raise ValueError(f"path is the path alone, without scheme and host: /v2/collections/*, not {path!r}")
    if path and path[0] not in "/*?[":
        raise ValueError(f"a path begins with a slash, or with * for any text: '/{path}' or '*{path}', not {path!r}")
    first = path.split("/")[1] if path.startswith("/") else ""
    if any(operation.path.split("/")[1] == first.rstrip("*?") for operation in OPERATIONS):
        raise ValueError(f"paths of the API begin with /v2; did you mean '/v2{path}'?")


def _find_caller() -> str:
    """Where the program called this module, as ``test_program.py:12``."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame is not None else "an unknown place"
