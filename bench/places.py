"""Where things are, and what this machine is."""

from __future__ import annotations

import os
import platform
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
KEPT = ROOT / "build" / "bench"
"""What the bench installs and writes; ignored by git, and removed by ``make clean``."""
CHILDREN = HERE / "children"
HAS_PROC = Path("/proc/self/status").exists()


def resident_kilobytes(process: int | str = "self") -> float:
    """Resident memory of a process, as Linux tells it."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS:")))


def processor_seconds(process: int) -> float:
    """Seconds of all its threads on a processor, as Linux counts them, in hundredths."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine() -> str:
    """What class of machine this is, in a few words."""
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return f"{os.cpu_count()} cores {_processor()}, {system}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
