"""``fake-webflow drift``: any API, as it would be after one of the changes the contract suite has to notice."""

from __future__ import annotations

import argparse
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .common import CommandError, bind_server, import_suite_module, is_address, parse_port, serve_until_stopped

# A drifted API is for nobody else.
_HOST = "127.0.0.1"
_EPILOG = """For instance, in three terminals:

  fake-webflow serve
  fake-webflow drift pages-of-fifty --upstream http://127.0.0.1:8787 --port 8788
  fake-webflow verify --base-url http://127.0.0.1:8788/v2 --token test-token

SIGINT (Ctrl-C) and SIGTERM stop it, with exit code 0."""


def add_drift_command(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "drift", help="see what a change of the API would do", epilog=_EPILOG,
        description="Stands before an API and answers as the API would after one change.",
    )  # fmt: skip
    parser.add_argument("name", nargs="?", metavar="NAME", help="the change; --list names them")
    parser.add_argument("--list", action="store_true", help="list the changes there are, and end")
    parser.add_argument(
        "--upstream", type=_parse_origin, default="http://127.0.0.1:8787", metavar="URL",
        help="the API behind it (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--port", type=parse_port, default=8788, metavar="N", help="port; 0 takes a free one (default: %(default)s)"
    )
    parser.set_defaults(run=run_drift)


def run_drift(arguments: argparse.Namespace) -> int:
    """Lists the drifts, or serves one until a signal says stop.

    Raises:
        CommandError: There is no such drift, or it cannot listen there.
    """
    if TYPE_CHECKING:
        from contracts import drift as library
    else:
        library = import_suite_module("drift")
    if arguments.list:
        _print_drifts(library.drifts())
        return 0
    if not arguments.name:
        raise CommandError("which one? fake-webflow drift --list names them")
    try:
        drift = library.find_drift(arguments.name)
    except LookupError as error:
        raise CommandError(f"{error} (fake-webflow drift --list names all)") from None
    from .drift_proxy import DriftMiddleware, ForwardingApp  # which needs requests and a server

    proxy = DriftMiddleware(ForwardingApp(arguments.upstream), drift.answer)
    server = bind_server(proxy, _HOST, arguments.port)
    lines = f"{drift.name}: {drift.effect}\nIt concerns {', '.join(drift.clauses)}.\n"
    message = f"{lines}{server.origin}/v2 stands before {arguments.upstream}"
    serve_until_stopped(server, lambda: print(message, flush=True))
    return 0


def _print_drifts(drifts: Any) -> None:
    for family, members in groupby(drifts, key=lambda drift: drift.family):
        print(family)
        for drift in members:
            print(f"  {drift.name}")
            print(textwrap.fill(drift.effect, 100, initial_indent="    ", subsequent_indent="    "))


def _parse_origin(text: str) -> str:
    if not is_address(text):
        raise argparse.ArgumentTypeError(f"an API is an http or https address, not {text!r}")
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}"
