"""Recovery: targets made by the model itself, at parameters that are known, lead back to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from vru_model.analysis.calibration.implausibility import second_highest
from vru_model.analysis.calibration.search import Search, Sets, not_ruled_out
from vru_model.analysis.calibration.space import Space, scenario_of
from vru_model.analysis.calibration.worlds import Workshop, as_matrix
from vru_model.experiments.request import load_request
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


def recovered(folder: Path, asked: SearchPlan, names: tuple[str, ...], truth: np.ndarray,
              worlds: int) -> tuple[Search, Sets, np.ndarray, float]:  # fmt: skip
    """Search for targets made at a point; return search, sets, kept rows and the truth's verdict.

    The targets come from worlds of other random numbers than those of the search.
    """
    space = Space.of_plan(asked)
    values = space.values(truth[None])[0]
    elsewhere = workshop(folder / "truth", 99, asked)
    true = scenario_of(elsewhere.setting.scenario, space.names, values)
    made = elsewhere.compute("made", "targets", [true] * worlds, seeds=dict(
        zip(range(worlds), range(11, 11 + worlds), strict=True))).mean()  # fmt: skip
    targets = {
        name: Target(pattern=name, lens="truth", value=float(made[name]),
                     observation_sd=abs(0.03 * made[name]), discrepancy_sd=0.0, source="made",
                     unit="log odds ratio" if "odds" in name else "share", status="prior",
                     use="calibration")
        for name in names
    }  # fmt: skip
    search = Search(workshop(folder / "search", 1, asked), space, asked.settings, targets)
    judge = search.judge()
    sets = search.waves(judge)
    own = search.workshop.compute("true", "the truth", [true])
    gaps = judge.implausibilities(as_matrix(own, judge.statistics))
    return search, sets, not_ruled_out(judge, sets, 3.0), float(second_highest(gaps)[0])


def judged(search: Search, sets: Sets, kept: np.ndarray, truth: np.ndarray,
           narrowed: float) -> None:  # fmt: skip
    """Assert that the kept ranges shrink around the truth, and deep ones stay wide."""
    points, even = sets.points[kept], search.space.spread(400, 0)
    width = points.std(axis=0) / even.std(axis=0)
    deep = search.space.deep
    assert (width[~deep] < narrowed).all(), dict(zip(search.space.names, width, strict=True))
    assert (width[deep] > 0.7).all()
    # All sets share one population, and the targets came from others: a shift that none can see.
    off = np.abs(np.median(points, axis=0) - truth)
    assert (off < 2.5 * points.std(axis=0) + 0.1)[~deep].all(), off
    for name, chance in zip(search.space.names, ndtr(truth), strict=True):
        assert 0.0 < chance < 1.0, name


def test_known_parameters_are_recovered(tmp_path):
    asked = plan(FITTED, waves=3, first_sets=40, sets=24, repeats=4, scale=0.01)
    truth = np.array([0.5, -0.6, 0.4, -0.4, 0.7])
    search, sets, kept, verdict = recovered(tmp_path, asked, SPOKEN_OF, truth, worlds=4)
    assert verdict < 3.0, "the truth itself is not ruled out"
    assert len(kept) >= 12
    judged(search, sets, kept, truth, narrowed=0.75)
    first = search.workshop.folder / "wave-1" / "summary"
    assert len(list(first.iterdir())) == 40


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
    targets = {
        name: Target(pattern=name, lens="truth", value=float(made[name]), discrepancy_sd=0.0,
                     observation_sd=abs(0.03 * made[name]), source="made", unit="share",
                     status="prior", use="calibration")
        for name in SPOKEN_OF
    }  # fmt: skip
    search = Search(workshop(tmp_path / "search", 1, asked), space, asked.settings, targets)
    judge = search.judge()
    assert len(not_ruled_out(judge, search.waves(judge), 3.0)) == 0


@pytest.mark.validate
def test_known_parameters_are_recovered_in_larger_worlds(tmp_path):
    asked = plan(FITTED | MORE, waves=3, first_sets=90, sets=60, repeats=8, scale=0.05)
    truth = np.array([-0.5, 0.6, -0.4, 0.5, 0.6, -0.5, 0.4, -0.3, -0.7])
    names = (*SPOKEN_OF, *SPOKEN_OF_MORE)
    search, sets, kept, verdict = recovered(tmp_path, asked, names, truth, worlds=8)
    assert verdict < 3.0 and len(kept) >= 40
    judged(search, sets, kept, truth, narrowed=0.8)
