"""Many virtual trials side by side, each kept on disk so that none is made twice."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from pathlib import Path

from vru_model.experiments.log import Progress
from vru_model.experiments.store import write_text
from vru_model.experiments.trial import Count, VirtualTrial
from vru_model.experiments.workers import workers as working
from vru_model.parameters import load_model_parameters
from vru_model.paths import OUTPUTS

FOLDER = OUTPUTS / "cache" / "trials"


def carry_out(
    trials: Sequence[VirtualTrial], workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[Count]:  # fmt: skip
    """Return what each trial counted, in their order.

    Parameters
    ----------
    trials
        Pairs of worlds; those on disk are read.
    workers
        Processes; all cores unless given.
    progress
        Is called with how far it has come.
    """
    version = load_model_parameters().digest
    files = {trial: FOLDER / f"{trial.digest(version)}.json" for trial in trials}
    missing = [trial for trial, file in files.items() if not file.is_file()]
    begun, found = time.perf_counter(), len(files) - len(missing)

    def tell(done: int, compiling: bool = False) -> None:
        if progress is not None:
            seconds = time.perf_counter() - begun
            left = seconds / done * (len(missing) - done) if done else None
            progress(Progress(found + done, found, len(files), seconds, left, compiling))

    tell(0, compiling=bool(missing))
    # The first is made here: processes that compile together could spoil one another's kernels.
    for number, trial in enumerate(missing[:1], 1):
        _keep(trial, files[trial])
        tell(number)
    rest = missing[1:]
    if rest:
        number = min((os.cpu_count() or 1) if workers is None else workers, len(rest))
        with working(number) as pool:
            futures = [pool.submit(_keep, trial, files[trial]) for trial in rest]
            for done, future in enumerate(as_completed(futures), 2):
                future.result()
                tell(done)
    return [Count(*json.loads(files[trial].read_text("utf-8"))) for trial in trials]


def _keep(trial: VirtualTrial, file: Path) -> None:
    count = trial.run()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, json.dumps(list(count)))
