"""A process that is killed: what it answered is in the file, what it did not answer is there as a whole or not at all.

A killed process leaves the file as far as it was written. Here that is made without one: the file is copied with its
log cut off anywhere, also in the middle of a write. Processes are killed in tests/acceptance/test_killed.py.
"""

from __future__ import annotations

import copy
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from kept import KeptServer, copy_crashed, log_size
from mixed_load import Answer, MixedClient

POINTS = 20


class Watched:
    """A server, and for each answer what its client knew then and how long the log was."""

    def __init__(self, server: KeptServer) -> None:
        self.server = server
        collection = server.hosted_fakes.default.fake.state.world.collections
        self.items = f"/v2/collections/{next(iter(collection))}/items"
        self.clients = [MixedClient(number, self.items) for number in range(4)]
        self.moments: list[tuple[int, MixedClient]] = []
        self._writing = Lock()

    def work(self, client: MixedClient) -> None:
        chance = random.Random(client.number)
        for _ in range(12):
            client.act(self._ask_of(client), chance)
            with self._writing:
                self.moments.append((log_size(self.server.path), copy.deepcopy(client)))

    def _ask_of(self, client: MixedClient) -> Any:
        def ask(method: str, path: str, body: Any) -> Answer:
            before = log_size(self.server.path)
            with self._writing:
                self.moments.append((before, copy.deepcopy(client)))  # which says what is asked
            return self.server.call(method, path, body)

        return ask


def names_of(server: KeptServer) -> dict[str, str]:
    (collection, *_) = server.main.state.world.collections.values()
    return {item.id: item.field_data["name"] for item in collection.staged}


def test_a_crash_at_any_byte_of_the_log_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    watched = Watched(KeptServer(tmp_path / "state.db"))
    begun = log_size(watched.server.path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(watched.work, watched.clients))
    chance, end = random.Random(5), log_size(watched.server.path)
    for point in range(POINTS):
        size = chance.randint(begun, end)
        crashed = KeptServer(copy_crashed(watched.server.path, tmp_path / f"{point}.db", size))
        there = names_of(crashed)
        for client in last_known(watched.moments, size):
            before = dict(client.known)
            client.check(there)
            assert before.keys() >= client.known.keys()
        assert_ids_are_fresh(crashed, watched)
        crashed.end()
    watched.server.end()


def last_known(moments: list[tuple[int, MixedClient]], size: int) -> list[MixedClient]:
    """Of each client what it knew and asked when the log was as long as that."""
    known: dict[int, MixedClient] = {}
    for written, client in moments:
        if written <= size:
            known[client.number] = client
    return [copy.deepcopy(client) for client in known.values()]


def assert_ids_are_fresh(crashed: KeptServer, watched: Watched) -> None:
    there = set(names_of(crashed))
    status, made = crashed.call("POST", watched.items, {"fieldData": {"name": "After", "slug": "after"}})
    assert status == 202
    assert made["id"] not in there
