"""A world of every kind of thing, exported over HTTP and served again elsewhere: no GET differs, and time goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from control_callers import ControlCaller
from request_strategies import base
from worlds import TOKEN

from fake_webflow import seeding
from fake_webflow.conditions import RUNNING
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake, State
from fake_webflow.seeding.yaml_files import parse_yaml
from fake_webflow.world.addresses import addresses_for
from fake_webflow.world.world import World

HERE, ELSEWHERE = "http://127.0.0.1:8787", "http://127.0.0.1:9999"
UPLOADED = b"hello"


def serve(state: State, origin: str, token: str, fake: Fake | None = None) -> ControlCaller:
    hosted_fakes = HostedFakes(fake or Fake(state), token)
    hosted_fakes.seed_default(state, origin)
    return ControlCaller(hosted_fakes, origin)


def list_paths(world: World) -> Iterator[str]:
    """The address of everything that can be read."""
    yield from ("/v2/sites", "/v2/token/introspect", "/v2/token/authorized_by")
    for site in world.sites.values():
        own = f"/v2/sites/{site.id}"
        yield from (
            own,
            *(f"{own}/{name}" for name in ("custom_domains", "collections", "assets", "asset_folders", "webhooks")),
        )
        yield from (f"{own}/assets?localeId={locale.id}" for locale in (site.primary, *site.secondary))
    for collection in world.collections.values():
        own = f"/v2/collections/{collection.id}"
        yield own
        for locale in world.site(collection.site_id).cms_locale_ids:
            yield from (f"{own}/items{kind}?cmsLocaleId={locale}" for kind in ("", "/live"))
        for item in collection.staged:
            yield from (f"{own}/items/{item.id}{kind}?cmsLocaleId={item.cms_locale_id}" for kind in ("", "/live"))
    yield from (f"/v2/assets/{asset.id}" for asset in world.assets)
    yield from (f"/v2/asset_folders/{folder.id}" for folder in world.asset_folders)
    yield from (f"/v2/webhooks/{webhook.id}" for webhook in world.webhooks)
    yield from (f"/cdn/{file.key}" for file in world.files)


def read_all(caller: ControlCaller, world: World, origin: str, token: str) -> dict[str, tuple[Any, ...]]:
    answers = {}
    for path in list_paths(world):
        answer = caller.send("GET", path, token="" if path.startswith("/cdn/") else token)
        headers = [answer.headers.get(name) for name in ("Content-Type", "Cache-Control")]
        answers[path] = (answer.status_code, answer.data.replace(origin.encode(), b""), *headers)
    return answers


def test_no_answer_differs(tmp_path: Path) -> None:
    everything = seeding.export_scenario(base().fake.state, base().fake.profile, with_secrets=True)
    start = seeding.build_state(seeding.from_data(everything), addresses=addresses_for(HERE))
    here = serve(start, HERE, TOKEN, fake := Fake(start))
    (site, *_), world = start.world.sites, start.world
    collection = next(iter(world.collections.values()))

    def do(method: str, path: str, body: Any = None) -> Any:
        status, said = here.ask(method, path, body, TOKEN)
        assert status < 300, said
        return said

    # To a world with something of everything comes what only a request leaves behind.
    groups = [{"displayName": "Looks", "fieldIds": [collection.fields[2].id]}]
    do("PATCH", f"/v2/collections/{collection.id}", {"fieldGroups": groups})
    form = {"triggerType": "form_submission", "url": "http://127.0.0.1:9/", "filter": {"name": "Contact"}}
    do("POST", f"/v2/sites/{site}/webhooks", form)
    asset = do("POST", "/_fake/assets", {"content": {"text": "hello"}, "file_name": "ü.txt", "alt_text": "Hi"})
    picture = do("POST", "/_fake/assets", {"content": {"base64": "iVBORw0KGgo="}, "file_name": "a b.png"})
    locale = world.sites[site].secondary[0].id
    do("PATCH", f"/v2/assets/{asset['id']}?localeId={locale}", {"altText": "Hallo"})
    fields = {"name": "Last", "image": {"url": picture["hostedUrl"]}, "richtext": f'<img src="{picture["hostedUrl"]}">'}
    do("POST", f"/v2/collections/{collection.id}/items/live", {"fieldData": fields})
    live = next(iter(collection.live))
    do("PATCH", f"/v2/collections/{collection.id}/items/{live.id}", {"fieldData": {"name": "Changed"}, "isDraft": True})
    do("POST", "/_fake/sites", {"display_name": "Another"})
    do("POST", "/_fake/clock/advance", {"seconds": 3600})

    exported = here.send("GET", "/_fake/scenario?secrets=1")
    assert (exported.status_code, exported.content_type) == (200, "application/yaml; charset=utf-8")
    file = tmp_path / "world.yaml"
    file.write_bytes(exported.data)
    again = seeding.build_state(seeding.load(file), token=TOKEN, addresses=addresses_for(ELSEWHERE))
    there = serve(again, ELSEWHERE, TOKEN)
    before = read_all(here, fake.state.world, HERE, TOKEN)
    assert len(before) > 60
    assert {answer[0] for answer in before.values()} == {200, 404}
    after = read_all(there, fake.state.world, ELSEWHERE, TOKEN)
    for path, answer in before.items():
        assert after[path] == answer, path
    assert there.ask("GET", "/_fake/clock") == here.ask("GET", "/_fake/clock")
    assert there.send("GET", "/_fake/scenario?secrets=1").data == exported.data

    running = seeding.build_state(seeding.load(file), clock=RUNNING)
    assert 0 <= running.clock.now - fake.state.clock.now < 60_000


@pytest.mark.parametrize("place", ["/_fake", "/_fake/forks/story"])
def test_without_secrets_there_are_none(place: str) -> None:
    state = base().fake.state
    caller = serve(state, HERE, TOKEN)
    _, made = caller.ask("PUT", "/_fake/forks/story")
    root = "" if place == "/_fake" else "/~story"
    site = next(iter(state.world.sites))
    hook = {"triggerType": "site_publish", "url": "http://127.0.0.1:9/"}
    _, hook = caller.ask("POST", f"{root}/v2/sites/{site}/webhooks", hook, "canary-site-token")
    text = caller.send("GET", f"{place}/scenario").data.decode()
    secrets = [*state.world.tokens, made["token"], hook["secretKey"]]
    assert [secret for secret in secrets if secret in text] == []
    assert HERE not in text
    again = serve(seeding.build_state(seeding.from_data(parse_yaml(text.encode())), token="new"), ELSEWHERE, "new")
    for path in ("/v2/token/introspect", "/v2/token/authorized_by", "/v2/sites"):
        assert again.ask("GET", path, token="new") == caller.ask("GET", f"{root}{path}", token=TOKEN)


def test_a_fork_can_be_made_of_it() -> None:
    caller = serve(base().fake.state, HERE, TOKEN)
    data = parse_yaml(caller.send("GET", "/_fake/scenario?secrets=1").data)
    status, made = caller.ask("POST", "/_fake/forks", {"data": data})
    assert status == 201
    assert caller.ask("GET", "/v2/sites", token=made["token"]) == caller.ask("GET", "/v2/sites", token=TOKEN)
    clock = caller.ask("GET", f"/_fake/forks/{made['id']}/clock")
    assert clock == caller.ask("GET", "/_fake/clock")
