"""A fake behind an address that is not its own: its door exchanges the addresses, in both directions.

Items keep the URLs of their files, so a state holds addresses: those of the place it was seeded for, its home. They are
left alone, or no state could be forked or restored across places at no cost. Instead the door does what reverse proxies
do: it asks the fake at home, and puts the outer addresses in the answer. In requests, outer addresses become those of
home. So what a fake remembers does not depend on the door that a request came through.

Only addresses of files that the fake itself would hand out are exchanged: texts may well name other files of
Webflow's, and are read as they were written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from typing import Any, BinaryIO, cast

from ..api.render import etag
from ..message import Request, Response
from ..world.addresses import BUCKET, addresses
from ..world.world import World

_WITHIN = addresses("")


class Readdressing:
    """The door in front of one fake, for one request.

    Args:
        home: Origin that the fake is to believe it was asked at.
        outside: Origin as the client knows it, with the path that is the fake's own.
    """

    def __init__(self, home: str, outside: str) -> None:
        self._home = home
        self._outside = outside
        self._inner = addresses(home)
        self._outer = addresses(outside)

    def request(self, request: Request, path: str) -> Request:
        """The request as the fake is asked.

        Args:
            request: As it came in.
            path: Its path behind the part that is the fake's own.
        """
        scheme, _, rest = self._url(path).partition("://")
        host, slash, inner_path = rest.partition("/")
        is_json = request.media_type == "application/json"
        stream = cast(BinaryIO, _Readdressed(request.stream, self)) if is_json else request.stream
        return request._replace(origin=f"{scheme}://{host}", path=slash + inner_path, stream=stream)

    def response(self, response: Response, request: Request, path: str, world: World) -> Response:
        """The answer as the client gets it.

        Args:
            response: As the fake answered.
            request: As it came in.
            path: As above.
            world: The fake's; it says which files are its own.
        """
        if path.startswith((_WITHIN.upload, _WITHIN.cdn)):
            return self._upload_answered(response) if request.method == "POST" else response
        body = self.to_outside(response.body, world)
        if body is response.body:
            return response
        headers = [(name, etag(body) if name == "ETag" else value) for name, value in response.headers]
        return Response(response.status, headers, body)

    def to_outside(self, body: bytes, world: World) -> bytes:
        """A JSON text of the fake's with the outer addresses; the very same where it names none."""
        inner, outer = self._inner, self._outer
        if not any(base.encode() in body for base in (inner.upload, inner.bucket, inner.cdn)):
            return body
        folders = {folder.encode() for site in world.sites.values() for folder in (site.id, site.cms_bucket_id)}
        for base, outer_base in ((inner.bucket, outer.bucket), (inner.cdn, outer.cdn)):
            body = _exchanged(body, base.encode(), outer_base.encode(), folders)
        return body.replace(f'"{inner.upload}"'.encode(), f'"{outer.upload}"'.encode())

    def to_inside(self, body: bytes) -> bytes:
        """A client's JSON text with the addresses of home, by whatever name of the host the client has them."""
        _, _, own_path = self._outside.partition("://")[2].partition("/")
        if own_path.encode() not in body:
            return body
        slash = rb"\\?/"  # some serialisers escape it
        place = rf"(s3{slash.decode()}{BUCKET}|cdn)".encode()
        host = rb"https?:" + slash + slash + rb'[^\s"\\/]+'
        pattern = host + slash + re.escape(own_path.encode()) + slash + place + slash
        bases = {b"s": self._inner.bucket.encode(), b"c": self._inner.cdn.encode()}
        return re.sub(pattern, lambda found: bases[found[1][:1]], body)

    def _url(self, path: str) -> str:
        if path == _WITHIN.upload:
            return self._inner.upload
        for within, base in ((_WITHIN.bucket, self._inner.bucket), (_WITHIN.cdn, self._inner.cdn)):
            if path.startswith(within):
                return base + path[len(within) :]
        return self._home + path

    def _upload_answered(self, response: Response) -> Response:
        inner, outer = self._inner.upload.rstrip("/"), self._outer.upload
        headers = [
            (name, value.replace(inner, outer, 1) if name == "Location" and value.startswith(inner) else value)
            for name, value in response.headers
        ]
        is_document = ("Content-Type", "application/xml") in response.headers
        body = response.body.replace(inner.encode(), outer.encode()) if is_document else response.body
        return Response(response.status, headers, body)


def _exchanged(body: bytes, base: bytes, other: bytes, folders: Collection[bytes]) -> bytes:
    """The text with one base address exchanged wherever one of these folders follows."""
    first, *rest = body.split(base)
    if not rest:
        return body
    parts = [first]
    for part in rest:
        parts += (other if part[:24] in folders and part[24:25] == b"/" else base, part)
    return b"".join(parts)


class _Readdressed(io.RawIOBase):
    """The body of a JSON request as the fake is to read it, which it does at once."""

    def __init__(self, stream: Any, readdressing: Readdressing) -> None:
        self._stream = stream
        self._readdressing = readdressing

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._readdressing.to_inside(self._stream.read(size))
