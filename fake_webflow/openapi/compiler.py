"""Compiles the JSON Schema of a request into two Python closures: one that says whether a value fits, one why not.

Two, because nearly every request fits and that answer must cost little: a list of a hundred items is checked in some
50 us. Only the keywords our document uses are known; any other is a mistake in the schema, reported when it is
compiled rather than silently ignored when a request comes.

Two extensions are ours: ``x-clauses`` names the clause by which a keyword refuses where it is not the generic one, and
``x-law`` lists keywords that are not checked here: the document states them for who sends, and the laws of the world
check them later, or nobody does where it is not on record what Webflow answers (names without a character).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from ..rules import Problem
from ..world.instants import parse_instant
from . import resolve_reference

Schema = Mapping[str, Any]
Fits = Callable[[Any], bool]
FindProblems = Callable[[Any, str], Iterator[Problem]]


class SchemaError(ValueError):
    """A schema says something the checker does not know or that contradicts itself."""


class Shape(NamedTuple):
    """A compiled schema.

    Args:
        fits: Whether a value is as the schema says.
        find_problems: What is wrong with a value that stands at a path (``items[0].fieldData``; empty for the root).
        types: The Python types of all values that fit, where type is all that is asked of them.
    """

    fits: Fits
    find_problems: FindProblems
    types: frozenset[type] = frozenset()


class _Test(NamedTuple):
    """One keyword's demand on a value of the right type."""

    fails: Fits
    clause: str
    values: dict[str, object]


class _Absent:
    """What a property that is not there has for a value."""


