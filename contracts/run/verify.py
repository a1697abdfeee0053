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

from fake_webflow.client import JsonObject

from ..kit.clauses import Observation, Verdicts
from ..kit.targets import Address, UrlTarget
from ..report import pages as pages
from ..report.report import RunFacts, build_report, has_failed
from .options import load_profile
from .plugin import SUITE_DIRECTORY, ContractRun
from .preflight import CannotRun, check_target
from .resume import ProgressFile

__all__ = ["Address", "CannotRun", "VerifyResult", "VerifySettings", "verify"]

SMALLEST_BUDGET = 60
_LONGEST_REASON = 300
_SHORTEST_SECRET = 8
# Only the suite's own configuration counts, not that of the directory somebody happens to be in. Plugins that shuffle
# or distribute tests would undo the plan; nothing may be printed but what verify prints.
_ISOLATION_ARGUMENTS = (
    "--rootdir", str(SUITE_DIRECTORY), "-c", os.devnull, "--confcutdir", str(SUITE_DIRECTORY), "-W", "ignore",
    "-o", "verbosity_assertions=2",
    "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:fake_webflow",
)  # fmt: skip
ProgressCallback = Callable[[int, int, int, int | None], None]
"""Told after each case: cases done, cases in all, requests sent, requests allowed."""


@dataclass(frozen=True, slots=True)
class VerifySettings:
    """What a run is asked to do.

    Args:
        address: Where the API is.
        profile: File of the open choices expected; None for the built-in ones.
        accept_choices: Whether known options other than the profile's pass.
        budget: Most requests; None for 600 where the target shows a limit, and any number elsewhere.
        only: Pattern of the clauses to check.
        report_directory: Directory to write reports to.
        timeout: Seconds to wait for an answer.
    """

    address: Address
    profile: Path | None = None
    accept_choices: bool = False
    budget: int | None = None
    only: str = "*"
    report_directory: Path | None = None
    timeout: float = 30


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """How a run ended.

    Args:
        code: 0 if every clause that could be checked holds, otherwise 1.
        report: What it saw.
        profile: Where the profile it saw was written, if it was.
    """

    code: int
    report: JsonObject
    profile: Path | None


def verify(settings: VerifySettings, progress: ProgressCallback = lambda *_: None) -> VerifyResult:
    """Runs the suite and writes its reports.

    Raises:
        CannotRun: It could not run; the text is one line and says why.
    """
    started = datetime.now(UTC)
    target = _open_target(settings)
    try:
        progress_file = (
            ProgressFile(settings.report_directory, _run_identity(settings)) if settings.report_directory else None
        )
    except OSError as error:  # before anything is made, rather than when everything has been asked
        target.close()
        raise CannotRun(f"cannot write to {settings.report_directory}: {error.strerror}") from error
    run = _run_suite(settings, target, progress_file, progress)
    assert target.pacer is not None
    run_report = build_report(
        RunFacts(
            target=settings.address.url,
            site=_describe_site(run),
            started=started,
            finished=datetime.now(UTC),
            requests=target.pacer.spent,
            budget=target.pacer.budget,
            rate_limit=target.pacer.limit,
            waited=target.pacer.waited,
            only=settings.only,
            left_behind=run.left_behind,
        ),
        run.verdicts,
        target.profile,
        accept_choices=settings.accept_choices,
    )
    run_report = _hide_token(run_report, settings.address.token)
    if settings.report_directory:
        write_reports(run_report, settings.report_directory)
    if progress_file is not None:
        progress_file.remove()
    return VerifyResult(int(has_failed(run_report)), run_report, _write_profile(settings, run_report))


def write_reports(run_report: JsonObject, directory: Path) -> None:
    """Writes the report in every form."""
    directory.mkdir(parents=True, exist_ok=True)
    forms = {
        "report.json": json.dumps(run_report, indent=1, ensure_ascii=False) + "\n",
        "report.md": pages.to_markdown(run_report),
        "report.html": pages.to_html(run_report),
        "junit.xml": pages.to_junit(run_report),
    }
    for name, text in forms.items():
        (directory / name).write_bytes(text.encode("utf-8", "replace"))


def _open_target(settings: VerifySettings) -> UrlTarget:
    """The target, found to be fit for a run.

    Raises:
        CannotRun: It is not.
    """
    if settings.budget is not None and settings.budget < SMALLEST_BUDGET:
        raise CannotRun(f"a budget of {settings.budget} requests is too small: the sandbox alone takes about 40")
    try:
        profile = load_profile(settings.profile) if settings.profile else None
        target = UrlTarget(settings.address, profile, budget=settings.budget, timeout=settings.timeout)
    except ValueError as error:
        raise CannotRun(_one_line(str(error))) from error
    try:
        check_target(target)
    except (CannotRun, OSError) as error:
        target.close()
        raise CannotRun(_token_hider(settings.address.token)(_one_line(str(error)))) from error
    return target


