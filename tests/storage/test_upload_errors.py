"""A test for each error of the upload target."""

from __future__ import annotations

import io

import pytest
from upload_forms import (
    BOUNDARY,
    KEY,
    NOW,
    OBJECT,
    details,
    elements,
    form,
    multipart,
    refused,
    send,
    signed,
    signed_text,
)
from werkzeug.exceptions import ClientDisconnected

from fake_webflow.rules import Refusal
from fake_webflow.storage.errors import render_error

ORDER_HINT = "If it is specified, please check the order of the fields."


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in details().items() if name not in names}


def changed(**changes: str) -> dict[str, str]:
    return {**details(), **{name.replace("_", "-"): value for name, value in changes.items()}}


@pytest.mark.clause("upload.error.document")
def test_the_document_of_an_error():
    with pytest.raises(Refusal) as caught:
        send(form(without("X-Amz-Signature")))
    response = render_error(caught.value, request_id="request 1")
    headers = dict(response.headers)
    assert response.status == 400
    assert headers["Content-Type"] == "application/xml"
    assert headers["X-Fake-Webflow-Clause"] == "upload.signature.field-missing"
    assert response.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InvalidArgument</Code>'
        f"<Message>Bucket POST must contain a field named 'X-Amz-Signature'.  {ORDER_HINT}</Message>"
        "<ArgumentName>X-Amz-Signature</ArgumentName><ArgumentValue></ArgumentValue>"
        f"<RequestId>{headers['x-amz-request-id']}</RequestId><HostId>{headers['x-amz-id-2']}</HostId></Error>"
    )
    assert render_error(caught.value, request_id="request 1", method="HEAD").body == b""


@pytest.mark.clause("upload.error.document")
def test_what_xml_cannot_hold_does_not_break_the_document():
    refusal = Refusal("upload.signature.credential", ArgumentName="<&\"'>", ArgumentValue="\0\x1b\ud800\uffff\r\n😀]]>")
    answer = elements(render_error(refusal, request_id="\ud800"))
    assert (answer["ArgumentName"], answer["ArgumentValue"]) == ("<&\"'>", "\ufffd\ufffd\ufffd\ufffd\r\n😀]]>")


@pytest.mark.clause("upload.method")
def test_only_post():
    answer = refused("upload.method", form(details()), method="PUT")
    assert (answer["status"], answer["Code"], answer["Method"]) == ("405", "MethodNotAllowed", "PUT")
    with pytest.raises(Refusal) as caught:
        send(b"", method="GET")
    assert ("Allow", "POST") in render_error(caught.value, request_id="").headers


@pytest.mark.clause("upload.transfer-encoding")
def test_no_chunked_upload():
    answer = refused("upload.transfer-encoding", form(details()), headers={"transfer-encoding": "chunked"})
    assert (answer["status"], answer["Code"], answer["Header"]) == ("501", "NotImplemented", "Transfer-Encoding")


@pytest.mark.clause("upload.enclosure-type")
@pytest.mark.parametrize("content_type", [None, "", "application/json", "multipart/mixed; boundary=x", ";;;", "é"])
def test_only_multipart_form_data(content_type):
    answer = refused("upload.enclosure-type", form(details()), content_type)
    assert (answer["status"], answer["Code"]) == ("412", "PreconditionFailed")
    assert answer["Condition"] == "Bucket POST must be of the enclosure-type multipart/form-data"


PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="key"\r\n\r\n'.encode()


@pytest.mark.clause("upload.malformed")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"key=value&file=x",
        b"\0" * 100,
        PART,
        PART + b"value",
        form(details())[:-4],
        form(details())[:-30],
        f"--{BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
        f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
        f"--{BOUNDARY}\r\n\xff: \xfe\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode("latin-1"),
        multipart([("key", b"\xff\xfe")]),
        multipart([("", "value")]),
    ],
)
def test_malformed_bodies(body):
    answer = refused("upload.malformed", body)
    assert (answer["status"], answer["Code"]) == ("400", "MalformedPOSTRequest")


@pytest.mark.clause("upload.malformed")
@pytest.mark.parametrize("boundary", ["", "; boundary=", '; boundary=""', "; boundary=" + "x" * 50_000, "; boundary=é"])
def test_malformed_boundaries(boundary):
    refused("upload.malformed", form(details()), "multipart/form-data" + boundary)


