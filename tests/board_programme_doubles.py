"""The programme paper on a case that nobody simulated, with made-up readings of its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from board_doubles import DRAWS, MadeUpCase, board_case

from vru_model.analysis.needs import coverage
from vru_model.reporting.board.case import BASELINE, STRATEGY
from vru_model.reporting.board.programme.paper import ProgrammePaper
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.estimates import Estimate

YEARLY = 250.0
"""Admissions of the headline measure a year in the baseline."""
SHARES = {
    "deprivation_quintile": (0.6, 0.2, 0.1, 0.05, 0.05),
    "age_band": (0.0, 0.2, 0.4, 0.3, 0.1),
    "sex": (0.2, 0.8),
    "local_authority": (0.5, 0.5),
}


@dataclass(frozen=True)
class MadeUpReadings(Readings):
    """Readings in which every number follows from the gains of the case."""

    case: MadeUpCase
    uptake_rows: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def course(self, name: str, part: str) -> pd.DataFrame:
        """Return a flat baseline, and a part that falls as its gains say."""
        gain = np.zeros(10) if part == BASELINE else self.case.gains[part]
        mean = YEARLY * (1 - gain[: self.case.options.years])
        table = pd.DataFrame({"year": range(1, len(mean) + 1), "mean": mean})
        for limit, share in (("low80", 0.9), ("high80", 1.1), ("low95", 0.85), ("high95", 1.15)):
            table[limit] = share * mean
        return table

    def span(self, part: str, first: int, last: int) -> Estimate:
        """Return what the gains of a part avert from year to year."""
        return self._estimate(self.case.gains[part][first - 1 : last])

    def spans_lost(self, part: str, other: str, first: int, last: int) -> Estimate:
        """Return how many more a part averts than another."""
        gains = self.case.gains
        return self._estimate((gains[part] - gains[other])[first - 1 : last])

    def by_group(self, dimension: str, groups: Mapping[str, Sequence[object]]) -> pd.DataFrame:
        """Return fixed shares of the whole for each group."""
        whole = 1_000.0 * self.case.gains[STRATEGY].sum()
        rows = []
        for group, share in zip(groups, SHARES[dimension], strict=False):
            mean, half = share * whole, self.case.spread * abs(share * whole) + 1e-9
            row = {"group": group, "people": 500_000.0, "baseline": 10_000.0 * share,
                   "averted": mean, "rate": mean / 50, "chance_better": 0.9,
                   "draws": DRAWS}  # fmt: skip
            for tail, wide in (("80", 1.0), ("95", 1.6)):
                row |= {f"low{tail}": mean - wide * half, f"high{tail}": mean + wide * half,
                        f"rate_low{tail}": (mean - wide * half) / 50,
                        f"rate_high{tail}": (mean + wide * half) / 50}  # fmt: skip
            rows.append(row)
        return pd.DataFrame(rows)

    @property
    def by_age(self) -> pd.DataFrame:
        """Return the age groups of the paper, the youngest with no violence."""
        names = ("Aged under 10", "Aged 10 to 17", "Aged 18 to 24", "Aged 25 to 44",
                 "Aged 45 and over")  # fmt: skip
        return self.by_group("age_band", {name: () for name in names})

    @property
    def place(self) -> Any:  # type: ignore[override]
        """Return two authorities whose codes are not in the order of their names."""
        authorities = [SimpleNamespace(code="E2", name="Aytown"),
                       SimpleNamespace(code="E1", name="Zedtown")]  # fmt: skip
        return SimpleNamespace(authorities=authorities, synthetic=True, folder=None,
                               title="Made-up county", attribution="Nobody’s.")  # fmt: skip

    @property
    def uptake(self) -> pd.DataFrame:  # type: ignore[override]
        """Return the rows given; by default one programme that the less deprived take up more."""
        return pd.DataFrame(list(self.uptake_rows) or [uptake_row()])

    def inequality(self, part: str) -> pd.DataFrame:
        """Return the verdict of the case."""
        return self.case.inequality(part)

    @property
    def needs(self) -> pd.DataFrame:  # type: ignore[override]
        """Return the real issues, each with a contribution that follows the gains."""
        table = coverage(self.case.strategy)
        gain = 100 * float(self.case.gains[STRATEGY][self.case.options.years - 1])
        half = self.case.spread * abs(gain)
        addressed = (table["gap"] == "").to_numpy()
        mean = np.where(addressed, gain, 0.0)
        return table.assign(
            indicator="Incidents of violence", unit="incidents", kind="count", differs="",
            now=1_000.0, now_low95=900.0, now_high95=1_100.0, contribution=mean,
            low80=np.where(addressed, gain - half, -1.0),
            high80=np.where(addressed, gain + half, 1.0), low95=mean - 2 * half,
            high95=mean + 2 * half, chance_better=0.9, draws=float(DRAWS),
        )  # fmt: skip

    def _estimate(self, gain: np.ndarray) -> Estimate:
        baseline, averted = YEARLY * len(gain), YEARLY * float(gain.sum())
        half = self.case.spread * abs(averted) + 0.1
        return Estimate(
            baseline=baseline, scenario=baseline - averted, averted=averted,
            low80=averted - half, high80=averted + half, low95=averted - 1.6 * half,
            high95=averted + 1.6 * half, chance_better=0.9, worlds=DRAWS,
        )  # fmt: skip


def uptake_row(**changes: Any) -> dict[str, Any]:
    """Return one programme's gradient of uptake."""
    row = {
        "programme": "mentoring", "enrolments": 1_000.0, "slope_index": -0.1,
        "slope_index_low95": -0.2, "slope_index_high95": -0.05,
        "reached_more": "the less deprived", "for_need_reached_more": "the less deprived",
        "draws": DRAWS,
    }  # fmt: skip
    return {**row, **changes}


def programme_paper(papers: Path = Path("nowhere"), **changes: Any) -> ProgrammePaper:
    """Return the paper on a made-up case; `changes` are those of :func:`board_doubles.board_case`.

    `papers` is where earlier papers are looked for.
    """
    case = board_case(**changes)
    return ProgrammePaper(case, MadeUpReadings(case), papers)
