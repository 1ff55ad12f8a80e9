"""Compiled kernels are kept by version of the code, in the user's cache folder.

Numba looks only at the file that holds a kernel: it would not notice a constant changed in
another module, and cannot read what an older version of a type left behind.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numba

from vru_model.provenance import code_version

_VERSIONS_KEPT = 4


def folder() -> Path:
    """Return where compiled kernels are kept, for all versions."""
    if sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "vru_model" / "kernels"


def use() -> None:
    """Keep this version's kernels apart, and forget the oldest; NUMBA_CACHE_DIR is respected."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    try:
        here = folder() / code_version()
        here.mkdir(parents=True, exist_ok=True)
        os.utime(here)
        _forget_oldest()
    except OSError:  # a home that cannot be written to: compile anew in every session
        here = Path(tempfile.mkdtemp(prefix="vru_model-kernels-"))
    config: Any = numba.config
    config.CACHE_DIR = str(here)


def _forget_oldest() -> None:
    versions = sorted(folder().iterdir(), key=lambda version: version.stat().st_mtime)
    for version in versions[:-_VERSIONS_KEPT]:
        shutil.rmtree(version, ignore_errors=True)
