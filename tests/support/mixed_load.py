"""Clients that write at once, and what of their writes has to be there after their server was killed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Answer = tuple[int, Any]
Ask = Callable[..., Answer]
"""From method, path and body to status and JSON; raises OSError where no answer came."""


@dataclass
class MixedClient:
    """One of several clients of one collection, who creates, changes, publishes and deletes items of its own.

    Args:
        number: Which one; its slugs begin with it.
        items: Path of the collection's items.

    Attributes:
        known: Names by id, as the last answers have them.
        asked: What was last asked, by the ids or slugs it is about: the names they are to have, None for gone.
        made: All ids it was ever told.
    """

    number: int
    items: str
    known: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str | None] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    count: int = 0

    def act(self, ask: Ask, chance: random.Random) -> None:
        """Does one thing."""
        self.count += 1
        what = chance.choice(["create", "create", "change", "change", "delete", "publish"]) if self.known else "create"
        if what == "create":
            self._create(ask, chance.randint(1, 3))
            return
        chosen = chance.sample(sorted(self.known), min(len(self.known), 3))
        if what == "change":
            names = dict.fromkeys(chosen, f"client {self.number} change {self.count}")
            self.asked = dict(names)
            rows = [{"id": item_id, "fieldData": {"name": name}} for item_id, name in names.items()]
            _expect(ask("PATCH", self.items, {"items": rows}), 200)
            self.known.update(names)
        elif what == "delete":
            self.asked = dict.fromkeys(chosen)
            _expect(ask("DELETE", self.items, {"items": [{"id": item_id} for item_id in chosen]}), 204)
            for item_id in chosen:
                del self.known[item_id]
        else:
            _expect(ask("POST", f"{self.items}/publish", {"itemIds": chosen}), 202)
        self.asked = {}

    def _create(self, ask: Ask, how_many: int) -> None:
        slugs = [f"c{self.number}-{self.count}-{place}" for place in range(how_many)]
        self.asked = {slug: slug for slug in slugs}
        body = {"fieldData": [{"name": slug, "slug": slug} for slug in slugs]}
        made = _expect(ask("POST", f"{self.items}/bulk", body), 202)
        for item in made["items"]:
            self.known[item["id"]] = item["fieldData"]["name"]
            self.made.append(item["id"])
        self.asked = {}

    def check(self, there: dict[str, str]) -> None:
        """Checks what is there after a crash, and goes on from that.

        Args:
            there: Names of all items by id.
        """
        own = {item_id: name for item_id, name in there.items() if item_id in self.made}
        names = {name for name in there.values() if name.startswith(f"c{self.number}-")}
        if not self.asked:
            assert own == self.known
        elif self.asked.keys() & self.known.keys():  # a change or a deletion that nobody answered
            done = {item_id: self.asked.get(item_id, name) for item_id, name in self.known.items()}
            assert own in (self.known, {item_id: name for item_id, name in done.items() if name is not None})
        else:
            created = set(self.asked)
            assert own == self.known
            assert created <= names or not created & names, "a bulk request is done as a whole or not at all"
        # Items that were made and never told of are nobody's.
        self.known, self.asked = own, {}


def _expect(answer: Answer, status: int) -> Any:
    assert answer[0] == status, answer
    return answer[1]
