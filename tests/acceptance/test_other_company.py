"""Libraries that change time, files and waiting under the fake: freezegun, time-machine, pyfakefs, trio."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from environments import Distributions, Environment

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "time.md"
pytestmark = pytest.mark.acceptance

TIME = """
import pytest, requests, time_machine
from freezegun import freeze_time
from fake_webflow import FakeWebflow

SITES = "https://api.webflow.com/v2/sites"

def created(webflow):
    return webflow.add_item("authors", {"name": "Ada"})["createdOn"]

@pytest.fixture
def frozen():
    with freeze_time("2024-05-01T12:00:00") as frozen:
        yield frozen

@pytest.mark.webflow(now="machine", rate_limit=1)
def test_freezegun(frozen, fake_webflow):
    assert created(fake_webflow) == "2024-05-01T12:00:00.000Z"
    assert fake_webflow.client.sites.list()["sites"][0]["createdOn"].startswith("2023-07-02T")
    headers = {"Authorization": f"Bearer {fake_webflow.token}"}
    assert requests.get(SITES, headers=headers).status_code == 429
    frozen.tick(61)
    assert requests.get(SITES, headers=headers).status_code == 200

@pytest.mark.webflow(now="2025-02-03")
def test_a_date_stays_under_freezegun(frozen, fake_webflow):
    assert created(fake_webflow) == "2025-02-03T00:00:00.001Z"

def test_waiting_takes_real_time(frozen, fake_webflow):
    with pytest.raises(TimeoutError):
        fake_webflow.webhooks.wait(timeout=0.1)

@freeze_time("2024-05-01T12:00:00")
def test_decorated():
    with FakeWebflow(now="machine") as webflow:
        assert created(webflow) == "2024-05-01T12:00:00.000Z"

@pytest.mark.parametrize("tick", [True, False])
def test_time_machine(tick):
    with time_machine.travel("2024-05-01T12:00:00Z", tick=tick) as traveller:
        with FakeWebflow(now="machine", rate_limit=1) as webflow:
            headers = {"Authorization": f"Bearer {webflow.token}"}
            assert [requests.get(SITES, headers=headers).status_code for _ in range(2)] == [200, 429]
            traveller.shift(61)
            assert requests.get(SITES, headers=headers).status_code == 200
            assert created(webflow).startswith("2024-05-01T12:01:")
            with pytest.raises(TimeoutError):
                webflow.webhooks.wait(timeout=0.1)
"""

FILES = """
import certifi, pytest, requests
from fake_webflow import FakeWebflow

@pytest.fixture
def certificates(fs):
    fs.add_real_file(certifi.where())  # which requests looks for before each call to https

def use(webflow, fs):
    headers = {"Authorization": f"Bearer {webflow.token}"}
    for base in ("https://api.webflow.com/v2", webflow.base_url):
        assert requests.get(f"{base}/sites", headers=headers).status_code == 200
        assert requests.get(f"{base}/sites/{'9' * 24}", headers=headers).status_code == 404
    fs.create_file("/words.txt", contents="from the other file system")
    webflow.add_asset("/words.txt")
    fs.create_file("/own.yaml", contents="sites: [{displayName: Mine}]")
    webflow.scenario("/own.yaml")
    assert webflow.site.display_name == "Mine"
    assert FakeWebflow("timeline").collections

def test_files_first(fs, certificates, fake_webflow): use(fake_webflow, fs)
def test_fake_first(fake_webflow, fs, certificates): use(fake_webflow, fs)
def test_files_first_served(fs, fake_webflow_server):
    headers = {"Authorization": f"Bearer {fake_webflow_server.token}"}
    assert requests.get(f"{fake_webflow_server.base_url}/sites", headers=headers).status_code == 200
def test_fake_first_served(fake_webflow_server, fs): test_files_first_served(fs, fake_webflow_server)
def test_afterwards(fake_webflow):
    import wave  # an import, now that the other file system is gone
    assert fake_webflow.client.sites.list()
def test_that_fails_files_first(fs, certificates, fake_webflow):
    use(fake_webflow, fs)
    assert requests.get("https://api.webflow.com/v2/nothing").status_code == 200
def test_that_fails_fake_first(fake_webflow, fs, certificates):
    assert requests.get("https://api.webflow.com/v2/nothing").status_code == 200
"""

TASKS = """
import time
import httpx, trio
from fake_webflow import FakeWebflow

with FakeWebflow() as webflow:
    webflow.faults.on().delay(0.2, real=True)

    async def get():
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {webflow.token}"}) as client:
            assert (await client.get("https://api.webflow.com/v2/sites")).status_code == 200

    async def run():
        async with trio.open_nursery() as nursery:
            for _ in range(20):
                nursery.start_soon(get)

    began = time.monotonic()
    trio.run(run)
    assert time.monotonic() - began < 3
    webflow.faults.stop()
    webflow.faults.on().delay(3600, real=True)

    async def give_up():
        with trio.move_on_after(0.05) as scope:
            await get()
        assert scope.cancelled_caught

    trio.run(give_up)
"""


def make_environment(distributions: Distributions, folder: Path, *requirements: str) -> Environment:
    environment = Environment.create(folder / "environment")
    environment.install(f"fake-webflow[pytest] @ {distributions.wheel.as_uri()}", *requirements)
    return environment


def test_libraries_that_move_the_time(distributions: Distributions, tmp_path: Path) -> None:
    environment = make_environment(distributions, tmp_path, "freezegun", "time-machine", "pytest-randomly")
    (tmp_path / "test_time.py").write_text(TIME)
    (example,) = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "test_example.py").write_text(example)
    environment.run("-m", "pytest", "-q", "-W", "error", "test_time.py", "test_example.py", cwd=tmp_path)


def test_another_file_system(distributions: Distributions, tmp_path: Path) -> None:
    environment = make_environment(distributions, tmp_path, "pyfakefs", "certifi")
    (tmp_path / "test_files.py").write_text(FILES)
    program = "import pytest, sys; sys.exit(pytest.main(['-q', 'test_files.py']) != pytest.ExitCode.TESTS_FAILED)"
    done = environment.run("-c", program, cwd=tmp_path, REQUESTS_CA_BUNDLE="", CURL_CA_BUNDLE="")
    assert "2 failed, 5 passed" in done.stdout, done.stdout
    assert done.stdout.count("errors.unknown-route (observed)") >= 1, "the sections of failed tests are whole"


def test_tasks_of_trio(distributions: Distributions, tmp_path: Path) -> None:
    environment = make_environment(distributions, tmp_path, "httpx", "trio")
    environment.run("-c", TASKS, cwd=tmp_path)
