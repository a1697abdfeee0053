"""The fake behind a drift, in this process, as the suite's target."""

from __future__ import annotations

from fake_webflow.fake import Fake
from fake_webflow.message import Request, Response
from fake_webflow.transports.requests_adapter import FakeAdapter

from ..kit.targets import InProcessTarget
from .drift import Drift


class DriftedTarget(InProcessTarget):
    """A fake that has drifted.

    Args:
        drift: How.
        seed: Of the fake's ids.
    """

    shrinks = False

    def __init__(self, drift: Drift, *, seed: int = 0) -> None:
        super().__init__(seed=seed)
        self.name = f"a fake in this process that has drifted: {drift.name}"
        self.http.mount("https://", _DriftedAdapter(self.fake, drift))


class _DriftedAdapter(FakeAdapter):
    """The transport that puts a drift between a session and a fake."""

    def __init__(self, fake: Fake, drift: Drift) -> None:
        super().__init__(fake)
        self._drift = drift

    def _answer(self, request: Request) -> Response:
        return self._drift.answer(request, super()._answer)
