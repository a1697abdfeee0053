"""Whatever happens to the fakes of a server: the next one on the same file has them as they were."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from kept import KeptServer

Act = Callable[[KeptServer, int], object]
SITE = "/v2/sites/{site}"
ELSEWHERE = "https://hooks.example.com/webflow"


class Scene:
    """Where things are on one of the fakes of a server, by its path."""

    def __init__(self, server: KeptServer, prefix: str = "") -> None:
        self.server, self.prefix = server, prefix
        fake = server.hosted_fakes.find_by_id(prefix.removeprefix("/~")) if prefix else server.hosted_fakes.default
        assert fake is not None
        self.token = fake.token
        self.world = fake.fake.state.world

    def call(self, method: str, path: str, body: object = None) -> object:
        return self.server.call(method, f"{self.prefix}/v2{path}", body, self.token)

    @property
    def items(self) -> str:
        return f"/collections/{next(iter(self.world.collections))}/items"

    def item_id(self, number: int) -> str:
        items = list(next(iter(self.world.collections.values())).staged)
        return items[number % len(items)].id if items else "9" * 24


def create_item(scene: Scene, number: int) -> None:
    field_data = {"name": f"Item {number} é", "slug": f"item-{number}"}
    scene.call("POST", scene.items, {"isDraft": False, "fieldData": field_data})


def change_item(scene: Scene, number: int) -> None:
    scene.call("PATCH", f"{scene.items}/{scene.item_id(number)}", {"fieldData": {"name": f"Changed {number}"}})


def rename_item(scene: Scene, number: int) -> None:
    scene.call("PATCH", f"{scene.items}/{scene.item_id(number)}", {"fieldData": {"slug": f"item-{number + 1}"}})


def delete_item(scene: Scene, number: int) -> None:
    scene.call("DELETE", f"{scene.items}/{scene.item_id(number)}")


def publish_item(scene: Scene, number: int) -> None:
    scene.call("POST", f"{scene.items}/publish", {"itemIds": [scene.item_id(number)]})


def create_collection(scene: Scene, number: int) -> None:
    site = next(iter(scene.world.sites))
    body = {"displayName": f"Things {number}", "singularName": f"Thing {number}", "slug": f"things-{number}"}
    scene.call("POST", f"/sites/{site}/collections", body)


def delete_collection(scene: Scene, number: int) -> None:
    ids = list(scene.world.collections)
    if len(ids) > 1:
        scene.call("DELETE", f"/collections/{ids[number % (len(ids) - 1) + 1]}")


def create_option_field(scene: Scene, number: int) -> None:
    collection = next(iter(scene.world.collections))
    options = {"options": [{"name": "red"}, {"name": f"blue {number}"}]}
    body = {"type": "Option", "displayName": f"Colour {number}", "metadata": options}
    scene.call("POST", f"/collections/{collection}/fields", body)


def create_webhook(scene: Scene, number: int) -> None:
    trigger = ("collection_item_created", "collection_item_changed", "site_publish")[number % 3]
    site = next(iter(scene.world.sites))
    scene.call("POST", f"/sites/{site}/webhooks", {"triggerType": trigger, "url": ELSEWHERE})


def publish_site(scene: Scene, _: int) -> None:
    scene.call("POST", f"/sites/{next(iter(scene.world.sites))}/publish", {"publishToWebflowSubdomain": True})


def upload_file(scene: Scene, number: int) -> None:
    if not scene.prefix:
        path = f"/v2/sites/{next(iter(scene.world.sites))}/assets"
        scene.server.upload(path, f"file-{number}.txt", b"content %d" % number)


def create_folder(scene: Scene, number: int) -> None:
    scene.call("POST", f"/sites/{next(iter(scene.world.sites))}/asset_folders", {"displayName": f"Folder {number}"})


API_ACTS = [
    *(create_item, change_item, rename_item, delete_item, publish_item, create_collection, delete_collection),
    *(create_option_field, create_webhook, publish_site, upload_file, create_folder),
]
CONTROL_ACTS = [
    ("POST", "/clock/advance", {"seconds": 61}),
    ("POST", "/clock/freeze", {}),
    ("POST", "/clock/run", {}),
    ("PUT", "/rate-limit", {"limit": 900}),
    ("PUT", "/snapshots/kept", {}),
    ("POST", "/snapshots/kept/restore", {}),
    ("POST", "/reset", {}),
    ("POST", "/seed", {"scenario": "empty"}),
    ("POST", "/seed", {"scenario": "timeline", "profile": {"lists.limit-over-100": "reject"}}),
    ("POST", "/stubs", {"operation": "list-pages", "json": {"pages": []}}),
    ("DELETE", "/stubs", None),
]
FORKS = ("Alpha", "beta")
acts = st.tuples(st.sampled_from(API_ACTS), st.integers(0, 5))
controls = st.sampled_from(CONTROL_ACTS)
forks = st.tuples(st.sampled_from(["PUT", "PUT", "DELETE"]), st.sampled_from(FORKS))
steps = st.tuples(st.sampled_from(["", *FORKS]), st.one_of(acts, acts, acts, controls, forks))


def do(server: KeptServer, where: str, step: tuple[object, ...]) -> None:
    if where and server.hosted_fakes.find_by_id(where) is None:
        where = ""
    match step:
        case ("PUT" | "DELETE" as method, str(name)) if name in FORKS:
            server.call(method, f"/_fake/forks/{name}", {"kind": "site"} if method == "PUT" else None)
        case (method, path, body):
            server.call(method, f"/_fake/forks/{where}{path}" if where else f"/_fake{path}", body)
        case (act, number):
            scene = Scene(server, f"/~{where}" if where else "")
            if scene.world.collections:
                act(scene, number)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """In memory where there is such a place: what waits for a disk here is the test."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


@given(st.lists(steps, max_size=12), st.lists(steps, max_size=6))
@example([("", (create_item, 1)), ("", (rename_item, 0)), ("", (create_item, 0))], [("", CONTROL_ACTS[6])])
@example([("", ("PUT", "beta")), ("beta", (delete_item, 0)), ("", CONTROL_ACTS[7])], [("beta", CONTROL_ACTS[6])])
@example([("", (create_collection, 1)), ("", (delete_collection, 0)), ("", (create_collection, 1))], [])
def test_the_next_server_has_what_the_last_one_had(
    folder: Path, before: list[tuple[str, tuple[object, ...]]], after: list[tuple[str, tuple[object, ...]]]
) -> None:
    for old in folder.iterdir():
        old.unlink()
    server = KeptServer(folder / "state.db")
    for story in (before, after):
        for where, step in story:
            do(server, where, step)
        known, profile = server.states(), server.main.profile
        server = server.restart()
        assert server.states() == known
        assert server.main.profile == profile
        for where in known:
            assert_indexes_agree(server, where)
    server.end()


def assert_indexes_agree(server: KeptServer, where: str) -> None:
    world = Scene(server, f"/~{where}" if where else "").world
    for collection in world.collections.values():
        for copies in (collection.staged, collection.live):
            for locale in {item.cms_locale_id for item in copies}:
                found = copies.in_locale(locale)
                by_id = sorted(found.by_id, key=lambda item: item.id)
                assert sorted(found.by_age, key=lambda item: item.id) == by_id
                assert sorted(found.by_slug, key=lambda item: item.id) == by_id
