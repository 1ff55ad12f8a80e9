"""What the plan changes, for whom and when, as natural frequencies and plain sentences."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from vru_model.analysis.statistics.verdict import NARROWS, WIDENS
from vru_model.reporting.blocks import Table
from vru_model.reporting.board.case import ENDED, BoardCase
from vru_model.reporting.board.community.frequencies import Frequency, counts, tries
from vru_model.reporting.board.decision import headline_years
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.measures import (
    ALL_AGES,
    HEADLINE_MEASURE,
    NON_DOMESTIC_HOMICIDES,
    UNDER_25,
    Measure,
)
from vru_model.reporting.words import plural, two_figures

ADMISSIONS = Measure(
    name="expected_admissions",
    definition="People who are admitted to hospital after violence.",
)
ROWS = (
    ("Young people in hospital", ADMISSIONS, UNDER_25),
    ("Of these, cut or stabbed", HEADLINE_MEASURE, UNDER_25),
    ("All ages in hospital", ADMISSIONS, ALL_AGES),
    ("Killed, not by family", NON_DOMESTIC_HOMICIDES, ALL_AGES),
)


class Changes:
    """The strategy against things as they are.

    Parameters
    ----------
    case
        The runs and what was asked.
    """

    def __init__(self, case: BoardCase) -> None:
        self.case = case
        self.last = headline_years(case)[-1]

    def estimate(self, measure: Measure, group: str, year: int) -> Estimate:
        """Return what the strategy averts of a measure by the end of a year."""
        return self.case.alone.estimates.get(self.case.strategy.name, measure, group, year)

    @cached_property
    def frequency(self) -> Frequency:
        """The young people spared of every 1,000, over all the years."""
        return Frequency.of(self.estimate(ADMISSIONS, UNDER_25, self.last))

    def table(self) -> Table:
        """Return the numbers behind the picture, and the measures that leaders look at."""
        found = [(words, self.estimate(measure, group, self.last), measure, group)
                 for words, measure, group in ROWS]  # fmt: skip
        rows = [
            {
                "Hurt by violence": words,
                "With no plan": two_figures(one.baseline),
                "With the plan": counts(one),
                "Of every 1,000": Frequency.of(one).range,
                "Did better in": f"{tries(one)} tries",
            }
            for words, one, _, _ in found
        ]
        data = [
            {"measure": measure.name, "group": group, "year": self.last, "baseline": one.baseline,
             "averted": one.averted, "low80": one.low80, "high80": one.high80,
             "low95": one.low95, "high95": one.high95, "chance_better": one.chance_better}
            for _, one, measure, group in found
        ]  # fmt: skip
        return Table(
            name="community-numbers",
            caption=f"The same in numbers, for {plural(self.last, 'year')}. Of every 10 tries, "
            "8 lie in the range",
            frame=pd.DataFrame(rows),
            data=pd.DataFrame(data),
            source=self.case.source,
            text_columns=("With the plan", "Of every 1,000"),
        )

    def better(self) -> str:
        """Return what may get better, for whom and when, as a list."""
        lines = [self._when(year) for year in headline_years(self.case)]
        lines.append(self._gap())
        return "\n".join(f"- {line}" for line in lines)

    def worse(self) -> str:
        """Return what may get worse, as a list that a table of harms follows."""
        found = self.estimate(ADMISSIONS, UNDER_25, self.last)
        worse = found.worlds - round(found.chance_better * found.worlds)
        tried = (
            f"In {worse} of our {found.worlds} tries, the plan did not cut the number of young "
            "people who go to hospital."
        )
        return "\n".join(f"- {line}" for line in (tried, self._if_the_money_stops()))

    def _when(self, year: int) -> str:
        found = Frequency.of(self.estimate(ADMISSIONS, UNDER_25, year))
        return (
            f"**By the end of year {year}:** of every 1,000 young people like these, "
            f"{found.range}. {_sure(found)}"
        )

    def _gap(self) -> str:
        table = self.case.inequality()
        chosen = table[table["measure"] == "admissions"]
        verdict = str(chosen.iloc[0]["absolute"]) if len(chosen) else ""
        told = {
            NARROWS: "In most tries it gets smaller with the plan.",
            WIDENS: "In most tries it gets bigger with the plan. Is there a fairer plan?",
        }
        return (
            "**The gap between poor and rich areas:** "
            f"{told.get(verdict, 'We cannot tell if it gets smaller or bigger.')}"
        )

    def _if_the_money_stops(self) -> str:
        """Return what is left of the gain where the money ends early."""
        ended = self.case.scenarios[ENDED]
        found = self.case.ending.estimates.get(ended.name, ADMISSIONS, UNDER_25, self.last)
        last = ended.shock.ends_after_year
        when = f"stops after year {last}" if last else "is not what was planned"
        return (
            f"By year {self.last}, of every 1,000: {self.frequency.range} if the money goes on. "
            f"If the money {when}: {Frequency.of(found).range}."
        )


def _sure(found: Frequency) -> str:
    if found.low == found.high == 0:
        return "That is too little to see."
    if found.verdict == "fewer":
        return "It helps."
    return "It does harm." if found.verdict == "more" else "We cannot tell yet."
