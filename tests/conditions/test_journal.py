"""The journal on its own: numbers, the bound on how many, and the bound in bytes that all journals share."""

from __future__ import annotations

import gc
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.conditions import LIMITS, Exchange, Journal, Limits
from fake_webflow.conditions import journal as journal_module
from fake_webflow.conditions.journal import LONGEST_BODY, NO_BODY, BodyBytes, KeptBody, KeptChanges
from fake_webflow.errors import BodyNotKept


def make_exchange(instant: int = 0, request: bytes = b"", answer: bytes = b"") -> Exchange:
    kept = [KeptBody(data) if data else NO_BODY for data in (request, answer)]
    return Exchange(0, instant, "GET", "/", {}, "", {}, 200, (), "", kept_request=kept[0], kept_answer=kept[1])


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch) -> BodyBytes:
    """Books of this test alone, with room for a hundred bytes."""
    made = BodyBytes(100)
    monkeypatch.setattr(journal_module, "BODY_BYTES", made)
    return made


def sizes(journal: Journal) -> list[tuple[int, int]]:
    return [(len(one.kept_request.data), len(one.kept_answer.data)) for one in journal]


def test_the_oldest_exchanges_are_dropped_and_counted():
    journal = Journal()
    for number in range(LIMITS.journal + 5):
        journal.append(make_exchange(number))
    assert (len(journal), journal.dropped, journal[0].instant) == (LIMITS.journal, 5, 5)
    journal.clear()
    assert (len(journal), journal.dropped) == (0, 0)


def test_a_number_is_never_used_again():
    journal = Journal(Limits(journal=3))
    for _ in range(5):
        journal.append(make_exchange())
    assert [one.number for one in journal] == [3, 4, 5]
    mark = journal.last_number
    assert (mark, journal.since(mark)) == (5, [])
    journal.clear()
    assert journal.last_number == 5
    journal.append(make_exchange())
    assert [one.number for one in journal.since(mark)] == [6]
    assert [one.number for one in journal.since(2)] == [6]


def test_numbers_rise_whoever_writes():
    journal = Journal()
    writers = [
        threading.Thread(target=lambda: [journal.append(make_exchange(0, b"12", b"34")) for _ in range(200)])
        for _ in range(8)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [one.number for one in journal] == list(range(1, 1601))


def test_answers_go_before_requests_and_the_oldest_first(books: BodyBytes):
    journal = Journal()
    for _ in range(3):
        journal.append(make_exchange(0, b"r" * 20, b"a" * 20))
    assert sizes(journal) == [(20, 0), (20, 20), (20, 20)]
    for _ in range(3):
        journal.append(make_exchange(0, b"r" * 20))
    assert sizes(journal) == [(0, 0), (20, 0), (20, 0), (20, 0), (20, 0), (20, 0)]
    assert books.used == 100


def test_what_was_dropped_says_so(books: BodyBytes):
    journal = Journal()
    journal.append(make_exchange(0, b'{"a": 1}', b"[]"))
    first = journal[0]
    assert (first.body, first.response_json, first.truncated) == ({"a": 1}, [], False)
    journal.append(make_exchange(0, b"x" * 100))
    assert first.truncated
    for name in ("body", "request_body", "response_body", "response_json"):
        with pytest.raises(BodyNotKept, match="journal-bytes"):
            getattr(first, name)
    assert journal[1].body is None, "it is not JSON"
    assert journal[1].response_body == b""


def test_a_long_body_is_cut(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(journal_module, "BODY_BYTES", BodyBytes(LIMITS.journal_bytes))
    journal = Journal()
    journal.append(make_exchange(0, b"x" * LONGEST_BODY, b"y" * (LONGEST_BODY + 1)))
    assert journal[0].request_body == b"x" * LONGEST_BODY
    assert sizes(journal) == [(LONGEST_BODY, LONGEST_BODY)]
    with pytest.raises(BodyNotKept):
        _ = journal[0].response_body


def test_all_journals_share_the_bytes(books: BodyBytes):
    one, other = Journal(), Journal()
    one.append(make_exchange(0, b"r" * 60))
    other.append(make_exchange(0, b"r" * 60))
    assert (sizes(one), sizes(other), books.used) == ([(0, 0)], [(60, 0)], 60)


def test_a_journal_gives_its_bytes_back(books: BodyBytes):
    kept, ended, emptied = Journal(), Journal(), Journal()
    for journal in (kept, ended, emptied):
        journal.append(make_exchange(0, b"r" * 20, b"a" * 10))
    assert books.used == 90
    call = emptied[0]
    emptied.clear()
    assert books.used == 60
    assert call.request_body == b"r" * 20, "who holds a call keeps it"
    del ended, journal
    gc.collect()
    kept.append(make_exchange(0, b"r" * 40))
    assert sizes(kept) == [(20, 10), (40, 0)], "what nobody can ask for any more made room"
    assert books.used == 70


def test_what_falls_out_of_the_journal_gives_its_bytes_back(books: BodyBytes):
    journal = Journal(Limits(journal=2))
    for _ in range(10):
        journal.append(make_exchange(0, b"r" * 10, b"a" * 10))
    assert books.used == 40


@given(
    appended=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 60)), max_size=60),
    cleared=st.sets(st.integers(0, 59)),
)
def test_the_books_are_right(appended: list[tuple[int, int, int]], cleared: set[int]):
    with pytest.MonkeyPatch.context() as patched:
        books = BodyBytes(100)
        patched.setattr(journal_module, "BODY_BYTES", books)
        journals = [Journal(Limits(journal=4)) for _ in range(3)]
        for step, (which, request, answer) in enumerate(appended):
            if step in cleared:
                journals[which].clear()
            journals[which].append(make_exchange(0, b"r" * request, b"a" * answer))
            kept = sum(sum(pair) for journal in journals for pair in sizes(journal))
            assert books.used == kept <= 100


def test_changed_records_go_before_any_body(books: BodyBytes) -> None:
    journal = Journal()
    journal.append(make_exchange(0, b"a" * 30, b"b" * 30)._replace(changes=KeptChanges(["record"], 3, 30)))
    assert (books.used, journal[0].changes.records) == (90, ["record"])
    journal.append(make_exchange(1, b"c" * 30))
    assert (books.used, list(journal[0].changes.records), journal[0].changes.count) == (90, [], 3)
    assert not journal[0].truncated
    journal.append(make_exchange(2)._replace(changes=KeptChanges(["another"], 1, 10)))
    journal.clear()
    assert books.used == 0
