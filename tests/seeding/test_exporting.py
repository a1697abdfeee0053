"""What is exported and read again is the same world, whatever was done to it; YAML means what JSON means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from request_strategies import Sent, base, operations, sent_to
from worlds import TOKEN, request

from fake_webflow.api.pipeline import answer
from fake_webflow.fake import Fake, State
from fake_webflow.rules import Profile
from fake_webflow.seeding import build_state, export_scenario, from_data, load, yaml_files
from fake_webflow.seeding.yaml_files import parse_yaml, render_yaml
from fake_webflow.world.addresses import Addresses, addresses_for

WRITES = [operation for operation in operations() if operation.method != "GET"]
LOCAL = addresses_for("http://127.0.0.1:8787")
ELSEWHERE = addresses_for("http://[::1]:9")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts),
)
HARD_TEXTS = [
    "",
    "no",
    "~",
    "null",
    "010",
    "1_000",
    "1e5",
    "0x1f",
    "12:30",
    "2026-01-31",
    "a: b",
    "a #b",
    "- a",
    "\x7f\x85\u2028",
]


def read_again(
    state: State,
    profile: Profile,
    *,
    addresses: Addresses,
    to: Addresses,
    token: str | None = None,
    **options: Any,
) -> tuple[State, Mapping[str, Any]]:
    data = parse_yaml(render_yaml(export_scenario(state, profile, addresses=addresses, **options)))
    scenario = from_data(data)
    assert scenario.profile == profile
    return build_state(scenario, addresses=to, token=token), data


def assert_same(after: State, before: State) -> None:
    for name in before.world._fields:
        assert getattr(after.world, name) == getattr(before.world, name), name
    assert list(after.world.sites.values()) == list(before.world.sites.values())
    for site in before.world.sites.values():
        assert after.world.collections_of(site) == before.world.collections_of(site)
    assert (after.ids, after.clock) == (before.ids, before.clock)


@pytest.mark.parametrize("name", ["empty", "timeline"])
def test_a_scenario_of_the_package(name: str) -> None:
    scenario = load(name)
    state = build_state(scenario)
    addresses = addresses_for("https://api.webflow.com")
    after, _ = read_again(state, scenario.profile, addresses=addresses, to=addresses, with_secrets=True)
    assert_same(after, state)


@pytest.mark.hypothesis
@given(row=st.lists(st.sampled_from(WRITES).flatmap(lambda one: st.tuples(st.just(one), sent_to(one))), max_size=8))
def test_whatever_was_done_to_a_world(row: list[tuple[Any, Sent]]) -> None:
    fake = base().fake.fork()
    for operation, sent in row:
        asked = request(operation.method, sent.path, query=sent.query, token=None, body=sent.body, headers=sent.headers)
        answer(fake, asked)
    addresses = addresses_for("https://api.webflow.com")
    after, _ = read_again(fake.state, fake.profile, addresses=addresses, to=addresses, with_secrets=True)
    assert_same(after, fake.state)


@pytest.mark.hypothesis
@given(value=st.dictionaries(st.text(), JSON | st.sampled_from(HARD_TEXTS)))
def test_yaml_is_read_as_it_was_meant(value: dict[str, Any]) -> None:
    read = parse_yaml(render_yaml(value))
    assert read == value
    assert repr(read) == repr(value)  # also the kinds of numbers, and the order of keys


def test_addresses_of_files_go_to_another_server() -> None:
    fields = [{"type": "Image", "displayName": "Cover"}]
    items = [{"fieldData": {"name": "A", "cover": {"asset": "a b.png"}}}]
    collection = {"displayName": "Posts", "fields": fields, "items": items}
    scenario = from_data({"sites": [{"assets": [{"fileName": "a b.png", "text": "x"}], "collections": [collection]}]})
    served = build_state(scenario, addresses=LOCAL)
    after, data = read_again(served, scenario.profile, addresses=LOCAL, to=ELSEWHERE, with_secrets=True)
    text = render_yaml(data)
    assert b"127.0.0.1" not in text
    assert b"https://cdn.prod.website-files.com/" in text
    assert_same(after, build_state(scenario, addresses=ELSEWHERE))


def test_no_secret_is_written_unless_asked_for() -> None:
    fake = Fake(
        build_state(
            from_data(
                {
                    "sites": [{"shortName": "demo"}],
                    "tokens": [{"token": "first-secret"}, {"token": "other-secret", "kind": "site"}],
                }
            )
        )
    )
    (site_id,) = fake.state.world.sites
    body = b'{"triggerType": "site_publish", "url": "http://127.0.0.1:9/"}'
    for token in ("first-secret", "other-secret"):
        assert answer(fake, request("POST", f"/sites/{site_id}/webhooks", token=token, body=body)).status == 201
    secrets = ["first-secret", "other-secret", *(webhook.secret_key for webhook in fake.state.world.webhooks)]
    state, profile, addresses = fake.state, fake.profile, addresses_for("https://api.webflow.com")
    after, data = read_again(state, profile, addresses=addresses, to=addresses, own_token="first-secret", token="new")
    text = render_yaml(data).decode()
    assert [secret for secret in secrets if secret in text] == []
    assert list(after.world.tokens) == ["new"]
    own = state.world.tokens["first-secret"]
    assert (after.world.tokens["new"].authorization_id, after.world.tokens["new"].user) == (
        own.authorization_id,
        own.user,
    )
    _, data = read_again(state, profile, addresses=addresses, to=addresses, own_token="first-secret", with_secrets=True)
    client_secret = fake.webhooks.client_secret
    assert [secret for secret in secrets if secret not in render_yaml(data).decode()] == [client_secret]


def test_a_running_clock_behind_the_data_is_not_written() -> None:
    state = base().fake.state
    behind = state._replace(clock=state.clock._replace(instant=0))
    assert "now" not in export_scenario(behind, Profile(), own_token=TOKEN)
    assert "now" in export_scenario(state, Profile(), own_token=TOKEN)


def test_a_long_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_files, "LARGEST_YAML", 100)
    value = {"files": [{"key": "a", "base64": "AAAA" * 100}]}
    assert parse_yaml(render_yaml(value)) == value
