"""Whatever is changed in a good scenario, it is built or refused with one line; nothing else comes out."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.errors import ScenarioError
from fake_webflow.seeding import build_state, from_data

ID = "692bb5a6a1166445d9c18efc"
TYPES = ["RichText", "Number", "Switch", "DateTime", "Email", "Phone", "Link", "Color", "VideoLink", "ExtFileRef"]
GOOD: dict[str, Any] = {
    "seed": 1,
    "profile": {"items.slug.scope": "collection"},
    "imports": [{"url": "*/gone", "outcome": "broken"}],
    "tokens": [{"token": "a", "kind": "site", "scopes": ["cms:read"], "siteIds": ["demo"], "user": {"email": "a@b.c"}}],
    "sites": [
        {
            "id": ID,
            "shortName": "demo",
            "createdOn": "2025-01-01T00:00:00Z",
            "lastPublished": "2025-01-01T00:00:00Z",
            "customDomains": [{"url": "a.b"}],
            "locales": {"primary": {"tag": "en"}, "secondary": [{"tag": "de", "subdirectory": ""}]},
            "assetFolders": [{"displayName": "A"}, {"displayName": "B", "parentFolder": "A"}],
            "assets": [{"fileName": "a.png", "text": "x", "folder": "B"}, {"fileName": "b.txt", "base64": "AAAA"}],
            "collections": [
                {
                    "displayName": "Posts",
                    "fields": [
                        *({"type": name, "displayName": name} for name in TYPES),
                        {"type": "Option", "displayName": "Kind", "validations": {"options": [{"name": "A"}]}},
                        {"type": "Reference", "displayName": "Next", "validations": {"collectionId": "posts"}},
                        {"type": "MultiReference", "displayName": "More", "validations": {"collectionId": "posts"}},
                        {"type": "Image", "displayName": "Cover"},
                        {"type": "MultiImage", "displayName": "Gallery"},
                    ],
                    "items": [
                        {
                            "id": ID,
                            "cmsLocaleIds": ["en", "de"],
                            "lastUpdated": "2025-01-01T00:00:00Z",
                            "lastPublished": "2025-01-01T00:00:00Z",
                            "isDraft": False,
                            "isArchived": False,
                            "live": {"name": "Before"},
                            "fieldData": {
                                "name": "A",
                                "slug": "a",
                                "richtext": "<p></p>",
                                "number": 1.5,
                                "datetime": "2025-01-01",
                                "color": "red",
                                "kind": "A",
                                "next": "a",
                                "more": ["a", ID],
                                "cover": {"asset": "a.png", "alt": "x"},
                                "gallery": [{"fileId": "1", "url": "https://a.b/c", "alt": None}],
                                "videolink": {"url": "https://a.b/c", "metadata": {}},
                            },
                        },
                        {"cmsLocaleId": "en", "live": False, "fieldData": {"name": "B"}},
                    ],
                }
            ],
        }
    ],
}


def places(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))


PLACES = list(places(GOOD))[1:]
VALUES = st.recursive(
    st.sampled_from(
        [None, True, 0, -1, 1e300, "", "a", "A", "en", "posts", ID, "a.png", "\0", "ü" * 300, "0001-01-01T00:00:00Z"]
    )
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["url", "asset", "alt", "fileId", "name", "slug", "metadata", "id"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


def test_unchanged_it_is_good():
    world = build_state(from_data(GOOD)).world
    (collection,) = world.collections.values()
    assert (len(collection.staged), len(collection.live)) == (3, 2)


@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3), st.booleans())
def test_changed_it_is_built_or_refused(changes, remove):
    data = copy.deepcopy(GOOD)
    for (*path, last), value in changes:
        parent: Any = data
        try:
            for step in path:
                parent = parent[step]
            if remove:
                del parent[last]
            else:
                parent[last] = value
        except (KeyError, IndexError, TypeError):
            continue
    said = outcome(data)
    assert said == outcome(data)
    assert not isinstance(said, str) or (said.startswith("demo.yaml: ") and "\n" not in said)


def outcome(data):
    try:
        return build_state(from_data(data, source="demo.yaml"))
    except ScenarioError as error:
        return str(error)
