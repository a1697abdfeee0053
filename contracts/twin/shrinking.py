"""The smallest sequence that shows a difference, by leaving out and asking again.

Not Hypothesis: a sequence here is data, not draws, so leaving out calls, keys and list entries (delta debugging)
shrinks it directly, in an order we choose, and with some dozens of replays where Hypothesis takes hundreds. Every
replay works in collections of its own. Where calls are rationed nothing is replayed on the targets: what the last call
has nothing to do with is left out, and if fakes show the same difference, the rest is done on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..generated.calls import REFERENCE, CallSequence, CallSpec, JsonValue, map_texts

Shows = Callable[[CallSequence], bool]
_PUBLISH_OPERATION = "sites.publish"


def slice_calls(calls: CallSequence) -> CallSequence:
    """The last call, and those before it that have to do with the same items, assets, slugs or names.

    Where the last call speaks of none, but of a whole collection, that is all that was done in it.
    """
    last = calls[-1]
    if last.operation == "webhooks.get":
        return calls  # whatever was done may have been told to it
    wanted, kept, grown = _subjects_of(last) or _list_subjects(calls), {len(calls) - 1}, True
    while grown:
        grown = False
        for number, call in enumerate(calls):
            subjects = _subjects_of(call) | {*call.makes}
            if number not in kept and subjects & wanted:
                kept.add(number)
                wanted |= subjects
                grown = True
    referenced = {name for number in kept for name in calls[number].references}
    kept |= {
        number
        for number, call in enumerate(calls)
        if {*call.makes} & referenced or call.operation == _PUBLISH_OPERATION
    }
    return [call for number, call in enumerate(calls) if number in kept]


def renumber(calls: CallSequence) -> CallSequence:
    """The same sequence with names counted from 1 again, each kind by itself."""
    names: dict[str, str] = {}
    for made in (name for call in calls for name in call.makes):
        kind = made.partition("#")[0]
        names[made] = f"{kind}#{sum(other.startswith(f'{kind}#') for other in names.values()) + 1}"

    def rename(text: str) -> str:
        return REFERENCE.sub(lambda match: _rename_reference(match[1], names), text)

    return [
        replace(
            call,
            path=rename(call.path),
            body=map_texts(call.body, rename),
            query=tuple((name, rename(value)) for name, value in call.query),
            makes=tuple(names[name] for name in call.makes),
        )
        for call in calls
    ]


def _rename_reference(reference: str, names: Mapping[str, str]) -> str:
    name, dot, rest = reference.partition(".")
    if "#" in name and not name.startswith(("locale#", "md5 ")):
        name = names.get(name, f"{name.partition('#')[0]}#0")
    return f"{{{name}{dot}{rest}}}"


def _subjects_of(call: CallSpec) -> set[str]:
    """What a call speaks of beside its collection: items, assets and the like, slugs, and names, which make slugs."""
    named = {name for name in call.references if "#" in name and not name.startswith(("collection#", "locale#"))}
    return named | {*_slugs_and_names(call.body)} | {*_slugs_and_names(dict(call.query))}


def _list_subjects(calls: CallSequence) -> set[str]:
    """What the last call lists: everything that was made there, or everything of its kind in the site.

    A new collection counts as a list of those before it, which a plan limits; of other things there may be many.
    """
    path = calls[-1].path.removesuffix("/live")
    kind = path.rpartition("/")[2].removesuffix("s")
    if calls[-1].makes and kind != "collection":
        return set()
    inside = calls[-1].references - {"site"}
    made = [call for call in calls[:-1] if not inside or inside & call.references]
    return {name for call in made for name in call.makes if name.startswith(f"{kind}#")}


def _slugs_and_names(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{key} {value[key]}" for key in ("slug", "name") if isinstance(value.get(key), str))
        for part in value.values():
            yield from _slugs_and_names(part)
    elif isinstance(value, list):
        for part in value:
            yield from _slugs_and_names(part)


def shrink(calls: CallSequence, shows: Shows) -> CallSequence:
    """The smallest sequence that still shows what the given one shows.

    Args:
        calls: A sequence whose last call shows it.
        shows: Plays a sequence and says whether it does.

    Returns:
        One from which no single call can be left out; keys and entries of bodies and parameters are as few as one look
        at each of them leaves.
    """
    for start in (_keep_needed_calls(calls), slice_calls(calls)):
        if len(start) < len(calls) and shows(start):
            calls = start
            break
    calls = _remove_calls(calls, shows)
    smaller = _shrink_calls(calls, shows)
    while len(fewer := _remove_calls(smaller, shows)) < len(smaller):
        smaller = fewer  # a call may have been needed only by what a body or a later call spoke of
    return smaller


def _keep_needed_calls(calls: CallSequence) -> CallSequence:
    """The last call with those that make what it speaks of, and what these speak of."""
    wanted, kept = set(calls[-1].references), [calls[-1]]
    for call in reversed(calls[:-1]):
        if wanted & {*call.makes}:
            wanted |= call.references
            kept.append(call)
    return kept[::-1]


def _remove_calls(calls: CallSequence, shows: Shows) -> CallSequence:
    """Leaves out what can be: first halves, then quarters, in the end single calls, from the end to the beginning."""
    size = max(len(calls) // 2, 1)
    while True:
        end = len(calls) - 1
        while end > 0:
            start = max(end - size, 0)
            fewer = [*calls[:start], *calls[end:]]
            if shows(fewer):
                calls = fewer
            end = start
        if size == 1:
            return calls
        size //= 2


def _shrink_calls(calls: CallSequence, shows: Shows) -> CallSequence:
    for number in range(len(calls)):
        for path in [*_part_paths(calls[number].body), *((name,) for name, _ in calls[number].query)]:
            smaller = _remove_part(calls[number], path)
            changed = [*calls[:number], smaller, *calls[number + 1 :]]
            if smaller != calls[number] and shows(changed):
                calls = changed
    return calls


def _remove_part(call: CallSpec, path: tuple[str | int, ...]) -> CallSpec:
    """The call without a part of its body or of its query; the same call where that is gone already."""
    query = tuple(pair for pair in call.query if (pair[0],) != path)
    return replace(call, query=query, body=_remove_at(call.body, path))


def _part_paths(value: JsonValue, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every key and every entry at any depth: a whole before its parts, and the last entry of a list first."""
    entries: Sequence[tuple[str | int, JsonValue]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))[::-1]
    for key, part in entries:
        yield (*path, key)
        yield from _part_paths(part, (*path, key))


def _remove_at(value: JsonValue, path: tuple[str | int, ...]) -> JsonValue:
    key, *rest = path
    if isinstance(value, dict) and key in value:
        return {
            name: _remove_at(part, tuple(rest)) if name == key else part
            for name, part in value.items()
            if rest or name != key
        }
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return [
            _remove_at(part, tuple(rest)) if number == key else part
            for number, part in enumerate(value)
            if rest or number != key
        ]
    return value
