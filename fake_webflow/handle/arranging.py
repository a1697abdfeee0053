"""What a test puts into its fake before it begins: through the laws of the world, without a request.

What is arranged counts as published unless the test says otherwise, so that live calls work at once. It leaves nothing
in the journal, uses nothing of a rate limit and tells no webhook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from hashlib import md5
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import orjson

from ..api.assets import asset_object
from ..api.call import Call
from ..errors import ArrangingError
from ..fake import Fake, Handle, fake_of
from ..rules import Refusal
from ..seeding.context import BuildContext, Mistake, Registry, strip_place
from ..seeding.made_up_data import generate_field_data
from ..seeding.rows import LocaleRow, SiteRow
from ..seeding.schema_check import check_scenario
from ..seeding.site_building import build_site
from ..storage.policy import CACHE_CONTROL
from ..wording import suggest
from ..world import asset_rules, collection_rules
from ..world.addresses import WEBFLOW, Addresses
from ..world.assets import StoredFile
from ..world.collections import Collection
from ..world.instants import timestamp
from ..world.items import Item
from ..world.live_item_rules import create_live_items
from ..world.sites import Site
from ..world.slugs import slugify
from ..world.staged_item_rules import NewItem, create_items
from .fields import Fields, add_fields, spell_out_fields
from .given_items import check_given_items, hint_unknown_field, hint_wanted_ids, to_json_rows
from .names import CollectionsBySlug

ItemJson = dict[str, Any]
"""An item as the API answers it."""


class ItemViews:
    """The items of a collection in one locale, oldest first, as they were when this was made.

    Args:
        collection: Whose items.
        cms_locale_id: In which locale.
    """

    def __init__(self, collection: Collection, cms_locale_id: str) -> None:
        self._staged: Iterable[Item] = collection.staged.in_locale(cms_locale_id).by_age
        self._live: Iterable[Item] = collection.live.in_locale(cms_locale_id).by_age

    @property
    def staged(self) -> list[ItemJson]:
        """All items, as the editor shows them."""
        return [orjson.loads(item.json) for item in self._staged]

    @property
    def live(self) -> list[ItemJson]:
        """The items that are published, as they are published."""
        return [orjson.loads(item.json) for item in self._live]

    @property
    def drafts(self) -> list[ItemJson]:
        """The staged items that are drafts."""
        return [orjson.loads(item.json) for item in self._staged if item.is_draft]

    @property
    def archived(self) -> list[ItemJson]:
        """The staged items that are archived."""
        return [orjson.loads(item.json) for item in self._staged if item.is_archived]

    def __repr__(self) -> str:
        return f"<items: {len(self.staged)} staged, {len(self.live)} live>"


__tracebackhide__ = True  # an error of a test is shown where the test is, not in here
_SITE = "sites[0]"


Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")


def _raise_arranging_errors(arrange: Callable[Arguments, Made]) -> Callable[Arguments, Made]:
    """Re-raises refusals and input mistakes as ``ArrangingError``."""

    @wraps(arrange)
    def wrapper(*args: Arguments.args, **options: Arguments.kwargs) -> Made:
        try:
            return arrange(*args, **options)
        except (Refusal, Mistake) as error:
            raise ArrangingError(str(error)) from None

    return wrapper


class Arranging(Handle):
    """The part of a handle that puts things into its fake."""

    _site_id = ""  # of the site the handle is limited to
    _addresses = WEBFLOW  # what URLs of files start with

    @property
    def site(self) -> Site:
        """The first site, or the one this is limited to, as it is now.

        Raises:
            ArrangingError: There is none.
        """
        known = fake_of(self).state.world.sites
        found = known.get(self._site_id) if self._site_id else next(iter(known.values()), None)
        if found is None:
            raise ArrangingError("this world has no site; add one first: fake_webflow.add_site('Demo')")
        return found

    @property
    def collections(self) -> Mapping[str, Collection]:
        """The site's collections by slug, as they are now; ids and display names find them as well.

        The error of an unknown name says which is nearest.
        """
        found = fake_of(self).state.world.collections.values()
        return CollectionsBySlug((one.slug, one) for one in found if one.site_id == self.site.id)

    @_raise_arranging_errors
    def add_site(self, display_name: str, *, locales: Sequence[str] = ("en",), published: bool = True) -> Site:
        """Adds a site.

        Args:
            display_name: As people see it.
            locales: Tags of its locales, as ``en`` or ``pt-BR``; the first is the primary one. With ``en`` alone it is
                a site without localization.
            published: Whether it was published; live calls need that.

        Raises:
            ArrangingError: No locale, or one that cannot be.
        """
        tags = [locales] if isinstance(locales, str) else list(locales)
        if not tags:
            raise ArrangingError("locales names at least one locale, as ['en', 'fr']")
        spec: SiteRow = {"displayName": display_name}
        if tags != ["en"]:
            primary, *secondary = [LocaleRow(tag=tag) for tag in tags]
            spec["locales"] = {"primary": primary, "secondary": secondary}
        with strip_place(f"{_SITE}."), self._commit_call() as call:
            check_scenario({"sites": [spec]})
            now = call.now()
            context = BuildContext(call.ids, call.profile, call.addresses, now)
            spec["createdOn"] = timestamp(now)
            call.world, site = build_site(call.world, spec, _SITE, Registry(), context)
            call.ids = context.ids
            site = replace(site, last_published=site.created_on if published else None)
            call.world = call.world.with_site(site)
        return site

    @_raise_arranging_errors
    def add_collection(
        self,
        display_name: str,
        *,
        fields: Fields = (),
        singular_name: str | None = None,
        slug: str | None = None,
        site: Site | None = None,
        published: bool = True,
    ) -> Collection:
        """Adds a collection without items; the fields name and slug it has in any case.

        >>> fake_webflow.add_collection("Posts", fields={"title": "PlainText", "views": {"type": "Number"}})

        Args:
            display_name: As people see it.
            fields: Types by name, or a list of fields with ``displayName``, ``type`` and perhaps ``slug``,
                ``isRequired``, ``isEditable``, ``helpText`` and ``validations`` as scenarios have them. In
                ``validations``, ``options`` may be names and ``collectionId`` a collection, its slug or its id.
            singular_name: Of one item; made of ``display_name`` where it is left out.
            slug: Its part of the address; likewise.
            site: Where it is; the first site where it is left out.
            published: Whether a site publish took its structure; live calls need that.

        Raises:
            ArrangingError: A field that cannot be, or a name that is taken.
        """
        owner = self._owning_site(site)
        with self._commit_call() as call:
            rows = spell_out_fields(display_name, fields, lambda name: self._find_collection(name).id)
            try:
                call.world, collection = collection_rules.create_collection(
                    call.world,
                    owner,
                    call,
                    display_name=display_name,
                    singular_name=singular_name or display_name.removesuffix("s") or display_name,
                    slug=slug,
                    fields=(),
                )
            except Refusal as refusal:
                raise ArrangingError(f"{refusal}{_hint_taken(refusal, owner, slug or display_name)}") from None
            collection = add_fields(call.world, collection, rows, call)._replace(structure_published=published)
            call.world = call.world.with_collection(collection)
        return collection

    @_raise_arranging_errors
    def add_items(
        self,
        collection: Collection | str,
        items: int | Sequence[Mapping[str, Any]],
        *,
        published: bool = True,
        draft: bool | None = None,
        archived: bool = False,
        locales: str | Sequence[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Adds items, any number of them.

        Args:
            collection: Where to: the collection, its slug or its id.
            items: How many, with data that Faker makes up by field type under the seed (it comes with the extra
                ``[data]``); or their field data.
            published: Whether they are live as well.
            draft: Whether they are drafts; left out, published items are none and others are as the API makes them.
            archived: Whether they are archived.
            locales: The locale they are in, or several for a variant in each: tags or ids. The primary one where it is
                left out.

        Returns:
            The items as the API answers them, one for each locale.

        Raises:
            ArrangingError: Field data that the collection does not take; nothing is added.
        """
        with self._commit_call() as call:
            found = self._find_collection(collection)
            cms_locale_ids = self._find_cms_locale_ids(found, locales)
            slugs = [field.slug for field in found.fields]
            check_given_items(items, slugs)
            rows = (
                self._make_up_rows(found, items, cms_locale_ids[0]) if isinstance(items, int) else to_json_rows(items)
            )
            if draft is None:
                draft = not published and call.profile.items_create_is_draft == "true"
            create = create_live_items if published else create_items
            new = [NewItem(row, cms_locale_ids, draft, archived) for row in rows]
            try:
                call.world, made = create(
                    call.world, found, new, call, skip_invalid_files=False, suffix_duplicates=False
                )
            except Refusal as refusal:
                hint = hint_unknown_field(found, rows, slugs) or hint_wanted_ids(found, refusal, call.world)
                raise ArrangingError(f"{refusal}{hint}") from None
        return [orjson.loads(item.json) for item in made]

    def add_item(
        self,
        collection: Collection | str,
        field_data: Mapping[str, Any] | None = None,
        *,
        published: bool = True,
        draft: bool | None = None,
        archived: bool = False,
        locale: str | None = None,
    ) -> dict[str, Any]:
        """Adds one item; see ``add_items``.

        Args:
            collection: Where to: the collection, its slug or its id.
            field_data: Its field data; made up where it is left out.
            published: Whether it is live as well.
            draft: Whether it is a draft.
            archived: Whether it is archived.
            locale: The locale it is in: tag or id.

        Raises:
            ArrangingError: Field data that the collection does not take.
        """
        items = 1 if field_data is None else [field_data]
        (added,) = self.add_items(
            collection, items, published=published, draft=draft, archived=archived, locales=locale
        )
        return added

    @_raise_arranging_errors
    def add_asset(
        self,
        content: str | Path | bytes,
        *,
        file_name: str | None = None,
        alt_text: str | None = None,
        folder: str | None = None,
        site: Site | None = None,
        uploaded: bool = True,
    ) -> dict[str, Any]:
        """Adds an asset with its bytes, which the file host serves from then on.

        Args:
            content: A file, or bytes.
            file_name: How it is called; the name of the file where it is left out.
            alt_text: In the primary locale.
            folder: Display name of an asset folder, which is made if the site has none of that name.
            site: Whose it is; the first site's where it is left out.
            uploaded: Whether its bytes are there, or it is registered alone.

        Returns:
            The asset as the API answers it.

        Raises:
            ArrangingError: Bytes without a name, or a name that no asset can have.
            OSError: The file cannot be read.
        """
        if isinstance(content, bytes) and not file_name:
            raise ArrangingError("bytes have no name of their own: add_asset(b'...', file_name='photo.png')")
        data = content if isinstance(content, bytes) else Path(content).read_bytes()
        name = file_name or Path(str(content)).name
        digest = md5(data, usedforsecurity=False).hexdigest()
        owner = self._owning_site(site)
        with self._commit_call() as call:
            folder_id = None if folder is None else self._find_or_create_folder(call, owner, folder)
            call.world, asset = asset_rules.create_asset(call.world, owner, name, digest, folder_id, call)
            if alt_text is not None:
                call.world, asset = asset_rules.update_asset(call.world, asset, "", call, {"altText": alt_text})
            if uploaded:
                file = StoredFile(asset.key, asset.content_type, digest, data, CACHE_CONTROL)
                call.world = call.world.with_files([file])
            return asset_object(call, asset, "")

    def items(self, collection: Collection | str, *, locale: str | None = None) -> ItemViews:
        """The items of a collection as they are now: ``.live``, ``.staged``, ``.drafts``, ``.archived``.

        Args:
            collection: The collection, its slug or its id.
            locale: In which locale: tag or id; the primary one where it is left out.

        Raises:
            ArrangingError: No such collection or locale.
        """
        found = self._find_collection(collection)
        return ItemViews(found, self._find_cms_locale_ids(found, locale)[0])

    def _find_collection(self, named: Collection | str) -> Collection:
        # The site's own come first: names are unique within a site alone.
        known = list(self.collections.values())
        if not self._site_id:
            known += fake_of(self).state.world.collections.values()
        name = named.id if isinstance(named, Collection) else named
        found = next((one for one in known if name in (one.id, one.slug, one.display_name)), None)
        if found is None:
            near = suggest(str(name), dict.fromkeys(one.slug for one in known))
            raise ArrangingError(f"no collection is named {name!r}; {near}")
        return found

    def _owning_site(self, site: object) -> Site:
        if site is None:
            return self.site
        if not isinstance(site, Site):
            raise ArrangingError(f"a site is what add_site gave, or fake_webflow.site; not {site!r}")
        return site

    @contextmanager
    def _commit_call(self) -> Iterator[Call]:
        """A call outside any request: its world, clock and ids, as the block leaves them, are committed at the end."""
        fake = fake_of(self)
        with make_call(fake, self._addresses) as call:
            yield call
            fake.change(lambda now: now._replace(world=call.world, clock=call.clock, ids=call.ids))

    def _make_up_rows(self, collection: Collection, count: int, cms_locale_id: str) -> list[dict[str, Any]]:
        state = fake_of(self).state
        referred = {str(field.rule("collectionId")) for field in collection.fields if field.rule("collectionId")}
        others = [state.world.collections[name] for name in referred if name in state.world.collections]
        known = {one.id: [item.id for item in one.staged.in_locale(cms_locale_id).by_id] for one in others}
        return generate_field_data(collection, count, seed=state.ids.seed * 1_000_003 + state.ids.drawn, items=known)

    def _find_cms_locale_ids(self, collection: Collection, named: str | Sequence[str] | None) -> tuple[str, ...]:
        site = fake_of(self).state.world.site(collection.site_id)
        if named is None:
            return (site.primary.cms_locale_id,)
        known: dict[str, str] = {}
        for locale in (site.primary, *site.secondary):
            known |= dict.fromkeys((locale.tag, locale.id, locale.cms_locale_id), locale.cms_locale_id)
        names = [named] if isinstance(named, str) else list(named)
        tags = [locale.tag for locale in (site.primary, *site.secondary)]
        if not names:
            raise ArrangingError(f"locales names at least one locale; choose from: {', '.join(tags)}")
        for name in names:
            if name not in known:
                raise ArrangingError(f"no locale is named {name!r}; {suggest(name, tags)}")
        return tuple(dict.fromkeys(known[name] for name in names))

    def _find_or_create_folder(self, call: Call, site: Site, name: str) -> str:
        for folder in call.world.asset_folders:
            if (folder.site_id, folder.display_name) == (site.id, name):
                return folder.id
        call.world, made = asset_rules.create_folder(call.world, site, name, None, call)
        return made.id


