"""The log of a served fake: a line on standard error for each request of the API."""

from __future__ import annotations

import sys
from collections.abc import Iterable
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
    """Prints finished exchanges, coloured where standard error is a terminal.

    Args:
        secrets: What is in no line.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = [secret for secret in secrets if secret]

    def print_exchange(self, exchange: Exchange, milliseconds: float) -> None:
        """Prints the line of one; where that cannot be written, the request is answered all the same."""
        with suppress(OSError, ValueError):
            click.echo(self.render_exchange(exchange, milliseconds), file=sys.stderr)

    def render_exchange(self, exchange: Exchange, milliseconds: float) -> str:
        """Status, operation, milliseconds, and the clauses that refused; of an unknown route method and path."""
        status = click.style(f"{exchange.status or '---'}", fg=_COLOURS.get(exchange.status // 100, "red"))
        name = exchange.operation or f"{exchange.method} {self._render_path(exchange.path)}"
        clauses = [click.style(f"  {', '.join(exchange.clauses)}", fg="yellow")] if exchange.clauses else []
        fault = [f"  (fault: {ascii(exchange.fault)[1:-1]})"] if exchange.fault else []
        return "".join([f"{status}  {name:<28} {milliseconds:7.1f} ms", *clauses, *fault])

    def _render_path(self, path: str) -> str:
        for secret in self._secrets:
            path = path.replace(secret, "***")
        # Encoded, or a path could forge lines of the log.
        return abbreviate(quote(path, safe="/~*:@"), _LONGEST_PATH)
