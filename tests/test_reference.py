"""The fast model and the plain one (``tests/reference_model.py``) have the same incidents.

They are compared step by step, incident by incident, and resident by resident at the start and
the end, in a cut-out of the built-in place with some 3,000 residents.
"""

import ast
import inspect
import textwrap
from dataclasses import replace

import numpy as np
import pytest
from reference.agreement import Worlds
from reference.portfolios import SIZES, changed
from reference.world import SEVERITIES, VENUES
from reference_model import ReferenceModel

from vru_model.model import ViolenceModel
from vru_model.parameters.switches import SWITCHES
from vru_model.place import Place, load_place
from vru_model.processes.counters import COUNTERS
from vru_model.scenario import Scenario

SCALE = 0.075
SIZES = {0: 20, 3: 3, 6: 2}  # row of the authority -> neighbourhoods
BUSY = {
    # So that within two years all that is rare happens to somebody among 3,000.
    "acting.base": -7.4,
    "grievance.acts_per_month": 0.12,
    "schooling.exclusion": -6.5,
    "severity.emergency": -0.5,
    "severity.admission": -0.5,
    "severity.death": -0.5,
    "services.conviction": 1.0,
    "early_life.base": -4.8,
    "witnesses.ace": 0.5,
    "demography.partnering": 0.4,
    "demography.separation": 0.15,
    "warm_up.months": 12,
}


