"""Tries the whole suite against every drift and against clean fakes: ``python -m contracts.drift [NAME ...]``.

Exit code 0: every drift was noticed by a clause that concerns it, and no clean fake raised an alarm; else 1. A run over
the whole library writes down which clauses noticed which drift.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from . import drifts, find
from .trial import SEEDS, Record, clean, thoroughly


def main(names: Sequence[str]) -> int:
    """Tries the drifts of these names, or all of them and the clean fakes."""
    chosen = [find(name) for name in names] if names else drifts()
    # Fresh processes: what one run leaves in memory is no part of another.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        of_drifts = workers.map(thoroughly, [drift.name for drift in chosen])
        of_seeds = workers.map(clean, [] if names else SEEDS)
        caught: dict[str, list[str]] = {}
        seconds = 0.0
        for drift, trial in zip(chosen, of_drifts, strict=True):
            caught[drift.name] = trial.of(drift)
            seconds += trial.seconds
            print(f"{drift.name}: {', '.join(caught[drift.name]) or 'NOT NOTICED'}", flush=True)
        alarms = []
        for seed, trial in zip([] if names else SEEDS, of_seeds, strict=True):
            seconds += trial.seconds
            if trial.code != 0:
                alarms.append(f"clean, seed {seed}: {', '.join(sorted(trial.noticed)) or f'exit code {trial.code}'}")
    missed = [name for name, clauses in caught.items() if not clauses]
    print("\n".join(alarms), end="\n" * bool(alarms))
    print(
        f"{len(caught)} drifts, {len(caught) - len(missed)} noticed by a clause that concerns them. "
        f"{0 if names else len(SEEDS)} clean fakes, {len(alarms)} false alarms. {seconds:.0f} seconds of one processor."
    )
    if not (names or missed or alarms):
        Record(caught, len(SEEDS), round(seconds)).write()
    return 1 if missed or alarms else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
