"""Writers: each as if it were alone, and none for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from request_strategies import Operation, Sent, base, operations, sent_to
from worlds import ask, fake, world

from fake_webflow.conditions import Ids
from fake_webflow.fake import Commit, Fake, State, WriteLock
from fake_webflow.rules import Refusal

Law = Callable[[State], Commit[int]]


@pytest.fixture
def asked() -> Fake:
    return fake(world())


def counted(meanwhile: Callable[[int], object]) -> Law:
    """A law that draws an id and returns how often it was computed; something else happens each time."""
    times = 0

    def law(state: State) -> Commit[int]:
        nonlocal times
        times += 1
        meanwhile(times)
        return Commit(state.world, state.clock, state.ids.next(), times)

    return law


def test_where_nobody_else_writes_a_law_is_computed_once(asked: Fake) -> None:
    before = asked.state
    assert asked.write(counted(lambda _: None)) == 1
    assert asked.state == before._replace(ids=before.ids.next())


def test_where_somebody_was_faster_it_is_computed_anew(asked: Fake) -> None:
    before = asked.state
    assert asked.write(counted(lambda times: times == 1 and asked.advance(5))) == 2
    assert asked.state.ids == before.ids.next()
    assert asked.state.clock.now == before.clock.now + 5000


def test_where_the_ids_alone_are_others_it_is_computed_anew(asked: Fake) -> None:
    other = asked.state._replace(ids=Ids(seed=9))
    assert asked.write(counted(lambda times: times == 1 and asked.restore(other))) == 2
    assert asked.state.ids == other.ids.next()


def test_in_the_end_it_takes_its_turn(asked: Fake) -> None:
    assert asked.write(counted(lambda times: times < 4 and asked.advance(1))) == 4


def test_what_requests_count_disturbs_no_writer(asked: Fake) -> None:
    assert asked.write(counted(lambda _: asked.limit_rate(7))) == 1
    assert asked.state.rate.limit == 7


def test_a_law_that_refuses_leaves_no_trace(asked: Fake) -> None:
    def refuses(state: State) -> Commit[int]:
        raise Refusal("items.not-found")

    before = asked.state
    with pytest.raises(Refusal, match="not found"):
        asked.write(refuses)
    assert asked.state is before
    assert asked.write(counted(lambda _: None)) == 1


def test_a_turn_is_one_thread_s_and_may_be_taken_within_itself() -> None:
    turn, order = WriteLock(), []
    reached = threading.Event()

    def second() -> None:
        reached.set()
        with turn:
            order.append("second")

    with turn, turn:
        other = threading.Thread(target=second)
        other.start()
        reached.wait(30)
        order.append("first")
    other.join(30)
    assert order == ["first", "second"]


def test_no_write_is_lost_among_threads(asked: Fake) -> None:
    drawn: list[str] = []

    def law(state: State) -> Commit[str]:
        return Commit(state.world, state.clock, state.ids.next(), str(state.ids))

    threads = [threading.Thread(target=lambda: drawn.extend(asked.write(law) for _ in range(200))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set(drawn)) == len(drawn) == 1600


class Contended(Fake):
    """A fake in which somebody else is always faster at first."""

    def _is_unwritten_since(self, _: State) -> bool:
        return False


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_an_operation_computed_anew_does_what_it_does_at_once(operation: Operation) -> None:
    @settings(max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(row=st.lists(sent_to(operation), min_size=2, max_size=2))
    def same(row: list[Sent]) -> None:
        alone = base().fake.fork()
        contended = Contended(alone.state)
        for sent in row:
            given = {"query": sent.query, "token": None, "body": sent.body, "headers": sent.headers}
            answers = [ask(asked, operation.method, sent.path, **given) for asked in (alone, contended)]
            assert answers[0] == answers[1]
        # All but the deliveries, which are stamped with the machine's time.
        assert alone.state[:-1] == contended.state[:-1]

    same()
