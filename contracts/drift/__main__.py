"""Tries the whole suite against every drift and against clean fakes: ``python -m contracts.drift [NAME ...]``.

Exit code 0: every drift was noticed by a clause that concerns it, and no clean fake raised an alarm; else 1. Then it
writes down which clauses noticed which drift: a run over the whole library anew, a run of some for those alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from . import drifts, find_drift
from .suite_runs import CLEAN_SEEDS, DriftRecord, run_all_tests, run_clean


def main(names: Sequence[str]) -> int:
    """Tries the drifts of these names, or all of them and the clean fakes."""
    chosen = [find_drift(name) for name in names] if names else drifts()
    # Fresh processes: what one run leaves in memory is no part of another.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        drift_runs = workers.map(run_all_tests, [drift.name for drift in chosen])
        clean_runs = workers.map(run_clean, [] if names else CLEAN_SEEDS)
        caught: dict[str, list[str]] = {}
        seconds = 0.0
        for drift, suite_run in zip(chosen, drift_runs, strict=True):
            caught[drift.name] = suite_run.related_clauses(drift)
            seconds += suite_run.seconds
            print(f"{drift.name}: {', '.join(caught[drift.name]) or 'NOT NOTICED'}", flush=True)
        alarms = []
        for seed, suite_run in zip([] if names else CLEAN_SEEDS, clean_runs, strict=True):
            seconds += suite_run.seconds
            if suite_run.code != 0:
                differing = ", ".join(sorted(suite_run.differing_clauses))
                alarms.append(f"clean, seed {seed}: {differing or f'exit code {suite_run.code}'}")
    missed = [name for name, clauses in caught.items() if not clauses]
    print("\n".join(alarms), end="\n" * bool(alarms))
    print(
        f"{len(caught)} drifts, {len(caught) - len(missed)} noticed by a clause that concerns them. "
        f"{0 if names else len(CLEAN_SEEDS)} clean fakes, {len(alarms)} false alarms. "
        f"{seconds:.0f} seconds of one processor."
    )
    if not (missed or alarms):
        whole = DriftRecord(caught, len(CLEAN_SEEDS), round(seconds))
        (DriftRecord.read().with_caught(caught) if names else whole).write()
    return 1 if missed or alarms else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
