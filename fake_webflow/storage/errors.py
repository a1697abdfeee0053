"""S3's answers in XML: the error document a refusal becomes, and the headers every answer of S3's carries."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import escape

from ..message import Response
from ..rules import CLAUSE_HEADER, Refusal

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Compiled when first used, as are the patterns of this package: only whoever uploads or reads files pays for them.
_NOT_IN_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def render_error(refusal: Refusal, *, request_id: str, method: str = "POST") -> Response:
    """The refusal as S3 answers it.

    The values of the refusal whose names begin with a capital (``ProposedSize``, ``ArgumentName``) are the error's own
    elements, in the order they were given; the others fill the message's placeholders.

    Args:
        refusal: By a clause of ``upload`` or ``files``.
        request_id: Anything that names the request; S3's two ids are derived from it.
        method: Of the request; a HEAD is answered without the document.
    """
    answer = refusal.answer
    request_headers = make_s3_headers(request_id)
    own = {name: value for name, value in refusal.values.items() if name[0].isupper()}
    ids = {"RequestId": request_headers[1][1], "HostId": request_headers[0][1]}
    headers = [*request_headers, ("Content-Type", "application/xml")]
    if refusal.clauses:  # a scripted fault may answer what no clause states
        headers.append((CLAUSE_HEADER, ", ".join(refusal.clauses)))
    headers += refusal.headers
    body = render_xml("Error", {"Code": answer.code, "Message": answer.message, **own, **ids})
    return Response(answer.status, headers, b"" if method == "HEAD" else body)


def make_s3_headers(request_id: str) -> list[tuple[str, str]]:
    """``x-amz-id-2`` and ``x-amz-request-id``, in S3's form, made from our own id of the request."""
    digest = hashlib.sha512(request_id.encode("utf-8", "replace")).digest()
    return [("x-amz-id-2", b64encode(digest)[:76].decode()), ("x-amz-request-id", digest[:8].hex().upper())]


def render_xml(root: str, elements: dict[str, object]) -> bytes:
    """A flat XML document; characters XML cannot hold become U+FFFD."""
    content = "".join(f"<{name}>{_escape_text(value)}</{name}>" for name, value in elements.items())
    return f"{_DECLARATION}<{root}>{content}</{root}>".encode()


def _escape_text(value: object) -> str:
    # A reader would turn a bare carriage return into a line feed.
    return escape(re.sub(_NOT_IN_XML, "\ufffd", str(value)), quote=False).replace("\r", "&#13;")
