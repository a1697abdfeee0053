"""What a test asks of its fake: by marker, by fixtures it overrides, by ini options, in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .trust import Level

if TYPE_CHECKING:
    import pytest

ARGUMENTS = ("scenario", "rate_limit", "scopes", "profile", "seed", "trust")


class MarkerError(ValueError):
    """A ``webflow`` marker that cannot be meant."""


def marked(item: pytest.Item) -> dict[str, Any]:
    """The arguments of the test's ``webflow`` markers, the nearest first.

    Raises:
        MarkerError: An argument that is not there or cannot be; the message says which are near.
    """
    arguments: dict[str, Any] = {}
    for marker in item.iter_markers("webflow"):
        if marker.args:
            raise MarkerError(f"@pytest.mark.webflow takes its arguments by name: {', '.join(ARGUMENTS)}")
        arguments = {**marker.kwargs, **arguments}
    if arguments:
        _check(arguments)
    return arguments


def _check(arguments: Mapping[str, Any]) -> None:
    for name in arguments:
        if name not in ARGUMENTS:
            from ..seeding.mistakes import nearest  # only a mistake pays for it

            raise MarkerError(f"@pytest.mark.webflow has no argument {name!r}; {nearest(name, ARGUMENTS)}")
    if "trust" in arguments:
        try:
            Level.of(arguments["trust"])
        except (TypeError, ValueError) as error:
            raise MarkerError(f"@pytest.mark.webflow(trust=...): {error}") from None
    limit = arguments.get("rate_limit")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise MarkerError(f"@pytest.mark.webflow(rate_limit=...) is a number from 1 on, or None; not {limit!r}")
    if isinstance(arguments.get("scopes"), str):
        raise MarkerError('@pytest.mark.webflow(scopes=...) is a list, as ["cms:read"]')


def profile_of(lines: Sequence[str]) -> dict[str, str]:
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


def limit_of(text: str) -> int | None:
    """The rate limit of an ini option: a number of requests a minute, or ``off``.

    Raises:
        ValueError: It is neither.
    """
    if text.strip() in ("", "off"):
        return None
    if not text.strip().isdecimal() or int(text) < 1:
        raise ValueError(f"webflow_rate_limit is a number of requests a minute, or off; not {text!r}")
    return int(text)


def scenario_file(name: str | Path, folders: Sequence[Path]) -> str | Path:
    """The scenario as it is to be loaded: a file is looked for in these folders, then where pytest was started."""
    if Path(name).suffix in (".json", ".yaml", ".yml"):
        return next((folder / name for folder in folders if (folder / name).exists()), name)
    return name
