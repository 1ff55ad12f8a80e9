"""The parameters of the board papers: the same for all of them, so that their numbers agree."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from vru_model.reporting.options import PaperOptions, known_scenario

RECOMMENDATIONS = ("approve", "note", "defer")
_STRATEGY = "a name in parameters/strategies, several joined by +, or a file"


class BoardOptions(PaperOptions):
    """What the board papers are told: the strategy put to the board and what it is held against."""

    baseline: str = Field(description="a name in parameters/scenarios, or a scenario file")
    strategy: str = Field(description=f"the strategy put to the board: {_STRATEGY}")
    minimum: str = Field(description=f"the least that could be done: {_STRATEGY}")
    maximum: str = Field(description=f"the most that could be done: {_STRATEGY}")
    ending: str = Field(description="how the money may end: a name in parameters/scenarios")
    contrast: list[str] = Field(
        min_length=2,
        max_length=2,
        description="a list of two strategies that cost the same, the quicker first",
    )
    effort: float = Field(
        gt=0,
        le=10,
        description="worlds of the search for the assumption that matters most, as a share of "
        "those of `vru sensitivity`: a number above 0 and at most 10",
    )
    payer: str = Field(min_length=3, description="who pays, in a few words")
    recommendation: str = Field(
        description=f"{', '.join(RECOMMENDATIONS)}, or nothing: the director has not decided"
    )

    earlier: str = Field(
        default="", description="the folder of earlier papers, or nothing for outputs/papers"
    )

    @field_validator("baseline", "strategy", "minimum", "maximum", "ending")
    @classmethod
    def _scenario(cls, value: str) -> str:
        return known_scenario(value)

    @field_validator("contrast")
    @classmethod
    def _contrast(cls, values: list[str]) -> list[str]:
        if len(set(values)) < len(values):
            raise ValueError(f"given twice: {values[0]}")
        return [known_scenario(value) for value in values]

    @field_validator("recommendation")
    @classmethod
    def _recommendation(cls, value: str) -> str:
        if value and value not in RECOMMENDATIONS:
            raise ValueError(f"{value!r} is none of {', '.join(RECOMMENDATIONS)}")
        return value

    @property
    def studies(self) -> Path:
        """The folder of finished sensitivity analyses, beside the runs."""
        return self.store.parent / "studies"
