"""Compiles the JSON Schema of a request into a Python closure that finds what is wrong with a value.

Nearly every request is as it should be, and that answer must cost little: a list of a hundred items is checked in some
100 us. So a closure answers with the same empty tuple for every value that fits, and where a mistake stands is put
together only on the way back from one. Only the keywords our document uses are known; any other is a mistake in the
schema, reported when it is compiled rather than silently ignored when a request comes.

Two extensions are ours: ``x-clauses`` names the clause by which a keyword refuses where it is not the generic one, and
``x-law`` lists keywords that are not checked here: the document states them for who sends, and the laws of the world
check them later, or nobody does where it is not on record what Webflow answers (names without a character).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ..rules import MOST_PROBLEMS, Problem
from ..world.instants import parse_instant
from . import resolve_reference

Schema = Mapping[str, Any]


class SchemaError(ValueError):
    """A schema says something the checker does not know or that contradicts itself."""


class Finding(NamedTuple):
    """One thing that is wrong with a value.

    Args:
        path: Where in the value, as ``.items[0].fieldData``; empty for the value itself.
        clause: Whose text says what.
        values: What fills the text.
    """

    path: str
    clause: str
    values: Mapping[str, object]

    def as_problem(self, base: str = "") -> Problem:
        """The mistake in words, in a value that stands at that path; an empty one is the body itself."""
        path = f"{base}{self.path}" if base else self.path.removeprefix(".")
        return Problem(self.clause, values={"subject": f"Value ({path})" if path else "Body", **self.values})


Check = Callable[[Any], Sequence[Finding]]
"""What is wrong with a value, in the order the schema names what it is about; the first thousand mistakes suffice."""
_Fails = Callable[[Any], bool]


class _Test(NamedTuple):
    """One keyword's demand on a value of the right type."""

    fails: _Fails
    finding: Finding


