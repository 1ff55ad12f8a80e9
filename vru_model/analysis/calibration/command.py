"""The command `vru calibrate`, apart from the others so that it can be read beside what it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from vru_model.analysis.calibration.calibrating import Calibrated


def add_calibrate(
    app: typer.Typer, answering: Callable[[], AbstractContextManager[None]],
    bar: Callable[[], AbstractContextManager[Any]], reporters: Callable[[Any], Any],
) -> None:  # fmt: skip
    """Add `calibrate` to the command line; the others are those that all commands share."""

    @app.command()
    def calibrate(
        place: Annotated[str, typer.Option("--place", help="A name or a pack's folder.")]
        = "west_midlands",
        waves: Annotated[int | None, typer.Option("--waves", help="Default: calibration.yaml's.")]
        = None,
        sets: Annotated[int | None, typer.Option("--sets", help="Parameter sets of a wave.")]
        = None,
        scale: Annotated[float | None, typer.Option("--scale", help="Simulated residents for "
                                                    "each real one.")] = None,
        seed: Annotated[int, typer.Option("--seed", help="Of the search and its worlds.")] = 1,
        workers: Annotated[int | None, typer.Option("--workers", help="Default: all cores.")]
        = None,
        out: Annotated[Path | None, typer.Option("--out", help="Folder of the kept sets and "
                       "their record; default: outputs/calibration.")] = None,
        adopt: Annotated[bool, typer.Option("--adopt", help="Make them those from which runs "
                         "draw: writes to parameters/.")] = False,
    ) -> None:  # fmt: skip
        """Search for the parameter sets that the targets do not rule out (history matching).

        Half an hour and more at the defaults. A search that is stopped goes on from there.
        """
        with answering():
            import datetime

            from vru_model.analysis.calibration.adopting import adopt as put_in_place
            from vru_model.analysis.calibration.calibrating import calibrate as search
            from vru_model.analysis.calibration.record import write_record
            from vru_model.errors import InputError
            from vru_model.experiments.request import check_out
            from vru_model.paths import OUTPUTS, PARAMETERS

            folder = OUTPUTS / "calibration" if out is None else out
            if problems := check_out(folder):
                raise InputError(problems)
            with bar() as shown:
                found = search(
                    place=place, waves=waves, sets=sets, scale=scale, seed=seed, workers=workers,
                    report=reporters(shown),
                )  # fmt: skip
            for line in _summary(found):
                print(line)
            today = datetime.date.today()
            paths = write_record(found, folder, today) if len(found.kept) else []
            if adopt:
                paths += put_in_place(found, today, PARAMETERS)
            for path in paths:
                print(path)


def _summary(found: Calibrated) -> list[str]:
    """Return what the command says of a search."""
    from vru_model.analysis.calibration.record import failures

    lines = [
        f"{len(found.sets)} parameter sets tried; {len(found.candidates)} not ruled out by the "
        f"targets (second-highest implausibility below {found.plan.settings.cut:g} in real "
        f"worlds); {len(found.kept)} of them keep every constraint.",
    ]
    if not len(found.kept):
        return [*lines, "Nothing was kept, so nothing is written: search longer or with more sets."]
    return lines + failures(found)
