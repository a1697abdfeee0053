"""How many clauses held and were refuted at the live API, by the kind of their evidence."""

from __future__ import annotations

import pytest

from fake_webflow.cli import main
from fake_webflow.rules import LiveResult, count_by_evidence, describe_confidence


def test_results_are_counted_by_kind_the_surest_first():
    counts = count_by_evidence([("inferred", False), ("observed", True), ("observed", True), ("inferred", True)])
    assert counts == {"observed": {"held": 2, "refuted": 0}, "inferred": {"held": 1, "refuted": 1}}
    assert describe_confidence(counts) == "observed: 2 held, 0 refuted; inferred: 1 held, 1 refuted"


def test_the_list_of_clauses_says_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    results = {
        "sites.object.keys": LiveResult("holds", "2026-11-23", "https://api.webflow.com/v2", "0"),
        "sites.not-found": LiveResult("rule-broken", "2026-11-23", "https://api.webflow.com/v2", "0", "404"),
        "sites.data-collection": LiveResult("other-option", "2026-11-23", "https://api.webflow.com/v2", "0", "absent"),
    }
    monkeypatch.setattr("fake_webflow.rules.live_results", lambda: results)
    main(["clauses", "sites.*"])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.endswith("observed: 1 held, 0 refuted; documented: 0 held, 1 refuted.")
    monkeypatch.undo()
    main(["clauses", "sites.*"])
    assert "held" not in capsys.readouterr().out.splitlines()[-1]
