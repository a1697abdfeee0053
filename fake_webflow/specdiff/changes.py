"""What changed between two skeletons, by the table of docs/spec-diff.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from .skeleton import Fact, Facts, Skeleton

Effect = Literal["breaking", "additive", "document only"]


class Change(NamedTuple):
    """One change.

    Args:
        operation: As ``GET /sites/{}``.
        place: As ``200 items [] id``; empty for the whole operation.
        what: What became of it.
        level: What it means for a client.
    """

    operation: str
    place: str
    what: str
    level: Effect


def compare_skeletons(before: Skeleton, after: Skeleton, ahead: frozenset[str] = frozenset()) -> list[Change]:
    """The changes, in the order of operations and places.

    Args:
        before: What was accounted for.
        after: What is now.
        ahead: Operations and parameters that are simulated though the document did not have them; whether it has them
            does not count.
    """
    changes: list[Change] = []
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            changes += [] if key in ahead else [Change(key, "", "is gone", "breaking")]
        elif key not in before:
            changes += [] if key in ahead else [Change(key, "", "is new", "additive")]
        else:
            found = _compare_facts(key, before[key], after[key])
            changes += [one for one in found if f"{key} {one.place}" not in ahead]
    return changes


def _compare_facts(key: str, before: Facts, after: Facts) -> Iterator[Change]:
    for place in sorted(before.keys() | after.keys()):
        around = place.rpartition(" ")[0]
        if place not in after:
            if around in after or around not in before:  # else what it is in is gone
                yield Change(key, place, "is gone", _level_of_loss(place))
        elif place not in before:
            if around in before or around not in after:
                yield Change(key, place, *_describe_new(place, after[place]))
        else:
            compare = _compare_answered if place[0].isdigit() or place.startswith("default") else _compare_sent
            for what, level in compare(before[place], after[place]):
                yield Change(key, place, what, level)


def _level_of_loss(place: str) -> Effect:
    is_status = " " not in place and place not in ("request",)
    return "document only" if is_status and not place.startswith("2") else "breaking"


def _describe_new(place: str, fact: Fact) -> tuple[str, Effect]:
    if place[0].isdigit() or place.startswith("default"):
        is_success = " " not in place and place.startswith("2")
        return "is new", "breaking" if is_success else "additive"
    return ("is new and required", "breaking") if fact.required else ("is new", "additive")


def _compare_answered(before: Fact, after: Fact) -> Iterator[tuple[str, Effect]]:
    if before.required and not after.required:
        yield "may be absent", "breaking"
    if after.required and not before.required:
        yield "is always there", "additive"
    if "null" in after.types and "null" not in before.types and before.types:
        yield "may be null", "breaking"
    if "null" in before.types and "null" not in after.types and after.types:
        yield "is never null", "document only"
    kinds, earlier = after.types - {"null"}, before.types - {"null"}
    if kinds != earlier:
        wider = not kinds or bool(kinds - earlier and earlier)
        yield f"is {_name(kinds)}, was {_name(earlier)}", "breaking" if wider else "document only"
    yield from _compare_enums(before, after, gained="breaking", lost="document only")


def _compare_sent(before: Fact, after: Fact) -> Iterator[tuple[str, Effect]]:
    if after.required and not before.required:
        yield "is required", "breaking"
    if before.required and not after.required:
        yield "is not required any more", "additive"
    if after.types != before.types:
        narrower = bool(before.types - after.types and after.types) or not before.types
        yield f"is {_name(after.types)}, was {_name(before.types)}", "breaking" if narrower else "additive"
    yield from _compare_enums(before, after, gained="additive", lost="breaking")


def _compare_enums(before: Fact, after: Fact, *, gained: Effect, lost: Effect) -> Iterator[tuple[str, Effect]]:
    if before.enum == after.enum:
        return
    if before.enum is None:
        yield f"is one of {', '.join(sorted(after.enum or ()))}", lost
    elif after.enum is None:
        yield "may be any value", gained
    else:
        for value in sorted(after.enum - before.enum):
            yield f"has the new value {value}", gained
        for value in sorted(before.enum - after.enum):
            yield f"has the value {value} no more", lost


def _name(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "of any type"
