"""Field data: checked against a collection's fields, with all mistakes of a request collected, then merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..rules import Problem, Refusal
from .collections import Collection, Field
from .imports import FileImport
from .slugs import find_free_slug, slugify
from .values import FILE_TYPES, REFERENCE_TYPES, VALUE_CHECKS, InvalidValue
from .world import Context, World

# Flags of version 1 of the API; once seen accepted inside field data and dropped (``field-data.v1-flags``).
_V1_FLAGS = ("_archived", "_draft")


class FieldDataCheck:
    """Checks the field data of one request.

    Mistakes are collected over all of its items and refused together by ``finish``; only a missing required field is
    refused at once, as recorded (``field-data.required``).

    Args:
        world: To look references and files up in.
        collection: Whose fields apply.
        context: The moment of the request.
        skip_invalid_files: Whether files that cannot be imported are left out (True) or refused (False).

    Attributes:
        world, collection, context: As given.
        problems: The mistakes found so far.
    """

    def __init__(self, world: World, collection: Collection, context: Context, *, skip_invalid_files: bool) -> None:
        self.world = world
        self.collection = collection
        self.context = context
        self._profile = context.profile
        self._fields = {field.slug: field for field in collection.fields}
        self.problems: list[Problem] = []
        self._claimed: dict[tuple[str, str], str] = {}
        self._known_references: set[tuple[str, str, str]] = set()  # items of one request often refer to the same few
        bucket_id = world.site(collection.site_id).cms_bucket_id
        self._files = FileImport(world, bucket_id, context, skip_invalid=skip_invalid_files)

    def check_new(self, data: Mapping[str, Any], cms_locale_id: str) -> dict[str, Any]:
        """Checked field data of a new item, without its slug where none was sent."""
        for field in self.collection.fields:
            if field.is_required and field.slug != "slug" and data.get(field.slug) is None:
                raise Refusal("field-data.required", field=field.slug)
        checked = self._check_fields(data, cms_locale_id)
        if self._profile.items_unset_fields == "null":
            unset = (field.slug for field in self.collection.fields if field.slug != "slug")
            checked = {**checked, **{slug: None for slug in unset if slug not in checked}}
        return checked

    def check_changes(self, changes: Mapping[str, Any], cms_locale_id: str) -> dict[str, Any]:
        """What a change writes into an item's field data; the rest of it stays (``items.update.merges``)."""
        cleared = [slug for slug, value in changes.items() if value is None]
        if cleared and self._profile.items_update_null == "ignored":
            changes = {slug: value for slug, value in changes.items() if value is not None}
        else:
            required = (slug for slug in cleared if slug in self._fields and self._fields[slug].is_required)
            self.problems += [Problem("field-data.required-cleared", slug) for slug in required]
        return self._check_fields(changes, cms_locale_id)

    def choose_slug(
        self,
        data: Mapping[str, Any],
        item_id: str,
        cms_locale_id: str,
        *,
        shared: str | None = None,
        suffix_duplicates: bool,
    ) -> str:
        """The slug a new item gets: that of its other variants, the one sent, or one made from its name.

        Args:
            data: Checked field data.
            item_id: The item's own id; its variants may share a slug.
            cms_locale_id: Where it is to be unique, if the choice ``items.slug.scope`` says so.
            shared: The slug of its other variants, if it has some.
            suffix_duplicates: What happens to a sent slug that is taken: suffixed, or refused.
        """
        sent = data.get("slug")
        made = shared or (sent if isinstance(sent, str) else slugify(str(data.get("name"))))
        if sent is not None and not suffix_duplicates:
            self._refuse_taken(made, item_id, cms_locale_id)
            slug = made
        else:
            slug = find_free_slug(
                made, lambda: self.context.digits(5), lambda slug: self._is_taken(slug, item_id, cms_locale_id)
            )
        self._claim(slug, item_id, cms_locale_id)
        return slug

    def check_changed_slug(self, slug: str, before: str, item_id: str, cms_locale_id: str) -> None:
        """Checks a slug sent with a change."""
        if slug == before:
            if self._profile.items_update_own_slug == "accept":
                return
            self.problems.append(Problem("items.slug.unique", "slug", {"slug": slug}))
        self._refuse_taken(slug, item_id, cms_locale_id)
        self._claim(slug, item_id, cms_locale_id)

    def finish(self) -> World:
        """The world with the imported files in it.

        Raises:
            Refusal: ``field-data.invalid`` with every mistake found.
        """
        if self.problems:
            raise Refusal("field-data.invalid", self.problems)
        return self.world.with_files(self._files.stored)

    def _check_fields(self, data: Mapping[str, Any], cms_locale_id: str) -> dict[str, Any]:
        fields, profile = self._fields, self._profile
        checked: dict[str, Any] = {}
        for slug, value in data.items():
            field = fields.get(slug)
            try:
                if field is None:
                    self._note_unknown(slug)
                elif field.check is not None and value is not None:
                    checked[slug] = field.check(value, profile)
                else:
                    self.keep(checked, field, value, cms_locale_id)
            except InvalidValue as invalid:
                self.problems.append(Problem(invalid.clause, slug, invalid.values))
        return checked

    def _note_unknown(self, slug: str) -> None:
        if slug not in _V1_FLAGS:
            self.problems.append(Problem("field-data.unknown-field", slug))

    def keep(self, checked: dict[str, Any], field: Field, value: Any, cms_locale_id: str) -> None:
        """Puts what the field keeps of the value under the field's slug, if it keeps anything.

        It is asked for null, and for fields that have no check of their own.

        Raises:
            InvalidValue: The field does not take it.
        """
        if value is None:
            checked[field.slug] = None
        elif field.type in FILE_TYPES:
            kept = self._files.import_value(value, field)
            if kept is not None or self._profile.items_file_failed_import == "null":
                checked[field.slug] = kept
        else:
            kept = VALUE_CHECKS[field.type](field.validations or {})(value, self._profile)
            if field.type in REFERENCE_TYPES:
                self._check_references(field, kept, cms_locale_id)
            checked[field.slug] = kept

    def _check_references(self, field: Field, kept: str | list[str], cms_locale_id: str) -> None:
        target_id = str(field.rule("collectionId"))
        for item_id in [kept] if isinstance(kept, str) else kept:
            place = target_id, item_id, cms_locale_id
            if place not in self._known_references:
                target = self.world.collections.get(target_id)
                if target is None or target.staged.get(item_id, cms_locale_id) is None:
                    raise InvalidValue("field-data.reference.not-found", item_id)
                self._known_references.add(place)

    def _is_taken(self, slug: str, item_id: str, cms_locale_id: str) -> bool:
        """Whether another item holds the slug, staged or live, or a deleted live item still does.

        What is left of the deleted item, a variant in another locale, may go on with it. Variants of one item may
        share a slug (``items.slug.shared-by-variants``); how far it reaches between items is the choice
        ``items.slug.scope``.
        """
        if self._claimed.get((self._scope(cms_locale_id), slug), item_id) != item_id:
            return True
        staged, live = self.collection.staged, self.collection.live
        in_scope = None if self._profile.items_slug_scope == "collection" else (cms_locale_id,)
        holders = staged.find_by_slug(slug, in_scope) + live.find_by_slug(slug, in_scope)
        if any(holder.id != item_id for holder in holders):
            return True
        if slug not in self.collection.held_slugs or self._profile.items_slug_held_after_delete == "free":
            return False
        return all(holder.id != item_id for holder in staged.find_by_slug(slug) + live.find_by_slug(slug))

    def _refuse_taken(self, slug: str, item_id: str, cms_locale_id: str) -> None:
        if self._is_taken(slug, item_id, cms_locale_id):
            self.problems.append(Problem("items.slug.unique", "slug", {"slug": slug}))

    def _claim(self, slug: str, item_id: str, cms_locale_id: str) -> None:
        self._claimed[self._scope(cms_locale_id), slug] = item_id

    def _scope(self, cms_locale_id: str) -> str:
        return "" if self._profile.items_slug_scope == "collection" else cms_locale_id
