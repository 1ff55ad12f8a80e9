"""Targets and statistics: one lens each, right by hand; what is held back is out of reach."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from vru_model.analysis.patterns import registry
from vru_model.analysis.patterns.tables import WorldTables, bands
from vru_model.parameters.accounts.targets import load_calibration_targets, load_targets

SERVICES = SimpleNamespace(
    survey=np.array([0.5, 0.8, 0.8, 0.25]),
    emergency_department=np.array([0, 0, 0.95, 0.95, 0.5]),
    hospital=np.array([0, 0, 0, 0.9, 0.3]),
)
FROM_KNOCK_OUTS = {"ace_knockout", "excitation_knockout", "branching"}


def statistics_of(world: WorldTables, *names: str) -> list[float]:
    registry.load_calibration_statistics()
    return list(registry.compute(names, world).values())


def person(resident: int, age: float, male: bool, ace: int = 0, decile: int = 1) -> dict:
    return {
        "when": "start", "resident": resident, "age_months": int(12 * age), "ace": ace,
        "sex": "male" if male else "female", "neighbourhood": f"N{decile}",
        "deprivation_decile": decile,
    }  # fmt: skip


def incident(aggressor: int, victim: int, **more) -> dict:
    return {
        "date": pd.Timestamp(2027, 6, 1), "aggressor": aggressor, "victim": victim,
        "neighbourhood": "N1", "venue": "peer", "relationship": "acquaintance",
        "severity": "none", "weapon": "none", "robbery": False, "origin": "own",
        "recorded_by_police": False, **more,
    }  # fmt: skip


def cell(role: str, measure: str, value: float, band: str = "25-29", sex: str = "male") -> dict:
    return {"role": role, "measure": measure, "age_band": band, "sex": sex, "value": value}


def world(people: list[dict], incidents: list[dict], cells: list[dict] = ()) -> WorldTables:
    columns = ["role", "measure", "age_band", "sex", "value"]
    return WorldTables(
        pd.DataFrame(list(cells), columns=columns), pd.DataFrame(incidents),
        pd.DataFrame(people), SERVICES, 1,
    )  # fmt: skip


def test_every_target_of_calibration_has_a_statistic_and_every_statistic_a_target():
    registry.load_calibration_statistics()
    targets = load_calibration_targets()
    wanted = {target.statistic or name for name, target in targets.items()}
    assert wanted - FROM_KNOCK_OUTS <= set(registry.STATISTICS)
    assert {name for name, each in targets.items() if each.use == "constraint"} == FROM_KNOCK_OUTS


def test_what_is_held_back_is_not_handed_to_calibration():
    every, given = load_targets().targets, load_calibration_targets()
    held = {name for name, target in every.items() if target.use == "validation"}
    assert len(held) >= 40 and not held & set(given)
    assert set(given) | held == set(every)


def test_calibration_imports_no_statistic_that_is_held_back(repository_root):
    # In a process of its own: the tests of validation may have imported theirs in this one.
    code = """
import pkgutil, sys
from importlib import import_module
for room in ("calibration", "patterns.registry"):
    try:
        module = import_module(f"vru_model.analysis.{room}")
    except ModuleNotFoundError:
        continue
    for each in pkgutil.iter_modules(getattr(module, "__path__", [])):
        import_module(f"{module.__name__}.{each.name}")
