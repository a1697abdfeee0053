"""One whole fake: a cell that swaps its state, and the journal of what was asked of it."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from time import sleep  # by name, so that a test that has sleeping move a clock leaves it alone
from typing import Generic, NamedTuple, TypeVar

from .conditions import LIMITS, Clock, Exchange, Faults, Ids, Journal, Limits, ObservedCall, RateLimit, Stub, Stubs
from .conditions.ids import SigningKey
from .conditions.journal import BODY_BYTES
from .errors import ArrangingError
from .rules import Profile
from .webhooks.deliveries import Deliveries, Delivery
from .webhooks.delivery_log import FakeWebhooks
from .webhooks.sender import WebhookSender
from .wording import RATE_LIMIT_RULE, is_rate_limit
from .world.instants import LATEST, timestamp
from .world.world import World

_RETRY_DELAY = 0.00005  # seconds, about as long as a write


class WriteLock:
    """A lock that only a thread which runs can take, as often as it likes.

    A plain lock is handed to a waiting thread that has yet to get the interpreter. Until it does, everybody else comes
    to the lock and queues up, and so they do from then on at every write: a convoy, in which eight writers together did
    a third of what one does. Here whoever finds the lock taken looks again in a moment.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        while not self._lock.acquire(blocking=False):
            sleep(_RETRY_DELAY)

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class State(NamedTuple):
    """All that a fake remembers, as a value. What it is made of may change with any version.

    >>> before = fake_webflow.state
    >>> fake_webflow.state == before
    True
    """

    world: World
    clock: Clock = Clock()
    ids: Ids = Ids()
    rate: RateLimit = RateLimit()
    faults: Faults = Faults()
    stubs: Stubs = Stubs()
    begins: int | None = None
    """When the world began, where somebody said so: what is seeded later is made as old as it was then."""
    deliveries: Deliveries = Deliveries()

    def keep_conditions(self, before: State) -> State:
        """The state with the conditions of another one: rate limit, faults and stubs."""
        return self._replace(rate=before.rate, faults=before.faults, stubs=before.stubs)

    def __repr__(self) -> str:
        return f"<State: {self.world}>"


Result = TypeVar("Result")


class Commit(NamedTuple, Generic[Result]):
    """What a law makes of a state.

    Args:
        world: As it is then.
        clock: Likewise.
        ids: Likewise.
        result: What the writer is told.
        deliveries: What webhooks are to be told.
    """

    world: World
    clock: Clock
    ids: Ids
    result: Result
    deliveries: Sequence[Delivery] = ()

    def apply(self, state: State) -> State:
        """The state with this in it; what is counted and scripted meanwhile stays."""
        state = state._replace(world=self.world, clock=self.clock, ids=self.ids)
        return state._replace(deliveries=state.deliveries.add(self.deliveries)) if self.deliveries else state


# How often a write is computed without a lock. Each time another writer may be faster; then it takes its turn.
_ATTEMPTS = 3


