"""What a served fake says of itself when it is ready."""

from __future__ import annotations

from typing import Any

from .. import __version__
from ..api import Fake
from ..faces.curl_lines import curl_lines
from ..testing.control.summary import collections_of, site_ids


def as_json(fake: Fake, origin: str, token: str) -> dict[str, Any]:
    """For programs: base URL, token, the secret of an app's webhooks, and the ids of what was seeded.

    The first site's ids stand at the top too, since most scenarios have just one.
    """
    return {
        "base_url": f"{origin}/v2",
        "start_page": f"{origin}/",
        "token": token,
        "client_secret": fake.webhooks.client_secret,
        **site_ids(fake),
    }


def as_text(fake: Fake, origin: str, token: str, scenario: str) -> str:
    """For people: the same, and curl lines that work."""
    limit = fake.state.rate.limit
    lines = [
        f"fake-webflow {__version__}, scenario {scenario}. Stop it with Ctrl-C.",
        "",
        f"  base URL    {origin}/v2",
        f"  token       {token}",
        f"  rate limit  {f'{limit} requests a minute' if limit else 'off'}",
        f"  start page  {origin}/",
        "",
    ]
    for site in fake.state.world.sites.values():
        lines.append(f"  site        {site.id}  {site.display_name}")
        lines += [
            f"  collection  {collection.id}  {collection.slug}, {len(collection.staged):,} items"
            for collection in collections_of(fake, site.id)
        ]
    lines += ["", "Try it:", ""]
    for purpose, line in curl_lines(fake.state.world, f"{origin}/v2", token):
        lines += [f"  # {purpose}", f"  {line}", ""]
    return "\n".join(lines)