def _hint_taken(refusal: Refusal, site: Site, name: str) -> str:
    if "collections.create.duplicate" not in refusal.clauses:
        return ""
    return (
        f"; {site.display_name} has a collection {slugify(name)!r} already, perhaps from the scenario: take that as "
        f"collections[{slugify(name)!r}], give another slug, or begin with the scenario 'empty'"
    )


@contextmanager
def make_call(fake: Fake, addresses: Addresses = WEBFLOW) -> Iterator[Call]:
    """A call outside any request, of the fake as it is now; until the end of the block nobody else writes."""
    with fake.hold_lock() as state:
        yield Call(
            parameters={},
            query={},
            query_pairs=(),
            body=None,
            token=next(iter(state.world.tokens.values())),
            world=state.world,
            clock=state.clock,
            ids=state.ids,
            profile=fake.profile,
            addresses=addresses,
            signing_key=fake.signing_key,
            rate_limited=False,
        )


class FakeSite(Arranging):
    """A handle on one site of a fake: what is added without naming a site is added there.

    Args:
        whole: The handle on the fake.
        site: Which site.
    """

    def __init__(self, whole: Handle, site: Site) -> None:
        self._whole = whole
        self._site_id = site.id

    def _open(self) -> Fake:
        return fake_of(self._whole)

    def __repr__(self) -> str:
        return f"<FakeSite: {self.site}>"
