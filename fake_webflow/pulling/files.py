"""What a pull writes: the partial file with the answers so far, and files that appear only when they are whole.

The same command goes on from the partial file, which is beside FILE.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

_VERSION = 1


class NotThisPull(Exception):
    """The partial file that is there is of another pull, or none at all."""


class PartialFile:
    """Answers by the names of their questions, one a line, each written as soon as it is there.

    Args:
        path: Where it is, or is to be.
        command: What is pulled, and how: another pull cannot go on with these answers.

    Raises:
        NotThisPull: What is there is of another pull.
        OSError: It cannot be read.
    """

    def __init__(self, path: Path, command: Mapping[str, Any]) -> None:
        self.path = path
        self._head = {"fake-webflow pull": _VERSION, **command}
        self._answers: dict[str, dict[str, Any]] = {}
        self._end = 0
        if path.exists():
            self._read()

    def find(self, name: str) -> dict[str, Any] | None:
        """The answer of that name, if it is known."""
        return self._answers.get(name)

    def keep(self, name: str, answer: dict[str, Any]) -> None:
        """Keeps an answer.

        Raises:
            OSError: It cannot be written.
        """
        lines = [] if self._end else [self._head]
        raw = b"".join(orjson.dumps(line) + b"\n" for line in [*lines, {"asked": name, "answer": answer}])
        with self.path.open("r+b" if self._end else "wb") as file:
            # Over what is left of a line that was broken off.
            file.seek(self._end)
            file.write(raw)
            file.truncate()
        self._end += len(raw)
        self._answers[name] = answer

    def remove(self) -> None:
        """Removes it, if it is there."""
        self.path.unlink(missing_ok=True)
        self._answers, self._end = {}, 0

    def _read(self) -> None:
        for line in self.path.read_bytes().splitlines(keepends=True):
            entry = _parse(line)
            if self._end == 0 and entry != self._head:
                if (orjson.dumps(self._head) + b"\n").startswith(line):
                    return  # broken off at once
                raise NotThisPull
            if entry is None:
                return  # it, and what follows it, is asked for again
            if self._end:
                self._answers[entry["asked"]] = entry["answer"]
            self._end += len(line)


def _parse(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and ("asked" in found or "fake-webflow pull" in found) else None


def write_whole(path: Path, data: bytes, check: Callable[[Path], object] = lambda _: None) -> None:
    """Writes a file beside its place and then moves it there, so that nobody finds half of it.

    Args:
        path: Its place.
        data: What is to be in it.
        check: Reads the file before it is moved; what it raises keeps the file from its place.

    Raises:
        OSError: It cannot be written.
    """
    making = path.with_name(f".{path.stem}.new{path.suffix}")
    try:
        making.write_bytes(data)
        check(making)
        making.replace(path)
    except BaseException:
        making.unlink(missing_ok=True)
        raise
