"""Who may take part in a programme, as its document says."""

from typing import NamedTuple

import numpy as np

from vru_model.compiling import inlined, kernel
from vru_model.people import (
    CUSTODY,
    DEAD,
    EXCLUDED,
    IN_SCHOOL,
    NEET,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
    People,
)

STATUS_OF = {
    "pre_school": PRE_SCHOOL,
    "in_school": IN_SCHOOL,
    "excluded": EXCLUDED,
    "work_or_education": WORK_OR_EDUCATION,
    "neet": NEET,
    "custody": CUSTODY,
}
_SEXES = ("female", "male")
_ANY = -1


class Criteria(NamedTuple):
    """A programme's rule as compiled loops read it."""

    youngest: int  # months
    oldest: int  # months, exclusive
    sex: int  # row of _SEXES, or any
    statuses: np.ndarray  # whether a status may take part: bool
    places: np.ndarray  # which neighbourhoods the money covers: bool


def criteria(rule, places: np.ndarray) -> Criteria:
    """Return a rule and the neighbourhoods (bool) that money covers as compiled loops read them.

    Where the rule names no status, all but the dead and those in custody may take part.
    """
    statuses = np.zeros(DEAD + 1, bool)
    if rule.statuses:
        statuses[[STATUS_OF[name] for name in rule.statuses]] = True
    else:
        statuses[:] = True
        statuses[[DEAD, CUSTODY]] = False
    sex = _ANY if rule.sex == "any" else _SEXES.index(rule.sex)
    return Criteria(rule.minimum_age_months, rule.maximum_age_months, sex, statuses, places)


def eligible(people: People, residents, rule, places) -> np.ndarray:
    """Return those of some residents (indices) who meet the rule's age, sex, status and place.

    ``places`` says which neighbourhoods the money covers: bool, shape (neighbourhoods,).
    """
    asked, nobody = criteria(rule, places), np.zeros(people.room, bool)
    return residents[able(people.rows, residents, people.month, asked, nobody)]


@inlined
def _meets(people, i, month, asked):
    profile = people.profile[i]
    return (
        asked.youngest <= month - profile.birth_month < asked.oldest
        and asked.places[profile.neighbourhood]
        and (asked.sex < 0 or profile.male == (asked.sex == 1))
        and asked.statuses[profile.status]
    )


def able(people, residents, *others) -> np.ndarray:
    """Say which of some residents meet the criteria and do not take part yet (bool)."""
    may = np.empty(len(residents), np.bool_)
    _say_who_is_able(may, people, residents, *others)
    return may


@kernel
def _say_who_is_able(may, people, residents, month, asked, taking_part):
    for n in range(len(residents)):
        i = residents[n]
        may[n] = _meets(people, i, month, asked) and not taking_part[i]


def all_able(people, count: int, *others) -> np.ndarray:
    """Return all residents (int32), of so many, who meet the criteria and take no part yet."""
    found = np.empty(count, np.int32)
    return found[: _find_all_able(found, people, count, *others)].copy()


@kernel
def _find_all_able(found, people, count, month, asked, taking_part):
    number = 0
    for i in range(count):
        if _meets(people, i, month, asked) and not taking_part[i]:
            found[number] = i
            number += 1
    return number


def covered(place, line, rule) -> np.ndarray:
    """Return which neighbourhoods the money and the programme's own rule cover.

    ``line`` is the line of funding and ``rule`` the programme's eligibility. All named limits
    hold at once; the most in need are the most deprived of those that the others leave, the
    larger first where two are alike.
    """
    table = place.neighbourhoods
    covers = np.ones(len(table), bool)
    if line.authorities:
        codes = np.array([authority.code for authority in place.authorities])
        covers &= np.isin(codes[table["local_authority"].to_numpy()], line.authorities)
    for deciles in (line.deprivation_deciles, rule.deprivation_deciles):
        if deciles:
            covers &= table["deprivation_decile"].isin(deciles).to_numpy()
    if line.wards:
        covers &= table["ward"].isin(line.wards).to_numpy()
    if line.neighbourhoods:
        covers &= table["neighbourhood"].isin(line.neighbourhoods).to_numpy()
    if line.most_in_need is not None:
        order = np.lexsort((-table["residents"].to_numpy(), -table["deprivation"].to_numpy()))
        chosen = order[covers[order]][: line.most_in_need]
        covers = np.isin(np.arange(len(table)), chosen)
    return covers
