"""Files that appear only when they are whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, data: bytes, check: Callable[[Path], object] = lambda _: None) -> None:
    """Writes a file beside its place and then moves it there, so that nobody finds half of it.

    Args:
        path: Its place.
        data: What is to be in it.
        check: Reads the file before it is moved; what it raises keeps the file from its place.

    Raises:
        OSError: It cannot be written.
    """
    making = path.with_name(f".{path.stem}.new{path.suffix}")
    try:
        making.write_bytes(data)
        check(making)
        making.replace(path)
    except BaseException:
        making.unlink(missing_ok=True)
        raise
