"""Argument parsing as this command line wants it: a mistake is one line and exit code 2."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn
from urllib.parse import urlsplit

# Digits. Python refuses to read numbers of some thousands.
_TOO_LONG = 16


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


def base_url(text: str) -> str:
    """The base URL of an API, as an option gives it, without a slash at its end.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if not is_address(text):
        raise argparse.ArgumentTypeError(f"an address that begins with http:// or https://, with a host; not {text!r}")
    return text.rstrip("/")


def plain_number(text: str) -> int | None:
    """The number that plain digits write; None where they write none, or one larger than any option takes."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _TOO_LONG else None


def count(text: str, rule: str = "a whole number, at least 1") -> int:
    """A number of something, as an option gives it.

    Args:
        text: What was given.
        rule: What is told where it is none.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    number = plain_number(text)
    if number:
        return number
    raise argparse.ArgumentTypeError(f"{rule}; not {text!r}")
