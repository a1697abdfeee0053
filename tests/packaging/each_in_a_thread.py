"""A plugin for runs of the sample project: runs every test in a thread of its own, its fixtures in the main thread."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor

import pytest

TESTS_IN_THREADS: list[str] = []


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    with ThreadPoolExecutor(1, thread_name_prefix="test") as thread:
        thread.submit(pyfuncitem.obj, **arguments).result()
    TESTS_IN_THREADS.append(pyfuncitem.nodeid)
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"in threads: {len(TESTS_IN_THREADS)}")