_TYPES: Mapping[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
_STRUCTURE = {"object": {"required", "properties", "additionalProperties"}, "array": {"items"}}
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


def compile_schema(schema: Schema | bool) -> Check:
    """The check a schema stands for.

    Args:
        schema: With references into our document; ``False`` for a property that must not be there.

    Raises:
        SchemaError: It uses a keyword or a type the checker does not know, or one that cannot apply.
    """
    if schema is False:
        excluded = (Finding("", "requests.shape.excluded", {}),)
        return lambda _: excluded
    if not isinstance(schema, Mapping):
        raise SchemaError(f"{schema!r} is not a schema the shape checker knows")
    if "$ref" in schema:
        _refuse_other_keywords(schema, {"$ref"})
        return compile_schema(resolve_reference(schema))
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            _refuse_other_keywords(schema, {keyword})
            return _compile_any_of([compile_schema(form) for form in schema[keyword]])
    return _compile_typed(schema)


def _compile_typed(schema: Schema) -> Check:
    """The check of a schema that says which type it is about, optionally or null."""
    kind, names = _read_types(schema)
    clauses = {**_CLAUSES, **schema.get("x-clauses", {})}
    tests = _make_tests(schema, kind, clauses)
    inner = _STRUCTURES[kind](schema, clauses) if _STRUCTURE.get(kind, set()) & schema.keys() else None
    types = frozenset(_TYPES[name] for name in names)
    mistyped = (Finding("", clauses["type"], {"type": ",".join(names)}),)

    def check(value: Any) -> Sequence[Finding]:
        if type(value) not in types:
            return mistyped
        if value is None:
            return ()
        failed = [test.finding for test in tests if test.fails(value)] if tests else ()
        if inner is None:
            return failed
        return (*failed, *inner(value)) if failed else inner(value)

    return check


def _read_types(schema: Schema) -> tuple[str, list[str]]:
    """The one type that a schema's other keywords are about, and all the types it names."""
    names = [schema["type"]] if isinstance(schema.get("type"), str) else list(schema.get("type", ()))
    kinds = [name for name in names if name != "null"]
    if len(kinds) != 1 or not set(names) <= _TYPES.keys():
        raise SchemaError(f"a schema's type must be one the shape checker knows, or null as well: {dict(schema)}")
    left_to_laws = set(schema.get("x-law", ()))
    _refuse_other_keywords(schema, {"type", *_STRUCTURE.get(kinds[0], ()), *_TESTS.get(kinds[0], ()), *left_to_laws})
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
        tests.append(_Test(make(schema[keyword]), Finding("", clauses[keyword], {value_name: schema[keyword]})))
    return tests


def _compile_object(schema: Schema, clauses: Mapping[str, str]) -> Check:
    required: list[str] = schema.get("required", [])
    checks = {name: compile_schema(property_schema) for name, property_schema in schema.get("properties", {}).items()}
    if not set(required) <= checks.keys():
        raise SchemaError(f"a schema requires properties it does not describe: {dict(schema)}")
    rows = list(checks.items())
    missing = [(name, Finding("", clauses["required"], {"property": name})) for name in required]
    others = _find_others(schema, clauses, checks.keys())

    def check(value: dict[str, Any]) -> Sequence[Finding]:
        found: Sequence[Finding] = others(value)
        for name, finding in missing:
            if name not in value:
                found = (*found, finding)
        for name, check_property in rows:
            if name in value:
                inside = check_property(value[name])
                if inside:
                    found = (*found, *_place(inside, f".{name}"))
        return found

    return check


def _find_others(schema: Schema, clauses: Mapping[str, str], known: Collection[str]) -> Check:
    """What is wrong with the properties an object's schema does not name: nothing, unless it takes no others."""
    if schema.get("additionalProperties", True) is not False:
        return lambda _: ()
    if "additionalProperties" not in clauses:
        raise SchemaError(f"additionalProperties needs a clause of its own in x-clauses: {dict(schema)}")
    unknown = (Finding("", clauses["additionalProperties"], {}),)
    names = frozenset(known)
    return lambda value: () if value.keys() <= names else unknown


def _compile_array(schema: Schema, _: Mapping[str, str]) -> Check:
    check_entry = compile_schema(schema["items"])

    def check(value: list[Any]) -> Sequence[Finding]:
        found: list[Finding] = []
        for index, member in enumerate(value):
            inside = check_entry(member)
            if inside:
                found += _place(inside, f"[{index}]")
                if len(found) >= MOST_PROBLEMS:
                    break
        return found

    return check


def _place(findings: Sequence[Finding], step: str) -> list[Finding]:
    return [Finding(step + path, clause, values) for path, clause, values in findings]


def _compile_any_of(forms: Sequence[Check]) -> Check:
    """One of several forms, which in our document exclude each other; if none fits, what each of them finds."""

    def check(value: Any) -> Sequence[Finding]:
        found: list[Finding] = []
        for form in forms:
            inside = form(value)
            if not inside:
                return ()
            found += inside
        return found

    return check


def _refuse_other_keywords(schema: Schema, keywords: set[str]) -> None:
    unknown = schema.keys() - keywords - _ANNOTATIONS
    if unknown:
        raise SchemaError(f"the shape checker does not know {sorted(unknown)} in {dict(schema)}")


def _mismatch(pattern: str) -> _Fails:
    # In JavaScript \d is ASCII and $ is the very end; in Python neither is.
    search = re.compile(re.sub(r"\$$", r"\\Z", pattern), re.ASCII).search
    return lambda value: search(value) is None


def _no_instant(name: str) -> _Fails:
    if name != "date-time":
        raise SchemaError(f"the shape checker does not know the format {name!r}")

    def fails(value: str) -> bool:
        try:
            parse_instant(value)
        except ValueError:
            return True
        return False

    return fails


def _shorter(limit: int) -> _Fails:
    return lambda value: len(value) < limit


def _longer(limit: int) -> _Fails:
    return lambda value: len(value) > limit


def _none_of(values: Sequence[Any]) -> _Fails:
    return lambda value: value not in values


# Keyword, by type: what its operand is called in the clause's text, and what makes a test of the operand.
_TESTS: Mapping[str, Mapping[str, tuple[str, Callable[[Any], _Fails]]]] = {
    "array": {"minItems": ("limit", _shorter), "maxItems": ("limit", _longer)},
    "string": {
        "minLength": ("limit", _shorter),
        "maxLength": ("limit", _longer),
        "pattern": ("pattern", _mismatch),
        "enum": ("allowed", _none_of),
        "format": ("format", _no_instant),
    },
    "boolean": {"enum": ("allowed", _none_of)},
}
_STRUCTURES: Mapping[str, Callable[[Schema, Mapping[str, str]], Check]] = {
    "object": _compile_object,
    "array": _compile_array,
}