def test_a_long_boundary_is_fine():
    boundary = "b" * 500
    parts = [*details().items(), ("file", b"x", "a.jpg")]
    assert send(multipart(parts, boundary), f"multipart/form-data; boundary={boundary}")[1].status == 201


@pytest.mark.clause("upload.incomplete")
@pytest.mark.parametrize("error", [ClientDisconnected(), ConnectionResetError()])
def test_a_connection_lost_on_the_way(error):
    class Lost(io.RawIOBase):
        def read(self, _size=-1):
            raise error

    assert refused("upload.incomplete", Lost())["Code"] == "IncompleteBody"


@pytest.mark.parametrize("length", ["0", "1", "99999999999999999999", "-1", "junk"])
def test_a_false_content_length_is_not_believed(length):
    assert send(form(details()), headers={"content-length": length})[1].status == 201


@pytest.mark.clause("upload.fields.too-long")
@pytest.mark.parametrize(
    "body",
    [
        multipart([("x-ignore-a", "a" * 20_481), ("file", "x")]),
        multipart([("x-ignore-a", "a" * 1000)] * 30 + [("file", "x")]),
        multipart([("a" * 30_000, ""), ("file", "x")]),
        multipart([("x-ignore-a", "a" * 200_000)]),
        b"no boundary anywhere" * 2000,
        f"--{BOUNDARY}\r\nX: ".encode() + b"y" * 100_000,
    ],
)
def test_too_much_before_the_file(body):
    answer = refused("upload.fields.too-long", body)
    assert (answer["status"], answer["Code"]) == ("400", "MaxPostPreDataLengthExceededError")


@pytest.mark.clause("upload.fields.too-long")
def test_just_below_20_kb_passes():
    room = 20_480 - len(form(details(), b"", ""))
    assert send(form({**details(), "x-ignore-padding": "a" * (room - 200)}))[1].status == 201


@pytest.mark.clause("upload.file.missing")
def test_a_form_without_a_file():
    answer = refused("upload.file.missing", multipart(list(details().items())))
    assert answer["Message"] == "POST requires exactly one file upload per request."
    assert (answer["status"], answer["Code"], answer["ArgumentName"]) == ("400", "InvalidArgument", "file")
    refused("upload.file.missing", f"--{BOUNDARY}--\r\n".encode())


@pytest.mark.clause("upload.key.missing", "upload.key.empty", "upload.key.too-long")
def test_keys():
    answer = refused("upload.key.missing", form(without("key")))
    assert answer["Message"] == f"Bucket POST must contain a field named 'key'.  {ORDER_HINT}"
    assert (answer["ArgumentName"], answer["ArgumentValue"]) == ("key", "")
    assert refused("upload.key.empty", form(changed(key="")))["Code"] == "InvalidArgument"
    refused("upload.key.empty", multipart([("key", "${filename}"), ("file", b"x", "")]))
    answer = refused("upload.key.too-long", form(changed(key="é" * 513)))
    assert (answer["Code"], answer["Size"], answer["MaxSizeAllowed"]) == ("KeyTooLongError", "1026", "1024")


@pytest.mark.clause("upload.bucket.unknown")
def test_another_bucket():
    answer = refused("upload.bucket.unknown", form(changed(bucket="elsewhere")))
    assert (answer["status"], answer["Code"], answer["BucketName"]) == ("404", "NoSuchBucket", "elsewhere")


@pytest.mark.clause("upload.stored.header-value")
@pytest.mark.parametrize("value", ["text/html\r\nSet-Cookie: a=b", "é", "a\0b"])
def test_values_no_header_can_carry(value):
    fields = signed([{"key": "k"}, ["starts-with", "$Content-Type", ""]], key="k", **{"content-type": value})
    assert refused("upload.stored.header-value", form(fields))["ArgumentName"] == "content-type"


SIGNATURE = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature")


@pytest.mark.clause("upload.unsigned")
@pytest.mark.parametrize("missing", [SIGNATURE, (*SIGNATURE, "Policy")])
def test_forms_without_a_signature(missing):
    answer = refused("upload.unsigned", form(without(*missing)))
    assert (answer["status"], answer["Code"], answer["Message"]) == ("403", "AccessDenied", "Access Denied")


