"""How deliveries of webhooks are signed, for those who send and those who receive."""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterable
from typing import Protocol

from ..conditions import Ids

TIMESTAMP_HEADER = "x-webflow-timestamp"
SIGNATURE_HEADER = "x-webflow-signature"
TOLERANCE = 300
"""Seconds: deliveries older than five minutes are to be refused, says Webflow's guide."""

_MOST_DIGITS = 16


class Headers(Protocol):
    """Headers as any library has them: a dict, Flask's or Django's ``request.headers``, an ``http.client`` message."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names, in any case, with their values."""


def make_client_secret(ids: Ids) -> str:
    """The client secret of every OAuth app there is, made from the seed: 64 hexadecimal digits."""
    return "".join(Ids(ids.seed, drawn).digits(32) for drawn in (-2, -3))


def sign_delivery(secret_key: str, timestamp: int | str, body: bytes) -> str:
    """The signature of a delivery (clause ``webhooks.delivery.signature``).

    Args:
        secret_key: The webhook's key, or the client secret of the app that registered it.
        timestamp: Milliseconds since 1970, as in the header.
        body: The bytes that are posted.
    """
    return hmac.new(secret_key.encode(), f"{timestamp}:".encode() + body, "sha256").hexdigest()


def verify_signature(
    headers: Headers,
    body: bytes | str,
    secret_key: str,
    *,
    now: float | None = None,
    tolerance: float | None = TOLERANCE,
) -> bool:
    """Whether a webhook's delivery is genuine and fresh: for receivers, of Webflow's deliveries as of the fake's.

    Args:
        headers: Of the request; the case of their names does not matter.
        body: Of the request, as it came, not parsed and written again.
        secret_key: The ``secretKey`` from the answer to the create, or the client secret of the app.
        now: Seconds since 1970; by default the time it is.
        tolerance: How many seconds the time stamp may differ from now; None for any.

    Returns:
        False where a header is missing or no time stamp, too.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    timestamp = lower.get(TIMESTAMP_HEADER, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _MOST_DIGITS):
        return False
    age = (time.time() if now is None else now) - int(timestamp) / 1000
    if tolerance is not None and abs(age) > tolerance:
        return False
    expected = sign_delivery(secret_key, timestamp, body.encode() if isinstance(body, str) else body)
    sent = lower.get(SIGNATURE_HEADER, "")
    return hmac.compare_digest(expected.encode(), sent.encode("utf-8", "replace"))
