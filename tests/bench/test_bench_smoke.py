"""The bench's machinery works. How long anything takes is never asserted."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench import console_rows, harness, scale_rows, table, thread_rows, wsgi_rows
from bench.__main__ import groups, main
from bench.harness import (
    Contender,
    Curve,
    Figure,
    Goal,
    Plan,
    Results,
    amount,
    interval_of_median,
    left_out,
    measured,
    ratio,
)
from bench.peers import Peers
from bench.plot import growth
from bench.profiling import where_time_goes

TINY = Plan(rounds=2, seconds=0.0001)


def figure(samples: list[float], goal: Goal | None) -> Figure:
    return Figure(1, "something", "x", tuple(samples), min(samples), goal)


def test_examples_in_the_texts_hold() -> None:
    assert doctest.testmod(harness).attempted > 0
    assert doctest.testmod(harness).failed == 0


def test_each_contender_has_its_turn_in_each_round() -> None:
    told: list[str] = []
    contenders = [
        Contender(name, lambda name=name: told.append(name), lambda: told.append("("), lambda: told.append(")"))
        for name in ("a", "b")
    ]
    samples = measured(contenders, Plan(rounds=3), calls=2)
    assert {name: len(taken) for name, taken in samples.items()} == {"a": 3, "b": 3}
    turns = "".join(told)
    assert sorted(turns[place : place + 4] for place in range(0, len(turns), 4)) == ["(aa)"] * 3 + ["(bb)"] * 3


def test_what_is_done_before_a_call_is_not_timed() -> None:
    now = [0.0]

    def takes(seconds: float) -> None:
        now[0] += seconds

    one = Contender("one", lambda: takes(1), before_call=lambda: takes(100), clock=lambda: now[0])
    assert measured([one], Plan(rounds=2), calls=3) == {"one": [1.0, 1.0]}


@pytest.mark.parametrize(
    ("samples", "goal", "verdict"),
    [
        ([1.0] * 15, Goal(1.5, "x"), "met"),
        ([2.0] * 15, Goal(1.5, "x"), "missed"),
        ([1.0] * 7 + [2.0] * 8, Goal(1.5, "x"), "too noisy"),
        ([1.0] * 3 + [2.0] * 12, Goal(1.5, "x"), "missed"),
        ([2.0] * 15, Goal(1.5, "x", at_least=True), "met"),
        ([1.0] * 15, Goal(1.5, "x", at_least=True), "missed"),
        ([1.0] * 15, None, ""),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(samples: list[float], goal: Goal | None, verdict: str) -> None:
    assert figure(samples, goal).verdict == verdict


def test_few_samples_have_no_narrower_interval_than_all_of_them() -> None:
    assert interval_of_median([3.0]) == (3.0, 3.0)
    assert interval_of_median([5.0, 1.0, 3.0]) == (1.0, 5.0)


def test_a_ratio_is_taken_round_by_round() -> None:
    found = ratio(1, "something", [2.0, 8.0], [1.0, 2.0], Goal(3, "x"))
    assert (found.samples, found.best) == ((2.0, 4.0), 2.0)


def test_a_profile_is_taken_of_what_is_missed_only() -> None:
    assert figure([2.0], Goal(1, "x")).explained(lambda: "there").profile == "there"
    assert figure([1.0], Goal(1, "x")).explained(lambda: "there").profile == ""


def test_a_profile_names_our_functions() -> None:
    from fake_webflow.world.slugs import slugify

    assert "world.slugs.slugify" in where_time_goes(
        lambda: [slugify("One") for _ in range(3)] and sorted(range(3_000, 0, -1), key=str)
    )


@pytest.mark.parametrize(
    "rows",
    [
        wsgi_rows.reads,
        *(
            pytest.param(rows, marks=pytest.mark.acceptance)
            for rows in (wsgi_rows.bulk_update, thread_rows.many_writers)
        ),
    ],
)
def test_rows_are_measured(rows: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (wsgi_rows, thread_rows):
        monkeypatch.setattr(module, "where_time_goes", lambda *_: "")
    assert callable(rows)
    found: Results = rows(TINY)
    assert [len(each.samples) for each in found.figures] == [2] * len(found.figures)


def test_states_are_measured_at_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale_rows, "SIZES", (10, 20, 30))
    monkeypatch.setattr(scale_rows, "_LARGE", 30)
    found = scale_rows.values(TINY)
    assert [(each.row, len(each.samples)) for each in found.figures] == [(7, 2)] * 3
    assert {tuple(curve.points) for curve in found.curves} == {(10, 20, 30)}


def test_filters_are_measured_beside_pages_and_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale_rows, "SIZES", (10, 20, 30))
    found = scale_rows.filtering(TINY)
    assert [(each.row, len(each.samples)) for each in found.figures] == [(19, 2)] * 10


def test_pages_of_the_console_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console_rows, "_LARGE", 60)
    found = console_rows.pages(TINY)
    assert [(each.row, len(each.samples)) for each in found.figures] == [(21, 2)] * 10


def test_every_row_of_the_goals_has_its_group(tmp_path: Path) -> None:
    rows = [row for several in groups(Peers(tmp_path, offline=True)) for row in several]
    assert sorted(rows) == list(range(1, 22))


def test_a_peer_that_is_not_there_is_left_out_with_a_reason(tmp_path: Path) -> None:
    path, reason = Peers(tmp_path, offline=True).python()
    assert path is None
    assert reason == "not installed, and nothing is to be"
    assert left_out(13, "against it", reason).verdict == "left out"


def test_the_command_prints_a_table_and_writes_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "new" / "run.json"
    main(["--rows", "9", "--rounds", "1", "--offline", "--json", str(written)])
    assert "building the app with every route" in capsys.readouterr().out
    kept = json.loads(written.read_text(encoding="utf-8"))
    assert [(each["row"], len(each["samples"])) for each in kept["figures"]] == [(9, 1)]


def test_tables_show_what_is_missed_and_what_is_missing() -> None:
    figures = [
        left_out(13, "against a peer", "there is no npm", goal=Goal(4, "x", at_least=True)),
        figure([2.0], Goal(1, "x")).explained(lambda: "all of it in one function"),
        amount(7, "fork", [1.0, 2.0], "us", Goal(5, "us")),
    ]
    found = table.report(figures, [], rounds=2, seconds=60, peers={"a-peer": "1.0"}, remark="busy")
    for text in (table.as_text(found), table.as_markdown(found)):
        assert "all of it in one function" in text
        assert "there is no npm" in text
        assert "a-peer 1.0" in text
        assert "busy" in text
    assert [line.split(" | ")[1] for line in table.as_markdown(found).splitlines() if line.startswith("| ")][2:] == [
        "something", "fork", "against a peer"
    ]  # fmt: skip


def test_the_curves_are_drawn_as_svg() -> None:
    curves = [
        Curve(4, "create <one>", "us", {1_000: 200.0, 10_000: 210.0, 100_000: 220.0}),
        Curve(7, "snapshot", "us", {1_000: 0.05, 10_000: 0.05, 100_000: 0.06}),
    ]
    root = ET.fromstring(growth(curves))
    told = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"create <one>", "snapshot", "100,000", "Row 4: create"} <= set(told)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) == 6
