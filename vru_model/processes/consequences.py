"""Phase 9: what violence leaves behind in those involved and those who saw it.

Grievance, history and sanctions are impulses that arrive evenly over the step and fade with
their own time constants (``traces``), so of an impulse m the amount
``m (tau/dt)(1 - exp(-dt/tau))`` is left when the step ends. Trauma is a state with an onset here,
which draws how long it will last.
"""

import math

import numba
import numpy as np

from vru_model import randomness
from vru_model.people import (
    ALWAYS,
    ALWAYS_HALF,
    CUSTODY,
    DEAD,
    MONTHS_AT_10,
    MONTHS_AT_18,
    NEVER,
    NOBODY,
    PAIR_OPPONENT,
    RETALIATION_OPPONENT,
)
from vru_model.prefetching import AHEAD, prefetch
from vru_model.processes.early_life import MOST_ACE, gain_ace
from vru_model.processes.records import DEATH as FATAL
from vru_model.processes.records import HOUSEHOLD, INJURY, PAIR, PEER
from vru_model.traces import bring_up_to_date, has_trauma, traumatise


@numba.njit(cache=True)
def leave_traces(
    incidents, people, columns, fresh, contacts, key, clock, months, month, frozen, fading,
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
        later = incidents[min(n + AHEAD, len(incidents) - 1)]
        prefetch(people, later.aggressor)
        prefetch(people, later.victim)
        incident = incidents[n]
        i, j = incident.aggressor, incident.victim
        if people[i].status == DEAD or people[j].status == DEAD:
            kept[n] = False
            continue
        weight = pairs.history_weight if incident.origin == PAIR else 1.0
        bring_up_to_date(people, i, fading)
        people[i].history += np.float32(weight * still_history)
        columns.act_bound[i] = ALWAYS
        columns.victim_bound[i] = ALWAYS_HALF
        injured = incident.severity >= INJURY
        mass = grievance.injured_victim if injured else grievance.uninjured_victim
        _aggrieve(j, mass * (1.0 - incident.calmed), fresh, touched)
        _remember(people, i, j, clock, grievance.memory / months)
        _open_pair(incident, people, key, clock, months, month, pairs)
        _bear_witness(
            incident, people, columns, fresh, contacts, key, clock, months, month, frozen, fading,
            grievance, witnesses, trauma, touched, onsets, aces, early_life,
        )  # fmt: skip
        chance = trauma.injured if injured else trauma.uninjured
        _hurt(people, columns, j, i, incident.number, key, clock, months, fading, chance, trauma,
              onsets)  # fmt: skip
        if incident.severity == FATAL and not frozen:
            people[j].status = DEAD
            columns.status_until[j] = NEVER
    for i in touched:
        bring_up_to_date(people, i, fading)
        people[i].grievance += np.float32(fresh[i] * still_grievance)
        columns.act_bound[i] = ALWAYS
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


@numba.njit(inline="always")
def _aggrieve(j, mass, fresh, touched):
    if mass > 0.0:
        if fresh[j] == 0.0:
            touched.append(np.int32(j))
        fresh[j] += np.float32(mass)


@numba.njit(inline="always")
def _remember(people, aggressor, victim, clock, steps):
    """The victim remembers the aggressor, unless already bound in a repeated pair of their own."""
    if people[victim].opponent_kind == PAIR_OPPONENT and people[victim].opponent_until >= clock:
        return
    people[victim].opponent = aggressor
    people[victim].opponent_kind = RETALIATION_OPPONENT
    people[victim].opponent_until = clock + int(math.ceil(steps))


@numba.njit(inline="always")
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


@numba.njit(inline="always")
def _bear_witness(
    incident, people, columns, fresh, contacts, key, clock, months, month, frozen, fading,
    grievance, witnesses, trauma, touched, onsets, aces, early_life,
):  # fmt: skip
    i, j = incident.aggressor, incident.victim
    if incident.venue == HOUSEHOLD:
        witness = people[j].next_in_household
        while witness != j:
            age = month - people[witness].birth_month
            words = _witness_words(people, witness, i, incident.number, key, clock)
            sees = witness != i and people[witness].status < CUSTODY and 0 <= age < MONTHS_AT_18
            if sees and randomness.happens(words[0], witnesses.household):
                _affect(people, columns, witness, i, incident.number, key, clock, months, age,
                        fading, grievance, trauma, fresh, touched, onsets)  # fmt: skip
                may = not frozen and not people[witness].household_ace
                may = may and people[witness].ace < MOST_ACE
                if may and randomness.happens(words[1], witnesses.ace):
                    people[witness].household_ace = True
                    gain_ace(people, columns, witness, age, early_life)
                    aces.append(np.int32(witness))
            witness = people[witness].next_in_household
        return
    row = people[j].peer_row
    if row == NOBODY:
        return
    chance = witnesses.peer if incident.venue == PEER else witnesses.public
    for slot in range(contacts.ties.number[row]):
        prefetch(people, contacts.ties.young[contacts.ties.peers[row, slot]])
    for slot in range(contacts.ties.number[row]):
        witness = contacts.ties.young[contacts.ties.peers[row, slot]]
        if witness == i or people[witness].status >= CUSTODY:
            continue
        words = _witness_words(people, witness, i, incident.number, key, clock)
        if randomness.happens(words[0], chance):
            age = month - people[witness].birth_month
            _affect(people, columns, witness, i, incident.number, key, clock, months, age,
                    fading, grievance, trauma, fresh, touched, onsets)  # fmt: skip


@numba.njit
def _witness_words(people, witness, aggressor, number, key, clock):
    """Draws of one witness of one act: the attempt names the act by its aggressor and number."""
    act = (people[aggressor].identifier + np.uint64(number)) & np.uint64(0xFFFFFF)
    return randomness.four_words(
        key, people[witness].identifier, clock, randomness.WITNESS, np.uint32(act)
    )


@numba.njit(inline="always")
def _affect(people, columns, witness, aggressor, number, key, clock, months, age, fading,
            grievance, trauma, fresh, touched, onsets):  # fmt: skip
    if age >= MONTHS_AT_10:
        _aggrieve(witness, grievance.witness, fresh, touched)
    _hurt(people, columns, witness, aggressor, number, key, clock, months, fading,
          trauma.witness, trauma, onsets)  # fmt: skip


@numba.njit(inline="always")
def _hurt(people, columns, j, aggressor, number, key, clock, months, fading, chance, trauma,
          onsets):  # fmt: skip
    if has_trauma(people, j, fading):
        return
    act = (people[aggressor].identifier + np.uint64(number)) & np.uint64(0xFFFFFF)
    words = randomness.four_words(
        key, people[j].identifier, clock, randomness.TRAUMA, np.uint32(act)
    )
    if randomness.happens(words[0], chance):
        traumatise(people, j, words[1], fading, months, trauma)
        columns.act_bound[j] = ALWAYS
        columns.victim_bound[j] = ALWAYS_HALF
        onsets.append(np.int32(j))
