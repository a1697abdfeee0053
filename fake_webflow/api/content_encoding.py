"""Compressed bodies of requests: inflated as Express's parser does it, and never beyond what a body may have."""

from __future__ import annotations

import zlib

from ..message import Request
from ..rules import Refusal

# By Content-Encoding: what zlib calls the format. "deflate" is zlib's own format by the standard.
_WINDOW_BITS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_PART = 64 * 1024


def read_decoded(request: Request, most: int) -> bytes:
    """The body as it was before it was compressed.

    Args:
        request: Whose body is read.
        most: No more bytes than that are read or inflated.

    Raises:
        Refusal: ``requests.content-encoding`` for a coding other than gzip and deflate,
            ``requests.content-encoding.wrong`` for a body that is not in it.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return request.stream.read(most)
    if encoding not in _WINDOW_BITS:
        raise Refusal("requests.content-encoding", encoding=encoding)
    inflating, body = zlib.decompressobj(_WINDOW_BITS[encoding]), bytearray()
    try:
        while not inflating.eof and len(body) < most and (part := request.stream.read(_PART)):
            body += inflating.decompress(part, most - len(body))
    except zlib.error:
        raise Refusal("requests.content-encoding.wrong", encoding=encoding) from None
    if not inflating.eof and len(body) < most:
        raise Refusal("requests.content-encoding.wrong", encoding=encoding)
    return bytes(body)
