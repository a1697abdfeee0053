"""A fake behind an address other than the one it was seeded for: addresses are exchanged, in both directions.

Items keep the URLs of their files, so a state holds addresses below the origin it was seeded for. They stay as they
are, or no state could be forked or restored across servers at no cost. Instead a rewriter does what reverse proxies
do: a request reaches the fake with internal addresses, its answer the client with public ones. So what a fake
remembers does not depend on the address that a request came in at.

Only addresses of files that the fake itself would hand out are exchanged: texts may well name other files of
Webflow's, and are read as they were written.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import Any, BinaryIO, cast

from ..api.render import compute_etag
from ..message import Request, Response
from ..world.addresses import BUCKET, addresses_for, exchange_file_addresses
from ..world.world import World

_PATHS = addresses_for("")


class AddressRewriter:
    """Exchanges the addresses of one fake, for one request.

    Args:
        origin: Origin of the internal addresses, which the fake is to believe it was asked at.
        public_origin: Origin as the client knows it, with the path that is the fake's own.
    """

    def __init__(self, origin: str, public_origin: str) -> None:
        self._origin = origin
        self._public_origin = public_origin
        self._internal = addresses_for(origin)
        self._public = addresses_for(public_origin)

    def rewrite_request(self, request: Request, path: str) -> Request:
        """The request as the fake is asked.

        Args:
            request: As it came in.
            path: Its path behind the part that is the fake's own.
        """
        scheme, _, rest = self._internal_url(path).partition("://")
        host, slash, inner_path = rest.partition("/")
        is_json = request.media_type == "application/json"
        stream = cast(BinaryIO, _RewrittenBody(request.stream, self)) if is_json else request.stream
        return request._replace(origin=f"{scheme}://{host}", path=slash + inner_path, stream=stream)

    def rewrite_response(self, response: Response, request: Request, path: str, world: World) -> Response:
        """The answer as the client gets it.

        Args:
            response: As the fake answered.
            request: As it came in.
            path: As above.
            world: The fake's; it says which files are its own.
        """
        if path.startswith((_PATHS.upload, _PATHS.cdn)):
            return self._rewrite_upload_response(response) if request.method == "POST" else response
        body = self.to_public(response.body, world)
        if body is response.body:
            return response
        headers = [(name, compute_etag(body) if name == "ETag" else value) for name, value in response.headers]
        return Response(response.status, headers, body)

    def to_public(self, body: bytes, world: World) -> bytes:
        """A JSON text of the fake's with public addresses; the very same where it names none."""
        internal, public = self._internal, self._public
        if not any(base.encode() in body for base in (internal.upload, internal.bucket, internal.cdn)):
            return body
        body = exchange_file_addresses(body, internal, public, world.file_folders)
        return body.replace(f'"{internal.upload}"'.encode(), f'"{public.upload}"'.encode())

    def to_internal(self, body: bytes) -> bytes:
        """A client's JSON text with internal addresses."""
        host, _, own_path = self._public_origin.partition("://")[2].partition("/")
        if (own_path or host).encode() not in body:
            return body
        bucket, cdn = self._internal.bucket.encode(), self._internal.cdn.encode()
        address = _compile_file_address(own_path, "" if own_path else host)
        return address.sub(lambda found: bucket if found["bucket"] else cdn, body)

    def _internal_url(self, path: str) -> str:
        if path == _PATHS.upload:
            return self._internal.upload
        for within, base in ((_PATHS.bucket, self._internal.bucket), (_PATHS.cdn, self._internal.cdn)):
            if path.startswith(within):
                return base + path[len(within) :]
        return self._origin + path

    def _rewrite_upload_response(self, response: Response) -> Response:
        internal, public = self._internal.upload.rstrip("/"), self._public.upload
        headers = [
            (name, value.replace(internal, public, 1) if name == "Location" and value.startswith(internal) else value)
            for name, value in response.headers
        ]
        is_document = ("Content-Type", "application/xml") in response.headers
        body = response.body.replace(internal.encode(), public.encode()) if is_document else response.body
        return Response(response.status, headers, body)


@lru_cache
def _compile_file_address(own_path: str, host: str) -> re.Pattern[bytes]:
    """What the address of a file below that path begins with: at that host, or by whatever name the client has."""
    slash = r"\\?/"  # some serialisers escape it
    any_host = r'[^\s"\\/]+'
    own = rf"{re.escape(own_path)} {slash}" if own_path else ""
    pattern = rf"""
        https?: {slash}{slash} {re.escape(host) or any_host}
        {slash} {own} (?: (?P<bucket> s3 {slash} {re.escape(BUCKET)} ) | cdn )
        {slash}
    """
    return re.compile(pattern.encode(), re.VERBOSE)


class _RewrittenBody(io.RawIOBase):
    """The body of a JSON request as the fake is to read it, which it does at once."""

    def __init__(self, stream: Any, rewriter: AddressRewriter) -> None:
        self._stream = stream
        self._rewriter = rewriter

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._rewriter.to_internal(self._stream.read(size))
