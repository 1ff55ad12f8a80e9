"""Couples: adults who live with a partner."""

from numba import njit

from vru_model.place.neighbours import (
    ADULT_MONTHS,
    CHILDLESS,
    COUPLE_MAN,
    COUPLE_WOMAN,
    FOUND,
    LOOKING,
    SINGLE_MAN,
    SINGLE_WOMAN,
    find_nearest,
)
from vru_model.randomness import PLACE_PARTNER, four_words, happens, standard_normal


@njit(cache=True)
def form_couples(key, people, customs):
    """Join adults into couples: those who look for a partner take whoever fits their age best.

    Women look, men are found; but a few, who live with somebody of their own sex, stand on the
    opposite side. How many men of each age live with a partner follows from the women.
    """
    for i in range(len(people.age)):
        if people.age[i] >= ADULT_MONTHS:
            words = four_words(key, people.identifier[i], 0, PLACE_PARTNER, 0)
            partnered = happens(words[0], customs.partnered[people.age[i] // 12])
            crosses = partnered and happens(words[1], customs.crossing)
            people.kind[i] = SINGLE_MAN if people.male[i] else SINGLE_WOMAN
            if people.male[i] != crosses:
                people.kind[i] |= FOUND
            elif partnered:
                people.kind[i] |= LOOKING
    for most_gap in (customs.usual_partner_gap, customs.most_partner_gap):
        for i in range(len(people.age)):
            if people.kind[i] & LOOKING:
                find_partner(key, people, customs, i, most_gap)
    for i in range(len(people.age)):
        people.kind[i] &= CHILDLESS


@njit(cache=True)
def find_partner(key, people, customs, one, most_gap):
    """Make a couple of one who is looking and whoever is nearest to the age wished for."""
    word = four_words(key, people.identifier[one], 0, PLACE_PARTNER, 0)[2]
    gap = customs.partner_gap + customs.partner_gap_spread * standard_normal(word)
    target = people.age[one] + (-gap if people.male[one] else gap)
    low = max(ADULT_MONTHS, people.age[one] - most_gap)
    other = find_nearest(people, target, low, people.age[one] + most_gap, FOUND)
    if other >= 0:
        join_couple(people, one, other)


@njit(cache=True)
def join_couple(people, one, other):
    """Make a couple of two people."""
    people.partner[one], people.partner[other] = other, one
    people.kind[one] = COUPLE_MAN if people.male[one] else COUPLE_WOMAN
    people.kind[other] = COUPLE_MAN if people.male[other] else COUPLE_WOMAN
