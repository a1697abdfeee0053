"""The log of a served fake: a line on standard error for each request of the API."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from ..wording import abbreviate

if TYPE_CHECKING:
    from ..conditions import Exchange

_LONGEST_PATH = 80
_COLOURS = {2: "green", 3: "green", 4: "yellow", 5: "red"}


class RequestLog:
    """Prints finished exchanges.

    Args:
        secrets: What is in no line.
        is_coloured: Whether lines have colours.
    """

    def __init__(self, secrets: Iterable[str] = (), *, is_coloured: bool = False) -> None:
        self._secrets = [secret for secret in secrets if secret]
        self._style: Callable[[str, str], str] = (
            (lambda text, colour: click.style(text, fg=colour)) if is_coloured else _leave
        )

    def print_exchange(self, exchange: Exchange, milliseconds: float) -> None:
        """Prints the line of one; where that cannot be written, the request is answered all the same."""
        if sys.stderr is not None:
            with suppress(OSError, ValueError):
                sys.stderr.write(self.render_exchange(exchange, milliseconds))  # which writes whole lines at once

    def render_exchange(self, exchange: Exchange, milliseconds: float) -> str:
        """Status, operation, milliseconds, and what decided the answer; of an unknown route method and path."""
        status = self._style(f"{exchange.status or '---'}", _COLOURS.get(exchange.status // 100, "red"))
        name = exchange.operation or f"{exchange.method} {self._render_path(exchange.path)}"
        clauses = f"  {self._style(', '.join(exchange.clauses), 'yellow')}" if exchange.clauses else ""
        fault = f"  (fault: {ascii(exchange.fault)[1:-1]})" if exchange.fault else ""
        stub = "  (stubbed)" if exchange.stubbed else ""
        return f"{status}  {name:<28} {milliseconds:7.1f} ms{clauses}{fault}{stub}\n"

    def _render_path(self, path: str) -> str:
        for secret in self._secrets:
            path = path.replace(secret, "***")
        # Encoded, or a path could forge lines of the log.
        return abbreviate(quote(path, safe="/~*:@"), _LONGEST_PATH)


def _leave(text: str, _colour: str) -> str:
    return text
