"""The line that a served fake prints for each request."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
import requests
from processes import COMMAND, Run, Serve, ready

from fake_webflow import FakeWebflow
from fake_webflow.cli.request_log import RequestLog
from fake_webflow.fake import fake_of


def lines_of(webflow: FakeWebflow, *secrets: str) -> list[str]:
    """What is logged of the calls that are made from now on."""
    log, lines = RequestLog(secrets), []
    fake_of(webflow).on_exchange = lambda exchange, spent: lines.append(log.render_exchange(exchange, spent))
    return lines


def plain(line: str) -> str:
    return " ".join(re.sub(r"\x1b\[\d+m", "", line).split())


def call(webflow: FakeWebflow, path: str, method: str = "GET") -> int:
    headers = {"Authorization": f"Bearer {webflow.token}"}
    return requests.request(method, f"https://api.webflow.com{path}", headers=headers, timeout=10).status_code


def test_a_line_has_status_operation_time_and_the_clauses_that_refused(fake_webflow: FakeWebflow) -> None:
    lines = lines_of(fake_webflow)
    call(fake_webflow, "/v2/sites")
    call(fake_webflow, f"/v2/sites/{'0' * 24}")
    done, refused = map(plain, lines)
    assert re.fullmatch(r"200 sites\.list \d+\.\d ms", done)
    assert re.fullmatch(r"40\d sites\.get \d+\.\d ms [a-z.-]+(, [a-z.-]+)*", refused)
    assert refused.split()[-1] == fake_webflow.journal[-1].clauses[-1]


def test_an_unknown_route_is_named_without_query_token_and_line_breaks(fake_webflow: FakeWebflow) -> None:
    lines = lines_of(fake_webflow, fake_webflow.token)
    call(fake_webflow, f"/v2/nothing%0A{fake_webflow.token}?key={fake_webflow.token}")
    assert plain(lines[0]).startswith("404 GET /v2/nothing%0A*** ")
    assert fake_webflow.token not in lines[0]


def test_a_request_without_an_answer_says_so(fake_webflow: FakeWebflow) -> None:
    lines = lines_of(fake_webflow)
    fake_webflow.faults.on("sites.list").timeout_before()
    with pytest.raises(requests.Timeout):
        call(fake_webflow, "/v2/sites")
    assert plain(lines[0]).startswith("--- sites.list ")
    assert "(fault: " in lines[0]


def test_a_fork_is_logged_as_well(fake_webflow: FakeWebflow) -> None:
    lines = lines_of(fake_webflow)
    fake = fake_of(fake_webflow)
    assert fake.fork().on_exchange is fake.on_exchange
    assert lines == []


def test_standard_error_has_the_requests_of_the_api_alone(serve: Serve) -> None:
    process = serve("--port", "0", "--log", "--token", "canary-of-the-log")
    assert process.stdout is not None
    text = ""
    while "  console" not in text:
        text += process.stdout.readline()
    origin = re.search(r"console     (\S+)/\n", text)[1]
    headers = {"Authorization": "Bearer canary-of-the-log"}
    for path in ("/", "/rules", "/console/console.css", "/_fake/health", "/_fake/state", "/v2/sites"):
        assert requests.get(origin + path, headers=headers, timeout=10).status_code == 200
    fork = requests.post(f"{origin}/_fake/forks", json={}, timeout=10).json()
    requests.get(f"{fork['base_url']}/sites/x", headers={"Authorization": f"Bearer {fork['token']}"}, timeout=10)
    process.terminate()
    _, logged = process.communicate(timeout=10)
    assert [line.split()[:2] for line in logged.splitlines()] == [["200", "sites.list"], ["400", "sites.get"]]
    assert "\x1b" not in logged
    assert "canary" not in logged
    assert fork["token"] not in logged


def test_nothing_is_logged_unless_asked_or_on_a_terminal(serve: Serve, run: Run) -> None:
    process = serve("--port", "0", "--json")
    requests.get(f"{ready(process)['base_url']}/sites", timeout=10)
    process.terminate()
    assert process.communicate(timeout=10) == ("", "")
    both = run("serve", "--port", "0", "--json", "--log")
    assert (both.returncode, both.stdout, both.stderr.count("\n")) == (2, "", 1)


@pytest.mark.skipif(os.name != "posix", reason="terminals")
@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_terminal_sees_them_in_colour_without_asking(arguments: list[str]) -> None:
    import pty

    master, terminal = pty.openpty()
    command = [*COMMAND, "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, text=True) as process:
        os.close(terminal)
        assert process.stdout is not None
        text = ""
        while not (found := re.search(r"(http://[\d.:]+)/v2", text)):
            text += process.stdout.readline()
        requests.get(f"{found[1]}/v2/sites", timeout=10)
        process.terminate()
        try:
            seen = os.read(master, 65_536)
        except OSError:  # which is how a terminal ends with nothing said
            seen = b""
        process.stdout.read()
    os.close(master)
    assert (b"\x1b[33m401" in seen) == (not arguments)
