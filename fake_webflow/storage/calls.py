"""Requests to the upload target and to the file host: the same journal, and of the API's conditions only faults."""

from __future__ import annotations

from collections.abc import Callable

from ..conditions import Exchange, ObservedCall
from ..conditions.faults import NetworkFault
from ..exchange import ScriptedFault
from ..fake import Fake
from ..message import Request, Response
from ..rules import Refusal
from ..world.addresses import WEBFLOW_ORIGINS, addresses_for
from ..world.assets import StoredFile
from . import READ, UPLOAD
from .errors import render_error
from .target import receive_upload

_API_HOSTS = ("https://api.webflow.com", "https://api-cdn.webflow.com")


def is_storage_request(request: Request) -> bool:
    """Whether the request goes to the upload target or the file host: by host in process, by path on a server."""
    if request.origin in WEBFLOW_ORIGINS:
        return request.origin not in _API_HOSTS
    return request.path.startswith(("/s3/", "/cdn/"))


def answer_storage(fake: Fake, request: Request) -> Response:
    """The answer of the bucket or of the file host.

    Raises:
        NetworkFault: A scripted fault, in place of an answer.
        Exception: A mistake of this fake's own. Nothing is changed by the request then.
    """
    key = _object_key(request)
    operation = UPLOAD if key is None else READ
    request_id = f"{fake.state.ids.seed}/{len(fake.journal)}"
    fault = ScriptedFault.take_next(fake, ObservedCall(operation, request.method, request.path, is_file=True))
    refusal: Refusal | None = None
    try:
        fault.apply_before(fake)
        if key is None:
            response = _store_upload(fake, request, request_id)
        else:
            response = serve_file(request.method, key, fake.state.world.files.get)
    except Refusal as raised:
        refusal = raised
        response = render_error(raised, request_id=request_id, method=request.method)
    except NetworkFault:
        fake.journal.append(_make_exchange(fake, request, key, 0, None, fault))
        raise
    except Exception:
        refusal = Refusal("errors.internal")
        fake.journal.append(_make_exchange(fake, request, key, refusal.answer.status, refusal, fault))
        raise
    response = fault.apply_to_response(response)
    fake.journal.append(_make_exchange(fake, request, key, response.status, refusal, fault))
    fault.apply_after(fake, response)
    return response


def _make_exchange(
    fake: Fake, request: Request, key: str | None, status: int, refusal: Refusal | None, fault: ScriptedFault
) -> Exchange:
    return Exchange(
        instant=fake.state.clock.now,
        method=request.method,
        path=request.path,
        query={},
        operation=UPLOAD if key is None else READ,
        parameters={"key": key} if key else {},
        body=None,
        status=status,
        clauses=refusal.clauses if refusal else (),
        message=refusal.answer.message if refusal else "",
        fault=str(fault),
    )


def _object_key(request: Request) -> str | None:
    """The key of the object the request names; None where it names the bucket itself, empty where neither."""
    own = addresses_for(request.origin)
    address = request.origin + request.path
    buckets = [own.upload.removesuffix("/") + "/", own.bucket]
    if f"{address}/" in buckets or address in buckets:
        return None
    return next((address[len(base) :] for base in [*buckets, own.cdn] if address.startswith(base)), "")


def _store_upload(fake: Fake, request: Request, request_id: str) -> Response:
    file, response = receive_upload(
        request,
        now=fake.state.clock.now,
        signing_key=fake.signing_key,
        expected_md5=lambda key: _find_registered_hash(fake, key),
        upload_address=addresses_for(request.origin).upload,
        request_id=request_id,
    )
    fake.change(lambda state: state._replace(world=state.world.with_files([file]), clock=state.clock.tick()))
    return response


def _find_registered_hash(fake: Fake, key: str) -> str | None:
    if fake.profile.assets_upload_checks_md5 == "no":
        return None
    return next((asset.file_hash for asset in fake.state.world.assets if asset.key == key), None)


def serve_file(method: str, key: str, find: Callable[[str], StoredFile | None]) -> Response:
    """Answer a request for a file.

    Args:
        method: Upper-case.
        key: What follows the bucket's or the network's base address, percent-decoded, without the query.
        find: From a key to the file whose bytes are there.

    Raises:
        Refusal: ``files.method`` or ``files.absent``; ``render_error`` makes it the answer.
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
