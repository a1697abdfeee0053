"""The SQLite file: opened by one process, checked before anything is read, and written in whole transactions.

A write-ahead log has a commit survive the end of the process at any moment. It is not forced to the disk each time, so
that a power loss can take the last commits, but no half of one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

from ..errors import StateFileError

APPLICATION_ID = 0x46576266
"""Names the format: ``FWbf``, in the header of each SQLite file at byte 68."""
FORMAT_VERSION = 1
"""Of the tables and records; SQLite's ``user_version``."""
_MAGIC = b"SQLite format 3\0"
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE states (id INTEGER PRIMARY KEY AUTOINCREMENT, base INTEGER, head TEXT NOT NULL, profile TEXT NOT NULL);
CREATE TABLE records (
    state INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT, data BLOB, UNIQUE (state, kind, key)
);
CREATE TABLE fakes (name TEXT PRIMARY KEY, state INTEGER NOT NULL, beginning INTEGER NOT NULL, facts TEXT NOT NULL);
"""


class Database:
    """An open state file.

    Args:
        path: Of the file. Where there is none, or an empty one, it is made, to be read by its owner alone.

    Attributes:
        is_new: Whether there was nothing in it.

    Raises:
        StateFileError: It is another program's, of a newer version, damaged, in use, or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = RLock()
        with self._explain():
            self.is_new = self._check_header()
            if not self.is_new:
                self._check_integrity()
            # By its whole path, since SQLite takes some names for something else.
            self._connection = sqlite3.connect(path.resolve(), timeout=0, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self.lock, self._explain():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written meanwhile is in the file at the end, or nothing of it.

        Raises:
            StateFileError: It could not be written.
        """
        with self.lock, self._explain():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite has rolled back some already
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Ends the use of the file; others may open it then."""
        with self.lock:
            self._connection.close()

    def _check_header(self) -> bool:
        """Whether the file is new. Nothing of a file that is not ours is touched."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "rb") as file:
            header = file.read(100)
        if not header:
            self.path.chmod(0o600)
            return True
        if header[:16] != _MAGIC or len(header) < 100:
            raise StateFileError(f"{self.path} is not a state file of fake-webflow, or is damaged. {_LEFT_ALONE}")
        pages, version, application = (int.from_bytes(header[place : place + 4]) for place in (28, 60, 68))
        if application == 0 and version == 0 and pages <= 1:
            return True  # its making was cut short
        if application != APPLICATION_ID:
            raise StateFileError(f"{self.path} is a database of another program. {_LEFT_ALONE}")
        if version > FORMAT_VERSION:
            raise StateFileError(
                f"{self.path} was written by a newer fake-webflow: its format is {version}, and this one reads up to "
                f"{FORMAT_VERSION}. Use the newer one, or name another file; this one was left as it is"
            )
        return False

    def _check_integrity(self) -> None:
        # By a connection of its own that can only read, for the other would write as soon as it is closed.
        address = f"{self.path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=0)) as reading:
            found = reading.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA locking_mode = EXCLUSIVE")  # which also needs no shared memory
        if self.is_new:
            with self.transaction():  # before the log is begun, so that the header is in the file itself
                run(f"PRAGMA application_id = {APPLICATION_ID}")
                run(f"PRAGMA user_version = {FORMAT_VERSION}")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        with self.transaction():
            tables = {name for (name,) in run("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            if not tables:
                self.is_new = True
                for statement in filter(str.strip, _TABLES.split(";")):
                    run(statement)
            elif not tables >= {"facts", "states", "records", "fakes"}:
                raise sqlite3.DatabaseError("a table is missing")

    @contextmanager
    def _explain(self) -> Iterator[None]:
        """Tells of what SQLite and the system complain about in our words."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StateFileError(f"{self.path}{_explain_failure(error)}") from error


_LEFT_ALONE = "It was left as it is: name another file, or an empty one"


def _explain_failure(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, OSError):
        return f" cannot be opened: {error.strerror or error}"
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return " is in use by another process: one fake has one file. Stop the other, or name another file"
    if isinstance(error, sqlite3.OperationalError):
        return f" cannot be used: {error}"
    return f" is damaged: {error}. {_LEFT_ALONE}"
