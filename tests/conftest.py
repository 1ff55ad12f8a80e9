"""What every test may ask for, and where tests may write."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY_ROOT = Path(__file__).resolve().parents[1]

# How long one example takes says how busy the machine is, and nothing of the program.
settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")


def pytest_configure(config: pytest.Config) -> None:
    """Send whatever tests and notebooks write to a folder of their own, removed at the end.

    So the result of a test never depends on what an earlier run left in outputs/. The workers
    and kernels that pytest starts inherit the choice.
    """
    if hasattr(config, "workerinput"):
        return
    folder = tempfile.mkdtemp(prefix="vru-tests-")
    os.environ["VRU_OUTPUTS"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session")
def repository_root() -> Path:
    """Return the folder that holds pyproject.toml."""
    return REPOSITORY_ROOT


@pytest.fixture(scope="session")
def west_midlands_pack(repository_root: Path) -> Path:
    """Return the folder of the West Midlands place pack, which is not part of the repository.

    VRU_PLACE_PACK may say where it stands; without it the tests that need it are skipped.
    """
    beside = repository_root.parent / "shared" / "place" / "west_midlands"
    folder = Path(os.environ.get("VRU_PLACE_PACK") or beside).expanduser()
    if not (folder / "neighbourhoods.csv").is_file():
        pytest.skip(f"no West Midlands place pack at {folder}; set VRU_PLACE_PACK to its folder")
    return folder
