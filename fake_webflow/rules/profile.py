"""The open choices: where the evidence conflicts or ends, which way this fake goes.

Each field is one choice, its default first among its options. What an option means, the evidence for it and the reason
for the default stand in the ledger under the clause the field names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from ..wording import join_lines, suggest


def _choice(name: str, default: str) -> Any:
    return field(default=default, metadata={"clause": name})


@dataclass(frozen=True, slots=True)
class Profile:
    """One way through the open choices; ``Profile()`` is the built-in one."""

    asset_folders_list_page_size: Literal["100", "25"] = _choice("asset-folders.list.page-size", "100")
    asset_folders_name_scope: Literal["site", "parent"] = _choice("asset-folders.name-scope", "site")
    assets_create_duplicate_hash: Literal["return-existing", "new-asset"] = _choice(
        "assets.create.duplicate-hash", "return-existing"
    )
    assets_create_hash_format: Literal["any-string", "md5-hex"] = _choice("assets.create.hash-format", "any-string")
    assets_create_status: Literal["200", "202"] = _choice("assets.create.status", "200")
    assets_display_name: Literal["id-and-file-name", "file-name"] = _choice("assets.display-name", "id-and-file-name")
    assets_hosted_url_form: Literal["cdn", "s3"] = _choice("assets.hosted-url.form", "cdn")
    assets_list_locale_id: Literal["lenient", "secondary-only"] = _choice("assets.list.locale-id", "lenient")
    assets_list_order: Literal["no-date-order", "newest-first", "oldest-first"] = _choice(
        "assets.list.order", "no-date-order"
    )
    assets_listed_before_upload: Literal["yes", "no"] = _choice("assets.listed-before-upload", "yes")
    assets_size_after_upload: Literal["zero", "bytes"] = _choice("assets.size-after-upload", "zero")
    assets_upload_checks_md5: Literal["no", "yes"] = _choice("assets.upload.checks-md5", "no")
    assets_upload_size_limit: Literal["policy", "by-type", "none"] = _choice("assets.upload.size-limit", "policy")
    collections_field_create_answer: Literal["metadata", "validations"] = _choice(
        "collections.field.create-answer", "metadata"
    )
    collections_field_unpublished_target: Literal["accept", "reject"] = _choice(
        "collections.field.unpublished-target", "accept"
    )
    collections_field_groups_none: Literal["absent", "empty"] = _choice("collections.field-groups.none", "absent")
    errors_external_reference: Literal["null", "absent-on-item-patch"] = _choice("errors.external-reference", "null")
    errors_site_not_granted: Literal["401", "404", "403"] = _choice("errors.site-not-granted", "401")
    errors_unknown_route: Literal["v1-style", "v2-envelope"] = _choice("errors.unknown-route", "v1-style")
    filters_dates: Literal["refuse", "accept"] = _choice("filters.dates", "refuse")
    filters_file: Literal["refuse", "exists"] = _choice("filters.file", "refuse")
    filters_refusal: Literal["bad-request", "validation-error"] = _choice("filters.refusal", "bad-request")
    filters_text_case: Literal["exact", "ignored"] = _choice("filters.text-case", "exact")
    filters_unset: Literal["differs", "never-matches"] = _choice("filters.unset", "differs")
    http_head: Literal["as-get", "unknown-route"] = _choice("http.head", "as-get")
    http_if_none_match: Literal["not-modified", "ignored"] = _choice("http.if-none-match", "not-modified")
    http_regions: Literal["both", "us"] = _choice("http.regions", "both")
    items_bulk_response_form: Literal["items", "single-when-one"] = _choice("items.bulk-response.form", "items")
    items_create_bulk_duplicate_slug: Literal["reject", "suffix"] = _choice(
        "items.create-bulk.duplicate-slug", "reject"
    )
    items_create_duplicate_slug: Literal["suffix", "reject"] = _choice("items.create.duplicate-slug", "suffix")
    items_create_is_draft: Literal["true", "false"] = _choice("items.create.is-draft", "true")
    items_file_failed_import: Literal["absent", "null"] = _choice("items.file.failed-import", "absent")
    items_get_locales: Literal["reject", "first-that-has-it"] = _choice("items.get.locales", "reject")
    items_image_plain_url: Literal["reject", "accept"] = _choice("items.image.plain-url", "reject")
    items_image_sent_file_id: Literal["minted-anew", "kept"] = _choice("items.image.sent-file-id", "minted-anew")
    items_live_nulls: Literal["left-out", "kept"] = _choice("items.live.nulls", "left-out")
    items_list_all_cms_locales: Literal["ignored", "every-locale"] = _choice("items.list.all-cms-locales", "ignored")
    items_list_sort_order: Literal["asc", "desc", "reject"] = _choice("items.list.sort-order", "asc")
    items_option_write_by_name: Literal["reject", "accept"] = _choice("items.option.write-by-name", "reject")
    items_publish_archived: Literal["refuse-item", "publish"] = _choice("items.publish.archived", "refuse-item")
    items_publish_clears_draft: Literal["yes", "no"] = _choice("items.publish.clears-draft", "yes")
    items_slug_held_after_delete: Literal["until-site-publish", "free"] = _choice(
        "items.slug.held-after-delete", "until-site-publish"
    )
    items_slug_scope: Literal["collection", "collection-and-locale"] = _choice("items.slug.scope", "collection")
    items_translatable: Literal["not-enabled", "enabled"] = _choice("items.translatable", "not-enabled")
    items_unpublish_last_published: Literal["null", "kept"] = _choice("items.unpublish.last-published", "null")
    items_unset_fields: Literal["absent", "null"] = _choice("items.unset-fields", "absent")
    items_update_bulk_flags_alone: Literal["accept", "reject"] = _choice("items.update-bulk.flags-alone", "accept")
    items_update_bulk_pagination: Literal["present", "absent"] = _choice("items.update-bulk.pagination", "present")
    items_update_live_staged_changes: Literal["patched-only", "publish-all"] = _choice(
        "items.update-live.staged-changes", "patched-only"
    )
    items_update_null: Literal["clears", "ignored"] = _choice("items.update.null", "clears")
    items_update_own_slug: Literal["accept", "reject"] = _choice("items.update.own-slug", "accept")
    items_video_link_read: Literal["object", "string"] = _choice("items.video-link.read", "object")
    lists_limit_over_100: Literal["clamp", "reject"] = _choice("lists.limit-over-100", "clamp")
    plan_limits: Literal["off", "starter", "basic", "cms", "business"] = _choice("plan.limits", "off")
    rate_headers_on: Literal["every-answer", "429-only"] = _choice("rate.headers.on", "every-answer")
    rate_message: Literal["Too Many Requests", "Too many requests"] = _choice("rate.message", "Too Many Requests")
    requests_query_empty: Literal["ignored", "refused"] = _choice("requests.query.empty", "ignored")
    requests_shape_either_form: Literal["every-form", "form-sent"] = _choice("requests.shape.either-form", "every-form")
    sites_data_collection: Literal["absent", "present"] = _choice("sites.data-collection", "absent")
    sorts_unset: Literal["last", "lowest", "highest"] = _choice("sorts.unset", "last")
    token_introspect_site_token: Literal["error-500", "answer"] = _choice("token.introspect.site-token", "error-500")
    webhooks_create_secret_key: Literal["not-to-apps", "always"] = _choice("webhooks.create.secret-key", "not-to-apps")
    webhooks_object_nulls: Literal["absent", "null"] = _choice("webhooks.object.nulls", "absent")
    webhooks_payload_locale_keys: Literal["present", "absent"] = _choice("webhooks.payload.locale-keys", "present")
    webhooks_publish_changed: Literal["yes", "no"] = _choice("webhooks.publish.changed", "yes")

    @property
    def chosen(self) -> dict[str, str]:
        """Every open choice by its clause's name, with the option this profile takes."""
        return {line.metadata["clause"]: getattr(self, line.name) for line in fields(self)}

    def with_choices(self, choices: Mapping[str, str]) -> Profile:
        """This profile with some choices made otherwise.

        Args:
            choices: From the clause's name (``items.create.duplicate-slug``) to one of its options.

        Raises:
            ValueError: No choice has that name, or it has no such option; the message says what there is.
        """
        if not isinstance(choices, Mapping):
            raise ValueError(f"choices go by their names, as {{'items.create.is-draft': 'false'}}; not {choices!r}")
        options = choice_options()
        for name, option in choices.items():
            if name not in options:
                raise ValueError(f"no choice is named {name!r}; {suggest(name, options)}")
            if option not in options[name]:
                raise ValueError(f"{name} has no option {option!r}; it has {', '.join(options[name])}")
        changes: dict[str, Any] = {
            line.name: choices[line.metadata["clause"]] for line in fields(self) if line.metadata["clause"] in choices
        }
        return replace(self, **changes)


def choice_options() -> dict[str, tuple[str, ...]]:
    """Every open choice by its clause's name, with its options, the built-in default first."""
    hints = get_type_hints(Profile)
    return {line.metadata["clause"]: get_args(hints[line.name]) for line in fields(Profile)}


def read_choices(file: Path) -> dict[str, str]:
    """The choices that a YAML file makes, by the clause's name.

    Raises:
        OSError: It cannot be read.
        ValueError: It makes none, or one that there is not; the text names the file.
    """
    import yaml

    try:
        # Every option is a text, so that no, null and 202 are the options of these names.
        choices = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}  # noqa: S506 - texts alone
        if not isinstance(choices, dict) or not all(isinstance(part, str) for pair in choices.items() for part in pair):
            raise ValueError("choices go by their names, one a line, as items.create.is-draft: false")
        Profile().with_choices(choices)
    except RecursionError:
        raise ValueError(f"{file}: it is nested too deeply; choices go by their names, one a line") from None
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file}: {join_lines(str(error))}") from error
    return choices
