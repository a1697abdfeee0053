"""A served fake that is killed two hundred times under the load of four clients, and loses nothing it answered for."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
import requests
from mixed_load import Answer, MixedClient
from processes import COMMAND, ready

pytestmark = pytest.mark.acceptance

POINTS = 200
CLIENTS = 4


class Killed:
    """A server on a file, which is started again each time it was killed."""

    def __init__(self, path: Path) -> None:
        self._options = ("--port", "0", "--json", "--rate-limit", "off", "--state", str(path), "--scenario", "timeline")
        self.start()
        self.site: str = self.said["site_id"]
        self.items = f"/collections/{self.said['collection_ids']['events']}/items"

    def start(self) -> None:
        self._process = subprocess.Popen([*COMMAND, "serve", *self._options], stdout=subprocess.PIPE, text=True)
        self.said = ready(self._process)
        self.origin = self.said["base_url"].removesuffix("/v2")

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def names(self) -> dict[str, str]:
        """The names of all items, by id."""
        found: dict[str, str] = {}
        with requests.Session() as session:
            session.headers["Authorization"] = "Bearer test-token"
            while True:
                page = session.get(f"{self.said['base_url']}{self.items}?offset={len(found)}", timeout=30).json()
                found |= {item["id"]: item["fieldData"]["name"] for item in page["items"]}
                if len(found) >= page["pagination"]["total"]:
                    return found


class Client(MixedClient):
    """A client that uploads files besides, and now and then makes a fork that has a name."""

    files: dict[str, tuple[str, bytes]]
    forks: dict[str, str]

    def work(self, server: Killed, chance: random.Random) -> None:
        """Works until the server is gone."""
        with requests.Session() as session:
            session.headers["Authorization"] = "Bearer test-token"

            def ask(method: str, path: str, body: Any) -> Answer:
                answer = session.request(method, server.said["base_url"] + path, json=body, timeout=30)
                return answer.status_code, answer.json() if answer.content else None

            try:
                while True:
                    other = chance.random()
                    if other < 0.1:
                        self._upload(server, ask)
                    elif other < 0.12:
                        self._fork(server)
                    else:
                        self.act(ask, chance)
            except requests.RequestException:
                return

    def _upload(self, server: Killed, ask: Any) -> None:
        self.count += 1
        content = b"%d of %d" % (self.count, self.number) * 500
        asked = {"fileName": f"{self.number}-{self.count}.txt", "fileHash": md5(content).hexdigest()}
        status, asset = ask("POST", f"/sites/{server.site}/assets", asked)
        assert status == 200
        self.made.append(asset["id"])
        form = requests.post(
            asset["uploadUrl"], data=asset["uploadDetails"], files={"file": ("f", content)}, timeout=30
        )
        assert form.status_code == 201, form.text
        self.files[asset["id"]] = (asset["hostedUrl"].partition("/cdn/")[2], content)

    def _fork(self, server: Killed) -> None:
        self.count += 1
        name = f"c{self.number}-{self.count}"
        made = requests.put(f"{server.origin}/_fake/forks/{name}", json={"kind": "site"}, timeout=30)
        assert made.status_code == 201
        self.forks[name] = made.json()["token"]

    def check_files(self, server: Killed) -> None:
        """Checks a few of the files, and drops the forks, which need not become thousands."""
        for key, content in list(self.files.values())[-3:]:
            assert requests.get(f"{server.origin}/cdn/{key}", timeout=30).content == content
        for name, token in self.forks.items():
            again = requests.put(f"{server.origin}/_fake/forks/{name}", json={"kind": "site"}, timeout=30)
            assert (again.status_code, again.json()["token"]) == (200, token)
            requests.delete(f"{server.origin}/_fake/forks/{name}", timeout=30)
        self.forks.clear()


def test_a_server_that_is_killed_loses_nothing_it_answered_for(tmp_path: Path) -> None:
    server = Killed(tmp_path / "state.db")
    clients = [Client(number, server.items) for number in range(CLIENTS)]
    for client in clients:
        client.files, client.forks = {}, {}
    chance, acts = random.Random(19), 0
    try:
        for _ in range(POINTS):
            threads = [
                threading.Thread(target=client.work, args=(server, random.Random(chance.random())))
                for client in clients
            ]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(0.02, 0.4))  # the one thing here that time decides: when it is killed
            server.kill()
            for thread in threads:
                thread.join()
            server.start()
            there = server.names()
            for client in clients:
                client.check(there)
                client.check_files(server)
        acts = sum(client.count for client in clients)
        made = [item_id for client in clients for item_id in client.made]
        assert len(set(made)) == len(made), "no id was used twice"
    finally:
        server.kill()
    assert acts > POINTS, "the clients did next to nothing"
    print(f"{POINTS} kills, {acts} acts, {len(made)} ids")
