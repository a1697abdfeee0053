"""Sequences of moves: dealt at random from the whole deck, or one fixed plan where calls are rationed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from . import item_moves, site_moves
from .calls import Calls
from .scene import Scene

MOVES = (*item_moves.MOVES, *site_moves.MOVES)
HAND = 5
"""Moves of one sequence."""
_PLAN = 20_261_123


def sequences(seed: int, locales: int) -> Iterator[Calls]:
    """Sequences without end. The deck is dealt out to its last card before it is shuffled anew.

    Args:
        seed: The same one deals the same sequences.
        locales: How many CMS locales both sides have.
    """
    chance = random.Random(seed)
    while True:
        deck = chance.sample(MOVES, len(MOVES))
        for start in range(0, len(deck), HAND):
            scene = Scene(chance, locales)
            for played in deck[start : start + HAND]:
                played(scene)
            yield scene.calls


def plan(locales: int) -> Calls:
    """Every move once, in one collection and after one site publish: for targets that count calls."""
    scene = Scene(random.Random(_PLAN), locales)
    # A site can be published once a minute only, so what needs a second publish is left out or comes last.
    for played in [card for card in MOVES if card not in (site_moves.publish_site, site_moves.fields)]:
        played(scene)
    site_moves.fields(scene)
    return scene.calls
