"""Which evaluation could show what each programme does: a design by a fixed rule, with its size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from vru_model.analysis.counting import PERSON_YEARS, counts
from vru_model.analysis.statistics.detection import dispersion
from vru_model.analysis.statistics.trial_size import people_per_arm, place_years_per_condition
from vru_model.parameters.accounts.grant_rules import grant_profile
from vru_model.parameters.accounts.measures import load_measures
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import BASELINE, BoardCase
from vru_model.reporting.board.impact.delivery import Reached
from vru_model.reporting.board.impact.incremental import Increment
from vru_model.reporting.board.impact.register import believed_ratio, ordered
from vru_model.reporting.words import count, in_words, money, percentage, two_figures

LOST = 0.15
"""Of each arm, the share that cannot be followed: a planning figure, judgement."""
PLANNING_RISK = 0.3
"""Risk of the outcome in a year where no study gives one: a planning figure, judgement."""
RECRUITING_YEARS, MOST_UNITS, LONG_MONTHS = 3.0, 10, 60
RESIDENTS_OF_A_PLACE = 1_700
"""About what a Lower-layer Super Output Area holds (ONS, Census 2021)."""
_PLACE_SERIES = "police_recorded_violence_with_injury"
_PLACE_VARIATION = 0.2
"""Movement of one place's yearly count beyond counting, coefficient of variation: judgement."""

RULE = (
    "The rule: a programme that works on **places** is started in a random order of places "
    "(stepped wedge), because each place is then its own control; one that works on **services** "
    "is compared with other areas over time; one whose outcome lies more than five years ahead is "
    "followed through an **early measure and linked records**; any other is tried with "
    "**people**, offered at random where more accept than there are places. A trial is proposed "
    f"for this place alone where it fills in {RECRUITING_YEARS:g} years, pooled with other units "
    f"where up to {MOST_UNITS} would fill it together, and otherwise left to a national trial. "
    "Eighty per cent power, 5% significance, two-sided; the trial compares offers, so take-up "
    f"dilutes it; {LOST:.0%} of people are taken to be lost to follow-up."
)


@dataclass(frozen=True)
class Design:
    """The evaluation that the rule recommends for one programme.

    Parameters
    ----------
    programme
        The programme.
    name
        The design, in a few words.
    needed
        People in each arm, or place-years in each condition; infinite where no size would do, not
        a number where the design has no such size.
    unit
        What is needed: "people in each arm" and so on.
    base
        The base rate it was worked out from, in words.
    years
        How long it takes to fill here alone; not a number where that does not apply.
    units
        Units that have to pool to fill it in time; 1 for this place alone.
    cost
        £, a share of the programme's money as the grant's condition has it.
    """

    programme: Programme
    name: str
    needed: float
    unit: str
    base: str
    years: float
    units: int
    cost: float

    @property
    def size(self) -> str:
        """What is needed, in words."""
        if math.isnan(self.needed):
            return "does not apply"
        if math.isinf(self.needed):
            return f"no number of {self.unit} would do"
        return f"{two_figures(self.needed)} {self.unit}"


def designs(
    case: BoardCase, found: Mapping[str, Reached], values: Mapping[str, Increment]
) -> dict[str, Design]:
    """Return the recommended design of each programme of the strategy, most money first."""
    series = _place_count(case)
    return {
        one.name: design(one, found[one.name], values[one.name].money / case.options.years, series)
        for one in ordered(case)
    }


def design(programme: Programme, reached: Reached, money_per_year: float, place_count: float
           ) -> Design:
    """Return the recommended design of one programme by :data:`RULE`.

    Parameters
    ----------
    place_count
        Yearly count of the recorded series in one of the most deprived places.
    """
    if programme.of_places:
        return _of_places(programme, money_per_year, place_count)
    trial = programme.trial
    if programme.eligibility.selection == "none":
        name = "interrupted time series with comparison areas that begin later"
        return _sizeless(programme, name, money_per_year, 4.0)
    if trial is not None and trial.last_month > LONG_MONTHS:
        early = _early_measures(programme)
        name = f"random offer where places are short, {early} as the early measure, then linked " \
               "school, health and police records to the end of the teens"  # fmt: skip
        return _sizeless(programme, name, money_per_year, RECRUITING_YEARS)
    return _of_people(programme, reached, money_per_year)


def _of_people(programme: Programme, reached: Reached, money_per_year: float) -> Design:
    risk, base = base_risk(programme)
    ratio = believed_ratio(programme)
    took_part = reached.take_up if 0 < reached.take_up <= 1 else programme.reach.take_up
    needed = math.inf if ratio is None else people_per_arm(risk, ratio.value, took_part, LOST)
    # The offer goes to as many as its places can serve, and as many again are the control arm.
    offered_a_year = reached.capacity / took_part if took_part else 0.0
    years = needed / offered_a_year if offered_a_year else math.inf
    units = math.ceil(years / RECRUITING_YEARS) if math.isfinite(years) else MOST_UNITS + 1
    if units <= 1:
        name = "randomised trial of the offer here"
    elif units <= MOST_UNITS:
        name = f"randomised trial of the offer, pooled over {units} units"
    else:
        name = "no local trial: join a national one; here, monitoring of delivery"
    recruiting = min(years, RECRUITING_YEARS) if units <= MOST_UNITS else 1.0
    cost = evaluation_share() * money_per_year * (recruiting + 1.0)
    return Design(programme, name, needed, "people in each arm", base, years, max(units, 1), cost)


