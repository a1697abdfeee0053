"""How much a fake keeps: the bounds of everything that would grow with the number of requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..wording import is_whole_number, suggest

MEBIBYTE = 1024 * 1024


class Limits(NamedTuple):
    """The bounds, all of them whole numbers from 1 on.

    Args:
        journal: Exchanges in the journal of one fake.
        journal_bytes: Bytes of bodies in the journals of this process, forks included.
        deliveries: Deliveries of webhooks in the log of one fake.
        delivery_bytes: Bytes of their bodies.
        files: Files stored in one fake.
        file_bytes: Bytes of them.
        stubs: Stubs of one fake.
        stub_bytes: Bytes of their bodies and headers.
        forks: Forks of one server.
        snapshots: Snapshots of one fake of a server.
        idle_seconds: For how long a fork that nobody calls, and a snapshot that nobody goes back to, is kept; None for
            as long as the server runs.
    """

    journal: int = 10_000
    journal_bytes: int = 32 * MEBIBYTE
    deliveries: int = 10_000
    delivery_bytes: int = 32 * MEBIBYTE
    files: int = 10_000
    file_bytes: int = 256 * MEBIBYTE
    stubs: int = 1_000
    stub_bytes: int = 32 * MEBIBYTE
    forks: int = 10_000
    snapshots: int = 1_000
    idle_seconds: int | None = None

    def with_values(self, values: Mapping[str, int]) -> Limits:
        """With some of them set otherwise, by their names with hyphens, as ``file-bytes``.

        Raises:
            ValueError: There is no such limit, or it cannot be that.
        """
        names = [field.replace("_", "-") for field in self._fields]
        for name, value in values.items():
            if name not in names:
                raise ValueError(f"no limit is named {name!r}; {suggest(str(name), names)}")
            if not is_whole_number(value, 1):
                raise ValueError(f"the limit {name} is a whole number, 1 or more; not {value!r}")
        return self._replace(**{name.replace("-", "_"): value for name, value in values.items()})


LIMITS = Limits()
"""Where nothing else is said."""
