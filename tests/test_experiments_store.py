"""A run on disk: deterministic parts, nothing computed twice, everything readable."""

from __future__ import annotations

import json
from pathlib import Path

import doubles
import pandas as pd
import pyarrow.parquet as pq
import pytest

from vru_model.errors import InputError
from vru_model.experiments import Run
from vru_model.experiments.store import RunFolder, WorldChanged, tidy
from vru_model.experiments.world import World, WorldKey


def parts(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("part-*.parquet"))
    }


def refuse(*_):
    raise AssertionError("a finished world was computed again")


def test_the_same_run_twice_gives_the_same_bytes(tmp_path):
    first = doubles.run_double(tmp_path / "a", incidents=True, people=True)
    second = doubles.run_double(tmp_path / "b", incidents=True, people=True)
    assert parts(first.folder) == parts(second.folder)
    assert len(parts(first.folder)) == 4 * 4
    assert first.manifest == second.manifest


def test_parts_are_tidy_sorted_and_dictionary_encoded(tmp_path):
    run = doubles.run_double(tmp_path, draws=1, replicates=1)
    table = pq.ParquetFile(run.parts("measures")[0]).read()
    assert table.column_names == [
        "scenario", "draw", "replicate", "year", "measure", "role", "local_authority",
        "deprivation_decile", "age_band", "sex", "value",
    ]  # fmt: skip
    assert str(table.schema.field("measure").type).startswith("dictionary")
    frame = table.to_pandas()
    assert (frame["value"] != 0).all()
    assert "exclusions" not in set(frame["measure"])
    bands = frame.query("role == 'victim'")["age_band"].drop_duplicates().tolist()
    assert bands == ["5-9", "10-14", "16-17", "20-24", "25-29", "90+"]
    keys = ["year", "measure", "role", "local_authority", "deprivation_decile"]
    pd.testing.assert_frame_equal(frame[keys], frame[keys].sort_values(keys, kind="stable"))


def test_values_are_numbers_however_the_frame_holds_them():
    world = World(doubles.setting(), WorldKey(0, 0))
    measures = doubles.simulate(world, False, False).measures
    loose = measures.astype({"value": "object", "year": "object"})
    assert tidy(loose, world, "measures").equals(tidy(measures, world, "measures"))


def test_finished_worlds_are_found_and_not_computed_again(tmp_path):
    run = doubles.run_double(tmp_path, draws=2, replicates=1)
    before = parts(run.folder)
    doubles.run_double(tmp_path, draws=2, replicates=1, simulate=refuse)
    seen = []
    more = doubles.run_double(tmp_path, draws=2, replicates=3, progress=seen.append)
    assert (seen[0].found, seen[0].total) == (2, 6)
    assert seen[-1].finished == 6 and len(seen) == 5
    assert before.items() <= parts(more.folder).items()
    assert more.manifest["worlds_finished"] == 6
    assert more.manifest["asked"]["replicates"] == 3


def test_worlds_that_lack_a_table_are_completed_and_measures_stay(tmp_path):
    run = doubles.run_double(tmp_path)
    before = parts(run.folder)
    with pytest.raises(InputError, match="--incidents"):
        run.incidents()
    more = doubles.run_double(tmp_path, incidents=True)
    assert before.items() <= parts(more.folder).items()
    assert len(more.incidents()) == 4 * 5
    with_people = doubles.run_double(tmp_path, people=True)
    assert len(with_people.people()) == 4 * 2


def test_a_world_that_comes_out_differently_is_never_mixed_in(tmp_path):
    run = doubles.run_double(tmp_path)
    before = parts(run.folder)
    with pytest.raises(WorldChanged, match="differently"):
        doubles.run_double(tmp_path, incidents=True, simulate=doubles.drifting)
    assert parts(run.folder) == before
    assert Run.open(run.folder).manifest["status"] == "failed"


def test_people_with_blank_cells_repeat_exactly(tmp_path):
    doubles.run_double(tmp_path, people=True)
    run = doubles.run_double(tmp_path, people=True, incidents=True)
    assert len(run.worlds("incidents")) == 4


def test_the_run_is_named_by_what_determines_its_numbers():
    base = doubles.setting()
    assert base.run_id.startswith("baseline-")
    assert doubles.setting(place="elsewhere").run_id == base.run_id
    changes = [
        {"scale": 0.2}, {"years": 4}, {"seed": 2}, {"population_seed": 2}, {"place_digest": "p2"},
        {"parameters_digest": "m2"}, {"code_version": "c2"}, {"parameter_values": "central"},
        {"scenario": doubles.DoubleScenario(reduction=0.1)},
    ]  # fmt: skip
    names = {doubles.setting(**change).run_id for change in changes}
    assert len(names | {base.run_id}) == len(changes) + 1


def test_the_manifest_says_what_was_asked_and_carries_the_attribution(tmp_path):
    run = doubles.run_double(tmp_path)
    manifest = json.loads((run.folder / "manifest.json").read_text())
    assert manifest["status"] == "complete"
    assert manifest["worlds"] == [f"d000{draw}-r000{copy}" for draw in (0, 1) for copy in (0, 1)]
    assert manifest["attribution"] == [doubles.ABOUT_PLACE["attribution"]]
    assert manifest["note"].startswith("Modelled, not recorded")
    assert {"python", "numpy", "numba", "mesa", "platform"} <= set(manifest["versions"])
    assert "reduction: 0.0" in (run.folder / "scenario.yaml").read_text()
    timings = json.loads((run.folder / "timings.json").read_text())
    world = timings["d0001-r0001"]
    assert world["phases"] == {"violence": 0.01} and world["residents"] == 1000
    assert world["resident_months_per_second"] == pytest.approx(1000 * 36 / 0.02)
    assert world["seconds"] > 0 and world["other"] >= 0


def test_totals_agree_with_the_cells(tmp_path):
    run = doubles.run_double(tmp_path)
    cells = run.measures(years=[1, 2], measures=["incidents"], roles=["victim"])
    assert set(cells["year"]) == {1, 2} and set(cells["role"]) == {"victim"}
    totals = run.totals(("year", "sex"), measures=["incidents"], roles=["victim"])
    by_hand = cells.groupby(["draw", "replicate", "year", "sex"])["value"].sum().reset_index()
    pd.testing.assert_frame_equal(
        totals[totals["year"] < 3].reset_index(drop=True), by_hand, check_dtype=False
    )
    one = run.totals(("measure",), worlds=[WorldKey(1, 0)])
    assert set(zip(one["draw"], one["replicate"], strict=True)) == {(1, 0)}
    assert list(run.neighbourhoods()["neighbourhood"][:2]) == ["N1", "N2"]


def test_wrong_names_are_answered_with_the_nearest(tmp_path):
    run = doubles.run_double(tmp_path)
    with pytest.raises(InputError, match="did you mean 'sex'"):
        run.totals(("sexx",))
    with pytest.raises(InputError, match=f"did you mean '{run.run_id}'"):
        Run.open(tmp_path / (run.run_id[:-1] + "x"))


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text("{not json")
    with pytest.raises(InputError, match="vru run"):
        Run.open(tmp_path)


def test_unfinished_parts_are_never_read(tmp_path):
    run = doubles.run_double(tmp_path)
    folder = RunFolder(run.folder)
    (run.folder / "measures" / ".part-d0009-r0000.parquet.1.tmp").write_bytes(b"half")
    folder.part("neighbourhoods", WorldKey(1, 1)).unlink()
    assert run.worlds() == [WorldKey(0, 0), WorldKey(0, 1), WorldKey(1, 0)]
    assert set(run.totals()["draw"]) == {0, 1}
