"""Phase 7a, too: acts of repeated violence, by aggressors whose pair with one victim is open.

They are a Poisson process of their own beside a resident's other acts, so nobody else has to be
asked. Who they are is kept as a list beside what is written in their rows: incidents open pairs
(``consequences``), and pairs end by themselves or by a programme.
"""

import math

import numpy as np

from vru_model import randomness
from vru_model.compiling import kernel
from vru_model.people import CUSTODY, MONTHS_AT_10, in_pair
from vru_model.prefetching import AHEAD, prefetch_to_draw
from vru_model.processes.acting import MOST_ACTS, saturated
from vru_model.processes.records import ACT, FIRST_PAIR_ACT, PAIR, add_act, joined


def find_open(people, count: int, clock: int) -> np.ndarray:
    """Return the residents (int32, in order) who are the aggressors of a pair at a step."""
    found = np.empty(count, np.int32)
    return found[: _find_open(people, count, clock, found)].copy()


@kernel
def _find_open(people, count, clock, found):
    number = 0
    for i in range(count):
        found[number] = i
        number += in_pair(people, i, clock)
    return number


def add_acts(
    acts: np.ndarray, people, paired: np.ndarray, *others
) -> tuple[np.ndarray, np.ndarray]:
    """Return acts (dtype ACT) with those of pairs, and the residents whose pair is still open.

    ``paired`` are all aggressors of pairs that may be open (int32, in order). Acts come in the
    order of residents, each one's own before those of their pair.
    """
    of_pairs, still = np.empty(len(paired) * MOST_ACTS, ACT), np.empty(len(paired), np.int32)
    found, kept = _find_acts(people, paired, of_pairs, still, *others)
    both = joined([acts, of_pairs[:found]])
    return both[np.argsort(both["aggressor"], kind="stable")], still[:kept]


@kernel
def _find_acts(people, paired, acts, still, key, clock, months, month, acting, pairs):
    found = kept = 0
    for n in range(len(paired)):
        prefetch_to_draw(people, paired[min(n + AHEAD, len(paired) - 1)])
        i = paired[n]
        if not in_pair(people, i, clock):
            continue
        still[kept] = i
        kept += 1
        age = month - people.profile[i].birth_month
        if people.profile[i].status >= CUSTODY or age < MONTHS_AT_10:
            continue
        shield = saturated(people.state[i].protection, acting.protection_ceiling)
        mean = pairs.acts_per_month * months * math.exp(-shield)
        word = randomness.word(key, people.identifier[i], clock, randomness.DYAD_ACT, 0)
        for k in range(randomness.poisson_count(word, mean, MOST_ACTS)):
            found = add_act(acts, found, i, FIRST_PAIR_ACT + k, PAIR)
    return found, kept
