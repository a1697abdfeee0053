"""Measures what each case costs and sees, on a fake in this process: ``python -m contracts.run.measuring``."""

from __future__ import annotations

import sys
from collections.abc import Generator

import pytest

from ..kit.clauses import Observation
from ..kit.in_process import InProcessTarget
from .plan import PlannedCase, find_cover, write_plan
from .plugin import QUIET_ARGUMENTS, SUITE_DIRECTORY, ContractRun, case_id_of


class PlainTarget(InProcessTarget):
    """A fake that can do no more than any API, and on which calls are spared."""

    capabilities = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.checks_everything = False

    @property
    def is_rationed(self) -> bool:
        """Calls are spared, as in the runs that are planned."""
        return True


class CostMeter:
    """Counts each case's requests, and those it leaves for the end."""

    def __init__(self, run: ContractRun) -> None:
        self._run = run
        self.cases: list[PlannedCase] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Counts around a case. What is prepared for the first one and removed after the last is not theirs."""
        before, prepared, writes = self._total_requests(), self._run.sandbox, self._count_writes()
        result = yield
        cost = self._total_requests() - before if prepared else 0
        held = {seen.clause for seen in self._run.verdicts.observations if _holds_in(item, seen)}
        quiet = self._count_writes() == writes
        self.cases.append(PlannedCase(case_id_of(item), frozenset(held), cost, quiet))
        return result

    def _total_requests(self) -> int:
        return self._run.target.recorder.response_count + (self._run.sandbox.removal_cost if self._run.sandbox else 0)

    def _count_writes(self) -> int:
        sandbox = self._run.sandbox
        recorder = self._run.target.recorder
        return recorder.count_writes(sandbox.everything.id) + recorder.upload_count if sandbox else 0


def _holds_in(item: pytest.Item, seen: Observation) -> bool:
    return seen.test == item.nodeid and seen.outcome == "holds"


def measure_cases() -> list[PlannedCase]:
    """Every case of the suite.

    Raises:
        RuntimeError: The suite does not hold on the fake, so that nothing it cost can be relied on.
    """
    run = ContractRun(PlainTarget)
    meter = CostMeter(run)
    code = pytest.main(
        [*QUIET_ARGUMENTS, "-p", "no:randomly", "-p", "no:xdist", str(SUITE_DIRECTORY)], plugins=[run, meter]
    )
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"the suite ended with {code}")
    return meter.cases


def main() -> int:
    """Measures the suite and keeps the plan."""
    cases = measure_cases()
    write_plan(cases)
    cover = find_cover(cases)
    print(
        f"{len(cases)} cases; {len(cover)} of them see every clause, for {sum(case.cost for case in cover)} requests."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
