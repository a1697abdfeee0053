"""What Schemathesis makes of the document as good requests passes our shape checks: both read the same schemas."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from fake_webflow.openapi import load_document
from fake_webflow.openapi.shape import check_body, check_query, may_be_empty

SCHEMA = schemathesis.openapi.from_dict(load_document())
GENERATED = {
    operation.definition.raw["operationId"]: operation
    for operation in (result.ok() for result in SCHEMA.get_all_operations())
    if operation.query or operation.body
}


@pytest.mark.parametrize("operation_id", GENERATED)
def test_good_requests_pass(operation_id: str) -> None:
    @given(case=GENERATED[operation_id].as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(
        max_examples=8, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    def passes(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url="https://example.com")
        url = requests.Request("GET", sent["url"], params=sent.get("params")).prepare().url
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        sent_values = [(name, value) for name, value in query if value or name not in may_be_empty(operation_id)]
        assert check_query(operation_id, sent_values) == []
        if "json" in sent:
            assert check_body(operation_id, sent["json"]) == []

    passes()
