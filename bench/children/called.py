"""What of the package is called for one GET of a list and for one POST of an item; ``bench.structure`` runs it.

It takes one argument, the folder of the checkout, which must be on the path. It prints JSON.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType

import requests

import fake_webflow
from fake_webflow import FakeWebflow

_WARM = 2
_NO_FUNCTIONS = ("<module>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


def main() -> None:
    """Sends each request three times. It counts the calls of the third."""
    package = Path(sys.argv[1]).resolve() / "fake_webflow"
    assert Path(fake_webflow.__file__).resolve().parent == package, f"{fake_webflow.__file__} is not in {package}"
    with FakeWebflow() as webflow:
        headers = {"Authorization": f"Bearer {webflow.token}"}
        items = f"https://api.webflow.com/v2/collections/{webflow.collections['authors'].id}/items"

        def get() -> requests.Response:
            return requests.get(f"{items}?limit=1", headers=headers, timeout=10)

        def post() -> requests.Response:
            return requests.post(items, headers=headers, json={"fieldData": {"name": "One"}}, timeout=10)

        print(json.dumps({"GET of a list": _third(get, package), "POST of an item": _third(post, package)}))


def _third(send: Callable[[], requests.Response], package: Path) -> dict[str, int]:
    for _ in range(_WARM):
        send().raise_for_status()
    calls, answer = _profiled(send, f"{package}/")
    answer.raise_for_status()
    return {"calls": calls.total(), "functions": len(calls), "files": len({code.co_filename for code in calls})}


def _profiled(send: Callable[[], requests.Response], package: str) -> tuple[Counter[CodeType], requests.Response]:
    """The calls of the package's functions. A generator counts once, however often it goes on."""
    calls: Counter[CodeType] = Counter()
    generators: set[FrameType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or code.co_name in _NO_FUNCTIONS or not code.co_filename.startswith(package):
            return
        if code.co_flags & inspect.CO_GENERATOR:
            if frame in generators:
                return
            generators.add(frame)
        calls[code] += 1

    sys.setprofile(note)
    try:
        answer = send()
    finally:
        sys.setprofile(None)
    return calls, answer


if __name__ == "__main__":
    main()
