"""The upload target: S3's presigned POST on Webflow's bucket, from the request to the stored file and the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..conditions.ids import SigningKey
from ..message import Request, Response
from ..rules import Refusal
from ..world.addresses import BUCKET, is_web_address
from ..world.assets import StoredFile
from .errors import make_s3_headers, render_xml
from .policy_conditions import SizeRange, check_policy
from .signing import check_signature

if TYPE_CHECKING:
    from .form import FileContent, UploadForm

_LONGEST_KEY = 1024
_MD5 = r"[0-9a-fA-F]{32}"
_HEADER_VALUE = r"[\t\x20-\x7e]*"


def receive_upload(
    request: Request,
    *,
    now: int,
    signing_key: SigningKey,
    expected_md5: Callable[[str], str | None],
    upload_address: str,
    request_id: str,
    bucket: str = BUCKET,
) -> tuple[StoredFile, Response]:
    """Take an upload: the file to store, and the answer to send once it is stored.

    All that the fields decide is decided before the file's bytes are kept (``upload.order``).

    Args:
        request: To the bucket.
        now: Milliseconds since 1970, which the policy's expiration is held against.
        signing_key: The one key the bucket knows.
        expected_md5: From a key to the hash its asset was registered with, None where it is not to be checked.
        upload_address: Where the form was posted to; ``Location`` begins with it.
        request_id: Anything that names the request; S3's ids are derived from it.
        bucket: What the bucket is called there.

    Raises:
        Refusal: By a clause of ``upload``; ``error_response`` makes it S3's answer.
    """
    from .form import UploadForm  # which takes werkzeug, whose import only whoever uploads should pay

    if request.method != "POST":
        raise Refusal("upload.method", headers=[("Allow", "POST")], Method=request.method, ResourceType="BUCKET")
    if "transfer-encoding" in request.headers:
        raise Refusal("upload.transfer-encoding", Header="Transfer-Encoding")
    form = UploadForm(request.headers.get("content-type", ""), request.stream)
    fields = {**form.fields, "key": _read_key(form)}
    if fields.get("bucket", bucket) != bucket:
        raise Refusal("upload.bucket.unknown", BucketName=fields["bucket"])
    check_signature(fields, signing_key)
    sizes = check_policy(fields["policy"], fields, now=now, bucket=bucket)
    content_type = _read_header(fields, "content-type") or "binary/octet-stream"
    cache_control = _read_header(fields, "cache-control")
    content = _read_content(form, sizes)
    _check_md5(content.md5, expected_md5(fields["key"]))
    file = StoredFile(fields["key"], content_type, content.md5, content.data, cache_control)
    return file, _make_answer(file, fields, upload_address, bucket, make_s3_headers(request_id))


def _read_key(form: UploadForm) -> str:
    """The key with ``${filename}`` replaced."""
    if "key" not in form.fields:
        raise Refusal("upload.key.missing", field="key", ArgumentName="key", ArgumentValue="")
    key = form.fields["key"]
    if form.filename is not None:
        key = key.replace("${filename}", re.split(r"[/\\]", form.filename)[-1])
    if not key:
        raise Refusal("upload.key.empty", ArgumentName="key", ArgumentValue="")
    size = len(key.encode("utf-8", "replace"))
    if size > _LONGEST_KEY:
        raise Refusal("upload.key.too-long", Size=size, MaxSizeAllowed=_LONGEST_KEY)
    return key


def _read_header(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not re.fullmatch(_HEADER_VALUE, value):
        raise Refusal("upload.stored.header-value", field=name, ArgumentName=name, ArgumentValue=value)
    return value


def _read_content(form: UploadForm, sizes: list[SizeRange]) -> FileContent:
    content = form.read_file(min((size.maximum for size in sizes), default=None))
    for minimum, maximum in sizes:
        if content.size > maximum:
            raise Refusal("upload.size.too-large", ProposedSize=content.size, MaxSizeAllowed=maximum)
        if content.size < minimum:
            raise Refusal("upload.size.too-small", ProposedSize=content.size, MinSizeAllowed=minimum)
    return content


def _check_md5(actual: str, registered: str | None) -> None:
    # Webflow takes any text as the hash of an asset (assets.create.hash-format), so only an MD5 can be compared.
    if registered is not None and re.fullmatch(_MD5, registered) and registered.lower() != actual:
        raise Refusal("upload.registered-md5", ExpectedDigest=registered, CalculatedDigest=actual)


def _make_answer(
    file: StoredFile, fields: Mapping[str, str], upload_address: str, bucket: str, s3: list[tuple[str, str]]
) -> Response:
    etag = f'"{file.etag}"'
    redirect = fields.get("success_action_redirect", "")
    if is_web_address(redirect):
        result = f"bucket={bucket}&key={quote(file.key, safe='')}&etag={quote(etag, safe='')}"
        location = f"{redirect}{'&' if '?' in redirect else '?'}{result}"
        return Response(303, [*s3, ("ETag", etag), ("Location", location)])
    location = f"{upload_address.rstrip('/')}/{quote(file.key, safe='')}"
    headers = [*s3, ("ETag", etag), ("Location", location)]
    status = fields.get("success_action_status")
    if status == "201":
        body = render_xml("PostResponse", {"Location": location, "Bucket": bucket, "Key": file.key, "ETag": etag})
        return Response(201, [*headers, ("Content-Type", "application/xml")], body)
    return Response(200 if status == "200" else 204, headers)
