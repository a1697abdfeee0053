"""Finds phrases that readers stumble over, in all that a person reads: ``python docs/check_wording.py``.

It reads the pages, the ledger and the texts within the code, docstrings included. A phrase is listed once somebody had
to read it twice; beside it stands what to say instead. Exit code 1 where one has come back.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PHRASES = {
    r"every so-manieth": "every Nth",
    r"was to be called": "expected ... to be called",
    r"(has|have) stopped to": "stopped ...ing",
    r"could not be\b(?! \w+(ed|en|t)\b)": "could not start, could not finish",
    r"(?<!there )\b(is|are|was|were) no (?!longer|more|such|one\b)\w+": "is not a ..., is not valid ...",
    r"what JSON cannot say": "cannot be written as JSON",
    r"came to no end": "did not finish",
    r"\bis nothing \S+ can do": "does not allow",
    r"these calls are such": "matching calls",
    r"twice does no harm": "can be called twice",
    r"sees to it that": "checks that",
    r"where the wire may lead": "which hosts it may contact",
    r"\bno such a\b": "no such",
    r"\bbe it (a|an|the)\b": "whether it is",
    r"\bso many deliveries\b": "at least `count` deliveries",
    r"\bwere it not\b": "without",
    r"\bshould there be\b": "if there is",
    r"\b(had|were) (it|they|there) (been|to be)\b": "if it had been",
    r"\bas it (was|is) to be\b": "as expected",
    r"\bis to have nothing\b": "must have nothing",
    r"\bhas (it|them|one) be(en)?\b": "reports it as",
    r"\bput_back\b": "restore",
    r"\bthe one asked\b": "the request",
    r"\bwhat is asked for is\b": "say what it is",
    r"\bwhoever asks\b": "the caller",
    r"\ba word of (its|their|our) own\b": "its own word",
}
_PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/**/*.md", "contracts/README.md", "bench/README.md")
_CODE = ("fake_webflow/**/*.py", "contracts/**/*.py", "docs/*.py")
_DATA = ("fake_webflow/rules/*.toml", "fake_webflow/openapi/source/*.yaml", "fake_webflow/control/openapi.json")


def find_phrases() -> Iterator[str]:
    """One line for each finding: the place, the phrase, what to say instead."""
    for path in sorted({path for pattern in (*_PAGES, *_DATA) for path in ROOT.glob(pattern)}):
        # The style guide ends with a table of what not to say.
        yield from _find_in(path, 1, path.read_text(encoding="utf-8").partition("| not this |")[0])
    for path in sorted({path for pattern in _CODE for path in ROOT.glob(pattern)} - {Path(__file__)}):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _find_in(path, node.lineno, node.value)


def _find_in(path: Path, first_line: int, text: str) -> Iterator[str]:
    for pattern, instead in PHRASES.items():
        for found in re.finditer(pattern, text, re.IGNORECASE):
            line = first_line + text.count("\n", 0, found.start())
            yield f"{path.relative_to(ROOT)}:{line}: {found[0]!r}; say: {instead}"


if __name__ == "__main__":
    findings = list(find_phrases())
    print("\n".join(findings))
    sys.exit(1 if findings else 0)
