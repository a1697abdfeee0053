from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.errors import ScenarioError
from fake_webflow.rules import Profile
from fake_webflow.seeding import build_state, from_data, load, shipped_names
from fake_webflow.seeding.schema_check import load_scenario_schema

ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126))


def values(texts):
    return st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    )


def around(value):
    return {"sites": [{"collections": [{"displayName": "A", "items": [{"fieldData": {"value": value}}]}]}]}


def test_the_names_of_what_is_shipped():
    assert shipped_names() == ["default", "empty", "timeline"]


@pytest.mark.parametrize("name", shipped_names())
def test_what_is_shipped_is_as_its_schema_says_and_builds(name):
    scenario = load(name)
    jsonschema_rs.validator_for(load_scenario_schema(), validate_formats=True).validate(scenario.data)
    assert len(build_state(scenario).world.sites) == 1


def test_the_schema_is_a_schema():
    assert jsonschema_rs.meta.is_valid(load_scenario_schema())


# PyYAML writes some texts so that they come back otherwise: U+0085 as a key, and 1e3, a number in JSON, without quotes.
@given(
    values(
        st.text(st.characters(exclude_characters="\x85", codec="utf-8")).filter(
            lambda text: not re.fullmatch(r"-?[0-9.]+[eE][-+]?[0-9]+", text)
        )
    )
)
def test_what_pyyaml_writes_means_the_same_as_json(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("scenario") / "demo.yaml"
    path.write_text(yaml.safe_dump(around(value), allow_unicode=True), encoding="utf-8")
    path.with_suffix(".json").write_bytes(orjson.dumps(around(value)))
    assert load(path).data == load(path.with_suffix(".json")).data == around(value)


@given(values(ASCII))
def test_json_is_yaml_and_means_the_same(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("scenario") / "demo.yaml"
    path.write_bytes(orjson.dumps(around(value)))
    assert load(path).data == around(value)


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_scenario_written_as_yaml_is_the_same_world(tmp_path, name):
    scenario = load(name)
    for number, asset in enumerate(scenario.data["sites"][0].get("assets", ())):
        path = tmp_path / asset["file"]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(scenario.contents[f"sites[0].assets[{number}]"])
    path = tmp_path / "copy.yaml"
    path.write_text(yaml.safe_dump(scenario.data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert build_state(load(path)) == build_state(scenario)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("010", "010"),
        ("+1", "+1"),
        ("-12", -12),
        ("6" * 24, "6" * 24),
        ("6" * 23 + "e", "6" * 23 + "e"),
        ("692000e00000000000000001", "692000e00000000000000001"),
        ("0x10", "0x10"),
        (".nan", ".nan"),
        ("1e3", 1000.0),
        ("-1.50", -1.5),
        ("True", True),
        ("~", None),
        ("", None),
        ('"1"', "1"),
        ("a: b", {"a": "b"}),
    ],
)
def test_yaml_is_read_without_the_surprises_of_1_1(tmp_path, text, value):
    path = tmp_path / "demo.yaml"
    path.write_text(f"sites: [{{collections: [{{displayName: A, items: [{{fieldData: {{x: {text}}}}}]}}]}}]")
    if isinstance(value, dict):
        path.write_text(path.read_text().replace(text, f"{{{text}}}"))
    assert load(path).data["sites"][0]["collections"][0]["items"][0]["fieldData"] == {"x": value}


def test_yaml_may_merge_and_repeat(tmp_path):
    path = tmp_path / "demo.yaml"
    path.write_text("tokens:\n  - &a {token: a, kind: site}\n  - {<<: *a, token: b}\n")
    assert load(path).data["tokens"] == [{"token": "a", "kind": "site"}, {"token": "b", "kind": "site"}]


def test_yaml_is_imported_for_yaml_only(tmp_path):
    code = (
        "import sys; from fake_webflow.seeding import build_state, load; build_state(load('default'));"
        "print(sorted({'yaml', 'faker'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_files_are_read_beside_the_scenario(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\0bytes")
    (tmp_path / "demo.yaml").write_text(
        "sites:\n- assets: [{fileName: a.txt, file: a.txt}, {fileName: b, base64: AA ==}, {fileName: c, text: ü}]\n",
        encoding="utf-8",
    )
    world = build_state(load(tmp_path / "demo.yaml")).world
    assert sorted(file.data for file in world.files) == [b"\0", b"\0bytes", "ü".encode()]


def test_profile_and_seed_are_read():
    scenario = from_data({"seed": 7, "profile": {"items.slug.scope": "collection-and-locale"}})
    assert scenario.seed == 7
    assert scenario.profile == Profile(items_slug_scope="collection-and-locale")


def test_a_name_can_be_a_path(tmp_path, monkeypatch):
    (tmp_path / "mine.yaml").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert load("mine.yaml").data == load(Path("mine.yaml")).data == {}


@given(
    st.sampled_from(["sites", "tokens", "imports", "seed", "profile", "description"]),
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "a" * 24, "app", "2026-01-01T00:00:00Z"]),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "displayName",
                        "collections",
                        "items",
                        "fieldData",
                        "fields",
                        "type",
                        "token",
                        "kind",
                        "url",
                        "tag",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
)
def test_our_walk_and_a_json_schema_validator_agree(key, value):
    try:
        from_data({key: value})
    except ScenarioError as error:
        ours = "profile: no choice is named" in str(error)  # that is no matter of the schema
    else:
        ours = True
    assert ours == jsonschema_rs.validator_for(load_scenario_schema(), validate_formats=True).is_valid({key: value})
