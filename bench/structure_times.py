"""Times the suites of a checkout and the first start of a fresh clone, for ``bench.structure``."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import IO

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_PATIENCE = 60.0  # seconds from the line that names the address to an answer
_LOOKS_EVERY = 0.02
_FROM_ABOVE = ("PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "ARGS")


def times(root: Path) -> dict[str, dict[str, float]]:
    """Times the suites, once their tools are installed, and the first start of a fresh clone, tools included."""
    subprocess.run(["make", "setup"], cwd=root, env=_environment(), stdout=sys.stderr, check=True)
    found = {f"make {target}": timed(["make", target], root) for target in ("test", "unit")}
    with TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)
        return {**found, "make serve, from an empty clone": timed_start(["make", "serve", "ARGS=--port 0"], clone)}


def timed(command: Sequence[str], folder: Path) -> dict[str, float]:
    """Runs a command to its end. A suite that fails is timed too: its exit code tells."""
    before, begun = _of_children(), monotonic()
    code = subprocess.run(command, cwd=folder, env=_environment(), stdout=sys.stderr, check=False).returncode
    return {**_seconds(_of_children() - before, monotonic() - begun), "exit code": code}


def timed_start(command: Sequence[str], folder: Path) -> dict[str, float]:
    """Runs a server until it answers, then ends it. The processor seconds include its end."""
    before, begun = _of_children(), monotonic()
    with subprocess.Popen(
        command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        process_group=0,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            _wait_for_answer(_port(process.stdout))
            wall = monotonic() - begun
        finally:
            _stop(process)
    return _seconds(_of_children() - before, wall)


def _seconds(processor: float, wall: float) -> dict[str, float]:
    return {"processor seconds": round(processor, 2), "wall seconds": round(wall, 2)}


def _port(output: IO[str]) -> int:
    told = []
    for line in output:
        told.append(line)
        if address := _ADDRESS.search(line):
            return int(address[1])
    raise RuntimeError(f"it ended and named no address: {''.join(told)}")


def _wait_for_answer(port: int) -> None:
    ends = monotonic() + _PATIENCE
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, HTTPException):
            if monotonic() > ends:
                raise
            sleep(_LOOKS_EVERY)
        else:
            return
        finally:
            connection.close()


def _stop(process: subprocess.Popen[str]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment() -> dict[str, str]:
    """Ours, without what would have the checkout use this one's modules, tools or ``ARGS``."""
    return {name: value for name, value in os.environ.items() if name not in _FROM_ABOVE}