@pytest.mark.clause("upload.signature.field-missing")
@pytest.mark.parametrize(
    ("missing", "named"),
    [
        *(((name,), name) for name in SIGNATURE),
        (("Policy",), "policy"),
        (("X-Amz-Credential", "X-Amz-Algorithm"), "X-Amz-Algorithm"),
    ],
)
def test_forms_without_part_of_the_signature(missing, named):
    answer = refused("upload.signature.field-missing", form(without(*missing)))
    assert (answer["ArgumentName"], answer["ArgumentValue"]) == (named, "")
    assert answer["Message"] == f"Bucket POST must contain a field named '{named}'.  {ORDER_HINT}"


@pytest.mark.clause(
    "upload.signature.algorithm",
    "upload.signature.date",
    "upload.signature.credential",
    "upload.signature.credential-date",
    "upload.signature.terminal",
    "upload.signature.region",
    "upload.signature.service",
)
@pytest.mark.parametrize(
    ("field", "value", "refusing"),
    [
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA1", "algorithm"),
        ("X-Amz-Date", "2026-07-28T12:00:00Z", "date"),
        ("X-Amz-Date", "٢٠٢٦٠٧٢٨T120000Z", "date"),
        ("X-Amz-Credential", "", "credential"),
        ("X-Amz-Credential", "a/b", "credential"),
        ("X-Amz-Credential", "a/2026/us-east-1/s3/aws4_request", "credential-date"),
        ("X-Amz-Credential", "a/20260728/us-east-1/s3/aws5", "terminal"),
        ("X-Amz-Credential", "a/20260728/eu-west-1/s3/aws4_request", "region"),
        ("X-Amz-Credential", "a/20260728/us-east-1/ec2/aws4_request", "service"),
    ],
)
def test_signature_fields_of_a_wrong_form(field, value, refusing):
    answer = refused(f"upload.signature.{refusing}", form({**details(), field: value}))
    assert (answer["status"], answer["Code"], answer["ArgumentValue"]) == ("400", "InvalidArgument", value)


@pytest.mark.clause("upload.signature.unknown-key")
def test_an_unknown_access_key():
    credential = "AKIANOBODY/20260728/us-east-1/s3/aws4_request"
    answer = refused("upload.signature.unknown-key", form({**details(), "X-Amz-Credential": credential}))
    assert (answer["status"], answer["Code"], answer["AWSAccessKeyId"]) == ("403", "InvalidAccessKeyId", "AKIANOBODY")


@pytest.mark.clause("upload.signature.mismatch", "upload.order")
@pytest.mark.parametrize(
    "fields",
    [
        {"Policy": details(now=NOW - 10_000_000)["Policy"]},
        {"Policy": "not even base64"},
        {"Policy": ""},
        {"X-Amz-Signature": "0" * 64},
        {"X-Amz-Signature": "é"},
        {"X-Amz-Signature": details()["X-Amz-Signature"].upper()},
        {"X-Amz-Credential": f"{KEY.access_key_id}/20260727/us-east-1/s3/aws4_request"},
    ],
)
def test_the_signature_is_checked_before_the_policy_is_read(fields):
    sent = {**details(), **fields}
    answer = refused("upload.signature.mismatch", form(sent))
    assert (answer["status"], answer["Code"]) == ("403", "SignatureDoesNotMatch")
    assert answer["AWSAccessKeyId"] == KEY.access_key_id
    assert (answer["StringToSign"], answer["SignatureProvided"]) == (sent["Policy"], sent["X-Amz-Signature"])
    assert answer["StringToSignBytes"] == " ".join(f"{byte:02x}" for byte in sent["Policy"].encode())
    assert list(answer)[3:7] == ["AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes"]


EXPIRES = '{"expiration":"2026-07-28T13:00:00Z","conditions":'


