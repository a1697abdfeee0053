"""The file host: the public addresses of the bucket, and the content delivery network before it."""

from __future__ import annotations

from collections.abc import Callable

from ..message import Response
from ..rules import Refusal
from ..world.files import StoredFile


def serve(method: str, key: str, find: Callable[[str], StoredFile | None]) -> Response:
    """Answer a request for a file.

    Args:
        method: Upper-case.
        key: What follows the bucket's or the network's base address, percent-decoded, without the query.
        find: From a key to the file whose bytes are there.

    Raises:
        Refusal: ``files.method`` or ``files.absent``; ``error_response`` makes it the answer.
    """
    if method not in ("GET", "HEAD"):
        raise Refusal("files.method", allow="GET, HEAD", Method=method, ResourceType="OBJECT")
    file = find(key)
    if file is None:
        raise Refusal("files.absent")
    headers = [
        ("ETag", f'"{file.etag}"'),
        ("Content-Type", file.content_type),
        ("Content-Length", str(len(file.data))),
    ]
    if file.cache_control:
        headers.append(("Cache-Control", file.cache_control))
    return Response(200, headers, b"" if method == "HEAD" else file.data)
