"""The residents of a place: who they are, and with whom they live."""

import numpy as np
from numba import njit

from vru_model.place.ages import OLDEST, SURVIVAL_OF_OLDEST, YEARS
from vru_model.place.counts import whole_parts, whole_residents
from vru_model.place.customs import male_share, standard_customs
from vru_model.place.definition import Place
from vru_model.place.draws import identify, normals, place_number, uniforms
from vru_model.place.households import (
    ADULT_MONTHS,
    Neighbours,
    form_couples,
    form_families,
    house_grown_children,
    share_homes,
)
from vru_model.place.population import Population
from vru_model.randomness import (
    PLACE_BIRTH_MONTH,
    PLACE_COUNT,
    PLACE_LIABILITY,
    PLACE_SEX,
    below,
    four_words,
    population_key,
    uniform,
)

# The place itself decides too; these identifiers are no resident's.
_RULER_OF_RESIDENTS, _RULER_OF_MALES, _RULER_OF_HOUSEHOLDS = 0, 1, 2


def build_population(place: Place, seed: int, family_correlation: float = 0.5) -> Population:
    """Build the residents of a place at its scale.

    At full size their totals by neighbourhood and Census age band are the place's exactly, and
    so are those by authority and decile; males of each authority too. At a smaller scale all of
    these are right on average over seeds, and the total is the rounded share.

    Parameters
    ----------
    place
        The place, with its scale.
    seed
        The population's own seed: the same residents for the same place, scale and seed,
        whatever the replicate or scenario.
    family_correlation
        Correlation of the liability of a child with that of the carer.
    """
    key = population_key(seed)
    starts = uniforms(key, np.arange(3, dtype=np.uint64), PLACE_COUNT)
    counts = _count_residents(place, starts[_RULER_OF_RESIDENTS])
    size = counts.sum(axis=1)
    neighbourhood = np.repeat(np.arange(len(size)), size).astype(np.int32)
    year = np.repeat(np.tile(np.arange(YEARS), len(size)), counts.ravel())
    first = np.concatenate([[0], np.cumsum(size)])
    number = place_number(authority.code for authority in place.authorities)
    identifier = identify(number, neighbourhood, np.arange(len(year)) - first[neighbourhood])
    age_months = _age_in_months(key, identifier, year)
    male = _choose_males(place, key, identifier, age_months, neighbourhood, starts)
    households = _count_households(place, size, starts[_RULER_OF_HOUSEHOLDS])
    position, household, carer, partner = _settle(
        key, first, identifier, age_months, male, households, standard_customs()
    )
    liability = normals(key, identifier[position], PLACE_LIABILITY, 0)
    return Population(
        identifier=identifier[position],
        birth_month=(-age_months[position]).astype(np.int16),
        male=male[position],
        neighbourhood=neighbourhood,
        household=household,
        carer=carer,
        partner=partner,
        liability=_inherit(liability, carer, family_correlation).astype(np.float32),
    )


def _count_residents(place: Place, start: float) -> np.ndarray:
    """Return whole residents by neighbourhood and single year, shape (neighbourhoods, 91)."""
    table = place.neighbourhoods
    order = np.lexsort((table["deprivation_decile"], table["local_authority"]))
    total = round(place.scale * place.full_population)
    return whole_residents(place.residents_by_age, place.residents_by_band, order, total, start)


def _count_households(place: Place, size: np.ndarray, start: float) -> np.ndarray:
    """Return the number of households wanted in each neighbourhood."""
    table = place.neighbourhoods
    smaller = size / table["residents"].to_numpy()
    return whole_parts(table["households"].to_numpy() * smaller, start)


