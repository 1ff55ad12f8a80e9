"""The calibrated sets: runs draw whole sets, overrides win, and the documents tell of them."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
import yaml
from worlds import changed, world

from vru_model.analysis.calibration import document
from vru_model.analysis.calibration.implausibility import second_highest
from vru_model.errors import InputError
from vru_model.experiments.world import release
from vru_model.parameters.accounts.record import FILE as RECORD
from vru_model.parameters.accounts.record import load_record
from vru_model.parameters.accounts.search import load_search_plan
from vru_model.parameters.accounts.targets import load_calibration_targets
from vru_model.parameters.checking import check
from vru_model.parameters.ensemble import FILE, load_ensemble, read_ensemble
from vru_model.parameters.loading import Override, load_model_parameters, model_coefficients
from vru_model.paths import PARAMETERS, ROOT

VERSIONS = sorted((PARAMETERS / "versions").glob("*.yaml"))


@pytest.fixture(scope="module")
def ensemble():
    return load_ensemble(FILE, model_coefficients())


def flat(coefficients) -> dict[str, object]:
    return {
        f"{section}.{name}": value
        for section, values in coefficients._asdict().items()
        for name, value in values._asdict().items()
    }


def test_there_is_an_ensemble_and_its_record_is_of_it(ensemble):
    record = load_record()
    assert len(ensemble) == record.kept >= 100
    assert set(ensemble.names) == set(load_search_plan().space) == {*record.deep, *record.fitted}
    assert record.central_set in ensemble.labels
    fitted = {name for name, each in load_calibration_targets().items()
              if each.use == "calibration"}  # fmt: skip
    assert set(record.targets) == fitted
    for name, kept in record.constraints.items():
        assert kept.highest <= load_calibration_targets()[name].value
    assert len(record.populations) >= 3


def test_deep_parameters_were_kept_wide():
    # What a constraint cuts off is cut off; none may be narrowed by the fit to a sliver.
    for name, one in load_record().deep.items():
        assert one.narrowed_to > 0.6, name


def test_the_central_values_are_one_set_of_the_ensemble(ensemble):
    central, labels = flat(load_model_parameters().central()), list(ensemble.labels)
    row = ensemble.values[labels.index(load_record().central_set)]
    for name, value in zip(ensemble.names, row, strict=True):
        section_and_name = ".".join(name.split(".")[:2])
        found = central[section_and_name]
        assert value in found if isinstance(found, np.ndarray) else found == value, name
        row_of = load_model_parameters().parameters[section_and_name].row
        assert row_of.status == "calibrated" and "docs/calibration.md" in row_of.source


def test_a_draw_is_a_whole_set_and_none_comes_twice_before_all_have_come(ensemble):
    parameters = load_model_parameters()
    column = ensemble.names.index("acting.base")
    bases = [parameters.draw(index, 5).acting.base for index in range(2 * len(ensemble))]
    expected = ensemble.values[ensemble._order(5), column].tolist()
    assert bases == expected * 2
    other = [parameters.draw(index, 6).acting.base for index in range(20)]
    assert other != bases[:20]
    level = ensemble.names.index("age_curves.level.household")
    drawn = parameters.draw(3, 5).age_curves.level
    assert drawn[3] == ensemble.values[ensemble._order(5)[3], level]
    assert drawn[0] == parameters.central().age_curves.level[0], "cells not searched stay"


def test_what_was_not_calibrated_is_drawn_from_its_own_range():
    drawn = {load_model_parameters().draw(n, 1).selection.observability for n in range(20)}
    assert len(drawn) == 20


def test_an_override_wins_over_the_sets():
    changes = [
        Override("acting.base", -8.0, "why", "who"),
        Override("age_curves.level.household", 0.3, "why", "who"),
        Override("causes.causal_share", 0.5, "why", "who", low=0.49, high=0.51),
    ]
    parameters = load_model_parameters(overrides=changes)
    for index in range(5):
        drawn = parameters.draw(index, 1)
        assert (drawn.acting.base, drawn.age_curves.level[3]) == (-8.0, 0.3)
        assert 0.49 <= drawn.causes.causal_share <= 0.51
    assert parameters.central().age_curves.level[3] == 0.3


def test_cells_of_tables_are_named_by_their_labels():
    with pytest.raises(InputError) as refused:
        load_model_parameters(overrides=[
            Override("age_curves.level.homes", 0.3, "why", "who"),
            Override("age_curves.level", 0.3, "why", "who"),
            Override("age_curves.level.household", 30.0, "why", "who"),
            Override("age_curves.level.household", 0.0, "why", "who", low=-1.0, high=1.0),
        ])  # fmt: skip
    assert len(refused.value.problems) == 4
    assert "age_curves.level.LABEL" in str(refused.value)


def test_the_digest_follows_the_sets(tmp_path):
    model = tmp_path / "model.yaml"
    model.write_text((PARAMETERS / "model.yaml").read_text("utf-8"), "utf-8")
    alone = load_model_parameters(model)
    assert alone.ensemble is None and "own range" in alone.drawn_from
    lines = FILE.read_text("utf-8").splitlines()
    (tmp_path / "model.csv").write_text("\n".join(lines[:11]) + "\n", "utf-8")
    ten = load_model_parameters(model)
    assert len(ten.ensemble) == 10 and ten.digest != alone.digest
    assert "10 calibrated parameter sets" in ten.drawn_from
    assert {"acting.base", "age_curves.level"} <= ten.varying - alone.varying


def test_everything_wrong_with_a_table_of_sets_comes_at_once(tmp_path):
    path = tmp_path / "sets.csv"
    path.write_text("set,acting.base,acting.bass,trauma.injured\n1,-9,0,0.1\n1.5,-9,0,7\n1,x,0\n",
                    "utf-8")  # fmt: skip
    problems = read_ensemble(path, model_coefficients())[1]
    said = [str(problem) for problem in problems]
    assert [problem.line for problem in problems[:4]] == [1, 3, 3, 4]
    assert "acting.base" in said[0] and "a whole number" in said[1] and "0 to 1" in said[2]
    for text in ("", "a,b\n1,2\n", "set,acting.base\n"):
        path.write_text(text, "utf-8")
        assert read_ensemble(path, model_coefficients())[0] is None
    assert read_ensemble(tmp_path / "none.csv", model_coefficients())[1]


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_frozen_parameters_load(path):
    parameters = load_model_parameters(path)
    assert len(parameters.parameters) == len(load_model_parameters().parameters)
    assert (parameters.ensemble is not None) == path.with_suffix(".csv").exists()
    parameters.draw(0, 1)


def test_what_stands_now_is_frozen_too():
    assert len(VERSIONS) >= 2
    digests = {path.stem: load_model_parameters(path).digest for path in VERSIONS}
    assert load_model_parameters().digest in digests.values()
    assert len(set(digests.values())) == len(digests)


def test_the_documents_of_calibration_are_checked(tmp_path):
    assert check([RECORD, FILE, PARAMETERS / "calibration.yaml"]) == []
    plan = (PARAMETERS / "calibration.yaml").read_text("utf-8")
    wrong = tmp_path / "calibration.yaml"
    wrong.write_text(plan.replace("acting.base:", "acting.bass:").replace("cut: 3.0", "cut: -3"),
                     "utf-8")  # fmt: skip
    assert {problem.name for problem in check([wrong])} == {"settings.cut"}
    wrong.write_text(plan.replace("acting.base:", "acting.bass:"), "utf-8")
    (problem,) = check([wrong])
    assert problem.line and "acting.base" in problem.hint
    record = tmp_path / "record.yaml"
    record.write_text(RECORD.read_text("utf-8").replace("kept: ", "kept: x", 1), "utf-8")
    assert check([record])


def test_the_page_is_written_from_the_record():
    page = document.FILE.read_text("utf-8")
    assert document.renewed(page, load_record()) == page, (
        "run `python -m vru_model.analysis.calibration.document`"
    )
    with pytest.raises(ValueError, match="begin targets"):
        document.renewed(page.replace("<!-- begin targets", "<!-- start"), load_record())


def test_the_record_names_every_failure_of_the_targets():
    record = yaml.safe_load(RECORD.read_text("utf-8"))
    patterns = load_calibration_targets()
    said = " ".join(record["failures"])
    for name, fit in record["targets"].items():
        deviation = np.hypot(fit["tolerance"], fit["noise"])
        if abs(fit["median"] - fit["value"]) > 1.35 * deviation or fit["missed_by"] > 0.1:
            assert patterns[name].pattern in said, name
    assert second_highest(np.array([[1.0, 4.0, 2.0]])).tolist() == [2.0]


def test_nothing_of_another_place_is_committed():
    assert not [path for path in (ROOT / "parameters" / "calibrated").iterdir()
                if path.suffix not in (".csv", ".yaml")]  # fmt: skip


def test_a_finished_world_lets_go_of_its_memory():
    model = world(changed(), scale=0.002)
    gone = weakref.ref(model)
    release(model)
    del model
    gc.collect()
    assert gone() is None
