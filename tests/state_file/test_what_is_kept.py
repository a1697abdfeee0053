"""What of a state is kept, and that what was still to be sent is sent by the next server."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from kept import KeptServer
from webhook_world import Receiver

from fake_webflow.fake import State
from fake_webflow.world.collections import Collection
from fake_webflow.world.world import World

NOT_KEPT = {"rate", "faults"}
"""But for the limit of the rate. Whoever adds a part says here, or in ``state_file/changes.py``, what becomes of it."""
KEPT = {"world", "clock", "ids", "stubs", "begins", "deliveries"}
KEPT_OF_THE_WORLD = {"sites", "collections", "assets", "asset_folders", "files", "tokens", "webhooks", "imports"}


def test_every_part_of_a_state_is_kept_or_named_as_not_kept() -> None:
    assert set(State._fields) == KEPT | NOT_KEPT
    assert set(World._fields) == KEPT_OF_THE_WORLD
    assert {"staged", "live"} < set(Collection._fields)


def test_what_was_still_to_be_sent_is_sent_by_the_next_server(tmp_path: Path) -> None:
    with closing(Receiver()) as receiver:
        receiver.statuses = [500]
        server = KeptServer(tmp_path / "state.db")
        (site,), (collection, *_) = server.main.state.world.sites, server.main.state.world.collections
        server.call(
            "POST", f"/v2/sites/{site}/webhooks", {"triggerType": "collection_item_created", "url": receiver.url}
        )
        body = {"fieldData": {"name": "Told", "slug": "told"}}
        server.call("POST", f"/v2/collections/{collection}/items", body)
        (tried,) = server.main.webhooks.wait(1)
        assert (tried.state, len(tried.attempts)) == ("pending", 1)
        server = server.restart()
        assert server.main.state.deliveries.pending == (tried.number,)
        server.main.advance(600)
        (sent,) = server.main.webhooks.wait(1)
        assert (sent.state, len(sent.attempts), sent.body) == ("delivered", 2, tried.body)
        server = server.restart()
        assert list(server.main.state.deliveries.kept) == [sent]
        server.end()
