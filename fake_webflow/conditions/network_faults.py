"""What can happen to an answer below HTTP, where there is no status to say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ..message import Response

Kind = Literal["timeout", "reset", "truncated"]


class NetworkFault(Exception):
    """Raised in place of an answer; each in-process face makes its library's own exception of it.

    Args:
        kind: ``timeout``, no answer in time; ``reset``, the connection is reset instead of an answer; ``truncated``,
            the connection ends within the answer's body.
        answer: What would have been answered, for ``truncated``.
        size: How many bytes of its body still arrive, for ``truncated``.

    Raises:
        ValueError: ``truncated`` without an answer or with a size that its body does not exceed.
    """

    def __init__(self, kind: Kind, answer: Response | None = None, size: int = 0) -> None:
        super().__init__(kind)
        if kind == "truncated" and (answer is None or not 0 <= size < len(answer.body)):
            raise ValueError("a truncated answer is an answer with a body, and fewer bytes of it than there are")
        self.kind = kind
        self.answer = answer
        self.size = size
        self.is_over: Callable[[], bool] = lambda: False
        """Whether nobody is to wait for an answer any longer: the fake that gave none is gone."""
