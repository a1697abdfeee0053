"""Drifts of assets and their folders."""

from __future__ import annotations

import hashlib
from typing import Any

from fake_webflow.message import Response

from .drift import drift, official_change
from .exchange import (
    AskApi,
    SentRequest,
    in_answers,
    is_done,
    is_operation,
    iterate_objects_with,
    make_no_content,
    make_refusal,
    read_json,
    with_json,
)

_ASSETS = ("assets.",)


@drift("status", "assets.create.status")
def registering_answers_202(sent: SentRequest, ask: AskApi) -> Response:
    """Registering an asset answers 202 in place of 200."""
    answer = ask(sent)
    return answer._replace(status=202) if sent.operation == "assets.create" and is_done(answer) else answer


@drift("body", "assets.create.answer")
@in_answers("assets.create")
def registered_assets_have_no_asset_url(answer: Any) -> None:
    """The answer to registering an asset has no assetUrl."""
    del answer["assetUrl"]


@drift("nulls", "assets.object", "assets.update.alt-text", source=official_change("39e1f4e", "2024-07-23"))
@in_answers("assets.get", "assets.list", "assets.update")
def no_alt_text_is_an_empty_one(answer: Any) -> None:
    """The property altText of an asset that has none is an empty text in place of null."""
    for asset in iterate_objects_with("altText", answer):
        asset["altText"] = asset["altText"] or ""


@drift("body", "assets.object")
@in_answers("assets.get", "assets.list", "assets.update")
def assets_have_variants(answer: Any) -> None:
    """Assets that were uploaded over the API have variants."""
    for asset in iterate_objects_with("variants", answer):
        variant = {"hostedUrl": asset["hostedUrl"], "originalFileName": asset["originalFileName"]}
        asset["variants"] = [{**variant, "displayName": "", "format": "png", "width": 500, "height": None}]


@drift("values", "assets.display-name")
@in_answers("assets.get", "assets.list")
def assets_are_called_like_their_file(answer: Any) -> None:
    """The display name of an asset is its file's name, without the id before it."""
    for asset in iterate_objects_with("variants", answer):
        asset["displayName"] = asset["displayName"].removeprefix(f"{asset['id']}_")


@drift("writes", "assets.listed-before-upload")
def assets_are_there_after_their_bytes(sent: SentRequest, ask: AskApi) -> Response:
    """An asset can be read only after its bytes have arrived."""
    answer = ask(sent)
    if sent.operation != "assets.get" or not is_done(answer):
        return answer
    if is_done(ask(sent.make_url_request("HEAD", read_json(answer)["hostedUrl"]))):
        return answer
    return make_refusal(answer, 404, "resource_not_found", "Requested resource not found")


@drift("values", "assets.size-after-upload")
def size_is_told_otherwise(sent: SentRequest, ask: AskApi) -> Response:
    """The size of an uploaded asset is the number of its bytes where it was 0."""
    answer = ask(sent)
    if sent.operation != "assets.get" or not is_done(answer):
        return answer
    value = read_json(answer)
    file = ask(sent.make_url_request("GET", value["hostedUrl"]))
    return with_json(answer, {**value, "size": len(file.body) if is_done(file) else 0})


@drift("filters", "assets.list.folder-id")
def folder_id_is_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """The filter folderId is ignored: all assets come."""
    return ask(
        sent.with_query_changes(folderId=None) if sent.operation == "assets.list" and "folderId" in sent.query else sent
    )


@drift("filters", "assets.list.folder-id")
def folders_below_are_left_out(sent: SentRequest, ask: AskApi) -> Response:
    """The filter folderId finds what is right inside a folder, not what is in the folders below it."""
    answer = ask(sent)
    folder = sent.query.get("folderId")
    if sent.operation != "assets.list" or folder is None or not is_done(answer):
        return answer
    value = read_json(answer)
    value["assets"] = [asset for asset in value["assets"] if asset["folderId"] == folder]
    value["pagination"]["total"] = len(value["assets"])
    return with_json(answer, value)


@drift("order", "assets.list.order")
@in_answers("assets.list")
def assets_newest_first(answer: Any) -> None:
    """Assets come newest first."""
    answer["assets"].sort(key=lambda asset: asset["createdOn"], reverse=True)


@drift("locales", "assets.update.locale", source=official_change("9c4fd03", "2026-04-13"))
def the_locale_in_the_body_is_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """The parameter localeId in the body of an update is ignored, and the primary locale's alt text changed."""
    if sent.operation != "assets.update" or "localeId" not in sent.json:
        return ask(sent)
    return ask(sent.with_json_body({key: value for key, value in sent.json.items() if key != "localeId"}))


