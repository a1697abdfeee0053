"""Limits of plans, which only a target shows whose plan can be chosen."""

from __future__ import annotations

import pytest

from .kit.clauses import clause, needs
from .kit.expect import expect_json, expect_refusal
from .kit.in_process import InProcessTarget
from .kit.sandbox import Sandbox
from .kit.targets import MORE_SITES, OTHER_PROFILE


@clause("plan.limits", "plan.collections")
@needs(OTHER_PROFILE, MORE_SITES)
@pytest.mark.parametrize(
    ("plan", "collections", "items"),
    [
        pytest.param("starter", 1, 50, marks=clause("plan.items")),
        pytest.param("basic", 2, 200, marks=clause("plan.items")),
        pytest.param("cms", 20, 2000, marks=clause("plan.items")),
        ("business", 40, None),
    ],
)
def test_a_plan_has_so_many_collections_and_items(
    sandbox: Sandbox, target: InProcessTarget, plan: str, collections: int, items: int | None
) -> None:
    with target.override_choices({"plan.limits": plan}):
        site = target.new_site(published=True)
        wanted = [{"displayName": f"Collection {n}", "singularName": "One"} for n in range(collections + 1)]
        answers = [sandbox.call("POST", f"/sites/{site}/collections", json=body) for body in wanted]
        assert [answer.status_code for answer in answers[:-1]] == [200] * collections
        expect_refusal(answers[-1], "plan.collections")
        assert len(sandbox.client.collections.list(site)["collections"]) == collections
        if items is None:
            return
        path = f"/collections/{answers[0].json()['id']}/items"
        for start in range(0, items, 50):
            names = [{"name": f"Item {n}"} for n in range(start, start + 50)]
            expect_json(sandbox.call("POST", f"{path}/bulk", json={"fieldData": names}), 202)
        expect_refusal(sandbox.call("POST", f"{path}/bulk", json={"fieldData": [{"name": "x"}]}), "plan.items")
        expect_refusal(sandbox.call("POST", path, json={"fieldData": {"name": "x"}}), "plan.items")
        assert sandbox.call("GET", path).json()["pagination"]["total"] == items
