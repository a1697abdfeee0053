"""Is a request of the shape its operation states? The first of the two layers of Webflow's 400 answers.

The wording is that of AJV 6, which Webflow's validator shows itself to be in the recorded texts; all mistakes are
listed, keys nobody asked for are ignored (clause ``requests.shape.invalid``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice

import orjson

from ..rules import MOST_PROBLEMS, Problem, Refusal
from . import body_schema, query_parameters, resolve_reference
from .compiler import Check, Finding, Schema, compile_schema


def check_body(operation_id: str, body: object, *, each_form: bool = True) -> list[Problem]:
    """What is wrong with the shape of a request's body.

    Args:
        operation_id: Of our document, as ``items.create-bulk``.
        body: Parsed JSON.
        each_form: Whether a body that may take one of several forms is told what every form misses, or only what the
            form that it has the properties of does (``requests.shape.either-form``).

    Returns:
        Every mistake once, in the order the schema names what it is about; none for a good body.

    Raises:
        LookupError: The document has no such operation.
        SchemaError: The operation's schema says what the checker does not know.
    """
    check = _compile_body(operation_id)
    found = check(body) if check is not None else ()
    if found and not each_form:
        found = _keep_form_sent(operation_id, body, found)
    return _drop_repeats(finding.as_problem() for finding in found) if found else []


@cache
def may_be_empty(operation_id: str) -> frozenset[str]:
    """The query parameters that the document lets come without a value, each with the keys it has in brackets."""
    names: set[str] = set()
    for parameter in query_parameters(operation_id):
        if parameter.get("allowEmptyValue"):
            keys = resolve_reference(parameter["schema"]).get("properties", ())
            names |= {parameter["name"], *(f"{parameter['name']}[{key}]" for key in keys)}
    return frozenset(names)


def check_query(operation_id: str, query: Iterable[tuple[str, str]]) -> list[Problem]:
    """What is wrong with a request's query; names the operation does not know are ignored.

    Args:
        operation_id: Of our document.
        query: Decoded names and values in the order they came, repetitions and empty values included, as
            ``parse_qsl(..., keep_blank_values=True)`` gives them.

    Raises:
        LookupError: The document has no such operation.
        SchemaError: A parameter's schema says what the checker does not know.
    """
    checks = _compile_query(operation_id)
    seen: set[str] = set()
    problems: list[Problem] = []
    for name, value in query:
        if name not in checks:
            continue
        path, check = checks[name]
        if name in seen:
            problems.append(Problem("requests.query.repeated", values={"name": path}))
        else:
            problems += [finding.as_problem(path) for finding in check(value)]
        seen.add(name)
    return _drop_repeats(problems)


def shape_refusal(problems: Sequence[Problem]) -> Refusal:
    """The one refusal that lists all these mistakes in its message, as a compact JSON array."""
    texts = orjson.dumps([problem.text for problem in problems]).decode()
    return Refusal("requests.shape.invalid", problems, problems_text=texts)


@cache
def _compile_body(operation_id: str) -> Check | None:
    schema = body_schema(operation_id)
    return None if schema is None else compile_schema(schema)


def _keep_form_sent(operation_id: str, body: object, found: Sequence[Finding]) -> Sequence[Finding]:
    """Of the mistakes those seen from the forms whose required properties the body has; all where it has none's."""
    forms = [check(body) for check in _compile_forms(operation_id)]
    sent = [form for form in forms if not any(one.clause == "requests.shape.required" and not one.path for one in form)]
    return [finding for form in sent for finding in form] if sent else found


@cache
def _compile_forms(operation_id: str) -> list[Check]:
    schema = resolve_reference(body_schema(operation_id) or {})
    return [compile_schema(form) for form in schema.get("oneOf", ())]


@cache
def _compile_query(operation_id: str) -> dict[str, tuple[str, Check]]:
    """By name in the query (``limit``, ``createdOn[gte]``): the path its mistakes are told at, and its check."""
    checks: dict[str, tuple[str, Check]] = {}
    for parameter in query_parameters(operation_id):
        name = parameter["name"]
        schema = resolve_reference(parameter["schema"])
        if parameter.get("style") == "deepObject" and "properties" not in schema:
            continue  # which keys it takes depends on the world, as with filters on fields
        checks[name] = name, compile_schema(_without_empty(schema))
        if parameter.get("style") == "deepObject":
            for key, value_schema in schema["properties"].items():
                checks[f"{name}[{key}]"] = f"{name}.{key}", compile_schema(_without_empty(value_schema))
    return checks


def _without_empty(schema: Schema) -> Schema:
    """The schema of a value that is there: an empty one, where it may be (``may_be_empty``), is not asked about."""
    first: Schema = schema.get("anyOf", [schema])[0]
    return first


def _drop_repeats(problems: Iterable[Problem]) -> list[Problem]:
    return list({problem.text: problem for problem in islice(problems, MOST_PROBLEMS)}.values())