class Fake:
    """The cell that holds a state.

    Reads take the state as it is and need no lock. A writer computes the next world and commits it in one swap, unless
    somebody else was faster: then it computes anew. One that refuses leaves no trace.

    Args:
        state: What it starts from.
        profile: The open choices.
        webhook_hosts: Hosts that webhooks may be delivered to though they are not this machine.
        upload_secret: What upload forms are signed with beside the seed. Without one, whoever knows the seed can make
            a form that is accepted here: right in a test, wrong for a served fake.
        limits: How much of what grows with the number of requests it keeps.
    """

    def __init__(
        self,
        state: State,
        profile: Profile | None = None,
        *,
        webhook_hosts: Iterable[str] = (),
        upload_secret: str = "",
        limits: Limits = LIMITS,
    ) -> None:
        self.profile = profile or Profile()
        self.limits = limits
        if limits.journal_bytes != LIMITS.journal_bytes:
            BODY_BYTES.limit = limits.journal_bytes  # of the whole process
        self.journal = Journal(limits)
        self.on_exchange: Callable[[Exchange, float], None] | None = None
        """Is told of each finished exchange, with the milliseconds it took; forks take it over."""
        self.keep: Callable[[State, Profile], None] | None = None
        """Is told of each state before anybody sees it, and may refuse it by an exception; forks have none."""
        self.upload_secret = upload_secret
        self.webhook_sender = WebhookSender(lambda: self._state, self.change, webhook_hosts)
        self.webhooks = FakeWebhooks(self.webhook_sender)
        self._state = _adopt(state, limits)
        self._lock = WriteLock()

    @property
    def state(self) -> State:
        """The state as it is now."""
        return self._state

    @property
    def signing_key(self) -> SigningKey:
        """The throw-away key upload forms are signed with, made from the seed and the secret."""
        return _make_signing_key(self._state.ids.seed, self.upload_secret)

    def fork(self, profile: Profile | None = None) -> Fake:
        """A fake of its own that starts from this one's state, at a cost that does not depend on its size."""
        forked = Fake(
            self._state,
            profile or self.profile,
            webhook_hosts=self.webhooks.allowed_hosts,
            upload_secret=self.upload_secret,
            limits=self.limits,
        )
        forked.on_exchange = self.on_exchange
        return forked

    def restore(self, state: State, profile: Profile | None = None) -> None:
        """Goes back (or over) to that state.

        Args:
            state: What it is to remember.
            profile: The open choices from then on; None for those it has.
        """
        with self._lock:
            self.profile = profile or self.profile
            self.change(lambda _: _adopt(state, self.limits))
        self.webhook_sender.wake()

    def resume(self, state: State, profile: Profile) -> None:
        """Goes on from a state that another process left: what was still to be sent is sent."""
        with self._lock:
            self.profile, self._state = profile, state
        self.webhook_sender.wake()

    def change(self, change: Callable[[State], State]) -> State:
        """Swaps the state for what the function makes of it, and returns that. The function must be quick and pure."""
        with self._lock:
            changed = change(self._state)
            if self.keep is not None:
                self.keep(changed, self.profile)
            self._state = changed
            return changed

    def write(self, rule: Callable[[State], Commit[Result]]) -> Result:
        """Commits what a law makes of the state, as if nobody else wrote meanwhile.

        Args:
            rule: From a state to what the law makes of it. It may be called several times, and must do nothing else.
        """
        commit = self._commit(rule)
        if commit.deliveries:
            self.webhook_sender.wake()
        return commit.result

    def _commit(self, rule: Callable[[State], Commit[Result]]) -> Commit[Result]:
        for _ in range(_ATTEMPTS):
            before = self._state
            commit = rule(before)
            with self._lock:
                if self._is_unwritten_since(before):
                    self.change(commit.apply)
                    return commit
        with self._lock:
            commit = rule(self._state)
            self.change(commit.apply)
            return commit

    def _is_unwritten_since(self, before: State) -> bool:
        now = self._state
        return now.world is before.world and now.clock is before.clock and now.ids is before.ids

    @contextmanager
    def hold_lock(self) -> Iterator[State]:
        """A writer's turn: nobody else changes anything meanwhile."""
        with self._lock:
            yield self._state

    def advance(self, seconds: float) -> None:
        """Moves the clock on.

        Raises:
            ValueError: It is not a number from 0 on, or leads beyond what dates can say.
        """
        if not isinstance(seconds, int | float) or not seconds >= 0:
            raise ValueError(f"the clock only goes forward, by a number of seconds; not {seconds!r}")
        if seconds > (LATEST - self._state.clock.now) / 1000:
            raise ValueError(f"{seconds} seconds lead beyond the year 9999, which dates in answers cannot say")
        self.change(lambda state: state._replace(clock=state.clock.advance(seconds)))
        self.webhook_sender.wake()

    def set_clock(self, instant: int) -> None:
        """Moves the clock, and no data, to an instant (milliseconds since 1970); whether it runs stays as it is.

        Raises:
            ArrangingError: Something in the world is newer.
        """
        with self._lock:
            newest = self._state.world.newest_date
            if instant < newest:
                raise ArrangingError(
                    f"the clock cannot show {timestamp(instant)}: something in the world is of {timestamp(newest)}, "
                    "and the clock moves alone. Start from now=... to have the data of a shipped scenario move with it"
                )
            self.change(lambda state: state._replace(clock=state.clock.set(instant)))
        self.webhook_sender.wake()

    def freeze(self) -> None:
        """Stops the clock where it is; from then on it moves a millisecond a write."""
        self.change(lambda state: state._replace(clock=state.clock.freeze()))

    def run_clock(self) -> None:
        """Has the clock run on with the machine's, from what it shows."""
        self.change(lambda state: state._replace(clock=state.clock.resume()))
        self.webhook_sender.wake()

    def limit_rate(self, limit: int | None) -> None:
        """Allows that many requests a token and minute, or any number (None); counting begins anew.

        Raises:
            ValueError: The limit is below 1, or not a number.
        """
        if not is_rate_limit(limit):
            raise ValueError(f"a rate limit is {RATE_LIMIT_RULE}; not {limit!r}")
        self.change(lambda state: state._replace(rate=RateLimit(limit)))

    def take_stub(self, call: ObservedCall) -> Stub | None:
        """The stub that answers a call, which is counted; None where none does."""
        if not self._state.stubs.scripts:
            return None
        with self._lock:
            stubs, found = self._state.stubs.count_call(call)
            self.change(lambda state: state._replace(stubs=stubs))
        return found

    def stop_faults(self) -> None:
        """Takes every script off."""
        self.change(lambda state: state._replace(faults=state.faults.without()))


class Handle:
    """What somebody holds of a fake, without seeing it."""

    def _open(self) -> Fake:
        raise NotImplementedError


def fake_of(handle: Handle) -> Fake:
    """The fake behind a handle.

    Raises:
        FakeEnded: Its test, or its block, is over.
    """
    return handle._open()


def _adopt(state: State, limits: Limits) -> State:
    """The state in the hands of a fake that did not bring it about: it sends nothing of what was still to be sent."""
    deliveries = state.deliveries
    if not deliveries.pending and deliveries.limits == limits:
        return state
    return state._replace(deliveries=deliveries.abandon_pending()._replace(limits=limits))


@cache
def _make_signing_key(seed: int, upload_secret: str) -> SigningKey:
    ids = Ids(seed=seed, drawn=-1)
    secret = ids.digits(32)
    if upload_secret:
        secret = hmac.new(upload_secret.encode(), secret.encode(), "sha256").hexdigest()
    return SigningKey(f"AKIA{ids.digits(16).upper()}", secret)
