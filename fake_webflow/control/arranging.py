"""What a test puts into a fake and reads of it, as the fixture does: sites, collections, items, assets, the world."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from typing import Any

from .. import seeding
from ..api.collections import collection_object
from ..api.sites import site_object
from ..fake import Fake
from ..handle.arranging import Arranging, make_call
from ..seeding.yaml_files import render_yaml
from ..wording import suggest
from ..world.addresses import addresses_for
from ..world.collections import Collection
from ..world.sites import Site
from .hosted_fakes import site_ids
from .request import ControlError, ControlRequest, RawBody

MOST_ITEMS = 100_000
"""How many items one request may add."""
VIEWS = ("staged", "live", "drafts", "archived")


class _Handle(Arranging):
    """A handle on the fake that a request means."""

    def __init__(self, request: ControlRequest) -> None:
        self._fake = request.fake
        self._addresses = addresses_for(request.target.origin or request.origin)

    def _open(self) -> Fake:
        return self._fake


def add_site(request: ControlRequest) -> tuple[int, Any]:
    """Adds a site; answers as the API does, with the ids of its locales."""
    site = _Handle(request).add_site(**request.body)
    with make_call(request.fake) as call:
        ids = next(one for one in site_ids(request.fake)["sites"] if one["id"] == site.id)
        return 201, {**site_object(call, site), "cms_locale_ids": ids["cms_locale_ids"]}


def add_collection(request: ControlRequest) -> tuple[int, Any]:
    """Adds a collection without items; answers as the API does."""
    collection = _Handle(request).add_collection(**_read_arguments(request))
    with make_call(request.fake) as call:
        return 201, {**collection_object(call, collection), "siteId": collection.site_id}


def add_items(request: ControlRequest) -> tuple[int, Any]:
    """Adds items; answers them as the API does, one for each locale."""
    items = request.body["items"]
    if (items if isinstance(items, int) else len(items)) > MOST_ITEMS:
        raise ValueError(f"items: {MOST_ITEMS:,} at most in one request")
    _check_has_site(request)
    try:
        made = _Handle(request).add_items(**request.body)
    except ImportError as error:
        raise ControlError(
            409, "no_made_up_data", f"{error}, or send field data: a list in place of a number"
        ) from None
    return 201, {"items": made}


def add_asset(request: ControlRequest) -> tuple[int, Any]:
    """Adds an asset with its bytes; answers as the API does."""
    return 201, _Handle(request).add_asset(**_read_arguments(request) | {"content": _read_content(request.body)})


def list_items(request: ControlRequest) -> tuple[int, Any]:
    """The items of a collection as one of the views shows them, oldest first."""
    view = request.query.get("view", "staged")
    if view not in VIEWS:
        raise ValueError(f"no view is named {view!r}; {suggest(view, VIEWS)}")
    _check_has_site(request)
    collection = _find_collection(request, request.parameters["collection"])
    items = _Handle(request).items(collection, locale=request.query.get("locale"))
    return 200, {"items": getattr(items, view)}


def read_scenario(request: ControlRequest) -> tuple[int, Any]:
    """The world as a scenario file."""
    secrets = request.query.get("secrets", "0")
    if secrets not in ("0", "1"):
        raise ValueError(f"secrets: 1 for a file with tokens and the keys of webhooks, or 0; not {secrets!r}")
    hosted = request.target
    scenario = seeding.export_scenario(
        hosted.fake.state,
        hosted.fake.profile,
        addresses=addresses_for(hosted.origin or request.origin),
        own_token=hosted.fake_token,
        with_secrets=secrets == "1",
    )
    return 200, RawBody("application/yaml; charset=utf-8", render_yaml(scenario))


def _read_arguments(request: ControlRequest) -> dict[str, Any]:
    """The body, with the site itself in place of its name."""
    arguments = dict(request.body)
    if "site" in arguments:
        arguments["site"] = _find_site(request, arguments["site"])
    else:
        _check_has_site(request)
    return arguments


def _check_has_site(request: ControlRequest) -> None:
    if not request.fake.state.world.sites:
        cure = 'add one first: POST /_fake/sites {"display_name": "Demo"}'
        raise ControlError(409, "no_site", f"this world has no site; {cure}")


def _find_site(request: ControlRequest, name: str) -> Site:
    sites = request.fake.state.world.sites.values()
    found = next((site for site in sites if name in (site.id, site.short_name)), None)
    if found is None:
        near = suggest(name, [site.short_name for site in sites])
        raise ValueError(f"site: no site has the id or the short name {name!r}; {near}")
    return found


def _find_collection(request: ControlRequest, name: str) -> Collection:
    collections = request.fake.state.world.collections.values()
    found = next((one for one in collections if name in (one.id, one.slug)), None)
    if found is None:
        near = suggest(name, [one.slug for one in collections])
        raise ControlError(404, "no_such_collection", f"no collection has the slug or the id {name!r}; {near}")
    return found


def _read_content(body: Mapping[str, Any]) -> bytes:
    content = body["content"]
    if len(content) != 1:
        raise ValueError('content: the bytes, as {"text": "..."} or as {"base64": "..."}')
    if "text" in content:
        return str(content["text"]).encode()
    try:
        return b64decode(content["base64"], validate=True)
    except (Error, ValueError) as error:
        raise ValueError(f"content.base64: not valid base64: {error}") from None
