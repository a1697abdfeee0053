"""``fake-webflow serve``: what it says, that what it says works, how it ends, how it refuses to start."""

from __future__ import annotations

import json
import re
import shlex
import signal
import socket
import subprocess
import time
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from processes import Run, Serve, line_of, ready

from fake_webflow import __version__
from fake_webflow.cli import main


def get(base_url: str, path: str, token: str = "test-token") -> requests.Response:
    return requests.get(base_url + path, headers={"Authorization": f"Bearer {token}"}, timeout=10)


def test_one_line_of_json_names_all_a_program_needs(serve: Serve) -> None:
    process = serve("--port", "0", "--json")
    said = ready(process)
    assert set(said) == {
        "base_url",
        "start_page",
        "console",
        "control_url",
        "token",
        "client_secret",
        "site_id",
        "collection_ids",
        "sites",
    }
    assert said["base_url"].startswith("http://127.0.0.1:")
    assert said["base_url"].endswith("/v2")
    assert [site["id"] for site in get(said["base_url"], "/sites").json()["sites"]] == [said["site_id"]]
    listed = get(said["base_url"], f"/sites/{said['site_id']}/collections").json()["collections"]
    assert {found["slug"]: found["id"] for found in listed} == said["collection_ids"]
    assert said["sites"][0]["collection_ids"] == said["collection_ids"]
    assert re.fullmatch("[0-9a-f]{64}", said["client_secret"])
    process.terminate()
    assert process.communicate(timeout=10) == ("", "")


def test_the_locales_are_named_by_their_tags(serve: Serve) -> None:
    said = ready(serve("--port", "0", "--json"))
    locales = get(said["base_url"], f"/sites/{said['site_id']}").json()["locales"]
    wanted = {locale["tag"]: locale["cmsLocaleId"] for locale in [locales["primary"], *locales["secondary"]]}
    assert said["sites"][0]["cms_locale_ids"] == wanted


def test_the_printed_curl_lines_work(serve: Serve) -> None:
    process = serve("--port", "0", "--token", "it's;$HOME")
    said = []
    while len([line for line in said if line.startswith("  curl ")]) < 3:
        said.append(line_of(process))
    printed = [line.strip() for line in said if line.startswith("  curl ")]
    answers = [
        subprocess.run(["/bin/sh", "-c", f"{line} -sS -f"], capture_output=True, text=True, timeout=10)
        for line in printed
    ]
    assert [answer.stderr for answer in answers] == ["", "", ""]
    listed, created, published = (json.loads(answer.stdout) for answer in answers)
    assert len(listed["items"]) == 2
    assert created["fieldData"] == {"name": "Hello from curl", "slug": "hello-from-curl"}
    assert published["errors"] == []
    assert shlex.split(printed[2])[-1] == json.dumps({"itemIds": published["publishedItemIds"]})


def test_what_it_prints_for_people(serve: Serve) -> None:
    process = serve("--port", "0", "--rate-limit", "off", "--scenario", "timeline")
    text = "".join(line_of(process) for _ in range(11))
    assert f"fake-webflow {__version__}, scenario timeline. Stop it with Ctrl-C." in text
    assert "rate limit  off" in text
    assert "site        " in text
    assert "events, 2 items" in text
    origin = re.search(r"console     (http://\S+)/\n", text)[1]
    assert f"control     {origin}/_fake  answers programs on this machine" in text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("used", [False, True])
def test_signals_stop_it_cleanly_within_a_second(serve: Serve, number: signal.Signals, used: bool) -> None:
    process = serve("--port", "0", "--json")
    base_url = ready(process)["base_url"]
    with requests.Session() as session:  # which keeps its connection open
        if used:
            session.get(f"{base_url}/sites", timeout=10)
        started = time.monotonic()
        process.send_signal(number)
        assert process.communicate(timeout=10) == ("", "")
        assert time.monotonic() - started < 1
    assert process.returncode == 0


def test_an_impatient_second_signal_changes_nothing(serve: Serve) -> None:
    process = serve("--port", "0", "--json")
    ready(process)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        process.send_signal(number)
    assert process.communicate(timeout=10)[1] == ""
    assert process.returncode == 0


