"""A toy for comparing engines: a contagion with recovery on a fixed network, twice.

Both draw who is affected at the start (a tenth), pass it along each tie with the same chance a
month, and let it end after an exponential time of a mean of twelve months, after which one may be
affected again.
"""

from __future__ import annotations

import numba
import numpy as np

from vru_model import randomness, sweeps

TIES, SHARE_AT_START, CHANCE, MEAN_MONTHS = 3, 0.1, 0.02, 12.0


def network(residents: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the two ends of every tie, int64."""
    ends = np.random.default_rng(1).integers(0, residents, TIES * residents)
    return np.repeat(np.arange(residents), TIES), ends


class Contagion:
    """The toy with our primitives: keyed words, compiled loops."""

    def __init__(self, residents: int, months: int) -> None:
        """Lay out people and ties."""
        self.months = months
        self.first, self.second = network(residents)
        self.key = randomness.world_key(1, 0)
        self.people = np.arange(residents, dtype=np.uint64)
        self.ties = np.arange(len(self.first), dtype=np.uint64)

    def run(self) -> np.ndarray:
        """Run from the start; return who is affected at the end."""
        until = np.zeros(len(self.people))
        _begin(until, self.people, self.key)
        chance = np.full(len(self.ties), randomness.threshold(CHANCE), np.uint32)
        for month in range(self.months):
            ties, _ = sweeps.below_bounds(self.key, self.ties, chance, month, randomness.WITNESS)
            _pass_on(until, self.people, self.first, self.second, ties, self.key, month)
        return until > self.months


@numba.njit(cache=True)
def _begin(until, people, key):
    for i in range(len(people)):
        words = randomness.four_words(key, people[i], 0, randomness.TRAUMA, 0)
        if randomness.happens(words[0], SHARE_AT_START):
            until[i] = -MEAN_MONTHS * np.log(randomness.uniform(words[1]))


@numba.njit(cache=True)
def _pass_on(until, people, first, second, ties, key, month):
    affected = until > month
    for tie in ties:
        i, j = first[tie], second[tie]
        if affected[i] != affected[j]:
            other = j if affected[i] else i
            word = randomness.word(key, people[other], month, randomness.TRAUMA, 1)
            until[other] = month - MEAN_MONTHS * np.log(randomness.uniform(word))


def in_starsim(residents: int, months: int):
    """Return the toy as a Starsim simulation, ready to run."""
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
        beta=ss.permonth(CHANCE), init_prev=SHARE_AT_START,
        dur_inf=ss.expon(scale=ss.months(MEAN_MONTHS)), waning=ss.permonth(0.0), imm_boost=0.0,
    )  # fmt: skip
    simulation = ss.Sim(
        people=ss.People(residents), networks=Fixed(), diseases=contagion, start="2027-04-01",
        dur=ss.months(months), dt=ss.months(1), verbose=0,
    )  # fmt: skip
    simulation.init()
    return simulation


def share_in_starsim(simulation) -> float:
    """Return the share affected at the end of a Starsim run."""
    return float(simulation.results.sis.prevalence[-1])
