"""A plugin for runs of the sample project: writes down what a test process leaves behind, in LEFTOVERS.

One file for each process, empty where nothing is left.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import responses
import urllib3

WATCHED: list[tuple[Any, str]] = [
    (aiohttp.BaseConnector, "connect"),
    (asyncio, "sleep"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
    (httpx.HTTPTransport, "handle_request"),
    (logging.Logger, "handle"),
    (requests.Session, "send"),
    (requests.adapters.HTTPAdapter, "send"),
    (responses.RequestsMock, "start"),
    (threading.Thread, "start"),
    (time, "sleep"),
    (time, "time"),
    (urllib3.HTTPConnectionPool, "urlopen"),
    (warnings, "warn"),
]
BEFORE = {(owner, name): getattr(owner, name) for owner, name in WATCHED}
THREADS = set(threading.enumerate())
VARIABLES = dict(os.environ)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    left = [
        f"{owner.__name__}.{name} is patched" for (owner, name), was in BEFORE.items() if getattr(owner, name) != was
    ]
    left += [f"the thread {thread.name} runs" for thread in set(threading.enumerate()) - THREADS if _is_ours(thread)]
    changed = {name for name, _ in os.environ.items() ^ VARIABLES.items()}
    left += [f"{name} is changed" for name in changed if not name.startswith("PYTEST_")]
    Path(os.environ["LEFTOVERS"], f"{os.getpid()}.txt").write_text("\n".join(left), encoding="utf-8")


def _is_ours(thread: threading.Thread) -> bool:
    """Not one of those by which xdist talks to its workers."""
    return not type(thread).__module__.startswith("execnet")