def test_a_client_that_never_finishes_holds_nothing_up(serve: Serve) -> None:
    process = serve("--port", "0", "--json")
    address = urlsplit(ready(process)["base_url"])
    with socket.create_connection((address.hostname, address.port)) as half:
        half.sendall(b"POST /v2/sites HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nnot all")
        started = time.monotonic()
        process.terminate()
        assert process.communicate(timeout=10) == ("", "")
        assert time.monotonic() - started < 1
    assert process.returncode == 0


def test_the_rate_limit_is_sixty_unless_told_otherwise(serve: Serve) -> None:
    default, other = ready(serve("--port", "0", "--json")), ready(serve("--port", "0", "--json", "--rate-limit", "2"))
    assert get(default["base_url"], "/sites").headers["X-RateLimit-Limit"] == "60"
    assert [get(other["base_url"], "/sites").status_code for _ in range(3)] == [200, 200, 429]


def test_the_first_calls_are_refused_if_asked(serve: Serve) -> None:
    base_url = ready(serve("--port", "0", "--json", "--refuse-first", "2:7"))["base_url"]
    answers = [get(base_url, "/sites") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert [answer.headers["Retry-After"] for answer in answers[:2]] == ["7", "7"]


def test_a_choice_made_otherwise_shows_in_an_answer(serve: Serve) -> None:
    said = ready(serve("--port", "0", "--json", "--profile", "lists.limit-over-100=reject"))
    assert get(said["base_url"], f"/collections/{said['collection_ids']['posts']}/items?limit=101").status_code == 400


def test_the_same_seed_gives_the_same_ids(serve: Serve, tmp_path: Path) -> None:
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("sites:\n  - displayName: Mine\n")
    said = [
        ready(serve("--port", "0", "--json", "--scenario", str(scenario), "--seed", seed))["site_id"]
        for seed in ("1", "1", "2")
    ]
    assert said[0] == said[1] != said[2]


def test_files_of_seeded_items_lie_on_its_own_host(serve: Serve) -> None:
    said = ready(serve("--port", "0", "--json"))
    items = get(said["base_url"], f"/collections/{said['collection_ids']['posts']}/items").json()["items"]
    picture = next(value for item in items for value in item["fieldData"].values()
                   if isinstance(value, dict) and "fileId" in value)  # fmt: skip
    assert picture["url"].startswith(said["start_page"])
    assert requests.get(picture["url"], timeout=10).status_code == 200


def test_a_port_in_use_is_one_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        f"fake-webflow serve: port {port} on 127.0.0.1 is in use; "
        "choose another with --port, or let --port 0 find one\n"
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--scenario", "no-such"], "no scenario is named 'no-such'"),
        (["--scenario", "no/such.yaml"], "cannot read no/such.yaml"),
        (["--profile", "items.slug.scope=planet"], "items.slug.scope has no option 'planet'"),
        (["--profile", "items.slug.scop=collection"], "did you mean items.slug.scope"),
        (["--profile", "items.slug.scope"], "CHOICE=OPTION"),
        (["--prot", "1"], "did you mean --port"),
        (["--port", "65536"], "a port is a number from 0 to 65535"),
        (["--port", "٨٧٨٧"], "a port is a number from 0 to 65535"),
        (["--port", "9" * 5000], "a port is a number from 0 to 65535"),
        (["--rate-limit", "٣"], "at least 1, or off"),
        (["--port", "x"], "a port is a number from 0 to 65535"),
        (["--rate-limit", "0"], "at least 1, or off"),
        (["--refuse-first", "1:x"], "N:SECONDS"),
        (["--token", "a b"], "without spaces"),
        (["--token", ""], "without spaces"),
        (["--seed", "seven"], "'seven' is not a valid integer"),
        (
            ["--port", "0", "--webhook-host", "http://r.internal"],
            "a host is a name alone, as receiver.internal, without",
        ),
        (["--host", "no.such.invalid", "--port", "0"], "cannot listen on no.such.invalid, port 0: "),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(run: Run, arguments: list[str], reason: str) -> None:
    ended = run("serve", *arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("fake-webflow serve: ")
    assert reason in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_mistake_in_a_scenario_names_its_place(run: Run, tmp_path: Path) -> None:
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("sites:\n  - displayName: Mine\n    colections: []\n")
    ended = run("serve", "--port", "0", "--scenario", str(scenario))
    assert ended.returncode == 2
    assert ended.stderr == (
        "fake-webflow serve: mine.yaml: sites[0].colections: unknown key; did you mean collections?\n"
    )


def test_what_the_laws_refuse_in_a_scenario_is_one_line_too(run: Run, tmp_path: Path) -> None:
    scenario = tmp_path / "mine.json"
    collection = {"displayName": "Things", "singularName": "Thing", "items": [{"fieldData": {"name": 3}}]}
    scenario.write_text(json.dumps({"sites": [{"displayName": "Mine", "collections": [collection]}]}))
    ended = run("serve", "--port", "0", "--scenario", str(scenario))
    assert ended.returncode == 2
    assert ended.stderr.startswith("fake-webflow serve: mine.json: sites[0].collections[0].items[0]")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "", "0"])
