"""A site with a field of every type, and uses of its types: right ones, and wrong ones, marked where the line ends."""

from __future__ import annotations

_OPTION = "0123456789abcdef" * 2
_OPTIONAL = [
    "PlainText", "RichText", "Number", "Switch", "DateTime", "Email", "Phone", "Link", "Color", "Image", "MultiImage",
    "File", "ExtFileRef", "VideoLink",
]  # fmt: skip
_REFERENCES = [
    {"type": kind, "displayName": kind, "slug": kind.lower(), "validations": {"collectionId": "posts"}}
    for kind in ("Reference", "MultiReference")
]
TYPED_SITE = {
    "sites": [
        {
            "displayName": "Typed",
            "collections": [
                {
                    "displayName": "Posts",
                    "singularName": "Post",
                    "fields": [
                        *({"type": kind, "displayName": kind, "slug": f"a-{kind.lower()}"} for kind in _OPTIONAL),
                        *_REFERENCES,
                        {"type": "Number", "displayName": "Rank", "isRequired": True},
                        {
                            "type": "Option",
                            "displayName": "Kind",
                            "validations": {"options": [{"name": "News", "id": _OPTION}]},
                        },
                    ],
                },
                {"displayName": "Tags", "singularName": "Tag"},
            ],
        }
    ]
}

PYTHON_USES = f"""\
from pulled_site import PostFieldData, TagFieldData, WebflowFile

least: PostFieldData = {{"name": "One", "slug": "one", "rank": 3}}
picture: WebflowFile = {{"url": "https://example.com/a.jpg", "alt": None}}
most: PostFieldData = {{
    "name": "One", "slug": "one", "rank": 3.5, "kind": "{_OPTION}", "a-plaintext": "text", "a-richtext": "<p></p>",
    "a-number": 1, "a-switch": True, "a-datetime": "2026-01-01T00:00:00.000Z", "a-email": "a@example.com",
    "a-phone": "1", "a-link": "https://example.com", "a-color": "#123456", "a-image": picture,
    "a-multiimage": [picture], "a-file": None, "a-extfileref": picture, "a-videolink": {{"url": "https://example.com"}},
    "reference": "0" * 24, "multireference": ["0" * 24],
}}
tag: TagFieldData = {{"name": "One", "slug": "one"}}
rank: float = most["rank"]
without: PostFieldData = {{"name": "One", "slug": "one"}}  # wrong
null: PostFieldData = {{"name": None, "slug": "one", "rank": 3}}  # wrong
text: PostFieldData = {{"name": "One", "slug": "one", "rank": "3"}}  # wrong
option: PostFieldData = {{"name": "One", "slug": "one", "rank": 3, "kind": "News"}}  # wrong
unknown: PostFieldData = {{"name": "One", "slug": "one", "rank": 3, "colour": "red"}}  # wrong
several: PostFieldData = {{"name": "One", "slug": "one", "rank": 3, "multireference": "0"}}  # wrong
switch: PostFieldData = {{"name": "One", "slug": "one", "rank": 3, "a-switch": "yes"}}  # wrong
alone: PostFieldData = {{"name": "One", "slug": "one", "rank": 3, "a-image": {{"alt": ""}}}}  # wrong
length: int = len(most["a-number"])  # wrong
misspelt = most["a-plain-text"]  # wrong
"""

TYPESCRIPT_USES = f"""\
import {{ PostFieldData, TagFieldData, WebflowFile }} from "./pulled_site";

export const least: PostFieldData = {{ name: "One", slug: "one", rank: 3 }};
const picture: WebflowFile = {{ url: "https://example.com/a.jpg", alt: null }};
export const most: PostFieldData = {{
  name: "One", slug: "one", rank: 3.5, kind: "{_OPTION}", "a-plaintext": "text", "a-richtext": "<p></p>",
  "a-number": 1, "a-switch": true, "a-datetime": "2026-01-01T00:00:00.000Z", "a-email": "a@example.com",
  "a-phone": "1", "a-link": "https://example.com", "a-color": "#123456", "a-image": picture,
  "a-multiimage": [picture], "a-file": null, "a-extfileref": picture, "a-videolink": {{ url: "https://example.com" }},
  reference: "0", multireference: ["0"],
}};
export const tag: TagFieldData = {{ name: "One", slug: "one" }};
export const rank: number = most.rank;
export const without: PostFieldData = {{ name: "One", slug: "one" }}; // wrong
export const empty: PostFieldData = {{ name: null, slug: "one", rank: 3 }}; // wrong
export const text: PostFieldData = {{ name: "One", slug: "one", rank: "3" }}; // wrong
export const option: PostFieldData = {{ name: "One", slug: "one", rank: 3, kind: "News" }}; // wrong
export const unknown: PostFieldData = {{ name: "One", slug: "one", rank: 3, colour: "red" }}; // wrong
export const several: PostFieldData = {{ name: "One", slug: "one", rank: 3, multireference: "0" }}; // wrong
export const onOff: PostFieldData = {{ name: "One", slug: "one", rank: 3, "a-switch": "yes" }}; // wrong
export const alone: PostFieldData = {{ name: "One", slug: "one", rank: 3, "a-image": {{ alt: "" }} }}; // wrong
export const length: string = most["a-number"]; // wrong
export const misspelt = most["a-plain-text"]; // wrong
"""


def expected_errors(uses: str) -> set[int]:
    """The numbers of the lines that are wrong."""
    return {number for number, line in enumerate(uses.splitlines(), 1) if line.endswith("wrong")}
