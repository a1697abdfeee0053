"""Mistakes in scenarios: each is one line that says which file, which place in it, and what is wrong there."""

from __future__ import annotations


class ScenarioError(ValueError):
    """A scenario that cannot be used; the message is one line, as ``demo.yaml: sites[0].id: must be a string``."""


class Mistake(Exception):
    """A mistake at a place, before it is known in which file.

    Args:
        place: As ``sites[0].collections[1].items[3].fieldData.color``; empty for the whole file.
        text: What is wrong there.
    """

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text}" if place else text)

    def in_file(self, source: str) -> ScenarioError:
        """The mistake with the name of its file, on one line whatever it quotes."""
        return ScenarioError(" ".join(f"{source}: {self}".split()))
