"""Requests to the upload target and to the file host: the same journal, and of the API's conditions only faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..conditions import Limits, ObservedCall
from ..exchange import NO_FAULT, ScriptedFault
from ..fake import Fake, State
from ..message import Request, Response
from ..rules import Refusal
from ..world.addresses import API_ORIGINS, WEBFLOW_ORIGINS, addresses_for
from ..world.assets import StoredFile
from ..world.world import World
from . import READ, UPLOAD
from .errors import render_error
from .target import receive_upload

EMPTY_HEADERS: Mapping[str, str] = MappingProxyType({})


def is_storage_request(request: Request) -> bool:
    """Whether the request goes to the upload target or the file host: by host in process, by path on a server."""
    if request.origin in WEBFLOW_ORIGINS:
        return request.origin not in API_ORIGINS
    return request.path.startswith(("/s3/", "/cdn/"))


class StorageSteps:
    """One request to the bucket or to the file host on its way."""

    def __init__(self, fake: Fake, request: Request) -> None:
        self._fake = fake
        self._request = request
        self._key = _object_key(request)
        self._request_id = f"{fake.state.ids.seed}/{fake.journal.last_number}"
        self.operation = UPLOAD if self._key is None else READ
        self.parameters: Mapping[str, str] = {"key": self._key} if self._key else {}
        self.query: Mapping[str, str] = {}
        self.raw_body = b""  # a form is read in passing, and kept as the file it is
        self.fault = NO_FAULT
        self.is_stubbed = False
        self.worlds: tuple[World, World] | None = None

    def prepare(self) -> None:
        """Finds the fault."""
        call = ObservedCall(self.operation, self._request.method, self._request.path, is_file=True)
        self.fault = ScriptedFault.take_next(self._fake, call)

    def handle(self) -> Response:
        """The answer of the bucket or of the file host."""
        authorization = self._request.headers.get("authorization")
        if authorization and not _is_for_file_host(self._request):
            raise Refusal("upload.authorization", ArgumentName="Authorization", ArgumentValue=authorization)
        if self._key is None:
            return self._store_upload()
        return serve_file(self._request.method, self._key, self._fake.state.world.files.get, self._request.headers)

    def render_refusal(self, refusal: Refusal) -> Response:
        """The refusal as S3 answers it."""
        return render_error(refusal, request_id=self._request_id, method=self._request.method)

    def _store_upload(self) -> Response:
        addresses = addresses_for(self._request.origin, self._request.headers.get("host", ""))
        file, response = receive_upload(
            self._request,
            now=self._fake.state.clock.now,
            signing_key=self._fake.signing_key,
            expected_md5=self._find_registered_hash,
            upload_address=addresses.upload,
            bucket=addresses.bucket_name,
            request_id=self._request_id,
        )

        def store(state: State) -> State:
            _check_room(state.world, file, self._fake.limits)
            world = state.world.with_files([file])
            self.worlds = state.world, world
            return state._replace(world=world, clock=state.clock.tick())

        self._fake.change(store)
        return response

    def _find_registered_hash(self, key: str) -> str | None:
        if self._fake.profile.assets_upload_checks_md5 == "no":
            return None
        return next((asset.file_hash for asset in self._fake.state.world.assets if asset.key == key), None)


def _check_room(world: World, file: StoredFile, limits: Limits) -> None:
    others = [len(one.data) for one in world.files if one.key != file.key]
    name = "files" if len(others) >= limits.files else "file-bytes"
    if name == "files" or sum(others) + len(file.data) > limits.file_bytes:
        most = f"{limits.files:,} files" if name == "files" else f"{limits.file_bytes:,} bytes of files"
        raise Refusal("fake.storage-full", most=most, option=f"--limit {name}=N")


def _object_key(request: Request) -> str | None:
    """The key of the object the request names; None where it names the bucket itself, empty where neither."""
    own = addresses_for(request.origin)
    address = request.origin + request.path
    buckets = [own.upload.removesuffix("/") + "/", own.bucket]
    if f"{address}/" in buckets or address in buckets:
        return None
    return next((address[len(base) :] for base in [*buckets, own.cdn] if address.startswith(base)), "")


def _is_for_file_host(request: Request) -> bool:
    return (request.origin + request.path).startswith(addresses_for(request.origin).cdn)


def serve_file(
    method: str, key: str, find: Callable[[str], StoredFile | None], request_headers: Mapping[str, str] = EMPTY_HEADERS
) -> Response:
    """Answer a request for a file.

    Args:
        method: Upper-case.
        key: What follows the bucket's or the network's base address, percent-decoded, without the query.
        find: From a key to the file whose bytes are there.
        request_headers: With small letters; ``if-none-match`` and ``range`` are looked at.

    Raises:
        Refusal: ``files.method``, ``files.absent`` or ``files.range.beyond``; ``render_error`` makes it the answer.
    """
    if method not in ("GET", "HEAD"):
        raise Refusal("files.method", headers=[("Allow", "GET, HEAD")], Method=method, ResourceType="OBJECT")
    file = find(key)
    if file is None:
        raise Refusal("files.absent")
    headers = [("ETag", f'"{file.etag}"'), ("Accept-Ranges", "bytes")]
    if file.cache_control:
        headers.append(("Cache-Control", file.cache_control))
    known = [tag.strip().removeprefix("W/") for tag in request_headers.get("if-none-match", "").split(",")]
    if f'"{file.etag}"' in known or "*" in known:
        return Response(304, headers, b"")
    data, status = file.data, 200
    if (wanted := _find_range(request_headers.get("range", ""), len(data))) is not None:
        headers.append(("Content-Range", f"bytes {wanted.start}-{wanted.stop - 1}/{len(data)}"))
        data, status = data[wanted.start : wanted.stop], 206
    headers += [("Content-Type", file.content_type), ("Content-Length", str(len(data)))]
    return Response(status, headers, b"" if method == "HEAD" else data)


def _find_range(header: str, size: int) -> range | None:
    """The bytes that a Range header asks for; None for all of them, as where it cannot be read or names several.

    Raises:
        Refusal: ``files.range.beyond``: the file has none of these bytes.
    """
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        wanted = range(max(size - int(found[2]), 0), size)
    else:
        wanted = range(int(found[1]), min(int(found[2] or size - 1), size - 1) + 1)
        if found[2] and int(found[2]) < int(found[1]):
            return None
    if not wanted:
        headers = [("Content-Range", f"bytes */{size}")]
        raise Refusal("files.range.beyond", headers=headers, RangeRequested=header.strip(), ActualObjectSize=size)
    return wanted
