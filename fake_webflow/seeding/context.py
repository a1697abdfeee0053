"""Where the ids and dates come from that a scenario leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..conditions import Ids
from ..errors import ScenarioError
from ..rules import Profile
from ..wording import join_lines, suggest
from ..world.addresses import Addresses
from ..world.instants import parse_instant
from ..world.values import OBJECT_ID_PATTERN
from .rows import DatedRow, MadeRow


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
        return ScenarioError(join_lines(f"{source}: {self}"))


@contextmanager
def strip_place(outer: str) -> Iterator[None]:
    """Has mistakes name their place without the outer part of it, for who wrote no more than the inner part."""
    try:
        yield
    except Mistake as mistake:
        raise Mistake("", str(mistake).removeprefix(outer)) from None


# What is given neither a date nor an id with a date in it was made then, and what is in it a second each later. Where
# somebody says when the world begins, it is made as long before that.
_BEGINNING = 1_735_689_600_000  # 2025-01-01T00:00:00Z


class BuildContext:
    """Ids and dates while a world is built. It is the ``Context`` of the laws applied meanwhile.

    Args:
        ids: Where fresh ids come from.
        profile: The open choices.
        addresses: What URLs in the world start with.
        now: What the fake's clock will show at first.
        moved: Milliseconds by which what the scenario leaves undated is later than usual.
        keeps_ids: Whether ids are as they usually are all the same, and tell instants so much earlier.
        is_strict: Whether the clock stays as it is, so that no date is made up after it.
    """

    def __init__(
        self,
        ids: Ids,
        profile: Profile,
        addresses: Addresses,
        now: int,
        *,
        moved: int = 0,
        keeps_ids: bool = False,
        is_strict: bool = False,
    ) -> None:
        self.ids = ids
        self.profile = profile
        self.addresses = addresses
        self.beginning = _BEGINNING + moved
        """When what has no date was made."""
        self.instant = self.beginning
        self.latest = 0
        self._now = now
        self._ids_moved = moved if keeps_ids else 0
        self._is_strict = is_strict

    def now(self) -> int:
        """The instant of what is being built, which the builder sets as ``parse_instant``."""
        return self.instant

    def new_id(self, instant: int) -> str:
        """A fresh id of 24 hexadecimal digits that tells the instant, or what it would be in a world not moved."""
        drawn = self.ids.object_id(instant - self._ids_moved)
        self.ids = self.ids.next()
        return drawn

    def digits(self, count: int) -> str:
        """That many hexadecimal digits, 32 at most."""
        drawn = self.ids.digits(count)
        self.ids = self.ids.next()
        return drawn

    def identify(self, spec: MadeRow, otherwise: int) -> tuple[str, int]:
        """Id and ``createdOn`` of a record: each follows from the other where only one is given (``ids.time``).

        An id that tells an instant after the fake's start was made up by hand and tells nothing.

        Args:
            spec: The record as the scenario has it.
            otherwise: The instant where neither is given.
        """
        record_id, created_on = spec.get("id"), spec.get("createdOn")
        id_instant = int(record_id[:8], 16) * 1000 + self._ids_moved if record_id else None
        if self._is_strict:
            otherwise = min(otherwise, self._now)
        if created_on is not None:
            made = parse_instant(created_on)
        else:
            made = id_instant if id_instant is not None and id_instant <= self._now else otherwise
        self.latest = max(self.latest, made)
        return record_id or self.new_id(made), made

    def read_moment(self, text: str | None, otherwise: int | None = None) -> int | None:
        """The instant a date of the scenario names, or the other where there is none."""
        named = parse_instant(text) if text is not None else otherwise
        self.latest = max(self.latest, named or 0)
        return named

    def read_last_updated(self, spec: DatedRow, created_on: int) -> int:
        """A record's ``lastUpdated``: its creation where it is not given."""
        moment = self.read_moment(spec.get("lastUpdated"), created_on)
        assert moment is not None
        return moment


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

    def find_id(self, kind: str, name: str, place: str) -> str:
        """The id of the record of that name.

        Raises:
            Mistake: There is none.
        """
        known = self._ids.get(kind, {})
        if name not in known:
            spoken = [word for word in known if not OBJECT_ID_PATTERN.fullmatch(word)]
            raise Mistake(place, f"no {kind.partition(' ')[0]} is named {name!r}; {suggest(name, spoken or known)}")
        return known[name]
