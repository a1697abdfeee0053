"""Drifts of the upload: the form that is handed out, and what the bucket and the file host answer."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from fake_webflow.message import Response

from .drift import drift, official_change
from .exchange import (
    AskApi,
    SentRequest,
    get_header,
    in_answers,
    is_done,
    read_json,
    with_header,
    with_json,
    without_headers,
)

_XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse></PostResponse>'


@drift("S3 form", "upload.details.fields", source=official_change("7b10709", "2024-04-29"))
@in_answers("assets.create")
def a_field_of_the_form_is_gone(answer: Any) -> None:
    """The upload form has no X-Amz-Date."""
    del answer["uploadDetails"]["X-Amz-Date"]


@drift("S3 form", "upload.details.fields", source=official_change("7b10709", "2024-04-29"))
@in_answers("assets.create")
def a_field_of_the_form_is_new(answer: Any) -> None:
    """The upload form has one more field, X-Amz-Security-Token."""
    answer["uploadDetails"]["X-Amz-Security-Token"] = "token"


@drift("S3 form", "upload.details.fields")
@in_answers("assets.create")
def fields_of_the_form_in_small_letters(answer: Any) -> None:
    """The names of the upload form's fields are in small letters."""
    answer["uploadDetails"] = {name.lower(): value for name, value in answer["uploadDetails"].items()}


@drift("S3 form", "upload.details.fields")
@in_answers("assets.create")
def a_signed_address_in_place_of_the_form(answer: Any) -> None:
    """The upload is a PUT to a signed address; the form is empty."""
    answer["uploadUrl"] = f"{answer['assetUrl']}?X-Amz-Signature={answer['uploadDetails']['X-Amz-Signature']}"
    answer["uploadDetails"] = {}


@drift("S3 form", "upload.details.lifetime")
def forms_live_for_ten_minutes(sent: SentRequest, ask: AskApi) -> Response:
    """The upload form expires after ten minutes."""
    return _change_policy(sent, ask, lambda text: re.sub(r"T(\d\d):(\d\d):", _earlier, text, count=1), _later)


def _earlier(found: re.Match[str]) -> str:
    minutes = (int(found[1]) * 60 + int(found[2]) - 50) % 1440
    return f"T{minutes // 60:02}:{minutes % 60:02}:"


def _later(text: str) -> str:
    def moved(found: re.Match[str]) -> str:
        minutes = (int(found[1]) * 60 + int(found[2]) + 50) % 1440
        return f"T{minutes // 60:02}:{minutes % 60:02}:"

    return re.sub(r"T(\d\d):(\d\d):", moved, text, count=1)


@drift("limits", "upload.details.policy", "assets.upload.size-limit")
def files_may_be_larger(sent: SentRequest, ask: AskApi) -> Response:
    """The upload policy allows 50,000,000 bytes."""
    return _change_policy(
        sent, ask, lambda text: text.replace("31457280", "50000000"), lambda text: text.replace("50000000", "31457280")
    )


def _change_policy(
    sent: SentRequest, ask: AskApi, hand_out: Callable[[str], str], take_back: Callable[[str], str]
) -> Response:
    """An API whose policies read otherwise, and that knows them when they come back with an upload."""
    if sent.is_upload:
        return ask(
            sent._replace(
                body=re.sub(rb"eyJ[A-Za-z0-9+/]+=*", lambda found: _recode_policy(found[0], take_back), sent.body)
            )
        )
    answer = ask(sent)
    if sent.operation != "assets.create" or not is_done(answer):
        return answer
    value = read_json(answer)
    value["uploadDetails"]["Policy"] = _recode_policy(value["uploadDetails"]["Policy"].encode(), hand_out).decode()
    return with_json(answer, value)


def _recode_policy(encoded: bytes, change: Callable[[str], str]) -> bytes:
    return base64.b64encode(change(base64.b64decode(encoded + b"==").decode()).encode())


@drift("S3 answers", "upload.answer.created", "upload.answer.location")
def uploads_answer_204(sent: SentRequest, ask: AskApi) -> Response:
    """An upload answers 204 without a document."""
    answer = ask(sent)
    if not sent.is_upload or answer.status != 201:
        return answer
    return without_headers(answer, "Content-Type")._replace(status=204, body=b"")


@drift("S3 answers", "upload.answer.location")
def uploads_do_not_say_where(sent: SentRequest, ask: AskApi) -> Response:
    """The answer to an upload has no Location header."""
    answer = ask(sent)
    return without_headers(answer, "Location") if sent.is_upload else answer


@drift("S3 answers", "upload.answer.location")
def etags_of_uploads_without_quotes(sent: SentRequest, ask: AskApi) -> Response:
    """The ETag of an upload has no quotes."""
    answer = ask(sent)
    found = get_header(answer, "ETag")
    return with_header(answer, "ETag", found.strip('"')) if sent.is_upload and found else answer


@drift("S3 answers", "upload.signature.mismatch")
def signatures_are_not_checked(sent: SentRequest, ask: AskApi) -> Response:
    """A form that was tampered with is taken."""
    return _accept_upload(sent, ask, b"SignatureDoesNotMatch")


@drift("S3 answers", "upload.policy.expired")
def forms_never_expire(sent: SentRequest, ask: AskApi) -> Response:
    """A form whose policy has expired is taken."""
    return _accept_upload(sent, ask, b"Policy expired")


