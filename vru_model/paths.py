"""Where the project's documents stand: parameters, notebooks and outputs.

They live beside the package, at the top of the repository, because people edit them; an
editable install (``make env``) finds them wherever the repository is put.
"""

from __future__ import annotations

import os
from pathlib import Path


def find_root(start: Path) -> Path:
    """Return the repository's root: the nearest folder at or above `start` that holds it.

    Raises FileNotFoundError, saying what to do, where no such folder exists.
    """
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file() and (folder / "vru_model").is_dir():
            return folder
    raise FileNotFoundError(
        f"The folders parameters/ and notebooks/ were not found above {start}. They stand at the "
        "top of the repository: install the package from a clone of it with `make env`, or with "
        "`pip install -e .`, and leave the clone where it is."
    )


ROOT = find_root(Path(__file__).resolve().parent)
PARAMETERS = ROOT / "parameters"
NOTEBOOKS = ROOT / "notebooks"
# Where runs and papers are written; the environment variable serves machines where the
# repository stands on a small or read-only disk.
OUTPUTS = Path(os.environ.get("VRU_OUTPUTS") or ROOT / "outputs").expanduser()
