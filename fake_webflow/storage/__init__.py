"""The upload target, which behaves like S3's presigned POST (``target``), and the file host before the stored bytes.

Every rule followed here is a clause of the families ``upload`` and ``files``.
"""

from __future__ import annotations

UPLOAD, READ = "files.upload", "files.read"
"""What the journal calls a request to the upload target, and one to the file host."""
