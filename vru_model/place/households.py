"""Kernels that put the residents of all neighbourhoods into couples, families and households.

Couples are formed first, then families (sibling groups find a carer), then grown children who
live with a parent; the remaining adults live alone or share, as many of them as the published
number of households asks for. Every choice is a keyed draw of the resident whom it concerns.
"""

import numpy as np
from numba import njit

from vru_model.place.couples import form_couples
from vru_model.place.families import form_families, house_grown_children
from vru_model.place.neighbours import ADULT_MONTHS, Neighbours
from vru_model.place.sharing import share_homes


@njit(cache=True)
def settle(key, first, identifier, age_months, male, households, customs):
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
        ages = age_months[low:high].astype(np.int64)  # one kind of array: one sort to compile
        by_age = low + np.argsort(ages, kind="mergesort")
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
