"""``docs/twin.md``: its commands do what it shows, and it lists what the twin run cannot show."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.twin import UNSEEN_CHOICES
from contracts.twin.explaining import NEEDED_TOKEN_KIND, UNSEEN_OPTIONS
from contracts.twin.generation import build_plan
from fake_webflow.cli import main

PAGE = Path(__file__).parents[2].joinpath("docs/twin.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


@pytest.mark.acceptance
def test_the_commands_print_what_the_page_shows():
    text = block("sh")
    for port in sorted(set(re.findall(r"--port (\d+)", text))):
        text = text.replace(port, str(free_port()))
    exported, *commands = (line for line in text.splitlines() if line)
    name, _, value = exported.removeprefix("export ").partition("=")
    environment = {**os.environ, name: value}
    servers = [
        subprocess.Popen(command_of(line), env=environment, stdout=subprocess.PIPE, text=True) for line in commands[:-1]
    ]
    try:
        for server in servers:
            assert server.stdout is not None
            assert server.stdout.readline().startswith("fake-webflow ")  # it listens
        done = subprocess.run(command_of(commands[-1]), env=environment, capture_output=True, text=True, timeout=120)
    finally:
        for server in servers:
            server.kill()
            server.communicate()
    assert (done.returncode, done.stderr) == (1, "")
    rest = done.stdout
    for shown in block("text").split("...\n"):
        assert shown in rest
        rest = rest.partition(shown)[2]


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def command_of(line: str) -> list[str]:
    program, *arguments = shlex.split(line.removesuffix("&"))
    assert program == "fake-webflow"
    return [sys.executable, "-m", "fake_webflow", *arguments]


def test_it_lists_what_cannot_be_shown():
    listed = dict(re.findall(r"^- (`.*?`(?:, option `.*?`)?): (.*)$", PAGE, re.MULTILINE))
    options = {f"`{name}`, option `{option}`": reason for (name, option), reason in UNSEEN_OPTIONS.items()}
    assert listed == {**{f"`{name}`": reason for name, reason in UNSEEN_CHOICES.items()}, **options}
    kinds = {"app": "an app's", "site": "a site's"}
    assert all(f"`{name}` {kinds[kind]}" in PAGE for name, kind in NEEDED_TOKEN_KIND.items())


def test_it_says_how_long_the_plan_is(capsys: pytest.CaptureFixture[str]):
    assert main(["twin", "--help"]) == 0
    said = f"one fixed plan of some {round(len(build_plan(locales=1)), -1)} calls"
    assert said in PAGE
    assert said in " ".join(capsys.readouterr().out.split())


def test_it_names_every_option(capsys: pytest.CaptureFixture[str]):
    assert main(["twin", "--help"]) == 0
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert options == set(re.findall(r"--[a-z][a-z-]+", PAGE.partition("## Options")[2].partition("\n## ")[0]))
