"""Ctrl-C before a command has got anywhere."""

from __future__ import annotations

import pytest

from fake_webflow import seeding
from fake_webflow.cli import main


def test_an_interrupt_before_it_serves_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(seeding, "load", interrupted)
    assert main(["serve", "--port", "0"]) == 2
    assert capsys.readouterr() == ("", "fake-webflow serve: interrupted\n")
