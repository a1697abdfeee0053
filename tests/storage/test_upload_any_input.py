"""Whatever is sent, the answer is a stored file or a refusal that renders as XML."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st
from upload_forms import BOUNDARY, details, elements, form, multipart, send, signed, signed_text

from fake_webflow.rules import Refusal
from fake_webflow.storage.errors import render_error

GOOD = form(details(), b"some bytes")
NAMES = st.sampled_from([*details(), "file", "success_action_redirect", "x-ignore-a", ""]) | st.text(max_size=20)


def answered(body, content_type=f'multipart/form-data; boundary="{BOUNDARY}"'):
    """The stored file, or None for a refusal."""
    try:
        file, response = send(body, content_type)
    except Refusal as caught:
        refusal = caught
    else:
        refusal = None
    if refusal is not None:
        response = render_error(refusal, request_id="1")
        assert 400 <= response.status < 502
        assert elements(response)["Code"] == refusal.answer.code
        return None
    assert response.status in (200, 201, 204, 303)
    for _, value in response.headers:
        assert value.isascii()
        assert value.isprintable()
    return file


EDITS = st.lists(
    st.tuples(
        st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=12) | st.sampled_from([b"\r\n", b"\0"])
    ),
    min_size=1,
    max_size=4,
)


@given(edits=EDITS)
def test_any_mutation_of_a_good_form(edits):
    body = GOOD
    for position, deleted, inserted in edits:
        body = body[:position] + inserted + body[position + deleted :]
    answered(body)


@given(length=st.integers(0, len(GOOD)))
def test_any_beginning_of_a_good_form_is_refused_or_whole(length):
    file = answered(GOOD[:length])
    assert file is None or file.data == b"some bytes"


@given(body=st.binary(max_size=300), content_type=st.text(st.characters(codec="latin-1"), max_size=60))
def test_any_body_of_any_type(body, content_type):
    answered(body, "multipart/form-data; boundary=" + content_type)
    answered(body, content_type)


@given(
    parts=st.lists(st.tuples(NAMES, st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace")))),
    name=NAMES,
    value=st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace")),
)
def test_any_fields_around_a_good_form(parts, name, value):
    parts = [(text.replace('"', "").encode("utf-8", "replace").decode(), content) for text, content in parts]
    changed = [(field, value if field == name else content) for field, content in details().items()]
    answered(multipart([*changed, *parts, ("file", b"x", "a.jpg")]))
    answered(multipart([*parts, *changed, ("file", b"x", "a.jpg")]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CONDITION = st.lists(
    st.sampled_from(["eq", "starts-with", "content-length-range", "$key", "$acl", "k"]) | JSON, max_size=4
)


@given(conditions=st.lists(CONDITION | JSON, max_size=3), expiration=st.just("2026-07-28T13:00:00Z") | JSON)
@example(conditions=[["starts-with", "$key", ""], ["content-length-range", -1, -1]], expiration="2026-07-28T13:00:00Z")
@example(conditions=[{"key": "\ud800"}], expiration="2026-07-28T13:00:00.5Z")
def test_any_policy_under_a_true_signature(conditions, expiration):
    answered(form(signed(conditions, expiration, key="k")))


@given(policy=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_policy_bytes_under_a_true_signature(policy):
    assert answered(form(signed_text(policy, key="k"))) is None


@given(data=st.binary(max_size=200), filler=st.sampled_from([b"", b"\r\n--" + BOUNDARY.encode() + b"x", b"\n\r" * 40]))
def test_any_bytes_are_stored_as_they_are(data, filler):
    content = data + filler + data
    if b"--" + BOUNDARY.encode() not in data:
        assert answered(form(details(), content)).data == content


@given(key=st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable() and "$" not in text))
def test_any_printable_key_is_stored_under_its_name(key):
    fields = signed([["starts-with", "$key", ""]], key=key)
    assert answered(form(fields)).key == key
