"""Row 16: how much of a Schemathesis run is the fake's own time."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import Any, cast

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from fake_webflow import FakeAdapter
from fake_webflow.fake import Fake
from fake_webflow.openapi import load_document
from fake_webflow.testing.handle import make_handle

from .harness import Goal, Plan, Results, amount
from .worlds import TOKEN, fake_with

_EXAMPLES = 3
_BASE_URL = "https://api.webflow.com/v2"


class _TimedAdapter(FakeAdapter):
    """The adapter, with the seconds that were spent in it and in the fake behind it."""

    def __init__(self, fake: Fake) -> None:
        super().__init__(make_handle(fake))
        self.seconds = 0.0

    def send(self, *arguments: Any, **options: Any) -> requests.Response:
        started = perf_counter()
        try:
            return super().send(*arguments, **options)
        finally:
            self.seconds += perf_counter() - started


def schemathesis_share(plan: Plan) -> Results:
    """Row 16: good requests to every operation of the document; their answers are not even checked."""
    schema = schemathesis.openapi.from_dict(load_document())
    operations = [found.ok() for found in cast(Iterable[Any], schema.get_all_operations())]
    shares = [_share(operations) for _ in range(plan.rounds)]
    what = "the fake's share of a Schemathesis run over every operation"
    return Results([amount(16, what, shares, "%", Goal(5, "%"))])


def _share(operations: list[Any]) -> float:
    adapter = _TimedAdapter(fake_with(100))
    with requests.Session() as session:
        session.mount("https://", adapter)
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        started = perf_counter()
        for operation in operations:
            _calls(operation, session)
        return 100 * adapter.seconds / (perf_counter() - started)


def _calls(operation: Any, session: requests.Session) -> None:
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        case.call(base_url=_BASE_URL, session=session)

    call()
