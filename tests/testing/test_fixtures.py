"""The fixtures: activation, isolation, settings by ini, by overriding and by marker, and their end."""

from __future__ import annotations

import subprocess
import sys

import pytest
from running import IN_WORKERS, NO_OTHER_PLUGINS, OURS, Run

pytest_plugins = ["pytester"]

CALL = """
    import requests

    def status(path="sites", token="test-token"):
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"https://api.webflow.com/v2/{path}", headers=headers).status_code
"""


def test_application_code_reaches_the_fake_while_the_fixture_is_active(run: Run) -> None:
    result = run(
        CALL
        + """
    def test_it(fake_webflow):
        assert status() == 200
        assert [exchange.operation for exchange in fake_webflow.journal] == ["sites.list"]
        fake_webflow.journal.assert_called("sites.list", times=1)
    """
    )
    result.assert_outcomes(passed=1)


def test_every_test_starts_from_the_same_world(run: Run) -> None:
    result = run(
        """
    import pytest

    @pytest.mark.parametrize("turn", range(3))
    def test_it(fake_webflow, turn):
        posts = fake_webflow.collections["posts"]
        before = len(fake_webflow.items(posts).staged)
        assert (before, len(fake_webflow.journal), len(fake_webflow.faults)) == (BEFORE, 0, 0)
        fake_webflow.add_items(posts, 3)
        fake_webflow.faults.on(every=2).respond(500)
        fake_webflow.clock.advance(1000)
        fake_webflow.client.items.list(posts.id)
    """.replace("BEFORE", str(posts_of_the_default_scenario()))
    )
    result.assert_outcomes(passed=3)


def posts_of_the_default_scenario() -> int:
    from fake_webflow import FakeWebflow

    return len(FakeWebflow().items("posts").staged)


def test_the_session_fixture_is_shared_on_purpose(run: Run) -> None:
    result = run(
        """
    def test_one(fake_webflow_session):
        fake_webflow_session.add_collection("Shared")

    def test_two(fake_webflow_session, fake_webflow):
        assert "shared" in fake_webflow_session.collections
        assert "shared" not in fake_webflow.collections
    """
    )
    result.assert_outcomes(passed=2)


def test_the_client_fixture_is_the_client_of_the_tests_fake(run: Run) -> None:
    result = run(
        """
    def test_it(fake_webflow, fake_webflow_client):
        assert fake_webflow_client.sites.list()["sites"][0]["id"] == fake_webflow.site.id
        fake_webflow.journal.assert_called("sites.list")
    """
    )
    result.assert_outcomes(passed=1)


