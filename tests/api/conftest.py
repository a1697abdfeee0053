"""Lets these tests use the small worlds of ``tests/world``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "world"))


@pytest.fixture
def asked() -> Any:
    """A fake with one live and one staged item."""
    from worlds import POSTS_ID, ask, fake, ok

    items, made = f"/collections/{POSTS_ID}/items", fake()
    ok(ask(made, "POST", f"{items}/live", {"fieldData": {"name": "Live", "slug": "live"}}))
    ok(ask(made, "POST", items, {"fieldData": {"name": "Staged", "slug": "staged"}}))
    return made
