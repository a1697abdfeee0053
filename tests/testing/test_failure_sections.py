"""The section of a failed test's report that shows what its fakes were called."""

from __future__ import annotations

import re

from running import Run

from fake_webflow import FakeWebflow

pytest_plugins = ["pytester"]


def test_the_journal_in_a_report_is_bounded_and_has_no_token(run: Run) -> None:
    result = run(
        """
    def test_it(fake_webflow):
        for number in range(50):
            fake_webflow.client.sites.list()
        notes = fake_webflow.add_collection("Notes")
        fake_webflow.client.items.list(notes.id, name=fake_webflow.token)
        fake_webflow.journal.assert_called("items.list", query={"name": "x"})
    """
    )
    result.assert_outcomes(failed=1)
    output = result.stdout.str()
    section = output.partition("- fake Webflow journal -")[2].partition("fake-webflow: rested")[0]
    assert "21 earlier calls" in section
    assert len(section.strip().splitlines()) == 32
    assert "query.name is '(not kept)', not 'x'" in output
    assert "test-token" not in re.sub(r"(?s)^.*?(?=\nE )", "", output)


def test_a_test_that_passes_says_nothing(run: Run) -> None:
    result = run("def test_it(fake_webflow): fake_webflow.client.sites.list()")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*journal*")


def test_the_shared_fake_shows_what_the_failed_test_did_itself(run: Run) -> None:
    result = run(
        """
    def test_one(fake_webflow_session):
        fake_webflow_session.client.token.introspect()

    def test_two(fake_webflow_session):
        fake_webflow_session.client.sites.list()
        assert False
    """
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["  1 GET /v2/sites -> 200 (sites.list)"])
    result.stdout.no_fnmatch_line("*token.introspect*")


def test_the_shared_fake_shows_it_after_more_calls_than_a_journal_keeps(run: Run) -> None:
    result = run(
        """
    from fake_webflow.fake import fake_of

    def test_one(fake_webflow_session):
        fake_webflow_session.client.sites.list()
        (call,) = fake_webflow_session.journal
        for _ in range(10_000):
            fake_of(fake_webflow_session).journal.append(call)

    def test_two(fake_webflow_session):
        fake_webflow_session.client.token.authorized_by()
        assert False
    """
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["  1 GET /v2/token/authorized_by -> 200 (token.authorized-by)"])


def test_fakes_that_no_fixture_made_are_shown_as_well(run: Run) -> None:
    with FakeWebflow():  # which takes the place of none of theirs
        result = run(
            """
    import unittest

    import pytest

    from fake_webflow import FakeWebflow

    class TestProgram(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.shared = cls.enterClassContext(FakeWebflow())

        def setUp(self):
            self.webflow = self.enterContext(FakeWebflow())

        def test_one(self):
            self.shared.client.token.introspect()
            self.webflow.client.sites.list()
            self.fail()

        def test_two(self):
            self.shared.client.token.authorized_by()
            self.fail()

    def test_block():
        for _ in range(20):
            with FakeWebflow() as webflow:
                webflow.client.assets.list(webflow.site.id)
        assert False

    def test_after():
        assert False
    """
        )
    result.assert_outcomes(failed=4)
    shown = [line for line in result.outlines if re.match(r"  \d ", line)]
    assert [line.partition(" -> ")[2] for line in shown] == [
        "200 (token.introspect)",
        "200 (sites.list)",
        "200 (token.authorized-by)",
        *["200 (assets.list)"] * 11,  # the last, and the ten that ended before it
    ]
