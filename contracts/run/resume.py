"""What a run that is not finished has seen so far, in its report directory, so that the next need not begin anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..kit.clauses import Observation, Verdicts
from .plugin import NOT_CHECKED_THIS_TIME

_FILE_NAME = "unfinished.jsonl"


class ProgressFile:
    """The state of a run, one line a case.

    Args:
        directory: Of the report.
        identity: What the run was asked to do; only a run that was asked the same goes on with it.
    """

    def __init__(self, directory: Path, identity: dict[str, Any]) -> None:
        self._file = directory / _FILE_NAME
        self.verdicts = Verdicts()
        self.done: set[str] = set()
        first, *lines = self._read()
        if first == identity:
            for line in lines:
                self._restore(line)
        else:
            directory.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(identity) + "\n", encoding="utf-8")

    def add(self, case: str, observations: Sequence[Observation]) -> None:
        """Notes a finished case. One that could not be finished is left to the next run."""
        if any(seen.is_unfinished or seen.observed.startswith(NOT_CHECKED_THIS_TIME) for seen in observations):
            return
        options = {seen.clause: self.verdicts.options.get(seen.clause) for seen in observations}
        line = {
            "case": case,
            "saw": [asdict(seen) for seen in observations],
            "options": {name: option for name, option in options.items() if option},
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    @property
    def has_begun(self) -> bool:
        """Whether any case is done, now or before."""
        return len(self._read()) > 1

    def remove(self) -> None:
        """Forgets it all: the report has it."""
        self._file.unlink(missing_ok=True)

    def _read(self) -> list[Any]:
        """The lines there are. The last may have been cut off."""
        try:
            texts = self._file.read_text(encoding="utf-8").splitlines()
        except OSError:
            return [None]
        found: list[Any] = []
        for text in texts:
            try:
                found.append(json.loads(text))
            except ValueError:
                break
        if len(found) < len(texts):
            self._file.write_text("".join(json.dumps(line) + "\n" for line in found), encoding="utf-8")
        return found or [None]

    def _restore(self, line: dict[str, Any]) -> None:
        self.done.add(line["case"])
        self.verdicts.options |= line["options"]
        for row in line["saw"]:
            self.verdicts.add(Observation(**{**row, "requests": tuple(row["requests"])}))
