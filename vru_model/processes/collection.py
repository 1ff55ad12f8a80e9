"""Phase 12: counting, by year, authority, deprivation decile, age band and sex."""

from functools import cached_property

import numpy as np
import pandas as pd

from vru_model.compiling import inlined, kernel
from vru_model.people import (
    AGE_BANDS,
    CUSTODY,
    DEAD,
    MONTHS_AT_16,
)
from vru_model.prefetching import ask_for_those_involved
from vru_model.processes.age_bands import BAND_OF_YEAR
from vru_model.processes.counters import (
    AGGRESSOR_MEASURES,
    COUNTERS,
    NEIGHBOURHOOD_MEASURES,
    RESIDENT_MEASURES,
    VICTIM_MEASURES,
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

_AGGRESSOR = len(VICTIM_MEASURES)
_ROLES, _MEASURES = (tuple(dict.fromkeys(names)) for names in zip(*COUNTERS, strict=True))
_ROLE_OF = np.array([_ROLES.index(role) for role, _ in COUNTERS], np.int8)
_MEASURE_OF = np.array([_MEASURES.index(name) for _, name in COUNTERS], np.int16)
_SEXES = ("female", "male")
_CELL_OF_AGE = np.repeat(BAND_OF_YEAR * len(_SEXES), 12)  # by month of age
_OFTEN = 255
_TURNS = 4  # a power of two
_A_QUARTER = 3.0  # months
ALL, PROGRAMME = "all", "programme"
"""The group of what belongs to none, and the role of what programmes did."""


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
        self._cell_of_place = self._group_of * (len(AGE_BANDS) * len(_SEXES))
        self.labels = labels_of(place)
        self._weight = weight
        self._places = len(groups)
        self._suffered = np.zeros(0, np.uint8)
        self.begin_year()

    def begin_year(self) -> None:
        """Set all counts to zero."""
        # Everybody touches few counters, and an incident most counters of two cells: so those of
        # residents lie apart and those of a cell together.
        cells = (len(self._groups), len(AGE_BANDS), len(_SEXES))
        self._of_residents = np.zeros((len(RESIDENT_MEASURES), *cells))
        self._of_incidents = np.zeros((*cells, len(VICTIM_MEASURES) + len(AGGRESSOR_MEASURES)))
        self.places = np.zeros((len(NEIGHBOURHOOD_MEASURES), self._places))
        self._suffered[:] = 0

    def count_quarter(self, people, month: int) -> None:
        """Take the quarterly census: each stands for three person-months."""
        cells = self._of_residents.reshape(len(RESIDENT_MEASURES), -1)
        by_turn = np.zeros((_TURNS, cells.shape[1]), np.int32)
        places_by_turn = np.zeros((_TURNS, self._places), np.int32)
        _count_residents(
            cells, by_turn, places_by_turn, people.rows, people.count, self._cell_of_place,
            _CELL_OF_AGE, month, people.fading, _A_QUARTER,
        )  # fmt: skip
        cells[0] += _A_QUARTER * by_turn.sum(axis=0)
        self.places[2] += _A_QUARTER * places_by_turn.sum(axis=0)

    def count_residents(self, measure: str, residents, people, month: int) -> None:
        """Count an event of some residents, by name of the measure."""
        cells = self._of_residents[RESIDENT_MEASURES.index(measure)]
        _count_events(cells, residents, people.rows, self._group_of, month, BAND_OF_YEAR)

    def count_incidents(self, incidents, people, month: int, survey) -> None:
        """Count incidents by victim and by aggressor; ``survey`` is its chance by venue."""
        if len(self._suffered) < people.room:
            more = np.zeros(people.room - len(self._suffered), np.uint8)
            self._suffered = np.concatenate([self._suffered, more])
        _count_incidents(
            self._of_incidents, self.places, incidents, people.rows, self._group_of, month,
            BAND_OF_YEAR, survey, self._suffered,
        )  # fmt: skip

    def rows(self, year: int) -> dict[str, np.ndarray]:
        """Return the year's counts as columns at full size, cells of zero left out.

        Text stands as codes into ``labels``.
        """
        cells = self._cells().ravel()
        filled = np.flatnonzero(cells)
        return {
            "year": np.full(len(filled), year, np.int16),
            **{name: codes[filled] for name, codes in self._codes.items()},
            "value": cells[filled] * self._weight,
        }

    @cached_property
    def _codes(self) -> dict[str, np.ndarray]:
        """The codes of every cell by column, in the order of ``_cells``."""
        shape = (len(COUNTERS), len(self._groups), len(AGE_BANDS), len(_SEXES))
        along: dict[str, tuple[np.ndarray, int]] = {
            "measure": (_MEASURE_OF, 0),
            "role": (_ROLE_OF, 0),
            "local_authority": ((self._groups // 16).astype(np.int16), 1),
            "deprivation_decile": ((self._groups % 16).astype(np.int8), 1),
            "age_band": (np.arange(len(AGE_BANDS), dtype=np.int8), 2),
            "sex": (np.arange(len(_SEXES), dtype=np.int8), 3),
        }
        return {
            name: np.broadcast_to(codes.reshape([-1 if at == axis else 1 for at in range(4)]),
                                  shape).ravel()
            for name, (codes, axis) in along.items()
        }  # fmt: skip

    def measures(self, year: int) -> pd.DataFrame:
        """Return the year's counts as a tidy frame at full size, cells of zero left out."""
        return tidy_frame([self.rows(year)], self.labels)

    def neighbourhoods(self, year: int) -> dict[str, np.ndarray]:
        """Return the year's counts by neighbourhood as columns at full size, text as codes."""
        measure, place = np.nonzero(self.places)
        return {
            "year": np.full(len(place), year, np.int16),
            "neighbourhood": place.astype(np.int32),
            "measure": measure.astype(np.int16),
            "value": self.places[measure, place] * self._weight,
        }

    def total(self, role: str, measure: str) -> float:
        """Return the year's count so far of one measure over everybody, at full size."""
        return float(self._cells()[COUNTERS.index((role, measure))].sum() * self._weight)

    def _cells(self) -> np.ndarray:
        """Return all cells in the order of COUNTERS: (counter, group, age band, sex)."""
        return np.concatenate([self._of_residents, np.moveaxis(self._of_incidents, -1, 0)])


def labels_of(place) -> dict[str, list[str]]:
    """Return the text for which the codes of the measures stand, by column.

    Measures may be added at the end: those of programmes.
    """
    return {
        "measure": list(_MEASURES),
        "role": [*_ROLES, PROGRAMME],
        "local_authority": [*(authority.code for authority in place.authorities), ALL],
        "age_band": [*AGE_BANDS, ALL],
        "sex": [*_SEXES, ALL],
    }


def tidy_frame(
    rows: list[dict[str, np.ndarray]], labels: dict[str, list[str]], coded: bool = False
) -> pd.DataFrame:
    """Return columns of some years as one frame, text instead of codes into ``labels``.

    ``coded`` gives categories instead of text: a fraction of the time and of the memory.
    """
    frame = {}
    for name in rows[0]:
        values = np.concatenate([each[name] for each in rows])
        if name in labels:
            text = pd.array(labels[name], dtype="str")
            values = pd.Categorical.from_codes(values, text) if coded else text.take(values)
        frame[name] = values
    return pd.DataFrame(frame)


@inlined
def _band(people, i, month, bands):
    return bands[(month - people.profile[i].birth_month) // 12]


@inlined
def _cell(people, i, group_of, month, bands):
    sex = 1 if people.profile[i].male else 0
    return group_of[people.profile[i].neighbourhood], _band(people, i, month, bands), sex


@kernel
def _count_residents(
    cells, by_turn, places_by_turn, people, count, cell_of_place, cell_of_age, month, fading,
    months,
):  # fmt: skip
    """Take the census; the number of a cell is a sum of parts, by place, age and sex.

    Neighbours come one after the other and are counted in the same place, so they are counted by
    turns: a count need not wait for the one before it.
    """
    for i in range(count):
        profile, turn = people.profile[i], i & (_TURNS - 1)
        alive = np.int32(profile.status != DEAD)
        cell = cell_of_place[profile.neighbourhood] + cell_of_age[month - profile.birth_month]
        cell += profile.male
        by_turn[turn, cell] += alive
        places_by_turn[turn, profile.neighbourhood] += alive
        if alive and profile.status == CUSTODY:
            cells[1, cell] += months
        if alive and has_trauma(people, i, fading):
            cells[2, cell] += months


@kernel
def _count_events(cells, residents, people, group_of, month, bands):
    for i in residents:
        cells[_cell(people, i, group_of, month, bands)] += 1.0


@kernel
def _count_incidents(cells, places, incidents, people, group_of, month, bands, survey, suffered):
    for n in range(len(incidents)):
        ask_for_those_involved(people, incidents, n)
        incident = incidents[n]
        i, j = incident.aggressor, incident.victim
        adult = month - people.profile[j].birth_month >= MONTHS_AT_16
        in_survey = survey[incident.venue] * adult
        happened, recorded = _happened(incident, suffered[j]), _recorded(incident, in_survey)
        of_victim = happened + recorded + _expected(incident)
        suffered[j] = min(suffered[j] + 1, _OFTEN)
        cell = cells[_cell(people, j, group_of, month, bands)]
        for n in range(len(of_victim)):
            cell[n] += of_victim[n]
        of_aggressor = _of_aggressor(incident)
        cell = cells[_cell(people, i, group_of, month, bands)]
        for n in range(len(of_aggressor)):
            cell[_AGGRESSOR + n] += of_aggressor[n]
        places[0, incident.neighbourhood] += 1.0
        places[1, incident.neighbourhood] += incident.p_admission


# The three below together are what an incident adds to VICTIM_MEASURES, in their order.


@inlined
def _happened(incident, before):
    """Return what happened; ``before`` is how often the victim was one in the year before it."""
    severity, knife, domestic = incident.severity, incident.weapon == KNIFE, _domestic(incident)
    return (
        1.0,
        1.0 * (severity >= INJURY),
        1.0 * (severity >= EMERGENCY_DEPARTMENT),
        1.0 * (severity == ADMISSION),
        1.0 * (severity == ADMISSION and knife),
        1.0 * (severity == DEATH),
        1.0 * (severity == DEATH and not domestic),
        1.0 * (knife and not incident.robbery),
        1.0 * incident.robbery,
        1.0 * domestic,
        1.0 * (domestic and severity >= INJURY),
        1.0 * (before == 0),
        1.0 * (before == 1),
    )


@inlined
def _recorded(incident, in_survey):
    """Return what services record, and what a survey would find."""
    police, knife = incident.recorded_by_police, incident.weapon == KNIFE
    return (
        1.0 * police,
        1.0 * (police and incident.severity >= INJURY),
        1.0 * (police and incident.robbery),
        1.0 * (police and _domestic(incident)),
        1.0 * (police and knife and not incident.robbery),
        1.0 * incident.recorded_by_ambulance,
        1.0 * incident.recorded_by_emergency_department,
        1.0 * incident.recorded_by_hospital,
        1.0 * (incident.recorded_by_hospital and knife),
        in_survey,
    )


@inlined
def _expected(incident):
    """Return the chances of what could have happened."""
    knife, domestic = incident.weapon == KNIFE, _domestic(incident)
    return (
        1.0 * incident.p_injury,
        1.0 * incident.p_emergency,
        1.0 * incident.p_admission,
        1.0 * incident.p_admission * knife,
        1.0 * incident.p_admission * domestic,
        1.0 * incident.p_death,
        1.0 * incident.p_death * (not domestic),
        1.0 * incident.p_police * (knife and not incident.robbery),
        1.0 * incident.p_death * knife,
    )


@inlined
def _of_aggressor(incident):
    """Return what an incident adds to AGGRESSOR_MEASURES, in their order."""
    return (
        1.0,
        1.0 * (incident.severity >= INJURY),
        1.0 * incident.charged,
        1.0 * incident.convicted,
        1.0 * incident.first_sanction,
        1.0 * incident.detained,
    )


@inlined
def _domestic(incident):
    return incident.relationship <= FAMILY
