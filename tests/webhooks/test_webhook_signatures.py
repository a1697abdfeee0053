"""The bytes of a delivery and their signature."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.webhooks.deliveries import Delivery
from fake_webflow.webhooks.signatures import verify_signature
from fake_webflow.world.javascript import stringify

KEY = "5f" * 32
NOW_MS = 1_772_354_591_120
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def delivery_of(payload: Any) -> Delivery:
    body = stringify({"triggerType": "collection_item_created", "payload": payload})
    return Delivery(0, "collection_item_created", "1", "http://localhost/", body, KEY, NOW_MS, "recorded")


@pytest.mark.clause("webhooks.delivery.signature", "webhooks.delivery.json")
@given(payload=st.dictionaries(TEXTS, JSON, max_size=5))
def test_the_signature_verifies_for_any_payload(payload: dict[str, Any]) -> None:
    delivery = delivery_of(payload)
    assert verify_signature(delivery.headers, delivery.body, KEY, now=NOW_MS / 1000)
    assert not verify_signature(delivery.headers, delivery.body + b" ", KEY, now=NOW_MS / 1000)
    # The rule of the official JavaScript helper: what is signed is the parsed body, written again.
    written_again = stringify(json.loads(delivery.body))
    assert verify_signature(delivery.headers, written_again, KEY, now=NOW_MS / 1000)


@pytest.mark.clause("webhooks.delivery.signature")
def test_the_signature_is_the_documented_one() -> None:
    delivery = delivery_of({"name": "Grüße"})
    assert list(delivery.headers) == ["Content-Type", "x-webflow-timestamp", "x-webflow-signature"]
    assert delivery.headers["Content-Type"] == "application/json"
    assert delivery.headers["x-webflow-timestamp"] == str(NOW_MS)
    signed = f"{NOW_MS}:".encode() + '{"triggerType":"collection_item_created","payload":{"name":"Grüße"}}'.encode()
    expected = hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
    assert delivery.headers["x-webflow-signature"] == expected


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({}, True),
        ({"now": NOW_MS / 1000 + 299}, True),
        ({"now": NOW_MS / 1000 + 301}, False),
        ({"now": NOW_MS / 1000 - 301}, False),
        ({"now": NOW_MS / 1000 + 301, "tolerance": None}, True),
        ({"tolerance": None, "secret_key": "another"}, False),
        ({"tolerance": 10**12}, True),
    ],
)
def test_age_and_key_are_checked(changes: dict[str, Any], accepted: bool) -> None:
    delivery = delivery_of({})
    options = {"secret_key": KEY, "now": NOW_MS / 1000, **changes}
    assert verify_signature(delivery.headers, delivery.body, **options) is accepted


@pytest.mark.parametrize(
    "changed",
    [
        {"x-webflow-timestamp": ""},
        {"x-webflow-timestamp": "now"},
        {"x-webflow-timestamp": "٣٤"},
        {"x-webflow-timestamp": "9" * 5000},
        {"x-webflow-timestamp": f"-{NOW_MS}"},
        {"x-webflow-signature": ""},
        {"x-webflow-signature": "ü"},
        {"x-webflow-signature": "\ud800"},
    ],
)
def test_odd_headers_are_refused_quietly(changed: dict[str, str]) -> None:
    delivery = delivery_of({})
    assert not verify_signature({**delivery.headers, **changed}, delivery.body, KEY, now=NOW_MS / 1000)
    left = {name: value for name, value in delivery.headers.items() if name not in changed}
    assert not verify_signature(left, delivery.body, KEY, now=NOW_MS / 1000)


def test_header_names_in_any_case_and_text_bodies_will_do() -> None:
    delivery = delivery_of({"name": "Grüße"})
    headers = {name.title(): value for name, value in delivery.headers.items()}
    assert verify_signature(headers, delivery.body.decode(), KEY, now=NOW_MS / 1000)


@pytest.mark.clause("webhooks.delivery.json")
@pytest.mark.parametrize(
    ("parsed", "written"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (-1.5, "-1.5"),
        (120.25, "120.25"),
        (1e16, "10000000000000000"),
        (123456789012345680000.0, "123456789012345680000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (0.000001, "0.000001"),
        (0.0000012, "0.0000012"),
        (1e-7, "1e-7"),
        (-1.25e-9, "-1.25e-9"),
        (5e-324, "5e-324"),
        (9007199254740993, "9007199254740992"),
        (18446744073709551615, "18446744073709552000"),
        (True, "true"),
        ({"b": 1, "10": 2, "9": 3, "01": 4, "4294967295": 5}, '{"9":3,"10":2,"b":1,"01":4,"4294967295":5}'),
        ('\x7f\u2028/é\U0001f600\n\x1b"\\', '"\x7f\u2028/é\U0001f600\\n\\u001b\\"\\\\"'),
        ([1, {"a": [None]}], '[1,{"a":[null]}]'),
    ],
)
def test_json_is_written_as_javascript_writes_it(parsed: Any, written: str) -> None:
    assert stringify(parsed).decode() == written


@pytest.mark.clause("webhooks.delivery.json")
@given(value=JSON)
def test_writing_what_was_read_changes_nothing(value: Any) -> None:
    written = stringify(value)
    assert stringify(json.loads(written)) == written


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_is_lost(number: float) -> None:
    assert float(stringify(number)) == number
