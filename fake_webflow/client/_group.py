"""What the groups of operations have in common."""

from __future__ import annotations

from ._transport import Transport


class Group:
    """Operations on one kind of thing, reached as an attribute of the client.

    Args:
        transport: The way out.
    """

    __slots__ = ("_transport",)

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
