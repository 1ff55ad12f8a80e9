"""What the needs assessment's notebook is told, checked before anything runs."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from vru_model.reporting.options import PaperOptions, known_scenario


class NeedsOptions(PaperOptions):
    """Place and size of the runs, the strategy, and files of the reader's own.

    As a page, the notebook starts from these; in a batch (`interactive = False`), it runs with them
    and shows everything once, without controls.
    """

    strategy: str = Field(description="a name in parameters/strategies or parameters/scenarios, or "
                          "a scenario file; nothing for no strategy")
    measure: str = Field(description="the name of a measure in parameters/measures.yaml")
    observed: str = Field(description="a CSV file of counts by area, period and age, or nothing")
    compared_with: dict[str, str] = Field(
        description="measure in that file → measure in parameters/measures.yaml")
    issues: str = Field(description="a file of issues such as parameters/needs.yaml, or nothing "
                        "for that one")
    interactive: bool = Field(description="True for a page with controls, False for a batch")

    @field_validator("strategy")
    @classmethod
    def _strategy(cls, value: str) -> str:
        return known_scenario(value) if value else value

    @field_validator("measure")
    @classmethod
    def _measure(cls, value: str) -> str:
        return _measure(value)

    @field_validator("compared_with")
    @classmethod
    def _measures(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value.values():
            _measure(name)
        return value

    @field_validator("observed", "issues")
    @classmethod
    def _file(cls, value: str) -> str:
        if value and not Path(value).expanduser().is_file():
            raise ValueError(f"there is no file {value!r}")
        return value


def _measure(name: str) -> str:
    from vru_model.errors import nearest
    from vru_model.parameters.accounts.measures import load_measures

    known = load_measures().measures
    if name not in known:
        raise ValueError(f"{name!r} is no measure. {nearest(name, known)}".strip())
    return name
