"""``fake-webflow verify``: reports, exit codes, and one line wherever it cannot run."""

from __future__ import annotations

import itertools
import json
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask, Response, request
from served import TOKEN, item_store, new_fake, served, serving, site_of

from contracts.kit.clauses import Observation
from contracts.kit.targets import Address, UrlTarget
from contracts.report.pages import headline
from contracts.run.options import load_profile
from contracts.run.resume import ProgressFile
from contracts.run.verify import CannotRun, VerifySettings, verify
from fake_webflow.cli import main
from fake_webflow.fake import fake_of
from fake_webflow.rules import Profile


def asked(url: str, **options: Any) -> VerifySettings:
    options = {"only": "sites.*", "timeout": 5, **options}
    return VerifySettings(Address(url, TOKEN), **options)


def texts_of(directory: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(directory.iterdir())}


def test_a_fake_keeps_its_own_rules_and_is_left_as_it_was(tmp_path: Path):
    fake = new_fake()
    before = site_of(fake)
    with served(fake) as url:
        outcome = verify(asked(url, report_directory=tmp_path))
    assert outcome.code == 0
    assert outcome.report["summary"]["holds"] == len(outcome.report["clauses"]) >= 4
    assert site_of(fake) == before
    reports = texts_of(tmp_path)
    assert list(reports) == ["junit.xml", "report.html", "report.json", "report.md"]
    assert not any(TOKEN in text for text in reports.values())
    assert json.loads(reports["report.json"]) == outcome.report
    assert "http" not in reports["report.html"].replace(url, "")


