"""The fakes of a state file: each with the state it is in and the one that a reset goes back to.

A state is written as what it differs in from its base, another state of the file: a fork costs what it changed, and the
beginning of a fake is not written twice. Whoever changes a fake's state waits until the change is in the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..conditions import LIMITS, Limits
from ..errors import StateFileError
from ..fake import Fake, State
from ..rules import Profile
from ..world.world import World
from .changes import COPIES, RECORD_TYPES, Write, apply_changes, find_changes, write_head
from .database import Database
from .records import read_record, write_record

_NOTHING = State(World())
_PUT = (
    "INSERT INTO records VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, data = excluded.data"
)
_REMOVE = "DELETE FROM records WHERE state = ? AND kind = ? AND key = ?"
# What a base has has to be marked as gone.
_MARK_GONE = (
    "INSERT INTO records (state, kind, key) SELECT ?, kind, key FROM records WHERE kind = ? AND key = ? "
    "AND state IN (SELECT value FROM json_each(?)) LIMIT 1"
)
_UNUSED = (
    "SELECT id FROM states WHERE id NOT IN (SELECT state FROM fakes UNION SELECT beginning FROM fakes "
    "UNION SELECT base FROM states WHERE base IS NOT NULL)"
)


@dataclass(eq=False, slots=True)
class KeptState:
    """A state of the file.

    Args:
        number: Names it there.
        bases: The states it is written on top of, the nearest first.
        state: It itself.
        profile: The open choices with it.
    """

    number: int
    bases: tuple[int, ...]
    state: State
    profile: Profile


class KeptFake(NamedTuple):
    """A fake of the file.

    Args:
        name: Empty for the main one.
        facts: What whoever keeps it has to know of it.
        now: The state it was left in.
        beginning: What a reset goes back to.
    """

    name: str
    facts: Mapping[str, Any]
    now: KeptState
    beginning: KeptState


class StateFile:
    """A file that keeps the states of fakes.

    Args:
        path: As of ``Database``.

    Attributes:
        path: As given.
        is_new: Whether there was no fake in it.

    Raises:
        StateFileError: As of ``Database``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path)
        self.is_new = self._database.is_new or not self._database.rows("SELECT name FROM fakes WHERE name = ''")
        self._is_closed = False
        self._beginnings: dict[str, KeptState] = {}

    def close(self) -> None:
        """Ends the use of the file: what fakes go through after that is not kept."""
        self._is_closed = True
        self._database.close()

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is known of the file as a whole."""
        return {name: json.loads(value) for name, value in self._database.rows("SELECT name, value FROM facts")}

    def write_facts(self, facts: Mapping[str, Any]) -> None:
        """Adds facts of the file as a whole, or other values of them."""
        rows = [(name, json.dumps(value)) for name, value in facts.items()]
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)

    def clear(self) -> None:
        """Forgets all of it."""
        with self._database.transaction() as connection:
            for table in ("facts", "fakes", "states", "records"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        self._beginnings.clear()

    def begin(
        self,
        name: str,
        fake: Fake,
        facts: Mapping[str, Any],
        beginning: tuple[State, Profile],
        now: tuple[State, Profile] | None = None,
    ) -> None:
        """Keeps a fake from now on, or one that is kept from another beginning on.

        Args:
            name: Of the fake; empty for the main one, whose beginning the others' are written on top of.
            fake: Its cell. Nobody else may change its state meanwhile.
            facts: What whoever keeps it has to know of it.
            beginning: What a reset goes back to.
            now: What it is in; None for its beginning.

        Raises:
            StateFileError: It cannot be written.
        """
        with self._database.lock:  # or another fake could be written on top of a beginning that is just forgotten
            with self._database.transaction() as connection:
                base = self._beginnings.get("") if name else None
                first = _write_state(connection, base, *beginning)
                current = _write_state(connection, first, *(now or beginning))
                row = (name, current.number, first.number, json.dumps(facts))
                connection.execute("INSERT OR REPLACE INTO fakes VALUES (?, ?, ?, ?)", row)
                _remove_unused(connection)
            self._beginnings[name] = first
            fake.keep = partial(self._keep, current)

    def end(self, name: str, fake: Fake) -> None:
        """Keeps a fake no longer."""
        fake.keep = None
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM fakes WHERE name = ?", (name,))
            _remove_unused(connection)
        self._beginnings.pop(name, None)

    def read_fakes(self, limits: Limits = LIMITS) -> list[KeptFake]:
        """The fakes of the file, the main one first.

        Raises:
            StateFileError: What is in it cannot be read.
        """
        read: dict[int, KeptState] = {}
        try:
            return [
                KeptFake(name, json.loads(facts), *(self._read_state(number, read, limits) for number in numbers))
                for name, facts, *numbers in self._database.rows(
                    "SELECT name, facts, state, beginning FROM fakes ORDER BY name <> '', rowid"
                )
            ]
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise StateFileError(
                f"{self._database.path} is damaged: a record in it cannot be read ({type(error).__name__}: {error})"
            ) from error

    def resume(self, kept: KeptFake, fake: Fake) -> None:
        """Has a fake go on from where the file says it was left, and keeps it."""
        self._beginnings[kept.name] = kept.beginning
        fake.keep = partial(self._keep, kept.now)
        fake.resume(kept.now.state, kept.now.profile)

    def _keep(self, kept: KeptState, state: State, profile: Profile) -> None:
        if self._is_closed:  # which is as if the process had ended
            return
        before = kept.state
        changes = list(find_changes(before, state))
        head = write_head(state) if _has_other_head(before, state) else None
        if changes or head is not None or profile is not kept.profile:
            with self._database.transaction() as connection:
                _write_changes(connection, kept, changes)
                if head is not None:
                    connection.execute("UPDATE states SET head = ? WHERE id = ?", (head, kept.number))
                if profile is not kept.profile:
                    row = (_write_profile(profile), kept.number)
                    connection.execute("UPDATE states SET profile = ? WHERE id = ?", row)
        kept.state, kept.profile = state, profile

    def _read_state(self, number: int, read: dict[int, KeptState], limits: Limits) -> KeptState:
        if number not in read:
            ((base, head, profile),) = self._database.rows(
                "SELECT base, head, profile FROM states WHERE id = ?", (number,)
            )
            below = None if base is None else self._read_state(base, read, limits)
            changes = [
                Write(kind, key, None if value is None else read_record(RECORD_TYPES[kind], value, data))
                for kind, key, value, data in self._database.rows(
                    "SELECT kind, key, value, data FROM records WHERE state = ?", (number,)
                )
            ]
            state = apply_changes(below.state if below else _NOTHING, changes, head, limits)
            choices = Profile().with_choices(json.loads(profile))
            read[number] = KeptState(number, _bases_above(below), state, choices)
        return read[number]


def _bases_above(base: KeptState | None) -> tuple[int, ...]:
    return () if base is None else (base.number, *base.bases)


def _has_other_head(before: State, after: State) -> bool:
    """Whether what ``write_head`` writes may have changed; where not, it need not be written to be compared."""
    return (
        after.clock is not before.clock
        or after.ids is not before.ids
        or after.begins != before.begins
        or after.rate.limit != before.rate.limit
        or after.deliveries.next_number != before.deliveries.next_number
        or after.stubs.last_number != before.stubs.last_number
        or after.world.imports is not before.world.imports
        or (
            after.world is not before.world
            and any(
                list(getattr(after.world, name)) != list(getattr(before.world, name))
                for name in ("sites", "collections", "tokens")
            )
        )
    )


def _write_state(connection: sqlite3.Connection, base: KeptState | None, state: State, profile: Profile) -> KeptState:
    row = (None if base is None else base.number, write_head(state), _write_profile(profile))
    number = connection.execute("INSERT INTO states (base, head, profile) VALUES (?, ?, ?)", row).lastrowid
    assert number is not None, "a row that was inserted has a number"
    kept = KeptState(number, _bases_above(base), state, profile)
    _write_changes(connection, kept, find_changes(base.state if base else _NOTHING, state))
    return kept


def _write_profile(profile: Profile) -> str:
    return json.dumps(profile.chosen)


def _write_changes(connection: sqlite3.Connection, kept: KeptState, changes: Iterable[Write]) -> None:
    bases = json.dumps(kept.bases)
    for kind, key, record in changes:
        if record is None:
            connection.execute(_REMOVE, (kept.number, kind, key))
            if kept.bases:
                connection.execute(_MARK_GONE, (kept.number, kind, key, bases))
        else:
            value, data = write_record(record, *(COPIES if kind == "collection" else ()))
            connection.execute(_PUT, (kept.number, kind, key, value, data))


def _remove_unused(connection: sqlite3.Connection) -> None:
    """Forgets the states that no fake is in, begins with, or is written on top of."""
    while unused := connection.execute(_UNUSED).fetchall():  # which leaves others unused
        connection.executemany("DELETE FROM states WHERE id = ?", unused)
        connection.executemany("DELETE FROM records WHERE state = ?", unused)
