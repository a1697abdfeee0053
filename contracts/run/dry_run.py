"""A rehearsal: what each case costs and sees, found out on a fake in this process. Prints one line of JSON."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Generator
from typing import Any

import pytest

from ..kit.in_process import InProcessTarget
from .plugin import QUIET_ARGUMENTS, SUITE_DIRECTORY, ContractRun, case_id_of


class PlainTarget(InProcessTarget):
    """A fake that can do no more than any API, and on which calls are spared."""

    capabilities = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.checks_everything = False

    @property
    def is_rationed(self) -> bool:
        """Calls are spared, as in what is rehearsed."""
        return True


class CostMeter:
    """Counts each case's requests, and those it leaves for the end."""

    def __init__(self, run: ContractRun) -> None:
        self._run = run
        self.cases: dict[str, dict[str, Any]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Counts around a case. What is prepared for the first one and removed after the last is not theirs."""
        before, prepared, writes = self._total_requests(), self._run.sandbox, self._count_writes()
        result = yield
        cost = self._total_requests() - before if prepared else 0
        seen = [seen for seen in self._run.verdicts.observations if seen.test == item.nodeid]
        held_clauses = [one.clause for one in seen if one.outcome == "holds"]
        quiet = self._count_writes() == writes
        self.cases[case_id_of(item)] = {"cost": cost, "sees": sorted(set(held_clauses)), "quiet": quiet}
        return result

    def _total_requests(self) -> int:
        return self._run.target.recorder.response_count + (self._run.sandbox.removal_cost if self._run.sandbox else 0)

    def _count_writes(self) -> int:
        sandbox = self._run.sandbox
        recorder = self._run.target.recorder
        return recorder.count_writes(sandbox.everything.id) + recorder.upload_count if sandbox else 0


def measure_costs(only: str) -> dict[str, dict[str, Any]]:
    """What each case costs and sees, of those that concern clauses like this."""
    run = ContractRun(PlainTarget)
    meter = CostMeter(run)
    pytest.main(
        [*QUIET_ARGUMENTS, "-p", "no:randomly", "--tb=no", f"--only={only}", str(SUITE_DIRECTORY)], plugins=[run, meter]
    )
    return meter.cases


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        found = measure_costs(*sys.argv[1:])
    json.dump(found, sys.stdout)
    sys.stdout.write("\n")
