"""``@FakeWebflow(...)``: a fresh fake for each call of a function, and for each test of a class."""

from __future__ import annotations

import asyncio
import inspect
import unittest
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from unittest import mock

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from messages import assert_facts
from running import Run

from fake_webflow import FakeEnded, FakeWebflow, IdleFault
from fake_webflow.transports.active import is_any_active

pytest_plugins = ["pytester"]

SITES = "https://api.webflow.com/v2/sites"
HEADERS = {"Authorization": "Bearer test-token"}


def count_notes(webflow: FakeWebflow) -> int:
    """Adds a note, over the fake that takes the calls, and says how many there are."""
    if "notes" not in webflow.collections:
        webflow.add_collection("Notes")
    url = f"https://api.webflow.com/v2/collections/{webflow.collections['notes'].id}/items"
    requests.post(url, json={"fieldData": {"name": "Ada"}}, headers=HEADERS).raise_for_status()
    return len(webflow.items("notes").staged)


@FakeWebflow()
def plain(webflow: FakeWebflow) -> int:
    return count_notes(webflow)


@FakeWebflow()
def without_name() -> int:
    return requests.get(SITES, headers=HEADERS).status_code


@FakeWebflow()
def in_the_middle(first: int, webflow: FakeWebflow, last: int = 3, *, word: str = "") -> tuple[int, int, str, int]:
    return first, last, word, count_notes(webflow)


@FakeWebflow()
def by_keyword(*numbers: int, webflow: FakeWebflow, **others: int) -> tuple[tuple[int, ...], dict[str, int], int]:
    return numbers, others, count_notes(webflow)


@FakeWebflow()
async def in_a_task(number: int, webflow: FakeWebflow) -> tuple[int, int]:
    await asyncio.sleep(0)
    return number, count_notes(webflow)


@FakeWebflow()
def yielding(webflow: FakeWebflow) -> Iterator[int]:
    yield count_notes(webflow)
    yield count_notes(webflow)


@FakeWebflow()
async def yielding_in_a_task(webflow: FakeWebflow) -> AsyncIterator[int]:
    yield count_notes(webflow)
    await asyncio.sleep(0)
    yield count_notes(webflow)


def test_each_call_has_a_fresh_fake() -> None:
    assert [plain() for _ in range(2)] == [1, 1]  # type: ignore[call-arg]
    assert without_name() == 200
    assert not is_any_active()


def test_arguments_arrive_wherever_the_name_stands() -> None:
    call: Any = in_the_middle
    assert call(1) == call(first=1) == (1, 3, "", 1)
    assert call(1, 2, word="x") == call(1, last=2, word="x") == (1, 2, "x", 1)
    assert by_keyword(1, 2, other=3) == ((1, 2), {"other": 3}, 1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="first"):
        call()
    assert not is_any_active()


def test_async_functions_and_those_that_yield() -> None:
    async def gather() -> tuple[list[Any], list[int]]:
        results = await asyncio.gather(*(in_a_task(number) for number in range(3)))  # type: ignore[call-arg]
        return list(results), [one async for one in yielding_in_a_task()]  # type: ignore[call-arg]

    assert asyncio.run(gather()) == ([(0, 1), (1, 1), (2, 1)], [1, 2])
    assert list(yielding()) == [1, 2]  # type: ignore[call-arg]
    assert inspect.iscoroutinefunction(in_a_task)
    assert inspect.isasyncgenfunction(yielding_in_a_task)
    assert inspect.isgeneratorfunction(yielding)
    assert not is_any_active()


@pytest.mark.parametrize("decorated", [plain, in_the_middle, by_keyword, in_a_task, yielding])
def test_the_signature_is_the_rest(decorated: Callable[..., Any]) -> None:
    assert "webflow" not in inspect.signature(decorated).parameters
    assert decorated.__module__ == __name__


def test_its_arguments_count_for_each_call() -> None:
    decorate = FakeWebflow("empty", now="2024-05-01", rate_limit=1, token="mine", limits={"stubs": 1}, seed=3)

    @decorate
    def statuses(webflow: FakeWebflow) -> Any:
        webflow.stub("list-pages")
        answers = [requests.get(SITES, headers={"Authorization": "Bearer mine"}) for _ in range(2)]
        return [answer.status_code for answer in answers], webflow.site.id, webflow.state.clock.now, webflow.token

    first = statuses()  # type: ignore[call-arg]
    assert first[0] == [200, 429]
    assert statuses() == first  # type: ignore[call-arg]


