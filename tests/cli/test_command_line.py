"""What all commands have in common: help, colour, completion, and the environment variables of ``serve``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from processes import COMMAND, Run, Serve, ready

from fake_webflow.cli import main

Printed = pytest.CaptureFixture[str]
COMMANDS = ["serve", "pull", "clauses", "explain", "verify", "results", "results update", "drift", "twin", "spec-diff"]


def test_the_command_alone_shows_the_help(capsys: Printed) -> None:
    assert main([]) == 0
    alone = capsys.readouterr()
    assert main(["--help"]) == 0
    assert alone == capsys.readouterr()
    assert all(re.search(rf"^  {command.split()[0]} ", alone.out, re.MULTILINE) for command in COMMANDS)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_help_fits_a_screen_and_has_an_example(capsys: Printed, command: str) -> None:
    assert main([*command.split(), "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    if command != "results":
        assert any(re.match(rf" +(Example: +)?fake-webflow {command}", line) for line in lines)


def test_only_the_command_that_is_asked_for_is_imported() -> None:
    code = (
        "import sys; from fake_webflow.cli import main; main(['--version']);"
        "print(*[name for name in sys.modules if name.startswith('fake_webflow.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.splitlines()[1].split()) <= {
        "fake_webflow.cli",
        "fake_webflow.cli.common",
        "fake_webflow.wording",
    }


# Colour


@pytest.mark.skipif(os.name != "posix", reason="terminals")
@pytest.mark.parametrize("no_colour", ["", "1"])
def test_a_terminal_gets_colour_and_nothing_else_does(run: Run, no_colour: str) -> None:
    import pty

    arguments = ["explain", "rate.headers"]
    master, terminal = pty.openpty()
    environment = {**os.environ, "NO_COLOR": no_colour, "TERM": "xterm"}
    with subprocess.Popen([*COMMAND, *arguments], stdout=terminal, env=environment):
        os.close(terminal)
        printed = b""
        try:
            while part := os.read(master, 65_536):
                printed += part
        except OSError:  # how a terminal ends on Linux
            pass
    os.close(master)
    assert (b"\x1b[1m" in printed) == (not no_colour)
    assert "\x1b" not in run(*arguments).stdout


# Completion


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("fake-webflow ex", "explain"),
        ("fake-webflow serve --sce", "--scenario"),
        ("fake-webflow serve --scenario time", "timeline"),
        ("fake-webflow serve --profile items.update.null=", "items.update.null=ignored"),
        ("fake-webflow explain items.update-live.never", "items.update-live.never-published"),
    ],
)
def test_the_shell_completes(words: str, offered: str) -> None:
    environment = {
        **os.environ,
        "_FAKE_WEBFLOW_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=30)
    assert f"plain,{offered}" in done.stdout.splitlines()


# Environment variables


@pytest.mark.parametrize(
    ("variable", "value", "fact"),
    [
        ("FAKE_WEBFLOW_PORT", "x", "a port is a number from 0 to 65535"),
        ("FAKE_WEBFLOW_RATE_LIMIT", "0", "at least 1, or off"),
        (
            "FAKE_WEBFLOW_PROFILE",
            "items.update.null=ignored,items.slug.scop=collection",
            "did you mean items.slug.scope",
        ),
        ("FAKE_WEBFLOW_ALLOW_HOST", "a,http://b", "a host is a name alone"),
        ("FAKE_WEBFLOW_JSON", "perhaps", "perhaps"),
        ("FAKE_WEBFLOW_CONTROL_TOKEN", "a b", "without spaces"),
    ],
)
def test_a_bad_value_is_told_by_the_variable(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, fact: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert main(["serve"]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith(f"fake-webflow serve: {variable}: ")
    assert fact in printed
    assert printed.count("\n") == 1


def test_each_option_of_serve_can_be_a_variable(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"PORT": "0", "JSON": "1", "TOKEN": "other", "RATE_LIMIT": "off", "SEED": "", "NO_CONTROL": "true"}
    values |= {"SCENARIO": "timeline", "ALLOW_HOST": "a.internal, b.internal", "PROFILE": "items.update.null=ignored"}
    for name, value in values.items():
        monkeypatch.setenv(f"FAKE_WEBFLOW_{name}", value)
    said = ready(serve())
    assert (said["token"], said["control_url"], list(said["collection_ids"])) == ("other", None, ["events"])
    import requests

    for host, status in {"a.internal": 200, "b.internal": 200, "c.internal": 403}.items():
        assert requests.get(said["start_page"], headers={"Host": host}, timeout=10).status_code == status


def test_the_command_line_comes_before_the_variables(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_WEBFLOW_PORT", "1")
    assert main(["serve", "--port", "x"]) == 2
    assert "--port: " in capsys.readouterr().err


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8787", ""])
def test_what_kubernetes_sets_and_what_is_empty_counts_as_not_set(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("FAKE_WEBFLOW_PORT", address)
    monkeypatch.setenv("FAKE_WEBFLOW_SCENARIO", "no-such")  # which is looked for after the port was read
    assert main(["serve"]) == 2
    assert "no scenario is named 'no-such'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["verify", "twin", "drift"])
def test_the_other_commands_have_no_such_variables(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    for name in ("BASE_URL", "LEFT", "RIGHT", "NAME", "PORT", "UPSTREAM"):
        monkeypatch.setenv(f"FAKE_WEBFLOW_{name}", "x")
        monkeypatch.setenv(f"FAKE_WEBFLOW_{command.upper()}_{name}", "x")
    assert main([command]) == 2
    assert re.search("is missing|which one", capsys.readouterr().err)
