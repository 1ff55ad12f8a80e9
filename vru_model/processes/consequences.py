"""Phase 9: what violence leaves behind in those involved and those who saw it.

Grievance, history and sanctions are impulses that arrive evenly over the step and fade with
their own time constants, so of an impulse m the amount ``m (tau/dt)(1 - exp(-dt/tau))`` is left
when the step ends. Trauma is a state with an onset here and a recovery of its own.
"""

import math

import numba
import numpy as np

from vru_model import randomness
from vru_model.people import (
    ALWAYS,
    CUSTODY,
    DEAD,
    MONTHS_AT_10,
    MONTHS_AT_18,
    NOBODY,
    PAIR_OPPONENT,
    RETALIATION_OPPONENT,
)
from vru_model.processes.early_life import MOST_ACE, gain_ace
from vru_model.processes.records import DEATH as FATAL
from vru_model.processes.records import HOUSEHOLD, INJURY, PAIR, PEER

_TRACE = np.float32(1e-5)


@numba.njit(cache=True)
def fade(people, count, months, grievance_decay, history_decay, sanction_decay):
    """Let grievance, history and sanctions fade over one step."""
    keep_grievance = np.float32(math.exp(-months / grievance_decay))
    keep_history = np.float32(math.exp(-months / history_decay))
    keep_sanction = np.float32(math.exp(-months / sanction_decay))
    for i in range(count):
        people[i].grievance = _forget(people[i].grievance * keep_grievance)
        people[i].history = _forget(people[i].history * keep_history)
        people[i].sanction = _forget(people[i].sanction * keep_sanction)


@numba.njit(inline="always")
def _forget(value):
    """Let traces too small to matter vanish: subnormal numbers are slow."""
    return value if value > _TRACE else np.float32(0.0)


@numba.njit(cache=True)
def recover(people, count, key, clock, months, trauma):
    """Let post-traumatic stress end: faster for the share of cases that is treated."""
    rate = (1.0 + trauma.treated * (trauma.treated_ratio - 1.0)) / trauma.duration
    chance = -math.expm1(-rate * months)
    for i in range(count):
        if people[i].trauma:
            word = randomness.word(
                key, people[i].identifier, clock, randomness.TRAUMA_RECOVERY, 0
            )
            if randomness.happens(word, chance):
                people[i].trauma = False


@numba.njit(cache=True)
def leave_traces(
    incidents, people, fresh, contacts, key, clock, months, month, frozen,
    acting, grievance, pairs, witnesses, trauma, early_life,
):  # fmt: skip
    """Apply the incidents of one wave to the residents, in order, and say what they did.

    ``fresh`` gathers each resident's new grievance of the wave (float32, zero on entry);
    ``frozen`` is the warm-up, in which nobody dies and no ACE is gained.

    Returns which incidents happened (nobody in them had been killed before), the residents
    with new grievance (once each), those who developed post-traumatic stress, and the children
    who gained an ACE by seeing violence at home.
    """
    still_grievance = _still_there(months, grievance.decay)
    still_history = _still_there(months, acting.history_decay)
    kept = np.ones(len(incidents), np.bool_)
    touched, onsets, aces = _empty_list(), _empty_list(), _empty_list()
    for n in range(len(incidents)):
        incident = incidents[n]
        i, j = incident.aggressor, incident.victim
        if people[i].status == DEAD or people[j].status == DEAD:
            kept[n] = False
            continue
        weight = pairs.history_weight if incident.origin == PAIR else 1.0
        people[i].history += np.float32(weight * still_history)
        people[i].act_bound = ALWAYS
        injured = incident.severity >= INJURY
        mass = grievance.injured_victim if injured else grievance.uninjured_victim
        _aggrieve(j, mass * (1.0 - incident.calmed), fresh, touched)
        _remember(people, i, j, clock, grievance.memory / months)
        _open_pair(incident, people, key, clock, months, month, pairs)
        _bear_witness(
            incident, people, fresh, contacts, key, clock, month, frozen, grievance, witnesses,
            trauma, touched, onsets, aces, early_life,
        )  # fmt: skip
        chance = trauma.injured if injured else trauma.uninjured
        _hurt(people, j, i, incident.number, key, clock, chance, onsets)
        if incident.severity == FATAL and not frozen:
            people[j].status = DEAD
    for i in touched:
        people[i].grievance += np.float32(fresh[i] * still_grievance)
        people[i].act_bound = ALWAYS
    return kept, _array(touched), _array(onsets), _array(aces)


@numba.njit(inline="always")
def _still_there(months, decay):
    return decay / months * (1.0 - math.exp(-months / decay))


@numba.njit
def _empty_list():
    numbers = [np.int32(0)]
    numbers.clear()
    return numbers


@numba.njit
def _array(numbers):
    array = np.empty(len(numbers), np.int32)
    for n in range(len(numbers)):
        array[n] = numbers[n]
    return array


