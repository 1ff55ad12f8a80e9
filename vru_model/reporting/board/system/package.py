"""The package against the sum of its parts: two halves of the strategy, each on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from vru_model.analysis.attribution import sub_strategy
from vru_model.analysis.pathways import overlap
from vru_model.experiments import Run
from vru_model.parameters.accounts.agencies import AgencyBook
from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.board.system.differences import (
    ASKED,
    cubes,
    effects_table,
    estimate,
    shared_worlds,
)
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.words import in_words, interval, sentence_case, two_figures
from vru_model.scenario import Scenario

JUSTICE = ("police", "police_governance", "youth_justice", "courts", "prisons_probation")
"""The agencies whose programmes make the first half."""
WHOLE, FIRST, SECOND = "the package", "justice partners’ half", "care and learning partners’ half"
# To whole admissions at the finest: nobody adds up less.
_FINEST = 1.0
_ROUNDED = (
    "Sums and differences are of unrounded numbers, so that a last figure may not add up. The "
    "central numbers are all rounded alike; how little each is known, its intervals say"
)
SUM, MORE = "the halves added up", "what the package adds to that sum"


@dataclass(frozen=True)
class Package:
    """A strategy and its two halves.

    Parameters
    ----------
    strategy, halves
        The whole; the halves, that of justice partners first.
    runs
        Scenario name → run, of the whole, the halves and the baseline.
    baseline
        The baseline's name.
    years
        The horizon.
    """

    strategy: Scenario
    halves: tuple[Scenario, Scenario]
    runs: Mapping[str, Run]
    baseline: str
    years: int

    @property
    def source(self) -> str:
        """The line under what rests on these runs."""
        names = (self.baseline, self.strategy.name, *(half.name for half in self.halves))
        return f"model runs {', '.join(self.runs[name].run_id for name in names)}; " \
               "modelled, not recorded"  # fmt: skip

    @cached_property
    def effects(self) -> list[dict[str, Estimate]]:
        """What the whole, its halves and their sum avert over all years, by name; as ASKED."""
        first, second = self.halves
        named = {"none": self.baseline, WHOLE: self.strategy.name, FIRST: first.name,
                 SECOND: second.name}  # fmt: skip
        runs = {what: self.runs[name] for what, name in named.items()}
        found = cubes(runs, shared_worlds(list(runs.values())))
        none = found.pop("none")
        averted = {name: none - values for name, values in found.items()}
        averted[SUM] = averted[FIRST] + averted[SECOND]
        averted[MORE] = averted[WHOLE] - averted[SUM]
        return [
            {name: estimate(none[n], values[n]) for name, values in averted.items()}
            for n in range(len(ASKED))
        ]


def halves(strategy: Scenario, agencies: AgencyBook) -> tuple[Scenario, Scenario] | None:
    """Return the strategy's two halves, None where all its programmes fall into one.

    The first holds what the partners of justice lead, the second everything else.
    """
    leads = {each.name: each.lead_agency for each in strategy.programmes.values()}
    first = frozenset(name for name, lead in leads.items() if lead in JUSTICE)
    second = frozenset(leads) - first
    unknown = set(JUSTICE) - set(agencies.agencies)
    if unknown:
        raise ValueError(f"no agency is called {in_words(sorted(unknown))}")
    if not first or not second:
        return None
    return sub_strategy(strategy, first), sub_strategy(strategy, second)


def package_blocks(package: Package | None) -> list[Block]:
    """Return whether the package does more or less than its halves added up, and why."""
    if package is None:
        return [Prose(
            "All programmes of the strategy are led by partners of one side, so that there are no "
            "two halves to compare."
        )]  # fmt: skip
    found = package.effects[0]
    held = " ".join(
        f"*{sentence_case(name)}* holds {_programmes(half)}."
        for name, half in zip((FIRST, SECOND), package.halves, strict=True)
    )
    return [
        Prose(f"{held}\n\n{interaction(found, package.years)} {_why(package)}"),
        *_tables(package),
    ]


def interaction(found: Mapping[str, Estimate], years: int) -> str:
    """Return what the package adds to the sum of its halves, as far as the interval can tell."""
    more = found[MORE]
    span = f"80% interval {more.interval80}, 95% interval {more.interval95}"
    if more.verdict == "unclear":
        return (
            f"By year {years} the package cannot be told from its halves added up ({span} "
            "admissions more than their sum)."
        )
    how = "more" if more.verdict == "fewer" else "fewer"
    return (
        f"By year {years} the package averts {more.size80} {how} admissions than its halves added "
        f"up ({span} beyond their sum)."
    )


def _why(package: Package) -> str:
    table = overlap(package.runs[package.strategy.name]).set_index("measure")
    if table.empty:
        return "Nobody is in a programme, so that programmes cannot share people."
    several = table.loc[table.index.intersection(["in_2_programmes", "in_3_or_more_programmes"])]
    lost = table.loc["protection_lost"]
    low, high = (100 * float(lost[name]) for name in ("low95", "high95"))
    return (
        f"At any one time {two_figures(float(table.loc['in_1_programme', 'value']))} people are in "
        f"one programme and {two_figures(float(several['value'].sum()))} in two or more. "
        "Protection has a ceiling, since nobody can be kept from violence twice: "
        f"{interval(low, high, 1.0)}% (95% interval) of what the programmes would give those whom "
        "they reach is lost to it. The other way, each act prevented stops others that it would "
        "have set off."
    )


def _programmes(scenario: Scenario) -> str:
    spent = sum(line.money_per_year for line in scenario.funding if line.covers(1))
    listed = in_words([escape(each.title.lower()) for each in scenario.programmes.values()])
    return f"{listed} (£{two_figures(spent / 1e6)} million in year 1)"


def _tables(package: Package) -> list[Table]:
    return [
        effects_table(
            f"package-{measure.key.replace('_', '-')}",
            f"{sentence_case(measure.of(group))} averted by year {package.years} against things as "
            "they are: the package, its halves, and what the package adds to their sum (below 0: "
            f"the halves overlap). {_ROUNDED}",
            "What",
            {sentence_case(name): one for name, one in effects.items()},
            package.source,
            chance="Chance above 0",
            step=max(_FINEST, min(one.step for one in effects.values())),
        )
        for (measure, group), effects in zip(ASKED, package.effects, strict=True)
    ]
