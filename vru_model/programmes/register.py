"""The register: who is enrolled in what, since when, until when, at which dose.

What a resident's programmes take off a log rate adds up here; the hazard of acting lets the sum
saturate, because no source supports multiplying effects across programmes.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from vru_model import randomness
from vru_model.compiling import inlined, kernel, part
from vru_model.people import ALWAYS, DEAD, EXCLUDED, NEET, in_pair
from vru_model.processes.act_bounds import lift
from vru_model.traces import has_trauma

ROW = np.dtype(
    [
        ("resident", np.int32),
        ("programme", np.int16),
        ("start", np.int32),  # step of enrolment
        ("end", np.int32),  # first step after completion or leaving early
        ("left_early", np.bool_),  # whether that end comes before completion
        ("dose", np.float32),  # last dose, 0-1
        ("off", np.float32),  # what it last took off the log rate of acting
    ],
    align=True,
)

EFFECT = np.dtype(
    [
        ("acting", np.float64),  # taken off the log rate of acting
        ("leaving_early", np.float64),  # added to it after leaving early
        ("acting_at_home", np.float64),  # taken off the log rate of acting at home
        ("victimisation", np.float64),  # taken off the log rate of suffering violence
        ("exclusion", np.float64),  # taken off the log hazard of exclusion
        ("excluded_relief", np.float64),  # share of what being excluded adds
        ("ace", np.float64),  # taken off the log hazard of an ACE
        ("self_regulation", np.float64),
        ("trauma_recovery", np.float64),  # rate ratio less one, and so are the next two
        ("neet_exit", np.float64),
        ("pair_closing", np.float64),
        ("ramp_up", np.float64),  # months
        ("half_life", np.float64),
        ("tag", np.uint32),  # the programme's own number in draws
    ]
)
"""What one programme does to those enrolled, protective numbers positive."""

SPENT = 0.005
"""A dose below this is forgotten."""

_AT_FIRST = 256
_ROUNDING = 1e-5  # of a sum of some float32, well above what it can be off by


class Rates(NamedTuple):
    """What happens without programmes, and what else the log rate of acting depends on."""

    recovery: float  # from post-traumatic stress, a month
    neet_exit: float  # a month
    pair_closing: float  # a month
    excluded: float  # added to the log rate of acting
    self_regulation: tuple[float, float]  # what it takes off own acts and off those of grievance


def rates_without(coefficients) -> Rates:
    """Return the rates that hold where no programme changes them."""
    return Rates(
        recovery=1.0 / coefficients.trauma.duration,
        neet_exit=coefficients.schooling.neet_exit,
        pair_closing=1.0 / coefficients.pairs.duration,
        excluded=coefficients.acting.excluded,
        self_regulation=(
            coefficients.acting.self_regulation, coefficients.grievance.self_regulation,
        ),
    )


class Shields(NamedTuple):
    """What programmes take off log rates that few residents need: no rows where nobody does."""

    home: np.ndarray  # of acting at home, float32
    victim: np.ndarray  # of suffering violence, float32


class Register:
    """All enrolments of a world, present and still fading.

    Parameters
    ----------
    effects
        One row a programme (dtype EFFECT).
    """

    def __init__(self, effects: np.ndarray) -> None:
        """Begin with nobody."""
        self.effects = effects
        self._kept = np.empty(_AT_FIRST, ROW)  # with room for those to come
        self._number = 0
        self._of_programme: dict[int, np.ndarray] = {}  # tag → residents and ends, shape (2, n)
        self._marked = np.zeros(0, bool)
        nobody = np.empty(0, np.float32)
        self.shields = Shields(nobody, nobody)

    def enrol(self, programme: int, residents, start: int, ends, left_early) -> None:
        """Add enrolments that begin at this step and end at their own."""
        before, self._number = self._number, self._number + len(residents)
        if self._number > len(self._kept):
            longer = np.empty(2 * self._number, ROW)
            longer[:before] = self._kept[:before]
            self._kept = longer
        new = self._kept[before : self._number]
        new["resident"], new["programme"] = residents, programme
        new["dose"] = new["off"] = 0.0
        new["start"], new["end"], new["left_early"] = start, ends, left_early
        tag = int(self.effects["tag"][programme])
        own = [self._of_programme[tag]] if tag in self._of_programme else []
        self._of_programme[tag] = np.concatenate([*own, [new["resident"], new["end"]]], axis=1)

    @property
    def rows(self) -> np.ndarray:
        """All enrolments, present and fading (dtype ROW), in the order in which they began."""
        return self._kept[: self._number]

    def enrolled(self, programme: int, step: int) -> np.ndarray:
        """Return the residents now enrolled in a programme."""
        rows = self.rows
        return rows["resident"][(rows["programme"] == programme) & (rows["end"] > step)]

    @contextmanager
    def those_taking_part(self, programme: int, step: int, people) -> Iterator[np.ndarray]:
        """Mark, while the block lasts, the residents who take part in a programme: bool.

        It does not matter which line of funding pays for it.
        """
        if len(self._marked) < people.room:
            self._marked = np.zeros(people.room, bool)
        tag = int(self.effects["tag"][programme])
        now = self._of_programme.get(tag)
        if now is None:
            yield self._marked
            return
        self._of_programme[tag] = now = now[:, now[1] > step]
        self._marked[now[0]] = True
        try:
            yield self._marked
        finally:
            self._marked[now[0]] = False

    def number_present(self, step: int) -> int:
        """Return how many enrolments last."""
        return int(np.count_nonzero(self.rows["end"] > step))

    def present(self, step: int) -> np.ndarray:
        """Return the resident of every enrolment that lasts: twice where in two programmes."""
        return self.rows["resident"][self.rows["end"] > step]

    def apply(self, people, key, clock, rates: Rates) -> None:
        """Bring every enrolled resident's protection and skills up to date, retire spent rows."""
        self.shields = Shields(
            self._room_for("acting_at_home", self.shields.home, people),
            self._room_for("victimisation", self.shields.victim, people),
        )
        for effect in ("exclusion", "ace"):
            if self.effects[effect].any():
                people.protect(f"{effect}_protection")
        if not self._number:
            return
        self._number = _apply(
            self.rows, people.rows, self.shields, key, clock.step, clock.months,
            people.fading, self.effects, rates,
        )  # fmt: skip

    def _room_for(self, effect: str, shield: np.ndarray, people) -> np.ndarray:
        if not self.effects[effect].any():
            return shield
        more = people.room - len(shield)
        return np.concatenate([shield, np.zeros(more, np.float32)]) if more else shield


