"""When a world begins: what moves with it, what stays, and what is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow import FakeWebflow, ScenarioError
from fake_webflow.conditions import START
from fake_webflow.seeding import build_state, from_data, load, read_now, shipped_names
from fake_webflow.world.instants import LATEST, parse_instant, timestamp

WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
INSTANTS = st.integers(parse_instant("1970-01-01"), LATEST - 1)
OWN = {
    "sites": [
        {
            "createdOn": "2024-02-01T00:00:00.000Z",
            "collections": [
                {
                    "displayName": "Posts",
                    "fields": [{"type": "DateTime", "displayName": "Day"}],
                    "items": [
                        {
                            "createdOn": "2024-03-01T00:00:00.000Z",
                            "lastUpdated": "2024-04-01T00:00:00.000Z",
                            "fieldData": {"name": "One", "day": "2030-01-01T00:00:00.000Z"},
                        }
                    ],
                }
            ],
        }
    ]
}


def told_of(webflow: FakeWebflow) -> list[Any]:
    """What the API tells of everything."""
    client, site = webflow.client, webflow.site
    collections = list(webflow.collections.values())
    return [
        [{**site, "previewUrl": None} for site in client.sites.list()["sites"]],  # it has the date of the publish
        *(client.collections.get(one.id) for one in collections),
        *(client.items.list(one.id, limit=100) for one in collections),
        *(client.live_items.list(one.id, limit=100) for one in collections),
        client.assets.list(site.id),
        client.asset_folders.list(site.id),
    ]


def moved(value: Any, milliseconds: int) -> Any:
    if isinstance(value, dict):
        return {key: moved(part, milliseconds) for key, part in value.items()}
    if isinstance(value, list):
        return [moved(part, milliseconds) for part in value]
    if isinstance(value, str) and WRITTEN.fullmatch(value):
        return timestamp(parse_instant(value) + milliseconds)
    return value


@pytest.mark.parametrize("scenario", ["default", "timeline"])
@pytest.mark.parametrize("now", ["2024-05-01T12:00:00.500Z", "2031-07-08"])
def test_every_date_of_a_shipped_scenario_moves_by_one_distance_and_no_id_does(scenario: str, now: str) -> None:
    with FakeWebflow(scenario) as usual, FakeWebflow(scenario, now=now) as other:
        assert other.clock.now == parse_instant(now)
        assert told_of(other) == moved(told_of(usual), parse_instant(now) - START)


@given(INSTANTS)
def test_a_shipped_scenario_is_as_old_whenever_it_begins(instant: int) -> None:
    for name in shipped_names():
        usual = build_state(load(name))
        clock, begins = read_now(timestamp(instant))
        made = build_state(load(name), clock=clock, begins=begins)
        assert made.clock.now - made.world.newest_date == usual.clock.now - usual.world.newest_date
        assert made.clock.now == instant
        assert list(made.world.sites) == list(usual.world.sites)
        assert made.ids == usual.ids


@given(st.datetimes(datetime(1970, 1, 2), datetime(9998, 12, 30)), st.integers(-23, 23))
def test_a_datetime_without_a_zone_is_in_utc_and_one_with_it_is_itself(moment: datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=UTC)
    elsewhere = aware.astimezone(timezone(timedelta(hours=hours)))
    assert read_now(moment) == read_now(aware) == read_now(elsewhere) == read_now(moment.isoformat())


@pytest.mark.parametrize("now", ["", "yesterday", "Machine", 5, True, "1969-12-31T23:59:59Z", "9999-06-01", [2024]])
def test_what_is_no_time_is_told(now: Any) -> None:
    with pytest.raises(ValueError, match=r"ISO text, a datetime, or 'machine'.*not "):
        read_now(now)


def test_a_file_keeps_the_dates_it_states() -> None:
    webflow = FakeWebflow(OWN, now="2024-05-01")
    assert webflow.clock.now == parse_instant("2024-05-01")
    item = webflow.client.items.list(webflow.collections["posts"].id)["items"][0]
    assert item["createdOn"] == "2024-03-01T00:00:00.000Z"
    assert item["lastUpdated"] == "2024-04-01T00:00:00.000Z"
    assert item["fieldData"]["day"] == "2030-01-01T00:00:00.000Z", "an event may well be in the future"


def test_what_a_file_leaves_undated_is_as_old_as_usual() -> None:
    scenario = {"sites": [{"collections": [{"displayName": "Posts", "items": [{"fieldData": {"name": "One"}}]}]}]}
    usual, other = build_state(from_data(scenario)).world, FakeWebflow(scenario, now="2024-05-01").state.world
    assert usual.newest_date - other.newest_date == START - parse_instant("2024-05-01")


def test_nothing_undated_is_made_after_the_beginning() -> None:
    scenario = {
        "sites": [{"createdOn": "2024-05-01T00:00:00.000Z", "collections": [{"displayName": "Posts"}]}],
    }
    webflow = FakeWebflow(scenario, now="2024-05-01")
    assert webflow.state.world.newest_date == webflow.clock.now == parse_instant("2024-05-01")


@pytest.mark.parametrize("now", ["2024-03-31T23:59:59.999Z", datetime(2024, 3, 31)])
def test_a_beginning_before_the_last_date_of_a_file_is_an_error(now: Any) -> None:
    with pytest.raises(ScenarioError, match=r"begins at 2024-03-31T.*2024-04-01T00:00:00\.000Z"):
        FakeWebflow(OWN, now=now)


def test_the_machine_cannot_be_before_the_last_date_either() -> None:
    late = {"sites": [{"createdOn": "9000-01-01T00:00:00.000Z"}]}
    with pytest.raises(ScenarioError, match=r"9000-01-01T00:00:00\.000Z"):
        FakeWebflow(late, now="machine")


def test_another_scenario_begins_when_the_first_did() -> None:
    usual = FakeWebflow("default")
    webflow = FakeWebflow("empty", now="2024-05-01", seed=2026)
    webflow.scenario("default")
    assert told_of(webflow) == moved(told_of(usual), parse_instant("2024-05-01") - START)
    with pytest.raises(ScenarioError, match=r"2025-01-01T00:00:00\.000Z"):
        webflow.scenario({"sites": [{"createdOn": "2025-01-01T00:00:00.000Z"}]})
    assert webflow.clock.now == parse_instant("2024-05-01")


def test_a_snapshot_brings_the_beginning_back() -> None:
    webflow = FakeWebflow(now="2024-05-01")
    before = webflow.state
    with webflow.snapshot():
        webflow.scenario("timeline")
        webflow.clock.advance(10)
    assert webflow.state == before
