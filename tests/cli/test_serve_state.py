"""``serve --state``: a server that is killed, and the next one; what a start may say otherwise, and what it may not."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from messages import assert_facts
from processes import COMMAND, Serve, ready

from fake_webflow.cli import main


class Served:
    """A server in a process of its own, as its first line describes it."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.origin = said["base_url"].removesuffix("/v2")

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.said['token']}"}
        return requests.request(method, f"{self.origin}{path}", headers=headers, json=body, timeout=10)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        sent = {"json": body or {}} if method in ("POST", "PUT") else {}
        answer = requests.request(method, f"{self.origin}/_fake{path}", timeout=10, **sent)
        assert answer.ok, answer.text
        return answer.json()


def test_the_next_server_goes_on_where_one_was_killed(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    options = ("--port", "0", "--json", "--state", str(path), "--scenario", "timeline")
    process = serve(*options, "--seed", "5", "--rate-limit", "900")
    first = Served(ready(process))
    items = f"/v2/collections/{first.said['collection_ids']['events']}/items"
    made = first.call("POST", items, {"fieldData": {"name": "Kept", "slug": "kept"}}).json()
    asset = first.call(
        "POST", f"/v2/sites/{first.said['site_id']}/assets", {"fileName": "a.txt", "fileHash": "0"}
    ).json()
    fork = first.control("PUT", "/forks/Story", {"kind": "site"})
    first.control("PUT", "/rate-limit", {"limit": 500})
    first.control("POST", "/stubs", {"operation": "list-pages", "json": {"pages": []}})
    process.kill()
    process.wait()

    second = Served(ready(serve(*options, "--rate-limit", "900", "--token", "another")))
    assert (second.said["token"], second.said["client_secret"]) == ("another", first.said["client_secret"])
    assert second.call("GET", f"{items}/{made['id']}").json() == made
    assert second.call("GET", items, token="test-token").status_code == 401
    assert second.control("GET", "/rate-limit") == {"limit": 500}
    assert second.call("GET", f"/v2/sites/{first.said['site_id']}/pages").json() == {"pages": []}
    again = second.control("PUT", "/forks/Story", {"kind": "site"})
    assert (again["token"], again["own_base_url"]) == (fork["token"], f"{second.origin}/~Story/v2")
    assert second.call("GET", f"/~Story{items}", token=fork["token"]).json()["pagination"]["total"] == 2
    # The form of the first server is still good, and what it stored is found at the second one's address.
    address = asset["uploadUrl"].replace(first.origin, second.origin)
    form = requests.post(address, data=asset["uploadDetails"], files={"file": ("a.txt", b"content")}, timeout=10)
    assert form.status_code == 201, form.text
    hosted = second.call("GET", f"/v2/assets/{asset['id']}").json()["hostedUrl"]
    assert hosted.startswith(second.origin)
    assert requests.get(hosted, timeout=10).content == b"content"
    fresh = second.call("POST", items, {"fieldData": {"name": "Fresh", "slug": "fresh"}}).json()
    assert fresh["id"][8:18] == made["id"][8:18], "ids go on from the seed"
    assert fresh["id"] not in (made["id"], asset["id"])
    second.control("POST", "/reset")
    assert second.call("GET", items).json()["pagination"]["total"] == 2
    with pytest.raises(sqlite3.OperationalError, match="locked"), closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("SELECT * FROM facts")


@pytest.fixture(scope="module")
def state_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a server left that was begun with a seed and a scenario in a file."""
    folder = tmp_path_factory.mktemp("begun")
    (folder / "mine.yaml").write_text("sites:\n  - displayName: Mine\n")
    (folder / "other.yaml").write_text("sites:\n  - displayName: Other\n")
    options = ("--json", "--port", "0", "--state", "state.db", "--scenario", "mine.yaml", "--seed", "7")
    with subprocess.Popen([*COMMAND, "serve", *options], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        ready(process)
        process.terminate()
    return folder / "state.db"


@pytest.mark.parametrize(
    ("arguments", "facts"),
    [
        (["--scenario", "timeline"], ["--scenario", "mine.yaml", "timeline", "--reset-state"]),
        (["--scenario", "other.yaml"], ["--scenario", "mine.yaml", "other.yaml", "--reset-state"]),
        (["--scenario", "no-such.yaml"], ["no-such.yaml"]),
        (["--seed", "8"], ["--seed 7", "--seed 8", "--reset-state"]),
        (["--now", "2024-05-01"], ["no --now", "--now 2024-05-01", "--reset-state"]),
        (["--limit", "nothing=1"], ["nothing"]),
        (["--reset-state", "--scenario", "no-such.yaml"], ["no-such.yaml"]),
    ],
)
def test_another_beginning_is_refused_and_the_file_left_alone(
    state_file: Path, arguments: list[str], facts: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.chdir(state_file.parent)
    before = state_file.read_bytes()
    assert main(["serve", "--port", "0", "--state", str(state_file), *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert_facts(line, *facts)
    assert state_file.read_bytes() == before


def test_settings_may_be_others_and_a_reset_begins_anew(serve: Serve, state_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(state_file.read_bytes())
    same = str(state_file.with_name("mine.yaml"))
    options = ("--rate-limit", "off", "--profile", "lists.limit-over-100=reject", "--scenario", same, "--seed", "7")
    process = serve("--json", "--port", "0", "--state", str(path), *options)
    served = Served(ready(process))
    (site,) = served.call("GET", "/v2/sites").json()["sites"]
    state = served.control("GET", "/state")
    assert (state["rate_limit"], state["profile"]) == (None, {"lists.limit-over-100": "reject"})
    process.terminate()
    process.wait()
    other = str(state_file.with_name("other.yaml"))
    served = Served(ready(serve("--json", "--port", "0", "--state", str(path), "--reset-state", "--scenario", other)))
    (anew,) = served.call("GET", "/v2/sites").json()["sites"]
    assert (site["displayName"], anew["displayName"]) == ("Mine", "Other")
    state = served.control("GET", "/state")
    assert (state["rate_limit"], state["profile"]) == (60, {})


def test_a_reset_without_a_file_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--reset-state"]) == 2
    assert_facts(capsys.readouterr().err, "--state FILE")
