"""How a part that is wanted differs from the whole that was found."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.handle.journal import compare_json

values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text("abc", max_size=1), parts, max_size=3),
    max_leaves=8,
)


@given(values)
def test_a_value_has_all_that_it_has(value: Any) -> None:
    assert list(compare_json("it", value, value)) == []


@given(st.dictionaries(st.text("abc", max_size=1), values), st.dictionaries(st.text("xyz", max_size=1), values))
def test_more_keys_do_not_matter(wanted: dict[str, Any], more: dict[str, Any]) -> None:
    assert list(compare_json("it", wanted, {**more, **wanted})) == []


@given(values, values)
def test_what_is_equal_is_no_difference_and_the_rest_is_one_unless_there_is_more(one: Any, other: Any) -> None:
    found = list(compare_json("it", one, other))
    if one == other and repr(one) == repr(other):
        assert found == []
    if not found:
        assert isinstance(one, type(other))


@pytest.mark.parametrize(
    ("wanted", "found", "lines"),
    [
        ({"a": 1}, None, ["it is None, not {'a': 1}"]),
        ({"a": True}, {"a": 1}, ["it.a is 1, not True"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2, "c": 3}]}, ["it.a[0].b is 2, not 1"]),
        ([1, 2], [1], ["it is [1], not [1, 2]"]),
        ({"nmae": 1}, {"name": 1}, ["it.nmae is missing; did you mean name?"]),
        ({"a": ANY}, {"a": 5}, []),
        ("x" * 200, "y", [f"it is 'y', not 'x{'x' * 115}..."]),
    ],
)
def test_lines(wanted: Any, found: Any, lines: list[str]) -> None:
    assert list(compare_json("it", wanted, found)) == lines
