"""The fast model and the plain one (``tests/reference_model.py``) have the same incidents.

They are compared step by step, incident by incident, and resident by resident at the start and
the end, in a cut-out of the built-in place with some 3,000 residents.
"""

import ast
import inspect
import textwrap
from collections import Counter
from copy import copy
from dataclasses import replace

import numpy as np
import pytest
from reference.agreement import Worlds
from reference.portfolios import PLACES, changed, everything, without
from reference.treated import PREVENTED_IN
from reference.world import SEVERITIES, VENUES
from reference_model import ReferenceModel

from vru_model.model import ViolenceModel
from vru_model.parameters.programmes import TARGETS
from vru_model.parameters.shocks import Shock
from vru_model.parameters.switches import SWITCHES
from vru_model.place import Place, load_place
from vru_model.processes.counters import COUNTERS
from vru_model.programmes.pathway import STAGES

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

EVENTS = {
    "none", "emergency_department_attendance", "violence_suffered", "violence_suffered_at_home",
    "exclusion", "charge", "charge_for_violence_at_home", "release_from_custody", "birth",
}  # fmt: skip


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


@pytest.fixture(scope="module", params=[11, 12])
def busy_worlds(request, place) -> Worlds:
    """Return two years in which every programme of the register works for good."""
    seed = request.param
    return Worlds(
        place, everything(BUSY), SCALE, years=2, seed=seed, population_seed=seed
    ).run(24)  # fmt: skip


def test_busy_worlds_agree_and_everything_happens_in_them(busy_worlds):
    worlds = busy_worlds
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


def test_every_programme_takes_people_in_or_treats_places(busy_worlds):
    programmes, events = busy_worlds.plain.programmes, busy_worlds.plain.events
    assert len(programmes) == 40
    assert {one.rule.event for one in programmes} == EVENTS
    for one in programmes:
        started = events[f"started: {one.name}"]
        if one.rule.selection == "none":
            assert one.strength > 0.8, one.name
        elif one.treats:
            there = len(one.treats.ranked())
            assert len(one.treats.places) == min(PLACES, there) > 0, one.name
            assert (started > 0) == (one.document.reach.people_per_place > 0), one.name
        else:
            assert started > 0, one.name


def test_every_stage_of_the_pathway_is_reached_and_nobody_goes_missing(busy_worlds):
    plain, events = busy_worlds.plain, busy_worlds.plain.events
    for one in plain.programmes:
        number = {stage: events[f"{stage}: {one.name}"] for stage in STAGES}
        ends = number["completed"] + number["left_early"] + number["cut_short"]
        assert ends == number["started"], one.name
        waiting = len(one.queue.waiting) if one.queue else 0
        assert number["accepted"] == number["started"] + number["lost_waiting"] + waiting
        if one.queue:
            assert number["events"] >= number["identified"] >= number["consented"]
            assert number["consented"] >= number["offered"] + len(one.queue.pending)
        assert number["offered"] >= number["accepted"], one.name
    for stage in set(STAGES) - {"closed", "cut_short"}:  # these come with the end of money
        assert sum(events[f"{stage}: {one.name}"] for one in plain.programmes) > 20, stage


def test_every_effect_occurs(busy_worlds):
    events = busy_worlds.plain.events
    for target in set(TARGETS) - set(PREVENTED_IN):
        assert events[f"changed: {target}"] > 0, target
    for event in (*PREVENTED_IN, "prevented at home", "victims protected"):
        assert events[event] > 2, event


def test_repeated_violence_at_home_is_ended_by_the_support_of_its_victim(busy_worlds):
    assert busy_worlds.plain.events["changed: pair_closing at home"] > 0


@pytest.mark.parametrize("busy_worlds", [11], indirect=True)
@pytest.mark.parametrize("target", TARGETS)
def test_the_comparison_sees_each_effect(place, busy_worlds, target):
    """Without one effect the fast model comes to another state than the plain one with it."""
    seed = busy_worlds.plain.seed_of_draw
    fast = ViolenceModel(
        place, without(everything(BUSY), target), SCALE, years=2, seed=seed, population_seed=seed
    ).run()  # fmt: skip
    other = copy(busy_worlds)
    other.fast = fast
    with pytest.raises(AssertionError):
        other.check_state()


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
    scenario = everything({**BUSY, "warm_up.months": 3}, Shock(late_months=1.5, displacement=0.2))
    worlds = Worlds(place, scenario, SCALE, years=1, step="week").run(30)
    assert len(worlds.incidents) > 200
    assert worlds.echoes > 0
    started = {one.programme.name for one in worlds.plain.register}
    assert len(started) > 25


