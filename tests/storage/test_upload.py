from __future__ import annotations

import hashlib
import io
import tracemalloc
from datetime import UTC, datetime

import boto3
import pytest
import requests
from botocore.config import Config
from upload_forms import ADDRESS, BOUNDARY, KEY, NOW, OBJECT, details, elements, form, multipart, refused, send, signed

from fake_webflow.rules import Refusal
from fake_webflow.storage.errors import render_error

LOCATION = f"{ADDRESS}/62749158efef318abc8d5a0f%2F66a0c0ffee0000000000cafe_photo%20one.jpg"
MD5 = hashlib.md5(b"jpeg bytes").hexdigest()


@pytest.mark.clause("upload.answer.created", "upload.answer.location", "upload.stored.headers")
def test_the_form_webflow_hands_out_is_stored_and_answered_201():
    file, response = send(form(details()))
    assert file == (OBJECT, "image/jpeg", MD5, b"jpeg bytes", "max-age=31536000")
    assert response.status == 201
    headers = dict(response.headers)
    assert (headers["ETag"], headers["Location"], headers["Content-Type"]) == (f'"{MD5}"', LOCATION, "application/xml")
    assert len(headers["x-amz-request-id"]) == 16
    assert response.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<PostResponse><Location>{LOCATION}</Location><Bucket>webflow-prod-assets</Bucket><Key>{OBJECT}</Key>"
        f'<ETag>"{MD5}"</ETag></PostResponse>'
    )


@pytest.mark.clause("upload.answer.empty", "upload.answer.redirect")
@pytest.mark.parametrize(
    ("fields", "status", "location"),
    [
        ({}, 204, f"{ADDRESS}/k"),
        ({"success_action_status": "200"}, 200, f"{ADDRESS}/k"),
        ({"success_action_status": "418"}, 204, f"{ADDRESS}/k"),
        (
            {"success_action_redirect": "https://example.com/?a=b", "success_action_status": "201"},
            303,
            f"https://example.com/?a=b&bucket=webflow-prod-assets&key=k&etag=%22{MD5}%22",
        ),
        (
            {"success_action_redirect": "http://example.com/"},
            303,
            f"http://example.com/?bucket=webflow-prod-assets&key=k&etag=%22{MD5}%22",
        ),
        ({"success_action_redirect": "not an address"}, 204, f"{ADDRESS}/k"),
        ({"success_action_redirect": "https:///nowhere"}, 204, f"{ADDRESS}/k"),
        ({"success_action_redirect": "ftp://example.com/"}, 204, f"{ADDRESS}/k"),
        ({"success_action_redirect": "http://[/"}, 204, f"{ADDRESS}/k"),
        ({"success_action_redirect": "http://example.com:99999/"}, 204, f"{ADDRESS}/k"),
        ({"success_action_redirect": "http://a/\r\nX: y"}, 204, f"{ADDRESS}/k"),
    ],
)
def test_the_other_answers_have_no_body(fields, status, location):
    conditions = [["starts-with", f"${name}", ""] for name in ("key", *fields)]
    file, response = send(form(signed(conditions, key="k", **fields)))
    headers = dict(response.headers)
    assert (response.status, headers["Location"], response.body) == (status, location, b"")
    assert "Content-Type" not in headers
    assert file.content_type == "binary/octet-stream"


@pytest.mark.clause("upload.fields.names-any-case")
@pytest.mark.parametrize("rename", [str.upper, str.lower, str.title])
def test_field_names_in_any_case(rename):
    file, _ = send(form({rename(name): value for name, value in details().items()}))
    assert file.content_type == "image/jpeg"


@pytest.mark.clause("upload.fields.names-any-case")
def test_values_in_another_case_are_refused():
    refused("upload.condition.failed", form({**details(), "acl": "Public-Read"}))


@pytest.mark.clause("upload.fields.first-of-several")
def test_a_second_content_type_after_the_details_changes_nothing():
    parts = [*details().items(), ("Content-Type", "text/html"), ("file", b"x", "a.jpg")]
    assert send(multipart(parts))[0].content_type == "image/jpeg"


