"""A toy for comparing engines: a contagion with recovery on a fixed network, twice.

Both draw who is affected at the start (a tenth), pass it along each tie between one who is and one
who is not at the same rate a month, and let it end after an exponential time of a mean of twelve
months, after which one may be affected again. Both count at the same moment: after the last
month's passing on.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from vru_model import randomness, sweeps

TIES, SHARE_AT_START, RATE, MEAN_MONTHS = 3, 0.1, 0.02, 12.0
_WORDS = 4  # of one call of the generator: a tie each
_BLOCK = 512  # calls at once


def network(residents: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the two ends of every tie, int64."""
    ends = np.random.default_rng(1).integers(0, residents, TIES * residents)
    return np.repeat(np.arange(residents), TIES), ends


class Contagion:
    """The toy with our primitives: keyed words, compiled loops."""

    def __init__(self, residents: int, months: int) -> None:
        """Lay out people and ties."""
        self.residents, self.months = residents, months
        self.first, self.second = (ends.astype(np.int32) for ends in network(residents))
        self.key = randomness.world_key(1, 0)

    def run(self) -> np.ndarray:
        """Run from the start; return who is affected at the end."""
        until = np.zeros(self.residents)
        affected = np.zeros(self.residents, np.bool_)
        _begin(until, self.key)
        reached = np.empty(len(self.first) + 1, np.int32)
        chance = np.uint32(randomness.threshold(-math.expm1(-RATE)))
        for month in range(self.months):
            _pass_on(
                until, affected, self.first, self.second, reached, self.key, month, chance
            )
        return until > self.months - 1


@numba.njit(cache=True)
def _begin(until, key):
    """Draw who is affected at the start, and until when."""
    for i in range(len(until)):
        words = randomness.four_words(key, i, 0, randomness.TRAUMA, 0)
        if randomness.happens(words[0], SHARE_AT_START):
            until[i] = -MEAN_MONTHS * np.log(randomness.uniform(words[1]))


@numba.njit(cache=True)
def _pass_on(until, affected, first, second, reached, key, month, chance):
    """Pass it along the ties of a month to whoever is not affected yet; say until when."""
    for i in range(len(until)):
        affected[i] = until[i] > month
    which, ties = np.empty(_BLOCK, np.uint8), np.empty(_WORDS * _BLOCK + 1, np.int32)
    found = 0
    for begin in range(0, len(first), _WORDS * _BLOCK):
        _draw(which, begin // _WORDS, month, key, chance)
        for n in range(_passing(which, begin, ties)):
            tie = min(ties[n], len(first) - 1)
            i, j = first[tie], second[tie]
            reached[found] = j if affected[i] else i
            found += (affected[i] != affected[j]) & (tie == ties[n])
    _affect(until, reached[:found], key, month)


@numba.njit
def _draw(which, begin, month, key, chance):
    """Say which of the four words of each call of a block lie below the chance, a bit each."""
    key_0, key_1 = np.uint32(key & np.uint64(0xFFFFFFFF)), np.uint32(key >> np.uint64(32))
    what = np.uint32(randomness.WITNESS << 24)
    for n in range(_BLOCK):
        four = randomness.ten_rounds(
            np.uint32(begin + n), np.uint32(0), np.uint32(month), what, key_0, key_1
        )
        low = np.uint32(four[0] < chance) | np.uint32(four[1] < chance) << np.uint32(1)
        high = np.uint32(four[2] < chance) | np.uint32(four[3] < chance) << np.uint32(1)
        which[n] = low | high << np.uint32(2)


@numba.njit
def _passing(which, begin, ties):
    """Fill the numbers of the ties whose bit is set; return how many they are."""
    found = 0
    for n in range(_BLOCK):
        if which[n]:  # of four, seldom one
            for k in range(_WORDS):
                ties[found] = begin + n * _WORDS + k
                found += (which[n] >> k) & 1
    return found


@numba.njit
def _affect(until, reached, key, month):
    """Draw how long it lasts for those whom it has reached."""
    words = np.empty(len(reached), np.uint32)
    sweeps.first_words(key, reached.astype(np.uint64), month, randomness.TRAUMA, 1, words)
    for n in range(len(reached)):
        until[reached[n]] = month - MEAN_MONTHS * np.log(randomness.uniform(words[n]))


def in_starsim(residents: int, months: int):
    """Return the toy as a Starsim simulation, ready to run; it steps at both ends of the time."""
    import starsim as ss

    first, second = network(residents)

    class Fixed(ss.Network):
        """Ties that stay."""

        def init_post(self, *arguments, **named):
            super().init_post(*arguments, **named)
            self.edges.p1, self.edges.p2 = first, second
            self.edges.beta = np.ones(len(first))

        def step(self):
            pass

    contagion = ss.SIS(
        beta=ss.permonth(RATE), init_prev=SHARE_AT_START,
        dur_inf=ss.expon(scale=ss.months(MEAN_MONTHS)), waning=ss.permonth(0.0), imm_boost=0.0,
    )  # fmt: skip
    simulation = ss.Sim(
        people=ss.People(residents), networks=Fixed(), diseases=contagion, start="2027-04-01",
        dur=ss.months(months), dt=ss.months(1), verbose=0,
    )  # fmt: skip
    simulation.init()
    return simulation


def months_in_starsim(simulation) -> int:
    """Return how many months a Starsim simulation steps through."""
    return len(simulation.results.sis.prevalence)


def share_in_starsim(simulation) -> float:
    """Return the share affected at the end of a Starsim run."""
    return float(simulation.results.sis.prevalence[-1])
