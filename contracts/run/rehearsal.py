"""A rehearsal: what each case costs and sees, found out on a fake in this process. Prints one line of JSON."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Generator
from typing import Any

import pytest

from ..kit.targets import InProcessTarget
from .plugin import HERE, QUIETLY, ContractRun, case_of


class Plain(InProcessTarget):
    """A fake that can do no more than any API, and on which calls are spared."""

    capabilities = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.checks_everything = False

    @property
    def rationed(self) -> bool:
        """Calls are spared, as in what is rehearsed."""
        return True


class Costs:
    """Counts each case's requests, and those it leaves for the end."""

    def __init__(self, run: ContractRun) -> None:
        self._run = run
        self.found: dict[str, dict[str, Any]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Counts around a case. What is prepared for the first one and removed after the last is not theirs."""
        before, prepared, writes = self._total(), self._run.sandbox, self._writes()
        result = yield
        cost = self._total() - before if prepared else 0
        seen = [seen for seen in self._run.verdicts.observations if seen.test == item.nodeid]
        held = [one.clause for one in seen if one.outcome == "holds"]
        quiet = self._writes() == writes
        self.found[case_of(item)] = {"cost": cost, "sees": sorted(set(held)), "quiet": quiet}
        return result

    def _total(self) -> int:
        return self._run.open.recorder.count + (self._run.sandbox.owed if self._run.sandbox else 0)

    def _writes(self) -> int:
        sandbox = self._run.sandbox
        recorder = self._run.open.recorder
        return recorder.writes_to(sandbox.everything.id) + recorder.uploads if sandbox else 0


def rehearse(only: str) -> dict[str, dict[str, Any]]:
    """What each case costs and sees, of those that concern clauses like this."""
    run = ContractRun(Plain)
    costs = Costs(run)
    pytest.main([*QUIETLY, "-p", "no:randomly", "--tb=no", f"--only={only}", str(HERE)], plugins=[run, costs])
    return costs.found


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        found = rehearse(*sys.argv[1:])
    json.dump(found, sys.stdout)
    sys.stdout.write("\n")
