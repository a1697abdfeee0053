"""A whole run against a URL, with its reports: what ``fake-webflow verify`` does."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_webflow.rules import Profile

from ..generated.conformance import known_headers
from ..kit.clauses import Observation, Verdicts
from ..kit.pacing import Pacer
from ..kit.sandbox import NAME_PREFIX
from ..kit.sites import SandboxRefused, find_site
from ..kit.targets import Address, UrlTarget
from ..report import pages as pages
from ..report.report import RunFacts, RunReport, build_report, has_failed
from .plan import Plan, find_cover
from .plugin import SANDBOX_COST, SUITE_DIRECTORY, ContractRun
from .preflight import CannotRun, check_target, to_one_line
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
        profile: How the open choices are expected to be made; None for the built-in one.
        accept_choices: Whether known options other than the profile's pass.
        budget: Most requests; None for 600 where the target shows a limit, and any number elsewhere.
        only: Pattern of the clauses to check.
        report_directory: Directory to write reports to.
        timeout: Seconds to wait for an answer.
        baseline: A ``report.json`` of an earlier run, whose differences are compared.
    """

    address: Address
    profile: Profile | None = None
    accept_choices: bool = False
    budget: int | None = None
    only: str = "*"
    report_directory: Path | None = None
    timeout: float = 30
    baseline: Path | None = None


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """How a run ended.

    Args:
        code: 0 if every clause that could be checked holds, otherwise 1.
        report: What it saw.
        profile: Where the profile it saw was written, if it was.
    """

    code: int
    report: RunReport
    profile: Path | None


def verify(settings: VerifySettings, progress: ProgressCallback = lambda *_: None) -> VerifyResult:
    """Runs the suite and writes its reports.

    Raises:
        CannotRun: It could not run; the text is one line and says why.
    """
    started = datetime.now(UTC)
    baseline = None if settings.baseline is None else read_differences(settings.baseline)
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
            retries=target.pacer.retries,
            unknown_headers=sorted(target.recorder.header_names - known_headers()),
            notes=sorted(target.recorder.notes),
        ),
        run.verdicts,
        target.profile,
        accept_choices=settings.accept_choices,
        baseline=baseline,
    )
    run_report = _hide_token(run_report, settings.address.token)
    if settings.report_directory:
        write_reports(run_report, settings.report_directory)
    if progress_file is not None:
        progress_file.remove()
    return VerifyResult(int(has_failed(run_report)), run_report, _write_profile(settings, run_report))


def describe_plan(settings: VerifySettings) -> list[str]:
    """What a run would do, in lines of text. Only the reads of the preflight are sent; nothing is written.

    Raises:
        CannotRun: It could not run; the text is one line and says why.
    """
    target = _open_target(settings)
    try:
        site, pacer = find_site(target), target.pacer
    except SandboxRefused as error:
        raise CannotRun(_token_hider(settings.address.token)(to_one_line(error, _LONGEST_REASON))) from error
    finally:
        target.close()
    assert pacer is not None
    cases = [
        case for case in Plan.read().cases.values() if any(fnmatchcase(name, settings.only) for name in case.clauses)
    ]
    cover = find_cover(
        [
            replace(case, clauses=frozenset(name for name in case.clauses if fnmatchcase(name, settings.only)))
            for case in cases
        ]
    )
    seen = {name for case in cover for name in case.clauses}
    if not cases:
        raise CannotRun(f"no test checks a clause like {settings.only}")
    needed = sum(case.cost for case in cover) + SANDBOX_COST
    limit = (
        f"the target shows a limit of {pacer.limit} requests a minute" if pacer.limit else "the target shows no limit"
    )
    return [
        f"Target: {settings.address.url}, site {site.get('displayName')} ({site['id']})",
        f"Checks: {len(seen)} clauses like {settings.only}, by up to {len(cases)} cases",
        f"Sends:  at most {pacer.budget} requests, {needed} of which see every clause once; {limit}"
        if pacer.budget is not None
        else f"Sends:  as many requests as the cases take, at least {needed}; {limit}",
        f"Writes: collections, items, assets and webhooks whose names begin with {NAME_PREFIX}; publishes the site",
        "Leaves: nothing but two folders for assets, which the API cannot delete",
    ]


