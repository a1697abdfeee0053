"""Two fakes behind one address, by the configuration in docs/nginx: no call reaches a world that is not its own."""

from __future__ import annotations

import random
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
import requests
from processes import COMMAND, ready

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "docs" / "nginx" / "fake-webflow.conf"
CONTROL = {"X-Fake-Webflow-Control": "the-token-of-this-run"}
CALLS, FORKS, CLIENTS = 10_000, 64, 8
MAIN = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/fake-webflow.conf;
}}
"""


@pytest.fixture
def fakes() -> Iterator[list[str]]:
    """The origins of two fakes that know the control token and the public name."""
    options = ("--port", "0", "--json", "--rate-limit", "off", "--scenario", "timeline", "--allow-host", "fakes.test")
    command = [*COMMAND, "serve", *options, "--control-token", CONTROL["X-Fake-Webflow-Control"]]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    yield [ready(process)["base_url"].removesuffix("/v2") for process in processes]
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def public(fakes: list[str], tmp_path: Path) -> Iterator[str]:
    """The origin that nginx listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    text = CONFIGURATION.read_text("utf-8").replace("listen 8080;", f"listen 127.0.0.1:{port};")
    for shipped, origin in zip(("127.0.0.1:8787", "127.0.0.1:8788"), fakes, strict=True):
        assert shipped in text
        text = text.replace(shipped, origin.removeprefix("http://"))
    (tmp_path / "fake-webflow.conf").write_text(text, encoding="utf-8")
    user = "user root;" if Path("/proc/self").stat().st_uid == 0 else ""
    (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path, user=user), encoding="utf-8")
    process = subprocess.Popen(["nginx", "-p", str(tmp_path), "-e", "stderr", "-c", str(tmp_path / "nginx.conf")])
    origin = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            assert process.poll() is None
            try:
                requests.get(f"{origin}/_fake/health", timeout=5).raise_for_status()
                break
            except requests.ConnectionError:
                assert time.monotonic() < until
        yield origin
    finally:
        process.terminate()
        process.wait()


class World:
    """One named fork, and what is in it."""

    def __init__(self, made: dict[str, Any], public: str) -> None:
        self.name: str = made["id"]
        self.own: str = made["own_base_url"]
        self.control: str = made["control_url"]
        assert self.own == f"{public}/~{self.name}/v2"
        assert self.control == f"{public}/_fake/forks/{self.name}"
        self.headers = {"Authorization": f"Bearer {made['token']}"}
        self.site: str = made["site_id"]
        self.items = f"{self.own}/collections/{made['collection_ids']['events']}/items"
        self.slugs: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.calls = 0
        self.lock = threading.Lock()

    def act(self, session: requests.Session, chance: random.Random) -> int:
        """Does something, and checks that it is this world that answers; how many calls that took."""
        with self.lock:
            what = chance.choice([self._create, self._list, self._list, self._upload, self._download, self._state])
            before = self.calls
            return what(session) or self.calls - before

    def _create(self, session: requests.Session) -> int:
        slug = f"{self.name.lower()}-{self.calls}"
        made = session.post(
            self.items, json={"fieldData": {"name": slug, "slug": slug}}, headers=self.headers, timeout=60
        )
        assert made.status_code == 202, made.text
        self.slugs.add(slug)
        self.calls += 1
        return 1

    def _list(self, session: requests.Session) -> int:
        page = session.get(f"{self.items}?limit=100", headers=self.headers, timeout=60).json()
        # The seeded ones are in every world.
        named = {item["fieldData"]["slug"] for item in page["items"]} - {"first-event", "second-event"}
        own = {slug for slug in named if slug.startswith(f"{self.name.lower()}-")}
        assert page["pagination"]["total"] == len(self.slugs) + 2
        assert own <= self.slugs
        assert len(named - own) <= 2
        self.calls += 1
        return 1

    def _upload(self, session: requests.Session) -> int:
        content = f"{self.name} {self.calls}".encode() * 100
        asked = {"fileName": f"{self.calls}.txt", "fileHash": md5(content).hexdigest()}
        asset = session.post(
            f"{self.own}/sites/{self.site}/assets", json=asked, headers=self.headers, timeout=60
        ).json()
        assert asset["uploadUrl"].startswith(f"{self.own.removesuffix('/v2')}/")
        form = session.post(asset["uploadUrl"], data=asset["uploadDetails"], files={"file": ("f", content)}, timeout=60)
        assert form.status_code == 201, form.text
        self.files[asset["hostedUrl"]] = content
        self.calls += 2
        return 2

    def _download(self, session: requests.Session) -> int:
        for url, content in list(self.files.items())[-1:]:
            assert url.startswith(f"{self.own.removesuffix('/v2')}/")
            assert session.get(url, timeout=60).content == content
            self.calls += 1
            return 1
        return self._list(session)

    def _state(self, session: requests.Session) -> int:
        state = session.get(f"{self.control}/state", headers=CONTROL, timeout=60).json()
        assert (state["fork"], state["assets"], state["journal"]) == (self.name, len(self.files), self.calls)
        return 1


