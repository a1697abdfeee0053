"""Nothing stays patched, whatever happens; what is imported late is patched when it is there."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import requests
import urllib3
from patched_places import attributes

from fake_webflow.fake import Fake, fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.interception import activate

API = "https://api.webflow.com/v2"
TOKEN = {"Authorization": "Bearer test-token"}


class Interrupted(BaseException):
    """As a keyboard interrupt is one."""


@pytest.mark.parametrize("ending", [None, AssertionError, Interrupted])
def test_everything_is_as_it_was(seeded: Fake, ending: type[BaseException] | None) -> None:
    before, finders = attributes(), list(sys.meta_path)

    def test() -> None:
        with activate(seeded.fork()), activate(seeded.fork()):
            assert not any(now is then for now, then in zip(attributes(), before, strict=True))
            if ending is not None:
                raise ending

    if ending is None:
        test()
    else:
        with pytest.raises(ending):
            test()
    assert all(now is then for now, then in zip(attributes(), before, strict=True))
    assert sys.meta_path == finders


def test_nothing_is_given_back_while_one_is_active(seeded: Fake) -> None:
    first, second = activate(seeded.fork()), activate(seeded.fork())
    patched = attributes()
    first.end()
    assert attributes() == patched
    second.end()


def test_an_activation_that_fails_leaves_nothing(seeded: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    before = attributes()
    monkeypatch.setattr(
        f"{activate.__module__}._TRANSPORTS", {"urllib3": ".urllib3_pool", "requests": ".no_such_transport"}
    )
    with pytest.raises(ModuleNotFoundError):
        activate(seeded.fork())
    assert all(now is then for now, then in zip(attributes(), before, strict=True))


def test_who_patches_over_it_and_restores_it_later_gets_it_cleaned_up(seeded: Fake) -> None:
    """Somebody else's patch around the end of ours is respected; what they put back does nothing and goes next time."""
    original = urllib3.HTTPConnectionPool.urlopen
    with activate(seeded.fork()):
        ours = urllib3.HTTPConnectionPool.urlopen

        def theirs(*args: Any, **options: Any) -> Any:
            return ours(*args, **options)

        urllib3.HTTPConnectionPool.urlopen = theirs  # type: ignore[method-assign]
        assert requests.get(f"{API}/sites", headers=TOKEN, timeout=5).status_code == 200
    assert urllib3.HTTPConnectionPool.urlopen is theirs
    urllib3.HTTPConnectionPool.urlopen = ours  # type: ignore[method-assign]
    with activate(seeded.fork()):
        assert requests.get(f"{API}/sites", headers=TOKEN, timeout=5).status_code == 200
    assert urllib3.HTTPConnectionPool.urlopen is original


def test_what_others_have_patched_before_is_given_back(seeded: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    def theirs(*_: Any, **__: Any) -> str:
        return "theirs"

    monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", theirs)
    with activate(seeded.fork()):
        assert requests.get(f"{API}/sites", headers=TOKEN, timeout=5).status_code == 200
    assert urllib3.HTTPConnectionPool.urlopen is theirs


LATE = """
import sys
from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.interception import activate

LIBRARIES = {"requests", "urllib3", "httpx", "aiohttp", "responses"}
webflow = FakeWebflow()
URL, HEADERS = "https://api.webflow.com/v2/sites", {"Authorization": "Bearer test-token"}
before = LIBRARIES & sys.modules.keys()
with activate(fake_of(webflow)):
    assert LIBRARIES & sys.modules.keys() == before == set(), "nothing is imported for the sake of patching"
    import asyncio, importlib.util
    assert importlib.util.find_spec("httpx") is not None
    import httpx
    assert httpx.get(URL, headers=HEADERS).status_code == 200
    assert "requests" not in sys.modules
    import responses
    with responses.RequestsMock():
        import requests
        assert requests.get(URL, headers=HEADERS).status_code == 200
    import aiohttp
    async def status():
        async with aiohttp.ClientSession() as session, session.get(URL, headers=HEADERS) as answer:
            return answer.status
    assert asyncio.run(status()) == 200
    for module in (httpx, requests, aiohttp, responses):
        assert type(module.__loader__).__name__ == type(module.__spec__.loader).__name__ == "SourceFileLoader"
assert len(webflow.journal) == 3
import urllib3
owners = [aiohttp.BaseConnector, httpx.HTTPTransport, httpx.AsyncHTTPTransport, urllib3.HTTPConnectionPool]
for owner in owners:
    for attribute in vars(owner).values():
        assert not hasattr(attribute, "__wrapped__") or "fake_webflow" not in attribute.__code__.co_filename
assert "passthru_prefixes" not in vars(responses.RequestsMock)
assert not any("fake_webflow" in type(finder).__module__ for finder in sys.meta_path)
"""

CONCURRENT = """
import sys, threading
from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.interception import activate

webflow = FakeWebflow()
URL, HEADERS = "https://api.webflow.com/v2/sites", {"Authorization": "Bearer test-token"}
importing = [threading.Thread(target=__import__, args=(name,)) for name in ("aiohttp", "httpx", "responses")]
for thread in importing:
    thread.start()
with activate(fake_of(webflow)):
    for thread in importing:
        thread.join()
    import httpx, requests
    assert httpx.get(URL, headers=HEADERS).status_code == requests.get(URL, headers=HEADERS).status_code == 200
"""


@pytest.mark.parametrize("program", [LATE, CONCURRENT], ids=["after the activation", "during the activation"])
def test_late_imports(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_import_that_fails_fails_as_ever(seeded: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{activate.__module__}._TRANSPORTS", {"no_such_library": ".urllib3_pool"})
    with activate(seeded.fork()), pytest.raises(ModuleNotFoundError, match="No module named 'no_such_library'"):
        __import__("no_such_library")


def test_the_same_fake_twice(inactive: FakeWebflow) -> None:
    with activate(fake_of(inactive)):
        with activate(fake_of(inactive)):
            pass
        assert requests.get(f"{API}/sites", headers=TOKEN, timeout=5).status_code == 200
        assert inactive.client.sites.list()


def test_a_library_that_a_test_hides_stays_hidden(seeded: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with activate(seeded.fork()):
        assert requests.get(f"{API}/sites", headers=TOKEN, timeout=5).status_code == 200
