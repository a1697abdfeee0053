"""One pull: reads a site, and writes it as a scenario or as types."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson

from .. import seeding
from ..client import JsonObject
from ..errors import ScenarioError
from ..seeding.yaml_files import LARGEST_YAML, render_yaml
from .assembling import make_scenario
from .asset_reading import AssetReader
from .field_types import Language, write_types
from .files import NotThisPull, PartialFile, write_whole
from .item_reading import ItemCount, check_items_unchanged, read_items
from .reading import PulledSite, check_structure_unchanged, read_structure, read_surroundings
from .source import PullFailed, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PullSettings:
    """What is to be pulled.

    Args:
        base_url: Of the API, version included.
        token: The bearer token.
        out: The file to write.
        site: Id of the site; None for the only one that the token sees.
        items: How many items of each collection; None for none.
        assets: Whether assets are pulled, and with their bytes; None for none.
        types: The language of the types to write in place of a scenario.
        as_is: Whether content is kept, and not replaced with pseudonyms.
        budget: Most requests to the API; None for any number.
    """

    base_url: str
    token: str
    out: Path
    site: str | None = None
    items: ItemCount | None = None
    assets: Literal["registered", "bytes"] | None = None
    types: Language | None = None
    as_is: bool = False
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class PullResult:
    """What was pulled.

    Args:
        site: Its name.
        collections: How many.
        items: How many, each locale counted, staged ones.
        assets: How many.
        requests: How many this run sent to the API.
    """

    site: str
    collections: int
    items: int
    assets: int
    requests: int


def _sleep(seconds: float) -> None:
    time.sleep(seconds)  # looked up when it is called: tests replace it


def pull_site(
    settings: PullSettings,
    *,
    note: Callable[[str], None] = lambda _: None,
    sleep: Callable[[float], None] = _sleep,
) -> PullResult:
    """Pulls a site. The file appears when it is whole; until then the answers are kept in a partial file beside it.

    Args:
        settings: What to pull.
        note: Hears of what is left out, because a fake does not know it.
        sleep: Waits for so many seconds.

    Raises:
        PullFailed: It cannot be done.
        OSError: A file cannot be written.
    """
    partial = _open_partial(settings)
    source = Source(settings.base_url, settings.token, partial, settings.budget, sleep)
    try:
        pulled = _read(source, settings)
        if settings.types is None:
            _write_scenario(make_scenario(pulled, as_is=settings.as_is, note=note), settings.out)
        else:
            write_whole(settings.out, write_types(pulled.site, pulled.collections, settings.types).encode())
    except PullFailed as error:
        if error.begins_anew:
            partial.remove()
        raise
    except (KeyError, TypeError, AttributeError) as error:
        partial.remove()
        raise PullFailed(f"an answer has not the form of Webflow's: {type(error).__name__}: {error}") from error
    finally:
        source.close()
    partial.remove()
    count = sum(map(len, pulled.staged.values()))
    name = str(pulled.site.get("displayName"))
    return PullResult(name, len(pulled.collections), count, len(pulled.assets), source.requests)


def _open_partial(settings: PullSettings) -> PartialFile:
    out = settings.out
    if out.is_dir():
        raise PullFailed(f"{out} is a directory")
    if not out.parent.is_dir():
        raise PullFailed(f"there is no directory {out.parent}")
    if settings.types is None and out.suffix not in (".json", ".yaml", ".yml"):
        raise PullFailed(f"a scenario file ends in .yaml, .yml or .json, unlike {out}")
    path = out.with_name(f"{out.name}.partial")
    parts = urlsplit(settings.base_url)
    command: dict[str, Any] = {
        "from": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}",
        **{name: getattr(settings, name) for name in ("site", "items", "assets", "types", "as_is")},
    }
    try:
        return PartialFile(path, command)
    except NotThisPull:
        raise PullFailed(
            f"{path} is what another pull left when it stopped; repeat that command, or remove the file"
        ) from None


def _read(source: Source, settings: PullSettings) -> PulledSite:
    pulled = read_structure(source, settings.site)
    if settings.types is None:
        read_surroundings(source, pulled)
        if settings.items is not None:
            read_items(source, pulled, settings.items, as_is=settings.as_is)
        if settings.assets is not None:
            assets = AssetReader(source, as_is=settings.as_is)
            assets.read(pulled)
            if settings.assets == "bytes":
                assets.download(pulled, settings.out.with_name(f"{settings.out.stem}.files"))
        if settings.items is not None:
            check_items_unchanged(source, pulled)
    check_structure_unchanged(source, pulled)
    return pulled


def _write_scenario(scenario: JsonObject, out: Path) -> None:
    if out.suffix == ".json":
        data = orjson.dumps(scenario, option=orjson.OPT_INDENT_2) + b"\n"
    else:
        data = render_yaml(scenario)
        if len(data) > LARGEST_YAML:
            raise PullFailed(
                f"{len(data):,} bytes are more than a YAML scenario may have; name a .json file instead, "
                f"and rename {out.name}.partial as well to go on with it"
            )
    try:
        write_whole(out, data, lambda path: seeding.build_state(seeding.load(path)))
    except ScenarioError as error:
        raise PullFailed(f"the site has what a fake refuses: {error}") from None
