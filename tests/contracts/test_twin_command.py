"""``fake-webflow twin`` between two served fakes, in processes of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests
import served

import contracts
from contracts.twin import TwinRun
from fake_webflow.cli import main

COMMAND = [sys.executable, "-m", "fake_webflow"]
TOKEN = "secret-of-the-twins"
SCENARIO = str(Path(contracts.__file__).with_name("kit") / "sandbox.yaml")


@pytest.fixture
def serve() -> Iterator[object]:
    started: list[subprocess.Popen[str]] = []

    def serve(*arguments: str) -> str:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--json", "--token", TOKEN, *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return str(json.loads(process.stdout.readline())["base_url"])

    yield serve
    for process in started:
        process.kill()
        process.communicate()


def twin(left: str, right: str, *arguments: str, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    sides = ["--left", left, "--right", right, "--left-token", token, "--right-token", token]
    return subprocess.run([*COMMAND, "twin", *sides, *arguments], capture_output=True, text=True, timeout=120)


def collections(url: str) -> list[str]:
    answer = requests.get(f"{url}/sites", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
    [site] = answer.json()["sites"]
    path = f"{url}/sites/{site['id']}/collections"
    listed = requests.get(path, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10).json()["collections"]
    return [collection["displayName"] for collection in listed]


def test_a_served_fake_and_itself(serve):
    left = serve("--rate-limit", "off", "--scenario", SCENARIO)
    same = twin(left, left, "--steps", "100")
    assert (same.returncode, same.stderr) == (0, "")
    assert same.stdout.startswith("no differences in 1")
    assert collections(left) == ["Posts of others"]


@pytest.mark.acceptance  # the commands of docs/twin.md do the same in every run
def test_two_served_fakes(serve):
    left = serve("--rate-limit", "off", "--scenario", SCENARIO)
    right = serve(
        "--rate-limit", "off", "--scenario", SCENARIO, "--seed", "7", "--profile", "items.update.null=ignored"
    )
    different = twin(left, right, "--steps", "250")
    assert (different.returncode, different.stderr) == (1, "")
    assert "1. items.update.null: clears on the left, ignored on the right\n" in different.stdout
    assert "2. " not in different.stdout
    assert "def test_items_update_null():" in different.stdout
    assert "curl -si -X PATCH" in different.stdout
    assert TOKEN not in different.stdout
    assert collections(left) == collections(right) == ["Posts of others"]


@pytest.mark.acceptance
def test_a_side_that_limits_the_rate_gets_the_fixed_plan(serve):
    left = serve("--rate-limit", "1000", "--scenario", SCENARIO)
    right = serve(
        "--rate-limit", "off", "--scenario", SCENARIO, "--profile", "items.bulk-response.form=single-when-one"
    )
    found = twin(left, right, "--fixed-plan")
    assert found.returncode == 1
    assert "1. items.bulk-response.form: items on the left, single-when-one on the right\n" in found.stdout
    assert "2. " not in found.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--left-token", "wrong"], "does not know the token (401)"),
        (["--right", "http://127.0.0.1:9/v2"], "http://127.0.0.1:9/v2 cannot be reached"),
        (["--left-site", "0" * 24], "--left-site"),
        (["--profile", "nothing.yaml"], "nothing.yaml"),
        (["--steps", "many"], "a whole number, at least 1"),
        (["--left", "ftp://x"], "http:// or https://"),
    ],
)
def test_what_cannot_run_is_one_line_and_code_2(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    fake = served.new_fake(rate_limit=None)
    before = served.site_of(fake)
    with served.served(fake) as url:
        sides = ["--left", url, "--right", url, "--left-token", served.TOKEN, "--right-token", served.TOKEN]
        try:
            code: object = main(["twin", *sides, *arguments])
        except SystemExit as error:  # which argument is wrong, the parser says
            code = error.code
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert reason in said.err.splitlines()[-1]
    assert "wrong" not in said.err.splitlines()[-1].replace("--left-token", "")
    assert served.site_of(fake) == before


@pytest.fixture
def begin() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    begun: list[subprocess.Popen[str]] = []

    def begin(url: str) -> subprocess.Popen[str]:
        """A run without an early end that has begun to work in its site."""
        before = {*collections(url)}
        sides = ["--left", url, "--right", url, "--left-token", TOKEN, "--right-token", TOKEN, "--steps", "100000"]
        run = subprocess.Popen([*COMMAND, "twin", *sides], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        begun.append(run)
        while run.poll() is None and {*collections(url)} <= before:
            pass
        return run

    yield begin
    for run in begun:
        run.kill()
        run.communicate()


@pytest.mark.acceptance
def test_who_stops_it_leaves_nothing_behind_and_who_kills_it_only_until_the_next_run(serve, begin):
    url = serve("--rate-limit", "off", "--scenario", SCENARIO)
    killed = begin(url)
    killed.kill()
    killed.communicate()
    left_behind = {*collections(url)} - {"Posts of others"}
    stopped = begin(url)
    assert not {*collections(url)} & left_behind
    stopped.terminate()
    out, err = stopped.communicate(timeout=60)
    assert (stopped.returncode, out, err) == (2, "", "fake-webflow twin: interrupted\n")
    assert collections(url) == ["Posts of others"]


@pytest.mark.acceptance
def test_what_was_found_until_it_was_stopped_is_printed(
    serve, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    play_on = TwinRun.run

    def stopped(run: TwinRun, **options: Any) -> NoReturn:
        play_on(run, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(TwinRun, "run", stopped)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    left = serve("--rate-limit", "off", "--scenario", SCENARIO)
    right = serve("--rate-limit", "off", "--scenario", SCENARIO, "--profile", "assets.create.status=202")
    monkeypatch.setenv("WEBFLOW_TOKEN", TOKEN)
    assert main(["twin", "--left", left, "--right", right, "--steps", "250"]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("1. assets.create.status: 200 on the left, 202 on the right\n")
    assert "on each side" not in said.out
    assert said.err == "fake-webflow twin: interrupted\n"
