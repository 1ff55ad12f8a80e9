"""How much violence each source sees: police, emergency departments, hospitals, deaths, custody."""

from __future__ import annotations

import numpy as np

from vru_model.analysis.patterns.registry import statistic
from vru_model.analysis.patterns.tables import WorldTables, ratio
from vru_model.processes.records import ADMISSION, EMERGENCY_DEPARTMENT, INJURY

_DEPRIVED, _AFFLUENT = (1, 2), (9, 10)


@statistic
def recorded_violence_with_injury_rate(world: WorldTables) -> float:
    """Police-recorded violence with injury per 1,000 residents a year."""
    recorded = world.total("police_recorded_violence_with_injury")
    return ratio(1000.0 * recorded, world.person_years())


@statistic
def recorded_violence_gradient(world: WorldTables) -> float:
    """Recorded violence with injury by place of offence: deciles 1 and 2 against 9 and 10."""
    residents = world.start.groupby("neighbourhood")["deprivation_decile"].agg(["first", "size"])
    seen = world.happened
    counted = seen[seen["police"] & (seen["harm"] >= INJURY)]
    decile = residents["first"].reindex(counted["neighbourhood"]).to_numpy()

    def rate(deciles: tuple[int, ...]) -> float:
        people = residents.loc[residents["first"].isin(deciles), "size"].sum()
        return ratio(float(np.isin(decile, deciles).sum()), float(people))

    return ratio(rate(_DEPRIVED), rate(_AFFLUENT))


@statistic
def emergency_department_rate(world: WorldTables) -> float:
    """Attendances that an emergency department codes as violence, per 1,000 residents a year."""
    coded = world.services.emergency_department[EMERGENCY_DEPARTMENT]
    attended = world.total("expected_emergency_department_attendances")
    return ratio(1000.0 * coded * attended, world.person_years())


@statistic
def emergency_department_male_share(world: WorldTables) -> float:
    """Share of attendances for violence that are of males."""
    return _male_share(world, "expected_emergency_department_attendances")


@statistic
def admission_rate(world: WorldTables) -> float:
    """Admissions that hospitals code as assault, per 100,000 residents a year."""
    coded = world.services.hospital[ADMISSION]
    return ratio(100_000.0 * coded * world.total("expected_admissions"), world.person_years())


@statistic
def admission_male_share(world: WorldTables) -> float:
    """Share of admissions for assault that are of males."""
    return _male_share(world, "expected_admissions")


@statistic
def admission_young_share(world: WorldTables) -> float:
    """Share of admissions for assault that are of people of 10 to 24."""
    young = world.total("expected_admissions", ages=(10, 24))
    return ratio(young, world.total("expected_admissions"))


@statistic
def admission_sharp_share(world: WorldTables) -> float:
    """Share of admissions for assault that are by sharp object."""
    sharp = world.total("expected_sharp_object_admissions")
    return ratio(sharp, world.total("expected_admissions"))


@statistic
def knife_offence_rate(world: WorldTables) -> float:
    """Recorded knife-enabled violence without robbery per 100,000 residents a year."""
    offences = world.total("expected_knife_enabled_serious_violence")
    return ratio(100_000.0 * offences, world.person_years())


@statistic
def homicide_rate(world: WorldTables) -> float:
    """Homicides per million residents a year."""
    return ratio(1e6 * world.total("expected_homicides"), world.person_years())


@statistic
def homicide_knife_share(world: WorldTables) -> float:
    """Share of homicides by knife."""
    return ratio(world.total("expected_knife_homicides"), world.total("expected_homicides"))


@statistic
def homicide_domestic_share(world: WorldTables) -> float:
    """Share of homicides by partners and family."""
    other = world.total("expected_non_domestic_homicides")
    return 1.0 - ratio(other, world.total("expected_homicides"))


@statistic
def custody_stock(world: WorldTables) -> float:
    """Residents in custody for violence at any time, at full size."""
    return world.total("custody_months", "resident") / (12.0 * world.years)


@statistic
def exclusion_rate(world: WorldTables) -> float:
    """Permanent exclusions per 100 pupils of 11 to 15 a year."""
    # Age bands are cut at 10 and 15: one in five of the years at 10 to 14 is lived at 10.
    pupils = 0.8 * world.person_years((10, 14)) + world.person_years((15, 15))
    return ratio(100.0 * world.total("exclusions", "resident"), pupils)


def _male_share(world: WorldTables, measure: str) -> float:
    return ratio(world.total(measure, sex="male"), world.total(measure))
