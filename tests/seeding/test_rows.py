"""The rows of a scenario in Python are those of its published schema."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest

from fake_webflow.seeding import rows
from fake_webflow.seeding.schema_check import load_scenario_schema

SCHEMA = load_scenario_schema()
SITE, TOKEN = SCHEMA["$defs"]["site"]["properties"], SCHEMA["$defs"]["token"]["properties"]
OBJECTS = {
    "Scenario": SCHEMA,
    "Import": SCHEMA["properties"]["imports"]["items"],
    "Locales": SITE["locales"],
    "User": TOKEN["user"],
    **{f"{name[0].upper()}{name[1:]}": rules for name, rules in SCHEMA["$defs"].items() if "properties" in rules},
}


@pytest.mark.parametrize("name", OBJECTS)
def test_a_row_has_the_keys_of_the_schema(name: str) -> None:
    row: Any = getattr(rows, f"{name}Row")
    # Required[...] is a string here, and so not in __required_keys__.
    hints = get_type_hints(row, include_extras=True)
    required = set(OBJECTS[name].get("required", ()))
    assert hints.keys() == OBJECTS[name]["properties"].keys()
    assert {key for key, hint in hints.items() if "Required[" in str(hint)} | row.__required_keys__ == required


def test_every_row_is_in_the_schema() -> None:
    assert {name for name in vars(rows) if name.endswith("Row")} == {f"{name}Row" for name in OBJECTS} | {
        "ContentRow",
        "DatedRow",
        "MadeRow",
    }
