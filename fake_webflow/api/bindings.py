"""Which clauses the answers of an operation follow where they do not refuse: refusals name theirs themselves."""

from __future__ import annotations

from collections.abc import Mapping

from ..storage import DETAILS_CLAUSES

CLAUSES_OF_EVERY_ANSWER = (
    "requests.order",
    "errors.envelope",
    "errors.details",
    "errors.external-reference",
    "http.json",
    "http.etag",
    "http.no-content",
    "ids.object-id",
    "rate.window",
    "rate.headers",
    "rate.headers.on",
)
"""What no operation is needed for: the HTTP, the envelope and the headers of every answer."""

_PAGES = ("lists.page.default", "lists.offset.beyond-total", "lists.pagination", "lists.limit-over-100")
_ITEM = ("items.object.keys", "items.object.timestamps", "items.object.nulls", "items.locale.default")
_LISTING = (
    *_ITEM,
    *_PAGES,
    "items.list.newest-first",
    "items.list.filters",
    "items.list.dates",
    "items.list.sort",
    "items.list.sort-order",
    "items.list.ties",
    "items.list.locales",
)
_EVENTS = ("webhooks.events", "webhooks.payload.item")
_PUBLISHED = (*_EVENTS, "webhooks.payload.locale-keys")
_FIELD_DATA = (
    "field-data.files",
    "field-data.rich-text",
    "field-data.skip-invalid-files",
    "field-data.cms-bucket",
    "field-data.date-time.normalised",
    "field-data.number.whole",
    "field-data.v1-flags",
    "field-data.text-suffix",
    "items.video-link.read",
    "items.image.sent-file-id",
    "items.file.failed-import",
    "items.option.write-by-name",
)
_CREATING = (
    *_FIELD_DATA,
    *_EVENTS,
    "items.create.fresh",
    "items.slug.generated",
    "items.slug.suffix",
    "items.slug.scope",
    "items.slug.held-after-delete",
    "items.unset-fields",
    "items.bulk.atomic",
    "ids.time",
    "plan.limits",
)
_UPDATING = (
    *_FIELD_DATA,
    *_EVENTS,
    "items.update.answer",
    "items.update.merges",
    "items.update.one-variant",
    "items.update.read-only-keys",
    "items.update.null",
    "items.update.own-slug",
    "items.update.name-keeps-slug",
)
_STAGED_UPDATE = (*_UPDATING, "items.update.timestamps", "items.update.leaves-live")
_SEVERAL = ("items.update-bulk.order", "items.bulk.atomic")
_LIVE_UPDATE = (
    *_UPDATING,
    "items.update-live.both-copies",
    "items.update-live.moves-last-published",
    "items.update-live.staged-changes",
    "items.update-live.is-draft",
    "items.live.nulls",
    "webhooks.payload.locale-keys",
)
_UNPUBLISH = (*_PUBLISHED, "items.unpublish.staged", "items.unpublish.last-published")
_ASSET = ("assets.object", "assets.listed-before-upload", "assets.size-after-upload", "assets.hosted-url.form")
_FIELD = ("collections.field.keys", "collections.field.id")

