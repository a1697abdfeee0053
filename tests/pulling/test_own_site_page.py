"""The page on a fake of one's own site says what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from running import NO_OTHER_PLUGINS, OURS

from fake_webflow import FakeWebflow
from fake_webflow.cli import main
from fake_webflow.pulling.pseudonyms import replace_value

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2].joinpath("docs/how-to/own-site.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_the_commands_say_what_the_page_says(pytester, monkeypatch, capsys):
    lines = "".join(re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)).splitlines()
    monkeypatch.setenv("WEBFLOW_TOKEN", "test-token")
    with FakeWebflow():
        for command, said in zip(lines[1::2], lines[2::2], strict=True):
            program, *arguments = shlex.split(command.removeprefix("$ "))
            assert program == "fake-webflow"
            main(arguments)
            assert "".join(capsys.readouterr()).splitlines() == [said]
    for file, source in FILES.items():
        pytester.path.joinpath(file).write_text(source, encoding="utf-8")
    monkeypatch.setenv(*NO_OTHER_PLUGINS)
    pytester.runpytest_subprocess(*OURS, "-q").assert_outcomes(passed=1)
    monkeypatch.syspath_prepend(pytester.path)
    exec(FILES["arranged.py"], {})


@pytest.mark.parametrize(("number", "kind"), [*enumerate(["PlainText", "Email", "Link", "Phone", "RichText"])])
def test_the_pseudonyms_are_those_of_the_page(number, kind):
    rows = re.findall(r"^\| `(.+)` \| `(.+)` \|$", PAGE, re.MULTILINE)
    value, made = rows[number]
    field = {"type": kind, "slug": "example", "validations": None}
    assert replace_value(value, field, "67c8157e70a4acb44e00000c") == made
