"""Each library of the table in ``docs/how-to/libraries.md``, while look-ups are watched where they leave the process.

``watched_calls.py`` is run on a machine of its own that has a name server and a proxy and no way out, so it can show
what a library does that nothing holds back.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from subprocess import run

import pytest
from environments import Distributions, Environment, clean
from tools import find_tool

pytestmark = pytest.mark.acceptance

PROGRAM = Path(__file__).with_name("watched_calls.py")
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "libraries.md"
NAME = "api.webflow.com"
LIBRARIES = ["aiohttp", "boto3", "dnslib", "httpx", "httpx2", "pycurl", "uvloop", "webflow>=2,<3"]
CAUGHT = {"direct": [200, []], "proxy": [200, []], "base_url": [200, []]}
GUARDED = {"direct": ["NotIntercepted", []], "proxy": ["NotIntercepted", []], "base_url": [200, []]}
NEITHER = {"direct": ["failed", [NAME]], "proxy": ["failed", [f"CONNECT {NAME}:443"]], "base_url": [200, []]}
KINDS = {"caught": CAUGHT, "guarded": GUARDED, "neither": NEITHER}
USES_NO_PROXY = {"asyncio's streams on uvloop"}


def read_table() -> dict[str, str]:
    """What the page says of each library."""
    rows = re.findall(r"^\| (.+?) \| (caught|guarded|neither)\b", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: kind for names, kind in rows for name in names.split(", ")}


@pytest.fixture(params=["urllib3", "urllib3_future"], ids=["niquests-in-urllib3s-place", "niquests-beside-urllib3"])
def environment(request: pytest.FixtureRequest, distributions: Distributions, tmp_path: Path) -> Environment:
    """An environment with all of the libraries."""
    made = Environment.create(tmp_path / "environment")
    wanted = [str(distributions.wheel), "niquests", *LIBRARIES]
    if request.param == "urllib3_future":
        made.install(*wanted, no_binary="urllib3-future", URLLIB3_NO_OVERRIDE="1")
    else:
        made.install(*wanted)
    return made


def test_no_name_of_webflows_leaves_but_where_the_page_says_so(environment: Environment, tmp_path: Path) -> None:
    command = [find_tool("unshare"), "-rnm", environment.python, PROGRAM]
    done = run(command, cwd=tmp_path, env=clean(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert results.pop("no fake") == {"direct": ["failed", [NAME]]}, "the watch sees what leaves"
    table = read_table()
    assert set(results) == set(table)
    for library, seen in results.items():
        expected = KINDS[table[library]]
        if library in USES_NO_PROXY:
            expected = {**expected, "proxy": expected["direct"]}
        assert seen == {way: expected[way] for way in seen}, f"{library}\n{done.stderr}"
