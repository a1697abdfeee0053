"""``fake-webflow drift``: any API, as it would be after one of the changes the contract suite has to notice."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from .common import (
    CommandError,
    bind_server,
    check_has_no_secret,
    import_suite_module,
    is_address,
    parse_port,
    serve_until_stopped,
)

# A drifted API is for nobody else.
_HOST = "127.0.0.1"
_EPILOG = """\b
In three terminals:
  fake-webflow serve
  fake-webflow drift pages-of-fifty --upstream http://127.0.0.1:8787 --port 8788
  fake-webflow verify --base-url http://127.0.0.1:8788/v2 --token test-token

SIGINT (Ctrl-C) and SIGTERM stop it, with exit code 0."""


def _parse_origin(text: str) -> str:
    check_has_no_secret(text)
    if not is_address(text):
        raise click.BadParameter(f"an API is an http or https address, not {text!r}")
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}"


@click.command("drift", epilog=_EPILOG)
@click.argument("name", required=False)
@click.option("--list", "lists", is_flag=True, help="List the changes there are, and end.")
@click.option("--upstream", type=_parse_origin, default="http://127.0.0.1:8787", metavar="URL", show_default=True,
              help="The API behind it.")  # fmt: skip
@click.option("--port", type=parse_port, default="8788", metavar="N", show_default=True,
              help="Port to listen on; 0 takes a free one.")  # fmt: skip
def drift_command(name: str | None, lists: bool, upstream: str, port: int) -> int:
    """See what a change of the API would do.

    Stands before an API and answers as the API would after the change NAME.
    """
    if TYPE_CHECKING:
        from contracts import drift as library
    else:
        library = import_suite_module("drift")
    if lists:
        _print_drifts(library.drifts())
        return 0
    if not name:
        raise CommandError("which one? fake-webflow drift --list names them")
    try:
        drift = library.find_drift(name)
    except LookupError as error:
        raise CommandError(f"{error} (fake-webflow drift --list names all)") from None
    from .drift_proxy import DriftMiddleware, ForwardingApp  # which needs requests and a server

    server = bind_server(DriftMiddleware(ForwardingApp(upstream), drift.answer), _HOST, port)
    lines = f"{drift.name}: {drift.effect}\nIt concerns {', '.join(drift.clauses)}.\n"
    message = f"{lines}{server.origin}/v2 stands before {upstream}"
    serve_until_stopped(server, lambda: print(message, flush=True))
    return 0


def _print_drifts(drifts: Any) -> None:
    for family, members in groupby(drifts, key=lambda drift: drift.family):
        click.secho(family, bold=True)
        for drift in members:
            print(f"  {drift.name}")
            print(textwrap.fill(drift.effect, 100, initial_indent="    ", subsequent_indent="    "))