_ABSENT = _Absent()
_TYPES: Mapping[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
_STRUCTURE = {"object": {"required", "properties"}, "array": {"items"}}
_ANNOTATIONS = frozenset(["title", "description", "default", "example", "examples", "x-clauses", "x-law"])
# Keywords that are not here need a clause of their own wherever they stand.
_CLAUSES: Mapping[str, str] = {
    "type": "requests.shape.type",
    "required": "requests.shape.required",
    "minItems": "requests.shape.min-items",
    "maxItems": "requests.shape.max-items",
    "minLength": "requests.shape.min-length",
    "enum": "requests.shape.enum",
}


def compile_schema(schema: Schema | bool) -> Shape:
    """The checks a schema stands for.

    Args:
        schema: With references into our document; ``False`` for a property that must not be there.

    Raises:
        SchemaError: It uses a keyword or a type the checker does not know, or one that cannot apply.
    """
    if schema is False:
        return Shape(lambda _: False, lambda _, path: iter([_make_problem("requests.shape.excluded", path)]))
    if not isinstance(schema, Mapping):
        raise SchemaError(f"{schema!r} is no schema the shape checker knows")
    if "$ref" in schema:
        _refuse_other_keywords(schema, {"$ref"})
        return compile_schema(resolve_reference(schema))
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            _refuse_other_keywords(schema, {keyword})
            return _compile_any_of([compile_schema(form) for form in schema[keyword]])
    return _compile_typed(schema)


def _compile_typed(schema: Schema) -> Shape:
    """The shape of a schema that says which type it is about, optionally or null."""
    kind, names = _read_types(schema)
    clauses = {**_CLAUSES, **schema.get("x-clauses", {})}
    tests = _make_tests(schema, kind, clauses)
    inner = _STRUCTURES[kind](schema, clauses) if _STRUCTURE.get(kind, set()) & schema.keys() else None
    types = frozenset(_TYPES[name] for name in names)
    mistyped = _Test(lambda value: type(value) not in types, clauses["type"], {"type": ",".join(names)})
    find_problems = _make_find_problems(types, tests, inner, mistyped)
    return Shape(_make_fits(types, tests, inner), find_problems, frozenset() if tests or inner else types)


def _read_types(schema: Schema) -> tuple[str, list[str]]:
    """The one type that a schema's other keywords are about, and all the types it names."""
    names = [schema["type"]] if isinstance(schema.get("type"), str) else list(schema.get("type", ()))
    kinds = [name for name in names if name != "null"]
    if len(kinds) != 1 or not set(names) <= _TYPES.keys():
        raise SchemaError(f"a schema's type must be one the shape checker knows, or null as well: {dict(schema)}")
    _refuse_other_keywords(schema, {"type", *_STRUCTURE.get(kinds[0], ()), *_TESTS.get(kinds[0], ())})
    extended = {*schema.get("x-law", ()), *schema.get("x-clauses", ())}
    if not extended <= schema.keys():
        raise SchemaError(f"x-law or x-clauses names a keyword the schema does not have: {dict(schema)}")
    return kinds[0], names


def _make_tests(schema: Schema, kind: str, clauses: Mapping[str, str]) -> list[_Test]:
    """The tests of the keywords that are the shape's business, not the world's."""
    tests = []
    for keyword, (value_name, make) in _TESTS.get(kind, {}).items():
        if keyword not in schema or keyword in schema.get("x-law", ()):
            continue
        if keyword not in clauses:
            raise SchemaError(f"{keyword} needs a clause of its own in x-clauses: {dict(schema)}")
        tests.append(_Test(make(schema[keyword]), clauses[keyword], {value_name: schema[keyword]}))
    return tests


def _make_fits(types: frozenset[type], tests: Sequence[_Test], inner: Shape | None) -> Fits:
    failures = [test.fails for test in tests]
    inside = inner.fits if inner is not None else None
    if inside is not None and not failures and len(types) == 1:
        return inside

    def fits(value: Any) -> bool:
        if type(value) not in types:
            return False
        if value is None:
            return True
        for fails in failures:
            if fails(value):
                return False
        return inside is None or inside(value)

    return fits


def _make_find_problems(
    types: frozenset[type], tests: Sequence[_Test], inner: Shape | None, mistyped: _Test
) -> FindProblems:
    def find_problems(value: Any, path: str) -> Iterator[Problem]:
        if type(value) not in types:
            yield _make_problem(mistyped.clause, path, **mistyped.values)
        elif value is not None:
            for test in tests:
                if test.fails(value):
                    yield _make_problem(test.clause, path, **test.values)
            if inner is not None:
                yield from inner.find_problems(value, path)

    return find_problems


def _compile_object(schema: Schema, clauses: Mapping[str, str]) -> Shape:
    required: list[str] = schema.get("required", [])
    shapes = {name: compile_schema(property_schema) for name, property_schema in schema.get("properties", {}).items()}
    if not set(required) <= shapes.keys():
        raise SchemaError(f"a schema requires properties it does not describe: {dict(schema)}")

    def find_problems(value: dict[str, Any], path: str) -> Iterator[Problem]:
        for name in required:
            if name not in value:
                yield _make_problem(clauses["required"], path, property=name)
        for name, shape in shapes.items():
            if name in value:
                yield from shape.find_problems(value[name], f"{path}.{name}" if path else name)

    return Shape(_make_object_fits(required, shapes), find_problems)


def _make_object_fits(required: Sequence[str], shapes: Mapping[str, Shape]) -> Fits:
    # A property of which only the type is asked is looked up once, whether it is there or not: half the cost.
    plain = [
        (name, shape.types if name in required else shape.types | {_Absent})
        for name, shape in shapes.items()
        if shape.types
    ]
    deep = [(name, shape.fits, name in required) for name, shape in shapes.items() if not shape.types]

    def fits(value: Any) -> bool:
        if type(value) is not dict:
            return False
        get = value.get
        for name, types in plain:
            if type(get(name, _ABSENT)) not in types:
                return False
        for name, fit, needed in deep:
            if name in value:
                if not fit(value[name]):
                    return False
            elif needed:
                return False
        return True

    return fits


def _compile_array(schema: Schema, _: Mapping[str, str]) -> Shape:
    entry = compile_schema(schema["items"])

    def fits(value: Any) -> bool:
        return type(value) is list and all(map(entry.fits, value))

    def find_problems(value: list[Any], path: str) -> Iterator[Problem]:
        for index, member in enumerate(value):
            yield from entry.find_problems(member, f"{path}[{index}]")

    return Shape(fits, find_problems)


def _compile_any_of(forms: Sequence[Shape]) -> Shape:
    """One of several forms, which in our document exclude each other; if none fits, the faults seen from each."""

    def fits(value: Any) -> bool:
        return any(form.fits(value) for form in forms)

    def find_problems(value: Any, path: str) -> Iterator[Problem]:
        return iter(()) if fits(value) else chain.from_iterable(form.find_problems(value, path) for form in forms)

    return Shape(fits, find_problems)


def _make_problem(clause: str, path: str, **values: object) -> Problem:
    return Problem(clause, values={"subject": f"Value ({path})" if path else "Body", **values})


def _refuse_other_keywords(schema: Schema, keywords: set[str]) -> None:
    unknown = schema.keys() - keywords - _ANNOTATIONS
    if unknown:
        raise SchemaError(f"the shape checker does not know {sorted(unknown)} in {dict(schema)}")


def _mismatch(pattern: str) -> Fits:
    # In JavaScript \d is ASCII and $ is the very end; in Python neither is.
    search = re.compile(re.sub(r"\$$", r"\\Z", pattern), re.ASCII).search
    return lambda value: search(value) is None


def _no_instant(name: str) -> Fits:
    if name != "date-time":
        raise SchemaError(f"the shape checker does not know the format {name!r}")

    def fails(value: str) -> bool:
        try:
            parse_instant(value)
        except ValueError:
            return True
        return False

    return fails


def _shorter(limit: int) -> Fits:
    return lambda value: len(value) < limit


def _longer(limit: int) -> Fits:
    return lambda value: len(value) > limit


def _none_of(values: Sequence[str]) -> Fits:
    return lambda value: value not in values


# Keyword, by type: what its operand is called in the clause's text, and what makes a test of the operand.
_TESTS: Mapping[str, Mapping[str, tuple[str, Callable[[Any], Fits]]]] = {
    "array": {"minItems": ("limit", _shorter), "maxItems": ("limit", _longer)},
    "string": {
        "minLength": ("limit", _shorter),
        "maxLength": ("limit", _longer),
        "pattern": ("pattern", _mismatch),
        "enum": ("allowed", _none_of),
        "format": ("format", _no_instant),
    },
}
_STRUCTURES: Mapping[str, Callable[[Schema, Mapping[str, str]], Shape]] = {
    "object": _compile_object,
    "array": _compile_array,
}
