"""Sequences of moves: dealt at random from the whole deck, or one fixed plan where calls are rationed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from types import ModuleType

from ..generated.calls import CallSequence
from . import filter_actions, item_actions, site_actions
from .sequence_builder import SequenceBuilder

Action = Callable[[SequenceBuilder], None]


def _actions_in(module: ModuleType) -> list[Action]:
    """The functions of a module in the order in which they are written, which is that of the fixed plan."""
    return [
        value
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
    ]


# There is at least one for every operation and for every open choice that can be seen from here. Only folders of
# assets are not made, because the API cannot remove them.
ACTIONS = (*_actions_in(item_actions), *_actions_in(filter_actions), *_actions_in(site_actions))
ACTIONS_PER_SEQUENCE = 5
"""Moves of one sequence."""
_PLAN_SEED = 20_261_123


def generate_sequences(seed: int, locales: int) -> Iterator[CallSequence]:
    """Sequences without end. The deck is dealt out to its last card before it is shuffled anew.

    Args:
        seed: The same one deals the same sequences.
        locales: How many CMS locales both sides have.
    """
    rng = random.Random(seed)
    while True:
        shuffled = rng.sample(ACTIONS, len(ACTIONS))
        for start in range(0, len(shuffled), ACTIONS_PER_SEQUENCE):
            builder = SequenceBuilder(rng, locales)
            for action in shuffled[start : start + ACTIONS_PER_SEQUENCE]:
                action(builder)
            yield builder.calls


def build_plan(locales: int) -> CallSequence:
    """Every move once, in one collection and after one site publish: for targets that count calls."""
    builder = SequenceBuilder(random.Random(_PLAN_SEED), locales)
    # A site can be published once a minute only, so what needs a second publish is left out or comes last.
    for action in [
        card for card in ACTIONS if card not in (site_actions.publish_whole_site, site_actions.change_fields)
    ]:
        action(builder)
    site_actions.change_fields(builder)
    return builder.calls
