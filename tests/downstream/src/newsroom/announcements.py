"""Takes Webflow's word for what was published: the receiver of its webhooks."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping


def published(headers: Mapping[str, str], body: bytes, secret: str) -> str | None:
    """The name of the item a delivery is about; None where it is not genuine."""
    signed = f"{headers['x-webflow-timestamp']}:".encode() + body
    if not hmac.compare_digest(hmac.new(secret.encode(), signed, "sha256").hexdigest(), headers["x-webflow-signature"]):
        return None
    name: str = json.loads(body)["payload"]["fieldData"]["name"]
    return name
