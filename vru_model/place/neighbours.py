"""The residents of one neighbourhood while households are built, and the search among them."""

from typing import NamedTuple

import numpy as np
from numba import njit

ADULT_MONTHS = 216  # 18 years
GRANDPARENT_MONTHS = 720  # 60 years

# What somebody is, as bits, so that a search can ask for several kinds at once.
COUPLE_WOMAN = 1
COUPLE_MAN = 2
SINGLE_WOMAN = 4
SINGLE_MAN = 8
MOTHER = 16
FATHER = 32
COUPLE_PARENT = 1024  # besides mother or father
LONE_PARENT = 2048
HEAD = 64
SHARED = 128  # a head who has taken somebody in
LOOKING = 256  # for a partner
FOUND = 512  # may be found as one
FULL = 0  # a child, a guest in another's household, or a household with no room
WOMEN = COUPLE_WOMAN | SINGLE_WOMAN
CHILDLESS = COUPLE_WOMAN | COUPLE_MAN | SINGLE_WOMAN | SINGLE_MAN
PARENTS = MOTHER | FATHER


class Neighbours(NamedTuple):
    """The residents of one neighbourhood, sorted by age; positions are within it."""

    identifier: np.ndarray
    age: np.ndarray  # months
    male: np.ndarray
    kind: np.ndarray
    partner: np.ndarray
    carer: np.ndarray
    host: np.ndarray  # in whose household one lives, or -1
    guests: np.ndarray  # how many grown children or sharers one has taken in
    children: np.ndarray  # how many children one has at home


@njit(cache=True)
def find_nearest(people, target, low, high, wanted):
    """Return whoever of a wanted kind, aged low..high, is nearest in age to target; or -1."""
    age, kind = people.age, people.kind
    right = np.searchsorted(age, target)
    left = right - 1
    while True:
        left_open = left >= 0 and age[left] >= low
        right_open = right < len(age) and age[right] <= high
        if not left_open and not right_open:
            return -1
        if left_open and (not right_open or target - age[left] <= age[right] - target):
            if kind[left] & wanted and age[left] <= high:
                return left
            left -= 1
        else:
            if kind[right] & wanted and age[right] >= low:
                return right
            right += 1
