"""Operations on assets."""

from __future__ import annotations

from typing import Any

from ..rules import Refusal
from ..storage.policy import SIZE_LIMIT, upload_details
from ..world import asset_rules
from ..world.asset_rules import folders_within
from ..world.assets import Asset
from ..world.imports import LARGEST_DOCUMENT, LARGEST_IMAGE
from ..world.instants import timestamp
from ..world.sites import Site
from .call import NO_CONTENT, Call, Reply, pagination_object, parse_id, read_page


def list_assets(call: Call) -> Reply:
    """``GET /sites/{site_id}/assets``: of the whole site, or of a folder and those below it."""
    site = call.site()
    offset, limit = read_page(call)
    locale_id = _read_locale_id(call, site, None)
    if call.query.get("localeId") and not locale_id and call.profile.assets_list_locale_id == "secondary-only":
        raise Refusal("assets.list.locale-id")
    folder_id = call.query.get("folderId")
    folders = folders_within(call.world, parse_id(folder_id)) if folder_id else None
    found = asset_rules.list_assets(call.world, site, folders, call.profile)
    page = [
        {**asset_object(call, asset, locale_id), "folderId": asset.folder_id}
        for asset in found[offset : offset + limit]
    ]
    return Reply({"assets": page, "pagination": pagination_object(offset, limit, len(found))})


def get_asset(call: Call) -> Reply:
    """``GET /assets/{asset_id}``."""
    asset = _find_readable(call)
    return Reply(asset_object(call, asset, _read_locale_id(call, call.world.site(asset.site_id), None)))


def create_asset(call: Call) -> Reply:
    """``POST /sites/{site_id}/assets``: registers the asset and signs the form its bytes are posted with."""
    folder_id = call.body.get("parentFolder")
    call.world, asset = asset_rules.create_asset(
        call.world,
        call.site(),
        call.body["fileName"],
        call.body["fileHash"],
        parse_id(folder_id) if folder_id else None,
        call,
    )
    details = upload_details(
        key=asset.key,
        content_type=asset.content_type,
        now=call.clock.now,
        signing_key=call.signing_key,
        size_limit=_choose_size_limit(call, asset),
        bucket=call.addresses.bucket_name,
    )
    answer = {
        "uploadDetails": details,
        "contentType": asset.content_type,
        "id": asset.id,
        "parentFolder": asset.folder_id,
        "uploadUrl": call.addresses.upload,
        "assetUrl": call.addresses.asset_url(asset.key),
        "hostedUrl": hosted_url(call, asset),
        "originalFileName": asset.file_name,
        "createdOn": timestamp(asset.created_on),
        "lastUpdated": timestamp(asset.last_updated),
    }
    return Reply(answer, int(call.profile.assets_create_status))


def update_asset(call: Call) -> Reply:
    """``PATCH /assets/{asset_id}``: display name, alt text; the locale stands in the query or, as once, in the body."""
    asset = _find_readable(call)
    locale_id = _read_locale_id(call, call.world.site(asset.site_id), call.body.get("localeId"))
    call.world, changed = asset_rules.update_asset(call.world, asset, locale_id, call, call.body)
    return Reply(asset_object(call, changed, locale_id))


def delete_asset(call: Call) -> Reply:
    """``DELETE /assets/{asset_id}``."""
    call.world = asset_rules.delete_asset(call.world, _find_readable(call))
    return NO_CONTENT


def asset_object(call: Call, asset: Asset, locale_id: str) -> dict[str, Any]:
    """The asset as it is answered, with the alt text of that locale."""
    file = call.world.files.get(asset.key)
    counts = file is not None and call.profile.assets_size_after_upload == "bytes"
    return {
        "id": asset.id,
        "contentType": asset.content_type,
        "size": len(file.data) if file is not None and counts else 0,
        "siteId": asset.site_id,
        "hostedUrl": hosted_url(call, asset),
        "originalFileName": asset.file_name,
        "displayName": asset.display_name,
        "lastUpdated": timestamp(asset.last_updated),
        "createdOn": timestamp(asset.created_on),
        "variants": [],
        "altText": asset.alt_texts.get(locale_id, asset.alt_texts.get("")),
    }


def hosted_url(call: Call, asset: Asset) -> str:
    """Where the asset's bytes are served, in the form of the choice ``assets.hosted-url.form``."""
    form = call.profile.assets_hosted_url_form
    return call.addresses.cdn_url(asset.key) if form == "cdn" else call.addresses.asset_url(asset.key)


def _find_readable(call: Call) -> Asset:
    asset = call.asset()
    if not asset_rules.is_listed(call.world, asset, call.profile):
        raise Refusal("assets.not-found", choice="assets.listed-before-upload")
    return asset


def _read_locale_id(call: Call, site: Site, sent: str | None) -> str:
    """The site locale that is meant: empty for the primary one, which is also meant where none is named."""
    named = call.query.get("localeId") or sent
    locale_id = parse_id(named) if named else site.primary.id
    if locale_id == site.primary.id:
        return ""
    if locale_id not in {locale.id for locale in site.secondary}:
        if "asset_id" not in call.parameters and call.profile.assets_list_locale_id == "secondary-only":
            raise Refusal("assets.list.locale-id")
        raise Refusal("assets.locale-unknown")
    return locale_id


def _choose_size_limit(call: Call, asset: Asset) -> int | None:
    match call.profile.assets_upload_size_limit:
        case "policy":
            return SIZE_LIMIT
        case "by-type":
            return LARGEST_IMAGE if asset.content_type.startswith("image/") else LARGEST_DOCUMENT
        case _:
            return None
