"""A whole run against a URL, with its reports: what ``fake-webflow verify`` does."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..kit.clauses import Observation, Verdicts
from ..kit.targets import Address, UrlTarget
from ..report import pages as pages
from ..report.report import Facts, Json, fails, report
from .options import profile_in
from .plugin import HERE, ContractRun
from .preflight import CannotRun, check
from .resume import Unfinished

__all__ = ["Address", "Asked", "CannotRun", "Outcome", "verify"]

SMALLEST_BUDGET = 60
_LONGEST_REASON = 300
_SHORTEST_SECRET = 8
# Only the suite's own configuration counts, not that of the directory somebody happens to be in. Plugins that shuffle
# or distribute tests would undo the plan; nothing may be printed but what verify prints.
_ALONE = (
    "--rootdir", str(HERE), "-c", os.devnull, "--confcutdir", str(HERE), "-W", "ignore",
    "-o", "verbosity_assertions=2",
    "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:fake_webflow",
)  # fmt: skip
Progress = Callable[[int, int, int, int | None], None]
"""Told after each case: cases done, cases in all, requests sent, requests allowed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked to do.

    Args:
        address: Where the API is.
        profile: File of the open choices expected; None for the built-in ones.
        accept_choices: Whether known options other than the profile's pass.
        budget: Most requests; None for 600 where the target shows a limit, and any number elsewhere.
        only: Pattern of the clauses to check.
        reports: Directory to write reports to.
        timeout: Seconds to wait for an answer.
    """

    address: Address
    profile: Path | None = None
    accept_choices: bool = False
    budget: int | None = None
    only: str = "*"
    reports: Path | None = None
    timeout: float = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Args:
        code: 0 if every clause that could be checked holds, otherwise 1.
        report: What it saw.
        profile: Where the profile it saw was written, if it was.
    """

    code: int
    report: Json
    profile: Path | None


def verify(asked: Asked, progress: Progress = lambda *_: None) -> Outcome:
    """Runs the suite and writes its reports.

    Raises:
        CannotRun: It could not run; the text is one line and says why.
    """
    started = datetime.now(UTC)
    target = _opened(asked)
    try:
        state = Unfinished(asked.reports, _identity(asked)) if asked.reports else None
    except OSError as error:  # before anything is made, rather than when everything has been asked
        target.close()
        raise CannotRun(f"cannot write to {asked.reports}: {error.strerror}") from error
    run = _run(asked, target, state, progress)
    assert target.pace is not None
    told = report(
        Facts(
            target=asked.address.url,
            site=_site(run),
            started=started,
            finished=datetime.now(UTC),
            requests=target.pace.spent,
            budget=target.pace.budget,
            rate_limit=target.pace.limit,
            waited=target.pace.waited,
            only=asked.only,
            left_behind=run.left_behind,
        ),
        run.verdicts,
        target.profile,
        accept_choices=asked.accept_choices,
    )
    told = _without(told, asked.address.token)
    if asked.reports:
        write(told, asked.reports)
    if state is not None:
        state.finish()
    return Outcome(int(fails(told)), told, _write_profile(asked, told))


def write(told: Json, directory: Path) -> None:
    """Writes the report in every form."""
    directory.mkdir(parents=True, exist_ok=True)
    forms = {
        "report.json": json.dumps(told, indent=1, ensure_ascii=False) + "\n",
        "report.md": pages.markdown(told),
        "report.html": pages.html(told),
        "junit.xml": pages.junit(told),
    }
    for name, text in forms.items():
        (directory / name).write_bytes(text.encode("utf-8", "replace"))


def _opened(asked: Asked) -> UrlTarget:
    """The target, found to be fit for a run.

    Raises:
        CannotRun: It is not.
    """
    if asked.budget is not None and asked.budget < SMALLEST_BUDGET:
        raise CannotRun(f"a budget of {asked.budget} requests is too small: the sandbox alone takes about 40")
    try:
        profile = profile_in(asked.profile) if asked.profile else None
        target = UrlTarget(asked.address, profile, budget=asked.budget, timeout=asked.timeout)
    except ValueError as error:
        raise CannotRun(_one_line(str(error))) from error
    try:
        check(target)
    except (CannotRun, OSError) as error:
        target.close()
        raise CannotRun(_hider(asked.address.token)(_one_line(str(error)))) from error
    return target


