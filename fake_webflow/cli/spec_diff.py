"""``fake-webflow spec-diff``: what changed in Webflow's published OpenAPI document, and what of ours it touches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..wording import spell_count
from .common import CommandError

if TYPE_CHECKING:
    from ..specdiff import Accounted, Change

_EPILOG = """\b
Examples:
  fake-webflow spec-diff v2.yml
  fake-webflow spec-diff v2.yml --against v2-of-last-month.yml
  fake-webflow spec-diff v2.yml --accept 'limit is documented now, as simulated'

Exit codes: 0 all is accounted for, or was accepted, 1 it is not, and each change is a line, 2 a file cannot be read."""


@click.command("spec-diff", epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), metavar="FILE",
              help="An older document or a skeleton; left out, the one that was last accounted for.")  # fmt: skip
@click.option("--accept", "reason", metavar="REASON", help="Account for the changes: write the skeleton anew.")
@click.option("--skeleton", type=click.Path(path_type=Path), metavar="FILE", help="The skeleton to write.")
def spec_diff_command(file: Path, against: Path | None, reason: str | None, skeleton: Path | None) -> int:
    """See what changed in Webflow's OpenAPI document.

    Compares FILE with the document that was last accounted for: operations, parameters, properties, types, enums, what
    is required, statuses. Prose, examples and order do not count.
    """
    from .. import specdiff

    try:
        before = specdiff.read_accounted(against or _find_known(skeleton))
        after = specdiff.read_accounted(file)
    except specdiff.UnreadableDocument as error:
        raise CommandError(str(error)) from None
    changes = specdiff.compare_skeletons(before.skeleton, after.skeleton, before.ahead)
    for change in changes:
        print(_render(change))
    if reason is not None:
        return _accept(before, after, reason, skeleton)
    breaking = sum(change.level == "breaking" for change in changes)
    print(f"{spell_count(len(changes), 'change')}, {breaking} breaking." if changes else "No changes.")
    return 1 if changes else 0


def _find_known(skeleton: Path | None) -> Path:
    from .. import specdiff

    return skeleton if skeleton is not None and skeleton.exists() else specdiff.SKELETON_FILE


def _render(change: Change) -> str:
    from .. import specdiff

    own = specdiff.OPERATION_NAMES.get(change.operation, "not simulated")
    clauses, choices = specdiff.name_clauses(specdiff.find_clauses(change))
    parts = [change.operation, own, f"{change.place} {change.what}".strip(), change.level]
    parts += [f"clauses: {', '.join(clauses)}"] if clauses else []
    parts += [f"choices: {', '.join(choices)}"] if choices else []
    return "; ".join(parts)


def _accept(before: Accounted, after: Accounted, reason: str, skeleton: Path | None) -> int:
    from .. import specdiff

    target = skeleton or specdiff.SKELETON_FILE
    if not reason.strip():
        raise CommandError("--accept needs a reason")
    if skeleton is None and not (target.parents[2] / "pyproject.toml").is_file():
        raise CommandError("the skeleton of an installed package stays; name one of your own with --skeleton FILE")
    try:
        target.write_bytes(specdiff.render_accounted(specdiff.accept(before, after, reason.strip())))
    except OSError as error:
        raise CommandError(f"cannot write {target}: {error.strerror}") from None
    print(f"Accepted: {target}")
    return 0