def test_listening_beyond_this_machine_is_said_loudly(serve: Serve, host: str) -> None:
    process = serve("--host", host, "--port", "0", "--json")
    said = ready(process)
    assert said["base_url"].startswith("http://127.0.0.1:")
    assert get(said["base_url"], "/sites").status_code == 200
    process.terminate()
    _, complaints = process.communicate(timeout=10)
    assert complaints.startswith("fake-webflow serve: WARNING: listening on 0.0.0.0, not on this machine alone")
    assert "ANYBODY WHO CAN REACH IT CAN USE IT" in complaints
    assert complaints.count("\n") == 1


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhost", "LOCALHOST.", "any.localhost"])
def test_other_spellings_of_this_machine_are_this_machine(serve: Serve, host: str) -> None:
    process = serve("--host", host, "--port", "0", "--json")
    said = ready(process)
    assert said["base_url"].startswith("http://127.0.0.1:")
    # It refuses foreign names as a fake on 127.0.0.1 does, and its control interface answers.
    assert requests.get(said["start_page"], headers={"Host": "evil.example"}, timeout=10).status_code == 403
    assert requests.get(f"{said['control_url']}/state", timeout=10).status_code == 200
    process.terminate()
    assert process.communicate(timeout=10) == ("", "")


def test_ipv6_works_where_there_is_any(serve: Serve, run: Run) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        ended = run("serve", "--host", "::1", "--port", "0")
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    else:
        said = ready(serve("--host", "::1", "--port", "0", "--json"))
        assert said["base_url"].startswith("http://[::1]:")
        assert get(said["base_url"], "/sites").status_code == 200
        process = serve("--host", "::", "--port", "0", "--json")
        assert ready(process)["base_url"].startswith("http://[::1]:")
        process.terminate()
        assert "WARNING: listening on ::, not on this machine alone" in process.communicate(timeout=10)[1]


def test_a_scenario_without_sites_is_served(serve: Serve, tmp_path: Path) -> None:
    scenario = tmp_path / "empty.json"
    scenario.write_text("{}")
    said = ready(serve("--port", "0", "--json", "--scenario", str(scenario)))
    assert said["site_id"] is None
    assert said["sites"] == []
    assert requests.get(said["start_page"], timeout=10).status_code == 200


def test_the_script_is_installed_and_runs(run: Run) -> None:
    (script,) = entry_points(group="console_scripts", name="fake-webflow")
    assert script.load() is main
    assert run("--version").stdout == f"fake-webflow {__version__}\n"


def test_a_world_of_another_time(serve: Serve) -> None:
    said = ready(serve("--port", "0", "--json", "--now", "2024-05-01T12:00:00Z"))
    site = get(said["base_url"], f"/sites/{said['site_id']}").json()
    assert site["createdOn"].startswith("2023-07-02T")
    clock = requests.get(f"{said['control_url']}/clock", timeout=10).json()
    assert clock["time"].startswith("2024-05-01T12:0")
    assert clock["frozen"] is False


@pytest.mark.parametrize("now", ["soon", "1960-01-01"])
def test_a_time_that_cannot_be_meant(now: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--now", now]) == 2
    assert "ISO text" in capsys.readouterr().err
