"""The field data of a site's collections as types: TypedDicts of Python, or interfaces of TypeScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ..client import JsonObject
from ..world.slugs import slugify

Language = Literal["python", "typescript"]
_FILES, _VIDEO = "WebflowFile", "WebflowVideo"
# Field types, in Python and in TypeScript. What is not here is a text.
_NAMES: Mapping[str, tuple[str, str]] = {
    "Number": ("float", "number"),
    "Switch": ("bool", "boolean"),
    "Image": (_FILES, _FILES),
    "File": (_FILES, _FILES),
    "ExtFileRef": (_FILES, _FILES),
    "MultiImage": (f"list[{_FILES}]", f"{_FILES}[]"),
    "VideoLink": (f"{_VIDEO} | str", f"{_VIDEO} | string"),
    "MultiReference": ("list[str]", "string[]"),
}
_TEXTS = frozenset(["PlainText", "RichText", "Email", "Phone", "Link", "Color", "DateTime", "Option", "Reference"])
_PYTHON_HEAD = '''\
"""The field data of the collections of {site}.

Written by ``fake-webflow pull --types python``; pull again where the site has changed.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

__all__ = {names}


class WebflowFile(TypedDict):
    """A file in a field. Webflow answers all three; to write one, its address is enough."""

    url: str
    fileId: NotRequired[str]
    alt: NotRequired[str | None]


class WebflowVideo(TypedDict):
    """A video in a field. To write one, its address is enough, also as a text."""

    url: str
    metadata: NotRequired[dict[str, Any]]
'''
_TYPESCRIPT_HEAD = """\
// The field data of the collections of {site}.
// Written by fake-webflow pull --types typescript; pull again where the site has changed.

/** A file in a field. Webflow answers all three; to write one, its address is enough. */
export interface WebflowFile {{
  url: string;
  fileId?: string;
  alt?: string | null;
}}

/** A video in a field. To write one, its address is enough, also as a text. */
export interface WebflowVideo {{
  url: string;
  metadata?: Record<string, unknown>;
}}
"""


class _Named(NamedTuple):
    name: str
    collection: JsonObject


def write_types(site: JsonObject, collections: Sequence[JsonObject], language: Language) -> str:
    """A source file with a type for the field data of each collection.

    Args:
        site: As answered.
        collections: With their fields.
        language: Of the file.
    """
    named = [*_name_collections(collections)]
    title = _quote(str(site.get("displayName")))
    if language == "python":
        names = [f"{one.name}FieldData" for one in named]
        head = _PYTHON_HEAD.format(site=title.replace("\\", "\\\\"), names=_list_names([_FILES, _VIDEO, *names]))
        return "\n\n".join([head, *map(_write_typed_dict, named)])
    return "\n".join([_TYPESCRIPT_HEAD.format(site=title), *map(_write_interface, named)])


def _name_collections(collections: Iterable[JsonObject]) -> Iterable[_Named]:
    """Names for the collections, each of its own, by what one item is called."""
    taken = {_FILES, _VIDEO}
    for collection in collections:
        words = (slugify(str(collection.get(key) or "")) for key in ("singularName", "displayName", "slug"))
        found = next((word for word in words if re.search("[a-z]", word)), "")
        name = "".join(word.capitalize() for word in re.split("[-_]+", found)) or "Collection"
        name = name if name[0].isalpha() else f"Collection{name}"
        free = name
        number = 1
        while free in taken:
            number += 1
            free = f"{name}{number}"
        taken.add(free)
        yield _Named(free, collection)


def _write_typed_dict(named: _Named) -> str:
    lines = [
        f"# {_describe(named.collection)}",
        f"{named.name}FieldData = TypedDict(",
        f'    "{named.name}FieldData",',
        "    {",
    ]
    for field in named.collection["fields"]:
        kind = _name_type(field, 0, lambda ids: f"Literal[{', '.join(ids)}]")
        kind = kind if field.get("isRequired") else f"NotRequired[{kind} | None]"
        lines.append(f"        {_quote(field['slug'], is_python=True)}: {kind},{_comment(field, '  #')}")
    return "\n".join([*lines, "    },", ")", ""])


def _write_interface(named: _Named) -> str:
    lines = [f"// {_describe(named.collection)}", f"export interface {named.name}FieldData {{"]
    for field in named.collection["fields"]:
        kind = _name_type(field, 1, " | ".join)
        mark, ending = ("", "") if field.get("isRequired") else ("?", " | null")
        lines.append(f"  {_quote(field['slug'])}{mark}: {kind}{ending};{_comment(field, ' //')}")
    return "\n".join([*lines, "}", ""])


def _name_type(field: JsonObject, language: int, join: Callable[[list[str]], str]) -> str:
    kind = field["type"]
    options = (field.get("validations") or {}).get("options") or ()
    if kind == "Option" and options:
        return join([_quote(option["id"], is_python=language == 0) for option in options])
    if kind in _TEXTS:
        return ("str", "string")[language]
    return _NAMES.get(kind, ("Any", "unknown"))[language]


def _describe(collection: JsonObject) -> str:
    return f"{_quote(str(collection.get('displayName')))}, collection {collection['id']}"


def _comment(field: JsonObject, mark: str) -> str:
    """What a type does not say: the names of options, the collection that is referred to."""
    rules: Mapping[str, Any] = field.get("validations") or {}
    if field["type"] == "Option" and rules.get("options"):
        return f"{mark} {', '.join(_quote(str(option['name'])) for option in rules['options'])}"
    if rules.get("collectionId"):
        return f"{mark} of collection {_quote(str(rules['collectionId']))[1:-1]}"
    return f"{mark} {field['type']}" if field["type"] in ("DateTime", "RichText", "Reference") else ""


def _list_names(names: Sequence[str]) -> str:
    return "[\n" + "".join(f'    "{name}",\n' for name in names) + "]"


def _quote(text: str, *, is_python: bool = False) -> str:
    """The text in quotes, in ASCII, on one line; letters beyond the first 65,536 are written otherwise in Python."""
    if is_python and not text.isascii():
        inner = text.encode("unicode_escape", "surrogatepass").decode().replace('"', '\\"')
        return f'"{inner}"'
    return json.dumps(text)
