"""A hook of mkdocs: a link to a file of the checkout that is not in the docs becomes its text."""

from __future__ import annotations

import posixpath
import re
from typing import Any

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^):#]+)\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Called by mkdocs for each page."""
    folder = posixpath.dirname(page.file.src_uri)

    def text(link: re.Match[str]) -> str:
        leads_out = posixpath.normpath(posixpath.join(folder, link[2])).startswith("..")
        return link[1] if leads_out else link[0]

    return _LINK.sub(text, markdown)
