"""What a test asks of its fake: by marker, by fixtures it overrides, by ini options, in this order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, cast

from .. import wording
from .trust import Level

if TYPE_CHECKING:
    import pytest

    from ..seeding.building import Now
    from ..seeding.scenario import ScenarioSource


class MarkerArguments(TypedDict, total=False):
    """What a ``webflow`` marker may say."""

    scenario: ScenarioSource
    rate_limit: int | None
    scopes: Collection[str]
    profile: Mapping[str, str]
    seed: int | None
    now: Now
    trust: str


ARGUMENTS = tuple(MarkerArguments.__annotations__)


_VALUES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "scenario": (lambda value: isinstance(value, str | Path | Mapping), "a scenario's name, a file, or a mapping"),
    "rate_limit": (wording.is_rate_limit, wording.RATE_LIMIT_RULE),
    "scopes": (
        lambda value: (
            isinstance(value, Collection)
            and not isinstance(value, str | Mapping)
            and all(isinstance(scope, str) for scope in value)
        ),
        'a list, as ["cms:read"]',
    ),
    "profile": (lambda value: isinstance(value, Mapping), 'a dict, as {"items.create.is-draft": "false"}'),
    "seed": (
        lambda value: value is None or wording.is_whole_number(value),
        "a whole number, or None for the scenario's own",
    ),
}


class MarkerError(ValueError):
    """An invalid ``webflow`` marker."""


def read_markers(item: pytest.Item) -> MarkerArguments:
    """The arguments of the test's ``webflow`` markers: of several the nearest, of choices the nearest for each.

    Raises:
        MarkerError: An argument that is not there or cannot be; the message says which are near.
    """
    arguments: MarkerArguments = {}
    for marker in item.iter_markers("webflow"):
        if marker.args:
            raise MarkerError(f"@pytest.mark.webflow takes its arguments by name: {', '.join(ARGUMENTS)}")
        found = _check_arguments(marker.kwargs)
        if "profile" in found:  # choices are made one by one
            arguments["profile"] = {**found["profile"], **arguments.get("profile", {})}
        arguments = {**found, **arguments}
    return arguments


def _check_arguments(arguments: Mapping[str, Any]) -> MarkerArguments:
    for name in arguments:
        if name not in ARGUMENTS:
            raise MarkerError(f"@pytest.mark.webflow has no argument {name!r}; {wording.suggest(name, ARGUMENTS)}")
    if "trust" in arguments:
        try:
            Level.of(arguments["trust"])
        except (TypeError, ValueError) as error:
            raise MarkerError(f"@pytest.mark.webflow(trust=...): {error}") from None
    if "now" in arguments:
        try:
            _check_now(arguments["now"])
        except ValueError as error:
            raise MarkerError(f"@pytest.mark.webflow(now=...): {error}") from None
    for name, (is_one, text) in _VALUES.items():
        if name in arguments and not is_one(arguments[name]):
            raise MarkerError(f"@pytest.mark.webflow({name}=...) is {text}; not {arguments[name]!r}")
    return cast(MarkerArguments, arguments)


def parse_profile(lines: Sequence[str]) -> dict[str, str]:
    """The open choices in the lines of an ini option, each ``choice = option``.

    Raises:
        ValueError: A line without an equals sign.
    """
    choices: dict[str, str] = {}
    for line in lines:
        name, equals, option = line.partition("=")
        if not equals:
            raise ValueError(f"webflow_profile has a line 'choice = option' for each choice, not {line!r}")
        choices[name.strip()] = option.strip()
    return choices


def parse_rate_limit(text: str) -> int | None:
    """The rate limit of an ini option: a number of requests a minute, or ``off``.

    Raises:
        ValueError: It is neither.
    """
    try:
        return wording.parse_limit(text.strip() or "off")
    except ValueError as error:
        raise ValueError(f"webflow_rate_limit is {error}") from None


def parse_seed(text: str) -> int | None:
    """The seed of an ini option; None for no text.

    Raises:
        ValueError: It is not a whole number.
    """
    try:
        return int(text) if text.strip() else None
    except ValueError:
        raise ValueError(f"webflow_seed is a whole number, not {text!r}") from None


def parse_now(text: str) -> Now:
    """When worlds begin, as an ini option says it; None for no text.

    Raises:
        ValueError: It is neither an ISO text nor ``machine``.
    """
    if not text.strip():
        return None
    try:
        _check_now(text)
    except ValueError as error:
        raise ValueError(f"webflow_now: {error}") from None
    return text.strip()


def _check_now(now: Now) -> None:
    from ..seeding import read_now  # which most test runs have no use for

    read_now(now)


def find_scenario_file(name: ScenarioSource, folders: Sequence[Path]) -> ScenarioSource:
    """The scenario to load: a file is looked for in these folders, then where pytest was started."""
    if isinstance(name, str | Path) and Path(name).suffix in (".json", ".yaml", ".yml"):
        return next((folder / name for folder in folders if (folder / name).exists()), name)
    return name
