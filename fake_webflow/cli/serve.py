"""``fake-webflow serve``: a seeded fake behind a port, for any language."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .. import __version__
from ..errors import StateFileError
from ..message import is_loopback
from ..wording import parse_limit
from ..world.tokens import DEFAULT_TOKEN, check_token
from .common import (
    CommandError,
    CommaSeparated,
    bind_server,
    parse_count,
    parse_port,
    profile_option,
    serve_until_stopped,
)
from .kept_state import open_kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..conditions import Exchange
    from ..fake import Fake, State
    from ..rules import Profile
    from ..state_file.kept import StateFile
    from ..transports.server import Server

_EPILOG = """\b
Examples:
  fake-webflow serve --port 0 --json
  fake-webflow serve --scenario mine.yaml --profile items.update.null=ignored
  fake-webflow serve --host 0.0.0.0 --control-token secret

Each option can be a variable: FAKE_WEBFLOW_PORT=80, FAKE_WEBFLOW_WEBHOOK_HOST=a,b. SIGINT (Ctrl-C) and SIGTERM stop it
within a second, with exit code 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """What ``serve`` was asked to do, as its options say."""

    host: str
    port: int
    token: str
    rate_limit: int | None
    scenario: str
    seed: int | None
    now: str | None
    profile: dict[str, str]
    webhook_host: tuple[str, ...]
    refuse_first: tuple[int, int | None] | None
    control_token: str | None
    allow_host: tuple[str, ...]
    limit: tuple[tuple[str, int], ...]
    state: Path | None
    reset_state: bool
    no_control: bool
    log: bool
    json: bool
    given: frozenset[str]
    """The names of those that somebody gave; the others have their defaults."""


class _PortOption(click.Option):
    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """The variable's value, unless it is Kubernetes' of a service that is called fake-webflow."""
        value = super().resolve_envvar_value(ctx)
        return None if value is not None and value.startswith("tcp://") else value


def _parse_host(text: str) -> str:
    """The address to listen on, in its usual form: 127.1 and 2130706433 are 127.0.0.1, and nothing is every address."""
    if not text or text.isspace():
        return "0.0.0.0"  # noqa: S104 - as servers have it
    host = text.strip("[]").rstrip(".").lower()
    if is_loopback(host) and host.endswith("localhost"):
        return "127.0.0.1"  # whatever a resolver thinks of the name
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return host if " " in host else socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return host