@pytest.mark.clause(
    "upload.policy.base64",
    "upload.policy.json",
    "upload.policy.unexpected",
    "upload.policy.expiration-missing",
    "upload.policy.expiration",
    "upload.policy.conditions-missing",
    "upload.policy.conditions",
    "upload.policy.condition-form",
    "upload.policy.operation-missing",
    "upload.policy.operation",
    "upload.policy.arguments",
    "upload.policy.one-property",
    "upload.policy.value",
)
@pytest.mark.parametrize(
    ("policy", "refusing", "message"),
    [
        ("", "json", "Invalid JSON."),
        ("nothing", "json", "Invalid JSON."),
        ("[]", "json", "Invalid JSON."),
        ("NaN", "json", "Invalid JSON."),
        ("\ufeff{}", "json", "Invalid JSON."),
        ("[" * 7000, "json", "Invalid JSON."),
        (EXPIRES + "9" * 5000 + "}", "json", "Invalid JSON."),
        ('{"version":1}', "unexpected", 'Unexpected: "version"'),
        ('{"conditions":[]}', "expiration-missing", "Policy missing expiration."),
        ('{"expiration":"tomorrow"}', "expiration", "Invalid 'expiration' value: 'tomorrow'"),
        ('{"expiration":"2026-02-30T00:00:00Z"}', "expiration", "Invalid 'expiration' value: '2026-02-30T00:00:00Z'"),
        ('{"expiration":1}', "expiration", "Invalid 'expiration' value: '1'"),
        ('{"expiration":[[]]}', "expiration", "Invalid 'expiration' value: ''"),
        ('{"expiration":"2026-07-28T13:00:00Z"}', "conditions-missing", "Policy missing conditions."),
        (EXPIRES + "{}}", "conditions", "Invalid 'conditions' value: must be a List."),
        (EXPIRES + "[1]}", "condition-form", "Invalid condition test: must be a List or Object."),
        (EXPIRES + '[["eq",[],{}]]}', "condition-form", "Invalid condition test: must be a List or Object."),
        (EXPIRES + "[[]]}", "operation-missing", "Invalid Condition: missing operation identifier."),
        (EXPIRES + '[["ends-with","$key","x"]]}', "operation", "Invalid Condition: unknown operation 'ends-with'."),
        (EXPIRES + "[[null]]}", "operation", "Invalid Condition: unknown operation 'None'."),
        (EXPIRES + '[["eq","$key"]]}', "arguments", "Invalid eq: wrong number of arguments."),
        (
            EXPIRES + '[["content-length-range",1]]}',
            "arguments",
            "Invalid content-length-range: wrong number of arguments.",
        ),
        (
            EXPIRES + '[{"bucket":"b","key":"k"}]}',
            "one-property",
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
        (
            EXPIRES + "[{}]}",
            "one-property",
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
        (EXPIRES + '[{"acl":1}]}', "value", "Invalid Simple-Condition: value must be a string."),
    ],
)
def test_invalid_policy_documents(policy, refusing, message):
    answer = refused(f"upload.policy.{refusing}", form(signed_text(policy.encode(), key="k")))
    assert (answer["status"], answer["Code"]) == ("400", "InvalidPolicyDocument")
    assert answer["Message"] == f"Invalid Policy: {message}"


@pytest.mark.clause("upload.policy.base64", "upload.policy.json")
@pytest.mark.parametrize(
    ("encoded", "refusing"), [("{policy}", "base64"), ("é", "base64"), ("abc", "base64"), ("/w==", "json")]
)
def test_policies_that_cannot_be_decoded(encoded, refusing):
    refused(f"upload.policy.{refusing}", form(signed_text(b"", encoded=encoded, key="k")))


def test_nesting_of_any_depth_is_refused_and_no_more():
    for depth in (900, 980, 990, 1000, 3000):
        nested = "[" * depth + "]" * depth
        with pytest.raises(Refusal):
            send(form(signed_text((EXPIRES + f'[["eq","$key",{nested}]]}}').encode(), key="k")))


@pytest.mark.clause("upload.policy.expired")
def test_an_expired_policy():
    answer = refused("upload.policy.expired", form(details()), now=NOW + 3_600_000)
    assert (answer["status"], answer["Code"]) == ("403", "AccessDenied")
    assert answer["Message"] == "Invalid according to Policy: Policy expired."


@pytest.mark.clause("upload.condition.failed", "upload.condition.content-type-list")
@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        ({"KEY": "other"}, '["eq", "$KEY", "other"]'),
        (["eq", "$key", "K"], '["eq", "$key", "K"]'),
        (["eq", "key", "k"], '["eq", "key", "k"]'),
        (["eq", "$key", 1], '["eq", "$key", 1]'),
        (["eq", 1, "k"], '["eq", 1, "k"]'),
        (["eq", "$acl", ""], '["eq", "$acl", ""]'),
        (["starts-with", "$key", "ü"], '["starts-with", "$key", "ü"]'),
        (["starts-with", "$acl", "p"], '["starts-with", "$acl", "p"]'),
        (["starts-with", "$Content-Type", "image/"], '["starts-with", "$Content-Type", "image/"]'),
        ({"bucket": "elsewhere"}, '["eq", "$bucket", "elsewhere"]'),
        (["content-length-range", "test", "10"], '["content-length-range", "test", "10"]'),
        (["content-length-range", True, 1.5], '["content-length-range", true, 1.5]'),
        (["content-length-range", 0, "9" * 19], f'["content-length-range", 0, "{"9" * 19}"]'),
    ],
)
def test_conditions_that_fail(condition, shown):
    covers = [["starts-with", "$key", ""], ["starts-with", "$content-type", ""]]
    fields = signed([*covers, condition], key="k", **{"content-type": "image/png,text/html"})
    answer = refused("upload.condition.failed", form(fields))
    assert (answer["status"], answer["Code"]) == ("403", "AccessDenied")
    assert answer["Message"] == f"Invalid according to Policy: Policy Condition failed: {shown}"