def test_no_call_reaches_a_world_that_is_not_its_own(public: str, fakes: list[str]) -> None:
    made = [
        requests.put(f"{public}/_fake/forks/Story-{number}", json={}, headers=CONTROL, timeout=60)
        for number in range(FORKS)
    ]
    assert {answer.status_code for answer in made} == {201}
    worlds = [World(answer.json(), public) for answer in made]
    started = time.monotonic()

    def work(number: int) -> int:
        chance, done = random.Random(number), 0
        with requests.Session() as session:
            while done < CALLS / CLIENTS:
                done += chance.choice(worlds).act(session, chance)
        return done

    with ThreadPoolExecutor(CLIENTS) as pool:
        calls = sum(pool.map(work, range(CLIENTS)))
    seconds = time.monotonic() - started
    where = {
        origin: [
            one["id"] for one in requests.get(f"{origin}/_fake/forks", headers=CONTROL, timeout=60).json()["forks"]
        ]
        for origin in fakes
    }
    on = Counter(name for names in where.values() for name in names)
    assert on == Counter(world.name for world in worlds), "each world is on one fake alone"
    assert min(map(len, where.values())) >= FORKS / 4, "the fakes share the work"
    for world in worlds:
        with requests.Session() as session:
            world._state(session)
    assert calls >= CALLS
    spread = " and ".join(str(len(names)) for names in where.values())
    print(f"{calls:,} calls over {FORKS} forks ({spread} on a fake) in {seconds:.0f} s, none misrouted")


def test_what_has_no_name_is_not_routed_and_told_why(public: str) -> None:
    for method, path in (("POST", "/_fake/forks"), ("GET", "/v2/sites"), ("GET", "/"), ("POST", "/_fake/reset")):
        answer = requests.request(method, f"{public}{path}", headers=CONTROL, timeout=60)
        assert answer.status_code == 404
        assert "PUT /_fake/forks/NAME" in answer.json()["message"]


def test_the_control_interface_is_closed_without_the_token(public: str) -> None:
    assert requests.put(f"{public}/_fake/forks/Story", json={}, timeout=60).status_code == 401


def test_a_public_name_is_let_in_and_is_in_the_addresses(public: str) -> None:
    host = {"Host": "fakes.test:8443"}
    made = requests.put(f"{public}/_fake/forks/Story", json={}, headers={**CONTROL, **host}, timeout=60).json()
    assert made["own_base_url"] == "http://fakes.test:8443/~Story/v2"
    asked = {"fileName": "a.txt", "fileHash": "0"}
    headers = {"Authorization": f"Bearer {made['token']}", **host}
    address = f"{public}/~Story/v2/sites/{made['site_id']}/assets"
    asset = requests.post(address, json=asked, headers=headers, timeout=60).json()
    assert asset["uploadUrl"].startswith("http://fakes.test:8443/~Story/")
