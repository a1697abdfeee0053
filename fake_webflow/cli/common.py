"""What the commands share: a mistake in one line, readers of options, the contract suite, a server."""

from __future__ import annotations

import errno
import importlib
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from ..wording import join_lines, parse_whole_number

if TYPE_CHECKING:
    from ..transports.server import Server

_PACKAGE = Path(__file__).resolve().parent.parent


class CommandError(click.ClickException):
    """Why a command cannot be done, in one line; exit code 2.

    Args:
        message: The reason.
        command: Which one; the one that runs if it is not named.
    """

    def __init__(self, message: str, command: str | None = None) -> None:
        super().__init__(message)
        context = click.get_current_context(silent=True)
        self.command_path = f"fake-webflow {command}" if command or context is None else context.command_path


class HelpFormatter(click.HelpFormatter):
    """Help with bold headings; where there is no terminal click takes them out."""

    def write_heading(self, heading: str) -> None:
        """Writes a heading."""
        super().write_heading(click.style(heading, bold=True))


def describe_mistake(error: click.ClickException) -> str:
    """The one line that says what was wrong, and of a mistake in the arguments where to read on."""
    if isinstance(error, CommandError):
        return f"{click.style(error.command_path, fg='red')}: {error.message}"
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "fake-webflow"
    return f"{click.style(path, fg='red')}: {join_lines(_explain_usage(error))}; see {path} --help"


def _explain_usage(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = f"; did you mean {' or '.join(error.possibilities)}?" if error.possibilities else ""
            return f"there is no option {error.option_name}{near}"
        case click.MissingParameter(param=click.Parameter() as param):
            return f"{_name_parameter(param)} is missing"
        case click.BadParameter(param=click.Parameter() as param, ctx=context):
            return f"{_name_parameter(param, context)}: {error.message.rstrip('.')}"
    return error.format_message().rstrip(".")


def _name_parameter(param: click.Parameter, context: click.Context | None = None) -> str:
    """How whoever gave a value calls the option: by its variable, where that is where it came from."""
    if context and param.name and context.get_parameter_source(param.name) is ParameterSource.ENVIRONMENT:
        return f"{context.auto_envvar_prefix}_{param.name.upper()}" if context.auto_envvar_prefix else str(param.envvar)
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name


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
        click.BadParameter: It is none.
    """
    check_has_no_secret(text)
    if not is_address(text):
        raise click.BadParameter(f"an address that begins with http:// or https://, with a host; not {text!r}")
    return text.rstrip("/")


def check_has_no_secret(address: str) -> None:
    """Refuses an address that holds more than scheme, host, port and path, without a word of what that is.

    Reports and messages name the address.

    Raises:
        click.BadParameter: It does.
    """
    if re.search("[@?#]", address):
        raise click.BadParameter("an address without user, password and query, since reports name it; not this one")


def parse_count(text: str, rule: str = "a whole number, at least 1") -> int:
    """A number of something, as an option gives it.

    Args:
        text: What was given.
        rule: What is told where it is none.

    Raises:
        click.BadParameter: It is none.
    """
    number = parse_whole_number(text)
    if number:
        return number
    raise click.BadParameter(f"{rule}; not {text!r}")


def parse_port(text: str) -> int:
    """A port, as an option gives it; 0 stands for a free one.

    Raises:
        click.BadParameter: It is none.
    """
    number = parse_whole_number(text)
    if number is not None and number < 1 << 16:
        return number
    raise click.BadParameter(f"a port is a number from 0 to 65535, not {text!r}")


if TYPE_CHECKING:
    _Reader = click.types.FuncParamType[Any, Any]
else:
    _Reader = click.types.FuncParamType  # of which older versions make no generic type


class CommaSeparated(_Reader):
    """The type of an option that may be repeated; in an environment variable commas stand between its values.

    Args:
        func: Reads one value.
    """

    envvar_list_splitter = ","

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """One value."""
        return super().convert(value.strip(), param, ctx)


class _ChoiceType(CommaSeparated):
    def __init__(self) -> None:
        super().__init__(_parse_choices)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:  # noqa: ARG002
        from click.shell_completion import CompletionItem

        from ..rules import choice_options

        known = [f"{name}={option}" for name, options in choice_options().items() for option in options]
        return [CompletionItem(text) for text in known if text.startswith(incomplete)]


def profile_option(purpose: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--profile`` of a command, whose value is a mapping of choices.

    Args:
        purpose: What the choices are for, as the help says it.
    """
    return click.option(
        "--profile", type=_ChoiceType(), multiple=True, metavar="CHOICE=OPTION|FILE", callback=_merge_choices,
        help=f"{purpose} Repeatable.",
    )  # fmt: skip


def _parse_choices(text: str) -> dict[str, str]:
    """The choices that one value names: one itself, or those in a file.

    Raises:
        click.BadParameter: They are none.
    """
    from ..rules import Profile, read_choices

    name, equals, option = text.partition("=")
    try:
        if not equals or Path(text).is_file():
            return read_choices(Path(text))
        Profile().with_choices({name: option})
    except OSError as error:
        raise click.BadParameter(
            f"CHOICE=OPTION, such as plan.limits=cms, or a YAML file of such; not {text!r} ({error.strerror})"
        ) from None
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return {name: option}


def _merge_choices(
    _context: click.Context, _param: click.Parameter, given: tuple[dict[str, str], ...]
) -> dict[str, str]:
    return {name: option for choices in given for name, option in choices.items()}


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
            # The address is named already.
            explanation = (error.strerror or str(error)).partition(" (while attempting")[0]
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
            f'{error.name} is not installed; this command needs, in a clone of fake-webflow: pip install ".[contracts]"'
        ) from error
    if not Path(str(module.__file__)).is_relative_to(_PACKAGE if installed else _PACKAGE.parent):
        raise CommandError(f"{module.__file__} stands in the way of the contract suite: another package of that name")
    return module
