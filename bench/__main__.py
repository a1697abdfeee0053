"""``python -m bench``: measures, prints the table, writes JSON."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter

from . import (
    client_rows,
    console_rows,
    contract_rows,
    fixture_rows,
    load_rows,
    process_rows,
    scale_rows,
    state_rows,
    thread_rows,
    upload_rows,
    wsgi_rows,
)
from .harness import FULL_ROUNDS, Curve, Figure, Plan, Results
from .peers import Peers
from .places import HERE, KEPT, ROOT
from .plot import growth
from .table import Report, as_json, as_markdown, as_text, report

_USUAL = Plan()
_PAGE, _PICTURE = HERE / "README.md", ROOT / "docs" / "growth.svg"
_BEGIN, _END = "<!-- last run -->", "<!-- end of the last run -->"

Group = Callable[[Plan], Results]


def groups(peers: Peers, document: Path | None = None) -> Mapping[tuple[int, ...], Group]:
    """What measures which rows.

    Args:
        peers: What can be had of them.
        document: The official OpenAPI document, if it is at hand.
    """
    return {
        (1, 3): wsgi_rows.reads,
        (2,): client_rows.through_clients,
        (4,): wsgi_rows.creation,
        (5,): wsgi_rows.bulk_update,
        (6,): scale_rows.listing,
        (7,): scale_rows.values,
        (8,): fixture_rows.fixture,
        (9,): fixture_rows.app,
        (10,): process_rows.first_answers,
        (11,): partial(fixture_rows.server, peers=peers),
        (12,): process_rows.serving,
        (13,): partial(load_rows.over_loopback, peers=peers, document=document),
        (14,): scale_rows.memory,
        (15,): thread_rows.many_writers,
        (16,): contract_rows.schemathesis_share,
        (17,): upload_rows.upload,
        (18,): process_rows.plugin,
        (19,): scale_rows.filtering,
        (20,): state_rows.keeping,
        (21,): console_rows.pages,
    }


def run(arguments: argparse.Namespace) -> Report:
    """Measures what is asked for."""
    peers = Peers(offline=arguments.offline)
    plan = Plan(arguments.rounds, arguments.seconds)
    started = perf_counter()
    figures: list[Figure] = []
    curves: list[Curve] = []
    for rows, measure in groups(peers, arguments.openapi).items():
        if arguments.rows and not set(rows) & set(arguments.rows):
            continue
        begun = perf_counter()
        found = measure(plan)
        figures += found.figures
        curves += found.curves
        names = " and ".join(map(str, rows))
        print(f"row {names}: {perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return report(
        figures,
        curves,
        rounds=plan.rounds,
        seconds=perf_counter() - started,
        peers=peers.versions(),
        remark=arguments.remark,
    )


def publish(found: Report) -> None:
    """Puts the table into the bench's page, and draws the growth curves anew."""
    page = _PAGE.read_text(encoding="utf-8")
    before, after = page.partition(_BEGIN)[0], page.partition(_END)[2]
    _PAGE.write_text(f"{before}{_BEGIN}\n\n{as_markdown(found)}\n{_END}{after}", encoding="utf-8")
    _PICTURE.write_text(growth(found.curves), encoding="utf-8")


def main(arguments: Iterable[str] | None = None) -> None:
    """The command."""
    asked = _parser().parse_args(None if arguments is None else list(arguments))
    found = run(asked)
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(as_json(found), indent=1) + "\n", encoding="utf-8")
    print(as_text(found))
    if asked.publish:
        publish(found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench", description="Measures the fake beside its peers and the floor.")
    parser.add_argument("--rows", type=_rows, default=(), metavar="N,N", help="only these rows")
    parser.add_argument(
        "--rounds", type=int, default=_USUAL.rounds, metavar="N",
        help=f"rounds (default: %(default)s; below {FULL_ROUNDS} figures are no more than a look)",
    )  # fmt: skip
    parser.add_argument(
        "--seconds", type=float, default=_USUAL.seconds, metavar="S", help="of each turn (default: %(default)s)"
    )
    parser.add_argument("--offline", action="store_true", help="install nothing; peers that are not there are left out")
    parser.add_argument("--openapi", type=Path, metavar="FILE", help="the official OpenAPI document, for Prism")
    parser.add_argument(
        "--json", type=Path, default=KEPT / "last-run.json", metavar="FILE", help="where the JSON goes (%(default)s)"
    )
    parser.add_argument("--remark", default="", metavar="TEXT", help="what else is to be known of the machine")
    parser.add_argument(
        "--publish", action="store_true", help="put the table into bench/README.md and the curves into docs/growth.svg"
    )
    return parser


def _rows(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


if __name__ == "__main__":
    # So that the servers it has started end with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    main()
