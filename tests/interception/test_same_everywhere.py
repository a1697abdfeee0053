"""One script through every face leaves the same journal and the same bytes."""

from __future__ import annotations

from typing import Any

import pytest
from callers import IN_PROCESS, Got, socket_send, through_flask, through_requests, through_socket
from story import tell

from fake_webflow.api import Fake
from fake_webflow.conditions import Exchange
from fake_webflow.faces.flask_app import create_flask_app
from fake_webflow.faces.server import Server
from fake_webflow.testing.handle import FakeWebflow

# What belongs to the connection and the hour rather than to the answer.
_OF_THE_SERVER = {"date", "server", "connection", "via"}


def told(seeded: Fake, through: Any, **options: str) -> tuple[list[Got], list[Exchange]]:
    webflow = FakeWebflow.of(seeded.fork())
    with through(webflow) as send:
        answers = tell(webflow, send, **options)
    return [comparable(got) for got in answers], list(webflow.journal)


def comparable(got: Got) -> Got:
    headers = [line for line in got.headers if line[0].lower() not in _OF_THE_SERVER]
    return got._replace(headers=sorted((name.lower(), value) for name, value in headers))


@pytest.fixture(scope="module")
def expected(seeded: Fake) -> tuple[list[Got], list[Exchange]]:
    return told(seeded, through_requests)


def test_the_story_holds_what_it_is_to_compare(expected: tuple[list[Got], list[Exchange]]) -> None:
    answers, journal = expected
    assert [got.status for got in answers] == [
        *(200, 200, 200, 404, 404, 401),
        *(202, 200, 400, 204),
        *(202, 400, 200, 400, 400, 200, 404, 404, 404, 200, 404),
        *(200, 412, 400, 201, 200, 200, 200, 200, 403, 403),
    ]
    assert len(journal) == len(answers)


@pytest.mark.parametrize("through", IN_PROCESS)
def test_the_same_bytes_and_the_same_journal(
    seeded: Fake, expected: tuple[list[Got], list[Exchange]], through: Any
) -> None:
    answers, journal = told(seeded, through)
    assert answers == expected[0]
    assert journal == expected[1]


def test_a_socket_leaves_the_same_journal(seeded: Fake, expected: tuple[list[Got], list[Exchange]]) -> None:
    _, journal = told(seeded, through_socket)
    assert [without_place(each) for each in journal] == [without_place(each) for each in expected[1]]


def without_place(exchange: Exchange) -> Exchange:
    """A served fake has the file hosts below its own address."""
    return exchange._replace(path="") if exchange.operation.startswith("files.") else exchange


def test_a_socket_answers_the_same_bytes_as_the_test_client_asked_for_its_address(seeded: Fake) -> None:
    over_socket = FakeWebflow.of(seeded.fork())
    with Server(create_flask_app(over_socket.fake)) as server:
        api = f"{server.origin}/v2"
        sent = [comparable(got) for got in tell(over_socket, socket_send(server.origin), api, api)]
    direct, _ = told(seeded, through_flask, api=api, fresh=api)
    assert sent == direct


def test_names_of_headers_are_spelt_the_same(seeded: Fake) -> None:
    spelt = {
        through.__name__: [name for got in _raw(seeded, through) for name, _ in got.headers] for through in IN_PROCESS
    }
    assert {tuple(sorted(names)) for names in spelt.values()} == {tuple(sorted(spelt["through_requests"]))}


def _raw(seeded: Fake, through: Any) -> list[Got]:
    webflow = FakeWebflow.of(seeded.fork())
    with through(webflow) as send:
        return tell(webflow, send)
