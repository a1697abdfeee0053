"""Argument parsing as this command line wants it: a mistake is one line and exit code 2."""

from __future__ import annotations

import argparse
import errno
import importlib
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from ..wording import parse_whole_number

if TYPE_CHECKING:
    from ..transports.server import Server


class CommandError(Exception):
    """Why a command cannot be done, in one line; exit code 2."""


class Parser(argparse.ArgumentParser):
    """argparse without its usage block on mistakes, and without abbreviated options.

    Raises:
        SystemExit: From ``parse_args``, with code 2 for a mistake.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """The arguments as a namespace."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            command = f"{self.prog} {found.command}"
            self.exit(2, f"{command}: unknown argument {unknown[0]}; see {command} --help\n")
        return found

    def error(self, message: str) -> NoReturn:
        """Ends with the message in one line."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def is_address(text: str) -> bool:
    """Whether a text is an http or https address, with a host and, if any, a port that there is."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, half a bracket
        return False


def parse_base_url(text: str) -> str:
    """The base URL of an API, as an option gives it, without a slash at its end.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if not is_address(text):
        raise argparse.ArgumentTypeError(f"an address that begins with http:// or https://, with a host; not {text!r}")
    return text.rstrip("/")


def parse_count(text: str, rule: str = "a whole number, at least 1") -> int:
    """A number of something, as an option gives it.

    Args:
        text: What was given.
        rule: What is told where it is none.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    number = parse_whole_number(text)
    if number:
        return number
    raise argparse.ArgumentTypeError(f"{rule}; not {text!r}")


def bind_server(app: Any, host: str, port: int) -> Server:
    """A server for a WSGI app, which listens but does not answer yet.

    Raises:
        CommandError: It cannot listen there.
    """
    from ..transports.server import Server

    try:
        return Server(app, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"port {port} on {host} is in use; choose another with --port, or let --port 0 find one"
        else:
            explanation = (error.strerror or str(error)).partition(" (while attempting")[
                0
            ]  # the address is named already
            reason = f"cannot listen on {host}, port {port}: {explanation}"
        raise CommandError(reason) from None


def serve_until_stopped(server: Server, ready: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM says stop.

    Args:
        server: Listens already.
        ready: Called once signals are heard, just before the first answer.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    server.run(ready)


def parse_port(text: str) -> int:
    """A port, as an option gives it; 0 stands for a free one.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    number = parse_whole_number(text)
    if number is not None and number < 1 << 16:
        return number
    raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")


_PACKAGE = Path(__file__).resolve().parent.parent


def import_suite_module(name: str) -> Any:
    """A module of the suite: of ``fake_webflow.contracts`` where it is installed, of ``contracts`` in a checkout.

    Raises:
        CommandError: What it needs is not installed.
    """
    installed = (_PACKAGE / "contracts").is_dir()
    try:
        module = importlib.import_module(f"{'fake_webflow.' * installed}contracts.{name}")
    except ModuleNotFoundError as error:
        raise CommandError(
            f'{error.name} is not installed; this command needs: pip install "fake-webflow[contracts]"'
        ) from error
    if not Path(str(module.__file__)).is_relative_to(_PACKAGE if installed else _PACKAGE.parent):
        raise CommandError(f"{module.__file__} stands in the way of the contract suite: another package of that name")
    return module