@pytest.mark.clause("upload.file.last")
@pytest.mark.parametrize("after", [[("key", "other"), ("x-unknown", "1")], [("file", b"second", "b.jpg")]])
def test_what_follows_the_file_is_ignored(after):
    file, _ = send(multipart([*details().items(), ("file", b"first", "a.jpg"), *after]))
    assert (file.key, file.data) == (OBJECT, b"first")


@pytest.mark.clause("upload.file.last", "upload.key.missing", "upload.unsigned")
def test_a_file_sent_first_hides_every_field():
    answer = refused("upload.key.missing", multipart([("file", b"x", "a.jpg"), *details().items()]))
    assert answer["Message"] == (
        "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields."
    )
    refused("upload.unsigned", multipart([("key", OBJECT), ("file", b"x", "a.jpg"), *details().items()]))


@pytest.mark.clause("upload.file.as-text")
def test_a_field_named_file_is_the_content():
    file, _ = send(multipart([*details().items(), ("file", "plain text")]))
    assert file.data == b"plain text"


@pytest.mark.clause("upload.file.name-in-key", "upload.condition.after-expansion")
@pytest.mark.parametrize(
    ("filename", "key"),
    [
        (("report.pdf",), "in/report.pdf"),
        (("a/b/report.pdf",), "in/report.pdf"),
        (("C:/docs\\\\report.pdf",), "in/report.pdf"),
        (("ü — x.pdf",), "in/ü — x.pdf"),
        ((), "in/${filename}"),
        (("",), "in/"),
    ],
)
def test_the_file_name_in_the_key(filename, key):
    fields = signed([["eq", "$key", key]], key="in/${filename}")
    assert send(multipart([*fields.items(), ("file", b"x", *filename)]))[0].key == key


def test_an_empty_file_is_stored():
    file, _ = send(form(details(), b""))
    assert (file.data, file.etag) == (b"", "d41d8cd98f00b204e9800998ecf8427e")


@pytest.mark.clause("upload.size.too-large")
@pytest.mark.parametrize("size", [0, 1, 99, 100])
def test_files_up_to_the_limit_are_stored(size):
    assert len(send(form(details(size_limit=100), bytes(size)))[0].data) == size


@pytest.mark.clause("upload.size.too-large")
def test_a_file_one_byte_too_long_is_refused_with_its_whole_size():
    answer = refused("upload.size.too-large", form(details(size_limit=100), bytes(200_001)))
    assert answer | {"RequestId": "", "HostId": ""} == {
        "status": "400", "Code": "EntityTooLarge", "Message": "Your proposed upload exceeds the maximum allowed size",
        "ProposedSize": "200001", "MaxSizeAllowed": "100", "RequestId": "", "HostId": "",
    }  # fmt: skip


def test_no_size_limit_takes_any_size():
    assert len(send(form(details(size_limit=None), bytes(40_000_000)))[0].data) == 40_000_000


@pytest.mark.clause("upload.registered-md5")
@pytest.mark.parametrize("registered", [None, MD5, MD5.upper(), "junk", "z" * 32, hashlib.sha256(b"x").hexdigest()])
def test_hashes_that_match_or_are_no_md5_pass(registered):
    asked = []
    assert send(form(details()), expected_md5=lambda key: asked.append(key) or registered)[1].status == 201
    assert asked == [OBJECT]


@pytest.mark.clause("upload.registered-md5")
def test_other_bytes_than_registered_are_refused():
    answer = refused("upload.registered-md5", form(details()), expected_md5={OBJECT: "0" * 32}.get)
    assert (answer["Code"], answer["ExpectedDigest"], answer["CalculatedDigest"]) == ("BadDigest", "0" * 32, MD5)


class _Trickle(io.RawIOBase):
    """A body that arrives in pieces of one size, made as it is read."""

    def __init__(self, head, filler, length, tail, piece):
        self._parts = [(head, len(head)), (filler, length), (tail, len(tail))]
        self._piece = piece

    def read(self, size=-1):
        while self._parts:
            source, left = self._parts[0]
            if not left:
                self._parts.pop(0)
                continue
            taken = min(size, self._piece, left)
            self._parts[0] = (source[taken:] if len(source) == left else source, left - taken)
            return bytes(taken) if source == b"\0" and left > 1 else source[:taken]
        return b""


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64, 100_000])
@pytest.mark.parametrize(
    "data", [b"", b"\r\n--", b"a\r", b"\r\n--" + BOUNDARY.encode() + b"x", b"--x\n", b"\r\r\n\n" * 9]
)
def test_the_bytes_are_the_same_however_they_arrive(data, piece):
    head, tail = form(details(), b"@@").split(b"@@")
    assert send(_Trickle(head + data + tail, b"", 0, b"", piece))[0].data == data


