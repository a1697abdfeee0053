"""The upload target, which behaves like S3's presigned POST (``target``), and the file host before the stored bytes.

Every rule followed here is a clause of the families ``upload`` and ``files``.
"""

from __future__ import annotations

from collections.abc import Mapping

UPLOAD, READ = "files.upload", "files.read"
"""What the journal calls a request to the upload target, and one to the file host."""

CLAUSES_BY_STORAGE_OPERATION: Mapping[str, tuple[str, ...]] = {
    UPLOAD: (
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
    ),
    READ: ("files.served", "files.head"),
}
"""What they follow without refusing by it."""

DETAILS_CLAUSES = ("upload.details.fields", "upload.details.policy", "upload.details.lifetime")
"""What ``upload_details`` follows."""
