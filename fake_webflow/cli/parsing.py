"""Argument parsing as this command line wants it: a mistake is one line and exit code 2."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn


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


def base_url(text: str) -> str:
    """The base URL of an API, as an option gives it, without a slash at its end.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"an address that begins with http:// or https://; not {text!r}")
    return text.rstrip("/")


def count(text: str, rule: str = "a whole number, at least 1") -> int:
    """A number of something, as an option gives it.

    Args:
        text: What was given.
        rule: What is told where it is none.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{rule}; not {text!r}")
