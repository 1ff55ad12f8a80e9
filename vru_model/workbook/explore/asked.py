"""What the page asks of the model: the size of the experiment, a baseline and up to four strategies."""

from __future__ import annotations

from pydantic import Field, field_validator

from vru_model.reporting.charts import STYLES
from vru_model.reporting.options import PaperOptions, known_scenario


class AskedOptions(PaperOptions):
    """The scenarios to lay side by side, and how many worlds of each."""

    baseline: str = Field(description="a name in parameters/scenarios, or a scenario file")
    strategies: list[str] = Field(
        min_length=1,
        max_length=len(STYLES),
        description=f"a list of 1 to {len(STYLES)} strategies, by name or file",
    )

    @field_validator("baseline")
    @classmethod
    def _baseline(cls, value: str) -> str:
        return known_scenario(value)

    @field_validator("strategies")
    @classmethod
    def _strategies(cls, values: list[str]) -> list[str]:
        return [known_scenario(value) for value in values]
