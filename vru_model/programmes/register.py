"""The register: who is enrolled in what, since when, until when, at which dose.

What a resident's programmes take off a log rate adds up here; the hazard of acting lets the sum
saturate, because no source supports multiplying effects across programmes.
"""

import math

import numba
import numpy as np

from vru_model import randomness
from vru_model.people import ALWAYS, DEAD
from vru_model.traces import has_trauma

ROW = np.dtype(
    [
        ("resident", np.int32),
        ("programme", np.int16),
        ("start", np.int32),  # step of enrolment
        ("end", np.int32),  # first step after completion or drop-out
        ("dose", np.float32),  # last dose, 0-1
    ],
    align=True,
)

_SPENT = 0.005


class Register:
    """All enrolments of a world, present and still fading."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.rows = np.empty(0, ROW)

    def enrol(self, programme: int, residents, start: int, ends) -> None:
        """Add enrolments that begin at this step and end at their own."""
        new = np.zeros(len(residents), ROW)
        new["resident"], new["programme"] = residents, programme
        new["start"], new["end"] = start, ends
        self.rows = np.concatenate([self.rows, new])

    def enrolled(self, programme: int, step: int) -> np.ndarray:
        """Return the residents now enrolled in a programme."""
        rows = self.rows
        return rows["resident"][(rows["programme"] == programme) & (rows["end"] > step)]

    def apply(self, people, key, clock, effects, tags, recovery_rate: float) -> None:
        """Bring every enrolled resident's protection and skills up to date, and retire spent rows.

        ``effects`` has one row a programme: acting, exclusion, ace, self-regulation, trauma
        recovery (rate ratio less one), ramp-up and half-life in months; shape (programmes, 7).
        ``tags`` are the programmes' own numbers in draws.
        """
        keep = _apply(
            self.rows, people.state, people.columns, key, clock.step, clock.months,
            people.fading, effects, tags, recovery_rate,
        )  # fmt: skip
        self.rows = self.rows[keep]


@numba.njit(cache=True)
def _apply(
    rows, people, columns, key, step, months, fading, effects, tags, recovery_rate
):  # fmt: skip
    for row in rows:
        people[row.resident].protection = 0.0
        people[row.resident].exclusion_protection = 0.0
        people[row.resident].ace_protection = 0.0
    keep = np.ones(len(rows), np.bool_)
    for n in range(len(rows)):
        row = rows[n]
        i = row.resident
        effect = effects[row.programme]
        dose = _dose(step, row.start, row.end, months, effect[5], effect[6])
        keep[n] = people[i].status != DEAD and (step < row.end or dose >= _SPENT)
        if not keep[n]:
            dose = 0.0
        people[i].protection += np.float32(effect[0] * dose)
        people[i].exclusion_protection += np.float32(effect[1] * dose)
        people[i].ace_protection += np.float32(effect[2] * dose)
        people[i].self_regulation += np.float32(effect[3] * (dose - row.dose))
        columns.act_bound[i] = columns.child_bound[i] = ALWAYS
        row.dose = dose
        if effect[4] > 0.0 and has_trauma(people, i, fading):
            rate = effect[4] * dose * recovery_rate
            _treat(people, i, key, step, months, fading, rate, tags[row.programme])
    return keep


@numba.njit
def _dose(step, start, end, months, ramp_up, half_life):
    """Return the dose: it sets in after enrolment and halves with each half-life after its end."""
    length = (min(step, end - 1) - start + 1) * months
    dose = 1.0 if ramp_up <= 0.0 else -math.expm1(-length / ramp_up)
    if step >= end:
        dose *= 0.5 ** ((step - end + 1) * months / half_life)
    return dose


@numba.njit
def _treat(people, i, key, step, months, fading, extra_rate, tag):
    word = randomness.word(key, people[i].identifier, step, randomness.TRAUMA_RECOVERY, tag)
    if randomness.happens(word, -math.expm1(-extra_rate * months)):
        people[i].trauma_until = fading.faded
