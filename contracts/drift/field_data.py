"""Drifts of field data: what values are taken, and how they are read."""

from __future__ import annotations

from typing import Any

from fake_webflow.client import JsonObject
from fake_webflow.message import Response

from .drift import drift
from .exchange import (
    AskApi,
    SentRequest,
    field_data_of,
    in_answers,
    is_done,
    is_operation,
    iterate_items,
    make_refusal,
    read_json,
    with_json,
)
from .items import CREATE_OPERATIONS, ITEM_OPERATIONS
from .updates import LIVE_UPDATES, STAGED_UPDATES

WRITE_OPERATIONS = (*CREATE_OPERATIONS, *STAGED_UPDATES, *LIVE_UPDATES)


def iterate_values(answer: Any) -> Any:
    """Every field data of an answer, with a field's slug and its value."""
    return (
        (item["fieldData"], slug, value)
        for item in iterate_items(answer)
        for slug, value in [*item["fieldData"].items()]
    )


@drift("nulls", "items.object.nulls")
@in_answers(*ITEM_OPERATIONS)
def nulls_are_left_out(answer: Any) -> None:
    """Fields that are null are left out of fieldData."""
    for data, slug, value in iterate_values(answer):
        if value is None:
            del data[slug]


@drift("nulls", "items.unset-fields")
def fields_never_set_are_null(sent: SentRequest, ask: AskApi) -> Response:
    """Fields that were never set read null."""
    answer = ask(sent)
    if not is_operation(sent, ITEM_OPERATIONS) or not is_done(answer) or not answer.body:
        return answer
    value = read_json(answer)
    collection = read_json(ask(sent.make_request("GET", "/".join(sent.path.split("/")[:4]))))
    empty = {field["slug"]: None for field in collection["fields"]}
    for item in iterate_items(value):
        item["fieldData"] = {**empty, **item["fieldData"]}
    return with_json(answer, value)


@drift("values", "field-data.number.type", "field-data.number.whole")
@in_answers(*ITEM_OPERATIONS)
def numbers_are_texts(answer: Any) -> None:
    """Numbers are read as texts."""
    for data, slug, value in iterate_values(answer):
        if isinstance(value, int | float) and not isinstance(value, bool):
            data[slug] = str(value)


@drift("values", "field-data.number.type")
def texts_pass_as_numbers(sent: SentRequest, ask: AskApi) -> Response:
    """A text of digits is taken for a number."""
    return _mend_and_retry(sent, ask, "Expected value to be a number", lambda value: float(value))


@drift("values", "field-data.switch")
def words_pass_as_switches(sent: SentRequest, ask: AskApi) -> Response:
    """The words true and false, 1 and 0 are taken for a switch."""
    return _mend_and_retry(sent, ask, "boolean", lambda value: str(value).lower() in ("true", "1"))


@drift("values", "field-data.text.type")
def numbers_pass_as_texts(sent: SentRequest, ask: AskApi) -> Response:
    """A number is taken for a text."""
    return _mend_and_retry(sent, ask, "Expected value to be a string", str)


def _mend_and_retry(sent: SentRequest, ask: AskApi, complaint: str, mend: Any) -> Response:
    """The answer to a write whose values were mended where the API complains of them so."""
    answer = ask(sent)
    if not is_operation(sent, WRITE_OPERATIONS) or answer.status != 400:
        return answer
    wrong = {one["param"] for one in read_json(answer)["details"] if complaint in one["description"]}
    body = sent.json
    for data in field_data_of(body):
        for slug in wrong & data.keys():
            try:
                data[slug] = mend(data[slug])
            except (TypeError, ValueError):
                return answer
    return ask(sent.with_json_body(body)) if wrong else answer


@drift("values", "field-data.unknown-field", "field-data.invalid")
def unknown_fields_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """Fields that the collection does not have are ignored, not refused."""
    answer = ask(sent)
    if not is_operation(sent, WRITE_OPERATIONS) or answer.status != 400:
        return answer
    unknown = {one["param"] for one in read_json(answer)["details"] if "not described in schema" in one["description"]}
    body = sent.json
    for data in field_data_of(body):
        for slug in unknown & data.keys():
            del data[slug]
    return ask(sent.with_json_body(body)) if unknown else answer


