"""What the served fake shows people: the start page, and the page of its rules. Plain HTML, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from itertools import groupby
from string import Template

from .. import package_data
from ..api.operations import OPERATIONS
from ..api.router import not_simulated
from ..fake import Fake
from ..rules import Clause, Profile, clauses
from ..wording import spell_count
from ..world.collections import Collection
from ..world.sites import Site
from ..world.world import World
from .curl_lines import make_curl_lines
from .ledger_view import OPTIONS_LABEL, ClausePart, count_clauses, describe_clause
from .served import Page


def make_pages(fake: Fake, token: str, version: str) -> Mapping[str, Page]:
    """The pages by path, for ``ServedFakes``.

    Args:
        fake: Whose world and choices they show.
        token: The bearer token they name.
        version: Of this package.
    """
    return {
        "/": lambda request, shows_token: _render_start_page(
            fake, token if shows_token else "shown on this machine alone", version, request.origin
        ),
        "/clauses": lambda _request, _shows_token: render_clauses_page(fake.profile),
    }


def _render_start_page(fake: Fake, token: str, version: str, origin: str) -> str:
    world, limit = fake.state.world, fake.state.rate.limit
    return _fill_template(
        "start_page.html",
        version=escape(version),
        base_url=escape(f"{origin}/v2"),
        token=escape(token),
        rate_limit=f"{limit} requests a minute for each token" if limit else "off",
        curl_lines="\n".join(
            f"<h3>{escape(purpose)}</h3><pre>{escape(line)}</pre>"
            for purpose, line in make_curl_lines(world, f"{origin}/v2", token)
        ),
        sites="\n".join(_render_site(world, site) for site in world.sites.values()),
        simulated_count=str(len(OPERATIONS)),
        groups=escape(_list_groups()),
        simulated=_render_table((operation.name, operation.method, f"/v2{operation.path}") for operation in OPERATIONS),
        not_simulated_count=str(len(not_simulated())),
        not_simulated=_render_table((known.name, known.method, f"/v2{known.path}") for known in not_simulated()),
        **{f"{name}_clauses": str(number) for name, number in count_clauses().items()},
    )


def _list_groups() -> str:
    """What the simulated operations are about, as a list in words."""
    groups = [group.replace("-", " ") for group in dict.fromkeys(known.name.partition(".")[0] for known in OPERATIONS)]
    return f"{', '.join(groups[:-1])} and {groups[-1]}"


def _render_site(world: World, site: Site) -> str:
    locales = [("CMS locale", f"{locale.tag} ({locale.display_name})", locale.cms_locale_id, "")
               for locale in (site.primary, *site.secondary)]  # fmt: skip
    found = world.collections_of(site)
    rows = [
        ("site", site.display_name, site.id, spell_count(_count_assets(world, site), "asset")),
        *locales,
        *(("collection", collection.slug, collection.id, _describe_items(collection)) for collection in found),
    ]
    return _render_table(rows)


def _count_assets(world: World, site: Site) -> int:
    return sum(1 for asset in world.assets if asset.site_id == site.id)


def _describe_items(collection: Collection) -> str:
    return f"{spell_count(len(collection.staged), 'item')}, {len(collection.live):,} live"


def render_clauses_page(profile: Profile) -> str:
    """Every rule with its evidence, and for the open choices which option this profile takes."""
    families = groupby(clauses(), key=lambda clause: clause.id.partition(".")[0])
    sections = [(name, list(found)) for name, found in families]
    return _fill_template(
        "clauses_page.html",
        families=" ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name, _ in sections),
        guesses=_render_links(clause.id for clause in clauses() if clause.kind == "inferred"),
        choices=_render_links(clause.id for clause in clauses() if clause.options),
        clauses="\n".join(
            f'<h2 id="{escape(name)}">{escape(name)}</h2>'
            + "\n".join(_render_clause(clause, profile) for clause in found)
            for name, found in sections
        ),
        **{f"{name}_clauses": str(number) for name, number in count_clauses().items()},
    )


def _render_clause(clause: Clause, profile: Profile) -> str:
    name, chosen = escape(clause.id), profile.chosen.get(clause.id, "")
    title = f'<h3 id="{name}"><a href="#{name}">{name}</a> <span class="{clause.kind}">{clause.kind}</span></h3>'
    parts = [_render_part(part, chosen) for part in describe_clause(clause)]
    return "\n".join([title, f"<p>{escape(clause.says)}</p>", *parts])


def _render_part(part: ClausePart, chosen: str) -> str:
    if part.label == OPTIONS_LABEL:
        cells = "".join(
            f"<tr><td>{'&#9679;' if name == chosen else ''}</td><td><code>{escape(name)}</code></td>"
            f"<td>{escape(text)}</td></tr>"
            for name, text in part.rows
        )
        return f'<table class="options">{cells}</table>'
    if part.rows:
        rows = (f"<li><em>{escape(name)}:</em> {escape(text)}</li>" for name, text in part.rows)
        return f"<ul>{''.join(rows)}</ul>"
    if part.links:
        links = (f'<a href="{escape(address)}">{escape(name)}</a>' for name, address in part.links.items())
        return f"<p>{escape(part.title)}: {', '.join(links)}</p>"
    shown = f"<code>{escape(part.code)}</code>" if part.code else escape(part.text or ", ".join(part.names))
    return f"<p>{escape(part.title)}: {shown}</p>"


def _render_links(names: Iterable[str]) -> str:
    return " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in names)


def _render_table(rows: Iterable[Iterable[str]]) -> str:
    """A table of texts."""
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table>{body}</table></div>'


def _fill_template(name: str, **values: str) -> str:
    """The template with its placeholders filled. Values are HTML already."""
    return _load_template(name).substitute(values, style=_read_page_file("pages.css"))


@cache
def _load_template(name: str) -> Template:
    return Template(_read_page_file(name))


@cache
def _read_page_file(name: str) -> str:
    return package_data.read(f"control/{name}").decode()