def _choose_males(
    place: Place,
    key: np.uint64,
    identifier: np.ndarray,
    age_months: np.ndarray,
    neighbourhood: np.ndarray,
    starts: np.ndarray,
) -> np.ndarray:
    """Choose the males of each authority: as many as published, fewer of them at older ages.

    Everybody's keyed draw is set against the share of males at that age; those with the lowest
    scores are male, so that the log odds of all ages move together until the number is right.
    """
    share = male_share()[age_months // 12]
    chance = uniforms(key, identifier, PLACE_SEX)
    score = np.log(chance / (1.0 - chance)) - np.log(share / (1.0 - share))
    authority = place.neighbourhoods["local_authority"].to_numpy()[neighbourhood]
    smaller = len(identifier) / place.full_population
    wanted = whole_parts(place.males * smaller, starts[_RULER_OF_MALES])
    male = np.zeros(len(identifier), dtype=np.bool_)
    for one, number in enumerate(wanted):
        here = np.flatnonzero(authority == one)
        number = min(number, len(here))
        if 0 < number < len(here):
            here = here[np.argpartition(score[here], number - 1)[:number]]
        male[here[:number]] = True
    return male


@njit(cache=True)
def _age_in_months(key, identifier, year):
    """Return ages in months: any month of the year of age; 90 and over spread over 90..99."""
    months = np.empty(len(year), dtype=np.int32)
    tail = 1.0 - SURVIVAL_OF_OLDEST ** (OLDEST - YEARS + 2)
    for i in range(len(year)):
        words = four_words(key, identifier[i], 0, PLACE_BIRTH_MONTH, 0)
        age = year[i]
        if age == YEARS - 1:
            over = np.log(1.0 - uniform(words[1]) * tail) / np.log(SURVIVAL_OF_OLDEST)
            age += min(np.int64(over), OLDEST - YEARS + 1)
        months[i] = 12 * age + below(words[0], 12)
    return months


@njit(cache=True)
def _settle(key, first, identifier, age_months, male, households, customs):
    """Build households in every neighbourhood.

    Returns
    -------
    position
        Who stands at each place of the new order, by neighbourhood and household.
    household, carer, partner
        In the new order; carers and partners are places in it.
    """
    count = len(identifier)
    position = np.empty(count, dtype=np.int64)
    household = np.empty(count, dtype=np.int32)
    carer = np.full(count, -1, dtype=np.int32)
    partner = np.full(count, -1, dtype=np.int32)
    built = 0
    for n in range(len(first) - 1):
        low, high = first[n], first[n + 1]
        by_age = low + np.argsort(age_months[low:high], kind="mergesort")
        people = _gather(identifier[by_age], age_months[by_age], male[by_age])
        form_couples(key, people, customs)
        form_families(key, people, customs)
        house_grown_children(key, people, customs)
        share_homes(key, people, customs, households[n])
        home, built = _number_households(people, built)
        _write(people, home, by_age, low, position, household, carer, partner)
    return position, household, carer, partner


@njit(cache=True)
def _gather(identifier, age, male):
    """Return the residents of a neighbourhood, none of them living with anybody yet."""
    count = len(identifier)
    return Neighbours(
        identifier,
        age,
        male,
        np.zeros(count, dtype=np.int64),
        np.full(count, -1, dtype=np.int64),
        np.full(count, -1, dtype=np.int64),
        np.full(count, -1, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
    )


@njit(cache=True)
def _number_households(people, built):
    """Return everybody's household, numbered on from `built`, and the next number.

    Children without any adult in the neighbourhood share one household.
    """
    count = len(people.age)
    home = np.full(count, -1, dtype=np.int64)
    for i in range(count):
        if people.age[i] >= ADULT_MONTHS and people.host[i] < 0 and home[i] < 0:
            home[i] = built
            if people.partner[i] >= 0:
                home[people.partner[i]] = built
            built += 1
    orphans = -1
    for i in range(count):
        if people.host[i] >= 0:
            home[i] = home[people.host[i]]
        elif home[i] < 0:
            if orphans < 0:
                orphans = built
                built += 1
            home[i] = orphans
    return home, built


@njit(cache=True)
def _write(people, home, by_age, low, position, household, carer, partner):
    """Write a neighbourhood into the new order: by household, the oldest first."""
    count = len(home)
    oldest_first = np.arange(count - 1, -1, -1)
    order = oldest_first[np.argsort(home[oldest_first], kind="mergesort")]
    place = np.empty(count, dtype=np.int64)
    for k in range(count):
        place[order[k]] = low + k
    for k in range(count):
        i = order[k]
        position[low + k] = by_age[i]
        household[low + k] = home[i]
        if people.carer[i] >= 0:
            carer[low + k] = place[people.carer[i]]
        if people.partner[i] >= 0:
            partner[low + k] = place[people.partner[i]]


def _inherit(liability: np.ndarray, carer: np.ndarray, correlation: float) -> np.ndarray:
    """Mix the carer's liability into that of those who have one; the variance stays 1.

    Carers have no carer themselves, so one pass is enough.
    """
    has = carer >= 0
    own = np.sqrt(1.0 - correlation**2) * liability[has]
    liability = liability.copy()
    liability[has] = correlation * liability[carer[has]] + own
    return liability
