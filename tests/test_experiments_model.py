"""The model itself in the store: the same run gives the same bytes, however it is computed."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from vru_model.errors import InputError
from vru_model.experiments import compare, run
from vru_model.experiments.world import (
    Setting,
    SourceChanged,
    World,
    WorldKey,
    release,
    simulate,
)
from vru_model.model import ViolenceModel
from vru_model.provenance import code_version
from vru_model.scenario import Scenario

SMALL = {"scale": 0.005, "years": 2, "replicates": 2, "workers": 1}


def parts(folder: Path, table: str = "*") -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.glob(f"{table}/part-*.parquet"))
    }


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def baseline(out):
    return run("baseline", out=out, **SMALL)


@pytest.fixture(scope="module")
def quick(out):
    return run("quick", out=out, **SMALL)


def test_the_same_run_twice_gives_the_same_bytes(baseline, tmp_path):
    again = run("baseline", out=tmp_path, **SMALL)
    assert again.folder.name == baseline.folder.name
    assert parts(again.folder) == parts(baseline.folder)
    assert again.manifest == baseline.manifest


def test_two_workers_equal_one(baseline, tmp_path):
    again = run("baseline", out=tmp_path, **(SMALL | {"workers": 2}))
    assert parts(again.folder) == parts(baseline.folder)


def test_keeping_more_leaves_the_measures_as_they_are(baseline, out):
    before = parts(baseline.folder, "measures")
    more = run("baseline", out=out, incidents=True, people=True, **SMALL)
    assert more.folder == baseline.folder and parts(more.folder, "measures") == before
    counted = more.totals(("measure",), measures=["incidents"], roles=["victim"])
    kept = more.incidents().groupby("replicate").size()
    # A simulated incident stands for some 200 at full size.
    assert kept.tolist() == pytest.approx((counted["value"] * SMALL["scale"]).tolist(), rel=0.01)
    people = more.people()
    assert set(people["when"]) == {"start", "end"}
    assert people["resident"].dtype == "uint64"


def test_results_are_at_full_size_whatever_the_scale(baseline):
    months = baseline.totals(("year",), measures=["person_months"])
    first = months[months["year"] == 1]["value"]
    assert first.to_numpy() == pytest.approx(12 * 2_919_651, rel=0.02)


def test_a_strategy_spends_its_budget_and_pairs_with_the_baseline(baseline, quick):
    comparison = compare(baseline, quick)
    spend = comparison.spend.groupby("year")["extra"].sum()
    assert spend.tolist() == pytest.approx([3_370_000, 3_370_000])
    table = comparison.table.set_index(["measure", "group", "year", "window"])
    incidents = table.loc[("incidents", "all ages", 1, "in year")]
    assert incidents["baseline"] > 0 and abs(incidents["averted"]) < 0.2 * incidents["baseline"]
    under_25 = table.loc[("incidents", "under 25", 1, "in year"), "baseline"]
    assert 0 < under_25 < incidents["baseline"]


def test_the_same_comparison_twice_is_the_same_to_the_last_digit(baseline, quick):
    first, again = compare(baseline, quick), compare(baseline, quick)
    assert first.table.equals(again.table) and first.spend.equals(again.spend)


def test_sampled_parameters_make_another_run(baseline, out):
    sampled = run("baseline", out=out, draws=2, **(SMALL | {"replicates": 1, "years": 1}))
    totals = sampled.totals(("measure",), measures=["incidents"], roles=["victim"])["value"]
    assert sampled.folder != baseline.folder
    assert totals[0] != totals[1]


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"code_version": "another"}, "code"), ({"place_digest": "another"}, "west_midlands")],
)
def test_a_world_refuses_to_run_with_other_code_or_another_place(changes, what):
    asked = {
        "scenario": Scenario.baseline(), "place": "west_midlands", "scale": 0.001, "years": 1,
        "step": "month", "seed": 1, "population_seed": 1, "parameter_values": "central",
        "parameters_digest": "", "code_version": code_version(), "place_digest": "",
    }  # fmt: skip
    with pytest.raises(SourceChanged, match=f"{what} has changed"):
        simulate(World(Setting(**(asked | changes)), WorldKey(0, 0)), False, False)


def test_money_in_an_authority_that_the_place_lacks_is_refused(tmp_path):
    scenario = tmp_path / "elsewhere.yaml"
    scenario.write_text(
        "name: elsewhere\ntitle: Elsewhere\nquestion: What if the money goes elsewhere?\n"
        "price_year: 2024/25\nbudget_per_year: 1000000\nfunding:\n"
        "  - {programme: hospital_navigators, money_per_year: 1000000, authorities: [E08000003]}\n"
    )
    with pytest.raises(InputError, match="E08000003"):
        run(scenario, out=tmp_path / "runs", **SMALL)
    assert not (tmp_path / "runs").exists()


def test_a_world_that_is_let_go_leaves_its_memory_at_once_without_a_search_for_it():
    model = ViolenceModel(scale=0.004, years=1, scenario="quick").run()
    kept = [weakref.ref(each) for each in (model.people, model.portfolio, model.tally)]
    gc.disable()
    try:
        release(model)
        assert [each() for each in kept] == [None, None, None]
    finally:
        gc.enable()


def test_categories_say_the_same_as_text():
    model = ViolenceModel(scale=0.004, years=2, scenario="quick").run()
    for read in (model.measures, model.neighbourhood_measures):
        text, coded = read(), read(coded=True)
        categories = coded.select_dtypes("category").columns
        assert set(categories) == set(text.select_dtypes("string").columns)
        assert_frame_equal(coded.astype(dict.fromkeys(categories, "str")), text)