CLAUSES_BY_OPERATION: Mapping[str, tuple[str, ...]] = {
    "token.introspect": ("token.introspect.answer", "token.introspect.site-token"),
    "token.authorized-by": ("token.authorized-by.answer",),
    "sites.list": ("sites.list.no-pages", "sites.list.granted", "sites.object.keys"),
    "sites.get": ("sites.object.keys",),
    "sites.list-custom-domains": ("sites.custom-domains",),
    "sites.publish": (
        *_PUBLISHED,
        "webhooks.payload.site-publish",
        "publishing.site.answer",
        "publishing.site.items",
        "publishing.site.drafts",
        "publishing.site.archived",
        "publishing.site.dates",
        "rate.site-publish.headers",
        "items.slug.held-after-delete",
    ),
    "collections.list": ("collections.list.summaries",),
    "collections.get": (*_FIELD, "collections.name-and-slug", "collections.item-writes"),
    "collections.create": (
        *_FIELD,
        "collections.create.answer",
        "collections.create.slug",
        "collections.name-and-slug",
        "ids.time",
        "plan.limits",
    ),
    "collections.delete": ("collections.delete.answer",),
    "fields.create": (*_FIELD, "collections.field.create", "collections.field.slug"),
    "fields.update": (*_FIELD, "collections.field.update", "collections.field.slug"),
    "fields.delete": ("collections.field.delete.answer", "collections.field.delete.values"),
    "items.list": (*_LISTING, "items.list.all-states"),
    "items.get": (*_ITEM, "items.get.locales"),
    "items.create": (
        *_CREATING,
        "items.create.answer",
        "items.create.is-draft",
        "items.create.duplicate-slug",
        "items.create.unlinked",
    ),
    "items.insert": (
        *_CREATING,
        "items.insert.answer",
        "items.insert.variants",
        "items.create.is-draft",
        "items.create-bulk.duplicate-slug",
        "items.slug.shared-by-variants",
    ),
    "items.create-bulk": (
        *_CREATING,
        "items.create.variants",
        "items.create.is-draft",
        "items.create-bulk.duplicate-slug",
        "items.bulk-response.form",
        "items.slug.shared-by-variants",
    ),
    "items.update": _STAGED_UPDATE,
    "items.update-bulk": (*_STAGED_UPDATE, *_SEVERAL, "items.update-bulk.pagination"),
    "items.delete": (*_EVENTS, "items.delete.answer"),
    "items.delete-bulk": (*_EVENTS, "items.delete.answer", "items.bulk.atomic"),
    "items.publish": (
        *_PUBLISHED,
        "webhooks.publish.changed",
        "publishing.items.answer",
        "publishing.items.timestamps",
        "publishing.items.partial",
        "publishing.items.locales",
        "items.publish.clears-draft",
        "items.publish.archived",
        "items.live.nulls",
    ),
    "live-items.list": (*_LISTING, "items.live.list", "items.live.nulls"),
    "live-items.get": (*_ITEM, "items.get.locales", "items.live.list", "items.live.nulls"),
    "live-items.create": (
        *_CREATING,
        "items.create.answer",
        "items.create-live.published",
        "webhooks.payload.locale-keys",
        "items.create.duplicate-slug",
        "items.create.unlinked",
    ),
    "live-items.update": _LIVE_UPDATE,
    "live-items.update-bulk": (*_LIVE_UPDATE, *_SEVERAL),
    "live-items.delete": _UNPUBLISH,
    "live-items.delete-bulk": (*_UNPUBLISH, "items.bulk.atomic"),
    "assets.list": (*_ASSET, *_PAGES, "assets.list.order", "assets.list.folder-id"),
    "assets.get": _ASSET,
    "assets.create": (
        *DETAILS_CLAUSES,
        "assets.create.answer",
        "assets.create.key",
        "assets.create.status",
        "assets.create.duplicate-hash",
        "assets.content-type",
        "assets.hosted-url.form",
        "assets.display-name",
        "assets.upload.size-limit",
        "assets.upload.checks-md5",
        "ids.time",
    ),
    "assets.update": (*_ASSET, "assets.update.alt-text", "assets.update.locale", "assets.update.unknown-keys"),
    "assets.delete": ("assets.delete.answer", "assets.delete.keeps-imports"),
    "asset-folders.list": ("asset-folders.object", "asset-folders.list", *_PAGES),
    "asset-folders.get": ("asset-folders.object",),
    "asset-folders.create": ("asset-folders.object", "asset-folders.create"),
    "webhooks.list": ("webhooks.object", "webhooks.list"),
    "webhooks.get": ("webhooks.object",),
    "webhooks.create": (
        "webhooks.object",
        "webhooks.create.answer",
        "webhooks.create.secret-key",
        "webhooks.delivery.json",
        "webhooks.delivery.signature",
        "webhooks.delivery.failure",
        "webhooks.delivery.retries",
        "webhooks.delivery.deactivation",
        "ids.time",
    ),
    "webhooks.delete": ("webhooks.delete.answer",),
}
