"""The bounds of stored files: an upload beyond one is refused as S3 refuses, and nothing is lost."""

from __future__ import annotations

import pytest

from fake_webflow import FakeWebflow
from fake_webflow.client import UploadError


def count_bytes(webflow: FakeWebflow) -> int:
    return sum(len(file.data) for file in webflow.state.world.files)


@pytest.mark.clause("fake.storage-full")
@pytest.mark.parametrize("limit", ["files", "file-bytes"])
def test_an_upload_beyond_the_bound_is_refused(limit: str) -> None:
    with FakeWebflow() as unbounded:
        there_are = {"files": len(unbounded.state.world.files), "file-bytes": count_bytes(unbounded)}
    with FakeWebflow(limits={limit: there_are[limit] + (1 if limit == "files" else 10)}) as webflow:
        client, site = webflow.client, webflow.site.id
        client.assets.upload(site, b"x" * 10, file_name="one.txt")
        before = webflow.state.world.files
        with pytest.raises(UploadError) as refused:
            client.assets.upload(site, b"y", file_name="two.txt")
        assert webflow.state.world.files is before
        assert webflow.journal[-1].status == 503
        assert webflow.journal[-1].clauses == ("fake.storage-full",)
        assert f"--limit {limit}=N" in webflow.journal[-1].message
        assert b"<Code>SlowDown</Code>" in webflow.journal[-1].response_body
        assert refused.value


def test_a_file_in_anothers_place_needs_no_more_room() -> None:
    from fake_webflow.conditions import LIMITS
    from fake_webflow.rules import Refusal
    from fake_webflow.storage.calls import _check_room
    from fake_webflow.world.assets import StoredFile
    from fake_webflow.world.world import World

    world = World().with_files([StoredFile("k", "text/plain", "", b"x" * 10)])
    limits = LIMITS.with_values({"files": 1, "file-bytes": 10})
    _check_room(world, StoredFile("k", "text/plain", "", b"y" * 10), limits)
    with pytest.raises(Refusal):
        _check_room(world, StoredFile("k", "text/plain", "", b"y" * 11), limits)


@pytest.mark.parametrize(
    ("limits", "told"), [({"file": 1}, "did you mean file"), ({"files": 0}, "1 or more"), ({"files": True}, "not True")]
)
def test_limits_that_cannot_be(limits: dict[str, int], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        FakeWebflow(limits=limits)