def _run(asked: Asked, target: UrlTarget, state: Unfinished | None, progress: Progress) -> ContractRun:
    """The suite, run to its end.

    Raises:
        CannotRun: It came to none.
    """
    done = 0
    pace = target.pace
    assert pace is not None

    def finished(case: str, observations: Sequence[Observation]) -> None:
        nonlocal done
        done += 1
        progress(done, run.total, pace.spent, pace.budget)
        if state is not None:
            state.note(case, [replace(seen, **_without_token(seen, asked.address.token)) for seen in observations])

    verdicts = state.verdicts if state else Verdicts()
    run = ContractRun(
        lambda: target,
        verdicts=verdicts,
        accept_choices=asked.accept_choices,
        done=state.done if state else (),
        finished=finished,
    )
    code = pytest.main([*_ALONE, f"--only={asked.only}", str(HERE)], plugins=[run])
    if run.refused:
        if state is not None and not state.has_begun:
            state.finish()
        left = "; what it made is still there, and the next run sweeps it" if run.left_behind else ""
        raise CannotRun(_hider(asked.address.token)(_one_line(run.refused) + left))
    if code == pytest.ExitCode.NO_TESTS_COLLECTED and not verdicts.observations:
        raise CannotRun(f"no test checks a clause like {asked.only}")
    if code == pytest.ExitCode.INTERRUPTED:
        left = f"; not removed: {run.left_behind}" if run.left_behind else ""
        again = "; the same command goes on from here" if state else ""
        raise CannotRun(f"interrupted, and what was made is removed{again}" if not left else f"interrupted{left}")
    if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        raise CannotRun(f"pytest could not run the suite ({pytest.ExitCode(code).name.lower()})")
    return run


def _identity(asked: Asked) -> dict[str, Any]:
    """What has to be the same for a run to be gone on with, and that it was begun today."""
    return {
        "target": asked.address.url,
        "site": asked.address.site_id,
        "only": asked.only,
        "profile": asked.profile and asked.profile.read_text(encoding="utf-8"),
        "accept_choices": asked.accept_choices,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _site(run: ContractRun) -> dict[str, str]:
    if run.sandbox is None:
        return {"id": "", "name": "none was needed"}
    return {"id": run.sandbox.site_id, "name": str(run.sandbox.site.get("displayName"))}


def _write_profile(asked: Asked, told: Json) -> Path | None:
    """The profile of what was seen, expectations standing in where nothing was; for ``--profile`` of the next run."""
    if not asked.accept_choices:
        return None
    file = (asked.reports or Path()) / "profile.yaml"
    seen: dict[str, str] = told["profile_seen"]
    note = f"# How {told['target']} makes the open choices, as seen on {told['started'][:10]}.\n"
    expected = {name: option for name, option in told["profile_expected"].items() if name not in seen}
    unseen = "# Not seen, and so as they were expected:\n" + yaml.safe_dump(expected) if expected else ""
    file.write_text(note + (yaml.safe_dump(seen) if seen else "") + unseen, encoding="utf-8")
    return file


def _without_token(seen: Observation, token: str) -> dict[str, Any]:
    hide = _hider(token)
    return {
        "expected": hide(seen.expected),
        "seen": hide(seen.seen),
        "requests": tuple(map(hide, seen.requests)),
    }


def _without(value: Any, token: str) -> Any:
    """The value with the token, wherever the target repeated it, replaced."""
    if isinstance(value, dict):
        return {name: _without(part, token) for name, part in value.items()}
    if isinstance(value, list):
        return [_without(part, token) for part in value]
    return _hider(token)(value) if isinstance(value, str) else value


def _hider(token: str) -> Callable[[str], str]:
    # A shorter one is no secret but part of many a word.
    if len(token) < _SHORTEST_SECRET:
        return lambda text: text
    return lambda text: text.replace(token, "$WEBFLOW_TOKEN")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON]
