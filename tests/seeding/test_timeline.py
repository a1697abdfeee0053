from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from fake_webflow.fake import Fake
from fake_webflow.seeding import build_state, load

RECORDED = orjson.loads(Path(__file__).parents[2].joinpath("fixtures/recorded/timeline-items.json").read_bytes())
COLLECTION = "692bb5a629f57df04fe7dd5f"


@pytest.fixture
def timeline() -> Fake:
    return Fake(build_state(load("timeline")))


@pytest.mark.clause("items.object.keys", "items.object.nulls", "items.object.timestamps")
@pytest.mark.parametrize("recorded", RECORDED, ids=lambda item: item["fieldData"]["slug"])
def test_a_recorded_item_is_read_back_to_the_byte(timeline, get, recorded):
    response = get(timeline, f"/v2/collections/{COLLECTION}/items/{recorded['id']}")
    assert (response.status, response.body) == (200, orjson.dumps(recorded))


def test_they_are_the_whole_list_newest_first(timeline, get):
    response = get(timeline, f"/v2/collections/{COLLECTION}/items")
    page = {"limit": 100, "offset": 0, "total": 2}
    assert response.body == orjson.dumps({"items": RECORDED[::-1], "pagination": page})


def test_the_published_one_is_live_as_it_was_then(timeline):
    collection = timeline.state.world.collections[COLLECTION]
    (live,) = collection.live
    assert live.id == "692d6f90406f6bd882c79390"
    assert (live.is_draft, live.last_published, live.last_updated) == (False, live.last_published, live.last_published)
    assert live.field_data == RECORDED[0]["fieldData"]


def test_the_sites_cms_bucket_is_the_recorded_one(timeline):
    (site,) = timeline.state.world.sites.values()
    assert f"/{site.cms_bucket_id}/" in RECORDED[0]["fieldData"]["photo-1"]["url"]
