"""The memory of a served fake stays bounded, whatever is sent to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
import requests
from processes import COMMAND, ready

pytestmark = pytest.mark.acceptance

MOST = 150 * 1024  # KiB


@pytest.fixture
def served() -> Iterator[tuple[Popen[str], dict[str, str]]]:
    """A served fake in a process of its own, and what it says of itself."""
    with Popen([*COMMAND, "serve", "--port", "0", "--json", "--rate-limit", "off"], stdout=PIPE, text=True) as process:
        yield process, ready(process)
        process.kill()


def resident(process: Popen[str]) -> int:
    """KiB of memory it has now."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


BODIES = {
    # What a parsed body takes many times the memory of.
    "small objects": json.dumps({"fieldData": {"name": "x"}, "junk": [{"a": 1}] * 105_000}),
    "long text": json.dumps({"fieldData": {"name": "x" * 1_000_000, "slug": "!"}}),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_thousand_requests_of_a_megabyte(served: tuple[Popen[str], dict[str, str]], body: str) -> None:
    process, said = served
    url = f"{said['base_url']}/collections/{said['collection_ids']['authors']}/items"
    headers = {"Authorization": f"Bearer {said['token']}", "Content-Type": "application/json"}
    with requests.Session() as session:
        for _ in range(1000):
            assert session.post(url, data=BODIES[body], headers=headers, timeout=30).status_code in (202, 400)
        assert resident(process) < MOST
        page = session.get(said["start_page"] + "_fake/journal?after=990&limit=3", timeout=30).json()
        assert [one["number"] for one in page["exchanges"]] == [991, 992, 993]
        assert resident(process) < MOST
