"""Recovery: targets made by the model itself, at parameters that are known, lead back to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import calibration_doubles as doubles
import numpy as np
import pytest

from vru_model.analysis.calibration.implausibility import second_highest
from vru_model.analysis.calibration.search import Search, not_ruled_out
from vru_model.analysis.calibration.space import Space, scenario_of
from vru_model.analysis.calibration.worlds import Workshop, as_matrix
from vru_model.experiments.request import load_request
from vru_model.experiments.world import World, WorldKey
from vru_model.parameters.accounts.search import Dimension, SearchPlan, Settings
from vru_model.parameters.accounts.targets import Target

FITTED = {
    "acting.base": (-9.5, -8.2), "early_life.base": (-6.8, -5.0),
    "severity.emergency": (-2.6, -1.2), "services.police.injury": (0.3, 0.75),
}  # fmt: skip
MORE = {
    "age_curves.level.household": (-0.8, 0.6), "early_life.liability": (0.2, 1.2),
    "schooling.exclusion": (-10.8, -9.2), "severity.admission": (-3.0, -1.8),
}  # fmt: skip
DEEP = {"causes.causal_share": (0.25, 0.85)}
SPOKEN_OF = (
    "crime_survey_prevalence", "children_assaulted_share", "ace_any_share", "ace_four_share",
    "emergency_department_rate", "recorded_violence_with_injury_rate",
)  # fmt: skip
SPOKEN_OF_MORE = ("crime_survey_domestic_share", "exclusion_rate", "admission_rate",
                  "ace_log_odds_ratio")  # fmt: skip
UNSURE = 0.03
"""One standard deviation of a target, as a share of it: less than chance moves most of them."""


def plan(fitted: dict[str, tuple[float, float]], **settings: object) -> SearchPlan:
    roles = dict.fromkeys(fitted, "fitted") | dict.fromkeys(DEEP, "deep")
    space = {
        name: Dimension(role=roles[name], distribution="uniform", value=(low + high) / 2,
                        low=low, high=high)
        for name, (low, high) in {**fitted, **DEEP}.items()
    }  # fmt: skip
    return SearchPlan(
        settings=Settings(cut=3.0, years=1, level_step=0.1, other_populations=(2,), **settings),
        space=space,
    )


def workshop(folder: Path, seed: int, asked: SearchPlan) -> Workshop:
    options = dict(scale=asked.settings.scale, years=1, step="month", draws=1, replicates=1,
                   seed=seed, population_seed=1, workers=1, cluster=None, incidents=True,
                   people=True)  # fmt: skip
    request, _ = load_request("baseline", "west_midlands", folder, options)
    return Workshop(request.setting, folder)


@dataclass(frozen=True)
class Recovery:
    """A search for targets that the model made itself.

    Attributes
    ----------
    truth, points
        Coordinates at which the targets were made, and those of the kept sets.
    deep
        Which coordinates are deeply uncertain.
    believed
        The standard deviation of each coordinate before the search.
    of_truth
        Second-highest implausibility of the truth itself, on each of several populations.
    """

    truth: np.ndarray
    points: np.ndarray
    deep: np.ndarray
    believed: np.ndarray
    of_truth: np.ndarray

    @property
    def off(self) -> np.ndarray:
        """How far the kept sets' median lies from the truth, in their standard deviations."""
        return np.abs(np.median(self.points, axis=0) - self.truth) / self.points.std(axis=0)

    @property
    def width(self) -> np.ndarray:
        """The standard deviation of the kept sets over that of what was believed."""
        return self.points.std(axis=0) / self.believed

    def inside(self, share: float) -> np.ndarray:
        """Say of which coordinates the truth lies in the central share of the kept sets."""
        low, high = np.quantile(self.points, [(1 - share) / 2, (1 + share) / 2], axis=0)
        return (low <= self.truth) & (self.truth <= high)


def targets_of(made: dict[str, float]) -> dict[str, Target]:
    return {
        name: Target(pattern=name, lens="truth", value=float(value),
                     observation_sd=abs(UNSURE * value), discrepancy_sd=0.0, source="made",
                     unit="log odds ratio" if "odds" in name else "share", status="prior",
                     use="calibration")
        for name, value in made.items()
    }  # fmt: skip


def recovered(folder: Path, asked: SearchPlan, names: tuple[str, ...], truth: np.ndarray,
              worlds: int) -> Recovery:  # fmt: skip
    """Search for targets made at a point, in worlds of other random numbers and residents."""
    space = Space.of_plan(asked)
    elsewhere = workshop(folder / "truth", 99, asked)
    true = scenario_of(elsewhere.setting.scenario, space.names, space.values(truth[None])[0])
    seeds = {number: 1001 + number for number in range(worlds)}
    made = elsewhere.compute("made", "targets", [true] * worlds, seeds=seeds).mean()
    targets = targets_of({name: made[name] for name in names})
    search = Search(workshop(folder / "search", 1, asked), space, asked.settings, targets)
    judge = search.judge()
    sets = search.waves(judge)
    own = search.workshop.compute("true", "the truth", [true] * 4,
                                  seeds={number: 501 + number for number in range(4)})  # fmt: skip
    gaps = judge.implausibilities(as_matrix(own, judge.statistics))
    return Recovery(truth, sets.points[not_ruled_out(judge, sets, 3.0)], space.deep,
                    space.spread(400, 0).std(axis=0), second_highest(gaps))  # fmt: skip


