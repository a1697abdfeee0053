"""Compressed bodies: the limit counts what they inflate to, and holds while they are inflated."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import POSTS_ID, ask, fake, json_of

from fake_webflow.api.pipeline import LARGEST_BODY

ITEMS = f"/collections/{POSTS_ID}/items"
JSON = {"content-type": "application/json"}


@pytest.mark.clause("requests.content-encoding", "requests.body-too-large")
def test_a_body_that_inflates_beyond_the_limit_is_never_inflated():
    bomb = zlib.compress(b" " * (20 * LARGEST_BODY))
    made = fake()
    tracemalloc.start()
    response = ask(made, "POST", ITEMS, body=bomb, headers={**JSON, "content-encoding": "deflate"})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status == 413
    assert peak < 4 * LARGEST_BODY


@pytest.mark.clause("requests.content-encoding.wrong")
@given(data=st.binary(max_size=60), encoding=st.sampled_from(["gzip", "deflate", "br", "gzip, gzip", "identity"]))
def test_any_bytes_are_read_or_refused(data, encoding):
    made = fake()
    before = made.state.world
    response = ask(made, "POST", ITEMS, body=data, headers={**JSON, "content-encoding": encoding})
    assert response.status in (400, 415)
    assert json_of(response)["code"] in ("bad_request", "validation_error")
    assert made.state.world is before


def test_capitals_and_blanks_do_not_matter():
    body = gzip.compress(b'{"fieldData": {"name": "Ada"}}')
    assert ask(fake(), "POST", ITEMS, body=body, headers={**JSON, "content-encoding": " GZip "}).status == 202
