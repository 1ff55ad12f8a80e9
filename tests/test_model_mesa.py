"""The model answers to what a Mesa user tries."""

import inspect
import textwrap

import mesa
import pytest

from vru_model.agents import Neighbourhood, Programme, Service
from vru_model.errors import InputError
from vru_model.model import ViolenceModel

SCALE = 0.01


@pytest.fixture(scope="module")
def model() -> ViolenceModel:
    return ViolenceModel(scenario="quick", scale=SCALE, years=1).run()


def test_neighbourhoods_programmes_and_services_are_agents(model):
    assert len(model.agents) == 1719 + 3 + 4
    kinds = model.agents_by_type
    assert {kind.__name__ for kind in kinds} == {"Neighbourhood", "Programme", "Service"}
    neighbourhood = kinds[Neighbourhood][5]
    assert neighbourhood.fear > 0
    assert neighbourhood.recent_violence >= 0
    assert neighbourhood.collective_efficacy == pytest.approx(
        model.areas["efficacy"][neighbourhood.row]
    )
    assert neighbourhood.code == model.place.neighbourhoods["neighbourhood"][neighbourhood.row]
    assert kinds[Programme].agg("spend", sum) == 3_370_000
    assert {service.title for service in kinds[Service]} >= {"police", "hospitals"}


def test_patrolled_neighbourhoods_are_guarded(model):
    guarded = model.agents_by_type[Neighbourhood].select(lambda each: each.guardianship > 0)
    assert len(guarded) == 18  # spots at £58,000 for the £1,044,000 of the strategy


def test_the_data_collector_keeps_each_step_in_aggregate(model):
    kept = model.datacollector.get_model_vars_dataframe()
    assert list(kept.columns) == ["incidents", "residents", "enrolled"]
    assert len(kept) == 12
    acts = model.measures().query("role == 'aggressor' and measure == 'incidents'")
    counted = acts["value"].sum()
    assert kept["incidents"].sum() == pytest.approx(counted)
    assert kept["enrolled"].iat[-1] > 0


def test_the_schedule_lists_the_twelve_phases_in_the_order_in_which_they_run(model):
    assert len(model.schedule) == 12
    assert [entry.number for entry in model.schedule] == sorted(
        entry.number for entry in model.schedule
    )
    printed = str(model.schedule)
    assert printed.splitlines()[0].strip() == "1  calendar, season and policy"
    source = textwrap.dedent(inspect.getsource(ViolenceModel.step))
    called = [line.strip()[5:].split("(")[0] for line in source.splitlines() if "self." in line]
    phases = {entry.method: entry.number for entry in model.schedule}
    in_order = [name for name in called if name in phases]
    assert [phases[name] for name in in_order[:11]] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 7]
    assert set(in_order) == set(phases)
    assert len(source.splitlines()) <= 40


def test_the_model_knows_where_its_time_went(model):
    timings = model.timings
    assert list(timings) == [entry.title for entry in model.schedule]
    assert all(seconds > 0 for seconds in timings.values())


def test_the_world_stands_still_at_the_horizon(model):
    before = len(model.datacollector.model_vars["incidents"])
    model.step()
    assert len(model.datacollector.model_vars["incidents"]) == before
    assert not model.running


def test_a_resident_can_be_read(model):
    resident = model.people[0]
    assert resident.sex in ("female", "male")
    assert resident.age_months >= 12
    assert {"ace", "history", "trauma"} <= set(resident.state)
    with pytest.raises(IndexError):
        model.people[len(model.people)]


def test_batch_run_works_for_those_who_use_it():
    results = mesa.batch_run(
        ViolenceModel,
        parameters={"scale": SCALE, "years": 1, "replicate": [0, 1]},
        number_processes=1,
        max_steps=12,
        data_collection_period=1,
        display_progress=False,
    )
    incidents = {}
    for row in results:
        incidents.setdefault(row["replicate"], []).append(row["incidents"])
    assert set(incidents) == {0, 1}
    assert incidents[0] != incidents[1]


def test_every_wrong_option_is_named_at_once():
    with pytest.raises(InputError) as wrong:
        ViolenceModel(scale=0, years=26, step="day", seed=-1, draw=-2)
    assert [problem.name for problem in wrong.value.problems] == [
        "scale", "years", "step", "seed", "draw",
    ]  # fmt: skip
