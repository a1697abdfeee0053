"""What the report of a failed test says of its fake: the last calls, why they were refused, what would have done."""

from __future__ import annotations

from collections.abc import Sequence

from ..conditions import Exchange
from ..handle.accepting import describe_acceptable
from ..handle.journal import without_secrets
from ..rules import find_clause
from ..wording import abbreviate
from ..world.world import World

TITLE = "fake Webflow journal"
_MOST_CALLS = 30
_MOST_REFUSALS = 5
_LONGEST = 300


def journal_section(exchanges: Sequence[Exchange], world: World) -> str:
    """The section of a failed test's report.

    Args:
        exchanges: The test's own.
        world: What the fake holds; its tokens are printed nowhere.
    """
    shown = exchanges[-_MOST_CALLS:]
    left_out = len(exchanges) - len(shown)
    first = len(exchanges) - len(shown) + 1
    lines = [f"({left_out} earlier calls are left out)"] if left_out else []
    lines += [f"{number:>3} {abbreviate(str(exchange), _LONGEST)}" for number, exchange in enumerate(shown, first)]
    return without_secrets("\n".join([*lines, *_refusals(exchanges), *_acceptable(exchanges, world)]), world.tokens)


def _refusals(exchanges: Sequence[Exchange]) -> list[str]:
    """The rules that refused, the last ones, each once: they say what would have been accepted."""
    named = [name for exchange in reversed(exchanges) for name in exchange.clauses]
    lines = []
    for name in list(dict.fromkeys(named))[:_MOST_REFUSALS]:
        lines += ["", f"{name} ({find_clause(name).kind})", f"  {find_clause(name).says}"]
        if find_clause(name).options:
            options = (f"{option}: {meaning}" for option, meaning in find_clause(name).options.items())
            lines += [f"  it is an open choice: {'; '.join(options)}"]
    return ["", "Refused by:", *lines[1:]] if lines else []


def _acceptable(exchanges: Sequence[Exchange], world: World) -> list[str]:
    """What would have been accepted in place of the last refused calls, each once."""
    refused = [exchange for exchange in reversed(exchanges) if exchange.clauses and not exchange.fault]
    said = dict.fromkeys(line for exchange in refused[:_MOST_REFUSALS] for line in describe_acceptable(exchange, world))
    return ["", "What would have been accepted:", *(f"  {line}" for line in said)] if said else []
