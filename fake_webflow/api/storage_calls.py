"""Requests to the upload target and to the file host: the same journal, none of the API's conditions."""

from __future__ import annotations

from ..conditions import Exchange
from ..message import Request, Response
from ..rules import Refusal
from ..storage.errors import error_response
from ..storage.host import serve
from ..storage.target import receive
from ..world.addresses import WEBFLOW_ORIGINS, addresses
from .fake import Fake

_API_HOSTS = ("https://api.webflow.com", "https://api-cdn.webflow.com")
UPLOAD, READ = "files.upload", "files.read"


def is_storage(request: Request) -> bool:
    """Whether the request goes to the upload target or the file host: by host in process, by path on a server."""
    if request.origin in WEBFLOW_ORIGINS:
        return request.origin not in _API_HOSTS
    return request.path.startswith(("/s3/", "/cdn/"))


def answer_storage(fake: Fake, request: Request) -> Response:
    """The answer of the bucket or of the file host."""
    key = _object_key(request)
    request_id = f"{fake.state.ids.seed}/{len(fake.journal)}"
    refusal: Refusal | None = None
    try:
        response = serve(request.method, key, fake.state.world.files.get) if key else _upload(fake, request, request_id)
    except Refusal as raised:
        refusal = raised
        response = error_response(raised, request_id=request_id, method=request.method)
    fake.journal.append(
        Exchange(
            instant=fake.state.clock.now,
            method=request.method,
            path=request.path,
            query={},
            operation=READ if key else UPLOAD,
            parameters={"key": key} if key else {},
            body=None,
            status=response.status,
            clauses=refusal.clauses if refusal else (),
            message=refusal.answer.message if refusal else "",
        )
    )
    return response


def _object_key(request: Request) -> str:
    """The key of the object the request names; empty where it names the bucket itself."""
    own = addresses(request.origin)
    address = request.origin + request.path
    bases = (own.upload.rstrip("/") + "/", own.bucket, own.cdn)
    return next((address[len(base) :] for base in bases if address.startswith(base)), "")


def _upload(fake: Fake, request: Request, request_id: str) -> Response:
    file, response = receive(
        request,
        now=fake.state.clock.now,
        signing_key=fake.signing_key,
        expected_md5=lambda key: _registered_hash(fake, key),
        upload_address=addresses(request.origin).upload,
        request_id=request_id,
    )
    with fake.writing() as state:
        world = state.world.with_files([file])
        fake.change(lambda state: state._replace(world=world, clock=state.clock.ticked()))
    return response


def _registered_hash(fake: Fake, key: str) -> str | None:
    if fake.profile.assets_upload_checks_md5 == "no":
        return None
    return next((asset.file_hash for asset in fake.state.world.assets if asset.key == key), None)
