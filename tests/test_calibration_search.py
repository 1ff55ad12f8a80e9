"""The search: emulators, proposals, waves that resume, constraints, the record, adoption."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml
from calibration_doubles import SPACE, TARGETS, calibrated, chance, plan, search, target, workshop
from typer.testing import CliRunner

from vru_model import paths
from vru_model.analysis.calibration import calibrating
from vru_model.analysis.calibration.adopting import TooFewKept, adopt
from vru_model.analysis.calibration.calibrating import calibrate
from vru_model.analysis.calibration.constraints import measure, within
from vru_model.analysis.calibration.emulators import Emulator
from vru_model.analysis.calibration.implausibility import Judge, second_highest
from vru_model.analysis.calibration.record import central_set, record_of, write_record
from vru_model.analysis.calibration.refitting import Aims, perturbed, refit
from vru_model.analysis.calibration.search import not_ruled_out
from vru_model.analysis.calibration.space import FARTHEST, Space, scenario_of
from vru_model.analysis.calibration.worlds import LEVEL, OWN, Workshop
from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.parameters.accounts.search import load_search_plan
from vru_model.parameters.loading import load_model_parameters
from vru_model.paths import PARAMETERS
from vru_model.scenario import Scenario

DAY = datetime.date(2026, 11, 25)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return calibrated(tmp_path_factory.mktemp("search"), sets=160)


def curved(points: np.ndarray) -> np.ndarray:
    return 2.0 + points[:, 0] - 0.5 * points[:, 1] + 0.4 * np.sin(2.0 * points[:, 2])


def learnt(names: int = 5, sets: int = 150) -> Emulator:
    points = np.random.default_rng(3).standard_normal((sets, names))
    noise = 0.05 * np.random.default_rng(4).standard_normal(sets)
    return Emulator.learn(points, curved(points) + noise, seed=1)


def test_points_are_spread_evenly_over_what_was_believed():
    space = Space.of_plan(plan())
    values = space.values(space.spread(200, seed=1))
    assert np.array_equal(values, space.values(space.spread(200, seed=1)))
    assert not np.array_equal(values, space.values(space.spread(200, seed=2)))
    for column, (_, low, high) in zip(values.T, SPACE.values(), strict=True):
        assert low <= column.min() and column.max() <= high
        tenths = np.histogram(column, np.linspace(low, high, 11))[0]
        assert tenths.min() >= 15, "each tenth of the range has its share of 200"


def test_a_set_reaches_the_model_cell_by_cell():
    scenario = scenario_of(Scenario.baseline(), list(SPACE), [-8.5, 0.4, 0.25, -10.0])
    central, usual = scenario.parameters().central(), load_model_parameters().central()
    assert (central.acting.base, central.grievance.retaliation) == (-8.5, 0.4)
    level = central.age_curves.level
    assert level[3] == 0.25 and np.array_equal(level[:3], usual.age_curves.level[:3])


def test_an_emulator_learns_and_says_how_unsure_it_is():
    emulator, new = learnt(), np.random.default_rng(5).standard_normal((200, 5))
    mean, unsure = emulator.predict(new)
    error = mean - curved(new)
    assert np.sqrt((error**2).mean()) < 0.12
    assert 0.9 < (np.abs(error) < 2.0 * unsure).mean() <= 1.0
    far = emulator.predict(np.full((1, 5), 6.0))[1]
    assert far[0] > unsure.mean(), "away from what it has seen it is less sure"


def test_the_slopes_of_an_emulator_are_those_of_its_mean():
    emulator, point = learnt(), np.array([[0.3, -0.6, 0.4, 0.1, -1.0]])
    mean, slopes = emulator.mean_and_slopes(point)
    assert mean == pytest.approx(emulator.predict(point)[0])
    for column in range(5):
        ahead, behind = point.copy(), point.copy()
        ahead[0, column] += 1e-5
        behind[0, column] -= 1e-5
        rise = emulator.mean_and_slopes(ahead)[0] - emulator.mean_and_slopes(behind)[0]
        assert slopes[0, column] == pytest.approx(rise[0] / 2e-5, abs=1e-5)


def test_proposals_meet_the_targets_and_leave_deep_coordinates_alone():
    anchors = np.random.default_rng(6).standard_normal((30, 5))
    deep = np.array([True, False, False, False, False])
    aims = Aims(anchors, np.full((30, 1), 2.5), np.array([0.05]), deep)
    points = refit([learnt()], aims, anchors)
    assert np.array_equal(points[:, 0], anchors[:, 0])
    assert np.abs(points).max() <= max(FARTHEST, np.abs(anchors).max())
    reachable = np.abs(anchors[:, 0]) < 1.0
    assert np.abs(curved(points[reachable]) - 2.5).max() < 0.35
    idle = np.median(np.abs(points[:, 4] - anchors[:, 4]))
    moved = np.median(np.abs(points[:, 1] - anchors[:, 1]))
    assert idle < 0.1 and idle < moved / 3, "what the target does not speak of stays where it was"


def test_a_world_already_seen_corrects_the_proposal():
    anchors = np.zeros((1, 5))
    aims = Aims(anchors, np.array([[2.5]]), np.array([0.01]), np.zeros(5, bool))
    plain = refit([learnt()], aims, anchors)
    off = refit([learnt()], aims, anchors, seen=curved(anchors)[:, None] + 0.4)
    assert curved(off) == pytest.approx(curved(plain) - 0.4, abs=0.12)


def test_perturbed_targets_stay_near_and_repeat():
    made = perturbed(np.array([1.0, 10.0]), np.array([0.1, 2.0]), 500, seed=1)
    assert np.array_equal(made, perturbed(np.array([1.0, 10.0]), np.array([0.1, 2.0]), 500, 1))
    assert np.abs((made - [1.0, 10.0]) / [0.1, 2.0]).max() < 1.5001


def test_implausibility_by_hand():
    judge = Judge(("a", "b", "c"), ("a", "b", "c"), np.array([1.0, 2.0, 3.0]),
                  np.array([0.3, 0.3, 1.0]), np.array([0.4, 0.4, 0.0]))  # fmt: skip
    gaps = judge.implausibilities(np.array([[2.0, 2.0, 3.0], [1.0, 3.0, np.nan]]))
    assert gaps.tolist() == [[2.0, 0.0, 0.0], [0.0, 2.0, np.inf]]
    assert second_highest(gaps).tolist() == [0.0, 2.0], "one target may be missed, not two"
    wider = judge.implausibilities(np.array([[2.0, 2.0, 3.0]]), emulator=np.array([1.2, 0, 0]))
    assert wider[0, 0] == pytest.approx(1.0 / 1.3)


def test_the_search_finds_sets_that_fit_and_keeps_deep_ones_wide(found):
    kept = found.sets.table.iloc[found.kept]
    assert len(found.kept) >= 100
    assert second_highest(found.judge.implausibilities(
        kept[list(found.judge.statistics)].to_numpy())).max() < 3.0  # fmt: skip
    record = record_of(found, DAY)
    assert record["fitted"]["schooling.exclusion"]["narrowed_to"] < 0.35
    assert record["deep"]["grievance.retaliation"]["narrowed_to"] > 0.8
    first, *_, last = (wave["median_second_highest"] for wave in record["waves"])
    assert last < 1.0 < 3.0 < first


def test_the_latest_set_of_an_anchor_is_kept(found):
    anchors = found.sets.anchor[found.candidates]
    of_anchors = anchors[anchors >= 0]
    assert len(set(of_anchors)) == len(of_anchors)
    again = not_ruled_out(found.judge, found.sets, found.plan.settings.cut)
    assert np.array_equal(again, found.candidates)
    assert len(not_ruled_out(found.judge, found.sets, 1e-9)) == 0


def test_a_search_goes_on_where_it_stopped(tmp_path, monkeypatch):
    import calibration_doubles as doubles

    whole = search(tmp_path / "whole", waves=2).waves(search(tmp_path / "whole").judge())
    made, real = [], doubles.simulate

    def counted(world, incidents, people):
        made.append(world)
        if len(made) == 75:
            raise KeyboardInterrupt
        return real(world, incidents, people)

    broken = search(tmp_path / "part", waves=2)
    broken = replace(broken, workshop=replace(broken.workshop, simulate_world=counted))
    with pytest.raises(KeyboardInterrupt, match="worlds are finished"):
        broken.waves(broken.judge())
    again = search(tmp_path / "part", waves=2)
    again = replace(again, workshop=replace(again.workshop, simulate_world=counted))
    resumed = again.waves(again.judge())
    assert np.array_equal(resumed.points, whole.points)
    pd.testing.assert_frame_equal(resumed.table, whole.table)
    assert len(made) == 1 + 3 + 60 + 40, "nothing finished is computed again"


def test_a_search_made_again_is_the_same_to_the_last_byte(tmp_path):
    tables = []
    for name in ("one", "again"):
        found = calibrated(tmp_path / name, sets=60)
        paths = write_record(found, tmp_path / f"kept-{name}", DAY)
        tables.append([path.read_bytes() for path in paths])
    assert tables[0] == tables[1]


def test_each_set_has_residents_of_its_own_and_keeps_them(found):
    sets = found.sets
    for wave in (1, 2, 3):
        of_wave = sets.population[sets.wave == wave]
        assert len(set(of_wave)) == len(of_wave)
    later = sets.wave > 1
    assert np.array_equal(sets.population[later], 1 + sets.anchor[later])


def test_what_explodes_has_no_world_and_is_ruled_out(tmp_path):
    one = search(tmp_path)
    names = ("grievance.acts_per_month", "grievance.decay")
    space = Space(names, tuple(
        plan().space["acting.base"].model_copy(update={"low": low, "high": high, "value": low})
        for low, high in ((0.1, 3.0), (1.0, 5.0))
    ), one.space.units[:2])  # fmt: skip
    sets = replace(one, space=space)._run(1, space.spread(20, 1), np.full(20, -1))
    lost = sets.table[LEVEL].isna()
    assert 0 < lost.sum() < 20
    judge = Judge.of_targets(TARGETS, {})
    assert not set(not_ruled_out(judge, sets, 1e9)) & set(np.flatnonzero(lost))


def test_the_constraints_by_hand(tmp_path):
    names, values = list(SPACE), [-8.5, 0.4, 0.25, -10.0]
    scenario = scenario_of(Scenario.baseline(), names, values)
    level = 1000.0 * np.exp(-8.5 + 8.9) * 1.5 * chance(3)[0]
    worlds = pd.DataFrame({LEVEL: [level], OWN: [0.5]})
    found = measure(workshop(tmp_path), [scenario], worlds, 0.1, {7: 3})
    assert found["ace_knockout"][0] == pytest.approx(0.3 / 1.5)
    assert found["excitation_knockout"][0] == pytest.approx(0.2 / 1.5)
    # The level rises by e^0.1 - 1 in the end; half of that came from the own acts at first.
    assert found["branching"][0] == pytest.approx(0.5)
    limits = {"ace_knockout": target(0.2, 0, "constraint")}
    assert within(found, limits).tolist() == [True]
    assert within(found, {"branching": target(0.4, 0, "constraint")}).tolist() == [False]


def test_the_record_says_what_was_found(found, tmp_path):
    sets, record = write_record(found, tmp_path, DAY)
    read = yaml.safe_load(record.read_text("utf-8"))
    assert read["date"] == "25 November 2026" and read["kept"] == len(found.kept)
    assert read["tried"] == 60 + 160 + 160
    assert read["targets"]["at_home"]["low95"] < 600 < read["targets"]["at_home"]["high95"]
    assert read["constraints"]["branching"]["broken_by"] == 0
    assert set(read["populations"]) == {0, 2} and read["populations"][2]["below_cut"] > 0.9
    table = pd.read_csv(sets)
    assert len(table) == len(found.kept) and list(table.columns[1:]) == list(SPACE)
    assert central_set(found) + 1 == read["central_set"] in set(table["set"])


def test_adopting_puts_one_whole_set_in_the_middle(found, tmp_path):
    folder = tmp_path / "parameters"
    folder.mkdir()
    shutil.copy(PARAMETERS / "model.yaml", folder)
    before = load_model_parameters(folder / "model.yaml")
    written = adopt(found, DAY, folder)
    assert all(path.exists() for path in written)
    starting = load_model_parameters(folder / "versions" / "2026-11-25-starting.yaml")
    assert starting.digest == before.digest
    frozen = load_model_parameters(folder / "versions" / "2026-11-25-calibrated.yaml")
    row = found.sets.values[central_set(found)]
    central = frozen.central()
    assert (central.acting.base, central.age_curves.level[3]) == (row[0], row[2])
    assert frozen.parameters["acting.base"].row.status == "calibrated"
    assert "before that" in frozen.parameters["acting.base"].row.source
    untouched = set(before.parameters) - {"acting.base", "grievance.retaliation",
                                          "age_curves.level", "schooling.exclusion"}  # fmt: skip
    for name in untouched:
        assert frozen.parameters[name].row == before.parameters[name].row
    assert len(frozen.ensemble) == len(found.kept)
    again = adopt(found, DAY, folder)
    assert len(again) == len(written) - 1, "what the first adoption froze stays"
    text = load_model_parameters(folder / "model.yaml").parameters["acting.base"].row.source
    assert text.count("Calibrated on") == 1
    first = (folder / "versions" / "2026-11-25-calibrated.csv").read_bytes()
    other = adopt(replace(found, kept=found.kept[5:]), DAY, folder)
    assert other[-1].name == "2026-11-25-calibrated-2.csv", "what was frozen stays as it was"
    assert (folder / "versions" / "2026-11-25-calibrated.csv").read_bytes() == first != (
        other[-1].read_bytes())  # fmt: skip


def test_the_command_adopts_into_the_parameters_and_nowhere_else(found, tmp_path, monkeypatch):
    folder, out = tmp_path / "parameters", tmp_path / "out"
    folder.mkdir()
    shutil.copy(PARAMETERS / "model.yaml", folder)
    ours = {path: path.read_bytes() for path in PARAMETERS.rglob("*.*")}
    monkeypatch.setattr(paths, "PARAMETERS", folder)
    monkeypatch.setattr(calibrating, "calibrate", lambda **asked: found)
    said = CliRunner().invoke(app, ["calibrate", "--adopt", "--out", str(out)])
    assert said.exit_code == 0, said.output
    for name in ("west_midlands.csv", "west_midlands.yaml"):
        assert (out / name).read_bytes() == (folder / "calibrated" / name).read_bytes()
        assert str(out / name) in said.output
    adopted = load_model_parameters(folder / "model.yaml")
    assert adopted.central().acting.base == found.sets.values[central_set(found)][0]
    assert len(list((folder / "versions").iterdir())) == 3
    assert {path: path.read_bytes() for path in PARAMETERS.rglob("*.*")} == ours
    plain = CliRunner().invoke(app, ["calibrate", "--out", str(tmp_path / "plain")])
    assert plain.exit_code == 0 and "versions" not in plain.output


def test_too_few_sets_are_no_ensemble(found, tmp_path):
    with pytest.raises(TooFewKept, match="50 sets were kept"):
        adopt(replace(found, kept=found.kept[:50]), DAY, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_wrong_numbers_are_refused_at_once(tmp_path):
    with pytest.raises(InputError) as refused:
        calibrate(waves=1, sets=2, scale=0.0, workers=0, place="west_midland", work=tmp_path)
    text = str(refused.value)
    assert all(word in text for word in ("waves", "sets", "scale", "workers", "place"))
    assert list(tmp_path.iterdir()) == []
    said = CliRunner().invoke(app, ["calibrate", "--waves", "1", "--out", str(tmp_path / "x")])
    assert said.exit_code == 2 and "waves" in said.output + (said.stderr or "")


def test_a_workshop_refuses_tables_that_were_not_kept(tmp_path):
    scenario = Scenario.baseline()
    plain = Workshop(workshop(tmp_path).setting, tmp_path, simulate_world=workshop(
        tmp_path).simulate_world)  # fmt: skip
    with pytest.raises(ValueError, match="kept no incidents"):
        plain.compute("batch", "a batch", [scenario])


def test_a_search_begins_where_it_was_told_whatever_was_adopted_since(tmp_path):
    asked = load_search_plan()
    setting = calibrating._unfitted(workshop(tmp_path).setting, asked)
    frozen = load_model_parameters(PARAMETERS / "versions" / f"{asked.begins_from}.yaml")
    for ours, theirs in zip(setting.scenario.parameters().central(), frozen.central(), strict=True):
        for name, value in ours._asdict().items():
            assert np.array_equal(value, getattr(theirs, name)), name
    again = calibrating._unfitted(workshop(tmp_path).setting, asked)
    assert again.run_id == setting.run_id
    plainly = calibrating._unfitted(workshop(tmp_path).setting, plan())
    assert plainly.scenario.parameters().central().acting.base == -8.75