@pytest.mark.clause("upload.condition.content-type-list", "upload.condition.bucket")
@pytest.mark.parametrize(
    "condition",
    [
        ["starts-with", "$Content-Type", "image/"],
        ["STARTS-WITH", "$KEY", "k"],
        ["starts-with", "$acl", ""],
        ["eq", "$Bucket", "webflow-prod-assets"],
        ["content-length-range", "5", "10"],
    ],
)
def test_conditions_that_hold(condition):
    covers = [["starts-with", "$key", ""], ["starts-with", "$content-type", ""]]
    fields = signed([*covers, condition], key="k", **{"content-type": "image/png, image/gif"})
    assert send(form(fields))[1].status == 204


@pytest.mark.clause("upload.condition.extra-field", "upload.condition.exempt-fields")
def test_fields_without_a_condition():
    fields = {**details(), "X-Requested-With": "xhr", "x-ignore-this": "1", "tagging": ""}
    answer = refused("upload.condition.extra-field", form(fields))
    assert (answer["status"], answer["Code"]) == ("403", "AccessDenied")
    assert answer["Message"] == "Invalid according to Policy: Extra input fields: x-requested-with, tagging"
    assert send(form({**details(), "X-Ignore-This": "1"}))[1].status == 201


@pytest.mark.clause("upload.size.too-small")
def test_a_file_too_small():
    fields = signed([{"key": "k"}, ["content-length-range", 5, 10]], key="k")
    answer = refused("upload.size.too-small", form(fields, b"1234"))
    assert (answer["status"], answer["Code"]) == ("400", "EntityTooSmall")
    assert (answer["ProposedSize"], answer["MinSizeAllowed"]) == ("4", "5")


@pytest.mark.clause("upload.order")
def test_what_is_refused_first_when_much_is_wrong():
    """Each step puts right what the last one was refused for."""
    wrong = {**without("key", "X-Amz-Date"), "bucket": "elsewhere", "X-Amz-Signature": "0", "extra": "1"}
    body, late = form(wrong, bytes(200)), NOW + 9_000_000
    refused("upload.method", body, "text/plain", method="PUT")
    refused("upload.enclosure-type", body, "text/plain")
    refused("upload.key.missing", body)
    refused("upload.bucket.unknown", form(wrong | {"key": OBJECT}))
    wrong |= {"key": OBJECT, "bucket": "webflow-prod-assets"}
    refused("upload.signature.field-missing", form(wrong), now=late)
    refused("upload.signature.mismatch", form({**details(), "X-Amz-Signature": "0", "extra": "1"}), now=late)
    small = details(size_limit=10)
    refused("upload.policy.expired", form({**small, "acl": "private", "extra": "1"}, bytes(200)), now=late)
    refused("upload.condition.failed", form({**small, "acl": "private", "extra": "1"}, bytes(200)))
    refused("upload.condition.extra-field", form({**small, "extra": "1"}, bytes(200)))
    refused("upload.size.too-large", form(small, bytes(200)), expected_md5={OBJECT: "0" * 32}.get)


def test_the_bytes_of_a_refused_form_are_never_read():
    class Watched(io.BytesIO):
        taken = 0

        def read(self, size=-1):
            chunk = super().read(size)
            self.taken += len(chunk)
            return chunk

    body = Watched(form({**details(), "acl": "private"}, bytes(1_000_000)))
    refused("upload.condition.failed", body)
    assert body.taken < 70_000
