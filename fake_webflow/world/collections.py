"""Collections and their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .items import Copies, Item
from .values import Check, make_check

NAME_AND_SLUG = ("name", "slug")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a collection.

    Args:
        id: 32 hexadecimal digits (clause ``collections.field.id``).
        type: One of the keys of ``values.CHECKS``.
        slug: Its key in field data.
        display_name: What people see.
        is_required: Whether no item may do without it.
        is_editable: Whether people may change its values.
        help_text: What the editor shows beside it.
        validations: Rules by Webflow's names for them (``maxLength``, ``options``, ``collectionId``, ...), or None.

    Attributes:
        check: What it keeps of a value, its rules resolved once and for all; None where others are to be asked.
    """

    id: str
    type: str
    slug: str
    display_name: str
    is_required: bool = False
    is_editable: bool = True
    help_text: str | None = None
    validations: Mapping[str, Any] | None = None
    check: Check | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "check", make_check(self.type, self.slug, self.validations or {}))

    def rule(self, name: str) -> Any:
        """The validation of that name, or None."""
        return self.validations.get(name) if self.validations else None


def name_and_slug_fields(name_id: str, slug_id: str) -> tuple[Field, Field]:
    """The two fields every collection has, with the validations recorded for them (``collections.name-and-slug``)."""
    too_long = "Must be less than 256 characters"
    pattern = "Must be alphanumerical and not contain any spaces or special characters"
    return (
        Field(name_id, "PlainText", "name", "Name", is_required=True, validations={"maxLength": 256}),
        Field(
            slug_id,
            "PlainText",
            "slug",
            "Slug",
            is_required=True,
            validations={
                "maxLength": 256,
                "pattern": {},
                "messages": {"pattern": pattern, "maxLength": too_long},
            },
        ),
    )


class FieldGroup(NamedTuple):
    """Fields that the editor shows together.

    Args:
        display_name: Unlike those of the collection's other groups.
        field_ids: In the order they are shown; a field is in one group at most.
        description: What the editor shows beside it, or None.
    """

    display_name: str
    field_ids: tuple[str, ...]
    description: str | None = None


class Collection(NamedTuple):
    """One collection with its items.

    Args:
        id: 24 hexadecimal digits.
        site_id: The site it belongs to.
        display_name: Plural, as people see it.
        singular_name: For one item.
        slug: Its part of the address.
        created_on: Instant.
        last_updated: Instant of the last change to its structure; item writes leave it alone.
        fields: In their order.
        staged: The items as the editor shows them.
        live: The items as they are published.
        held_slugs: Slugs of deleted live items, taken until the next site publish.
        structure_published: Whether the last site publish took the structure as it is now.
        field_groups: How the editor groups the fields.
    """

    id: str
    site_id: str
    display_name: str
    singular_name: str
    slug: str
    created_on: int
    last_updated: int
    fields: tuple[Field, ...]
    staged: Copies = Copies()
    live: Copies = Copies()
    held_slugs: frozenset[str] = frozenset()
    structure_published: bool = True
    field_groups: tuple[FieldGroup, ...] = ()

    def __repr__(self) -> str:
        items = f"{len(self.staged)} staged items, {len(self.live)} live"
        return f"<Collection {self.slug!r}: id {self.id}, {len(self.fields)} fields, {items}>"

    def field_with_slug(self, slug: str) -> Field | None:
        """The field of that slug, or None."""
        return next((found for found in self.fields if found.slug == slug), None)

    def with_staged(self, items: Iterable[Item]) -> Collection:
        """With these staged items."""
        return self._replace(staged=self.staged.put(items))

    def with_live(self, items: Iterable[Item]) -> Collection:
        """With these live items."""
        return self._replace(live=self.live.put(items))
