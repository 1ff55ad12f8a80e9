"""Phase 12: counting, by year, authority, deprivation decile, age band and sex."""

import numba
import numpy as np
import pandas as pd

from vru_model.people import (
    AGE_BAND_STARTS,
    AGE_BANDS,
    CUSTODY,
    DEAD,
    MONTHS_AT_16,
)
from vru_model.processes.records import (
    ADMISSION,
    DEATH,
    EMERGENCY_DEPARTMENT,
    FAMILY,
    INJURY,
    KNIFE,
)
from vru_model.traces import has_trauma

RESIDENT_MEASURES = (
    "person_months",
    "custody_months",
    "trauma_months",
    "exclusions",
    "aces",
    "trauma_onsets",
)
VICTIM_MEASURES = (
    "incidents",
    "injuries",
    "emergency_department_attendances",
    "admissions",
    "sharp_object_admissions",
    "homicides",
    "non_domestic_homicides",
    "knife_enabled_serious_violence",
    "police_recorded_violence_with_injury",
    "survey_incidents",
    "expected_emergency_department_attendances",
    "expected_admissions",
    "expected_sharp_object_admissions",
    "expected_homicides",
    "expected_non_domestic_homicides",
    "expected_knife_enabled_serious_violence",
    "expected_knife_homicides",
)
AGGRESSOR_MEASURES = ("incidents",)
NEIGHBOURHOOD_MEASURES = ("incidents", "expected_admissions", "person_months")

_ROLES = (
    *(("resident", name) for name in RESIDENT_MEASURES),
    *(("victim", name) for name in VICTIM_MEASURES),
    *(("aggressor", name) for name in AGGRESSOR_MEASURES),
)
_VICTIM = len(RESIDENT_MEASURES)
_AGGRESSOR = _VICTIM + len(VICTIM_MEASURES)
_OLDEST_YEAR = 140
_BAND_OF_YEAR = np.searchsorted(AGE_BAND_STARTS, np.arange(_OLDEST_YEAR), side="right") - 1
_SEXES = ("female", "male")