def test_from_a_project_with_the_guard_it_goes_to_webflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "pytest.ini").write_text("[pytest]\nwebflow_guard = true\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-o webflow_guard=true")
    monkeypatch.setattr("contracts.kit.targets._PUBLISH_SECONDS", 0)
    machine, names = socket.getaddrinfo, []

    def look_up(name: str, *rest: Any, **options: Any) -> Any:
        names.append(name)
        return machine("127.0.0.1", *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with served(new_fake()) as url:
        outcome = verify(asked(url.replace("127.0.0.1", "api.webflow.com"), only="sites.not-found"))
    assert outcome.code == 0
    assert "api.webflow.com" in names


def test_what_differs_is_told_with_the_request_that_shows_it(tmp_path: Path):
    def spoilt(app: Any) -> Any:
        def wrapped(environ: dict[str, Any], start: Any) -> Any:
            body = b"".join(app(environ, start))
            return [body.replace(b"cannot be found", b"has gone away!!")]

        return wrapped

    with served(new_fake(), spoilt) as url:
        outcome = verify(asked(url, report_directory=tmp_path, only="sites.not-found"))
    assert outcome.code == 1
    [row] = outcome.report["clauses"]
    assert (row["result"], row["difference"], row["kind"]) == ("differs", "rule-broken", "documented")
    assert "cannot be found" in row["expected"]
    assert "has gone away" in row["seen"]
    assert "$WEBFLOW_TOKEN" in row["requests"][-1]
    assert row["evidence"][0]["source"]
    reports = texts_of(tmp_path)
    assert all("has gone away" in reports[name] for name in reports)
    [case] = ElementTree.fromstring(reports["junit.xml"]).iter("testcase")
    assert (case.get("classname"), case.get("name")) == ("sites", "sites.not-found")
    assert case.find("failure") is not None


def test_a_request_without_the_token_is_told_as_it_was_sent():
    def credulous(app: Any) -> Any:
        return lambda environ, start: app({**environ, "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, start)

    with served(new_fake(), credulous) as url:
        [row] = verify(asked(url, only="rate.headers")).report["clauses"]
    assert row["result"] == "differs"
    assert row["requests"][-1].endswith("-H 'Authorization: Bearer nothing'")


def test_one_clause_is_not_several():
    with served(new_fake()) as url:
        told = verify(asked(url, only="sites.not-found")).report
    assert headline(told) == "1 of 1 clause was checked: 1 holds, none differs."


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads which requests show a difference, so that they need not be made small."""
    monkeypatch.setattr(UrlTarget, "shrinks", False)


@pytest.mark.usefixtures("unread")
def test_a_static_mock_differs_and_the_report_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with serving(item_store()) as origin:
        arguments = ["verify", "--base-url", f"{origin}/v2", "--token", TOKEN, "--report", str(tmp_path)]
        assert main([*arguments, "--budget", "150", "--only", "items.create*"]) == 1
    printed = capsys.readouterr().out
    assert "items.create.fresh" in printed
    assert "answer:   202 to POST" in printed
    assert TOKEN not in printed
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["summary"]["differs"] + told["summary"]["errors"] >= 2
    assert told["requests"] <= 150
    assert any("not checked this time" in row["why"] for row in told["clauses"]) or told["requests"] < 150


@pytest.mark.usefixtures("unread")
def test_a_mock_that_shows_less_than_it_stored_is_told_too(tmp_path: Path):
    store, forgetful = item_store(), Flask("forgetful")

    @forgetful.route("/<path:path>", methods=["GET", "POST", "PATCH", "DELETE"])
    def answer(path: str) -> Any:
        if request.method == "GET" and path != "v2/sites":
            return {"items": []}
        return Response.from_app(store, request.environ)

    with serving(forgetful) as origin:
        outcome = verify(asked(f"{origin}/v2", only="items.object.keys", budget=150))
    assert (outcome.code, outcome.report["summary"]["holds"]) == (1, 0)


def test_a_run_that_ends_before_its_first_test_leaves_no_file_and_a_short_token_no_mark_on_its_words(tmp_path: Path):
    refusing = saying(200, '{"sites": [{"id": "x", "displayName": "Box"}]}', "application/json")
    with serving(refusing) as origin, pytest.raises(CannotRun, match=r"site y; .* Box \(x\)"):
        verify(VerifySettings(Address(f"{origin}/v2", "x", "y"), report_directory=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_other_choices_differ_until_they_are_accepted_and_the_profile_can_be_read_back(tmp_path: Path):
    made = {"items.update.null": "ignored"}
    with served(new_fake(profile=made)) as url:
        strict = verify(asked(url, only="items.update.null"))
        lenient = verify(asked(url, only="items.update.null", accept_choices=True, report_directory=tmp_path))
        assert lenient.profile is not None
        again = verify(asked(url, only="items.update.null", profile=load_profile(lenient.profile)))
    assert (strict.code, strict.report["clauses"][0]["difference"]) == (1, "other-option")
    [row] = lenient.report["clauses"]
    assert (lenient.code, row["difference"], row["accepted"], row["option"]) == (0, "other-option", True, "ignored")
    assert (again.code, again.report["clauses"][0]["result"]) == (0, "holds")


# Where it cannot run


def saying(status: int, body: str, content_type: str) -> Flask:
    app = Flask("saying")

    @app.route("/<path:path>", methods=["GET", "POST", "PATCH", "DELETE"])
    def answer(path: str) -> Any:
        return body, status, {"Content-Type": content_type}

    return app


def refusing(seconds: int) -> Flask:
    app = saying(429, '{"message": "Too many requests", "code": "too_many_requests"}', "application/json")

    @app.after_request
    def waiting(answer: Response) -> Response:
        answer.headers["Retry-After"] = str(seconds)
        return answer

    return app


@contextmanager
def rude(*, hangs: bool) -> Iterator[str]:
    """An address where connections are taken and then broken off, or left hanging."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                if hangs:
                    kept.append(connection)
                else:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v2"
        listening.shutdown(socket.SHUT_RDWR)
        for connection in kept:
            connection.close()
    thread.join()


def refusal(given: VerifySettings) -> str:
    with pytest.raises(CannotRun) as caught:
        verify(given)
    text = str(caught.value)
    assert "\n" not in text
    assert TOKEN not in text
    return text


@pytest.mark.parametrize(
    ("app", "reason"),
    [
        (saying(200, "<!doctype html>\n<p>Welcome", "text/html"), "does not answer as Webflow's API does"),
        (saying(500, '{"message": "x", "code": "internal_error"}', "application/json"), "answers 500 to everything"),
        (saying(200, '{"hello": []}', "application/json"), "The token sees: none"),
        (saying(200, '{"sites": null}', "application/json"), "no list of sites: None"),
        (saying(200, '{"sites": [5]}', "application/json"), "Name one: --site ID"),
        (saying(200, '{"sites": [{"id": 5}]}', "application/json"), "Name one: --site ID"),
        (refusing(86400), "refuses by its rate limit, and asks to wait 86400 seconds (429)"),
        (saying(404, '{"message": "x", "code": "not_found"}', "application/json"), "a base URL ends with /v2"),
    ],
)
def test_a_target_that_is_no_data_api(app: Flask, reason: str):
    with serving(app) as origin:
        assert reason in refusal(asked(f"{origin}/v2"))


@pytest.mark.parametrize(("hangs", "reason"), [(True, "within 1 seconds"), (False, "breaks connections off")])
def test_a_target_that_does_not_answer(hangs: bool, reason: str):
    with rude(hangs=hangs) as url:
        assert reason in refusal(asked(url, timeout=1))


def test_a_target_whose_limit_refuses_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("contracts.kit.pacing._WINDOW_SECONDS", 0.01)
    body = '{"message": "Too many requests", "code": "too_many_requests"}'
    with serving(saying(429, body, "application/json")) as origin:
        assert "refuses again and again" in refusal(asked(f"{origin}/v2"))


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n"]
)
def test_a_target_that_trickles_does_not_outlast_the_timeout(head: bytes):
    with trickling(head) as url:
        begun = time.monotonic()
        assert "does not answer within 1 seconds" in refusal(asked(url, timeout=1))
        assert time.monotonic() - begun < 8


@contextmanager
def trickling(head: bytes) -> Iterator[str]:
    """An address where answers begin, and then come byte by byte."""
    ended = threading.Event()

    class Trickling(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(head)
            with suppress(OSError):
                while not ended.wait(0.2):
                    self.request.sendall(b" " if head else b"H")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Trickling) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v2"
        ended.set()
        server.shutdown()


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Retry-After": "86400"}, "stopped answering (it asks to wait 86400 seconds)"),
        ({}, "stopped answering (its rate limit refuses however long is waited)"),
    ],
)
def test_a_limit_that_closes_for_good_in_the_middle_ends_the_run(
    headers: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("contracts.kit.pacing._WINDOW_SECONDS", 0.01)
    monkeypatch.setattr("fake_webflow.client._transport._FIRST_BACK_OFF", 0.01)
    asked_so_far = itertools.count()
    shut = saying(429, '{"message": "Too many requests", "code": "too_many_requests"}', "application/json")
    shut.after_request(lambda answer: answer.headers.update(headers) or answer)

    def closing(app: Any) -> Any:
        return lambda environ, start: (app if next(asked_so_far) < 40 else shut)(environ, start)

    fake = new_fake()
    with served(fake, closing) as url:
        text = refusal(asked(url, only="items.*"))
    assert reason in text
    assert text.endswith("what it made is still there, and the next run sweeps it")


def test_nobody_is_there():
    assert "cannot be reached" in refusal(asked("http://127.0.0.1:9/v2"))


def test_tokens_and_sites_that_will_not_do():
    fake = new_fake()
    world = fake.state.world
    token = replace(world.tokens[TOKEN], scopes=("sites:read", "cms:read", "assets:read", "assets:write"))
    before = site_of(fake)
    with served(fake) as url:
        wrong = VerifySettings(Address(url, "somebody-elses"))
        assert "does not know the token (401)" in refusal(wrong)
        unseen = refusal(replace(wrong, address=Address(url, TOKEN, site_id="0" * 24)))
        assert unseen.startswith(f"the token does not see the site {'0' * 24}; which site to work in? The token sees: ")
        assert "too small" in refusal(asked(url, budget=10))
        assert "no test checks a clause like" in refusal(asked(url, only="nothing.*"))
        fake_of(fake).change(lambda state: state._replace(world=world.with_token(token)))
        assert "the token lacks sites:write, cms:write; a run needs sites:read" in refusal(asked(url))
    assert site_of(fake) == before


@pytest.mark.parametrize(
    "option", ["items.create.is-draft: false", "items.unset-fields: null", "assets.create.status: 202"]
)
def test_options_in_a_profile_are_texts(tmp_path: Path, option: str):
    name, _, value = option.partition(": ")
    file = tmp_path / "profile.yaml"
    file.write_text(option)
    assert load_profile(file) == Profile().with_choices({name: value})


def test_a_directory_that_takes_no_report_is_told_before_anything_is_made(tmp_path: Path):
    (tmp_path / "unfinished.jsonl").mkdir()
    fake = new_fake()
    before = site_of(fake)
    with served(fake) as url:
        assert refusal(asked(url, report_directory=tmp_path)) == f"cannot write to {tmp_path}: Is a directory"
        (file := tmp_path / "file").touch()
        assert refusal(asked(url, report_directory=file)) == f"cannot write to {file}: File exists"
    assert site_of(fake) == before


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("- items.create.is-draft", "choices go by their names"),
        ("items.create.is-draft: [false]", "choices go by their names"),
        ("items.create.is-draft: &a [*a]", "recursive"),
        ("items.create.is-draft: 'perhaps'", "has no option 'perhaps'"),
        ("items.create.is-draft: {", "profile.yaml"),
        ("[" * 5000, "profile.yaml"),
        ("items.creat.is-draft: 'true'", "did you mean items.create.is-draft"),
    ],
)
@pytest.mark.parametrize("command", [["serve"], ["verify", "--base-url", "http://127.0.0.1:9/v2", "--token", TOKEN]])
def test_a_profile_that_is_none_is_one_line(
    tmp_path: Path, text: str, fact: str, command: list[str], capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "profile.yaml"
    file.write_text(text)
    assert main([*command, "--profile", str(file)]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith(f"fake-webflow {command[0]}: --profile: {file}: ")
    assert fact in printed
    assert printed.count("\n") == 1


def test_a_profile_of_a_file_and_of_the_command_line_is_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "profile.yaml"
    file.write_text("items.create.is-draft: false\nitems.update.null: ignored")
    seen: list[VerifySettings] = []

    def stop(settings: VerifySettings, _progress: Any) -> Any:
        seen.append(settings)
        raise CannotRun("seen")

    monkeypatch.setattr("contracts.run.verify.verify", stop)
    choices = ["--profile", str(file), "--profile", "items.update.null=clears"]
    assert main(["verify", "--base-url", "http://127.0.0.1:9/v2", "--token", TOKEN, *choices]) == 2
    assert seen[0].profile == Profile().with_choices({"items.create.is-draft": "false"})


@pytest.mark.parametrize("name", ["report.json", "report.html", "junit.xml"])
def test_a_directory_in_the_place_of_a_report_is_found_at_once(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / name).mkdir()
    assert main(["verify", "--base-url", "http://127.0.0.1:9/v2", "--token", TOKEN, "--report", str(tmp_path)]) == 2
    assert f"--report: {tmp_path / name} is a directory" in capsys.readouterr().err


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setitem(sys.modules, "contracts.run.verify", None)
    assert main(["verify", "--base-url", "http://127.0.0.1:9/v2", "--token", TOKEN]) == 2
    assert 'pip install ".[contracts]"' in capsys.readouterr().err


# Interruptions


@pytest.mark.parametrize("after", [22, *(pytest.param(n, marks=pytest.mark.acceptance) for n in (2, 12, 40, 75))])
def test_what_a_killed_run_left_is_swept_by_the_next(after: int):
    fake = new_fake()
    before = site_of(fake)
    seen, enough = [], threading.Event()

    def counting(app: Any) -> Any:
        def wrapped(environ: dict[str, Any], start: Any) -> Any:
            seen.append(environ["PATH_INFO"])
            if len(seen) == after:
                enough.set()
                killed.wait(30)
            return app(environ, start)

        return wrapped

    killed = threading.Event()
    with served(fake, counting) as url:
        command = [sys.executable, "-m", "fake_webflow", "verify", "--base-url", url, "--only", "assets.c*"]
        process = subprocess.Popen([*command, "--token", TOKEN], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        assert enough.wait(60)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        killed.set()
        outcome = verify(asked(url, only="sites.not-found"))
    assert outcome.code == 0
    assert site_of(fake) == before


def test_an_interrupted_run_is_gone_on_with(tmp_path: Path):
    asked_for = {"target": "x"}
    begun = ProgressFile(tmp_path, asked_for)
    seen = Observation("sites.not-found", "holds", "test_sites.py::test_one")
    begun.add("test_sites.py::test_one", [seen])
    begun.add("test_sites.py::test_two", [replace(seen, outcome="not-checkable", observed="the test could not run: x")])
    begun.add(
        "test_sites.py::test_three", [replace(seen, outcome="not-checkable", observed="not checked this time: x")]
    )
    with (tmp_path / "unfinished.jsonl").open("a") as file:
        file.write('{"case": "cut o')
    again = ProgressFile(tmp_path, asked_for)
    assert again.done == {"test_sites.py::test_one"}
    assert again.verdicts.of("sites.not-found").kind == "holds"
    assert ProgressFile(tmp_path, {"target": "y"}).done == set()
    again.remove()
    assert list(tmp_path.iterdir()) == []


def test_the_run_that_goes_on_asks_only_for_what_is_missing(tmp_path: Path):
    from contracts.run.verify import _run_identity

    with served(new_fake()) as url:
        given = asked(url, only="sites.custom-domains", report_directory=tmp_path)
        state = ProgressFile(tmp_path, _run_identity(given))
        of_any_operation = "test_schema_conformance.py::test_good_requests_are_answered_as_the_document_states"
        for case in (
            "test_sites.py::test_the_custom_domains_are_those_of_the_site",
            f"{of_any_operation}[sites.list-custom-domains]",
        ):
            state.add(case, [Observation("sites.custom-domains", "holds", f"contracts/{case}")])
        outcome = verify(given)
    assert outcome.code == 0
    assert outcome.report["requests"] < 10
    assert outcome.report["clauses"][0]["result"] == "holds"
    assert not (tmp_path / "unfinished.jsonl").exists()


@pytest.mark.parametrize("address", ["127.0.0.1:8787/v2", "http://", "http://127.0.0.1:99999/v2", "http://[::1/v2"])
def test_what_is_no_address_is_told_at_once(address: str, capsys: pytest.CaptureFixture[str]):
    assert main(["verify", "--base-url", address, "--token", "t"]) == 2
    assert f"begins with http:// or https://, with a host; not '{address}'" in capsys.readouterr().err
