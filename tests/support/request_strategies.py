"""Requests, good and bad, to every operation of our document: shapes from its schemas, real ids mixed in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import md5
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from worlds import (
    AUTHORS_ID,
    BLUE,
    DE,
    DOMAIN_ID,
    EN,
    FR,
    LOCALES,
    OTHER_SITE_ID,
    POSTS_ID,
    RED,
    SITE_ID,
    SITE_TOKEN,
    TOKEN,
    WORKSPACE_TOKEN,
    ask,
    collection,
    every_field,
    fake,
    field,
    ok,
    world,
)

from fake_webflow.fake import Fake
from fake_webflow.openapi import METHODS, body_schema, load_document, query_parameters, resolve_reference
from fake_webflow.world.assets import StoredFile

UNKNOWN = "99" * 12
JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "\0", "x" * 300, "null", [], {}, [[]], {"url": 1}, "é", [None], 1e308, -0.0, 2**64, UNKNOWN])
)


class Operation(NamedTuple):
    """One operation of the document: where it is, and what it answers."""

    id: str
    method: str
    path: str
    responses: Mapping[str, Any]


class Sent(NamedTuple):
    """One request as it is sent."""

    path: str
    query: str
    body: bytes | None
    headers: Mapping[str, str]


@cache
def operations() -> tuple[Operation, ...]:
    return tuple(
        Operation(stated["operationId"], method.upper(), path, stated["responses"])
        for path, methods in load_document()["paths"].items()
        for method, stated in methods.items()
        if method in METHODS
    )


_PUBLISHED = [
    {"name": "Live", "reference": None, "image": {"url": "https://example.com/a.png"}},
    {"name": "Held"},
    {"name": "Archived"},
]


class Base(NamedTuple):
    """A fake with something of everything in it, and the ids of all that by the name of the parameter."""

    fake: Fake
    ids: Mapping[str, Sequence[str]]


@cache
def base() -> Base:
    own = field("Reference", "own", validations={"collectionId": POSTS_ID})
    needed = field("PlainText", "needed", is_required=True, validations={"maxLength": 20})
    start = world(*every_field(), own).with_collection(
        collection(UNKNOWN.replace("9", "7"), "strict", fields=(needed,))
    )
    made = fake(start)
    posts, authors = f"/collections/{POSTS_ID}/items", f"/collections/{AUTHORS_ID}/items"

    def create(path: str, body: object) -> list[str]:
        answered = ok(ask(made, "POST", path, body))
        return list(dict.fromkeys(item["id"] for item in answered.get("items", [answered])))

    author_ids = create(f"{authors}/live", {"items": [{"fieldData": {"name": name}} for name in ("Ann", "Ben")]})
    bulk = {
        "cmsLocaleIds": LOCALES,
        "fieldData": [{"name": f"Post {n}", "slug": f"post-{n}", "number": n} for n in range(4)],
    }
    drafts = create(f"{posts}/bulk", bulk)
    live = create(
        f"{posts}/bulk",
        {
            "isDraft": False,
            "cmsLocaleIds": [EN, DE],
            "fieldData": _PUBLISHED,
        },
    )
    ok(ask(made, "POST", f"{posts}/publish", {"items": [{"id": item, "cmsLocaleIds": [EN, DE]} for item in live]}))
    referring = create(f"{posts}/live", {"fieldData": {"name": "Refers", "reference": author_ids[0], "own": live[1]}})
    ok(ask(made, "PATCH", posts, {"items": [{"id": live[2], "isArchived": True}]}))
    folders = [ok(ask(made, "POST", f"/sites/{SITE_ID}/asset_folders", {"displayName": name}))["id"] for name in "AB"]
    assets = [
        ok(
            ask(
                made,
                "POST",
                f"/sites/{SITE_ID}/assets",
                {"fileName": name, "fileHash": name, "parentFolder": folders[0]},
            )
        )
        for name in ("a.png", "b.pdf")
    ]
    hook = {"triggerType": "site_publish", "url": "https://example.com/hook"}
    hooks = [ok(ask(made, "POST", f"/sites/{SITE_ID}/webhooks", hook))["id"]]
    stored = StoredFile(assets[0]["uploadDetails"]["key"], "image/png", md5(b"png").hexdigest(), b"png")
    made.restore(made.state._replace(world=made.state.world.with_files([stored])))
    fields = made.state.world.collections[POSTS_ID].fields
    ids = {
        "site_id": [SITE_ID] * 6 + [OTHER_SITE_ID],
        "collection_id": [POSTS_ID] * 8 + [AUTHORS_ID, UNKNOWN.replace("9", "7")],
        "item_id": [*drafts, *live * 3, *referring * 3, *author_ids],
        "field_id": [found.id for found in fields],
        "asset_id": [asset["id"] for asset in assets],
        "asset_folder_id": folders,
        "webhook_id": hooks,
    }
    return Base(made, ids)


def some_id(kind: str) -> st.SearchStrategy[str]:
    """Mostly a real id, now and then one of nothing, or none at all."""
    real = st.sampled_from(list(base().ids[kind]))
    odd = st.sampled_from([UNKNOWN, "x", "", "0" * 25, "\0", "é"])
    return st.integers(0, 19).flatmap(lambda dice: odd if dice == 0 else real.map(str.upper) if dice == 1 else real)


LOCALE = st.sampled_from([EN, EN, DE, DE, FR, FR, UNKNOWN, UNKNOWN, "x", EN.upper()])
SLUGS = st.sampled_from(["post-1", "post-2", "live", "held", "new", "new-2", "a b", "-", "é", "", "x" * 257])
FILES = st.fixed_dictionaries(
    {
        "url": st.sampled_from(
            ["https://example.com/a.png", f"https://cdn.prod.website-files.com/{SITE_ID}/none.png", "x"]
        )
    },
    optional={"alt": st.sampled_from(["", "a"]) | st.none(), "fileId": st.sampled_from(["", UNKNOWN])},
)


def field_data(required: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Field data for the posts: mostly what the fields take, now and then anything."""
    good: Mapping[str, st.SearchStrategy[Any]] = {
        "plaintext": st.text(max_size=10),
        "richtext": st.just("<p>a</p>"),
        "email": st.just("a@b.cd"),
        "phone": st.just("1"),
        "link": st.just("https://a.b"),
        "color": st.just("#fff"),
        "number": st.integers() | st.floats(-9, 9),
        "switch": st.booleans(),
        "datetime": st.sampled_from(["2024-01-01", "2024-01-01T10:00:00+02:00"]),
        "videolink": st.just("https://a.b/v"),
        "image": FILES,
        "multiimage": st.lists(FILES, max_size=2),
        "file": FILES,
        "option": st.sampled_from([RED, BLUE]),
        "reference": st.deferred(lambda: some_id("item_id")),
        "multireference": st.lists(st.deferred(lambda: some_id("item_id")), max_size=2),
        "needed": st.just("x"),
    }
    name = {"name": st.sampled_from(["Post 1", "A new one", "日本", "x"])}
    slug = {"slug": SLUGS}
    kept = (
        st.fixed_dictionaries(name, optional=slug) if required else st.fixed_dictionaries({}, optional={**name, **slug})
    )
    usual = st.lists(st.sampled_from(sorted(good)), max_size=3, unique=True).flatmap(
        lambda slugs: st.fixed_dictionaries({slug: good[slug] for slug in slugs})
    )
    odd = st.dictionaries(st.sampled_from([*sorted(good), "name", "slug", "zz", "_archived", ""]), JUNK, max_size=2)
    extra = st.integers(0, 5).flatmap(lambda dice: odd if dice == 0 else usual)
    return st.builds(lambda one, other: {**other, **one}, kept, extra)


