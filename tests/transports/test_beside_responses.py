"""Beside ``responses``, in either order: the test's own stubs win, the fake answers what none of them matches."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import responses
from responses import matchers

from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.active import is_for_active_fake
from fake_webflow.transports.interception import activate
from fake_webflow.transports.responses_passthrough import _OURS

API = "https://api.webflow.com/v2"
TOKEN = {"Authorization": "Bearer test-token"}


def status(url: str, **options: Any) -> int:
    return requests.get(url, headers=TOKEN, timeout=5, **options).status_code


def calls(mock: responses.RequestsMock) -> None:
    """What holds in either order."""
    mock.get("https://example.com/", status=204)
    mock.get(f"{API}/token/introspect", status=418)
    mock.get(f"{API}/sites", status=500, match=[matchers.query_param_matcher({"broken": "yes"})])
    assert status(f"{API}/token/introspect") == 418
    assert status(f"{API}/sites", params={"broken": "yes"}) == 500
    assert status(f"{API}/sites") == 200
    assert status("https://example.com/") == 204
    for url in (
        "https://example.com/other",
        "https://s3.amazonaws.com/other-bucket/key",
        "https://api.webflow.com.org/",
    ):
        with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
            status(url)


def started_before(webflow: FakeWebflow) -> None:
    with responses.RequestsMock() as mock, activate(fake_of(webflow)):
        calls(mock)


def started_after(webflow: FakeWebflow) -> None:
    with activate(fake_of(webflow)), responses.RequestsMock() as mock:
        calls(mock)


def stopped_in_the_order_of_the_start(webflow: FakeWebflow) -> None:
    mock = responses.RequestsMock()
    mock.start()
    activation = activate(fake_of(webflow))
    calls(mock)
    mock.stop()
    assert status(f"{API}/sites") == 200
    activation.end()


def stopped_later_than_the_fake(webflow: FakeWebflow) -> None:
    activation = activate(fake_of(webflow))
    mock = responses.RequestsMock()
    mock.start()
    calls(mock)
    activation.end()
    with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
        status(f"{API}/sites")
    mock.stop()


def decorated(webflow: FakeWebflow) -> None:
    @responses.activate
    def test() -> None:
        calls(responses.mock)

    with activate(fake_of(webflow)):
        test()


def decorated_and_activated_within(webflow: FakeWebflow) -> None:
    @responses.activate(assert_all_requests_are_fired=True)
    def test() -> None:
        with activate(fake_of(webflow)):
            calls(responses.mock)

    test()


@pytest.mark.parametrize(
    "order",
    [
        started_before,
        started_after,
        stopped_in_the_order_of_the_start,
        stopped_later_than_the_fake,
        decorated,
        decorated_and_activated_within,
    ],
)
def test_order_does_not_matter(inactive: FakeWebflow, order: Callable[[FakeWebflow], None]) -> None:
    send = requests.adapters.HTTPAdapter.send
    order(inactive)
    assert requests.adapters.HTTPAdapter.send is send
    assert {each.path for each in inactive.journal} == {"/v2/sites"}


def test_stubs_pop_as_ever_and_nothing_is_registered(webflow: FakeWebflow) -> None:
    with responses.RequestsMock() as mock:
        for number in (401, 402):
            mock.get(f"{API}/sites", status=number)
        assert [status(f"{API}/sites") for _ in range(3)] == [401, 402, 402]
        assert len(mock.registered()) == 1


def test_a_mock_keeps_its_own_prefixes_and_not_ours(inactive: FakeWebflow, other_host: str) -> None:
    own = re.compile("https://example[.]org")
    with responses.RequestsMock(passthru_prefixes=(own,)) as mock:
        with activate(fake_of(inactive)):
            mock.add_passthru(other_host)
            assert status(other_host) == 200
            assert mock.passthru_prefixes == (own, other_host, _OURS)
        assert mock.passthru_prefixes == (own, other_host)
        mock.reset()
        assert mock.passthru_prefixes == ()
        with activate(fake_of(inactive)):
            mock.reset()
            assert status(f"{API}/sites") == 200


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://api.webflow.com", True),
        ("https://api.webflow.com/v2/sites", True),
        ("https://api.webflow.com:443/v2/sites", True),
        ("https://api.webflow.com:8443/v2/sites", False),
        ("https://api.webflow.community/", False),
        ("http://api.webflow.com/", False),
        ("https://api-cdn.webflow.com/v2", True),
        ("https://cdn.prod.website-files.com/a/b", True),
        ("https://webflow-prod-assets.s3.amazonaws.com/", True),
        ("https://s3.amazonaws.com/webflow-prod-assets/a", True),
        ("https://s3.amazonaws.com/webflow-prod-assets", True),
        ("https://s3.amazonaws.com/webflow-prod-assets-2/a", False),
        ("https://s3.amazonaws.com/", False),
        ("https://s3.amazonaws.com", False),
    ],
)
def test_what_is_let_through_is_what_is_taken(webflow: FakeWebflow, url: str, ours: bool) -> None:
    parts = urlsplit(url)
    assert bool(_OURS.match(url)) is ours
    assert is_for_active_fake(parts.scheme, parts.hostname, parts.port, parts.path) is ours
