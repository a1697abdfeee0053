from __future__ import annotations

import json
from base64 import b64decode

import pytest
from upload_forms import KEY, NOW, OBJECT, SITE, details


@pytest.mark.clause("upload.details.fields")
def test_eleven_fields_in_the_order_of_the_wire():
    assert list(details()) == [
        "acl", "bucket", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "key", "Policy", "X-Amz-Signature",
        "success_action_status", "content-type", "Cache-Control",
    ]  # fmt: skip


@pytest.mark.clause("upload.details.policy", "upload.details.lifetime")
def test_the_policy_is_webflows_byte_for_byte():
    credential = f"{KEY.access_key_id}/20260728/us-east-1/s3/aws4_request"
    assert b64decode(details()["Policy"]).decode() == (
        '{"expiration":"2026-07-28T13:00:00Z","conditions":['
        f'["starts-with","$key","{SITE}/"],{{"cache-control":"max-age=31536000"}},{{"Content-Type":"image/jpeg"}},'
        '{"success_action_status":"201"},["starts-with","$Content-Type","image/jpeg"],'
        '["content-length-range",0,31457280],{"acl":"public-read"},{"bucket":"webflow-prod-assets"},'
        f'{{"X-Amz-Algorithm":"AWS4-HMAC-SHA256"}},{{"X-Amz-Credential":"{credential}"}},'
        f'{{"X-Amz-Date":"20260728T120000Z"}},{{"key":"{OBJECT}"}}]}}'
    )


@pytest.mark.clause("upload.details.policy")
@pytest.mark.parametrize(("limit", "expected"), [(4_000_000, [["content-length-range", 0, 4_000_000]]), (None, [])])
def test_another_size_or_none(limit, expected):
    conditions = json.loads(b64decode(details(size_limit=limit)["Policy"]))["conditions"]
    assert [condition for condition in conditions if "content-length-range" in condition] == expected


def test_names_outside_ascii_stay_utf_8_and_lone_surrogates_are_escaped():
    policy = b64decode(details(key=f"{SITE}/1_é\ud800.png")["Policy"])
    assert f'{{"key":"{SITE}/1_é\\ud800.png"}}'.encode() in policy


def test_the_same_moment_gives_the_same_form_and_the_next_hour_another():
    assert details() == details()
    assert details()["X-Amz-Signature"] != details(now=NOW + 3_600_000)["X-Amz-Signature"]