TEXTS: Mapping[str, st.SearchStrategy[Any]] = {
    "cmsLocaleId": LOCALE,
    "cmsLocaleIds": st.lists(LOCALE, max_size=3, unique=True),
    "localeId": st.sampled_from(["e2" * 12, "e0" * 12, UNKNOWN, "x"]),
    "customDomains": st.lists(st.sampled_from([DOMAIN_ID, DOMAIN_ID, UNKNOWN]), max_size=2),
    "fileName": st.sampled_from(["a.png", "ü ü.pdf", "a/b", "x" * 99, 'a"b', ".", "a.b.css"]),
    "fileHash": st.sampled_from(["a.png", "0" * 32, "", "new", "new-2"]),
    "url": st.sampled_from(["https://example.com/x", "x", "http://localhost:1/"]),
    "triggerType": st.sampled_from(["collection_item_created", "site_publish", "form_submission", "x"]),
    "displayName": st.sampled_from(["Posts", "Name", "A", "Fresh", "日本", "", "x" * 300]),
    "singularName": st.sampled_from(["One", ""]),
    "limit": st.sampled_from(["1", "2", "100", "101", "0", "9" * 40, "x", "1"]),
    "offset": st.sampled_from(["0", "3", "500", "-1", "9" * 40]),
    "name": st.sampled_from(["Live", "Post 1", "", "A"]),
    "slug": SLUGS,
    "sortBy": st.sampled_from(["name", "slug", "createdOn", "lastPublished", "lastUpdated", "id"]),
    "skipInvalidFiles": st.sampled_from(["true", "false", "", "1"]),
    "folderId": st.deferred(lambda: some_id("asset_folder_id")),
    "parentFolder": st.none() | st.deferred(lambda: some_id("asset_folder_id")),
    "collectionId": st.deferred(lambda: some_id("collection_id")),
}
FIELD_QUERIES: Mapping[str, st.SearchStrategy[str]] = {
    "filter": st.sampled_from(
        [
            *(f"filter[{slug}][{how}]" for slug in ("name", "number", "id") for how in ("eq", "in", "gt", "exists")),
            *("filter", "filter[name]", "filter[][eq]", "filter[name][eq][]", "filter[none][eq]"),
        ]
    ),
    "sort": st.sampled_from(
        ["sort[name]", "sort[number]", "sort[id]", "sort[none]", "sort[richtext]", "sort", "sort[]"]
    ),
}
BOUNDS = st.sampled_from(["2026-01-01T00:00:00.005Z", "2024-01-01", "0001-01-01", "x", "2026-01-01T00:00:00+02:00"])


