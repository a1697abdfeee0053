"""``fake-webflow serve``: a seeded fake behind a port, for any language."""

from __future__ import annotations

import argparse
import json
import os
import sys
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..message import is_loopback
from ..wording import parse_limit
from ..world.tokens import DEFAULT_TOKEN, check_token
from .common import CommandError, bind_server, parse_count, parse_port, serve_until_stopped

if TYPE_CHECKING:
    from ..fake import Fake
    from ..transports.server import Server

_EPILOG = "SIGINT (Ctrl-C) and SIGTERM stop it within a second, with exit code 0: that is how a server ends."


def add_serve_command(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser("serve", help="serve a fake", description="Serves a seeded fake.", epilog=_EPILOG)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=parse_port, default=8787, metavar="N", help="port; 0 takes a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--token",
        type=_parse_token,
        default=DEFAULT_TOKEN,
        help="bearer token that may do everything (default: %(default)s)",
    )
    parser.add_argument(
        "--rate-limit",
        type=_parse_rate_limit,
        default=60,
        metavar="N|off",
        help="requests a minute (default: %(default)s)",
    )
    parser.add_argument(
        "--scenario", default="default", metavar="NAME|FILE", help="what it starts from (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=_parse_seed, metavar="N", help="what ids are made from (default: the scenario's)"
    )
    parser.add_argument(
        "--profile", type=_parse_choice, action="append", default=[], metavar="CHOICE=OPTION",
        help="make an open choice otherwise; fake-webflow clauses lists them; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--webhook-host", action="append", default=[], metavar="HOST",
        help="deliver webhooks to that host too; without it only to this machine; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--refuse-first", type=_parse_refusals, metavar="N[:SECONDS]",
        help="answer the first N calls with 429, with that Retry-After, to see what a client makes of it",
    )  # fmt: skip
    parser.add_argument(
        "--control-token", type=_parse_token, default=os.environ.get("FAKE_WEBFLOW_CONTROL_TOKEN") or None, metavar="T",
        help="let whoever sends it in the header X-Fake-Webflow-Control use the control interface, from any machine; "
             "without it only programs on this machine (default: the variable FAKE_WEBFLOW_CONTROL_TOKEN)",
    )  # fmt: skip
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME",
        help="answer requests for that host too; without it only for names of this machine and of Webflow, unless the "
             "fake listens to other machines; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--limit", type=_parse_limit_option, action="append", default=[], metavar="NAME=N",
        help="keep that much: journal, journal-bytes, deliveries, delivery-bytes, files, file-bytes, forks, snapshots, "
             "idle-seconds (see the docs: What a fake keeps); may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--no-control", dest="control", action="store_false",
        help="leave out the control interface below /_fake, which answers programs on this machine",
    )  # fmt: skip
    parser.add_argument(
        "--json", action="store_true", help="print one line of JSON with URL, token and ids when it accepts connections"
    )
    parser.set_defaults(run=run_serve)


def run_serve(arguments: argparse.Namespace) -> int:
    """Serves until a signal says stop.

    Raises:
        CommandError: The scenario, a choice, the address or the port is no good.
    """
    fake, server = _start(arguments)
    if arguments.refuse_first:
        from ..handle.faults import FakeFaults

        times, retry_after = arguments.refuse_first
        FakeFaults(lambda: fake).on(first=times).too_many_requests("honest" if retry_after is None else retry_after)
    serve_until_stopped(server, lambda: _announce(arguments, fake, server))
    return 0