def _parse_name(text: str) -> str:
    from ..webhooks.sender import parse_host_name

    try:
        return parse_host_name(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _parse_token(text: str) -> str:
    try:
        check_token(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return text


def _parse_rate_limit(text: str) -> int | str:
    try:
        return parse_limit(text) or "off"  # for click, None is an option that was not given
    except ValueError as error:
        raise click.BadParameter(f"a rate limit is {error}") from None


def _parse_refusals(text: str) -> tuple[int, int | None]:
    times, colon, seconds = text.partition(":")
    rule = "N or N:SECONDS, such as 1:2 for one refusal with Retry-After 2"
    return parse_count(times, rule), parse_count(seconds, rule) if colon else None


def _parse_limit_option(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    return name, parse_count(number, "NAME=N, such as file-bytes=1000000")


def _complete_scenario(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from .. import seeding

    return [name for name in seeding.shipped_names() if name.startswith(incomplete)]


@click.command("serve", epilog=_EPILOG, context_settings={"auto_envvar_prefix": "FAKE_WEBFLOW"})
@click.option(
    "--host", type=_parse_host, default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on."
)
@click.option("--port", cls=_PortOption, type=parse_port, default="8787", show_default=True, metavar="N",
              help="Port; 0 takes a free one.")  # fmt: skip
@click.option("--token", type=_parse_token, default=DEFAULT_TOKEN, show_default=True, metavar="T", help="Bearer token.")
@click.option("--rate-limit", type=_parse_rate_limit, default="60", show_default=True, metavar="N|off",
              help="Requests a minute.")  # fmt: skip
@click.option("--scenario", default="default", show_default=True, metavar="NAME|FILE",
              shell_complete=_complete_scenario, help="What it starts from.")  # fmt: skip
@click.option("--seed", type=int, metavar="N", help="What ids are made from.")
@click.option("--now", metavar="TIME", help="When its world begins: an ISO text, or machine.")
@profile_option("How it makes open choices.")
@click.option("--webhook-host", type=CommaSeparated(_parse_name), multiple=True, metavar="HOST",
              help="Deliver webhooks there too. Repeatable.")  # fmt: skip
@click.option("--refuse-first", type=_parse_refusals, metavar="N[:SECONDS]", help="Answer the first N calls with 429.")
@click.option("--control-token", type=_parse_token, metavar="T", help="Token that opens /_fake to other machines.")
@click.option("--allow-host", type=CommaSeparated(_parse_name), multiple=True, metavar="NAME",
              help="Answer for that host name too. Repeatable.")  # fmt: skip
@click.option("--limit", type=CommaSeparated(_parse_limit_option), multiple=True, metavar="NAME=N",
              help="How much it keeps: journal, files, forks ... Repeatable.")  # fmt: skip
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Keep its world in that file, and go on from it.")  # fmt: skip
@click.option("--reset-state", is_flag=True, help="Forget what is in the file of --state.")
@click.option("--no-control", is_flag=True, help="Leave out the control interface, /_fake.")
@click.option("--log", is_flag=True, help="Print a line for each request to stderr.")
@click.option("--json", is_flag=True, help="Print one line of JSON when ready, and no log.")
def serve_command(**options: Any) -> None:
    """Serve a seeded fake."""
    options["rate_limit"] = None if options["rate_limit"] == "off" else options["rate_limit"]
    context = click.get_current_context()
    given = frozenset(name for name in options if context.get_parameter_source(name) is not ParameterSource.DEFAULT)
    settings = ServeSettings(**options, given=given)
    if settings.reset_state and settings.state is None:
        raise CommandError("--reset-state forgets what is in the file of --state FILE; name the file")
    if settings.log and settings.json:
        raise CommandError("--log prints a line for each request, which --json never does; leave one of them out")
    fake, server, file = _start(settings)
    if settings.refuse_first:
        from ..handle.faults import FakeFaults

        times, retry_after = settings.refuse_first
        FakeFaults(lambda: fake).on(first=times).too_many_requests("honest" if retry_after is None else retry_after)
    try:
        serve_until_stopped(server, lambda: _announce(settings, fake, server))
    finally:
        if file is not None:
            file.close()


def _start(settings: ServeSettings) -> tuple[Fake, Server, StateFile | None]:
    """The fake, the server in front of it, which listens but does not answer yet, and the file that keeps it."""
    from ..conditions import LIMITS
    from ..control.access import Access
    from ..control.console import Console
    from ..control.hosted_fakes import HostedFakes
    from ..control.interface import ControlInterface
    from ..control.served import ServedFakes
    from ..fake import Fake, State
    from ..transports.wsgi import create_wsgi_app
    from ..world.world import World

    kept = open_kept(settings) if settings.state is not None else None
    try:
        build = _read_beginning(settings) if kept is None or kept.is_new else None
        limits = LIMITS.with_values(kept.limits if kept is not None else dict(settings.limit))
        secret = kept.upload_secret if kept is not None else token_hex(32)
        fake = Fake(State(World()), webhook_hosts=settings.webhook_host, upload_secret=secret, limits=limits)
        fake.on_exchange = _make_log(settings)
        hosted_fakes = HostedFakes(fake, settings.token, limits)
        access = Access(settings.host, control_token=settings.control_token or "", allowed_hosts=settings.allow_host)
        control = ControlInterface(hosted_fakes, access, is_on=not settings.no_control)
        console = Console(hosted_fakes, access, version=__version__, is_on=not settings.no_control)
        served = ServedFakes(hosted_fakes, access, control=control, console=console)
        server = bind_server(create_wsgi_app(served.answer), settings.host, settings.port)
        if build is not None:
            # Only now is the port known, and with it the addresses of the files that seeded items name.
            state, fake.profile = build(server.origin)
            if kept is None:
                hosted_fakes.seed_default(state, server.origin)
            else:
                kept.begin(hosted_fakes, state, server.origin)
        elif kept is not None:
            kept.resume(hosted_fakes)
    except (StateFileError, ValueError) as error:  # a ScenarioError is one
        if kept is not None:
            kept.file.close()
        raise CommandError(str(error)) from None
    return fake, server, kept.file if kept is not None else None


def _make_log(settings: ServeSettings) -> Callable[[Exchange, float], None] | None:
    """What prints each request, where somebody wants or can see it."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    if not settings.log and (settings.json or not is_terminal):
        return None
    from .request_log import RequestLog

    is_coloured = is_terminal and not os.environ.get("NO_COLOR")
    return RequestLog([settings.token, settings.control_token or ""], is_coloured=is_coloured).print_exchange


def _read_beginning(settings: ServeSettings) -> Callable[[str], tuple[State, Profile]]:
    """What makes the state that the scenario says, and the open choices, for a server at an origin.

    Raises:
        ValueError: The scenario, a choice, or the time cannot be; the message says why. So may what is returned.
    """
    from .. import seeding
    from ..conditions import RUNNING
    from ..world.addresses import addresses_for

    clock, begins = seeding.read_now(settings.now, RUNNING)
    scenario = seeding.load(settings.scenario)
    profile = scenario.profile.with_choices(settings.profile)

    def build(origin: str) -> tuple[State, Profile]:
        state = seeding.build_state(
            scenario,
            seed=settings.seed,
            clock=clock,
            begins=begins,
            token=settings.token,
            addresses=addresses_for(origin),
            rate_limit=settings.rate_limit,
            profile=profile,
        )
        return state, profile

    return build


def _announce(settings: ServeSettings, fake: Fake, server: Server) -> None:
    if not is_loopback(settings.host):
        print(
            f"fake-webflow serve: WARNING: listening on {settings.host}, not on this machine alone: ANYBODY WHO CAN "
            f"REACH IT CAN USE IT. The control interface {_describe_control_access(settings)}",
            file=sys.stderr,
            flush=True,
        )
    control_url = None if settings.no_control else f"{server.origin}/_fake"
    if settings.json:
        print(json.dumps(announcement_object(fake, server.origin, settings.token, control_url)), flush=True)
    else:
        control = f"{control_url}  {_describe_control_access(settings)}" if control_url else "off (--no-control)"
        print(render_announcement(fake, server.origin, settings.token, settings.scenario, control), flush=True)


def _describe_control_access(settings: ServeSettings) -> str:
    if settings.no_control:
        return "is off: --no-control"
    if settings.control_token:
        return "answers whoever sends the control token"
    return "answers programs on this machine" if is_loopback(settings.host) else "is off: --control-token T"


def announcement_object(fake: Fake, origin: str, token: str, control_url: str | None) -> dict[str, Any]:
    """For programs: base URL, token, the secret of an app's webhooks, and the ids of what was seeded.

    The first site's ids stand at the top too, since most scenarios have just one.
    """
    from ..control.hosted_fakes import site_ids

    return {
        "base_url": f"{origin}/v2",
        "start_page": f"{origin}/",
        "console": f"{origin}/" if control_url else None,
        "control_url": control_url,
        "token": token,
        "client_secret": fake.webhooks.client_secret,
        **site_ids(fake),
    }


def render_announcement(fake: Fake, origin: str, token: str, scenario: str, control: str) -> str:
    """For people: the same, and curl lines that work."""
    from ..control.curl_lines import make_curl_lines

    limit = fake.state.rate.limit
    lines = [
        f"fake-webflow {__version__}, scenario {scenario}. Stop it with Ctrl-C.",
        "",
        f"  base URL    {origin}/v2",
        f"  token       {token}",
        f"  rate limit  {f'{limit} requests a minute' if limit else 'off'}",
        f"  {'start page' if control.startswith('off') else 'console   '}  {origin}/",
        f"  control     {control}",
        "",
    ]
    for site in fake.state.world.sites.values():
        lines.append(f"  site        {site.id}  {site.display_name}")
        lines += [
            f"  collection  {collection.id}  {collection.slug}, {len(collection.staged):,} items"
            for collection in fake.state.world.collections_of(site)
        ]
    lines += ["", "Try it:", ""]
    for purpose, line in make_curl_lines(fake.state.world, f"{origin}/v2", token):
        lines += [f"  # {purpose}", f"  {line}", ""]
    return "\n".join(lines)
