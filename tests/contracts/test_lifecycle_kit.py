"""The state machine finds what a model does not know, makes it small and tells it as a script."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test
from twins import outcome_on

import contracts.generated.lifecycle_model as model
from contracts.generated.lifecycle import SandboxLifecycle, explain_difference, replay_recorded
from contracts.kit.clauses import Observation
from contracts.kit.in_process import InProcessTarget
from contracts.kit.sandbox import Sandbox
from contracts.kit.strategies import hypothesis_settings
from contracts.ledger_check import read_tests
from contracts.run.plugin import SUITE_DIRECTORY, run_suite
from fake_webflow.rules import Profile

FILE = "test_lifecycle.py"


class Unshrunk(InProcessTarget):
    """A fake whose failures nobody is to read: to make some of them small takes a minute."""

    shrinks = False


def differing(target: type[InProcessTarget], name: str, option: str) -> list[Observation]:
    """What the state machine says of a fake that makes one choice otherwise than expected."""
    made = Profile().with_choices({name: option})
    code, verdicts = run_suite(
        lambda: target(made, expected=Profile()),
        "-p",
        "no:randomly",
        "--tb=no",
        "-k",
        "model_says_after",
        files=[FILE],
    )
    assert code == 1
    return [seen for seen in verdicts.observations if seen.outcome == "differs"]


@pytest.mark.parametrize(
    ("name", "option", "clause", "most"),
    [
        ("items.unpublish.last-published", "kept", "items.object.timestamps", 6),
        pytest.param("items.publish.clears-draft", "no", "items.update.merges", 9, marks=pytest.mark.acceptance),
    ],
)
def test_what_differs_is_told_as_a_short_script(
    name: str, option: str, clause: str, most: int, monkeypatch: pytest.MonkeyPatch
):
    [seen] = differing(InProcessTarget, name, option)
    assert seen.clause == clause
    python, _, shell = seen.observed.partition("in a shell:")
    assert python.count("CallSpec(") <= most
    assert "curl -si -X" in shell
    assert "contract-suite" not in seen.observed
    assert python.count("collection#1") >= 2
    script = python.partition("in Python:\n")[2]
    assert outcome_on({name: option}, script, monkeypatch) == "failed"
    assert outcome_on({}, script, monkeypatch) == "passed"


@pytest.mark.parametrize(
    ("name", "option", "clause"),
    [
        pytest.param(
            "items.update-live.staged-changes",
            "publish-all",
            "items.update.leaves-live",
            marks=pytest.mark.acceptance,
        ),
        pytest.param("items.slug.held-after-delete", "free", "items.slug.unique", marks=pytest.mark.acceptance),
    ],
)
def test_what_shows_after_many_steps_is_found(name: str, option: str, clause: str):
    [seen] = differing(Unshrunk, name, option)
    assert seen.clause == clause


@pytest.fixture
def machine() -> type[SandboxLifecycle]:
    sandbox = Sandbox(InProcessTarget(), "0" * 8)
    sandbox.prepare()
    return type("Machine", (SandboxLifecycle,), {"sandbox": sandbox})


@pytest.mark.acceptance
def test_many_long_lives_are_as_the_model_says(machine: type[SandboxLifecycle]):
    """The contract tries 30 lives of 30 steps."""
    with explain_difference(machine):
        run_state_machine_as_test(machine, settings=hypothesis_settings(60, steps=50))


def test_the_recorded_life_looks_at_every_clause_it_names(
    machine: type[SandboxLifecycle], monkeypatch: pytest.MonkeyPatch
):
    seen: set[str] = set()
    agree = model.expect_equal

    def noting(clause_id: str, expected: Any, found: Any) -> None:
        seen.add(clause_id)
        agree(clause_id, expected, found)

    monkeypatch.setattr(model, "expect_equal", noting)
    recorder = machine.sandbox.target.recorder
    before = recorder.response_count
    replay_recorded(machine)
    source = (SUITE_DIRECTORY / FILE).read_text(encoding="utf-8")
    named, _ = read_tests(source[source.rindex("@clause(") :], FILE)
    assert len(named) > 10
    assert {name.id for name in named} <= seen
    assert recorder.response_count - before <= 60


class Unwilling(InProcessTarget):
    """A fake whose collections cannot be made any more."""

    def __init__(self) -> None:
        super().__init__()
        self.collections = 0
        self.http.hooks["response"].append(self.refuse)

    def refuse(self, response: Any, *_: Any, **__: Any) -> None:
        if response.request.method == "POST" and response.request.path_url.endswith("/collections"):
            self.collections += 1
            if self.collections > 5:
                response.status_code, response._content = 409, b'{"message": "No more.", "code": "conflict"}'


def test_a_run_that_gets_no_collection_says_so():
    code, verdicts = run_suite(Unwilling, "-p", "no:randomly", "--tb=no", "-k", "recorded_life", files=[FILE])
    assert code == 1
    [differing] = [seen for seen in verdicts.observations if seen.outcome == "differs"]
    assert differing.observed.startswith("the test could not run: ")
    assert differing.observed.endswith("409 conflict: No more.")
    assert {seen.follows for seen in verdicts.observations if seen is not differing} == {differing.clause}
