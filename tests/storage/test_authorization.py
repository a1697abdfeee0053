"""A session's Authorization header reaches the bucket: refused as S3 does, and kept nowhere."""

from __future__ import annotations

import pytest
import requests

from fake_webflow import FakeWebflow


@pytest.mark.clause("upload.authorization")
def test_the_token_is_quoted_to_its_sender_alone(fake_webflow: FakeWebflow) -> None:
    asset = fake_webflow.client.assets.create(fake_webflow.site.id, file_name="a.png", file_hash="0" * 32)
    session = requests.Session()
    session.headers["Authorization"] = "Bearer canary-<&>-5"
    answer = session.post(asset["uploadUrl"], data=asset["uploadDetails"], files={"file": b"bytes"})
    assert answer.status_code == 400
    assert "<ArgumentValue>Bearer canary-&lt;&amp;&gt;-5</ArgumentValue>" in answer.text
    exchange = fake_webflow.journal[-1]
    assert (exchange.operation, exchange.clauses) == ("files.upload", ("upload.authorization",))
    assert b"(not kept)" in exchange.response_body
    assert "canary" not in f"{exchange!r} {exchange} {exchange.response_body!r} {exchange.request_headers}"


@pytest.mark.clause("upload.authorization")
def test_the_network_before_the_bucket_does_not_look_at_it(fake_webflow: FakeWebflow) -> None:
    made = fake_webflow.add_asset(b"bytes", file_name="a.txt")
    headers = {"Authorization": "Bearer nothing"}
    assert made["hostedUrl"].startswith("https://cdn.prod.website-files.com/")
    assert requests.get(made["hostedUrl"], headers=headers).content == b"bytes"