@drift("values", "field-data.text.type")
def texts_are_trimmed(sent: SentRequest, ask: AskApi) -> Response:
    """White space at both ends of a text is cut off."""
    body = sent.json
    for data in field_data_of(body) if is_operation(sent, WRITE_OPERATIONS) else []:
        data.update({slug: value.strip() for slug, value in data.items() if isinstance(value, str)})
    return ask(sent.with_json_body(body) if body != sent.json else sent)


@drift("dates", "field-data.date-time.normalised")
@in_answers(*ITEM_OPERATIONS)
def dates_in_fields_without_milliseconds(answer: Any) -> None:
    """Dates in fields are read without milliseconds."""
    for data, slug, value in iterate_values(answer):
        if isinstance(value, str) and len(value) == 24 and value[10] == "T" and value[-1] == "Z":
            data[slug] = f"{value[:19]}Z"


@drift("values", "field-data.color")
@in_answers(*ITEM_OPERATIONS)
def colours_are_in_small_letters(answer: Any) -> None:
    """Colours are read in small letters."""
    for data, slug, value in iterate_values(answer):
        if isinstance(value, str) and value.startswith("#"):
            data[slug] = value.lower()


@drift("values", "field-data.link")
@in_answers(*ITEM_OPERATIONS)
def links_get_a_slash(answer: Any) -> None:
    """An address of a host alone is read with a slash at its end."""
    for data, slug, value in iterate_values(answer):
        if isinstance(value, str) and value.startswith("http") and value.count("/") == 2:
            data[slug] = f"{value}/"


@drift("values", "field-data.email")
@in_answers(*ITEM_OPERATIONS)
def addresses_are_masked(answer: Any) -> None:
    """E-mail addresses are read with their first part masked."""
    for data, slug, value in iterate_values(answer):
        if isinstance(value, str) and "@" in value and ":" not in value and " " not in value:
            data[slug] = f"***@{value.partition('@')[2]}"


@drift("ids", "field-data.option")
def options_are_read_by_name(sent: SentRequest, ask: AskApi) -> Response:
    """Options are read by their name, not by their id."""
    answer = ask(sent)
    if not is_operation(sent, ITEM_OPERATIONS) or not is_done(answer) or not answer.body:
        return answer
    names = _options(sent, ask)
    value = read_json(answer)
    for data, slug, found in iterate_values(value):
        data[slug] = names.get(found, found) if isinstance(found, str) else found
    return with_json(answer, value)


@drift("ids", "items.option.write-by-name")
def options_may_be_written_by_name(sent: SentRequest, ask: AskApi) -> Response:
    """An option may be written by its name."""
    if not is_operation(sent, WRITE_OPERATIONS) or not sent.json:
        return ask(sent)
    ids = {name: option_id for option_id, name in _options(sent, ask).items()}
    body = sent.json
    for data in field_data_of(body):
        data.update({slug: ids[value] for slug, value in data.items() if isinstance(value, str) and value in ids})
    return ask(sent.with_json_body(body) if body != sent.json else sent)


def _options(sent: SentRequest, ask: AskApi) -> JsonObject:
    """The names of a collection's options by their ids."""
    collection = read_json(ask(sent.make_request("GET", "/".join(sent.path.split("/")[:4]))))
    rules = [field["validations"] or {} for field in collection.get("fields", [])]
    return {option["id"]: option["name"] for rule in rules for option in rule.get("options", [])}


@drift("body", "field-data.files")
@in_answers(*ITEM_OPERATIONS)
def pictures_are_addresses(answer: Any) -> None:
    """A picture is read as its address, not as an object."""
    for data, slug, value in iterate_values(answer):
        if isinstance(value, dict) and "fileId" in value:
            data[slug] = value["url"]


@drift("body", "field-data.files")
@in_answers(*ITEM_OPERATIONS)
def pictures_without_alt(answer: Any) -> None:
    """The property alt is left out of a picture that has none."""
    for _data, _slug, value in iterate_values(answer):
        if isinstance(value, dict) and value.get("alt", "") is None:
            del value["alt"]


