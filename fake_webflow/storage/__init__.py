"""The upload target, which behaves like S3's presigned POST, and the file host in front of the stored bytes.

Every rule followed here is a clause of the families ``upload`` and ``files``.
"""

from __future__ import annotations

from .errors import error_response
from .host import serve
from .policy import SIZE_LIMIT, SigningKey, upload_details
from .target import receive

__all__ = [
    "DETAILS_CLAUSES",
    "FILE_CLAUSES",
    "SIZE_LIMIT",
    "UPLOAD_CLAUSES",
    "SigningKey",
    "error_response",
    "receive",
    "serve",
    "upload_details",
]

UPLOAD_CLAUSES = (
    "upload.order",
    "upload.fields.names-any-case",
    "upload.fields.first-of-several",
    "upload.file.last",
    "upload.file.as-text",
    "upload.file.name-in-key",
    "upload.condition.exempt-fields",
    "upload.condition.content-type-list",
    "upload.condition.after-expansion",
    "upload.condition.bucket",
    "upload.stored.headers",
    "upload.answer.created",
    "upload.answer.empty",
    "upload.answer.location",
    "upload.answer.redirect",
    "upload.error.document",
)
"""What the upload target follows without refusing by it."""

DETAILS_CLAUSES = ("upload.details.fields", "upload.details.policy", "upload.details.lifetime")
"""What ``upload_details`` follows."""

FILE_CLAUSES = ("files.served", "files.head")
"""What the file host follows without refusing by it."""