@pytest.mark.parametrize("padding", range(1, 12))
def test_a_chunk_that_ends_inside_the_last_delimiter_adds_nothing(padding):
    """Werkzeug's decoder alone would add a carriage return here."""
    head, _ = form(details(), b"@@").split(b"@@")
    delimiter = f"\r\n--{BOUNDARY}--".encode()
    data = b"x" * (65_536 - len(head) - len(delimiter) + padding)
    for close in (delimiter + b"\r\n", delimiter[:-2] + b"  \r\n"):
        assert send(head + data + close)[0].data == data


@pytest.mark.parametrize(("limit", "least", "most"), [(None, 1.0, 1.5), (1_000_000, 0.0, 0.2)])
def test_memory_stays_near_what_will_be_stored(limit, least, most):
    size = 20_000_000
    head, tail = form(details(size_limit=limit), b"@@").split(b"@@")
    body = _Trickle(head, b"\0", size, tail, 65_536)
    send(form(details()))  # what is read once only: the ledger is not part of an upload
    tracemalloc.start()
    try:
        if limit is None:
            assert len(send(body)[0].data) == size
        else:
            refused("upload.size.too-large", body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert least <= peak / size < most


@pytest.mark.parametrize("policy_name", ["Policy", "policy"])
def test_forms_rendered_by_requests(policy_name):
    fields = details()
    fields[policy_name] = fields.pop("Policy")
    fields["Content-Type"] = fields.pop("content-type")
    files = {"file": ("photo one.jpg", b"jpeg bytes", "image/jpeg")}
    prepared = requests.Request("POST", ADDRESS, data=fields, files=files).prepare()
    file, response = send(prepared.body, prepared.headers["Content-Type"])
    assert (file.data, response.status) == (b"jpeg bytes", 201)


def _boto_form(**options):
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        aws_access_key_id=KEY.access_key_id,
        aws_secret_access_key=KEY.secret,
        config=Config(signature_version="s3v4"),
    )
    return client.generate_presigned_post("webflow-prod-assets", **options)["fields"]


def _now(fields):
    return int(datetime.strptime(fields["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()) * 1000


@pytest.mark.clause("upload.condition.bucket")
def test_a_form_made_by_boto3_is_accepted():
    options = {"Fields": {"acl": "public-read"}, "Conditions": [{"acl": "public-read"}, ["content-length-range", 1, 9]]}
    fields = _boto_form(Key="up/${filename}", **options)
    file, response = send(form(fields, b"12345", "a b.txt"), now=_now(fields))
    assert (file.key, file.data, response.status) == ("up/a b.txt", b"12345", 204)


@pytest.mark.clause("upload.signature.mismatch", "upload.policy.expired")
def test_a_form_made_by_boto3_is_refused_once_tampered_with_or_expired():
    fields = _boto_form(Key="k", ExpiresIn=60)
    # boto3 follows the machine's clock, so its expiration is up to a second off the form's date.
    refused("upload.policy.expired", form(fields), now=_now(fields) + 62_000)
    refused("upload.condition.failed", form({**fields, "key": "other"}), now=_now(fields))
    refused("upload.signature.mismatch", form({**fields, "policy": details()["Policy"]}), now=_now(fields))


def test_ids_follow_from_the_request_alone():
    refusal = Refusal("upload.unsigned")
    first = render_error(refusal, request_id="one")
    assert first == render_error(refusal, request_id="one")
    assert elements(first)["RequestId"] != elements(render_error(refusal, request_id="two"))["RequestId"]


def test_a_form_is_good_for_the_whole_hour():
    expires = (NOW // 1000 + 3600) * 1000
    assert send(form(details()), now=expires)[1].status == 201
    refused("upload.policy.expired", form(details()), now=expires + 1)
