"""The command line and the environment: which target, which site, which profile."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from fake_webflow.rules import Profile, read_choices

from ..kit.in_process import InProcessTarget
from ..kit.targets import Address, Target, UrlTarget

_OPTIONS = (
    ("--webflow-url", "WEBFLOW_URL", "URL", "base URL of the API, version included; without it a fake in this process"),
    (
        "--webflow-token",
        "WEBFLOW_TOKEN",
        "TOKEN",
        "bearer token; better in the environment, where no process list shows it",
    ),
    (
        "--webflow-site",
        "WEBFLOW_SITE",
        "ID",
        "the site to work in; by default the only one, or the one named a sandbox",
    ),
    ("--profile", "WEBFLOW_PROFILE", "FILE", "YAML or JSON: how the target is expected to make the open choices"),
    (
        "--budget",
        "WEBFLOW_BUDGET",
        "N",
        "most requests of a run against a URL (default: 600 where it has a rate limit)",
    ),
)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run was asked to do. No repr shows the token.

    Args:
        address: Where the API is; None for a fake in this process.
        profile: How it is expected to make the open choices.
        accept_choices: Whether known options other than the profile's pass.
        budget: Most requests of the run, or None for as many as are usual.
    """

    address: Address | None
    profile: Profile
    accept_choices: bool = False
    budget: int | None = None

    def open_target(self) -> Target:
        """Opens the target."""
        if self.address is None:
            return InProcessTarget(expected=self.profile)
        return UrlTarget(self.address, self.profile, budget=self.budget)

    @staticmethod
    def add_to(parser: pytest.Parser) -> None:
        """Adds the options to pytest's."""
        group = parser.getgroup("contracts", "the contract suite's target")
        for option, variable, metavar, text in _OPTIONS:
            group.addoption(option, metavar=metavar, help=f"{text} (environment: {variable})")
        group.addoption(
            "--sandbox", action="store_true", help="the site is a sandbox that may be written to and published"
        )
        group.addoption("--only", metavar="PATTERN", help="only tests of clauses like this: items.slug.*")
        group.addoption("--accept-choices", action="store_true", help="known options of open choices pass, whichever")

    @classmethod
    def from_config(cls, config: pytest.Config) -> RunOptions:
        """The options of a run, the command line before the environment.

        Raises:
            pytest.UsageError: They make no sense; the text is one line.
        """
        url, token, site, profile, budget = (
            config.getoption(option) or os.environ.get(variable) for option, variable, _, _ in _OPTIONS
        )
        if url and not token:
            raise pytest.UsageError("--webflow-url needs a token: --webflow-token or WEBFLOW_TOKEN")
        if url and re.search("[@?#]", url):
            raise pytest.UsageError("--webflow-url is an address without user, password and query: reports name it")
        if url and not url.startswith(("http://", "https://")):
            raise pytest.UsageError(f"--webflow-url is not an http address: {url}")
        if budget and not (budget.isdecimal() and int(budget)):
            raise pytest.UsageError(f"--budget is a number of requests, not {budget}")
        sandbox = config.getoption("--sandbox") or os.environ.get("WEBFLOW_SANDBOX", "") not in ("", "0")
        return cls(
            Address(url, token, site, sandbox) if url and token else None,
            _load_profile_option(profile),
            config.getoption("--accept-choices"),
            int(budget) if budget else None,
        )


def _load_profile_option(file: str | None) -> Profile:
    try:
        return load_profile(Path(file)) if file else Profile()
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def load_profile(file: Path) -> Profile:
    """The profile that a file of choices describes.

    Raises:
        ValueError: It describes none; the text names the file.
    """
    try:
        return Profile().with_choices(read_choices(file))
    except OSError as error:
        raise ValueError(f"--profile {file}: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"--profile {error}") from error
