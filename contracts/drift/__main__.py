"""Tries the suite against every drift, harmless changes and clean fakes: ``python -m contracts.drift [NAME ...]``.

Exit code 0: every drift was noticed by a clause that concerns it, and neither a harmless change nor a clean fake raised
an alarm; else 1. Then it writes down which clauses noticed which drift: a run over the whole library anew, a run of
some for those alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from . import drifts, find_drift, harmless_changes
from .suite_runs import CLEAN_SEEDS, DriftRecord, SuiteRun, run_all_tests, run_clean, run_harmless


def main(names: Sequence[str]) -> int:
    """Tries the changes of these names, or all of them and the clean fakes."""
    chosen = [find_drift(name) for name in names] if names else [*drifts(), *harmless_changes()]
    harmful = [drift for drift in chosen if not drift.is_harmless]
    harmless = [drift.name for drift in chosen if drift.is_harmless]
    seeds = [] if names else CLEAN_SEEDS
    caught: dict[str, list[str]] = {}
    alarms: list[str] = []
    seconds = 0.0
    # Fresh processes: what one run leaves in memory is no part of another.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        drift_runs = workers.map(run_all_tests, [drift.name for drift in harmful])
        harmless_runs = workers.map(run_harmless, harmless)
        clean_runs = workers.map(run_clean, seeds)
        for drift, suite_run in zip(harmful, drift_runs, strict=True):
            caught[drift.name] = suite_run.related_clauses(drift)
            seconds += suite_run.seconds
            print(f"{drift.name}: {', '.join(caught[drift.name]) or 'NOT NOTICED'}", flush=True)
        for name, suite_run in zip(harmless, harmless_runs, strict=True):
            seconds += suite_run.seconds
            alarms += _alarms(name, suite_run)
        for seed, suite_run in zip(seeds, clean_runs, strict=True):
            seconds += suite_run.seconds
            alarms += _alarms(f"clean, seed {seed}", suite_run) or [
                f"clean, seed {seed}: {note}" for note in suite_run.notes
            ]
    missed = [name for name, clauses in caught.items() if not clauses]
    print("\n".join(alarms), end="\n" * bool(alarms))
    print(
        f"{len(caught)} drifts, {len(caught) - len(missed)} noticed by a clause that concerns them. "
        f"{len(harmless)} harmless changes and {len(seeds)} clean fakes, {len(alarms)} false alarms. "
        f"{seconds:.0f} seconds of one processor."
    )
    if not (missed or alarms):
        whole = DriftRecord(caught, len(CLEAN_SEEDS), round(seconds))
        (DriftRecord.read().with_caught(caught) if names else whole).write()
    return 1 if missed or alarms else 0


def _alarms(what: str, suite_run: SuiteRun) -> list[str]:
    """What was wrongly called a difference, in a line."""
    if suite_run.code == 0:
        return []
    return [f"{what}: {', '.join(sorted(suite_run.differing_clauses)) or f'exit code {suite_run.code}'}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
