"""Whatever keeps a site from being pulled is told in one line, with exit code 2, and no file appears."""

from __future__ import annotations

import json

import pytest

from fake_webflow import FakeWebflow
from fake_webflow.client import Collections


@pytest.fixture
def refused(pull, tmp_path):
    """Runs the command, which has to fail, and gives the line it says."""

    def run(*arguments: str) -> str:
        code, said = pull(*(arguments or ("--out", "site.json")))
        assert code == 2
        assert said.startswith("fake-webflow pull: ")
        assert said.count("\n") == 1
        assert "Traceback" not in said
        assert not list(tmp_path.glob("site.*[!l]"))  # a partial file may be there
        return said

    return run


def test_without_a_token(refused, monkeypatch):
    monkeypatch.delenv("WEBFLOW_TOKEN")
    assert "WEBFLOW_TOKEN" in refused()


def test_with_a_token_that_cannot_be_one(refused, monkeypatch):
    monkeypatch.setenv("WEBFLOW_TOKEN", "with a space")
    assert "with a space" not in refused()


def test_unreachable(refused, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert "cannot reach http://127.0.0.1:9/v2" in refused("--base-url", "http://127.0.0.1:9/v2", "--out", "site.json")


def test_refused(refused, monkeypatch, fake_webflow):
    monkeypatch.setenv("WEBFLOW_TOKEN", "of-somebody-else")
    said = refused()
    assert "refuses the token" in said
    assert "of-somebody-else" not in said


@pytest.mark.parametrize("scope", ["sites:read", "cms:read", "assets:read"])
def test_a_scope_is_missing(refused, fake_webflow, scope):
    fake_webflow.limit_scopes({"sites:read", "cms:read", "assets:read"} - {scope})
    assert f"lacks the scope {scope}" in refused()


def test_several_sites(refused, pull):
    sites = [{"displayName": "One\nof many", "shortName": "one"}, {"displayName": "Two"}]
    with FakeWebflow({"sites": sites}) as source:
        ids = [site["id"] for site in source.client.sites.list()["sites"]]
        said = refused()
        assert all(site_id in said for site_id in ids)
        assert "One of many" in said
        assert all(site_id in refused("--site", "0" * 24, "--out", "site.json") for site_id in ids)
        for name in (ids[1], "one"):
            assert pull("--site", name, "--out", "site.json") == (0, "")


def test_no_site(refused):
    with FakeWebflow({"sites": []}):
        assert "no site" in refused()


def test_the_budget_is_spent(refused, fake_webflow):
    assert "budget of 3 requests" in refused("--out", "site.json", "--budget", "3")
    assert len(fake_webflow.journal) == 3


SMALL = {
    "sites": [
        {
            "collections": [
                {
                    "displayName": "Posts",
                    "fields": [{"type": "PlainText", "displayName": "Text"}],
                    "items": [{"fieldData": {"name": "One"}}, {"fieldData": {"name": "Two"}}],
                }
            ]
        }
    ]
}


@pytest.mark.parametrize("what", ["field", "item", "new item", "site"])
@pytest.mark.parametrize("count", ["1", "all"])
def test_the_source_changed_meanwhile(refused, pull, what, count):
    """Changed between two runs, or, which is the same, between two requests of one."""
    command = ("--items", count, "--out", "site.json")
    with FakeWebflow(SMALL) as source:
        posts, client = source.collections["posts"], source.client
        assert pull(*command, "--budget", "7")[0] == 2
        match what:
            case "field":
                client.collections.update_field(posts.id, posts.fields[2].id, {"helpText": "Other"})
            case "item":
                client.items.update(posts.id, next(iter(posts.staged)).id, {"isDraft": True})
            case "new item":
                client.items.create(posts.id, {"fieldData": {"name": "New"}})
            case _:
                client.sites.publish(source.site.id, publish_to_webflow_subdomain=True)
        assert "changed while" in refused(*command)
        assert pull(*command) == (0, "")


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_call_fails(refused, fake_webflow, monkeypatch, status):
    monkeypatch.setattr("time.sleep", lambda _: None)
    fake_webflow.faults.on("collections.get").respond(status, message="Said\nby the API")
    assert str(status) in refused()


def test_an_answer_breaks_off(refused, fake_webflow, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    fake_webflow.faults.on("webhooks.list").malformed_json()
    assert "does not answer as Webflow does" in refused()


@pytest.mark.parametrize("answer", [{}, {"fields": None}, {"fields": [{"type": "PlainText"}]}, {"fields": [7]}])
def test_an_answer_of_another_form(refused, fake_webflow, monkeypatch, answer):
    monkeypatch.setattr(Collections, "get", lambda _, collection_id: {"id": collection_id, **answer})
    refused()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--out", "site.txt"),
        ("--out", "no/such/site.json"),
        ("--out", "."),
        ("--out", "site.json", "--items", "0"),
        ("--out", "site.json", "--assets", "some"),
        ("--out", "site.json", "--budget", "none"),
        ("--out", "site.json", "--base-url", "example"),
        ("--out", "site.ts", "--types", "typescript", "--items", "all"),
        ("--out", "site.ts", "--types", "cobol"),
        (),
    ],
)
def test_an_option_that_cannot_be(pull, fake_webflow, arguments):
    code, said = pull(*arguments)
    assert (code, said.count("\n")) == (2, 1)
    assert len(fake_webflow.journal) == 0


def test_a_site_that_a_fake_refuses(refused, fake_webflow, monkeypatch):
    def get(self, collection_id):
        answer = known(self, collection_id)
        return {**answer, "fields": answer["fields"] * 40}

    known = Collections.get
    monkeypatch.setattr(Collections, "get", get)
    assert "a fake refuses" in refused()


def test_a_site_that_is_too_large_for_yaml(refused, pull, fake_webflow, monkeypatch, tmp_path):
    monkeypatch.setattr("fake_webflow.pulling.pull.LARGEST_YAML", 1000)
    assert "site.yaml.partial" in refused("--out", "site.yaml")
    (tmp_path / "site.yaml.partial").rename(tmp_path / "site.json.partial")
    fake_webflow.journal.clear()
    assert pull("--out", "site.json") == (0, "")
    assert len(fake_webflow.journal) == 0


def test_what_is_written_is_json_of_the_scenario(pull, tmp_path, fake_webflow):
    assert pull("--out", "site.json") == (0, "")
    assert [*json.loads((tmp_path / "site.json").read_bytes())] == ["description", "sites"]
