"""How refused values are quoted, against a table made by Node itself (v20.20.2, ``util.inspect`` with its defaults)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.world.javascript import inspect

TABLE = json.loads(Path(__file__).with_name("node_inspect.json").read_text(encoding="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=120),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=30,
)


@pytest.mark.clause("field-data.text-suffix")
@pytest.mark.parametrize(("value", "printed"), [row for row in TABLE if row[1] != "-0"])
def test_values_are_printed_as_node_prints_them(value, printed):
    assert inspect(value) == printed


def test_negative_zero_keeps_its_sign():
    assert ["0", "-0"] in [[json.dumps(value), printed] for value, printed in TABLE], "JSON has no negative zero"
    assert inspect(-0.0) == "-0"


def test_what_is_too_large_for_a_number_is_infinite():
    assert inspect([1e999, -1e999]) == "[ Infinity, -Infinity ]"


def test_what_is_long_is_cut():
    assert inspect("x" * 10_001) == f"'{'x' * 10_000}'... 1 more character"
    assert inspect("x" * 10_002).endswith("'... 2 more characters")
    assert inspect([0] * 101).endswith("... 1 more item\n]")


def test_what_is_deep_is_cut():
    value: list = []
    for _ in range(100_000):
        value = [value]
    assert inspect(value) == "[ [ [ [Array] ] ] ]"


@given(value=JSON)
def test_anything_can_be_printed(value):
    printed = inspect(value)
    assert printed
    assert printed.isprintable() or all(
        letter.isprintable() or letter == "\n" for letter in printed if ord(letter) < 160
    )
