"""Files that appear only when they are whole."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file beside its place and then moves it there, so that nobody finds half of it.

    Args:
        path: Its place.
        data: What is to be in it.

    Raises:
        OSError: It cannot be written.
    """
    making = path.with_name(f".{path.name}.new")
    try:
        making.write_bytes(data)
        making.replace(path)
    except BaseException:
        making.unlink(missing_ok=True)
        raise
