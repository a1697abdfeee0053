"""No secret that somebody writes into an address comes back in a message."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from contracts.run.options import RunOptions
from fake_webflow.cli import main

ADDRESSES = [
    "http://user:hunter2@127.0.0.1:8787/v2",
    "https://hunter2@api.webflow.com/v2",
    "http://user:hunter2@[bad/v2",
    "user:hunter2@127.0.0.1:8787/v2",
    "ftp://user:hunter2@127.0.0.1/v2",
    "http://127.0.0.1:8787/v2?access_token=hunter2",
    "http://127.0.0.1:8787/v2#hunter2",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "command",
    [
        ["verify", "--base-url"],
        ["twin", "--right", "http://127.0.0.1:1/v2", "--left"],
        ["drift", "pages-of-fifty", "--port", "0", "--upstream"],
    ],
)
def test_an_address_with_a_secret_is_refused_without_it(
    command: list[str], address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, address]) == 2
    said = capsys.readouterr()
    assert "hunter2" not in said.out + said.err
    assert "without user, password and query" in said.err


@pytest.mark.parametrize("address", ADDRESSES)
def test_so_it_is_where_pytest_is_given_one(address: str) -> None:
    options = {"--webflow-url": address, "--webflow-token": "token"}
    config = cast(pytest.Config, SimpleNamespace(getoption=options.get))
    with pytest.raises(pytest.UsageError, match="without user, password and query") as refused:
        RunOptions.from_config(config)
    assert "hunter2" not in str(refused.value)
