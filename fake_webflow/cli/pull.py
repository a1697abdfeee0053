"""``fake-webflow pull``: a site as a scenario, or the types of its field data."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal, cast

import click

from ..wording import spell_count
from .common import CommandError, parse_base_url, parse_count

_EPILOG = """\b
Examples, with the token in the variable WEBFLOW_TOKEN:
  fake-webflow pull --out site.yaml
  fake-webflow pull --items 20 --assets registered --out site.json
  fake-webflow pull --types typescript --out site.ts

It only reads. Where it stops, the same command goes on; until FILE is whole, the answers are in FILE.partial.

Exit codes: 0 FILE is written, 2 it is not; one line on standard error says why."""


def _parse_items(text: str) -> int | str:
    return text if text == "all" else parse_count(text, "a whole number, at least 1, or all")


@click.command("pull", epilog=_EPILOG)
@click.option("--base-url", type=parse_base_url, default="https://api.webflow.com/v2", show_default=True, metavar="URL",
              help="Base URL of the API, version included.")  # fmt: skip
@click.option("--site", metavar="ID", help="The site, where the token sees several.")
@click.option("--items", type=_parse_items, metavar="N|all",
              help="Items of each collection: the N changed last and what they refer to, or all.")  # fmt: skip
@click.option("--assets", type=click.Choice(["registered", "bytes"]), help="Assets, without or with their bytes.")
@click.option("--as-is", is_flag=True, help="Keep content; without this, pseudonyms are put in its place.")
@click.option("--types", type=click.Choice(["python", "typescript"]),
              help="Write the types of the field data in place of a scenario.")  # fmt: skip
@click.option("--budget", type=parse_count, metavar="N", help="Most requests to the API.")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The file to write: .yaml or .json for a scenario.")  # fmt: skip
def pull_command(
    base_url: str,
    site: str | None,
    items: int | str | None,
    assets: str | None,
    as_is: bool,
    types: str | None,
    budget: int | None,
    out: Path,
) -> None:
    """Make a fake of your own site.

    Reads a site and writes it as a scenario: its collections with their fields, folders and webhooks, and as much of
    its content as is asked for.
    """
    from ..pulling import PullFailed, PullSettings, pull_site

    token = os.environ.get("WEBFLOW_TOKEN")
    if not token:
        raise CommandError("a token is needed, in the variable WEBFLOW_TOKEN")
    if types and (items is not None or assets is not None or as_is):
        raise CommandError("--types is of the fields alone: --items, --assets and --as-is do not go with it")
    settings = PullSettings(
        base_url=base_url,
        token=token,
        out=out,
        site=site,
        items=cast("int | Literal['all'] | None", items),
        assets=cast("Literal['registered', 'bytes'] | None", assets),
        types=cast("Literal['python', 'typescript'] | None", types),
        as_is=as_is,
        budget=budget,
    )
    try:
        result = pull_site(settings, note=lambda line: print(f"left out: {line}", file=sys.stderr))
    except PullFailed as error:
        raise CommandError(str(error)) from None
    content = [spell_count(result.collections, "collection")]
    if items is not None:
        content.append(spell_count(result.items, "item"))
    if assets is not None:
        content.append(spell_count(result.assets, "asset"))
    print(f"{out}: {result.site}, {', '.join(content)}; {spell_count(result.requests, 'request')}.")