@numba.njit
def _aggrieve(j, mass, fresh, touched):
    if mass > 0.0:
        if fresh[j] == 0.0:
            touched.append(np.int32(j))
        fresh[j] += np.float32(mass)


@numba.njit
def _remember(people, aggressor, victim, clock, steps):
    """The victim remembers the aggressor, unless already bound in a repeated pair of their own."""
    if people[victim].opponent_kind == PAIR_OPPONENT and people[victim].opponent_until >= clock:
        return
    people[victim].opponent = aggressor
    people[victim].opponent_kind = RETALIATION_OPPONENT
    people[victim].opponent_until = clock + int(math.ceil(steps))


@numba.njit
def _open_pair(incident, people, key, clock, months, month, pairs):
    """A first incident among peers or at home may begin repeated violence against the victim."""
    i, j = incident.aggressor, incident.victim
    if incident.origin == PAIR or not (incident.venue == PEER or incident.venue == HOUSEHOLD):
        return
    if people[i].opponent_kind == PAIR_OPPONENT and people[i].opponent_until >= clock:
        return
    if month - people[j].birth_month < MONTHS_AT_18:
        chance = pairs.child
    elif people[i].partner == j:
        chance = pairs.partner
    else:
        chance = pairs.adult
    words = randomness.four_words(
        key, people[i].identifier, clock, randomness.DYAD_OPEN, incident.number
    )
    if randomness.happens(words[0], chance):
        life = -math.log(randomness.uniform(words[1])) * pairs.duration / months
        people[i].opponent = j
        people[i].opponent_kind = PAIR_OPPONENT
        # Rounded at random, so that pairs last as long on average whatever the step.
        steps = int(math.floor(life + randomness.uniform(words[2])))
        people[i].opponent_until = clock + min(steps, 1000)


@numba.njit
def _bear_witness(
    incident, people, fresh, contacts, key, clock, month, frozen, grievance, witnesses, trauma,
    touched, onsets, aces, early_life,
):  # fmt: skip
    i, j = incident.aggressor, incident.victim
    if incident.venue == HOUSEHOLD:
        witness = people[j].next_in_household
        while witness != j:
            age = month - people[witness].birth_month
            words = _witness_words(people, witness, i, incident.number, key, clock)
            sees = witness != i and people[witness].status < CUSTODY and 0 <= age < MONTHS_AT_18
            if sees and randomness.happens(words[0], witnesses.household):
                _affect(people, witness, i, incident.number, key, clock, age, grievance, trauma,
                        fresh, touched, onsets)  # fmt: skip
                may = not frozen and not people[witness].household_ace
                may = may and people[witness].ace < MOST_ACE
                if may and randomness.happens(words[1], witnesses.ace):
                    people[witness].household_ace = True
                    gain_ace(people, witness, age, early_life)
                    aces.append(np.int32(witness))
            witness = people[witness].next_in_household
        return
    row = people[j].peer_row
    if row == NOBODY:
        return
    chance = witnesses.peer if incident.venue == PEER else witnesses.public
    for slot in range(contacts.peers.shape[1]):
        witness = contacts.peers[row, slot]
        if witness == NOBODY:
            break
        if witness == i or people[witness].status >= CUSTODY:
            continue
        words = _witness_words(people, witness, i, incident.number, key, clock)
        if randomness.happens(words[0], chance):
            age = month - people[witness].birth_month
            _affect(people, witness, i, incident.number, key, clock, age, grievance, trauma,
                    fresh, touched, onsets)  # fmt: skip


@numba.njit
def _witness_words(people, witness, aggressor, number, key, clock):
    """Draws of one witness of one act: the attempt names the act by its aggressor and number."""
    act = (people[aggressor].identifier + np.uint64(number)) & np.uint64(0xFFFFFF)
    return randomness.four_words(
        key, people[witness].identifier, clock, randomness.WITNESS, np.uint32(act)
    )


@numba.njit
def _affect(people, witness, aggressor, number, key, clock, age, grievance, trauma, fresh,
            touched, onsets):  # fmt: skip
    if age >= MONTHS_AT_10:
        _aggrieve(witness, grievance.witness, fresh, touched)
    _hurt(people, witness, aggressor, number, key, clock, trauma.witness, onsets)


@numba.njit
def _hurt(people, j, aggressor, number, key, clock, chance, onsets):
    if people[j].trauma:
        return
    act = (people[aggressor].identifier + np.uint64(number)) & np.uint64(0xFFFFFF)
    word = randomness.word(
        key, people[j].identifier, clock, randomness.TRAUMA, np.uint32(act)
    )
    if randomness.happens(word, chance):
        people[j].trauma = True
        people[j].act_bound = ALWAYS
        onsets.append(np.int32(j))