def value_of(schema: Mapping[str, Any], name: str) -> st.SearchStrategy[Any]:
    """Values for a property of that name: what its schema states, with real ids and texts where there are some."""
    schema = resolve_reference(schema)
    if name in ("id", "itemIds"):
        ids = some_id("item_id")
        return st.lists(ids, max_size=4) if schema.get("type") == "array" else ids
    if name == "fieldData" and "oneOf" not in schema and schema.get("type") == "object":
        return field_data(required=bool(schema.get("required")))
    if name in TEXTS:
        return TEXTS[name]
    forms = schema.get("oneOf") or schema.get("anyOf")
    if forms and "properties" not in schema:
        return st.one_of([value_of(form, name) for form in forms])
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    return st.one_of([_of_type(type_, schema, name) for type_ in types])


def _without_contradictions(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of an insert whose properties go together."""
    if "allCmsLocales" in entry:
        return {key: value for key, value in entry.items() if key not in ("id", "cmsLocaleIds")}
    return entry if entry.get("cmsLocaleIds") else {key: value for key, value in entry.items() if key != "id"}


def _of_type(type_: str, schema: Mapping[str, Any], name: str) -> st.SearchStrategy[Any]:
    match type_:
        case "object":
            # Publishing a single page is not simulated: 501, which the document does not state.
            known = {
                key: shape
                for key, shape in schema.get("properties", {}).items()
                if shape is not False and key != "pageId"
            }
            values = {
                key: st.deferred(lambda key=key, shape=shape: value_of(shape, key)) for key, shape in known.items()
            }
            required = set(schema.get("required", ()))
            needed = {key: value for key, value in values.items() if key in required}
            made = st.fixed_dictionaries(
                needed, optional={key: value for key, value in values.items() if key not in required}
            )
            return st.one_of(made, made.map(_without_contradictions)) if "dependentRequired" in schema else made
        case "array":
            return st.lists(value_of(schema["items"], name), min_size=schema.get("minItems", 0), max_size=3)
        case "string":
            return st.sampled_from(schema["enum"]) if "enum" in schema else st.sampled_from(["text", "", "é\0", "<p>"])
        case "boolean":
            return st.sampled_from(schema.get("enum", [True, False]))
    return st.none() if type_ == "null" else JUNK


@st.composite
def spoiled(draw: st.DrawFn, value: Any) -> Any:
    """The value with one part at some depth replaced or taken out."""
    if isinstance(value, dict | list) and value and draw(st.integers(0, 2)):
        place = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        copy = value.copy()
        if draw(st.integers(0, 3)):
            copy[place] = draw(spoiled(value[place]))
        else:
            del copy[place]
        return copy
    return draw(JUNK)


RAW_BODIES = st.sampled_from(
    [b"", b"{", b"[[[[", b"\xff", b"null", b'{"a": 1e400}', b"[" * 2000, b'{"items": "\\ud800"}']
)
CREDENTIALS: Sequence[str | None] = [TOKEN] * 16 + [SITE_TOKEN] * 2 + [WORKSPACE_TOKEN, "unknown", None]


def sent_to(operation: Operation) -> st.SearchStrategy[Sent]:
    """Requests to one operation."""
    schema = body_schema(operation.id)
    body = value_of(schema, "") if schema is not None else None
    names = [parameter["name"] for parameter in query_parameters(operation.id)]
    # A path without its last id is another operation's.
    path = [some_id(part[1:-1]).filter(bool) if part.startswith("{") else part for part in operation.path.split("/")]
    return _sent(path, names, body)


@st.composite
def _sent(draw: st.DrawFn, path: Sequence[Any], names: Sequence[str], body: st.SearchStrategy[Any] | None) -> Sent:
    made = "/".join(part if isinstance(part, str) else draw(part) for part in path)
    headers: dict[str, str] = {}
    token = draw(st.sampled_from(CREDENTIALS))
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    data = None
    if body is not None:
        dice = draw(st.integers(0, 11))
        value = draw(body)
        data = draw(RAW_BODIES) if dice == 0 else json.dumps(draw(spoiled(value)) if dice < 3 else value).encode()
        headers |= {"content-type": draw(st.sampled_from(["application/json"] * 19 + ["text/plain"]))}
    return Sent(made, draw(_query(names)) if names else "", data, headers)


def _query(names: Sequence[str]) -> st.SearchStrategy[str]:
    def pair(name: str) -> st.SearchStrategy[tuple[str, str]]:
        if name in ("createdOn", "lastUpdated", "lastPublished"):
            keys = st.sampled_from([f"{name}[{how}]" for how in ("gte", "lte", "gt", "lt")])
            return st.tuples(keys, BOUNDS)
        if name in FIELD_QUERIES:
            return st.tuples(FIELD_QUERIES[name], st.sampled_from(["asc", "desc", "Live", "2", "true", ""]))
        values = TEXTS.get(name, st.sampled_from(["asc", "desc", "x"]))
        return st.tuples(st.just(name), values.map(lambda value: value or ""))

    pairs = st.sampled_from([*names, "unknown"]).flatmap(pair)
    return st.lists(pairs, max_size=3).map(lambda found: urlencode(found, quote_via=quote))
