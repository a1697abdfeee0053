"""``webflow_guard``: in every test of the session, nothing reaches Webflow past a fake."""

from __future__ import annotations

import pytest
from running import Run

pytest_plugins = ["pytester"]

CALLS_PAST = """
    import socket

    def test_without_a_fixture():
        socket.create_connection(("api.webflow.com", 443))
"""


def test_a_test_without_a_fake_is_guarded_too(run: Run) -> None:
    result = run(CALLS_PAST, ini="webflow_guard = true")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*NotIntercepted: *test_without_a_fixture*"])


def test_a_test_with_a_fake_uses_it_as_ever(run: Run) -> None:
    source = """
        import requests

        def test_with_one(fake_webflow):
            url, token = "https://api.webflow.com/v2/sites", fake_webflow.token
            assert requests.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    """
    run(source, ini="webflow_guard = true").assert_outcomes(passed=1)


def test_what_is_neither_true_nor_false_ends_the_run(run: Run) -> None:
    result = run(CALLS_PAST, ini="webflow_guard = perhaps")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "webflow_guard is true or false" in result.stderr.str()


SUITE = """
    from contracts.run.options import RunOptions

    def pytest_addoption(parser):
        RunOptions.add_to(parser)
"""
IS_GUARDED = """
    import socket

    def test_is_guarded():
        assert hasattr(socket.getaddrinfo, "__wrapped__")
"""


@pytest.mark.parametrize(
    ("conftest", "arguments", "variable", "is_guarded"),
    [
        (SUITE, ["--webflow-url", "https://api.webflow.com/v2"], "", False),
        (SUITE, [], "https://api.webflow.com/v2", False),
        (SUITE, [], "", True),
        ("", [], "https://api.webflow.com/v2", True),
    ],
    ids=["suite by option", "suite by variable", "suite in process", "ordinary project with the variable"],
)
def test_the_contract_suite_against_a_url_alone_is_exempt(
    run: Run, monkeypatch: pytest.MonkeyPatch, conftest: str, arguments: list[str], variable: str, *, is_guarded: bool
) -> None:
    monkeypatch.setenv("WEBFLOW_URL", variable)
    result = run(IS_GUARDED, *arguments, ini="webflow_guard = true", conftest=conftest)
    result.assert_outcomes(passed=int(is_guarded), failed=int(not is_guarded))