def _of_places(programme: Programme, money_per_year: float, place_count: float) -> Design:
    ratio = believed_ratio(programme)
    covered = programme.reach.share_of_days * programme.reach.share_of_place or 1.0
    places = math.floor(programme.reached_for(money_per_year) + 1e-9)
    shown = 1.0 if ratio is None else 1 - covered * (1 - ratio.value)
    needed = place_years_per_condition(
        place_count, shown, dispersion(place_count, _PLACE_VARIATION)
    )
    years = needed / places if places else math.inf
    units = math.ceil(years / RECRUITING_YEARS) if math.isfinite(years) else MOST_UNITS + 1
    if units <= 1:
        name = "stepped wedge over the treated places, order drawn by lot"
    elif units <= MOST_UNITS:
        name = f"stepped wedge, pooled over {units} units, order drawn by lot"
    else:
        name = (
            "no trial of the neighbourhoods’ totals, which would not show it: days with and "
            "without it drawn by lot at each place, counted where it works alone"
            if programme.reach.share_of_days < 1
            else "no local trial: join a national one; here, monitoring of delivery"
        )
    base = (
        f"{two_figures(place_count)} recorded offences with injury a year in one of the most "
        f"deprived places (modelled); the programme covers {percentage(covered)} of them"
    )
    recruiting = min(years, RECRUITING_YEARS)
    cost = evaluation_share() * money_per_year * (recruiting + 1.0)
    return Design(programme, name, needed, "place-years in each condition", base, years,
                  max(units, 1), cost)  # fmt: skip


def _sizeless(programme: Programme, name: str, money_per_year: float, years: float) -> Design:
    cost = evaluation_share() * money_per_year * years
    return Design(programme, name, math.nan, "", "does not apply", math.nan, 1, cost)


def base_risk(programme: Programme) -> tuple[float, str]:
    """Return the risk of the outcome without the programme, and where it comes from in words."""
    known = programme.evidence.baseline_risk
    if known is not None:
        return known, f"{percentage(known)} have the study’s outcome without it (its document)"
    return PLANNING_RISK, (
        f"no study gives a risk: {percentage(PLANNING_RISK)} is a planning figure, to be replaced "
        "from local records"
    )


def evaluation_share() -> float:
    """Return the share of programme money that the grant's condition sets aside to evaluate."""
    rules = [rule for rule in grant_profile().rules.values() if rule.of == "evaluation"]
    shares = [rule.minimum[-1] for rule in rules if rule.minimum]
    return max(shares, default=0.1)


def _verified() -> bool:
    rules = grant_profile().rules.values()
    return all(rule.verified for rule in rules if rule.of == "evaluation")


def _early_measures(programme: Programme) -> str:
    catalogue = load_measures().measures
    first = TARGETS[programme.changes[0].target].measures[0]
    return catalogue[first].title.lower() if first in catalogue else first.replace("_", " ")


def _place_count(case: BoardCase) -> float:
    """Return a recorded series' yearly count in one of the most deprived tenth of places."""
    measures = load_measures().measures
    table = counts(case.run(BASELINE), {_PLACE_SERIES: measures[_PLACE_SERIES]},
                   ("deprivation_decile",))  # fmt: skip
    first = table.xs(1, level="deprivation_decile")
    return float((first[_PLACE_SERIES] / first[PERSON_YEARS]).mean()) * RESIDENTS_OF_A_PLACE


def design_blocks(case: BoardCase, found: Mapping[str, Design]) -> list[Block]:
    """Return the rule and the recommended design of each programme."""
    total = sum(one.cost for one in found.values())
    set_aside = case.strategy.evaluation_per_year
    rule = "as the grant’s condition has it" + (
        "" if _verified() else " (illustrative: not yet read in the grant agreement)"
    )
    here = [one.programme.title for one in found.values() if one.name.endswith("here")]
    answer = (
        f"A randomised trial here alone would be large enough for {in_words(here)}."
        if here
        else "No programme of the strategy reaches enough people here for a randomised trial of "
        "its own within three years."
    )
    words = (
        f"{answer} All that is recommended would cost about {money(round(total, -4))} "
        f"({case.strategy.price_year} prices), {evaluation_share():.0%} of a programme’s money in "
        f"each year of recruiting and one of follow-up, {rule}. The strategy sets aside "
        f"{money(set_aside)} a year for evaluation. The sizes are for the effect that is believed; "
        "at the weak end of its interval no trial would be large enough. A statistician has to "
        "confirm them before anything is commissioned."
    )
    return [Prose(RULE), Prose(words), _table(found, case.run(BASELINE).run_id)]


def _table(found: Mapping[str, Design], run_id: str) -> Table:
    rows, data = [], []
    for name, one in found.items():
        rows.append({
            "Programme": one.programme.title,
            "Recommended design": one.name,
            "Needed": one.size,
            "Base rate": one.base,
            "Years to fill here alone": two_figures(one.years) if math.isfinite(one.years)
            else "does not apply" if math.isnan(one.years) else "never",
            "Units to pool": count(one.units) if one.units <= MOST_UNITS else
            f"more than {MOST_UNITS}",
            "Cost, about": money(round(one.cost, -3)),
        })  # fmt: skip
        data.append({"programme": name, "design": one.name, "needed": one.needed,
                     "years_alone": one.years, "units": one.units, "cost": one.cost})  # fmt: skip
    return Table(
        name="designs",
        caption="The evaluation that the rule recommends for each programme, and its size",
        frame=pd.DataFrame(rows), data=pd.DataFrame(data),
        source="effects and take-up: the documents in parameters/programmes; grant condition: "
        f"parameters/grant_rules.yaml; base rate of places: model run {run_id}",
        text_columns=("Recommended design", "Base rate"),
    )  # fmt: skip
