"""Which files are opened, made, or refused and left alone; and that one process has one file."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from kept import KeptServer
from messages import assert_facts

from fake_webflow.errors import StateFileError
from fake_webflow.state_file.database import APPLICATION_ID, FORMAT_VERSION
from fake_webflow.state_file.kept import StateFile
from fake_webflow.state_file.records import read_record, write_record
from fake_webflow.world.assets import AssetFolder, StoredFile
from fake_webflow.world.collections import Field


@pytest.fixture(scope="module")
def state_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a server leaves."""
    path = tmp_path_factory.mktemp("made") / "state.db"
    KeptServer(path).end()
    return path.read_bytes()


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        server = KeptServer(tmp_path / "state.db")
        server.call("PUT", "/_fake/forks/a")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    server.end()


def test_an_empty_file_is_new(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.touch(mode=0o644)
    file = StateFile(path)
    assert file.is_new
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    file.close()


@pytest.mark.parametrize("statement", ["VACUUM", f"PRAGMA application_id = {APPLICATION_ID}"])
def test_a_file_whose_making_was_cut_short_is_new(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "state.db"
    change(path, statement)
    server = KeptServer(path)
    server.call("PUT", "/_fake/rate-limit", {"limit": 5})
    assert server.restart().main.state.rate.limit == 5


def damage_in_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(byte ^ 0x5A for byte in data[4096:])
    path.write_bytes(data)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("sites:\n  - displayName: Mine\n" * 9), "not a state file"),
    "short": (lambda path: path.write_bytes(path.read_bytes()[:50]), "not a state file"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-9000]), "damaged"),
    "garbled": (damage_in_the_middle, "damaged"),
    "foreign": (lambda path: change(path, "PRAGMA application_id = 7"), "another program"),
    "nameless": (lambda path: change(path, "PRAGMA application_id = 0"), "another program"),
    "newer": (lambda path: change(path, f"PRAGMA user_version = {FORMAT_VERSION + 1}"), "newer fake-webflow"),
    "a table is gone": (lambda path: change(path, "DROP TABLE records"), "a table is missing"),
    "a record is gone": (lambda path: change(path, "DELETE FROM records WHERE kind = 'site'"), "cannot be read"),
    "a record is odd": (lambda path: change(path, "UPDATE records SET value = '[]'"), "cannot be read"),
    "a head is odd": (lambda path: change(path, "UPDATE states SET head = '{}'"), "cannot be read"),
    "an unknown choice": (lambda path: change(path, 'UPDATE states SET profile = \'{"a": "b"}\''), "cannot be read"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_or_foreign_is_refused_and_left_alone(tmp_path: Path, state_file: bytes, damage: str) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(state_file)
    spoil, told = DAMAGES[damage]
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(StateFileError) as refused:
        KeptServer(path)
    assert_facts(str(refused.value), str(path), told)
    assert path.read_bytes() == before


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "such" / "folder.db"):
        with pytest.raises(StateFileError) as refused:
            StateFile(path)
        assert_facts(str(refused.value), str(path), "cannot be opened")


def test_a_second_user_of_a_file_is_told(tmp_path: Path) -> None:
    server = KeptServer(tmp_path / "state.db")
    with pytest.raises(StateFileError) as refused:
        StateFile(server.path)
    assert_facts(str(refused.value), "in use by another process")
    assert server.call("PUT", "/_fake/rate-limit", {"limit": 5})[0] == 200
    server.end()
    StateFile(server.path).close()


def test_a_write_that_cannot_be_kept_is_refused_and_not_done(tmp_path: Path) -> None:
    server = KeptServer(tmp_path / "state.db")
    server.call("PUT", "/_fake/forks/before")
    (pages,) = server.file._database.rows("PRAGMA page_count")[0]
    server.file._database.rows(f"PRAGMA max_page_count = {pages}")
    (collection, *_) = server.main.state.world.collections
    body = {"fieldData": {"name": "Large", "slug": "large"}}
    statuses = []
    while not statuses or statuses[-1] == 202:
        body["fieldData"]["slug"] = f"large-{len(statuses)}"
        status, answer = server.call("POST", f"/v2/collections/{collection}/items", body)
        statuses.append(status)
    assert status == 507
    assert_facts(answer["message"], "full", str(server.path))
    assert server.call("PUT", "/_fake/forks/after")[0] == 507
    assert [one.id for one in server.hosted_fakes] == ["before"]
    known = server.states()
    assert len(server.main.state.world.collections[collection].staged) == 2 + len(statuses) - 1
    assert server.restart().states() == known


def test_odd_values_of_records_come_back(state_file: bytes) -> None:
    validations = {"maxValue": float("inf"), "minValue": -(2**70), "help": "\ud800 é \x00"}
    field = Field("a", "Number", "n", "N", validations=validations)
    assert read_record(Field, *write_record(field)) == field
    stored = StoredFile("a/\udcffb", "text/plain", "", bytes(range(256)))
    assert read_record(StoredFile, *write_record(stored)) == stored


def test_a_part_that_an_older_file_lacks_has_its_default() -> None:
    text, data = write_record(StoredFile("a", "text/plain", "", b"x"))
    parts = json.loads(text)
    del parts["cache_control"]
    assert read_record(StoredFile, json.dumps(parts), data).cache_control == ""
    with pytest.raises(TypeError):
        read_record(AssetFolder, "{}")
