"""The upload form Webflow hands out: the policy document, its signature, and the fields in the order of the wire."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

from ..conditions.ids import SigningKey
from ..world.addresses import BUCKET

ALGORITHM = "AWS4-HMAC-SHA256"
REGION = "us-east-1"
SERVICE = "s3"
TERMINAL = "aws4_request"
SIZE_LIMIT = 31_457_280
"""Bytes that the policies of real answers allow (30 MiB), whatever the type (``assets.upload.size-limit``)."""
CACHE_CONTROL = "max-age=31536000"
"""What the form stores every asset with."""

_LIFETIME = timedelta(hours=1)


def upload_details(
    *,
    key: str,
    content_type: str,
    now: int,
    signing_key: SigningKey,
    size_limit: int | None = SIZE_LIMIT,
    bucket: str = BUCKET,
) -> dict[str, str]:
    """The eleven fields a client posts before its file (``upload.details.fields``), in the wire's order and case.

    Args:
        key: Of the object to be; ``<site id>/<asset id>_<file name>``.
        content_type: The one type the policy allows.
        now: Milliseconds since 1970; the form is good for one hour from this second on (``upload.details.lifetime``).
        signing_key: What the policy is signed with.
        size_limit: The most bytes the policy allows; None leaves the condition out.
        bucket: The bucket's name.
    """
    moment = datetime.fromtimestamp(now // 1000, UTC)
    date = f"{moment:%Y%m%dT%H%M%SZ}"
    credential = "/".join([signing_key.access_key_id, date[:8], REGION, SERVICE, TERMINAL])
    conditions: list[object] = [
        ["starts-with", "$key", key.partition("/")[0] + "/"],
        {"cache-control": CACHE_CONTROL},
        {"Content-Type": content_type},
        {"success_action_status": "201"},
        ["starts-with", "$Content-Type", content_type],
        *([] if size_limit is None else [["content-length-range", 0, size_limit]]),
        {"acl": "public-read"},
        {"bucket": bucket},
        {"X-Amz-Algorithm": ALGORITHM},
        {"X-Amz-Credential": credential},
        {"X-Amz-Date": date},
        {"key": key},
    ]
    policy = _encode({"expiration": f"{moment + _LIFETIME:%Y-%m-%dT%H:%M:%SZ}", "conditions": conditions})
    return {
        "acl": "public-read",
        "bucket": bucket,
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": credential,
        "X-Amz-Date": date,
        "key": key,
        "Policy": policy,
        "X-Amz-Signature": sign_policy(policy, date[:8], signing_key.secret),
        "success_action_status": "201",
        "content-type": content_type,
        "Cache-Control": CACHE_CONTROL,
    }


def sign_policy(policy: str, date: str, secret: str) -> str:
    """The Signature Version 4 of a POST policy, in lower-case hex.

    Args:
        policy: As the form carries it, base64 and all; this very text is the string to sign.
        date: Of the credential, ``yyyymmdd``.
        secret: The secret half of the key pair.
    """
    signing_key = ("AWS4" + secret).encode()
    for part in (date, REGION, SERVICE, TERMINAL):
        signing_key = _hmac(signing_key, part)
    return _hmac(signing_key, policy).hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _encode(document: object) -> str:
    """The document as Node writes it: no spaces, raw UTF-8, lone surrogates escaped."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return b64encode(text.encode("utf-8", "backslashreplace")).decode()