def test_a_scenario_file_is_read_once(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.yaml").write_text("sites: [{displayName: Own}]")
    monkeypatch.chdir(tmp_path)

    @FakeWebflow("own.yaml")
    def name(webflow: FakeWebflow) -> str:
        return webflow.site.display_name

    (tmp_path / "own.yaml").unlink()
    assert [name(), name()] == ["Own", "Own"]  # type: ignore[call-arg]


def test_the_machines_time_is_that_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    @FakeWebflow("empty", now="machine")
    def now(webflow: FakeWebflow) -> int:
        return webflow.clock.now

    monkeypatch.setattr("time.time_ns", lambda: 1_714_564_800 * 10**9)
    assert now() == 1_714_564_800_000  # type: ignore[call-arg]


def test_what_is_wrong_with_the_fake_fails_the_call() -> None:
    kept: list[FakeWebflow] = []

    @FakeWebflow()
    def begin_a_fault(webflow: FakeWebflow, *, error: bool) -> None:
        kept.append(webflow)
        webflow.faults.on("items.create")
        if error:
            raise KeyError("own")

    with pytest.raises(IdleFault):
        begin_a_fault(error=False)  # type: ignore[call-arg]
    with pytest.raises(KeyError):
        begin_a_fault(error=True)  # type: ignore[call-arg]
    with pytest.raises(FakeEnded):
        _ = kept[0].state
    assert not is_any_active()


@pytest.mark.parametrize("outside", [True, False])
def test_beside_mock_patch(outside: bool) -> None:
    def call(self: object, patched: mock.Mock, webflow: FakeWebflow) -> tuple[bool, int]:
        return isinstance(patched, mock.Mock), count_notes(webflow)

    decorators: list[Any] = [mock.patch("sys.platform", new_callable=mock.Mock), FakeWebflow()]
    for decorator in decorators if outside else reversed(decorators):
        call = decorator(call)
    assert call(self) == (True, 1) if (self := object()) else False  # type: ignore[call-arg]


@pytest.mark.hypothesis
def test_beside_hypothesis() -> None:
    counts: list[int] = []

    @FakeWebflow()
    @given(st.integers())
    def over_all_examples(webflow: FakeWebflow, number: int) -> None:
        counts.append(count_notes(webflow))

    @given(st.integers())
    @FakeWebflow()
    def over_each_example(number: int, webflow: FakeWebflow) -> None:
        assert count_notes(webflow) == 1

    over_all_examples()  # type: ignore[call-arg]
    assert counts == list(range(1, len(counts) + 1))
    over_each_example()  # type: ignore[call-arg]


@pytest.mark.parametrize("target", [5, "function", None])
def test_what_cannot_be_decorated(target: Any) -> None:
    with pytest.raises(TypeError) as refused:
        FakeWebflow()(target)
    assert_facts(str(refused.value), repr(target), "functions and classes", "@pytest.fixture")


def test_parentheses_are_missed() -> None:
    with pytest.raises(TypeError, match=r"@FakeWebflow\(\)"):

        @FakeWebflow  # type: ignore[arg-type]
        def decorated() -> None: ...


def test_the_fixture_decorates_nothing(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(TypeError, match=r"FakeWebflow\(\.\.\.\) does"):
        fake_webflow(lambda: None)


SEEN: list[Any] = []


def run_unittest(*classes: type[unittest.TestCase]) -> unittest.TestResult:
    SEEN.clear()
    result = unittest.TestResult()
    for one in classes:
        unittest.defaultTestLoader.loadTestsFromTestCase(one).run(result)
    assert not is_any_active()
    return result


@FakeWebflow()
class Decorated(unittest.TestCase):
    __test__ = False

    def setUp(self) -> None:
        SEEN.append(requests.get(SITES, headers=HEADERS).status_code)

    def test_one(self, webflow: FakeWebflow) -> None:
        SEEN.append(count_notes(webflow))

    def test_two(self, webflow: FakeWebflow) -> None:
        SEEN.append(count_notes(webflow))

    def tearDown(self) -> None:
        SEEN.append(requests.get(SITES, headers=HEADERS).status_code)
        self.addCleanup(lambda: SEEN.append(requests.get(SITES, headers=HEADERS).status_code))

    @unittest.skip("to see that nothing is left")
    def test_skipped(self) -> None: ...


class Below(Decorated):
    def setUp(self, webflow: FakeWebflow) -> None:  # type: ignore[override]
        SEEN.append(webflow.state.clock.frozen)

    def test_one(self, webflow: FakeWebflow) -> None:
        SEEN.append(count_notes(webflow))


@FakeWebflow(token="nearer")
class Nearer(Decorated):
    def setUp(self, webflow: FakeWebflow) -> None:  # type: ignore[override]
        SEEN.append(webflow.token)

    def test_one(self, webflow: FakeWebflow) -> None:
        SEEN.append(webflow.token)

    test_two = None  # type: ignore[assignment]

    def tearDown(self) -> None: ...


@FakeWebflow()
class Async(unittest.IsolatedAsyncioTestCase):
    __test__ = False

    async def asyncSetUp(self, webflow: FakeWebflow) -> None:  # type: ignore[override]
        webflow.add_collection("Notes")

    async def test_it(self, webflow: FakeWebflow) -> None:
        await asyncio.sleep(0)
        SEEN.append(count_notes(webflow))


@FakeWebflow()
class Failing(unittest.TestCase):
    __test__ = False

    def test_fault(self, webflow: FakeWebflow) -> None:
        webflow.faults.on("items.create")

    def test_wrong(self, webflow: FakeWebflow) -> None:
        assert count_notes(webflow) == 2


class OneMethod(unittest.TestCase):
    __test__ = False

    @FakeWebflow()
    def test_it(self, webflow: FakeWebflow) -> None:
        SEEN.append(count_notes(webflow))


def test_classes_of_unittest() -> None:
    assert run_unittest(Decorated).wasSuccessful()
    assert SEEN == [200, 1, 200, 200] * 2
    assert run_unittest(Below).wasSuccessful()
    assert SEEN == [True, 1, 200, 200] * 2
    assert run_unittest(Nearer).wasSuccessful()
    assert SEEN == ["nearer", "nearer"]
    assert run_unittest(Async, OneMethod).wasSuccessful()
    assert SEEN == [1, 1]


def test_what_fails_in_a_class_of_unittest_fails_that_test() -> None:
    result = run_unittest(Failing)
    ((idle, text),) = result.errors
    assert (idle.id().rpartition(".")[2], result.testsRun) == ("test_fault", 2)
    assert "IdleFault" in text
    assert [test.id().rpartition(".")[2] for test, _ in result.failures] == ["test_wrong"]


UNDER_PYTEST = """
    import unittest
    import pytest
    import requests
    from fake_webflow import FakeWebflow

    SITES = "https://api.webflow.com/v2/sites"
    HEADERS = {"Authorization": "Bearer test-token"}

    @pytest.fixture
    @FakeWebflow()
    def notes(webflow, tmp_path):
        yield webflow.add_collection("Notes"), tmp_path, webflow
        assert webflow.journal[-1].status == 200

    def test_of_a_fixture(notes):
        assert requests.get(SITES, headers=HEADERS).status_code == 200
        assert [one.status for one in notes[2].journal] == [200]

    @pytest.mark.parametrize("number", [1, 2])
    @FakeWebflow()
    def test_function(tmp_path, webflow, number):
        assert tmp_path.is_dir()
        assert number in (1, 2)
        requests.get(SITES, headers=HEADERS)
        webflow.journal.assert_called("sites.list", times=1)

    @FakeWebflow(rate_limit=5)
    class TestPlain:
        def setup_method(self):
            self.status = requests.get(SITES, headers=HEADERS).status_code

        @pytest.fixture
        def site(self):
            return requests.get(SITES, headers=HEADERS).json()["sites"][0]["id"]

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(self, webflow, number, site, monkeypatch):
            assert self.status == 200
            assert len(webflow.journal) == 2
            assert site == webflow.site.id

        def test_without(self, tmp_path):
            assert requests.get(SITES, headers=HEADERS).status_code == 200

        @staticmethod
        def test_static():
            assert requests.get(SITES, headers=HEADERS).status_code == 200

    class TestBelow(TestPlain):
        def teardown_method(self, method):
            assert requests.get(SITES, headers=HEADERS).status_code == 200
            super().teardown_method(method)

    @FakeWebflow()
    class TestAround:
        def setup_method(self, method, webflow):
            webflow.add_collection(method.__name__)

        def test_name(self, webflow):
            assert webflow.collections["test_name"]

    @FakeWebflow()
    class UnitTest(unittest.TestCase):
        def setUp(self, webflow):
            webflow.add_collection("Notes")

        def test_fails(self, webflow):
            assert webflow.collections["notes"]
            requests.get(SITES, headers=HEADERS)
            raise ValueError

    class TestMethod:
        @FakeWebflow()
        def test_it(self, webflow, tmp_path):
            assert webflow.journal == []

    class TestWithoutSuper(TestPlain):
        def setup_method(self, webflow):
            self.status = requests.get(f"{SITES}/{webflow.site.id}", headers=HEADERS).status_code
"""


def test_under_pytest(run: Run) -> None:
    result = run(UNDER_PYTEST)
    result.assert_outcomes(passed=17, failed=1)
    result.stdout.fnmatch_lines(["*fake Webflow journal*", "*1 GET /v2/sites -> 200 (sites.list)*"])
