"""Who has which name in a scenario: records are found by any of their names, and mistakes in naming them are told."""

from __future__ import annotations

from ..nearest import nearest
from ..world.values import OBJECT_ID
from .mistakes import Mistake


class Registry:
    """Names by kind. A kind says of what and perhaps within what: ``site``, ``collection in <site id>``."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, str]] = {}

    def claim(self, kind: str, name: str, record_id: str, place: str) -> None:
        """Gives a record a name that no other of its kind may have.

        Raises:
            Mistake: Another one has it.
        """
        if name in self._ids.setdefault(kind, {}):
            raise Mistake(place, f"another {kind.partition(' ')[0]} is {name!r} already")
        self._ids[kind][name] = record_id

    def offer(self, kind: str, name: str, record_id: str) -> None:
        """Gives a record a name that others may have as well; the first is found by it."""
        self._ids.setdefault(kind, {}).setdefault(name, record_id)

    def named(self, kind: str, name: str, place: str) -> str:
        """The id of the record of that name.

        Raises:
            Mistake: There is none.
        """
        known = self._ids.get(kind, {})
        if name not in known:
            spoken = [word for word in known if not OBJECT_ID.fullmatch(word)]
            raise Mistake(place, f"no {kind.partition(' ')[0]} is named {name!r}; {nearest(name, spoken or known)}")
        return known[name]
