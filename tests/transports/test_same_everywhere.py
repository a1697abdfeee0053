"""One script through every transport leaves the same journal and the same bytes: those that are recorded."""

from __future__ import annotations

from typing import Any

import pytest
from callers import IN_PROCESS, SERVED, through_flask, through_socket
from recorded_story import Through, recorded, told
from story import tell

from fake_webflow.fake import Fake
from fake_webflow.testing.handle import make_handle


def test_the_story_holds_what_it_is_to_compare() -> None:
    assert [call["answered"]["status"] for call in recorded("in-process")] == [
        *(200, 200, 200, 200, 404, 401),
        *(202, 200, 400, 204),
        *(202, 400, 200, 400, 400, 200, 404, 404, 404, 200, 404),
        *(200, 412, 400, 201, 200, 200, 200, 200, 403, 403),
    ]


@pytest.mark.parametrize("through", IN_PROCESS)
def test_the_same_bytes_and_the_same_journal(seeded: Fake, through: Through) -> None:
    assert told(seeded, through) == recorded("in-process")


def test_a_socket_has_the_same_bytes_and_journal_at_addresses_of_its_own(seeded: Fake) -> None:
    assert told(seeded, through_socket) == recorded("over-a-socket")


def test_the_journal_of_a_socket_differs_by_where_the_files_are() -> None:
    in_process, over_a_socket = (
        [_without_place(call["noted"]) for call in recorded(name)] for name in ("in-process", "over-a-socket")
    )
    assert over_a_socket == in_process


def _without_place(noted: dict[str, Any]) -> dict[str, Any]:
    return {**noted, "path": ""} if noted["operation"].startswith("files.") else noted


def test_the_test_client_asked_for_a_servers_address_gets_what_a_socket_gives(seeded: Fake) -> None:
    assert told(seeded, through_flask, api=f"{SERVED}/v2", fresh=f"{SERVED}/v2") == recorded("over-a-socket")


def test_names_of_headers_are_spelt_the_same(seeded: Fake) -> None:
    spelt = {through.__name__: _names(seeded, through) for through in IN_PROCESS}
    assert {tuple(names) for names in spelt.values()} == {tuple(spelt["through_requests"])}


def _names(seeded: Fake, through: Through) -> list[str]:
    webflow = make_handle(seeded.fork())
    with through(webflow) as send:
        return sorted(name for got in tell(webflow, send) for name, _ in got.headers)