from vru_model.analysis.patterns import registry
registry.load_calibration_statistics()
home = "vru_model.analysis.patterns."
allowed = {home + name for name in (*registry.OF_CALIBRATION, "registry", "tables")}
print(sorted(name for name in sys.modules if name.startswith(home) and name not in allowed))
"""
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=repository_root, capture_output=True, text=True
    )
    assert (found.stdout.strip(), found.returncode) == ("[]", 0), found.stderr


def test_two_statistics_cannot_share_a_name():
    registry.load_calibration_statistics()

    def homicide_rate(world: WorldTables) -> float:
        return 0.0

    with pytest.raises(ValueError, match="homicide_rate"):
        registry.statistic(homicide_rate)


def test_the_crime_survey_sees_a_part_of_what_adults_suffer():
    people = [person(n, 30, n % 2 == 0) for n in range(10)] + [person(99, 12, True)]
    # Resident 0 suffers two (seen .5 and .8), resident 1 one at home (.25), a child one.
    found = world(people, [
        incident(5, 0), incident(5, 0, venue="neighbourhood", relationship="stranger"),
        incident(5, 1, venue="household", relationship="partner", severity="injury"),
        incident(5, 99),
    ])  # fmt: skip
    prevalence, ratio, repeat, uninjured, stranger, domestic = statistics_of(
        found, "crime_survey_prevalence", "crime_survey_sex_ratio", "crime_survey_repeat_share",
        "crime_survey_uninjured_share", "crime_survey_stranger_share",
        "crime_survey_domestic_share",
    )  # fmt: skip
    assert prevalence == pytest.approx((0.9 + 0.25) / 10)
    assert ratio == pytest.approx((0.9 / 5) / (0.25 / 5))
    # Both of resident 0's are found with chance .4: 0.8 of 1.55 incidents found.
    assert repeat == pytest.approx(0.8 / 1.55)
    assert uninjured == pytest.approx(1.3 / 1.55)
    assert stranger == pytest.approx(0.8 / 1.55)
    assert domestic == pytest.approx(0.25 / 1.55)


def test_children_answer_for_all_that_they_suffer_once_a_head():
    people = [person(n, 14, True) for n in range(4)] + [person(9, 40, True)]
    found = world(people, [incident(9, 0), incident(9, 0), incident(9, 1), incident(0, 9)])
    assert statistics_of(found, "children_assaulted_share") == [0.5]


def test_recorded_violence_is_counted_where_it_happens():
    people = [person(n, 30, True, decile=1) for n in range(2)]
    people += [person(10 + n, 30, True, decile=10) for n in range(4)]
    hurt = {"severity": "injury", "recorded_by_police": True}
    found = world(people, [
        *[incident(0, 10, neighbourhood="N1", **hurt) for _ in range(3)],
        incident(0, 1, neighbourhood="N10", **hurt),
        incident(0, 1, neighbourhood="N10", severity="injury"),
        incident(0, 1, neighbourhood="N10", recorded_by_police=True),
    ])  # fmt: skip
    assert statistics_of(found, "recorded_violence_gradient") == [pytest.approx((3 / 2) / (1 / 4))]


def test_rates_are_of_years_lived_and_of_what_the_source_codes():
    cells = [
        cell("resident", "person_months", 12_000.0), cell("resident", "custody_months", 24.0),
        cell("victim", "expected_emergency_department_attendances", 4.0),
        cell("victim", "expected_admissions", 1.0, band="18-19"),
        cell("victim", "expected_admissions", 1.0, sex="female"),
        cell("victim", "expected_homicides", 0.1), cell("victim", "expected_knife_homicides", 0.05),
        cell("victim", "expected_non_domestic_homicides", 0.08),
    ]  # fmt: skip
    found = world([person(0, 30, True)], [incident(0, 0)], cells)
    values = statistics_of(
        found, "emergency_department_rate", "admission_rate", "admission_male_share",
        "admission_young_share", "homicide_rate", "homicide_knife_share",
        "homicide_domestic_share", "custody_stock",
    )  # fmt: skip
    assert values == pytest.approx([3.8, 180.0, 0.5, 0.5, 100.0, 0.5, 0.2, 2.0])


def test_the_odds_ratio_of_aces_is_taken_within_strata():
    # Within men: 4 of 8 against 2 of 10; women never act, and have no ACEs.
    people = [person(n, 30, True, ace=4) for n in range(8)]
    people += [person(100 + n, 30, True) for n in range(10)]
    people += [person(200 + n, 30, False) for n in range(50)]
    acts = [incident(who, 200) for who in (0, 1, 2, 3, 100, 101)] + [incident(0, 200)]
    found = world(people, acts)
    adjusted, any_ace, four = statistics_of(
        found, "ace_log_odds_ratio", "ace_any_share", "ace_four_share"
    )
    assert adjusted == pytest.approx(np.log((4 * 8) / (4 * 2)))
    assert (any_ace, four) == (pytest.approx(8 / 68), pytest.approx(8 / 68))


def test_age_bands_are_cut_only_at_their_edges():
    assert bands(10, 24) == ["10-14", "15", "16-17", "18-19", "20-24"]
    with pytest.raises(ValueError, match="11"):
        bands(11, 24)
