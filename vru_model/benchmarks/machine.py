"""On what machine, in what state, with which versions it was measured."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import psutil

_SECONDS_LOOKED_AT = 3.0
_BUSY = 0.10  # share of all cores in use by others


def busy_share() -> float:
    """Return the share of the machine that is in use while this process waits."""
    return psutil.cpu_percent(interval=_SECONDS_LOOKED_AT) / 100.0


def is_busy(share: float) -> bool:
    """Say whether a machine this busy would make times doubtful."""
    return share > _BUSY


def description() -> dict[str, Any]:
    """Return processor, cores, memory, system and versions, by name."""
    from importlib.metadata import version

    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("numba", "numpy", "mesa")},
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = (line.split(":", 1)[1] for line in text.splitlines() if line.startswith("model name"))
    return next(names, platform.processor()).strip()
