"""Pilots in places: what they do inside, next door and elsewhere, with no place named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.experiments import Run
from vru_model.place import Place
from vru_model.programmes.eligibility import covered
from vru_model.reporting.blocks import Block, Panel, Prose, Table, escape
from vru_model.reporting.board.system.differences import (
    effects_table,
    estimate,
    shared_worlds,
)
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.words import count, money, sentence_case, two_figures
from vru_model.scenario import Scenario

PILOTS = "place_based_pilots"
INSIDE, NEXT_DOOR, ELSEWHERE = "inside the pilots", "next to them", "elsewhere"
RINGS = (INSIDE, NEXT_DOOR, ELSEWHERE)
_FEWEST_PLACES = 10
_MEASURES = {"expected_admissions": "admissions", "incidents": "incidents"}
_CELLS = """
select draw, replicate, neighbourhood, sum(value) as value
from neighbourhoods
where measure = ?
group by draw, replicate, neighbourhood
order by draw, replicate, neighbourhood
"""


@dataclass(frozen=True)
class Pilots:
    """Place pilots with their run.

    Parameters
    ----------
    scenario
        The pilots.
    place
        Where; at the scale of the runs.
    before, after
        The runs of things as they are and of the pilots.
    years
        The horizon.
    """

    scenario: Scenario
    place: Place
    before: Run
    after: Run
    years: int

    @property
    def source(self) -> str:
        """The line under what rests on these runs."""
        runs = f"{self.before.run_id}, {self.after.run_id}"
        return f"model runs {runs}; modelled, not recorded"

    def ring(self) -> np.ndarray:
        """Return the ring of each neighbourhood: the number of its name in :data:`RINGS`."""
        return rings(self.place, self.scenario)

    def effects(self) -> dict[str, dict[str, Estimate]]:
        """Return measure → ring → what is averted there over all years."""
        worlds = shared_worlds([self.before, self.after])
        ring = self.ring()
        found: dict[str, dict[str, Estimate]] = {}
        for measure in _MEASURES:
            sides = [_by_ring(run, worlds, measure, self.place, ring)
                     for run in (self.before, self.after)]  # fmt: skip
            found[measure] = {
                name: estimate(sides[0][..., n], sides[0][..., n] - sides[1][..., n])
                for n, name in enumerate(RINGS)
            }
        return found


def rings(place: Place, scenario: Scenario) -> np.ndarray:
    """Return 0 for neighbourhoods that limited money reaches, 1 for their neighbours, else 2.

    Lines of funding without a limit of place reach everybody and do not make a pilot.
    """
    inside = np.zeros(len(place.neighbourhoods), bool)
    for line in scenario.funding:
        reaches = covered(place, line, scenario.programmes[line.programme].eligibility)
        if not reaches.all():
            inside |= reaches
    touched = np.zeros_like(inside)
    first, second = place.adjacency.T
    np.logical_or.at(touched, second, inside[first])
    np.logical_or.at(touched, first, inside[second])
    return np.where(inside, 0, np.where(touched, 1, 2))


def pilot_blocks(pilots: Pilots) -> list[Block]:
    """Return what the pilots do inside and outside, and what that does and does not say."""
    ring, effects = pilots.ring(), pilots.effects()
    inside = int((ring == 0).sum())
    people = pilots.place.neighbourhoods["residents"].to_numpy()
    scenario = pilots.scenario
    yearly = sum(line.money_per_year for line in scenario.funding if line.covers(1))
    intro = (
        f"“{escape(scenario.title)}” spends {money(yearly)} a year ({scenario.price_year} prices) "
        f"in {count(inside)} neighbourhoods with {two_figures(float(people[ring == 0].sum()))} "
        "residents, chosen by deprivation and not by their record of violence. "
        f"{_statement(effects['expected_admissions'], pilots.years)}"
    )
    note = Panel("note", "Spill-over and displacement", [Prose(_displacement(pilots, effects))],
                 level=3)  # fmt: skip
    if min(np.bincount(ring, minlength=3)[:2]) < _FEWEST_PLACES:
        hidden = (
            f"Fewer than {_FEWEST_PLACES} neighbourhoods would stand in one row: they are not "
            "shown, so that no place can be told from the rest."
        )
        return [Prose(intro), Prose(hidden), note]
    return [Prose(intro), *_tables(pilots, effects, ring), note]


def _by_ring(run: Run, worlds, measure: str, place: Place, ring: np.ndarray) -> np.ndarray:
    """Return counts over all years, shape (draws, replicates, rings)."""
    cells = run.query(_CELLS, [measure], worlds)
    of_name = pd.Series(ring, index=place.neighbourhoods["neighbourhood"].to_numpy())
    cells["ring"] = of_name.reindex(cells["neighbourhood"]).to_numpy()
    summed = cells.groupby(["draw", "replicate", "ring"])["value"].sum().unstack("ring")
    index = pd.MultiIndex.from_tuples([(key.draw, key.replicate) for key in worlds])
    summed = summed.reindex(index=index, columns=range(len(RINGS))).fillna(0.0)
    draws, replicates = (sorted(set(index.get_level_values(level))) for level in (0, 1))
    found = np.full((len(draws), len(replicates), len(RINGS)), np.nan)
    for (draw, replicate), row in zip(index, summed.to_numpy(), strict=True):
        found[draws.index(draw), replicates.index(replicate)] = row
    return found


def _statement(found: dict[str, Estimate], years: int) -> str:
    inside = found[INSIDE]
    outside = [found[NEXT_DOOR], found[ELSEWHERE]]
    if inside.verdict == "unclear":
        said = (
            f"By year {years} the admissions averted inside cannot be told from none: "
            f"{inside.interval80} (80% interval)"
        )
    else:
        fewer = "fewer" if inside.verdict == "fewer" else "more"
        said = f"By year {years} there are {inside.size80} {fewer} admissions inside (80% interval)"
    clear = [one for one in outside if one.verdict != "unclear"]
    rest = "outside, nothing can be told from none" if not clear else "outside too, there is change"
    return f"{said}; {rest}."


def _displacement(pilots: Pilots, effects: dict[str, dict[str, Estimate]]) -> str:
    near = effects["incidents"][NEXT_DOOR]
    moved = pilots.scenario.shock.displacement or 0.0
    told = (
        "nothing that treated places prevent is moved next door by assumption"
        if moved == 0
        else f"{two_figures(100 * moved)}% of what treated places prevent happens near by"
    )
    verdict = {
        "fewer": f"{near.size80} fewer incidents happen next to the pilots (80% interval): more "
        "is gained there than lost",
        "more": f"{near.size80} more incidents happen next to the pilots (80% interval)",
        "unclear": "whether incidents next to the pilots rise or fall cannot be told "
        f"({near.interval80} averted, 80% interval)",
    }[near.verdict]
    return (
        f"In this run {told}. What happens outside comes of people who cross the line: residents "
        "of the pilots who act elsewhere, and acts that set off others. On that footing, by year "
        f"{pilots.years} {verdict}. To see what moving would cost, run "
        f"`vru run {pilots.scenario.name}+displacement`, where half of it moves next door. An "
        "evaluation should count next door as well as inside. No place is named and none is "
        "ranked: places chosen for high counts fall by themselves."
    )


def _tables(
    pilots: Pilots, effects: dict[str, dict[str, Estimate]], ring: np.ndarray
) -> list[Table]:
    sizes = {name: count(int((ring == n).sum())) for n, name in enumerate(RINGS)}
    return [
        effects_table(
            f"pilots-{title}",
            f"{sentence_case(title)} averted where they would have happened, over {pilots.years} "
            "years: inside the pilots, next to them and elsewhere",
            "Where",
            {
                f"{sentence_case(name)} ({sizes[name]} neighbourhoods)": one
                for name, one in effects[measure].items()
            },
            pilots.source,
            before={"": "As things are"} | {
                f"{sentence_case(name)} ({sizes[name]} neighbourhoods)": two_figures(one.baseline)
                for name, one in effects[measure].items()
            },
        )
        for measure, title in _MEASURES.items()
    ]  # fmt: skip
