"""Every mistake is one line with the file and the place."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

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
    return str(caught.value).removeprefix("demo.yaml: ")


def post(item, **site):
    posts = {"displayName": "Posts", "fields": FIELDS, "items": [item]}
    return {"sites": [{"locales": LOCALES, **site, "collections": [AUTHORS, posts]}]}


def site(**given):
    return {"sites": [given]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "must be an object, not a list"),
        ({"site": []}, "site: unknown key; did you mean sites?"),
        ({"sites": {}}, "sites: must be a list, not an object"),
        ({"sites": [[]]}, "sites[0]: must be an object, not a list"),
        ({"seed": "1"}, "seed: must be a whole number, not a string"),
        ({"seed": 1.5}, "seed: must be a whole number, not a number"),
        (site(dispalyName="x"), "sites[0].dispalyName: unknown key; did you mean displayName?"),
        (site(id=123), "sites[0].id: must be a string, not a whole number; put it in quotes"),
        (site(id="abc"), "sites[0].id: must be 24 lower-case hexadecimal digits, not 'abc'"),
        (site(id="a" * 24 + "\n"), f"sites[0].id: must be 24 lower-case hexadecimal digits, not '{'a' * 24}\\n'"),
        (site(displayName=""), "sites[0].displayName: must not be empty"),
        (site(previewUrl=1), "sites[0].previewUrl: must be a string or null, not a whole number; put it in quotes"),
        (
            site(createdOn="yesterday"),
            "sites[0].createdOn: must be a date as 2026-01-31T09:30:00.000Z, not 'yesterday'",
        ),
        (
            site(createdOn="2026-02-30T00:00:00Z"),
            "sites[0].createdOn: must be a date as 2026-01-31T09:30:00.000Z, not '2026-02-30T00:00:00Z'",
        ),
        (site(createdOn=None), "sites[0].createdOn: must be a string, not null"),
        (site(locales={}), "sites[0].locales: primary is missing"),
        (
            site(locales={"primary": {"tag": "en"}, "secondary": [{"tag": "en"}]}),
            "sites[0].locales.secondary[0].tag: another locale is 'en' already",
        ),
        (
            site(locales=LOCALES, cmsLocaleId="a" * 24),
            "sites[0].cmsLocaleId: is for sites without locales; this one's stands in locales.primary",
        ),
        ({"sites": [{"id": "a" * 24}] * 2}, f"sites[1].id: another site is '{'a' * 24}' already"),
        (site(collections=[{}]), "sites[0].collections[0]: displayName is missing"),
        (
            site(collections=[{"displayName": "Posts"}, {"displayName": "posts"}]),
            "sites[0].collections[1].slug: another collection is 'posts' already",
        ),
        ({"imports": [{"url": "*"}]}, "imports[0]: outcome is missing"),
        (
            {"imports": [{"url": "*", "outcome": "brokn"}]},
            "imports[0].outcome: 'brokn' is not known; did you mean broken?",
        ),
        (
            {"profile": {"items.slug.scop": "x"}},
            "profile: no choice is named 'items.slug.scop'; did you mean items.slug.scope?",
        ),
        (
            {"profile": {"items.slug.scope": "site"}},
            "profile: items.slug.scope has no option 'site'; it has collection, collection-and-locale",
        ),
        ({"tokens": [{"kind": "app"}]}, "tokens[0]: token is missing"),
        ({"tokens": [{"token": "a"}, {"token": "a"}]}, "tokens[1].token: another token is 'a' already"),
        (
            {"tokens": [{"token": "a", "scopes": ["all"]}]},
            "tokens[0].scopes[0]: must be a scope as cms:read, not 'all'",
        ),
        (
            {"sites": [{"shortName": "demo"}], "tokens": [{"token": "a", "siteIds": ["dome"]}]},
            "tokens[0].siteIds[0]: no site is named 'dome'; there are demo",
        ),
    ],
)
def test_in_the_frame(data, message):
    assert refusal(data) == message


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([{"type": "Colour", "displayName": "C"}], "[0].type: 'Colour' is not known; did you mean Color?"),
        (
            [{"type": "PlainText", "displayName": "A"}, {"type": "PlainText", "displayName": "a"}],
            "[1].slug: another field is 'a' already",
        ),
        ([{"type": "Number", "displayName": "Name"}], "[0].type: the field name is a PlainText"),
        (
            [{"type": "Reference", "displayName": "A"}],
            "[0]: a reference field says in validations.collectionId what it refers to",
        ),
        (
            [{"type": "Reference", "displayName": "A", "validations": {"collectionId": "author"}}],
            "[0].validations.collectionId: no collection is named 'author'; did you mean authors?",
        ),
        (
            [{"type": "PlainText", "displayName": "A", "validations": {"maxLength": "9"}}],
            "[0].validations.maxLength: must be a number or null, not a string",
        ),
        (
            [{"type": "Switch", "displayName": f"Field {number}"} for number in range(59)],
            ": a collection has at most 60 fields, name and slug included, not 61",
        ),
        (
            [
                {"type": "MultiReference", "displayName": f"M {number}", "validations": {"collectionId": "authors"}}
                for number in range(6)
            ],
            ": a collection has at most 5 MultiReference fields, not 6",
        ),
    ],
)
def test_in_fields(fields, message):
    data = site(collections=[AUTHORS, {"displayName": "Posts", "fields": fields}])
    assert refusal(data) == f"sites[0].collections[1].fields{message}"


GOOD = {"name": "Hello", "motto": "Go on"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": None}, ": name is missing; the field is required"),
        ({"motto": None}, ": motto is missing; the field is required"),
        ({"name": ""}, ".name: Is too short: ''"),
        ({"colour": "red"}, ".colour: no field of Posts has this slug; did you mean color?"),
        ({"color": "#12"}, ".color: Expected value to be a color: '#12'"),
        ({"color": 12}, ".color: Expected value to be a color: 12"),
        (
            {"slug": "no spaces"},
            ".slug: Must be alphanumerical and not contain any spaces or special characters: 'no spaces'",
        ),
        ({"slug": 12}, ".slug: Expected value to be a string: 12"),
        ({"kind": "Gide"}, ".kind: no option is named 'Gide'; did you mean Guide?"),
        ({"kind": 1}, ".kind: Expected value to be an option: 1"),
        ({"author": "jan"}, ".author: no item is named 'jan'; did you mean jane?"),
        ({"author": 1}, ".author: Expected value to be an ItemRef: 1"),
        ({"author": "a" * 24}, f".author: Referenced item not found: '{'a' * 24}'"),
        ({"others": ["jane", "joe"]}, ".others[1]: no item is named 'joe'; there are jane"),
        ({"others": "jane"}, None),
        ({"cover": {"asset": "a.pgn"}}, ".cover.asset: no asset is named 'a.pgn'; did you mean a.png?"),
        ({"cover": {"asset": "a.png", "alt_text": ""}}, ".cover.alt_text: unknown key; there are asset, alt"),
        ({"cover": {"asset": "later.png"}}, ".cover.asset: the asset 'later.png' has no bytes"),
        ({"cover": {"asset": "a.txt"}}, ".cover: Remote file failed to import: Unsupported file type"),
        ({"cover": {"url": "https://broken.example.com/a.png"}}, None),
        ({"cover": {"fileId": "x"}}, ".cover: Expected value to have a 'url' field: { fileId: 'x' }"),
        ({"gallery": [{"asset": "b"}]}, ".gallery[0].asset: no asset is named 'b'; there are a.png, later.png, a.txt"),
    ],
)
def test_in_field_data(values, message):
    assets = [
        {"fileName": "a.png", "base64": "iVBORw0KGgo="},
        {"fileName": "later.png"},
        {"fileName": "a.txt", "text": "hello"},
    ]
    data = post({"fieldData": {**GOOD, **values}}, assets=assets)
    data["imports"] = [{"url": "https://broken.example.com/*", "outcome": "broken"}]
    expected = {
        "others": ".others: Expected value to be an array of ItemRefs",
        "cover": ".cover: Remote file failed to import: 'https://broken.example.com/a.png'",
    }
    assert refusal(data).startswith(f"{ITEM}.fieldData{message or expected[next(iter(values))]}")


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({}, ": fieldData is missing"),
        ({"fieldData": []}, ".fieldData: must be an object, not a list"),
        ({"fieldData": GOOD, "isDraf": True}, ".isDraf: unknown key; did you mean isDraft?"),
        ({"fieldData": GOOD, "cmsLocaleId": "fr"}, ".cmsLocaleId: no locale is named 'fr'; there are en, de"),
        (
            {"fieldData": GOOD, "cmsLocaleIds": ["en", "fr"]},
            ".cmsLocaleIds[1]: no locale is named 'fr'; there are en, de",
        ),
        (
            {"fieldData": GOOD, "cmsLocaleId": "de", "cmsLocaleIds": ["en"]},
            ": its locales are given twice, as cmsLocaleId and as cmsLocaleIds",
        ),
        (
            {"fieldData": GOOD, "lastPublished": None, "live": True},
            ".live: an item that was never published has no live copy",
        ),
        ({"fieldData": GOOD, "live": {"name": "Old"}}, ".live: motto is missing; the field is required"),
        ({"fieldData": GOOD, "live": {**GOOD, "color": "#1"}}, ".live.color: Expected value to be a color: '#1'"),
        (
            {"fieldData": {**GOOD, "author": "jane"}, "cmsLocaleIds": ["en", "de"]},
            ".fieldData.author: Referenced item not found: ",
        ),
    ],
)
def test_in_items(item, message):
    assert refusal(post(item)).startswith(ITEM + message)


def test_a_slug_twice_even_if_only_a_live_copy_has_it():
    old = {"fieldData": {"name": "New", "slug": "new"}, "live": {"name": "Old", "slug": "old"}}
    items = [old, {"fieldData": {"name": "Other", "slug": "old"}}]
    data = site(collections=[{"displayName": "Posts", "items": items}])
    assert refusal(data) == "sites[0].collections[0].items[1].fieldData.slug: another item has the slug 'old'"


def test_a_variant_twice():
    items = [{"id": "a" * 24, "fieldData": {"name": "A"}}, {"id": "a" * 24, "fieldData": {"name": "B"}}]
    data = site(collections=[{"displayName": "Posts", "items": items}])
    assert refusal(data).startswith("sites[0].collections[0].items[1].id: another variant is ")


def test_a_published_item_on_a_site_that_never_was():
    item = {"fieldData": {"name": "A"}, "lastPublished": "2026-01-01T00:00:00Z"}
    data = site(lastPublished=None, collections=[{"displayName": "Posts", "items": [item]}])
    message = "sites[0].collections[0].items[0]: nothing can be published on a site that never was"
    assert refusal(data) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, ": fileName is missing"),
        ({"fileName": "a/b.txt"}, ".fileName: must not have slashes, quotes or control characters: 'a/b.txt'"),
        ({"fileName": "a", "folder": "Imges"}, ".folder: no folder is named 'Imges'; did you mean Images?"),
        ({"fileName": "a", "text": "a", "base64": ""}, ": its bytes are given twice, as base64 and as text"),
        ({"fileName": "a", "base64": "?"}, ".base64: no base64: "),
        ({"fileName": "a", "file": "gone.png"}, ".file: cannot read "),
        ({"fileName": "a", "file": "nul\0.png"}, ".file: cannot read "),
    ],
)
def test_in_assets(given, message, tmp_path):
    data = site(assetFolders=[{"displayName": "Images"}], assets=[given])
    assert refusal(data, folder=tmp_path).startswith(f"sites[0].assets[0]{message}")


def test_a_folder_inside_one_that_comes_later():
    folders = [{"displayName": "In", "parentFolder": "Out"}, {"displayName": "Out"}]
    assert (
        refusal(site(assetFolders=folders))
        == "sites[0].assetFolders[0].parentFolder: no folder is named 'Out'; there are none"
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("demo.json", "{", "demo.json: no JSON: unexpected end of data: line 1 column 2 (char 1)"),
        ("demo.json", b"\xff", "demo.json: no JSON: "),
        ("demo.yaml", "sites: [", "demo.yaml: no YAML: line 1, column 9: "),
        ("demo.yaml", "sites: []\nsites: []", "demo.yaml: no YAML: line 2, column 1: the key sites is given twice"),
        ("demo.yaml", "1: x", "demo.yaml: no YAML: line 1, column 1: a key must be a text; put it in quotes"),
        ("demo.yaml", "seed: 1e999", "demo.yaml: no YAML: line 1, column 7: the number is too large"),
        ("demo.yaml", "[a]: x", "demo.yaml: no YAML: line 1, column 1: a key must be a text; put it in quotes"),
        (
            "demo.yaml",
            "a: !!python/name:os.system",
            "demo.yaml: no YAML: line 1, column 4: could not determine a constructor",
        ),
        ("demo.yaml", "sites: &a [*a]", "demo.yaml: holds what JSON cannot say: "),
        ("demo.yaml", "sites: !!set {a}", "demo.yaml: holds what JSON cannot say: "),
        ("demo.yaml", b"\xff\xfe\x00", "demo.yaml: no YAML: "),
        ("demo.yaml", "", "demo.yaml: must be an object, not null"),
        ("demo.yml", "seed: 1.5", "demo.yml: seed: must be a whole number, not a number"),
        ("demo.toml", "", "demo.toml: a scenario file ends in .yaml, .yml or .json"),
    ],
)
def test_in_files(tmp_path, name, text, message):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_unknown_names_say_what_there_is():
    with pytest.raises(ScenarioError, match="no scenario is named 'defualt'; did you mean default"):
        load("defualt")
    with pytest.raises(ScenarioError, match="there are default, timeline"):
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
    with pytest.raises(ScenarioError, match="demo: holds what JSON cannot say: Type is not JSON serializable: object"):
        from_data({"sites": object()}, source="demo")


def test_the_file_is_named_when_a_law_refuses(tmp_path):
    path = tmp_path / "demo.json"
    path.write_bytes(orjson.dumps(post({"fieldData": {**GOOD, "color": "#1"}})))
    with pytest.raises(
        ScenarioError, match=r"^demo\.json: sites\[0\]\.collections\[1\]\.items\[0\]\.fieldData\.color: "
    ):
        build_state(load(path))
