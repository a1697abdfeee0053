"""Every mistake is one line with the file, the place, what is wrong there and what would be right.

The first fact of a case is the place, with which the message begins; the others stand anywhere behind it.
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from messages import assert_facts

from fake_webflow.errors import ScenarioError
from fake_webflow.seeding import build_state, from_data, load

AUTHORS = {"displayName": "Authors", "items": [{"fieldData": {"name": "Jane", "slug": "jane"}}]}
FIELDS = [
    {"type": "Color", "displayName": "Color"},
    {"type": "Option", "displayName": "Kind", "validations": {"options": [{"name": "News"}, {"name": "Guide"}]}},
    {"type": "Reference", "displayName": "Author", "validations": {"collectionId": "authors"}},
    {"type": "MultiReference", "displayName": "Others", "validations": {"collectionId": "authors"}},
    {"type": "Image", "displayName": "Cover"},
    {"type": "MultiImage", "displayName": "Gallery"},
    {"type": "PlainText", "displayName": "Motto", "isRequired": True},
]
LOCALES = {"primary": {"tag": "en"}, "secondary": [{"tag": "de"}]}
ITEM = "sites[0].collections[1].items[0]"


def refusal(data, **options):
    with pytest.raises(ScenarioError) as caught:
        build_state(from_data(data, source="demo.yaml", **options))
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("demo.yaml: ")
    return str(caught.value).removeprefix("demo.yaml: ")


def assert_refused(data, place, *facts, **options):
    message = refusal(data, **options)
    found, _, text = message.partition(": ") if place else ("", "", message)
    assert found == place, message
    assert_facts(text, *facts)


def post(item, **site):
    posts = {"displayName": "Posts", "fields": FIELDS, "items": [item]}
    return {"sites": [{"locales": LOCALES, **site, "collections": [AUTHORS, posts]}]}


def site(**given):
    return {"sites": [given]}


DATE = "2026-01-31T09:30:00.000Z"


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        ([], ["", "an object", "not a list"]),
        ({"site": []}, ["site", "did you mean sites?"]),
        ({"sites": {}}, ["sites", "a list", "not an object"]),
        (
            {"sites": [{"displayName": "A", "collections": [{"displayName": "B", "fields": {"Date": "DateTime"}}]}]},
            ["sites[0].collections[0].fields", 'as [{"displayName":"Date","type":"DateTime"}]', "not an object"],
        ),
        ({"sites": [[]]}, ["sites[0]", "an object", "not a list"]),
        ({"seed": "1"}, ["seed", "whole number", "not a string"]),
        ({"seed": 1.5}, ["seed", "whole number", "not a number"]),
        (site(dispalyName="x"), ["sites[0].dispalyName", "did you mean displayName?"]),
        (site(id=123), ["sites[0].id", "a string", "not a whole number", "quotes"]),
        (site(id="abc"), ["sites[0].id", "24", "hexadecimal", "'abc'"]),
        (site(id="a" * 24 + "\n"), ["sites[0].id", "24", "hexadecimal", f"'{'a' * 24}\\n'"]),
        (site(displayName=""), ["sites[0].displayName", "empty"]),
        (site(previewUrl=1), ["sites[0].previewUrl", "a string or null", "not a whole number", "quotes"]),
        (site(createdOn="yesterday"), ["sites[0].createdOn", DATE, "'yesterday'"]),
        (site(createdOn="2026-02-30T00:00:00Z"), ["sites[0].createdOn", DATE, "'2026-02-30T00:00:00Z'"]),
        (site(createdOn=None), ["sites[0].createdOn", "a string", "not null"]),
        (site(locales={}), ["sites[0].locales", "primary", "missing"]),
        (
            site(locales={"primary": {"tag": "en"}, "secondary": [{"tag": "en"}]}),
            ["sites[0].locales.secondary[0].tag", "another locale", "'en'"],
        ),
        (site(locales=LOCALES, cmsLocaleId="a" * 24), ["sites[0].cmsLocaleId", "locales.primary"]),
        ({"sites": [{"id": "a" * 24}] * 2}, ["sites[1].id", "another site", f"'{'a' * 24}'"]),
        (site(collections=[{}]), ["sites[0].collections[0]", "displayName", "missing"]),
        (
            site(collections=[{"displayName": "Posts"}, {"displayName": "posts"}]),
            ["sites[0].collections[1].slug", "another collection", "'posts'"],
        ),
        ({"imports": [{"url": "*"}]}, ["imports[0]", "outcome", "missing"]),
        ({"imports": [{"url": "*", "outcome": "brokn"}]}, ["imports[0].outcome", "'brokn'", "did you mean broken?"]),
        (
            {"profile": {"items.slug.scop": "x"}},
            ["profile", "'items.slug.scop'", "did you mean items.slug.scope?"],
        ),
        (
            {"profile": {"items.slug.scope": "site"}},
            ["profile", "items.slug.scope", "'site'", "collection, collection-and-locale"],
        ),
        ({"tokens": [{"kind": "app"}, {"kind": "site"}]}, ["tokens[1]", "another token", "say what"]),
        ({"drawn": -1}, ["drawn", "0 or more", "-1"]),
        ({"now": "noon"}, ["now", DATE, "'noon'"]),
        (
            {"now": DATE, "sites": [{"createdOn": "2027-01-01T00:00:00.000Z"}]},
            ["", DATE, "2027-01-01T00:00:00.000Z", "begin then or later"],
        ),
        ({"files": [{"key": "a/b.txt"}]}, ["files[0]", "bytes are missing", "base64"]),
        ({"files": [{"key": "a", "text": ""}, {"key": "a", "text": ""}]}, ["files[1].key", "another file", "'a'"]),
        (site(webhooks=[{"triggerType": "site_published", "url": "http://a.b"}]), ["sites[0].webhooks[0]", "trigger"]),
        (site(webhooks=[{"triggerType": "site_publish", "url": "a.b"}]), ["sites[0].webhooks[0]", "url"]),
        (site(locales={"primary": {"tag": "en"}}, localeId="a" * 24), ["sites[0].localeId", "locales.primary"]),
        (
            site(locales=LOCALES, assets=[{"fileName": "a", "altTexts": {"dd": "x"}}]),
            ["sites[0].assets[0].altTexts.dd", "secondary locale", "de"],
        ),
        (
            site(collections=[{"displayName": "A", "fieldGroups": [{"displayName": "G", "fieldIds": ["nam"]}]}]),
            ["sites[0].collections[0].fieldGroups[0].fieldIds[0]", "field"],
        ),
        (
            post({"fieldData": {"name": "a", "motto": "m"}, "live": True, "liveItem": {"fieldData": {"name": "a"}}}),
            [ITEM, "twice", "liveItem"],
        ),
        (
            post({"fieldData": {"name": "a", "motto": "m"}, "liveItem": {"fieldData": {"nam": "a", "motto": "m"}}}),
            [f"{ITEM}.liveItem.fieldData", "name is missing"],
        ),
        (
            {"verbatim": True, **post({"fieldData": {"slug": "a", "motto": 1}})},
            [f"{ITEM}.fieldData.motto", "1"],
        ),
        (
            {"verbatim": True, **post({"fieldData": {"slug": "a", "cover": "http://a.b/c.png"}})},
            [f"{ITEM}.fieldData.cover", "http://a.b/c.png"],
        ),
        ({"tokens": [{"token": "a"}, {"token": "a"}]}, ["tokens[1].token", "another token", "'a'"]),
        ({"tokens": [{"token": "a", "scopes": ["all"]}]}, ["tokens[0].scopes[0]", "scope", "cms:read", "'all'"]),
        (
            {"sites": [{"shortName": "demo"}], "tokens": [{"token": "a", "siteIds": ["dome"]}]},
            ["tokens[0].siteIds[0]", "no site", "'dome'", "demo"],
        ),
    ],
)
def test_in_the_frame(data, facts):
    assert_refused(data, *facts)


def test_a_whole_message():
    message = "sites[0].id: must be 24 lower-case hexadecimal digits, not 'abc'"
    assert refusal(site(id="abc")) == message


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ([{"type": "Colour", "displayName": "C"}], ["[0].type", "'Colour'", "did you mean Color?"]),
        (
            [{"type": "PlainText", "displayName": "A"}, {"type": "PlainText", "displayName": "a"}],
            ["[1]", "slug 'a'"],
        ),
        ([{"type": "Number", "displayName": "Name"}], ["[0].type", "name", "PlainText"]),
        ([{"type": "Reference", "displayName": "A"}], ["[0]", "validations.collectionId"]),
        (
            [{"type": "Reference", "displayName": "A", "validations": {"collectionId": "author"}}],
            ["[0].validations.collectionId", "no collection", "'author'", "did you mean authors?"],
        ),
        (
            [{"type": "PlainText", "displayName": "A", "validations": {"maxLength": "9"}}],
            ["[0].validations.maxLength", "a number or null", "not a string"],
        ),
        (
            [{"type": "Switch", "displayName": f"Field {number}"} for number in range(59)],
            ["[58]", "at most 60 fields"],
        ),
        (
            [
                {"type": "MultiReference", "displayName": f"M {number}", "validations": {"collectionId": "authors"}}
                for number in range(6)
            ],
            ["[5]", "at most 5", "multi-reference"],
        ),
    ],
)
def test_in_fields(fields, facts):
    data = site(collections=[AUTHORS, {"displayName": "Posts", "fields": fields}])
    place, *others = facts
    assert_refused(data, f"sites[0].collections[1].fields{place}", *others)


GOOD = {"name": "Hello", "motto": "Go on"}
BROKEN = "https://broken.example.com/a.png"


@pytest.mark.parametrize(
    ("values", "facts"),
    [
        ({"name": None}, ["", "name is missing", "required"]),
        ({"motto": None}, ["", "motto is missing", "required"]),
        ({"name": ""}, [".name", "Is too short: ''"]),
        ({"colour": "red"}, [".colour", "Posts", "did you mean color?"]),
        ({"color": "#12"}, [".color", "Expected value to be a color: '#12'"]),
        ({"color": 12}, [".color", "Expected value to be a color: 12"]),
        (
            {"slug": "no spaces"},
            [".slug", "Must be alphanumerical and not contain any spaces or special characters: 'no spaces'"],
        ),
        ({"slug": 12}, [".slug", "Expected value to be a string: 12"]),
        ({"kind": "Gide"}, [".kind", "no option", "'Gide'", "did you mean Guide?"]),
        ({"kind": 1}, [".kind", "Expected value to be an option: 1"]),
        ({"author": "jan"}, [".author", "no item", "'jan'", "did you mean jane?"]),
        ({"author": 1}, [".author", "Expected value to be an ItemRef: 1"]),
        ({"author": "a" * 24}, [".author", f"Referenced item not found: '{'a' * 24}'"]),
        ({"others": ["jane", "joe"]}, [".others[1]", "no item", "'joe'", "jane"]),
        ({"others": "jane"}, [".others", "Expected value to be an array of ItemRefs"]),
        ({"cover": {"asset": "a.pgn"}}, [".cover.asset", "no asset", "'a.pgn'", "did you mean a.png?"]),
        ({"cover": {"asset": "a.png", "alt_text": ""}}, [".cover.alt_text", "asset, alt"]),
        ({"cover": {"asset": "later.png"}}, [".cover.asset", "'later.png'", "no bytes"]),
        ({"cover": {"asset": "a.txt"}}, [".cover", "Remote file failed to import: Unsupported file type"]),
        ({"cover": {"url": BROKEN}}, [".cover", f"Remote file failed to import: '{BROKEN}'"]),
        ({"cover": {"fileId": "x"}}, [".cover", "Expected value to have a 'url' field: { fileId: 'x' }"]),
        ({"gallery": [{"asset": "b"}]}, [".gallery[0].asset", "no asset", "'b'", "a.png, later.png, a.txt"]),
    ],
)
def test_in_field_data(values, facts):
    assets = [
        {"fileName": "a.png", "base64": "iVBORw0KGgo="},
        {"fileName": "later.png"},
        {"fileName": "a.txt", "text": "hello"},
    ]
    data = post({"fieldData": {**GOOD, **values}}, assets=assets)
    data["imports"] = [{"url": "https://broken.example.com/*", "outcome": "broken"}]
    place, *others = facts
    assert_refused(data, f"{ITEM}.fieldData{place}", *others)


@pytest.mark.parametrize(
    ("item", "facts"),
    [
        ({}, ["", "fieldData is missing"]),
        ({"fieldData": []}, [".fieldData", "an object", "not a list"]),
        ({"fieldData": GOOD, "isDraf": True}, [".isDraf", "did you mean isDraft?"]),
        ({"fieldData": GOOD, "cmsLocaleId": "fr"}, [".cmsLocaleId", "no locale", "'fr'", "en, de"]),
        ({"fieldData": GOOD, "cmsLocaleIds": ["en", "fr"]}, [".cmsLocaleIds[1]", "no locale", "'fr'", "en, de"]),
        (
            {"fieldData": GOOD, "cmsLocaleId": "de", "cmsLocaleIds": ["en"]},
            ["", "twice", "cmsLocaleId ", "cmsLocaleIds"],
        ),
        ({"fieldData": GOOD, "lastPublished": None, "live": True}, [".live", "never published", "no live copy"]),
        ({"fieldData": GOOD, "live": {"name": "Old"}}, [".live", "motto is missing", "required"]),
        ({"fieldData": GOOD, "live": {**GOOD, "color": "#1"}}, [".live.color", "Expected value to be a color: '#1'"]),
        (
            {"fieldData": {**GOOD, "author": "jane"}, "cmsLocaleIds": ["en", "de"]},
            [".fieldData.author", "Referenced item not found: "],
        ),
    ],
)
def test_in_items(item, facts):
    place, *others = facts
    assert_refused(post(item), ITEM + place, *others)


def test_a_slug_twice_even_if_only_a_live_copy_has_it():
    old = {"fieldData": {"name": "New", "slug": "new"}, "live": {"name": "Old", "slug": "old"}}
    items = [old, {"fieldData": {"name": "Other", "slug": "old"}}]
    data = site(collections=[{"displayName": "Posts", "items": items}])
    assert_refused(data, "sites[0].collections[0].items[1].fieldData.slug", "another item", "'old'")


def test_a_variant_twice():
    items = [{"id": "a" * 24, "fieldData": {"name": "A"}}, {"id": "a" * 24, "fieldData": {"name": "B"}}]
    data = site(collections=[{"displayName": "Posts", "items": items}])
    assert_refused(data, "sites[0].collections[0].items[1].id", "another variant", "a" * 24)


def test_a_published_item_on_a_site_that_never_was():
    item = {"fieldData": {"name": "A"}, "lastPublished": "2026-01-01T00:00:00Z"}
    data = site(lastPublished=None, collections=[{"displayName": "Posts", "items": [item]}])
    assert_refused(data, "sites[0].collections[0].items[0]", "publish", "site that never was")


@pytest.mark.parametrize(
    ("given", "facts"),
    [
        ({}, ["", "fileName", "missing"]),
        ({"fileName": "a/b.txt"}, [".fileName", "slashes", "quotes", "control characters", "'a/b.txt'"]),
        ({"fileName": "a", "folder": "Imges"}, [".folder", "no folder", "'Imges'", "did you mean Images?"]),
        ({"fileName": "a", "text": "a", "base64": ""}, ["", "twice", "base64", "text"]),
        ({"fileName": "a", "base64": "?"}, [".base64", "base64"]),
        ({"fileName": "a", "file": "gone.png"}, [".file", "cannot read", "gone.png"]),
        ({"fileName": "a", "file": "nul\0.png"}, [".file", "cannot read", "nul"]),
    ],
)
def test_in_assets(given, facts, tmp_path):
    data = site(assetFolders=[{"displayName": "Images"}], assets=[given])
    place, *others = facts
    assert_refused(data, f"sites[0].assets[0]{place}", *others, folder=tmp_path)


def test_a_folder_inside_itself():
    folders = [{"displayName": "In", "parentFolder": "Out"}, {"displayName": "Out", "parentFolder": "In"}]
    assert_refused(site(assetFolders=folders), "sites[0].assetFolders[0].parentFolder", "inside itself")


@pytest.mark.parametrize(
    ("name", "text", "facts"),
    [
        ("demo.json", "{", ["JSON", "unexpected end of data: line 1 column 2 (char 1)"]),
        ("demo.json", b"\xff", ["JSON"]),
        ("demo.yaml", "sites: [", ["YAML", "line "]),
        ("demo.yaml", "sites: []\nsites: []", ["YAML", "line 2, column 1: ", "the key sites", "twice"]),
        ("demo.yaml", "1: x", ["YAML", "line 1, column 1: ", "key", "quotes"]),
        ("demo.yaml", "seed: 1e999", ["YAML", "line 1, column 7: ", "number", "too large"]),
        ("demo.yaml", "[a]: x", ["YAML", "line 1, column 1: ", "key", "quotes"]),
        ("demo.yaml", "a: !!python/name:os.system", ["YAML", "line 1, column 4: ", "!!python/name:os.system"]),
        ("demo.yaml", "sites: &a [*a]", ["YAML", "line 1, column 8: ", "anchor"]),
        ("demo.yaml", "sites: !!set {a}", ["YAML", "line 1, column 8: ", "!!set"]),
        ("demo.yaml", b"\xff\xfe\x00", ["YAML"]),
        ("demo.yaml", "", ["an object", "not null"]),
        ("demo.yml", "seed: 1.5", ["seed: ", "whole number", "not a number"]),
        ("demo.toml", "", [".yaml, .yml or .json"]),
    ],
)
def test_in_files(tmp_path, name, text, facts):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{name}: ")
    assert_facts(str(caught.value), *facts)
    assert "\n" not in str(caught.value)


def test_unknown_names_say_what_there_is():
    with pytest.raises(ScenarioError, match="'defualt'; did you mean default"):
        load("defualt")
    with pytest.raises(ScenarioError, match="default, empty, timeline"):
        load("x")


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(ScenarioError, match=r"gone\.yaml: cannot read .*gone\.yaml: No such file or directory"):
        load(str(tmp_path / "gone.yaml"))
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(ScenarioError, match=r"folder\.json: cannot read .*Is a directory"):
        load(tmp_path / "folder.json")
    with pytest.raises(ScenarioError, match=r"a scenario file ends in"):
        load(Path("/"))


def test_values_that_are_no_json():
    with pytest.raises(ScenarioError, match=r"^demo: .*JSON.* object"):
        from_data({"sites": object()}, source="demo")


def test_the_file_is_named_when_a_law_refuses(tmp_path):
    path = tmp_path / "demo.json"
    path.write_bytes(orjson.dumps(post({"fieldData": {**GOOD, "color": "#1"}})))
    with pytest.raises(
        ScenarioError, match=r"^demo\.json: sites\[0\]\.collections\[1\]\.items\[0\]\.fieldData\.color: "
    ):
        build_state(load(path))


_ALIASES = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))]
)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (_ALIASES, "aliases"),
        ("a: &a [*a]", "its own anchor"),
        ("seed: !!bool abc", "!!bool"),
        ("seed: !!int abc", "!!int"),
        ("seed: !!float abc", "!!float"),
        ("seed: !!timestamp abc", "!!timestamp"),
        ("seed: !!null abc", "!!null"),
        ("seed: !!set {a, b}", "!!set"),
        ("seed: !!python/object:os.system x", "python/object"),
    ],
)
def test_yaml_that_is_not_data(tmp_path, text, fact):
    file = tmp_path / "demo.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert fact in str(caught.value)
    assert "line " in str(caught.value)