@drift("body", "field-data.reference.type")
@in_answers(*ITEM_OPERATIONS)
def references_are_objects(answer: Any) -> None:
    """References are read as objects with an id."""
    for data, slug, value in iterate_values(answer):
        if slug == "author" and isinstance(value, str):
            data[slug] = {"id": value}


@drift("order", "field-data.multi-reference.type")
@in_answers(*ITEM_OPERATIONS)
def references_are_sorted(answer: Any) -> None:
    """The references of a field are read in the order of their ids."""
    for data, slug, value in iterate_values(answer):
        if isinstance(value, list) and value and isinstance(value[0], str):
            data[slug] = sorted(value)


@drift("body", "items.video-link.read")
@in_answers(*ITEM_OPERATIONS)
def videos_change_their_form(answer: Any) -> None:
    """A video link that was read as text is an object, and the other way round."""
    for data, slug, value in iterate_values(answer):
        if slug == "video" and value is not None:
            data[slug] = value["url"] if isinstance(value, dict) else {"url": value, "metadata": {}}


@drift("writes", "field-data.skip-invalid-files")
def invalid_files_are_always_skipped(sent: SentRequest, ask: AskApi) -> Response:
    """The parameter skipInvalidFiles is ignored: what cannot be imported is left out."""
    return ask(sent.with_query_changes(skipInvalidFiles=None) if "skipInvalidFiles" in sent.query else sent)


@drift("ids", "items.image.sent-file-id")
def sent_file_ids_are_kept(sent: SentRequest, ask: AskApi) -> Response:
    """The fileId that is sent with an image is the image's."""
    answer = ask(sent)
    data = field_data_of(sent.json)
    if not is_operation(sent, CREATE_OPERATIONS) or not is_done(answer) or len(data) != 1:
        return answer
    value = read_json(answer)
    for fields, slug, image in iterate_values(value):
        wanted = data[0].get(slug)
        if isinstance(image, dict) and isinstance(wanted, dict) and wanted.get("fileId"):
            fields[slug] = {**image, "fileId": wanted["fileId"]}
    return with_json(answer, value)


@drift("values", "field-data.reference.not-found")
def references_to_nothing_are_dropped(sent: SentRequest, ask: AskApi) -> Response:
    """A reference to an item that is not there is left out, not refused."""
    answer = ask(sent)
    if answer.status != 400 or b"Referenced item not found" not in answer.body:
        return answer
    body = sent.json
    for data in field_data_of(body):
        for entry in read_json(answer)["details"]:
            data.pop(entry["param"], None)
    return ask(sent.with_json_body(body))


@drift("errors", "field-data.required")
def required_fields_are_told_in_details(sent: SentRequest, ask: AskApi) -> Response:
    """A missing required field is told as an entry of details."""
    answer = ask(sent)
    value = read_json(answer)
    if answer.status != 400 or not value["message"].startswith("Validation Error: Field '"):
        return answer
    field = value["message"].split("'")[1]
    details = [{"param": field, "description": "Field is required"}]
    return make_refusal(answer, 400, "validation_error", "Validation Error", details)


@drift("errors", "field-data.invalid", "errors.details")
def only_the_first_mistake_is_told(sent: SentRequest, ask: AskApi) -> Response:
    """Of several mistakes in field data only the first is told."""
    answer = ask(sent)
    value = read_json(answer)
    if answer.status != 400 or not value.get("details"):
        return answer
    return with_json(answer, {**value, "details": value["details"][:1]})


@drift("errors", "field-data.text-suffix", "field-data.text.type", "field-data.number.type")
def mistakes_do_not_quote_the_value(sent: SentRequest, ask: AskApi) -> Response:
    """The description of a mistake in field data no longer ends in the refused value."""
    answer = ask(sent)
    value = read_json(answer)
    if answer.status != 400 or not value.get("details"):
        return answer
    for one in value["details"]:
        one["description"] = one["description"].partition(": ")[0]
    return with_json(answer, value)
