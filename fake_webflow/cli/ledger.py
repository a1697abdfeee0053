"""``fake-webflow clauses`` and ``fake-webflow explain``: the ledger in the terminal."""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .common import CommandError

if TYPE_CHECKING:
    from ..rules import Clause

_WIDEST = 100
_KINDS = "observed in answers of the live API, documented by Webflow or AWS, or inferred: a guess"


def add_clauses_command(commands: Any) -> None:
    """Adds ``clauses`` to the parser."""
    parser = commands.add_parser(
        "clauses", help="list the rules", description=f"Lists the rules the fake follows. Each is {_KINDS}."
    )
    parser.add_argument("pattern", nargs="?", default="", help="part of a name, or a pattern with * and ?")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    parser.set_defaults(run=list_clauses)


def add_explain_command(commands: Any) -> None:
    """Adds ``explain`` to the parser."""
    parser = commands.add_parser("explain", help="explain one rule", description="Shows all there is about one rule.")
    parser.add_argument("clause", help="its name, such as items.update-live.never-published")
    parser.set_defaults(run=explain_clause)


def list_clauses(arguments: argparse.Namespace) -> int:
    """Prints every clause whose name matches.

    Raises:
        CommandError: None does.
    """
    from ..control.ledger_view import clause_object
    from ..rules import clauses

    found = [clause for clause in clauses() if _matches(clause.id, arguments.pattern)]
    if not found:
        raise CommandError(f"no clause's name matches {arguments.pattern!r}")
    if arguments.json:
        print(json.dumps([clause_object(clause) for clause in found], indent=1, ensure_ascii=False))
        return 0
    for clause in found:
        print("\n".join(_render_listing(clause)), end="\n\n")
    print(_render_summary(found))
    return 0


def explain_clause(arguments: argparse.Namespace) -> int:
    """Prints one clause.

    Raises:
        CommandError: There is no such clause; the message names the nearest.
    """
    from ..rules import find_clause

    try:
        found = find_clause(arguments.clause)
    except LookupError as error:
        raise CommandError(str(error)) from None
    print("\n".join(_render_explanation(found)))
    return 0


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) if set(pattern) & set("*?[") else pattern in name


def _render_listing(clause: Clause) -> Iterator[str]:
    kind = "open choice, " * bool(clause.options) + clause.kind
    yield f"{clause.id}  ({kind})"
    yield _wrap(clause.says)
    yield from _render_rows(clause.options.items(), clause)


def _render_summary(found: list[Clause]) -> str:
    from ..control.ledger_view import count_clauses

    numbers = count_clauses(found)
    return (
        f"{numbers.all} clauses: {numbers.observed} observed, {numbers.documented} documented, "
        f"{numbers.inferred} inferred (guesses). {numbers.choices} of them are open choices (* marks the default): "
        "fake-webflow serve --profile CHOICE=OPTION makes one otherwise."
    )


def _render_explanation(clause: Clause) -> Iterator[str]:
    from ..control.ledger_view import OPTIONS_LABEL, describe_clause, describe_live_result

    yield clause.id
    yield _wrap(clause.says)
    for part in describe_clause(clause):
        yield f"\n{part.label}{' (* marks the default)' * (part.label == OPTIONS_LABEL)}"
        yield from _render_rows(part.rows, clause)
        if not part.rows:
            yield _wrap(part.code or part.text or ", ".join(part.names))
    yield "\nlast live result"
    yield _wrap(describe_live_result(clause.id) or "none: nobody has checked this against the live API yet")
    if clause.unchecked:
        yield "\nnot checked by a contract test"
        yield _wrap(clause.unchecked)


def _render_rows(rows: Iterable[tuple[str, str]], clause: Clause) -> Iterator[str]:
    default = next(iter(clause.options), None)
    for name, text in rows:
        yield _wrap(f"{'*' if name == default else '-'} {name}: {text}", hanging=2)


def _wrap(text: str, *, hanging: int = 0) -> str:
    width = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
    return textwrap.fill(
        text, max(width, 40), initial_indent="  ", subsequent_indent="  " + " " * hanging,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
