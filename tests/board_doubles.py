"""A board case that nobody simulated: real documents and rules of money, made-up results.

The results are smooth, so that a test can say what a paper must conclude of them; change `gains`
and the paper has to say something else. Scenarios, prices and deflators are the real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from paper_doubles import PNG
from reporting_doubles import comparison_table

from vru_model.analysis.appraisal.prices import draw_prices
from vru_model.analysis.appraisal.streams import QUINTILES, Streams
from vru_model.analysis.sensitivity.reading import Biggest
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.accounts.costs import load_costs
from vru_model.reporting.board.case import (
    BASELINE,
    ENDED,
    MAXIMUM,
    MINIMUM,
    QUICKER,
    SLOWER,
    STRATEGY,
    BoardCase,
    load_case,
)
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.study import FiledStudy
from vru_model.reporting.findings import Findings

YEARS, DRAWS = 10, 24
GAINS: dict[str, np.ndarray] = {
    BASELINE: np.zeros(YEARS),
    STRATEGY: np.linspace(0.01, 0.03, YEARS),
    MINIMUM: np.linspace(0.004, 0.01, YEARS),
    MAXIMUM: np.linspace(0.02, 0.06, YEARS),
    ENDED: np.r_[np.linspace(0.01, 0.02, 3), np.linspace(0.01, 0.002, YEARS - 3)],
    QUICKER: np.full(YEARS, 0.02),
    SLOWER: np.linspace(0.0, 0.05, YEARS),
}
"""Part → share of a year's incidents averted in each year."""

PLACE = {
    "name": "made_up", "title": "Made-up county", "synthetic": True, "residents": 2_919_651,
    "source": "Nobody: a test made it up.", "notes": ["Made up."],
}  # fmt: skip
_RANKS = np.linspace(-1.2, 1.2, DRAWS)


def board_options(**changes: Any) -> BoardOptions:
    """Return options of a real paper, with changes, without a look at the disk."""
    given = {
        "place": "west_midlands", "scale": 0.05, "years": YEARS, "draws": DRAWS, "replicates": 1,
        "seed": 1, "workers": 0, "runs": "", "date": "2026-11-22", "baseline": "baseline",
        "strategy": "balanced", "minimum": "do_minimum", "maximum": "do_maximum",
        "ending": "grant_ends_after_3", "contrast": ["quick", "slow"], "effort": 1.0,
        "payer": "A made-up payer", "recommendation": "",
    }  # fmt: skip
    return BoardOptions.model_construct(**{**given, **changes})


def board_run(name: str, years: int = YEARS) -> SimpleNamespace:
    """Return a stand-in for a stored run: its id, years and manifest."""
    identity = {
        "place": "0" * 64, "parameters": "1" * 64, "code": "2" * 12, "seed": 1,
        "population_seed": 1, "step": "month",
    }  # fmt: skip
    manifest = {
        "identity": identity, "place": dict(PLACE), "scenario": {"name": name},
        "draws_from": "nowhere: made up",
    }  # fmt: skip
    return SimpleNamespace(run_id=f"{name}-0123456789ab", manifest=manifest, years=years)


@dataclass(frozen=True)
class MadeUpStudy:
    """A search for the assumption that matters most, of whose folder there is only the name."""

    folder: Path = Path("made_up-0123456789ab")
    table: pd.DataFrame = field(default_factory=lambda: assumptions())
    chart: bytes = PNG
    words: Mapping[str, str] = field(default_factory=lambda: {
        "headline": "Made up.", "year": "5", "notes": "Nobody moved anything.",
        "alt": "Horizontal bars, one an assumption.", "message": "“Decay” matters most",
    })  # fmt: skip

    @property
    def harmful_alone(self) -> tuple[str, ...]:
        """As a filed study has it."""
        return FiledStudy.harmful_alone.fget(self)  # type: ignore[attr-defined]

    @property
    def biggest(self) -> Biggest:
        """The first row, as a study reads it."""
        return Biggest(*(self.table.iloc[0][name] for name in Biggest._fields))


