"""Where Webflow's API and its files are reached, derived from the host a request came in on."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

BUCKET = "webflow-prod-assets"
SERVED_BUCKET = "a-served-fake-has-no-bucket-of-this-name-post-the-form-to-its-upload-url"
"""The bucket's name in the upload forms of a served fake: as one part of a host's name it is too long to be looked up.

Some clients, the official command-line tool 2.8.0 among them, make the upload address of the bucket's name and not of
``uploadUrl``; a file of theirs must not leave for the real bucket.
"""
API_ORIGIN = "https://api.webflow.com"
EU_API_ORIGIN = "https://api.eu.webflow.com"
API_ORIGINS = frozenset([API_ORIGIN, "https://api-cdn.webflow.com", EU_API_ORIGIN, "https://api-cdn.eu.webflow.com"])
"""Where the Data API is reached, in either region (clause ``http.regions``)."""


class Addresses(NamedTuple):
    """Base URLs that answers hand out.

    Args:
        upload: Where upload forms are posted to.
        bucket: What an object's key is appended to for its ``assetUrl``.
        cdn: What an object's key is appended to for its ``hostedUrl``.
        bucket_name: What upload forms call the bucket.
    """

    upload: str
    bucket: str
    cdn: str
    bucket_name: str = BUCKET

    def asset_url(self, key: str) -> str:
        """The object's address in the bucket. Spaces become ``%20``, parentheses stay, as in links of 2026."""
        return self.bucket + quote(key, safe="/()!*'~")

    def cdn_url(self, key: str) -> str:
        """The object's address on the content delivery network."""
        return self.cdn + quote(key, safe="/()!*'~")

    def key_of(self, url: str) -> str | None:
        """The object key in one of our own file addresses; None for an address that is not ours."""
        # One fake answers for both regions, so a file written at one may be named at the other.
        bases = (self.bucket, WEBFLOW.cdn, WEBFLOW_EU.cdn) if self.bucket == WEBFLOW.bucket else (self.bucket, self.cdn)
        for base in bases:
            if url.startswith(base):
                return unquote(url[len(base) :].partition("?")[0].partition("#")[0])
        return None


WEBFLOW = Addresses(
    upload=f"https://{BUCKET}.s3.amazonaws.com/",
    bucket=f"https://s3.amazonaws.com/{BUCKET}/",
    cdn="https://cdn.prod.website-files.com/",
)
WEBFLOW_EU = WEBFLOW._replace(cdn="https://cdn.prod.eu.website-files.com/")
EU_ORIGINS = frozenset([*(origin for origin in API_ORIGINS if ".eu." in origin), WEBFLOW_EU.cdn.removesuffix("/")])
"""The API and the file network of the EU."""
WEBFLOW_ORIGINS = (
    API_ORIGINS
    | EU_ORIGINS
    | {f"https://{BUCKET}.s3.amazonaws.com", "https://s3.amazonaws.com", WEBFLOW.cdn.removesuffix("/")}
)


@lru_cache(maxsize=64)
def addresses_for(origin: str, host: str = "") -> Addresses:
    """The addresses to hand out to a client that called this origin: Webflow's of its region, else the server's.

    Args:
        origin: As the fake is to believe it was asked at.
        host: As the client's header has it, where that may be another: a server may stand between them.
    """
    if host and origin in WEBFLOW_ORIGINS and f"https://{host.removesuffix(':443')}" not in WEBFLOW_ORIGINS:
        return addresses_for(origin)._replace(bucket_name=SERVED_BUCKET)
    if origin in EU_ORIGINS:
        return WEBFLOW_EU
    if origin in WEBFLOW_ORIGINS:
        return WEBFLOW
    base = f"{origin}/s3/{BUCKET}"
    return Addresses(upload=base, bucket=f"{base}/", cdn=f"{origin}/cdn/", bucket_name=SERVED_BUCKET)


def exchange_file_addresses(text: bytes, old: Addresses, new: Addresses, folders: Collection[bytes]) -> bytes:
    """A JSON text with other addresses of files; the very same where nothing is exchanged.

    Args:
        text: The text, whose slashes are not escaped.
        old: The addresses in it.
        new: What is to stand in their places.
        folders: What the keys begin with of files whose addresses are exchanged.
    """
    for base, other in ((old.bucket.encode(), new.bucket.encode()), (old.cdn.encode(), new.cdn.encode())):
        first, *rest = text.split(base) if base != other else [text]
        if rest:
            parts = [first]
            for part in rest:
                parts += (other if part[:24] in folders and part[24:25] == b"/" else base, part)
            text = b"".join(parts)
    return text


def is_web_address(text: str) -> bool:
    """Whether a request or a redirect can be sent there: http or https, with a host, and nothing to be escaped."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number of a port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)