def _run_suite(
    settings: VerifySettings, target: UrlTarget, progress_file: ProgressFile | None, progress: ProgressCallback
) -> ContractRun:
    """The suite, run to its end.

    Raises:
        CannotRun: It came to none.
    """
    done = 0
    pacer = target.pacer
    assert pacer is not None

    def on_case_done(case: str, observations: Sequence[Observation]) -> None:
        nonlocal done
        done += 1
        progress(done, run.total, pacer.spent, pacer.budget)
        if progress_file is not None:
            progress_file.add(
                case, [replace(seen, **_hide_token_in(seen, settings.address.token)) for seen in observations]
            )

    verdicts = progress_file.verdicts if progress_file else Verdicts()
    run = ContractRun(
        lambda: target,
        verdicts=verdicts,
        accept_choices=settings.accept_choices,
        done=progress_file.done if progress_file else (),
        on_case_done=on_case_done,
    )
    code = pytest.main([*_ISOLATION_ARGUMENTS, f"--only={settings.only}", str(SUITE_DIRECTORY)], plugins=[run])
    if run.refusal_reason:
        if progress_file is not None and not progress_file.has_begun:
            progress_file.remove()
        left = "; what it made is still there, and the next run sweeps it" if run.left_behind else ""
        raise CannotRun(_token_hider(settings.address.token)(_one_line(run.refusal_reason) + left))
    if code == pytest.ExitCode.NO_TESTS_COLLECTED and not verdicts.observations:
        raise CannotRun(f"no test checks a clause like {settings.only}")
    if code == pytest.ExitCode.INTERRUPTED:
        left = f"; not removed: {run.left_behind}" if run.left_behind else ""
        again = "; the same command goes on from here" if progress_file else ""
        raise CannotRun(f"interrupted, and what was made is removed{again}" if not left else f"interrupted{left}")
    if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        raise CannotRun(f"pytest could not run the suite ({pytest.ExitCode(code).name.lower()})")
    return run


def _run_identity(settings: VerifySettings) -> dict[str, Any]:
    """What has to be the same for a run to be gone on with, and that it was begun today."""
    return {
        "target": settings.address.url,
        "site": settings.address.site_id,
        "only": settings.only,
        "profile": settings.profile and settings.profile.read_text(encoding="utf-8"),
        "accept_choices": settings.accept_choices,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _describe_site(run: ContractRun) -> dict[str, str]:
    if run.sandbox is None:
        return {"id": "", "name": "none was needed"}
    return {"id": run.sandbox.site_id, "name": str(run.sandbox.site.get("displayName"))}


def _write_profile(settings: VerifySettings, run_report: JsonObject) -> Path | None:
    """The profile of what was seen, expectations standing in where nothing was; for ``--profile`` of the next run."""
    if not settings.accept_choices:
        return None
    file = (settings.report_directory or Path()) / "profile.yaml"
    observed: dict[str, str] = run_report["profile_seen"]
    note = f"# How {run_report['target']} makes the open choices, as seen on {run_report['started'][:10]}.\n"
    expected = {name: option for name, option in run_report["profile_expected"].items() if name not in observed}
    assumed = "# Not seen, and so as they were expected:\n" + yaml.safe_dump(expected) if expected else ""
    file.write_text(note + (yaml.safe_dump(observed) if observed else "") + assumed, encoding="utf-8")
    return file


def _hide_token_in(observation: Observation, token: str) -> dict[str, Any]:
    hide = _token_hider(token)
    return {
        "expected": hide(observation.expected),
        "observed": hide(observation.observed),
        "requests": tuple(map(hide, observation.requests)),
    }


def _hide_token(value: Any, token: str) -> Any:
    """The value with the token, wherever the target repeated it, replaced."""
    if isinstance(value, dict):
        return {name: _hide_token(part, token) for name, part in value.items()}
    if isinstance(value, list):
        return [_hide_token(part, token) for part in value]
    return _token_hider(token)(value) if isinstance(value, str) else value


def _token_hider(token: str) -> Callable[[str], str]:
    # A shorter one is no secret but part of many a word.
    if len(token) < _SHORTEST_SECRET:
        return lambda text: text
    return lambda text: text.replace(token, "$WEBFLOW_TOKEN")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON]
