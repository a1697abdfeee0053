"""What the tests of the upload target share: a form to spoil, and a way to send it."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO

import pytest

from fake_webflow.conditions.ids import SigningKey
from fake_webflow.message import Request, Response
from fake_webflow.rules import Refusal
from fake_webflow.storage.errors import render_error
from fake_webflow.storage.policy import sign_policy, upload_details
from fake_webflow.storage.target import receive_upload
from fake_webflow.world.assets import StoredFile

KEY = SigningKey("AKIAFAKEWEBFLOW00000", "a secret that is none")
NOW = 1_785_240_000_123  # 2026-07-28T12:00:00.123Z
SITE = "62749158efef318abc8d5a0f"
OBJECT = f"{SITE}/66a0c0ffee0000000000cafe_photo one.jpg"
ADDRESS = "http://127.0.0.1:8787/s3/webflow-prod-assets"
BOUNDARY = "----a boundary"
Part = tuple[str, str | bytes] | tuple[str, str | bytes, str]


def details(**changes: object) -> dict[str, str]:
    arguments = {"key": OBJECT, "content_type": "image/jpeg", "now": NOW, "signing_key": KEY, **changes}
    return upload_details(**arguments)


def signed(conditions: object, expiration: object = "2026-07-28T13:00:00Z", **fields: str) -> dict[str, str]:
    """A form whose policy has these conditions beside those on the signature."""
    date, credential = "20260728T120000Z", f"{KEY.access_key_id}/20260728/us-east-1/s3/aws4_request"
    own = [{"x-amz-algorithm": "AWS4-HMAC-SHA256"}, {"x-amz-credential": credential}, {"x-amz-date": date}]
    full = [*own, *conditions] if isinstance(conditions, list) else conditions
    return signed_text(json.dumps({"expiration": expiration, "conditions": full}).encode(), **fields)


def signed_text(policy: bytes, *, encoded: str | None = None, **fields: str) -> dict[str, str]:
    """A form with this policy, whatever it is, and a true signature of it."""
    text = b64encode(policy).decode() if encoded is None else encoded
    return {
        **fields,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"{KEY.access_key_id}/20260728/us-east-1/s3/aws4_request",
        "x-amz-date": "20260728T120000Z",
        "policy": text,
        "x-amz-signature": sign_policy(text, "20260728", KEY.secret),
    }


def multipart(parts: Sequence[Part], boundary: str = BOUNDARY) -> bytes:
    body = b""
    for name, value, *filename in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        body += b"".join(f'; filename="{text}"'.encode() for text in filename)
        body += b"\r\n\r\n" + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


def form(fields: Mapping[str, str], data: bytes = b"jpeg bytes", filename: str = "photo one.jpg") -> bytes:
    return multipart([*fields.items(), ("file", data, filename)])


def send(
    body: bytes | BinaryIO,
    content_type: str | None = f'multipart/form-data; boundary="{BOUNDARY}"',
    *,
    now: int = NOW,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    expected_md5: Callable[[str], str | None] = {}.get,
) -> tuple[StoredFile, Response]:
    stream = io.BytesIO(body) if isinstance(body, bytes) else body
    sent = {**({} if content_type is None else {"content-type": content_type}), **(headers or {})}
    request = Request(method, "http://127.0.0.1:8787", "/s3/webflow-prod-assets", "", sent, stream)
    return receive_upload(
        request, now=now, signing_key=KEY, expected_md5=expected_md5, upload_address=ADDRESS, request_id="request 1"
    )


def refused(clause: str, *arguments: object, **options: object) -> dict[str, str]:
    """The error document of an upload that this clause refuses, with its status."""
    with pytest.raises(Refusal) as caught:
        send(*arguments, **options)
    assert caught.value.clause == clause
    response = render_error(caught.value, request_id="request 1")
    return {"status": str(response.status), **elements(response)}


def elements(response: Response) -> dict[str, str]:
    return {element.tag: element.text or "" for element in ET.fromstring(response.body)}