def test_ini_options(run: Run, pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("tiny.yaml").write_text("sites:\n  - displayName: Tiny\n", encoding="utf-8")
    result = run(
        CALL
        + """
    import pytest
    from fake_webflow.fake import fake_of

    def test_it(fake_webflow, fake_webflow_profile):
        assert fake_webflow.site.display_name == "Tiny"
        assert fake_of(fake_webflow).profile.items_create_is_draft == "false"
        assert fake_webflow.state.ids.seed == 7
        assert [status(), status(), status()] == [200, 200, 429]
        with pytest.raises(Exception, match="every host but Webflow's and this machine is blocked"):
            requests.get("https://example.com")
    """,
        ini="""
webflow_scenario = tiny.yaml
webflow_rate_limit = 2
webflow_seed = 7
webflow_block_other_hosts = true
webflow_profile =
    items.create.is-draft = false
""",
    )
    result.assert_outcomes(passed=1)


def test_small_fixtures_can_be_overridden_at_any_scope(run: Run) -> None:
    result = run(
        CALL
        + """
    import pytest

    class TestOverriding:
        @pytest.fixture
        def fake_webflow_rate_limit(self):
            return 1

        @pytest.fixture
        def fake_webflow_profile(self):
            return {"rate.message": "Too many requests"}

        def test_inside(self, fake_webflow):
            assert [status(), status()] == [200, 429]
            assert fake_webflow.journal[-1].message == "Too many requests"

    def test_outside(fake_webflow):
        assert [status(), status()] == [200, 200]
    """
    )
    result.assert_outcomes(passed=2)


def test_the_marker_goes_before_fixtures_and_the_nearest_marker_before_others(run: Run) -> None:
    result = run(
        CALL
        + """
    import pytest
    from fake_webflow.fake import fake_of

    pytestmark = pytest.mark.webflow(rate_limit=1, scopes=["cms:read"], seed=1)

    @pytest.mark.webflow(rate_limit=None, profile={"plan.limits": "cms"}, scenario="timeline")
    def test_nearest(fake_webflow):
        assert fake_of(fake_webflow).profile.plan_limits == "cms"
        assert fake_webflow.state.ids.seed == 1
        assert "timeline" in fake_webflow.site.short_name or fake_webflow.site
        assert [status(), status()] == [403, 403]

    @pytest.mark.webflow(scopes=["sites:read"])
    def test_module(fake_webflow):
        assert [status(), status()] == [200, 429]
    """
    )
    result.assert_outcomes(passed=2)


def test_choices_of_several_markers_are_made_together(run: Run) -> None:
    result = run(
        """
    import pytest
    from fake_webflow.fake import fake_of

    pytestmark = pytest.mark.webflow(profile={"plan.limits": "cms", "items.create.is-draft": "false"})

    @pytest.mark.webflow(profile={"errors.unknown-route": "v2-envelope", "items.create.is-draft": "true"})
    def test_it(fake_webflow):
        made = fake_of(fake_webflow).profile
        assert (made.plan_limits, made.errors_unknown_route, made.items_create_is_draft) == (
            "cms", "v2-envelope", "true"
        )
    """
    )
    result.assert_outcomes(passed=1)


def test_a_marked_test_has_a_fake_though_it_names_none(run: Run) -> None:
    result = run(
        CALL
        + """
    import pytest

    @pytest.mark.webflow(scopes=[])
    def test_it():
        assert status() == 403

    @pytest.mark.webflow(scopes=[])
    def test_with_a_small_fixture(fake_webflow_seed):
        assert status() == 403
    """
    )
    result.assert_outcomes(passed=2)


def test_unittest_classes_usefixtures_and_coroutines(run: Run) -> None:
    result = run(
        CALL
        + """
    import unittest

    import httpx
    import pytest

    @pytest.mark.webflow(scopes=[])
    class TestUnittest(unittest.TestCase):
        def test_it(self):
            self.assertEqual(status(), 403)

    @pytest.mark.usefixtures("fake_webflow")
    def test_usefixtures():
        assert status() == 200

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.mark.anyio
    async def test_coroutine(fake_webflow):
        async with httpx.AsyncClient(headers={"Authorization": "Bearer test-token"}) as client:
            assert (await client.get("https://api.webflow.com/v2/sites")).status_code == 200
        fake_webflow.journal.assert_called("sites.list", times=1)
    """
    )
    result.assert_outcomes(passed=3)


def test_using_the_fixture_after_its_test_is_an_error_that_says_so(run: Run) -> None:
    result = run(
        """
    import pytest

    kept = {}

    def test_one(fake_webflow):
        kept.update(handle=fake_webflow, clock=fake_webflow.clock, journal=fake_webflow.journal,
                    faults=fake_webflow.faults, client=fake_webflow.client)

    @pytest.mark.parametrize("use", [
        lambda: kept["handle"].collections,
        lambda: kept["handle"].add_item("posts"),
        lambda: kept["handle"].base_url,
        lambda: kept["clock"].advance(1),
        lambda: len(kept["journal"]),
        lambda: kept["faults"].on(every=2).respond(500),
    ])
    def test_two(use):
        with pytest.raises(RuntimeError, match="^the test .*::test_one has ended, and its fake Webflow with it$"):
            use()

    def test_three():
        with pytest.raises(RuntimeError, match="belonged to a test that has ended"):
            kept["client"].sites.list()
    """
    )
    result.assert_outcomes(passed=8)


PATCHED = """
    import sys
    import threading
    import time

    import httpx
    import urllib3
    from fake_webflow.transports import active

    def places():
        return (
            urllib3.HTTPConnectionPool.urlopen, httpx.HTTPTransport.handle_request, time.sleep, list(sys.meta_path),
            threading.active_count(),
        )

    before = places()
"""


def test_nothing_stays_patched_after_a_failed_test(run: Run) -> None:
    result = run(
        PATCHED
        + """
    import pytest

    @pytest.fixture
    def broken(fake_webflow):
        raise OSError

    @pytest.fixture
    def broken_afterwards(fake_webflow):
        yield
        raise OSError

    def test_fails(fake_webflow):
        assert fake_webflow.base_url
        assert places() != before
        with fake_webflow.clock.patch_sleep():
            assert False

    def test_is_left(fake_webflow):
        raise SystemExit

    def test_is_not_begun(broken): pass

    def test_is_not_ended(broken_afterwards): pass

    def test_after():
        assert not active.is_any_active()
        assert places() == before
    """
    )
    result.assert_outcomes(passed=2, failed=2, errors=2)


@pytest.mark.parametrize("interruption", ["raise KeyboardInterrupt", "pytest.exit('enough')"])
def test_nothing_stays_patched_after_an_interrupted_test(pytester: pytest.Pytester, interruption: str) -> None:
    pytester.makepyfile(
        f"""
    import pytest

    import places

    def test_it(fake_webflow, fake_webflow_session, fake_webflow_server):
        assert fake_webflow.base_url and places.places() != places.before
        with fake_webflow.clock.patch_sleep():
            {interruption}

    def test_after():
        assert False
    """,
        places=PATCHED,
    )
    pytester.makeconftest("""
    import places

    def pytest_unconfigure():
        print("as before" if places.places() == places.before else "something stays")
    """)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", no_reraise_ctrlc=True)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["as before"])


def test_a_failing_fixture_of_the_program_is_shown_without_ours(run: Run) -> None:
    result = run(
        """
    import pytest

    @pytest.fixture
    def broken(fake_webflow, fake_webflow_session):
        raise ValueError("mine")

    def test_it(broken): pass
    """
    )
    result.assert_outcomes(errors=1)
    result.stdout.no_fnmatch_line("*reporter.py*")
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_nothing_is_imported_when_the_fixture_is_not_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
    import sys

    def test_it():
        ours = sorted(name for name in sys.modules if name.split(".")[0] == "fake_webflow")
        assert ours == [
            "fake_webflow",
            "fake_webflow.testing",
            "fake_webflow.testing.plugin",
            "fake_webflow.testing.reporter",
            "fake_webflow.testing.settings",
            "fake_webflow.testing.trust",
            "fake_webflow.testing.watching",
            "fake_webflow.wording",
        ]
        others = {"flask", "requests", "urllib3", "httpx", "aiohttp", "responses", "faker", "yaml", "orjson"}
        assert not others & set(sys.modules)
        assert not [one for one in sys.meta_path if "fake_webflow" in type(one).__module__]
    """
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "fake_webflow.testing.plugin", "-p", "no:cacheprovider"]
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": ""}
    result = subprocess.run(
        command, capture_output=True, text=True, cwd=pytester.path, env=environment, check=False, timeout=60
    )
    assert result.returncode == 0, result.stdout + result.stderr


ALL = (
    CALL
    + """
    import pytest

    @pytest.mark.parametrize("turn", range(20))
    def test_it(fake_webflow, turn):
        assert status() == 200
        notes = fake_webflow.add_collection("Notes")
        item = fake_webflow.add_item(notes, {"name": f"Turn {turn}"})
        assert fake_webflow.items(notes).live == [item]
        assert len(fake_webflow.journal) == 1
"""
)


def test_under_xdist(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile(ALL)
    monkeypatch.setenv(*NO_OTHER_PLUGINS)
    result = pytester.runpytest_subprocess(*OURS, *IN_WORKERS)
    result.assert_outcomes(passed=20)
    result.stdout.fnmatch_lines(["fake-webflow: rested on * clauses: * observed*; no clause has a live result yet"])


@pytest.mark.parametrize("seed", range(3))
def test_in_random_order(run: Run, seed: int) -> None:
    shuffle = f"""
    import random

    def pytest_collection_modifyitems(items):
        random.Random({seed}).shuffle(items)
    """
    run(ALL, conftest=shuffle).assert_outcomes(passed=20)


def test_tests_in_threads_do_not_see_each_other(run: Run) -> None:
    result = run(
        """
    from concurrent.futures import ThreadPoolExecutor

    import requests

    from fake_webflow import FakeWebflow

    def in_a_thread(number):
        with FakeWebflow(token=f"token-{number}") as webflow:
            posts = webflow.add_collection("Notes")
            for turn in range(10):
                requests.post(
                    f"https://api.webflow.com/v2/collections/{posts.id}/items",
                    json={"fieldData": {"name": f"{number} {turn}"}},
                    headers={"Authorization": f"Bearer token-{number}"},
                ).raise_for_status()
            names = [exchange.body["fieldData"]["name"] for exchange in webflow.journal]
            return names == [f"{number} {turn}" for turn in range(10)]

    def test_it():
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(in_a_thread, range(4))) == [True] * 4
    """
    )
    result.assert_outcomes(passed=1)