class Tally:
    """The counts of one year.

    Parameters
    ----------
    place
        The place whose neighbourhoods, authorities and deciles the counts are by.
    weight
        Residents of the full-size place for each simulated one: results are shown at full size,
        and this is the one place that makes them so.
    """

    def __init__(self, place, weight: float) -> None:
        """Prepare the cells: only those (authority, decile) groups that exist."""
        table = place.neighbourhoods
        groups = table["local_authority"].to_numpy() * 16 + table["deprivation_decile"].to_numpy()
        self._groups, self._group_of = np.unique(groups, return_inverse=True)
        self._codes = np.array([authority.code for authority in place.authorities])
        self._weight = weight
        self._places = len(groups)
        self.begin_year()

    def begin_year(self) -> None:
        """Set all counts to zero."""
        shape = (len(_ROLES), len(self._groups), len(AGE_BANDS), 2)
        self.cells = np.zeros(shape)
        self.places = np.zeros((len(NEIGHBOURHOOD_MEASURES), self._places))

    def count_quarter(self, people, month: int) -> None:
        """Take the quarterly census: each stands for three person-months."""
        _count_residents(
            self.cells, self.places, people.state, people.count, self._group_of, month,
            people.fading, _BAND_OF_YEAR, 3.0,
        )  # fmt: skip

    def count_residents(self, measure: str, residents, people, month: int) -> None:
        """Count an event of some residents, by name of the measure."""
        row = RESIDENT_MEASURES.index(measure)
        _count_events(
            self.cells[row], residents, people.state, self._group_of, month, _BAND_OF_YEAR
        )

    def count_incidents(self, incidents, people, month: int, survey) -> None:
        """Count incidents by victim and by aggressor; ``survey`` is its chance by venue."""
        _count_incidents(
            self.cells, self.places, incidents, people.state, self._group_of, month,
            _BAND_OF_YEAR, survey,
        )  # fmt: skip

    def measures(self, year: int) -> pd.DataFrame:
        """Return the year's counts as a tidy frame at full size, cells of zero left out."""
        role, group, band, sex = np.nonzero(self.cells)
        frame = pd.DataFrame(
            {
                "year": np.int16(year),
                "measure": pd.Categorical.from_codes(role, [f"{r}|{m}" for r, m in _ROLES]),
                "local_authority": self._codes[self._groups[group] // 16],
                "deprivation_decile": (self._groups[group] % 16).astype(np.int8),
                "age_band": pd.Categorical.from_codes(band, AGE_BANDS),
                "sex": pd.Categorical.from_codes(sex, _SEXES),
                "value": self.cells[role, group, band, sex] * self._weight,
            }
        )
        both = frame["measure"].cat.categories.str.split("|")
        codes = frame["measure"].cat.codes
        frame.insert(2, "role", both.str[0].to_numpy()[codes])
        frame["measure"] = both.str[1].to_numpy()[codes]
        return frame

    def neighbourhoods(self, year: int, names) -> pd.DataFrame:
        """Return the year's counts by neighbourhood as a tidy frame at full size."""
        measure, place = np.nonzero(self.places)
        return pd.DataFrame(
            {
                "year": np.int16(year),
                "neighbourhood": np.asarray(names)[place],
                "measure": np.array(NEIGHBOURHOOD_MEASURES)[measure],
                "value": self.places[measure, place] * self._weight,
            }
        )

    def total(self, role: str, measure: str) -> float:
        """Return the year's count so far of one measure over everybody, at full size."""
        return float(self.cells[_ROLES.index((role, measure))].sum() * self._weight)


@numba.njit(inline="always")
def _band(people, i, month, bands):
    return bands[(month - people[i].birth_month) // 12]


@numba.njit(cache=True)
def _count_residents(cells, places, people, count, group_of, month, fading, bands, months):
    for i in range(count):
        if people[i].status == DEAD:
            continue
        place = people[i].neighbourhood
        group, band = group_of[place], _band(people, i, month, bands)
        sex = 1 if people[i].male else 0
        cells[0, group, band, sex] += months
        places[2, place] += months
        if people[i].status == CUSTODY:
            cells[1, group, band, sex] += months
        if has_trauma(people, i, fading):
            cells[2, group, band, sex] += months


@numba.njit(cache=True)
def _count_events(cells, residents, people, group_of, month, bands):
    for i in residents:
        sex = 1 if people[i].male else 0
        cells[group_of[people[i].neighbourhood], _band(people, i, month, bands), sex] += 1.0


@numba.njit(cache=True)
def _count_incidents(cells, places, incidents, people, group_of, month, bands, survey):
    for incident in incidents:
        i, j = incident.aggressor, incident.victim
        severity, knife = incident.severity, incident.weapon == KNIFE
        domestic = incident.relationship <= FAMILY
        serious_knife = knife and not incident.robbery
        adult = month - people[j].birth_month >= MONTHS_AT_16
        admitted = severity == ADMISSION
        values = (
            1.0,
            1.0 * (severity >= INJURY),
            1.0 * (severity >= EMERGENCY_DEPARTMENT),
            1.0 * admitted,
            1.0 * (admitted and knife),
            1.0 * (severity == DEATH),
            1.0 * (severity == DEATH and not domestic),
            1.0 * (serious_knife and incident.recorded_by_police),
            1.0 * (severity >= INJURY and incident.recorded_by_police),
            survey[incident.venue] * adult,
            1.0 * incident.p_emergency,
            1.0 * incident.p_admission,
            1.0 * incident.p_admission * knife,
            1.0 * incident.p_death,
            1.0 * incident.p_death * (not domestic),
            1.0 * incident.p_police * serious_knife,
            1.0 * incident.p_death * knife,
        )
        group, band = group_of[people[j].neighbourhood], _band(people, j, month, bands)
        sex = 1 if people[j].male else 0
        for n in range(len(values)):
            cells[_VICTIM + n, group, band, sex] += values[n]
        group, band = group_of[people[i].neighbourhood], _band(people, i, month, bands)
        sex = 1 if people[i].male else 0
        cells[_AGGRESSOR, group, band, sex] += 1.0
        places[0, incident.neighbourhood] += 1.0
        places[1, incident.neighbourhood] += incident.p_admission
