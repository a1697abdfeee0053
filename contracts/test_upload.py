"""The upload: the form Webflow hands out, and the target that takes it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import requests

from fake_webflow.rules import find_clause as ledger_clause

from .kit.clauses import Choices, ClauseDiffers, clause, describe, needs
from .kit.in_process import InProcessTarget
from .kit.sandbox import Sandbox
from .kit.targets import ADVANCE_TIME

FIELDS = [
    "acl",
    "bucket",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "key",
    "Policy",
    "X-Amz-Signature",
    "success_action_status",
    "content-type",
    "Cache-Control",
]


@pytest.fixture
def asset(sandbox: Sandbox) -> Iterator[dict[str, Any]]:
    """A registered asset without its bytes."""
    with sandbox.assets.asset_without_bytes() as asset:
        yield asset


def elements(answer: requests.Response) -> dict[str, str]:
    """The simple elements of an XML answer."""
    return dict(re.findall(r"<(\w+)>([^<]*)</\1>", answer.text))


def expect_storage_refusal(answer: requests.Response, clause_id: str, **values: str) -> dict[str, str]:
    """Checks that S3 refuses by that clause, and gives the elements of its answer."""
    expected = ledger_clause(clause_id).refuses
    assert expected is not None
    message = expected.message
    for name, value in values.items():
        message = message.replace(f"${name}", value)
    found = elements(answer)
    texts = {name: unescape(text) for name, text in found.items()}
    if (answer.status_code, texts.get("Code"), texts.get("Message")) != (expected.status, expected.code, message):
        raise ClauseDiffers(clause_id, f"{expected.status} {expected.code}: {message}", describe(answer))
    return texts


def expect_not_stored(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    """Checks that no bytes of the asset are served."""
    assert sandbox.target.http.get(asset["hostedUrl"], timeout=60).status_code in (403, 404)


@clause("upload.details.fields", "upload.details.policy")
def test_the_fields_of_the_form(sandbox: Sandbox, asset: dict[str, Any], choice: Choices) -> None:
    choice("assets.upload.size-limit").needs("policy")
    details = asset["uploadDetails"]
    if {*details} != {*FIELDS}:
        raise ClauseDiffers("upload.details.fields", ", ".join(FIELDS), ", ".join(details))
    assert all(isinstance(value, str) for value in details.values())
    credential = details["X-Amz-Credential"]
    assert re.fullmatch(r"AKIA[A-Z0-9]{16}/\d{8}/us-east-1/s3/aws4_request", credential)
    expected: list[Any] = [
        ["starts-with", "$key", f"{sandbox.site_id}/"],
        {"cache-control": "max-age=31536000"},
        {"Content-Type": asset["contentType"]},
        {"success_action_status": "201"},
        ["starts-with", "$Content-Type", asset["contentType"]],
        ["content-length-range", 0, 31_457_280],
        {"acl": "public-read"},
        {"bucket": details["bucket"]},
        {"X-Amz-Algorithm": "AWS4-HMAC-SHA256"},
        {"X-Amz-Credential": credential},
        {"X-Amz-Date": details["X-Amz-Date"]},
        {"key": details["key"]},
    ]
    conditions = sandbox.assets.parse_policy(asset)["conditions"]
    if conditions != expected:
        raise ClauseDiffers("upload.details.policy", str(expected), str(conditions))
    assert b" " not in sandbox.assets.decode_policy(asset).replace(asset["originalFileName"].encode(), b"")


@clause("upload.details.lifetime")
def test_the_form_lives_for_an_hour(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    made = datetime.strptime(asset["uploadDetails"]["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    expected = f"{made + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    if (seen := sandbox.assets.parse_policy(asset)["expiration"]) != expected:
        raise ClauseDiffers("upload.details.lifetime", expected, seen)


@clause("upload.answer.created", "upload.answer.location", "upload.stored.headers")
def test_an_upload_is_answered_with_a_document(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    answer = sandbox.assets.post_form(asset)
    assert answer.status_code == 201
    digest = f'"{hashlib.md5(sandbox.assets.bytes_of(asset)).hexdigest()}"'
    found = elements(answer)
    key = asset["uploadDetails"]["key"]
    assert {*found} == {"Location", "Bucket", "Key", "ETag"}
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert (found["Bucket"], found["Key"]) == (asset["uploadDetails"]["bucket"], key)
    assert found["ETag"].replace("&quot;", '"') == answer.headers.get("ETag") == digest
    location = asset["uploadUrl"].rstrip("/") + "/" + key.replace("/", "%2F").replace(" ", "%20")
    if not found["Location"] == answer.headers.get("Location") == location:
        raise ClauseDiffers("upload.answer.location", location, answer.headers.get("Location", ""))


@clause("files.served", "files.head", "upload.stored.headers", "assets.create.answer")
@pytest.mark.parametrize("address", ["hostedUrl", "assetUrl"])
def test_the_bytes_are_served_where_the_answer_said(sandbox: Sandbox, address: str) -> None:
    asset = sandbox.assets.picture
    data = sandbox.assets.bytes_of(asset)
    answer = sandbox.target.http.get(asset[address], timeout=60)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["ETag"] == f'"{hashlib.md5(data).hexdigest()}"'
    assert answer.headers.get("Cache-Control") == "max-age=31536000"
    head = sandbox.target.http.head(asset[address], timeout=60)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Cache-Control"):
        assert head.headers.get(name) == answer.headers[name]


@clause("files.absent")
def test_nothing_is_served_before_the_bytes_came(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    expect_storage_refusal(sandbox.target.http.get(asset["hostedUrl"], timeout=60), "files.absent")


@clause("files.method")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_files_are_read_only(sandbox: Sandbox, method: str) -> None:
    asset = sandbox.assets.picture
    expect_storage_refusal(sandbox.target.http.request(method, asset["hostedUrl"], timeout=60), "files.method")
    assert sandbox.target.http.get(asset["hostedUrl"], timeout=60).status_code == 200


@clause("upload.policy.expired")
@needs(ADVANCE_TIME)
def test_a_form_expires(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.preserve_state():
        asset = sandbox.assets.register()
        target.advance(3599)
        assert sandbox.assets.post_form(asset).status_code == 201
        late = sandbox.assets.register()
        target.advance(3601)
        expect_storage_refusal(sandbox.assets.post_form(late), "upload.policy.expired")
        expect_not_stored(sandbox, late)


@clause("upload.condition.extra-field", "upload.error.document")
def test_a_field_the_policy_does_not_name(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    answer = sandbox.assets.post_form(asset, {**asset["uploadDetails"], "x-requested-with": "xhr"})
    if answer.status_code >= 400 and answer.headers.get("Content-Type") != "application/xml":
        raise ClauseDiffers("upload.error.document", "an XML document", describe(answer))
    found = expect_storage_refusal(answer, "upload.condition.extra-field", fields="x-requested-with")
    assert answer.headers.get("x-amz-request-id") == found.get("RequestId") is not None
    assert answer.headers.get("x-amz-id-2") == found.get("HostId") is not None
    assert list(found)[:2] == ["Code", "Message"]
    expect_not_stored(sandbox, asset)


@clause("upload.condition.exempt-fields")
def test_fields_that_need_no_condition(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    assert sandbox.assets.post_form(asset, {**asset["uploadDetails"], "x-ignore-me": "please"}).status_code == 201


@clause("upload.condition.failed")
@pytest.mark.parametrize(
    ("field", "value", "condition"),
    [
        ("acl", "private", '["eq", "$acl", "public-read"]'),
        ("content-type", "text/html", '["eq", "$Content-Type", "image/png"]'),
        ("key", "elsewhere/file.png", '["starts-with", "$key", "{site}/"]'),
        ("success_action_status", "200", '["eq", "$success_action_status", "201"]'),
    ],
)
def test_a_field_of_another_value(
    sandbox: Sandbox, asset: dict[str, Any], field: str, value: str, condition: str
) -> None:
    answer = sandbox.assets.post_form(asset, {**asset["uploadDetails"], field: value})
    expect_storage_refusal(answer, "upload.condition.failed", condition=condition.replace("{site}", sandbox.site_id))
    expect_not_stored(sandbox, asset)


@clause("upload.fields.names-any-case")
def test_names_of_fields_in_any_case(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    for rename in (str.lower, str.upper):
        fields = {rename(name): value for name, value in asset["uploadDetails"].items()}
        assert sandbox.assets.post_form(asset, fields).status_code == 201


@clause("upload.signature.mismatch")
@pytest.mark.parametrize("field", ["X-Amz-Signature", "Policy"])
def test_a_form_that_was_tampered_with(sandbox: Sandbox, asset: dict[str, Any], field: str) -> None:
    value = asset["uploadDetails"][field]
    changed = value[:-5] + ("0" if value[-5] != "0" else "1") + value[-4:]
    expect_storage_refusal(
        sandbox.assets.post_form(asset, {**asset["uploadDetails"], field: changed}), "upload.signature.mismatch"
    )
    expect_not_stored(sandbox, asset)


@pytest.mark.parametrize(
    ("field", "clause_id"),
    [
        pytest.param(
            "X-Amz-Signature", "upload.signature.field-missing", marks=clause("upload.signature.field-missing")
        ),
        pytest.param(
            "X-Amz-Algorithm", "upload.signature.field-missing", marks=clause("upload.signature.field-missing")
        ),
        pytest.param("key", "upload.key.missing", marks=clause("upload.key.missing")),
    ],
)
def test_a_field_that_is_missing(sandbox: Sandbox, asset: dict[str, Any], field: str, clause_id: str) -> None:
    fields = {name: value for name, value in asset["uploadDetails"].items() if name != field}
    expect_storage_refusal(sandbox.assets.post_form(asset, fields), clause_id, field=field)
    expect_not_stored(sandbox, asset)


# A part of the credential by its place, another one for it, the clause that refuses that, and what its message quotes.
CREDENTIALS: list[tuple[int, str, str, dict[str, str]]] = [
    (0, "AKIAIOSFODNN7EXAMPLE", "upload.signature.unknown-key", {}),
    (1, "2026-1-1", "upload.signature.credential-date", {"date": "2026-1-1"}),
    (2, "eu-west-1", "upload.signature.region", {"region": "eu-west-1"}),
    (3, "ec2", "upload.signature.service", {"service": "ec2"}),
    (4, "aws5_request", "upload.signature.terminal", {"terminal": "aws5_request"}),
    (4, "aws4_request/more", "upload.signature.credential", {}),
]


@pytest.mark.parametrize(
    ("place", "part", "clause_id", "quoted"),
    [
        pytest.param(place, part, clause_id, quoted, marks=clause(clause_id))
        for place, part, clause_id, quoted in CREDENTIALS
    ],
)
def test_a_credential_of_another_form(
    sandbox: Sandbox, asset: dict[str, Any], place: int, part: str, clause_id: str, quoted: dict[str, str]
) -> None:
    parts = asset["uploadDetails"]["X-Amz-Credential"].split("/")
    parts[place] = part
    credential = {"X-Amz-Credential": "/".join(parts)}
    expect_storage_refusal(
        sandbox.assets.post_form(asset, {**asset["uploadDetails"], **credential}), clause_id, **quoted
    )


FORMS: list[tuple[str, str, str]] = [
    ("X-Amz-Algorithm", "AWS4-HMAC-SHA512", "upload.signature.algorithm"),
    ("X-Amz-Date", "2026-01-01T00:00:00Z", "upload.signature.date"),
    ("bucket", "another-bucket", "upload.bucket.unknown"),
    ("key", "", "upload.key.empty"),
    ("key", "ä" * 512 + "x", "upload.key.too-long"),
    ("x-ignore-this", "x" * 20 * 1024, "upload.fields.too-long"),
]


@pytest.mark.parametrize(
    ("field", "value", "clause_id"),
    [pytest.param(field, value, clause_id, marks=clause(clause_id)) for field, value, clause_id in FORMS],
)
def test_a_form_no_bucket_takes(
    sandbox: Sandbox, asset: dict[str, Any], field: str, value: str, clause_id: str
) -> None:
    expect_storage_refusal(sandbox.assets.post_form(asset, {**asset["uploadDetails"], field: value}), clause_id)


@clause("upload.fields.first-of-several")
def test_of_several_fields_of_one_name_the_first_counts(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    own: list[Any] = [(name, (None, value)) for name, value in asset["uploadDetails"].items()]
    other = ("ACL", (None, "private"))
    file = ("file", (asset["originalFileName"], sandbox.assets.bytes_of(asset), asset["contentType"]))
    wrong = sandbox.target.http.post(asset["uploadUrl"], files=[other, *own, file], timeout=60)
    expect_storage_refusal(wrong, "upload.condition.failed", condition='["eq", "$acl", "public-read"]')
    assert sandbox.target.http.post(asset["uploadUrl"], files=[*own, other, file], timeout=60).status_code == 201


@clause("upload.file.as-text")
def test_a_file_without_a_name_is_a_file(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    parts: list[Any] = [(name, (None, value)) for name, value in asset["uploadDetails"].items()]
    parts.append(("file", (None, sandbox.assets.bytes_of(asset))))
    assert sandbox.target.http.post(asset["uploadUrl"], files=parts, timeout=60).status_code == 201
    assert sandbox.target.http.get(asset["hostedUrl"], timeout=60).content == sandbox.assets.bytes_of(asset)


@clause("upload.authorization")
@pytest.mark.parametrize("authorization", ["Bearer nothing", "Basic bm90aGluZw=="])
def test_a_session_that_sends_its_token_everywhere(sandbox: Sandbox, asset: dict[str, Any], authorization: str) -> None:
    headers = {"Authorization": authorization}
    files = {"file": sandbox.assets.bytes_of(asset)}
    form = {"data": asset["uploadDetails"], "files": files, "headers": headers}
    for answer in (
        sandbox.target.http.post(asset["uploadUrl"], timeout=60, **form),
        sandbox.target.http.get(asset["assetUrl"], timeout=60, headers=headers),
    ):
        found = expect_storage_refusal(answer, "upload.authorization")
        assert (found["ArgumentName"], found["ArgumentValue"]) == ("Authorization", authorization)


@clause("upload.method")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_upload_address_takes_posts_only(sandbox: Sandbox, asset: dict[str, Any], method: str) -> None:
    expect_storage_refusal(sandbox.target.http.request(method, asset["uploadUrl"], timeout=60), "upload.method")


@clause("upload.malformed")
@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=edge"])
def test_a_form_that_breaks_off(sandbox: Sandbox, asset: dict[str, Any], kind: str) -> None:
    body = b'--edge\r\nContent-Disposition: form-data; name="key"\r\n\r\nx'
    answer = sandbox.target.http.post(asset["uploadUrl"], data=body, headers={"Content-Type": kind}, timeout=60)
    expect_storage_refusal(answer, "upload.malformed")


@clause("upload.unsigned")
def test_a_form_without_any_signature(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    fields = {name: asset["uploadDetails"][name] for name in ("key", "Policy")}
    expect_storage_refusal(sandbox.assets.post_form(asset, fields), "upload.unsigned")


@clause("upload.enclosure-type")
def test_a_body_that_is_no_form(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    answer = sandbox.target.http.post(asset["uploadUrl"], data=asset["uploadDetails"], timeout=60)
    expect_storage_refusal(answer, "upload.enclosure-type")


@clause("upload.file.missing")
def test_a_form_without_a_file(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    parts = [(name, (None, value)) for name, value in asset["uploadDetails"].items()]
    expect_storage_refusal(sandbox.target.http.post(asset["uploadUrl"], files=parts, timeout=60), "upload.file.missing")


@clause("upload.file.last", "upload.key.missing")
def test_what_comes_after_the_file_is_ignored(sandbox: Sandbox, asset: dict[str, Any]) -> None:
    file = ("file", (asset["originalFileName"], sandbox.assets.bytes_of(asset), asset["contentType"]))
    fields: list[Any] = [(name, (None, value)) for name, value in asset["uploadDetails"].items()]
    first = sandbox.target.http.post(asset["uploadUrl"], files=[file, *fields], timeout=60)
    expect_storage_refusal(first, "upload.key.missing", field="key")
    late = [*fields, file, ("x-requested-with", (None, "xhr"))]
    assert sandbox.target.http.post(asset["uploadUrl"], files=late, timeout=60).status_code == 201


@clause("files.range", "files.if-none-match")
@pytest.mark.parametrize("address", ["hostedUrl", "assetUrl"])
@pytest.mark.parametrize("wanted", ["first two", "last", "last two", "beyond the end"])
def test_a_stretch_of_a_file_or_one_that_is_known(sandbox: Sandbox, address: str, wanted: str) -> None:
    url, data = sandbox.assets.picture[address], sandbox.assets.bytes_of(sandbox.assets.picture)
    last = len(data) - 1
    asked, first, end = {
        "first two": ("0-1", 0, 1),
        "last": (f"{last}-", last, last),
        "last two": ("-2", last - 1, last),
        "beyond the end": (f"1-{last + 9}", 1, last),
    }[wanted]
    answer = sandbox.target.http.get(url, timeout=60, headers={"Range": f"bytes={asked}"})
    assert (answer.status_code, answer.content) == (206, data[first : end + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{end}/{len(data)}"
    known = sandbox.target.http.get(url, timeout=60, headers={"If-None-Match": answer.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")


@clause("files.range")
@pytest.mark.parametrize("wanted", ["bytes=0-0,2-2", "items=0-1", "bytes=2-1"])
def test_a_range_that_cannot_be_read_is_ignored(sandbox: Sandbox, wanted: str) -> None:
    picture = sandbox.assets.picture
    answer = sandbox.target.http.get(picture["assetUrl"], timeout=60, headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (200, sandbox.assets.bytes_of(picture))


@clause("files.range.beyond")
def test_bytes_that_a_file_does_not_have(sandbox: Sandbox) -> None:
    picture = sandbox.assets.picture
    size = len(sandbox.assets.bytes_of(picture))
    answer = sandbox.target.http.get(picture["assetUrl"], timeout=60, headers={"Range": f"bytes={size}-"})
    found = expect_storage_refusal(answer, "files.range.beyond")
    assert (found["RangeRequested"], found["ActualObjectSize"]) == (f"bytes={size}-", str(size))
    assert answer.headers["Content-Range"] == f"bytes */{size}"
