"""A server with a state file, in process: what it is asked, how it ends or is killed, and how it goes on."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from hashlib import md5
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from control_callers import LocalClient, served_app

from fake_webflow import seeding
from fake_webflow.conditions import Faults, RateLimit
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.control.kept_fakes import KeptFakes
from fake_webflow.fake import Fake, State
from fake_webflow.state_file.kept import StateFile
from fake_webflow.world.addresses import addresses_for
from fake_webflow.world.world import World

ORIGIN = "http://127.0.0.1"
Answer = tuple[int, Any]


class KeptServer:
    """A server on a file: on a new one it begins with the scenario, on another it goes on.

    Args:
        path: Of the file.
        token: Of its clients.
        scenario: What it begins with.
    """

    def __init__(self, path: Path, token: str = "test-token", scenario: str = "timeline") -> None:
        self.path = path
        self.token = token
        self.file = StateFile(path)
        self.main = Fake(State(World()), upload_secret="a secret")
        self.hosted_fakes = HostedFakes(self.main, token)
        kept = KeptFakes(self.hosted_fakes, self.file)
        if self.file.is_new:
            state = seeding.build_state(seeding.load(scenario), token=token, addresses=addresses_for(ORIGIN))
            kept.begin({}, state, ORIGIN)
        else:
            try:
                kept.resume()
            except BaseException:
                self.end()
                raise
        self._client = LocalClient(served_app(self.hosted_fakes))

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
        """Asks the API, or the control interface without a token."""
        headers = {"Authorization": f"Bearer {token or self.token}"} if not path.startswith("/_fake") else {}
        sent = {} if body is None and method in ("GET", "DELETE") else {"json": body or {}}
        answer = self._client.open(path, method=method, headers=headers, base_url=ORIGIN, **sent)
        return answer.status_code, answer.get_json(silent=True)

    def upload(self, path: str, name: str, content: bytes) -> int:
        """Registers an asset and uploads its bytes; the bucket's status."""
        asked = {"fileName": name, "fileHash": md5(content, usedforsecurity=False).hexdigest()}
        _, asset = self.call("POST", path, asked)
        return self.post_form(asset, content)

    def post_form(self, asset: Mapping[str, Any], content: bytes) -> int:
        """Uploads the bytes of an asset that is registered; the bucket's status."""
        form = {**asset["uploadDetails"], "file": (io.BytesIO(content), "f")}
        address = urlsplit(asset["uploadUrl"]).path
        return self._client.post(address, data=form, base_url=ORIGIN).status_code

    def states(self) -> dict[str, tuple[State, State]]:
        """What each kept fake is in and began with, by its name; without what is not kept."""
        kept = [self.hosted_fakes.default, *(one for one in self.hosted_fakes if one.is_named)]
        return {one.id: (_without_the_rest(one.fake.state), _without_the_rest(one.beginning.state)) for one in kept}

    def end(self) -> None:
        """Ends as a server does that is told to."""
        self.file.close()

    def restart(self, token: str | None = None) -> KeptServer:
        """The next server on the same file."""
        self.end()
        return KeptServer(self.path, token or self.token)


def copy_crashed(path: Path, to: Path, log_size: int | None = None) -> Path:
    """The file as a process leaves it that is killed.

    Args:
        path: Of the file, in use.
        to: Where the copy goes.
        log_size: How many bytes of the write-ahead log had been written; None for all of it.
    """
    shutil.copyfile(path, to)
    log = Path(f"{path}-wal").read_bytes()
    Path(f"{to}-wal").write_bytes(log if log_size is None else log[:log_size])
    return to


def log_size(path: Path) -> int:
    """Bytes of the write-ahead log."""
    return Path(f"{path}-wal").stat().st_size


def _without_the_rest(state: State) -> State:
    return state._replace(rate=RateLimit(state.rate.limit), faults=Faults())
