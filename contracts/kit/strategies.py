"""What laws are tried with: Hypothesis strategies, and the decorator that makes a test a law."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

TestFunction = TypeVar("TestFunction", bound=Callable[..., Any])

_RATIONED_EXAMPLES = 2
_rationed = False
_shrinks = True


def configure(*, rationed: bool, shrinks: bool) -> None:
    """Says how to try laws from now on; asked whenever one is tried.

    Args:
        rationed: Whether calls are to be spared.
        shrinks: Whether what fails is made small.
    """
    global _rationed, _shrinks
    _rationed, _shrinks = rationed, shrinks


def property_test(*, examples: int = 8, **strategies: st.SearchStrategy[Any]) -> Callable[[TestFunction], TestFunction]:
    """Makes a test a law: it has to hold for all these values. The same values are tried in every run.

    Args:
        examples: How many to try where calls are free.
        strategies: Where the test's arguments come from.
    """

    def decorate(test: TestFunction) -> TestFunction:
        @wraps(test)
        def run(*arguments: Any, **named: Any) -> None:
            hypothesis_settings(examples)(given(**strategies)(test))(*arguments, **named)

        # pytest reads from it which fixtures the test wants: the arguments that Hypothesis does not give.
        run.__signature__ = signature(given(**strategies)(test))  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return decorate


def hypothesis_settings(examples: int, *, rationed_examples: int = _RATIONED_EXAMPLES, steps: int = 1) -> settings:
    """How Hypothesis is to try something: the same values in every run, and as few as there may be.

    Args:
        examples: How many where calls are free.
        rationed_examples: How many at most where they are spared.
        steps: Of a state machine.
    """
    return settings(
        max_examples=min(examples, rationed_examples) if _rationed else examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if _shrinks else [])],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


def words(*, longest: int = 40) -> st.SearchStrategy[str]:
    """Names that people might give: letters of any script, digits, marks and spaces, on one line."""
    alphabet = st.characters(exclude_categories=["C", "Zl", "Zp"])
    return st.text(alphabet, min_size=1, max_size=longest).filter(lambda text: text.strip() != "")


def texts() -> st.SearchStrategy[str]:
    """Texts of several lines and any script."""
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80)


def bulk_sizes() -> st.SearchStrategy[int]:
    """How many items to send at once: none, one, and around the limit."""
    return st.sampled_from([1, 100, 101, 99, 2])


def offsets(total: int) -> st.SearchStrategy[int]:
    """Offsets into and beyond a list."""
    return st.one_of(st.integers(0, total), st.sampled_from([total, total + 1, 10**6]))


def dates() -> st.SearchStrategy[tuple[str, str]]:
    """Dates as they may be sent, each with what is read."""
    return st.sampled_from(
        [
            ("2026-03-01T10:20:30.456Z", "2026-03-01T10:20:30.456Z"),
            ("2026-03-01T10:20:30Z", "2026-03-01T10:20:30.000Z"),
            ("2026-03-01T10:20:30.456+02:00", "2026-03-01T08:20:30.456Z"),
            ("2026-03-01T10:20:30", "2026-03-01T10:20:30.000Z"),
            ("2026-03-01", "2026-03-01T00:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ]
    )
