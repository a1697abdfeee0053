"""JSON values, good and bad, for the request schemas of our document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from fake_webflow.openapi import resolve_reference

TEXTS = st.text(max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)
# Keys nobody asked for; the ones an operation knows are all plain words.
OTHER_KEYS = st.dictionaries(TEXTS.map("_{}".format), JSON, max_size=2)


def values(schema: Mapping[str, Any] | bool) -> st.SearchStrategy[Any]:
    """Values of the shape a schema states; what ``x-law`` leaves to the world is left open here too."""
    assert isinstance(schema, Mapping)
    schema = resolve_reference(schema)
    forms = schema.get("oneOf") or schema.get("anyOf")
    if forms:
        return st.one_of([values(form) for form in forms])
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    return st.one_of([_of_type(name, schema) for name in types])


def _of_type(name: str, schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    by_law = schema.get("x-law", ())
    limits = {key: schema[key] for key in ("minItems", "maxItems", "minLength", "maxLength") if key in schema}
    asked = {key: limit for key, limit in limits.items() if key not in by_law}
    match name:
        case "object":
            return _objects(schema)
        case "array":
            most = min(asked.get("maxItems", 5), 5)
            return st.lists(values(schema["items"]), min_size=asked.get("minItems", 0), max_size=most)
        case "string" if "enum" in schema and "enum" not in by_law:
            return st.sampled_from(schema["enum"])
        case "string" if "pattern" in schema and "pattern" not in by_law:
            return st.from_regex(schema["pattern"], fullmatch=True, alphabet=st.characters(codec="ascii"))
        case "string" if "format" in schema and "format" not in by_law:
            return st.datetimes().map(lambda moment: moment.isoformat(timespec="milliseconds") + "Z")
        case "string":
            return st.text(min_size=asked.get("minLength", 0), max_size=asked.get("maxLength", 30))
        case "boolean":
            return st.sampled_from(schema.get("enum", [True, False]))
    assert name == "null"
    return st.none()


def _objects(schema: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    shapes = {key: shape for key, shape in schema.get("properties", {}).items() if shape is not False}
    required = set(schema.get("required", ()))
    known = st.fixed_dictionaries(
        {key: values(shape) for key, shape in shapes.items() if key in required},
        optional={key: values(shape) for key, shape in shapes.items() if key not in required},
    )
    if schema.get("additionalProperties") is False:
        return known
    return st.builds(lambda one, other: {**one, **other}, known, OTHER_KEYS)


@st.composite
def spoiled(draw: st.DrawFn, good: st.SearchStrategy[Any]) -> Any:
    """A good value of which one part, at any depth, was replaced or taken out."""
    return _spoil(draw, draw(good))


def _spoil(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, (dict, list)) and value and draw(st.integers(0, 3)):
        place = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        copy = value.copy()
        if draw(st.integers(0, 3)):
            copy[place] = _spoil(draw, value[place])
        else:
            del copy[place]
        return copy
    return draw(JSON)
