"""Where Webflow's API and its files are reached, derived from the host a request came in on."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

BUCKET = "webflow-prod-assets"
API_ORIGIN = "https://api.webflow.com"


class Addresses(NamedTuple):
    """Base URLs that answers hand out.

    Args:
        upload: Where upload forms are posted to.
        bucket: What an object's key is appended to for its ``assetUrl``.
        cdn: What an object's key is appended to for its ``hostedUrl``.
    """

    upload: str
    bucket: str
    cdn: str

    def asset_url(self, key: str) -> str:
        """The object's address in the bucket. Spaces become ``%20``, parentheses stay, as in links of 2026."""
        return self.bucket + quote(key, safe="/()!*'~")

    def cdn_url(self, key: str) -> str:
        """The object's address on the content delivery network."""
        return self.cdn + quote(key, safe="/()!*'~")

    def key_of(self, url: str) -> str | None:
        """The object key in one of our own file addresses; None for an address that is not ours."""
        for base in (self.bucket, self.cdn):
            if url.startswith(base):
                return unquote(url[len(base) :].partition("?")[0].partition("#")[0])
        return None


WEBFLOW = Addresses(
    upload=f"https://{BUCKET}.s3.amazonaws.com/",
    bucket=f"https://s3.amazonaws.com/{BUCKET}/",
    cdn="https://cdn.prod.website-files.com/",
)
WEBFLOW_ORIGINS = frozenset(
    [
        API_ORIGIN,
        "https://api-cdn.webflow.com",
        f"https://{BUCKET}.s3.amazonaws.com",
        "https://s3.amazonaws.com",
        "https://cdn.prod.website-files.com",
    ]
)


@lru_cache(maxsize=64)
def addresses_for(origin: str) -> Addresses:
    """The addresses to hand out to a client that called this origin: Webflow's own in process, else the server's."""
    if origin in WEBFLOW_ORIGINS:
        return WEBFLOW
    return Addresses(upload=f"{origin}/s3/{BUCKET}", bucket=f"{origin}/s3/{BUCKET}/", cdn=f"{origin}/cdn/")


def is_web_address(text: str) -> bool:
    """Whether a request or a redirect can be sent there: http or https, with a host, and nothing to be escaped."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number of a port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)