@drift("S3 answers", "upload.condition.extra-field")
def fields_nobody_named_are_taken(sent: SentRequest, ask: AskApi) -> Response:
    """A field that no condition of the policy names is ignored."""
    return _accept_upload(sent, ask, b"Extra input fields")


@drift("S3 answers", "upload.condition.failed")
def conditions_are_not_checked(sent: SentRequest, ask: AskApi) -> Response:
    """The conditions of the policy are not checked."""
    return _accept_upload(sent, ask, b"Policy Condition failed")


@drift("S3 answers", "upload.signature.region")
def credentials_for_any_region_are_taken(sent: SentRequest, ask: AskApi) -> Response:
    """A credential for another region than the bucket's is taken."""
    return _accept_upload(sent, ask, b"is wrong; expecting 'us-east-1'")


@drift("limits", "upload.fields.too-long")
def forms_may_be_long(sent: SentRequest, ask: AskApi) -> Response:
    """Any number of bytes may come before the file."""
    return _accept_upload(sent, ask, b"MaxPostPreDataLengthExceededError")


@drift("S3 answers", "upload.file.as-text")
def files_need_a_name(sent: SentRequest, ask: AskApi) -> Response:
    """A field named file without a file name is not a file."""
    if not sent.is_upload or b'name="file"; filename=' in sent.body:
        return ask(sent)
    return ask(sent._replace(body=sent.body.replace(b'name="file"', b'name="x-ignore-file"')))


def _accept_upload(sent: SentRequest, ask: AskApi, complaint: bytes) -> Response:
    answer = ask(sent)
    if not sent.is_upload or complaint not in answer.body:
        return answer
    return with_header(answer, "Content-Type", "application/xml")._replace(status=201, body=_XML)


@drift("S3 answers", "upload.error.document")
def the_bucket_answers_json(sent: SentRequest, ask: AskApi) -> Response:
    """The bucket's refusals are JSON."""
    answer = ask(sent)
    if not sent.is_upload or is_done(answer):
        return answer
    found = dict(re.findall(rb"<(\w+)>([^<]*)</", answer.body))
    return with_json(answer, {name.decode(): text.decode() for name, text in found.items()})


@drift("S3 answers", "upload.error.document")
def refusals_have_no_request_id(sent: SentRequest, ask: AskApi) -> Response:
    """The bucket's refusals have no x-amz-request-id."""
    answer = ask(sent)
    return without_headers(answer, "x-amz-request-id") if sent.is_upload and not is_done(answer) else answer


@drift("S3 answers", "upload.unsigned", "upload.signature.field-missing")
def the_bucket_forbids_nothing(sent: SentRequest, ask: AskApi) -> Response:
    """The bucket refuses with 400 what it refused with 403."""
    answer = ask(sent)
    return answer._replace(status=400) if sent.is_upload and answer.status == 403 else answer


@drift("values", "files.served", "assets.create.answer")
@in_answers("assets.create")
def files_are_hosted_under_another_key(answer: Any) -> None:
    """The property hostedUrl leads to another key than the one the bytes were sent to."""
    answer["hostedUrl"] = answer["hostedUrl"].replace(f"{answer['id']}_", "")


@drift("header", "files.served", "upload.stored.headers")
def files_are_not_cached(sent: SentRequest, ask: AskApi) -> Response:
    """Files are served without Cache-Control."""
    answer = ask(sent)
    return without_headers(answer, "Cache-Control") if sent.is_file else answer


@drift("header", "files.served", "upload.stored.headers")
def files_are_streams_of_bytes(sent: SentRequest, ask: AskApi) -> Response:
    """Files are served as application/octet-stream."""
    answer = ask(sent)
    if not sent.is_file or not is_done(answer):
        return answer
    return with_header(answer, "Content-Type", "application/octet-stream")


@drift("status", "files.head")
def heads_are_not_allowed(sent: SentRequest, ask: AskApi) -> Response:
    """HEAD of a file answers 405."""
    answer = ask(sent)
    return answer._replace(status=405) if sent.is_file and sent.request.method == "HEAD" else answer


@drift("status", "files.absent")
def absent_files_are_empty(sent: SentRequest, ask: AskApi) -> Response:
    """A file whose bytes never arrived is served as an empty one."""
    answer = ask(sent)
    if not sent.is_file or answer.status != 403:
        return answer
    return with_header(answer, "Content-Type", "application/octet-stream")._replace(status=200, body=b"")


@drift("writes", "files.method")
def files_seem_to_go(sent: SentRequest, ask: AskApi) -> Response:
    """DELETE of a file answers 204."""
    answer = ask(sent)
    if sent.is_file and sent.path.count("/") > 1 and sent.request.method == "DELETE":
        return without_headers(answer, "Content-Type")._replace(status=204, body=b"")
    return answer


@drift("S3 answers", "upload.authorization")
def buckets_take_any_authorization(sent: SentRequest, ask: AskApi) -> Response:
    """The bucket does not look at an Authorization header."""
    if sent.request.path.startswith("/v2/"):
        return ask(sent)
    headers = {name: value for name, value in sent.request.headers.items() if name.lower() != "authorization"}
    return ask(sent._replace(request=sent.request._replace(headers=headers)))


@drift("S3 answers", "files.range")
def ranges_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """Reads of files do not look at Range."""
    headers = {name: value for name, value in sent.request.headers.items() if name.lower() != "range"}
    return ask(sent._replace(request=sent.request._replace(headers=headers)))
