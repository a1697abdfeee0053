"""``fake-webflow clauses`` and ``fake-webflow explain``: the ledger in the terminal."""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from collections.abc import Iterator
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
    parser.set_defaults(run=explain)


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
        print("\n".join(_listed(clause)), end="\n\n")
    print(_summary(found))
    return 0


def explain(arguments: argparse.Namespace) -> int:
    """Prints one clause.

    Raises:
        CommandError: There is no such clause; the message names the nearest.
    """
    from ..rules import clause

    try:
        found = clause(arguments.clause)
    except LookupError as error:
        raise CommandError(str(error)) from None
    print("\n".join(_explained(found)))
    return 0


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) if set(pattern) & set("*?[") else pattern in name


def _listed(clause: Clause) -> Iterator[str]:
    kind = "open choice, " * bool(clause.options) + clause.kind
    yield f"{clause.id}  ({kind})"
    yield _wrapped(clause.says)
    for number, option in enumerate(clause.options):
        yield _wrapped(f"{'* ' if number == 0 else '- '}{option}: {clause.options[option]}", hanging=2)


def _summary(found: list[Clause]) -> str:
    kinds = [clause.kind for clause in found]
    choices = sum(1 for clause in found if clause.options)
    return (
        f"{len(found)} clauses: {kinds.count('observed')} observed, {kinds.count('documented')} documented, "
        f"{kinds.count('inferred')} inferred (guesses). {choices} of them are open choices (* marks the default): "
        "fake-webflow serve --profile CHOICE=OPTION makes one otherwise."
    )


def _explained(clause: Clause) -> Iterator[str]:
    from ..control.ledger_view import operations_of
    from ..rules import CLAUSE_HEADER

    yield clause.id
    yield _wrapped(clause.says)
    if clause.refuses:
        answer = clause.refuses
        yield "\nanswers"
        yield _wrapped(f"{answer.status} {answer.code}: {answer.message}")
    if clause.text:
        yield "\nreads, among the mistakes of one answer"
        yield _wrapped(clause.text)
    if clause.options:
        yield "\nopen choice (* marks the default)"
        for number, (option, meaning) in enumerate(clause.options.items()):
            yield _wrapped(f"{'* ' if number == 0 else '- '}{option}: {meaning}", hanging=2)
        yield _wrapped(f"Why this default: {clause.because}")
    yield "\nevidence" + (" (inferred: a guess, and what it rests on)" if clause.kind == "inferred" else "")
    for line in clause.evidence:
        yield _wrapped(f"- {line.kind}, {line.date}: {line.source}", hanging=2)
    if bound := operations_of(clause.id):
        yield "\nfollowed by"
        yield _wrapped(", ".join(bound))
    elif clause.refuses or clause.text:
        yield "\nfollowed by"
        yield _wrapped(f"whichever operation meets it; its refusals carry this name in {CLAUSE_HEADER}")
    yield "\nlast live result"
    yield _wrapped(_live(clause.id))
    if clause.unchecked:
        yield "\nnot checked by a contract test"
        yield _wrapped(clause.unchecked)


def _live(clause_id: str) -> str:
    from ..rules import live_results

    result = live_results().get(clause_id)
    if result is None:
        return "none: nobody has checked this against the live API yet"
    seen = f": {result.seen}" if result.seen else ""
    return f"{result.outcome}{seen} ({result.date}, {result.target}, report {result.digest[:12]})"


def _wrapped(text: str, *, hanging: int = 0) -> str:
    width = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
    return textwrap.fill(
        text, max(width, 40), initial_indent="  ", subsequent_indent="  " + " " * hanging,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