@pytest.fixture(scope="module")
def place() -> Place:
    """Return some neighbourhoods of three authorities, each with one where people go out."""
    county = load_place("west_midlands")
    table = county.neighbourhoods
    rows, males = [], []
    for authority, size in SIZES.items():
        all_rows = np.flatnonzero(table["local_authority"] == authority)
        spread = all_rows[np.linspace(0, len(all_rows) - 1, size).astype(int)]
        out = all_rows[table["night_exposure"].to_numpy()[all_rows] > 0]
        rows.append(np.union1d(spread, out[:1]))
        residents = table["residents"].to_numpy()
        share = residents[rows[-1]].sum() / residents[all_rows].sum()
        males.append(round(county.males[authority] * share))
    chosen = np.concatenate(rows)
    renumbered = np.repeat(np.arange(len(rows)), [len(some) for some in rows])
    return replace(
        county,
        name="cut_out",
        authorities=tuple(county.authorities[authority] for authority in SIZES),
        neighbourhoods=table.iloc[chosen]
        .assign(local_authority=renumbered)
        .reset_index(drop=True),
        residents_by_age=county.residents_by_age[chosen],
        males=np.array(males),
        adjacency=np.empty((0, 2), np.int32),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", ["baseline", "quick", "slow"])
def test_two_years_agree_incident_by_incident(place, name, seed):
    worlds = Worlds(
        place, changed(name, {"warm_up.months": 12}), SCALE, years=2, seed=seed,
        population_seed=seed, replicate=seed - 1,
    ).run(24)  # fmt: skip
    assert 2000 < worlds.plain.founders < 5000
    assert len(worlds.incidents) > 100
    assert (len(worlds.plain.register) > 0) == (name != "baseline")


@pytest.mark.parametrize("seed", [11, 12])
def test_busy_worlds_agree_and_everything_happens_in_them(place, seed):
    worlds = Worlds(
        place, changed("quick+slow", BUSY), SCALE, years=2, seed=seed, population_seed=seed
    ).run(24)
    for venue in VENUES:
        assert worlds.count(venue=venue) > 50, venue
    for origin in ("own", "triggered", "pair"):
        assert worlds.count(origin=origin) > 50, origin
    for severity in SEVERITIES:
        assert worlds.count(severity=severity) > 20, severity
    for relationship in ("partner", "family", "acquaintance", "stranger"):
        assert worlds.count(relationship=relationship) > 50, relationship
    for weapon in ("none", "knife", "other"):
        assert worlds.count(weapon=weapon) > 20, weapon
    assert worlds.echoes > 10
    assert worlds.count(robbery=True) > 20
    assert any(incident.calmed > 0 for incident in worlds.incidents)
    events = worlds.plain.events
    for event in (
        "births", "deaths", "moves", "partnerships", "separations", "aces", "aces at home",
        "exclusions", "sentences",
    ):  # fmt: skip
        assert events[event] > 5, event
    counted = {name[:2] for name in worlds.plain.counts.cells}
    assert counted == set(COUNTERS), "every counter of the year is compared, and none is nought"
    for programme in worlds.plain.programmes:
        name, of_places = programme.document.name, programme.rule.selection == "place"
        assert events[f"enrolments: {name}"] > 5 or of_places and programme.treated, name


@pytest.fixture(scope="module")
def all_loops_on(place) -> ViolenceModel:
    """Return the fast model, a month into year 2."""
    model = ViolenceModel(place, changed("quick+slow", BUSY), SCALE, years=2)
    for _ in range(13):
        model.step()
    return model


@pytest.mark.parametrize("switch", SWITCHES)
def test_worlds_agree_with_each_loop_switched_off(place, all_loops_on, switch):
    scenario = changed("quick+slow", BUSY, {switch: False})
    worlds = Worlds(place, scenario, SCALE, years=2).run(13)
    assert len(worlds.incidents) > 200
    worlds.fast = all_loops_on
    with pytest.raises(AssertionError):  # otherwise the switch changes nothing
        worlds.check_state()


def test_worlds_agree_by_the_week(place):
    scenario = changed("quick+slow", {**BUSY, "warm_up.months": 3})
    worlds = Worlds(place, scenario, SCALE, years=1, step="week").run(30)
    assert len(worlds.incidents) > 200
    assert worlds.echoes > 0


@pytest.mark.parametrize("draw", [0, 1])
def test_worlds_agree_for_other_values_of_everything_uncertain(place, draw):
    worlds = Worlds(place, Scenario.load("quick+slow"), SCALE, years=1, draw=draw).run(12)
    assert len(worlds.incidents) > 50


def test_worlds_agree_where_money_comes_and_goes_by_place_and_event(place):
    """Money in some places and years, and a programme to which exclusions are referred."""
    scenario = changed("quick+slow", BUSY)
    code = place.authorities[0].code
    terms = {
        "hospital_navigators": {"last_year": 1},
        "focused_deterrence": {"first_year": 2, "authorities": (code,)},
        "social_skills": {"deprivation_deciles": (1, 2)},
    }
    inclusion = scenario.programmes["school_inclusion"]
    rule = inclusion.eligibility.model_copy(
        update={"event": "exclusion", "selection": "event", "statuses": ("excluded",)}
    )
    referred = inclusion.model_copy(update={"eligibility": rule})
    scenario = replace(
        scenario,
        funding=tuple(
            line.model_copy(update=terms.get(line.programme, {})) for line in scenario.funding
        ),
        programmes_funded=tuple(
            referred if one.name == referred.name else one for one in scenario.programmes_funded
        ),
    )
    worlds = Worlds(place, scenario, SCALE, years=2).run(24)
    events = worlds.plain.events
    for name in (*terms, "school_inclusion"):
        assert events[f"enrolments: {name}"] > 0, name


def test_one_neighbourhood_alone_agrees(place):
    table = place.neighbourhoods
    row = int(np.flatnonzero(table["night_exposure"] > 0)[0])
    alone = replace(
        place,
        authorities=place.authorities[:1],
        neighbourhoods=table.iloc[[row]].reset_index(drop=True),
        residents_by_age=place.residents_by_age[[row]],
        males=place.males[:1] * table["residents"].iat[row] // place.males[:1].sum(),
    )
    worlds = Worlds(alone, changed("quick", BUSY), 0.3, years=2).run(14)
    assert len(worlds.incidents) > 50


def test_a_small_difference_is_seen(place):
    """The comparison can fail: a memory of grievance of 11 months is not one of 12."""
    worlds = Worlds(place, changed("baseline", BUSY), SCALE, years=1)
    grievance = worlds.plain.values.grievance._replace(memory=11.0)
    worlds.plain.values = worlds.plain.values._replace(grievance=grievance)
    with pytest.raises(AssertionError):
        worlds.run(12)


def test_both_programs_take_the_same_phases_in_the_same_order():
    def phases(step) -> list[str]:
        nodes = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(step))))
        return [ast.unparse(node) for node in nodes if isinstance(node, ast.Call)]

    assert phases(ViolenceModel.step) == phases(ReferenceModel.step)
