"""``fake-webflow clauses`` and ``fake-webflow explain``: the ledger in the terminal."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from ..wording import spell_count
from .common import CommandError

if TYPE_CHECKING:
    from ..rules import Clause

_WIDEST = 100
_COLOURS = {"observed": "green", "documented": "cyan", "inferred": "yellow"}


def _complete_clause(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from ..rules import clauses

    return [clause.id for clause in clauses() if clause.id.startswith(incomplete)]


@click.command(
    "clauses",
    epilog="""\b
Examples:
  fake-webflow clauses
  fake-webflow clauses items.slug
  fake-webflow clauses '*.limit*' --json""",
)
@click.argument("pattern", default="", shell_complete=_complete_clause)
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
def clauses_command(pattern: str, as_json: bool) -> None:
    """List the rules.

    PATTERN is part of a name, or has * and ?. Each rule is observed in answers of the live API, documented by Webflow
    or AWS, or inferred: a guess.
    """
    from ..control.ledger_view import clause_object
    from ..rules import clauses

    found = [clause for clause in clauses() if _matches(clause.id, pattern)]
    if not found:
        raise CommandError(f"no clause's name matches {pattern!r}")
    if as_json:
        print(json.dumps([clause_object(clause) for clause in found], indent=1, ensure_ascii=False))
        return
    _print_lines(line for clause in found for line in (*_render_listing(clause), ""))
    print(_render_summary(found))


@click.command(
    "explain",
    epilog="""\b
Examples:
  fake-webflow explain items.update-live.never-published
  fake-webflow explain never-published
  fake-webflow explain 409
  fake-webflow explain 'Requested resource not found'""",
)
@click.argument("what", nargs=-1, required=True, shell_complete=_complete_clause)
def explain_command(what: tuple[str, ...]) -> None:
    """Explain a rule.

    WHAT is its name, a part of that, the status it refuses with, or words of its message. Where several rules fit they
    are listed.
    """
    from ..rules import find_clause

    words = " ".join(what)
    found = _find_clauses(words)
    if not found:
        try:
            find_clause(words)
        except LookupError as error:
            raise CommandError(f"{error} (a status or words of a message will do as well)") from None
    if len(found) == 1:
        _print_lines(_render_explanation(found[0]))
        return
    _print_lines(line for clause in found for line in (*_render_match(clause), ""))
    print(f"{spell_count(len(found), 'clause')}; fake-webflow explain NAME shows all there is about one.")


def _find_clauses(words: str) -> list[Clause]:
    """The clauses that words mean: by name, or else by status, by part of a name, by words of a message."""
    from ..rules import clauses

    known = clauses()
    for fits in (
        lambda clause: clause.id == words,
        lambda clause: clause.refuses is not None and str(clause.refuses.status) == words,
        lambda clause: _matches(clause.id, words),
        lambda clause: any(
            _says(text, words) for text in (clause.refuses.message if clause.refuses else "", clause.text)
        ),
    ):
        found = [clause for clause in known if fits(clause)]
        if found:
            return found
    return []


def _says(template: str, words: str) -> bool:
    """Whether a message has those words in it, or is one that the template makes, placeholders filled."""
    wanted = " ".join(words.split()).casefold()
    fixed = re.split(r"\$\{?\w+\}?", template.casefold())
    if not any(part.strip() for part in fixed):
        return False
    made = ".+".join(map(re.escape, fixed))
    return wanted in template.casefold() or re.fullmatch(made, wanted) is not None


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) if set(pattern) & set("*?[") else pattern in name


def _print_lines(lines: Iterable[str]) -> None:
    click.echo("\n".join(lines))


def _render_match(clause: Clause) -> Iterator[str]:
    kind = "open choice, " * bool(clause.options) + clause.kind
    yield f"{click.style(clause.id, bold=True)}  ({click.style(kind, fg=_COLOURS[clause.kind])})"
    yield _wrap(clause.says)


def _render_listing(clause: Clause) -> Iterator[str]:
    yield from _render_match(clause)
    yield from _render_rows(clause.options.items(), clause)


def _render_summary(found: list[Clause]) -> str:
    from ..control.ledger_view import count_clauses
    from ..rules import count_by_evidence, describe_confidence, live_results

    known = [(clause.kind, live_results().get(clause.id)) for clause in found]
    live = [(kind, result.holds) for kind, result in known if result and result.outcome != "other-option"]
    asked = f" At the live API, {describe_confidence(count_by_evidence(live))}." if live else ""
    return (
        "{all} clauses: {observed} observed, {documented} documented, {inferred} inferred (guesses). "
        "{choices} of them are open choices (* marks the default): "
        "fake-webflow serve --profile CHOICE=OPTION makes one otherwise."
    ).format(**count_clauses(found)) + asked


def _render_explanation(clause: Clause) -> Iterator[str]:
    from ..control.ledger_view import OPTIONS_LABEL, describe_clause, describe_live_result

    yield click.style(clause.id, bold=True)
    yield _wrap(clause.says)
    for part in describe_clause(clause):
        yield from _render_heading(f"{part.label}{' (* marks the default)' * (part.label == OPTIONS_LABEL)}")
        yield from _render_rows(part.rows, clause)
        yield from (f"  - {address}" for address in dict.fromkeys(part.links.values()))  # never broken: to be opened
        if not part.rows and not part.links:
            yield _wrap(part.code or part.text or ", ".join(part.names))
    yield from _render_heading("last live result")
    yield _wrap(describe_live_result(clause.id) or "none: nobody has checked this against the live API yet")
    if clause.unchecked:
        yield from _render_heading("not checked by a contract test")
        yield _wrap(clause.unchecked)


def _render_heading(text: str) -> tuple[str, str]:
    return "", click.style(text, bold=True)


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