def assert_recovered(found: Recovery, narrowed: float) -> None:
    """Assert that kept sets close in on the truth, every fitted parameter, and on nothing else."""
    assert (found.of_truth < 3.0).all(), "the truth itself is not ruled out, whoever lives there"
    fitted = ~found.deep
    assert (found.width[fitted] < narrowed).all(), found.width
    assert (found.width[found.deep] > 0.7).all(), "what is deeply uncertain stays wide"
    assert (found.off[fitted] < 1.0).all(), found.off
    assert found.inside(0.8)[fitted].all(), found.inside(0.8)


def test_known_parameters_are_recovered(tmp_path):
    asked = plan(FITTED, waves=3, first_sets=60, sets=40, repeats=6, scale=0.01)
    truth = np.array([0.5, -0.6, 0.4, -0.4, 0.7])
    found = recovered(tmp_path, asked, SPOKEN_OF, truth, worlds=6)
    assert len(found.points) >= 30
    assert_recovered(found, narrowed=0.75)
    first = tmp_path / "search" / "wave-1" / "summary"
    assert len(list(first.iterdir())) == 60


def test_a_truth_outside_the_range_rules_everything_out(tmp_path):
    asked = plan({"acting.base": (-9.5, -9.2), "early_life.base": (-6.8, -6.2)},
                 waves=2, first_sets=16, sets=8, repeats=3, scale=0.01)  # fmt: skip
    space = Space.of_plan(asked)
    far = replace(space, dimensions=tuple(
        each.model_copy(update={"low": -8.3, "high": -8.2, "value": -8.25}) if name.startswith(
            "acting") else each.model_copy(update={"low": -5.1, "high": -5.0, "value": -5.05})
        if name.startswith("early") else each
        for name, each in zip(space.names, space.dimensions, strict=True)))  # fmt: skip
    elsewhere = workshop(tmp_path / "truth", 99, asked)
    true = scenario_of(elsewhere.setting.scenario, far.names, far.values(np.zeros((1, 3)))[0])
    made = elsewhere.compute("made", "targets", [true]).iloc[0]
    targets = targets_of({name: made[name] for name in SPOKEN_OF})
    search = Search(workshop(tmp_path / "search", 1, asked), space, asked.settings, targets)
    judge = search.judge()
    assert len(not_ruled_out(judge, search.waves(judge), 3.0)) == 0


def test_chance_does_not_lead_the_search_astray(tmp_path):
    """Many searches among doubles, where chance is twice what targets are unsure by.

    Were residents shared, all kept sets would be off alike by what chance made of them, and known
    values would lie up to three of their standard deviations away.
    """
    asked, names = doubles.plan(sets=60), ("incident_rate", "at_home", "exclusions")
    space, off, inside = Space.of_plan(asked), [], []
    truths = np.clip(np.random.default_rng(5).standard_normal((10, len(space))), -1.5, 1.5)
    for number, truth in enumerate(truths):
        shop = doubles.workshop(tmp_path / str(number), summarise=doubles.summarise_loudly)
        shop = replace(shop, setting=replace(shop.setting, population_seed=1 + 1000 * number))
        true = scenario_of(shop.setting.scenario, space.names, space.values(truth[None])[0])
        world = World(replace(shop.setting, scenario=true), WorldKey(0, 0))
        made = doubles.rates(world, 0.0)
        search = Search(shop, space, asked.settings, targets_of({name: made[name]
                                                                 for name in names}))  # fmt: skip
        judge = search.judge()
        sets = search.waves(judge)
        found = Recovery(truth, sets.points[not_ruled_out(judge, sets, 3.0)], space.deep,
                         np.ones(len(space)), np.zeros(1))  # fmt: skip
        off.append(found.off[~space.deep])
        inside.append(found.inside(0.95)[~space.deep])
    assert np.all(inside), "every known value lies within the central 95% of the kept sets"
    assert np.max(off) < 2.0 and np.sqrt(np.mean(np.square(off))) < 0.8, np.round(off, 2)


@pytest.mark.validate
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_known_parameters_are_recovered_in_larger_worlds(tmp_path, side):
    asked = plan(FITTED | MORE, waves=4, first_sets=120, sets=90, repeats=12, scale=0.05)
    truth = side * np.array([-0.5, 0.6, -0.4, 0.5, 0.6, -0.5, 0.4, -0.3, -0.7])
    found = recovered(tmp_path, asked, (*SPOKEN_OF, *SPOKEN_OF_MORE), truth, worlds=12)
    assert len(found.points) >= 80
    assert_recovered(found, narrowed=0.8)
