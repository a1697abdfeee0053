"""A pull that stopped goes on with the same command, and asks for nothing twice."""

from __future__ import annotations

from collections import Counter

import pytest
from generated_sites import make_site
from pulled import draw_secrets, find_secrets

from fake_webflow import FakeWebflow
from fake_webflow.cli import main

WHOLE = ("--items", "all", "--assets", "bytes", "--out", "site.json")


def asked(source: FakeWebflow) -> Counter[str]:
    return Counter(f"{call.path}?{call.query}" for call in source.journal)


def test_each_budget_comes_to_the_same_file(pull, tmp_path):
    with FakeWebflow(make_site(2)) as source:
        assert pull(*WHOLE) == (0, "")
        once, whole = asked(source), (tmp_path / "site.json").read_bytes()
        (tmp_path / "site.json").unlink()
        for budget in (1, 7):
            source.journal.clear()
            runs = 0
            while pull(*WHOLE, "--budget", str(budget))[0] == 2:
                runs += 1
                assert not (tmp_path / "site.json").exists()
            assert (tmp_path / "site.json").read_bytes() == whole
            assert not (tmp_path / "site.json.partial").exists()
            assert runs > 5 // budget
            assert asked(source) - once == Counter()
            (tmp_path / "site.json").unlink()


@pytest.mark.parametrize("cut", [1, 20])
def test_a_line_that_was_broken_off_is_asked_for_again(pull, tmp_path, cut):
    with FakeWebflow(make_site(1)):
        assert pull(*WHOLE) == (0, "")
        whole = (tmp_path / "site.json").read_bytes()
        assert pull(*WHOLE, "--budget", "6")[0] == 2
        partial = tmp_path / "site.json.partial"
        partial.write_bytes(partial.read_bytes()[:-cut])
        assert pull(*WHOLE) == (0, "")
        assert (tmp_path / "site.json").read_bytes() == whole


def test_another_command_does_not_go_on_with_it(pull, tmp_path):
    with FakeWebflow(make_site(1)):
        assert pull("--out", "site.json", "--budget", "2")[0] == 2
        code, said = pull("--out", "site.json", "--as-is")
        assert (code, said.count("\n")) == (2, 1)
        assert "site.json.partial" in said
        (tmp_path / "site.json.partial").write_text("not ours\n")
        assert pull("--out", "site.json")[0] == 2
        assert (tmp_path / "site.json.partial").read_text() == "not ours\n"


def test_an_earlier_file_stays_until_the_new_one_is_whole(pull, tmp_path):
    (tmp_path / "site.json").write_text("earlier")
    with FakeWebflow(make_site(1)):
        assert pull("--out", "site.json", "--budget", "3")[0] == 2
        assert (tmp_path / "site.json").read_text() == "earlier"
        assert pull("--out", "site.json") == (0, "")
    assert (tmp_path / "site.json").read_text() != "earlier"


def test_the_rate_limit_is_never_overrun(pull, monkeypatch):
    with FakeWebflow("empty", rate_limit=3) as source:
        monkeypatch.setattr("time.sleep", source.clock.advance)
        for number in range(5):
            source.add_collection(f"Collection {number}")
        assert main(["pull", "--out", "site.json"]) == 0
        assert [call.status for call in source.journal] == [200] * len(source.journal)
        assert len(source.journal) > 9


def test_nothing_of_the_content_is_in_a_file_whenever_it_stops(pull, tmp_path):
    secrets: list[str] = []
    site = make_site(1, draw_secrets(1, secrets))
    with FakeWebflow(site):
        while pull(*WHOLE, "--budget", "4")[0] == 2:
            assert find_secrets(tmp_path, secrets) == []
        assert find_secrets(tmp_path, secrets) == []
        assert pull(*WHOLE, "--as-is") == (0, "")
        assert len(find_secrets(tmp_path, secrets)) > 50


def test_the_token_is_never_written(pull, tmp_path):
    with FakeWebflow("empty", token="secret-token-of-mine") as source, pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEBFLOW_TOKEN", source.token)
        notes = source.add_collection("Notes")
        source.add_items(notes, [{"name": f"Its token is {source.token}"}])
        assert pull("--items", "all", "--as-is", "--out", "site.json", "--budget", "6")[0] == 2
        assert source.token not in (tmp_path / "site.json.partial").read_text()
        assert pull("--items", "all", "--as-is", "--out", "site.json") == (0, "")
    written = (tmp_path / "site.json").read_text()
    assert source.token not in written
    assert "Its token is ***" in written
