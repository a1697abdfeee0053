"""Whether a form is signed with our key: the fields of Signature Version 4, in the order S3 asks for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..conditions.ids import SigningKey
from ..rules import Refusal
from .policy import ALGORITHM, REGION, SERVICE, TERMINAL, sign_policy

_SIGNATURE_FIELDS = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature")
_LONG_DATE = r"[0-9]{8}T[0-9]{6}Z"
_SHORT_DATE = r"[0-9]{8}"


def check_signature(fields: Mapping[str, str], signing_key: SigningKey) -> None:
    """Let a form pass that carries our signature of its policy.

    Args:
        fields: By lower-case name.
        signing_key: The one key the bucket knows.

    Raises:
        Refusal: A field is missing or malformed, the key is unknown, or the signature is another.
    """
    if not any(name.lower() in fields for name in _SIGNATURE_FIELDS):
        raise Refusal("upload.unsigned")
    for name in (*_SIGNATURE_FIELDS, "policy"):
        if name.lower() not in fields:
            raise Refusal("upload.signature.field-missing", field=name, ArgumentName=name, ArgumentValue="")
    if fields["x-amz-algorithm"] != ALGORITHM:
        raise Refusal("upload.signature.algorithm", **_argument("X-Amz-Algorithm", fields))
    if not re.fullmatch(_LONG_DATE, fields["x-amz-date"]):
        raise Refusal("upload.signature.date", **_argument("X-Amz-Date", fields))
    access_key_id, date = _check_credential(fields)
    if access_key_id != signing_key.access_key_id:
        raise Refusal("upload.signature.unknown-key", AWSAccessKeyId=access_key_id)
    policy, sent = fields["policy"], fields["x-amz-signature"]
    if sent != sign_policy(policy, date, signing_key.secret):
        raise Refusal(
            "upload.signature.mismatch",
            AWSAccessKeyId=access_key_id,
            StringToSign=policy,
            SignatureProvided=sent,
            StringToSignBytes=policy.encode().hex(" "),
        )


def _check_credential(fields: Mapping[str, str]) -> tuple[str, str]:
    """Access key and date of the credential, its other parts being as they should."""
    argument = _argument("x-amz-credential", fields)
    parts = fields["x-amz-credential"].split("/")
    if len(parts) != 5:
        raise Refusal("upload.signature.credential", **argument)
    access_key_id, date, region, service, terminal = parts
    if not re.fullmatch(_SHORT_DATE, date):
        raise Refusal("upload.signature.credential-date", date=date, **argument)
    if terminal != TERMINAL:
        raise Refusal("upload.signature.terminal", terminal=terminal, **argument)
    if region != REGION:
        raise Refusal("upload.signature.region", region=region, **argument)
    if service != SERVICE:
        raise Refusal("upload.signature.service", service=service, **argument)
    return access_key_id, date


def _argument(name: str, fields: Mapping[str, str]) -> dict[str, Any]:
    return {"ArgumentName": name, "ArgumentValue": fields[name.lower()]}
