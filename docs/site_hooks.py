"""Hooks of mkdocs: links that lead out of the docs become text, and code has colours in light and in dark mode."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from pygments.formatters import HtmlFormatter

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^):#]+)\)")
_STYLES = {"light": "default", "dark": "github-dark"}


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Called by mkdocs for each page: a link to a file of the checkout that is not in the docs becomes its text."""
    folder = posixpath.dirname(page.file.src_uri)

    def text(link: re.Match[str]) -> str:
        leads_out = posixpath.normpath(posixpath.join(folder, link[2])).startswith("..")
        return link[1] if leads_out else link[0]

    return _LINK.sub(text, markdown)


def on_post_build(*, config: Any) -> None:
    """Called by mkdocs when the pages are written: writes the colours of code, which pages name as a style sheet."""
    sheets = [
        HtmlFormatter(style=style).get_style_defs(f"[data-bs-theme={mode}] .codehilite")
        for mode, style in _STYLES.items()
    ]
    (Path(config["site_dir"]) / "code.css").write_text("\n".join(sheets), encoding="utf-8")