@pytest.mark.parametrize("draw", [0, 1])
def test_worlds_agree_for_other_values_of_everything_uncertain(place, draw):
    scenario = everything({}, as_they_are=True)
    worlds = Worlds(place, scenario, SCALE, years=1, draw=draw).run(12)
    assert len(worlds.incidents) > 50
    assert len({one.programme.name for one in worlds.plain.register}) > 10


@pytest.fixture(scope="module")
def money_comes_and_goes(place) -> Worlds:
    """Return two years of late awards, cuts, ends, and money in some places only."""
    shock = Shock(
        late_months=2.5, late_in_years=(1, 2), cut_share=0.2, cut_from_year=2, inflation=0.05,
        fading=2.0, displacement=0.4, police_recording=1.3,
    )  # fmt: skip
    table = place.neighbourhoods
    code, some = place.authorities[0].code, tuple(table["neighbourhood"][::3])
    ends, begins = {"last_year": 1}, {"first_year": 2}
    scenario = everything(
        BUSY, shock,
        hospital_navigators=[ends], violence_interruption=[ends], trauma_therapy=[ends],
        gp_domestic_abuse_referral=[ends], mentoring=[ends], youth_clubs=[ends],
        focused_deterrence=[{**begins, "authorities": (code,)}], parenting_groups=[begins],
        social_skills=[{}, {"deprivation_deciles": (1, 2)}, ends],
        emergency_department_brief_intervention=[{}, {"most_in_need": 10}],
        trauma_informed_training=[ends, {}],
        health_data_sharing=[ends], street_lighting=[ends],
        hot_spot_patrol=[{"neighbourhoods": some}], greening=[{"most_in_need": 3}],
        police_in_schools=[ends, begins],
    )  # fmt: skip
    return Worlds(place, scenario, SCALE, years=2, seed=5, replicate=1).run(24)


def test_worlds_agree_where_money_comes_and_goes_by_place_and_event(money_comes_and_goes):
    plain, events = money_comes_and_goes.plain, money_comes_and_goes.plain.events
    for one in plain.programmes:
        for_people = not one.treats and one.rule.selection != "none"
        assert not for_people or events[f"started: {one.name}"] > 0, one.name
        if one.line.last_year == 1:
            assert not one.is_open, one.name
            assert not one.queue or events[f"closed: {one.name}"] > 0, one.name
    for stage in ("closed", "cut_short", "left_early", "lost_waiting"):
        assert sum(events[f"{stage}: {one.name}"] for one in plain.programmes) > 10, stage
    assert events["displaced"] > 5
    assert sum(events[prevented] for prevented in PREVENTED_IN) > 5


def test_places_and_services_are_left_as_staff_go(money_comes_and_goes):
    programmes = money_comes_and_goes.plain.programmes
    strength = {(one.name, one.line.last_year): one.strength for one in programmes}
    assert 0.0 < strength["health_data_sharing", 1] < 0.7
    assert 0.5 < strength["street_lighting", 1] < 1.0
    assert strength["police_in_schools", 1] == 0.0 < strength["police_in_schools", None]


def test_nobody_is_in_a_programme_twice(money_comes_and_goes):
    step = money_comes_and_goes.plain.clock.step
    lines = Counter(one.name for one in money_comes_and_goes.plain.programmes)
    assert lines["social_skills"] == 3
    now = [
        (one.programme.name, one.resident)
        for one in money_comes_and_goes.plain.register
        if one.end > step
    ]
    assert len(now) == len(set(now)) > 50


def test_worlds_agree_when_all_money_ends(place):
    scenario = everything(BUSY, Shock(ends_after_year=1, late_months=1.0))
    worlds = Worlds(place, scenario, 0.5 * SCALE, years=2, step="month", seed=6).run(18)
    plain = worlds.plain
    assert not any(one.is_open for one in plain.programmes)
    assert not any(one.end > plain.clock.step for one in plain.register)
    assert plain.register  # what has been learnt fades still


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
