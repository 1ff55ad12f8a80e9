"""What the process that computes does for the needs assessment: run what is not on disk yet."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from vru_model import paths
from vru_model.experiments.store import write_text
from vru_model.workbook.computing import compute
from vru_model.workbook.jobs import DONE, RUNNING, reporter, tell
from vru_model.workbook.needs.assessment import assess
from vru_model.workbook.needs.options import NeedsOptions

_ASKED = "asked.json"


def needs_folder() -> Path:
    """Return where the page's jobs stand while they are in hand."""
    return paths.OUTPUTS / "workbook" / "needs"


def ask(options: NeedsOptions) -> Path:
    """Write down what is asked; return the job's folder."""
    needs_folder().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="job-", dir=needs_folder()))
    write_text(folder / _ASKED, options.model_dump_json(indent=1))
    tell(folder, RUNNING, "Getting ready")
    return folder


def work(folder: Path) -> None:
    """Run what is missing; the page then finds it on disk."""
    given = json.loads((folder / _ASKED).read_text(encoding="utf-8"))
    assess(NeedsOptions.checked(given, "page"), reporter(folder, lambda name: f"Running {name}"))
    tell(folder, DONE, "Every run is there.")


def prepare() -> None:
    """Load what takes seconds."""
    import vru_model.model  # noqa: F401


if __name__ == "__main__":
    compute(work, prepare)
