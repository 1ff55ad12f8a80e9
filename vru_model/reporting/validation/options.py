"""The parameters of the validation notebook, checked before anything runs."""

from __future__ import annotations

from pydantic import Field

from vru_model.analysis.validation.trials.worlds import Size
from vru_model.reporting.options import PaperOptions


class ValidationOptions(PaperOptions):
    """What validation is told: the size of its runs, or runs that exist, and whether to try."""

    given: list[str] = Field(
        description="a list of run ids or folders of runs; empty: the runs that it needs are made"
    )
    trials: bool = Field(
        description="true or false: whether to carry out the virtual trials and knock-outs"
    )

    @property
    def size(self) -> Size:
        """The size of the runs that are made."""
        return Size(
            place=self.place, scale=self.scale, years=self.years, draws=self.draws,
            replicates=self.replicates, seed=self.seed, out=self.runs or None,
            workers=self.workers or None,
        )  # fmt: skip