@kernel
def _apply(rows, people, shields, key, step, months, fading, effects, rates):
    for row in rows:
        i = row.resident
        people.state[i].protection = 0.0
        for shield in _shields_of(people, shields):
            if len(shield):
                shield[i] = 0.0
    kept = 0
    for n in range(len(rows)):
        row = rows[n]
        i = row.resident
        effect = effects[row.programme]
        dose = _dose(step, row.start, row.end, months, effect.ramp_up, effect.half_life)
        keep = people.profile[i].status != DEAD and (step < row.end or dose >= SPENT)
        if not keep:
            dose = 0.0
        off = effect.acting * dose
        if people.profile[i].status == EXCLUDED:
            off += effect.excluded_relief * rates.excluded * dose
        if row.left_early and step >= row.end and keep:
            off -= effect.leaving_early * _left(step, row.end, months, effect.half_life)
        more_skill = effect.self_regulation * (dose - row.dose)
        people.state[i].protection += np.float32(off)
        people.state[i].self_regulation += np.float32(more_skill)
        _raise_bound(people, i, row.off - off, more_skill, rates)
        _add(people.exclusion_protection, i, effect.exclusion * dose)
        _add(people.ace_protection, i, effect.ace * dose)
        _add(shields.home, i, effect.acting_at_home * dose)
        _add(shields.victim, i, effect.victimisation * dose)
        people.child_bound[i] = ALWAYS
        row.dose, row.off = dose, off
        _hasten(people, i, key, step, months, fading, effect, dose, row.end, rates)
        if keep:
            rows[kept] = row
            kept += 1
    return kept


@inlined
def _raise_bound(people, i, less_off, more_skill, rates):
    """Raise the bound of acting by as much as one enrolment takes off less than before.

    What several take off together saturates, so it changes by no more than their sum.
    """
    own, of_grievance = rates.self_regulation
    rise = max(less_off, 0.0) + max(-own * more_skill, -of_grievance * more_skill, 0.0)
    if rise > 0.0:
        lift(people.act_bound, i, rise + _ROUNDING)


@inlined
def _shields_of(people, shields):
    return people.exclusion_protection, people.ace_protection, shields.home, shields.victim


@inlined
def _add(shield, i, off):
    """Add to what is taken off somebody's log rate, where any programme does that."""
    if len(shield):
        shield[i] += np.float32(off)


@part
def _dose(step, start, end, months, ramp_up, half_life):
    """Return the dose: it sets in after enrolment and halves with each half-life after its end."""
    length = (min(step, end - 1) - start + 1) * months
    dose = 1.0 if ramp_up <= 0.0 else -math.expm1(-length / ramp_up)
    if step >= end:
        dose *= _left(step, end, months, half_life)
    return dose


@part
def _left(step, end, months, half_life):
    return 0.5 ** ((step - end + 1) * months / half_life)


@part
def _hasten(people, i, key, step, months, fading, effect, dose, end, rates):
    """Let what hurts an enrolled resident end sooner: trauma, lack of work, repeated violence.

    Each has a rate of ending of its own; a programme adds to it, by a draw of its own.
    """
    identifier, tag = people.identifier[i], effect.tag
    if effect.trauma_recovery > 0.0 and has_trauma(people, i, fading):
        rate = effect.trauma_recovery * dose * rates.recovery
        word = randomness.word(key, identifier, step, randomness.TRAUMA_RECOVERY, tag)
        if randomness.happens(word, -math.expm1(-rate * months)):
            people.profile[i].trauma_until = fading.faded
    if step >= end:
        return
    if effect.neet_exit > 0.0 and people.profile[i].status == NEET:
        rate = effect.neet_exit * dose * rates.neet_exit
        word = randomness.word(key, identifier, step, randomness.NEET, tag)
        if randomness.happens(word, -math.expm1(-rate * months)):
            people.status_until[i] = min(np.int64(people.status_until[i]), np.int64(step + 1))
    if effect.pair_closing > 0.0:
        rate = effect.pair_closing * dose * rates.pair_closing
        words = randomness.four_words(key, identifier, step, randomness.PAIR_CLOSING, tag)
        _close_pairs(people, i, step, words, -math.expm1(-rate * months))


@part
def _close_pairs(people, i, step, words, chance):
    """End the repeated violence of a resident, and that of their household against them."""
    if in_pair(people, i, step) and randomness.happens(words[0], chance):
        people.state[i].opponent_until = step - 1
    if not randomness.happens(words[1], chance):
        return
    j = people.state[i].next_in_household
    while j != i:
        if in_pair(people, j, step) and people.state[j].opponent == i:
            people.state[j].opponent_until = step - 1
        j = people.state[j].next_in_household


