"""One call of an operation, as its handler sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..conditions import Clock, Ids
from ..conditions.ids import SigningKey
from ..rules import Profile, Refusal
from ..world.addresses import Addresses
from ..world.assets import Asset, AssetFolder
from ..world.collections import Collection
from ..world.items import Item
from ..world.sites import Site
from ..world.tokens import Token
from ..world.webhooks import Event, Trigger, Webhook
from ..world.world import World


class Reply(NamedTuple):
    """What a handler answers: a status, a JSON value unless the status is 204, and headers of its own."""

    value: Any = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


NO_CONTENT = Reply(status=204)


@dataclass(slots=True, kw_only=True)
class Call:
    """A call with everything it may use. It is the ``Context`` of the laws it applies.

    A handler that writes sets ``world``; the pipeline commits it, with the clock and the ids as they are then, if the
    handler returns, and forgets all of it if the handler refuses.

    Args:
        parameters: What stood in the path.
        query: Query parameters by name, shape-checked.
        query_pairs: The same in their order, with those that the shape check does not know, repeated ones too.
        body: The JSON body, shape-checked, or None.
        token: Who calls.
        world: The state as the call finds it.
        clock: The time as the call finds it.
        ids: Where fresh ids come from.
        profile: The open choices.
        addresses: What URLs in the answer start with.
        signing_key: What upload forms are signed with.
        rate_limited: Whether rate limits are enforced.
        events: What webhooks are to be told of.
    """

    parameters: Mapping[str, str]
    query: Mapping[str, str]
    query_pairs: Sequence[tuple[str, str]]
    body: Any
    token: Token
    world: World
    clock: Clock
    ids: Ids
    profile: Profile
    addresses: Addresses
    signing_key: SigningKey
    rate_limited: bool
    events: list[Event] = field(default_factory=list)
    instant: int = 0
    """Of the last write of the call; 0 before the first."""

    def now(self) -> int:
        """The instant of the next write."""
        self.clock = self.clock.tick()
        self.instant = self.clock.now
        return self.instant

    def new_id(self, instant: int) -> str:
        """A fresh id of 24 hexadecimal digits."""
        drawn = self.ids.object_id(instant)
        self.ids = self.ids.next()
        return drawn

    def digits(self, count: int) -> str:
        """That many hexadecimal digits, 32 at most."""
        drawn = self.ids.digits(count)
        self.ids = self.ids.next()
        return drawn

    def record_events(self, trigger: Trigger, collection: Collection, items: Iterable[Item]) -> None:
        """Notes the events that webhooks hear of once the call is committed, if the world has webhooks."""
        if self.world.webhooks:
            # The write's own instant: a clock that runs may be a millisecond further by now.
            now = self.instant or self.clock.now
            self.events += [Event(trigger, collection.site_id, now, collection.id, item) for item in items]

    def site(self) -> Site:
        """The site named in the path.

        Raises:
            Refusal: It is not there, or not granted to the token.
        """
        return self._check_granted(self.world.site(self.parameters["site_id"]))

    def collection(self) -> Collection:
        """The collection named in the path.

        Raises:
            Refusal: It is not there, or its site is not granted to the token.
        """
        found = self.world.collection(self.parameters["collection_id"])
        self._check_granted(self.world.site(found.site_id))
        return found

    def asset(self) -> Asset:
        """The asset named in the path.

        Raises:
            Refusal: It is not there, or its site is not granted to the token.
        """
        found = self.world.asset(self.parameters["asset_id"])
        self._check_granted(self.world.site(found.site_id))
        return found

    def asset_folder(self) -> AssetFolder:
        """The asset folder named in the path.

        Raises:
            Refusal: It is not there, or its site is not granted to the token.
        """
        found = self.world.asset_folders.get(self.parameters["asset_folder_id"])
        if found is None:
            raise Refusal("asset-folders.not-found")
        self._check_granted(self.world.site(found.site_id))
        return found

    def webhook(self) -> Webhook:
        """The webhook named in the path.

        Raises:
            Refusal: It is not there, or its site is not granted to the token.
        """
        found = self.world.webhooks.get(self.parameters["webhook_id"])
        if found is None:
            raise Refusal("webhooks.not-found")
        self._check_granted(self.world.site(found.site_id))
        return found

    def primary_locale(self, collection: Collection) -> str:
        """The CMS locale that is meant where none is named."""
        return self.world.site(collection.site_id).primary.cms_locale_id

    def _check_granted(self, site: Site) -> Site:
        if self.token.grants(site.id):
            return site
        choice = "errors.site-not-granted"
        match self.profile.errors_site_not_granted:
            case "401":
                raise Refusal("errors.not-authorized", choice=choice)
            case "403":
                raise Refusal("errors.forbidden", choice=choice)
            case _:
                raise Refusal("sites.not-found", choice=choice)


_OBJECT_ID = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)
_LONG_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


def parse_id(value: str) -> str:
    """The id in lower case, if it has the form of one.

    Raises:
        Refusal: ``requests.id.invalid``.
    """
    if not _OBJECT_ID.fullmatch(value):
        raise Refusal("requests.id.invalid")
    return value.lower()


def parse_field_id(value: str) -> str:
    """The same for fields, whose ids may have 32 digits (``collections.field.id``)."""
    return value.lower() if _LONG_ID.fullmatch(value) else parse_id(value)


LARGEST_PAGE = 100
# The largest whole number every reader of JSON holds exactly.
LARGEST_OFFSET = 2**53 - 1


def read_page(call: Call, default_limit: int = LARGEST_PAGE) -> tuple[int, int]:
    """The offset and the limit asked for; the shape check has seen to it that they are numbers.

    Args:
        call: With a query.
        default_limit: The limit where none is asked for.

    Raises:
        Refusal: ``lists.limit-over-100``, if that choice says so, or ``lists.offset.too-large``.
    """
    limit = _parse_whole_number(call.query.get("limit", str(default_limit)))
    if limit > LARGEST_PAGE and call.profile.lists_limit_over_100 == "reject":
        raise Refusal("lists.limit-over-100")
    offset = _parse_whole_number(call.query.get("offset", "0"))
    if offset > LARGEST_OFFSET:
        raise Refusal("lists.offset.too-large")
    return offset, min(limit, LARGEST_PAGE)


def _parse_whole_number(digits: str) -> int:
    """The number, or one just too large: Python reads no more than 4,300 digits, and nobody means them."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) < len(str(10 * LARGEST_OFFSET)) else LARGEST_OFFSET + 1


def pagination_object(offset: int, limit: int, total: int) -> dict[str, Any]:
    """The object that closes a page, keys in the recorded order (clause ``lists.pagination``)."""
    return {"limit": limit, "offset": offset, "total": total}