def _start(arguments: argparse.Namespace) -> tuple[Fake, Server]:
    """The fake and the server in front of it, which listens but does not answer yet."""
    from .. import seeding
    from ..conditions import LIMITS, RUNNING
    from ..control.access import Access
    from ..control.hosted_fakes import HostedFakes
    from ..control.interface import ControlInterface
    from ..control.pages import make_pages
    from ..control.served import ServedFakes
    from ..fake import Fake, State
    from ..transports.wsgi import create_wsgi_app
    from ..world.addresses import addresses_for
    from ..world.world import World

    try:
        scenario = seeding.load(arguments.scenario)
        profile = scenario.profile.with_choices(dict(arguments.profile))
        limits = LIMITS.with_values(dict(arguments.limit))
        fake = Fake(
            State(World()), profile, webhook_hosts=arguments.webhook_host, upload_secret=token_hex(32), limits=limits
        )
        hosted_fakes = HostedFakes(fake, arguments.token, limits)
        access = Access(arguments.host, control_token=arguments.control_token or "", allowed_hosts=arguments.allow_host)
        control = ControlInterface(hosted_fakes, access, is_on=arguments.control)
        pages = make_pages(fake, arguments.token, __version__)
        served = ServedFakes(hosted_fakes, access, control=control, pages=pages)
        server = bind_server(create_wsgi_app(served.answer), arguments.host, arguments.port)
        # Only now is the port known, and with it the addresses of the files that seeded items name.
        state = seeding.build_state(
            scenario,
            seed=arguments.seed,
            clock=RUNNING,
            token=arguments.token,
            addresses=addresses_for(server.origin),
            rate_limit=arguments.rate_limit,
            profile=profile,
        )
    except ValueError as error:  # a ScenarioError is one
        raise CommandError(str(error)) from None
    hosted_fakes.seed_default(state, server.origin)
    return fake, server


def _announce(arguments: argparse.Namespace, fake: Fake, server: Server) -> None:
    if not is_loopback(arguments.host.lower()):
        control = "answers whoever sends the control token" if arguments.control_token else "is off: --control-token T"
        print(
            f"fake-webflow serve: WARNING: listening on {arguments.host}, not on this machine alone: ANYBODY WHO CAN "
            f"REACH IT CAN USE IT. The control interface {control}",
            file=sys.stderr,
            flush=True,
        )
    if arguments.json:
        print(json.dumps(announcement_object(fake, server.origin, arguments.token)), flush=True)
    else:
        print(render_announcement(fake, server.origin, arguments.token, arguments.scenario), flush=True)


def _parse_token(text: str) -> str:
    try:
        check_token(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _parse_seed(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a seed is a whole number, not {text!r}") from None


def _parse_rate_limit(text: str) -> int | None:
    try:
        return parse_limit(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"a rate limit is {error}") from None


def _parse_refusals(text: str) -> tuple[int, int | None]:
    times, colon, seconds = text.partition(":")
    rule = "N or N:SECONDS, such as 1:2 for one refusal with Retry-After 2"
    return parse_count(times, rule), parse_count(seconds, rule) if colon else None


def _parse_limit_option(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    return name, parse_count(number, "NAME=N, such as file-bytes=1000000")


def _parse_choice(text: str) -> tuple[str, str]:
    name, equals, option = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"CHOICE=OPTION, such as plan.limits=cms; not {text!r}")
    return name, option


def announcement_object(fake: Fake, origin: str, token: str) -> dict[str, Any]:
    """For programs: base URL, token, the secret of an app's webhooks, and the ids of what was seeded.

    The first site's ids stand at the top too, since most scenarios have just one.
    """
    from ..control.hosted_fakes import site_ids

    return {
        "base_url": f"{origin}/v2",
        "start_page": f"{origin}/",
        "token": token,
        "client_secret": fake.webhooks.client_secret,
        **site_ids(fake),
    }


def render_announcement(fake: Fake, origin: str, token: str, scenario: str) -> str:
    """For people: the same, and curl lines that work."""
    from ..control.curl_lines import make_curl_lines

    limit = fake.state.rate.limit
    lines = [
        f"fake-webflow {__version__}, scenario {scenario}. Stop it with Ctrl-C.",
        "",
        f"  base URL    {origin}/v2",
        f"  token       {token}",
        f"  rate limit  {f'{limit} requests a minute' if limit else 'off'}",
        f"  start page  {origin}/",
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