@drift("locales", "assets.update.locale", "assets.locale-unknown", "assets.list.locale-id")
def alt_texts_are_the_same_everywhere(sent: SentRequest, ask: AskApi) -> Response:
    """The parameter localeId in the query is ignored: an asset has one alt text."""
    return ask(
        sent.with_query_changes(localeId=None) if is_operation(sent, _ASSETS) and "localeId" in sent.query else sent
    )


@drift("writes", "assets.update.alt-text")
def alt_texts_need_a_name(sent: SentRequest, ask: AskApi) -> Response:
    """An update of an asset needs a displayName."""
    if sent.operation == "assets.update" and sent.json and "displayName" not in sent.json:
        text = "Validation Error: [\"Body requires property 'displayName'\"]"
        return make_refusal(ask(sent.make_request("GET", "/v2/sites")), 400, "validation_error", text)
    return ask(sent)


@drift("writes", "assets.delete.answer", "assets.not-found")
def assets_go_later(sent: SentRequest, ask: AskApi) -> Response:
    """Deleting an asset answers 204, and the asset stays for a while."""
    if sent.operation != "assets.delete":
        return ask(sent)
    # An update with nothing in it is refused, and before that whatever refuses a deletion.
    refused = ask(sent.make_request("PATCH", sent.path, {}))
    return refused if refused.status in (401, 403, 404) else make_no_content(refused)


@drift("values", "assets.content-type")
@in_answers("assets.create")
def jpegs_are_jpgs(answer: Any) -> None:
    """The content type of a JPEG is image/jpg."""
    answer["contentType"] = answer["contentType"].replace("jpeg", "jpg")


@drift("limits", "assets.create.file-name-length")
def long_file_names_are_cut(sent: SentRequest, ask: AskApi) -> Response:
    """A file name that is too long is cut, not refused."""
    name = sent.json.get("fileName")
    if sent.operation == "assets.create" and isinstance(name, str) and len(name) > 99:
        return ask(sent.with_json_body({**sent.json, "fileName": name[-99:]}))
    return ask(sent)


@drift("values", "assets.create.file-name")
def odd_file_names_are_mended(sent: SentRequest, ask: AskApi) -> Response:
    """A file name with signs that none has is mended, not refused."""
    answer = ask(sent)
    name = sent.json.get("fileName")
    if sent.operation != "assets.create" or answer.status != 400 or not isinstance(name, str):
        return answer
    mended = "".join(sign if sign.isalnum() or sign in ".-_ " else "-" for sign in name)
    return ask(sent.with_json_body({**sent.json, "fileName": mended}))


@drift("values", "assets.create.duplicate-hash")
def the_same_bytes_are_another_asset(sent: SentRequest, ask: AskApi) -> Response:
    """Registering a hash under another name makes another asset."""
    body = sent.json
    if sent.operation != "assets.create" or not isinstance(body.get("fileHash"), str):
        return ask(sent)
    unlike = hashlib.md5(f"{body['fileHash']} {body.get('fileName')}".encode(), usedforsecurity=False).hexdigest()
    return ask(sent.with_json_body({**body, "fileHash": unlike}))


@drift("values", "assets.hosted-url.form")
@in_answers("assets.create")
def assets_are_hosted_in_the_bucket(answer: Any) -> None:
    """The property hostedUrl is the address in the bucket, not that on the content delivery network."""
    answer["hostedUrl"] = answer["assetUrl"]


@drift("values", "asset-folders.object")
@in_answers("asset-folders.")
def folders_count_their_assets(answer: Any) -> None:
    """The property assets of a folder is the number of its assets."""
    for folder in iterate_objects_with("assets", answer):
        folder["assets"] = len(folder["assets"])


@drift("paging", "asset-folders.list")
@in_answers("asset-folders.list")
def folders_come_at_once(answer: Any) -> None:
    """The list of folders has no pagination."""
    del answer["pagination"]


@drift("errors", "asset-folders.duplicate")
def a_second_folder_is_the_first(sent: SentRequest, ask: AskApi) -> Response:
    """Creating a folder whose name is taken answers the folder there is."""
    answer = ask(sent)
    if sent.operation != "asset-folders.create" or answer.status != 409:
        return answer
    folders = read_json(ask(sent.make_request("GET", sent.path)))["assetFolders"]
    return with_json(answer, next(one for one in folders if one["displayName"] == sent.json["displayName"]), status=200)