def read_differences(report: Path) -> list[str]:
    """The clauses that differ in an earlier report.

    Raises:
        CannotRun: It is not a report.
    """
    try:
        rows = json.loads((report / "report.json" if report.is_dir() else report).read_bytes())["clauses"]
        return [row["clause"] for row in rows if row["result"] == "differs"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise CannotRun(f"--baseline {report} is not a report of fake-webflow verify") from error


def write_reports(run_report: RunReport, directory: Path) -> None:
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
        target = UrlTarget(settings.address, settings.profile, budget=settings.budget, timeout=settings.timeout)
    except ValueError as error:
        raise CannotRun(to_one_line(error, _LONGEST_REASON)) from error
    try:
        check_target(target)
    except (CannotRun, OSError) as error:
        target.close()
        raise CannotRun(_token_hider(settings.address.token)(to_one_line(error, _LONGEST_REASON))) from error
    return target


class _Watch:
    """Is told of each finished case: shows how far the run is, and keeps what the case saw.

    Args:
        pacer: Of the target.
        token: To be kept out of the file.
        progress_file: Where unfinished runs are kept, if they are.
        show: Shows it.
    """

    def __init__(self, pacer: Pacer, token: str, progress_file: ProgressFile | None, show: ProgressCallback) -> None:
        self._pacer, self._token, self._file, self._show = pacer, token, progress_file, show
        self._done = 0

    def note_case(self, run: ContractRun, case: str, observations: Sequence[Observation]) -> None:
        """Notes a finished case."""
        self._done += 1
        self._show(self._done, run.case_count, self._pacer.spent, self._pacer.budget)
        if self._file is not None:
            self._file.add(case, [self._hide_token_in(seen) for seen in observations])

    def _hide_token_in(self, seen: Observation) -> Observation:
        expected, observed, requests = _hide_token((seen.expected, seen.observed, seen.requests), self._token)
        return replace(seen, expected=expected, observed=observed, requests=requests)


def _run_suite(
    settings: VerifySettings, target: UrlTarget, progress_file: ProgressFile | None, progress: ProgressCallback
) -> ContractRun:
    """The suite, run to its end.

    Raises:
        CannotRun: It came to none.
    """
    assert target.pacer is not None
    watch = _Watch(target.pacer, settings.address.token, progress_file, progress)
    run = ContractRun(
        lambda: target,
        verdicts=progress_file.verdicts if progress_file else Verdicts(),
        accept_choices=settings.accept_choices,
        done=progress_file.done if progress_file else (),
        on_case_done=watch.note_case,
    )
    code = pytest.main([*_ISOLATION_ARGUMENTS, f"--only={settings.only}", str(SUITE_DIRECTORY)], plugins=[run])
    reason = _failure_reason(run, code, settings, is_resumable=progress_file is not None)
    if run.refusal_reason and progress_file is not None and not progress_file.has_begun:
        progress_file.remove()
    if reason:
        raise CannotRun(reason)
    return run


def _failure_reason(run: ContractRun, code: int, settings: VerifySettings, *, is_resumable: bool) -> str:
    """Why a run did not finish, in one line; nothing if it did."""
    if run.refusal_reason:
        left = "; what it made is still there, and the next run sweeps it" if run.left_behind else ""
        return _token_hider(settings.address.token)(to_one_line(run.refusal_reason, _LONGEST_REASON) + left)
    match code:
        case pytest.ExitCode.NO_TESTS_COLLECTED if not run.verdicts.observations:
            return f"no test checks a clause like {settings.only}"
        case pytest.ExitCode.INTERRUPTED if run.left_behind:
            return f"interrupted; not removed: {run.left_behind}"
        case pytest.ExitCode.INTERRUPTED:
            again = "; the same command goes on from here" if is_resumable else ""
            return f"interrupted, and what was made is removed{again}"
        case pytest.ExitCode.INTERNAL_ERROR | pytest.ExitCode.USAGE_ERROR:
            return f"pytest could not run the suite ({pytest.ExitCode(code).name.lower()})"
    return ""


def _run_identity(settings: VerifySettings) -> dict[str, Any]:
    """What has to be the same for a run to be gone on with, and that it was begun today."""
    return {
        "target": settings.address.url,
        "site": settings.address.site_id,
        "only": settings.only,
        "profile": settings.profile and settings.profile.chosen,
        "accept_choices": settings.accept_choices,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _describe_site(run: ContractRun) -> dict[str, str]:
    if run.sandbox is None:
        return {"id": "", "name": "none was needed"}
    return {"id": run.sandbox.site_id, "name": str(run.sandbox.site.get("displayName"))}


def _write_profile(settings: VerifySettings, run_report: RunReport) -> Path | None:
    """The profile of what was seen, expectations standing in where nothing was; for ``--profile`` of the next run."""
    if not settings.accept_choices:
        return None
    file = (settings.report_directory or Path()) / "profile.yaml"
    observed: dict[str, str] = run_report["profile_seen"]
    evidence = run_report["profile_evidence"]
    note = f"# How {run_report['target']['url']} makes the open choices, as seen on {run_report['started'][:10]}.\n"
    expected = {name: option for name, option in run_report["profile_expected"].items() if name not in observed}
    assumed = "# Not seen, and so as they were expected:\n" + yaml.safe_dump(expected) if expected else ""
    seen = [
        (f"# seen: {to_one_line(evidence[name])}\n" if evidence.get(name) else "") + yaml.safe_dump({name: option})
        for name, option in observed.items()
    ]
    file.write_text(note + "".join(seen) + assumed, encoding="utf-8")
    return file


def _hide_token(value: Any, token: str) -> Any:
    """The value with the token, wherever the target repeated it, replaced."""
    if isinstance(value, dict):
        return {name: _hide_token(part, token) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_hide_token(part, token) for part in value)
    return _token_hider(token)(value) if isinstance(value, str) else value


def _token_hider(token: str) -> Callable[[str], str]:
    # A shorter one is no secret but part of many a word.
    if len(token) < _SHORTEST_SECRET:
        return lambda text: text
    return lambda text: text.replace(token, "$WEBFLOW_TOKEN")