@dataclass(frozen=True)
class MadeUpCase(BoardCase):
    """A case whose comparisons are made of `gains`; money is worked out by the real rules."""

    gains: Mapping[str, np.ndarray] = field(default_factory=dict)
    spread: float = 0.6
    events: float = 20.0
    search: MadeUpStudy = field(default_factory=MadeUpStudy)

    def comparison(self, part: str = STRATEGY) -> Any:
        """Return the made-up comparison of a part with the baseline."""
        return self._compared(part, self.gains[part])

    def streams(self, part: str = STRATEGY) -> Streams:
        """Return streams in which every event is averted as the gains say."""
        if part not in self._streams:
            rules, book = load_rules(), load_costs()
            profile, comparison = rules.profiles[rules.default], self.comparison(part)
            yearly = self.gains[part][None, None, :, None] * (1 + 0.5 * _RANKS)[:, None, None, None]
            averted = {
                name: self.events * yearly * np.ones((DRAWS, 1, YEARS, QUINTILES))
                for name in book.events
            }
            spend: dict[str, np.ndarray] = {}
            for _, row in comparison.spend.iterrows():
                mine = spend.setdefault(str(row["programme"]), np.zeros(YEARS))
                mine[int(row["year"]) - 1] += float(row["extra"])
            grades = {
                name: each.evidence.grade for name, each in self.scenarios[part].programmes.items()
            }
            self._streams[part] = Streams(
                comparison, book, rules, profile, draw_prices(book, rules, profile,
                range(DRAWS), 1), averted, np.full(QUINTILES, 580_000.0), spend, grades,
            )  # fmt: skip
        return self._streams[part]

    def inequality(self, part: str = STRATEGY, group: str = "all ages") -> pd.DataFrame:
        """Return a verdict that follows the gains: narrower in both senses, or cannot be told."""
        narrows = self.gains[part].sum() > 0
        words = "narrows" if narrows else "cannot be told"
        return pd.DataFrame([
            {"measure": "admissions", "title": "Admissions", "group": group,
             "slope_change": -0.2 * narrows, "slope_change_low80": -0.3,
             "slope_change_high80": -0.1, "relative_change": -0.01 * narrows,
             "relative_change_low80": -0.02,
             "relative_change_high80": -0.005, "absolute": words, "relative": words,
             "cell": f"absolute {words}, relative {words}", "draws": DRAWS}
        ])  # fmt: skip

    def visibility(self, part: str = STRATEGY) -> pd.DataFrame:
        """Return one published series that never shows the change."""
        return pd.DataFrame([
            {"measure": "sharp_object_admissions", "title": "Sharp-object admissions",
             "group": "under 25", "by_year": YEARS, "change": 0.02, "low95": -0.01, "high95": 0.05,
             "detectable": 0.12, "first_year_visible": np.nan, "chance_visible": 0.0,
             "draws": DRAWS, "sentence": "Sharp-object admissions would have to fall by 12%."}
        ])  # fmt: skip

    @property
    def study(self) -> MadeUpStudy:  # type: ignore[override]
        """The made-up search."""
        return self.search

    def _findings(self, *parts: str) -> Findings:
        chosen = {self.scenarios[part].name: part for part in parts}
        pair = list(chosen.values())
        ahead = None
        if len(pair) == 2:
            gain = self.gains[pair[1]] - self.gains[pair[0]]
            ahead = SimpleNamespace(table=comparison_table(gain, self.spread, DRAWS))
        names = (self.baseline.name, *chosen)
        return Findings(
            options=self.options,
            baseline=self.baseline,
            scenarios={name: self.scenarios[part] for name, part in chosen.items()},
            runs={name: self.runs[name] for name in names},
            comparisons={name: self.comparison(part) for name, part in chosen.items()},
            ahead=ahead,
            delivered=pd.concat([self._delivered(part) for part in pair]),
        )

    def _compared(self, part: str, gain: np.ndarray) -> SimpleNamespace:
        lines = self._lines(part)
        spend = pd.DataFrame(lines, columns=["programme", "year", "extra"])
        return SimpleNamespace(
            table=comparison_table(gain, self.spread, DRAWS), notes=("Modelled, not recorded.",),
            attribution=("Open Government Licence v3.0.",), base=self.run(BASELINE),
            other=self.run(part), spend=spend.assign(baseline=0.0, scenario=spend["extra"]),
            draws=DRAWS, worlds=tuple((draw, 0) for draw in range(DRAWS)),
        )  # fmt: skip

    def _lines(self, part: str) -> list[tuple[str, int, float]]:
        return [
            (line.programme, year, float(line.money_per_year))
            for line in self.scenarios[part].funding
            for year in range(1, self.options.years + 1)
            if line.covers(year)
        ]

    def _delivered(self, part: str) -> pd.DataFrame:
        rows = [
            {"strategy": self.scenarios[part].name, "programme": name, "year": year,
             "enrolments": pounds / 5_000, "spend": pounds}
            for name, year, pounds in self._lines(part)
        ]  # fmt: skip
        columns = ["strategy", "programme", "year", "enrolments", "spend"]
        return pd.DataFrame(rows, columns=columns)


def board_case(
    gains: Mapping[str, np.ndarray] | None = None,
    spread: float = 0.6,
    events: float = 20.0,
    **changes: Any,
) -> MadeUpCase:
    """Return a case that nobody simulated.

    Parameters
    ----------
    gains
        Part → share averted in each of ten years; :data:`GAINS` where a part is not named.
    spread
        Half the 80% interval as a share of what is averted.
    events
        Of each kind that is priced, a year and fifth of deprivation, in the baseline.
    changes
        Other values for the options.
    """
    options = board_options(**changes)
    scenarios = load_case(options)
    runs = {each.name: board_run(each.name) for each in scenarios.values()}
    return MadeUpCase(
        options, scenarios, runs, gains={**GAINS, **(gains or {})}, spread=spread, events=events
    )


def assumptions() -> pd.DataFrame:
    """Return two assumptions in the shape of a search's table."""
    rows = [
        {"rank": 1, "name": "grievance.decay", "title": "Grievance: how long it lasts",
         "unit": "months", "value": 2.3, "low": 0.5, "high": 5.0, "at_low": 2.0, "at_high": 75.0,
         "swing": 73.0, "error95": 9.0, "verdict": "flips", "switch": 0.4, "switch_low": 0.2,
         "switch_high": 0.9, "known": "prior, calibrated"},
        {"rank": 2, "name": "pairs.acts", "title": "Pairs: further incidents while open",
         "unit": "rate per month", "value": 0.78, "low": 0.4, "high": 1.2, "at_low": 6.0,
         "at_high": 34.0, "swing": 28.0, "error95": 9.0, "verdict": "not sought",
         "switch": np.nan, "switch_low": np.nan, "switch_high": np.nan, "known": "prior"},
    ]  # fmt: skip
    return pd.DataFrame(rows)
