"""Phase 9: what violence leaves behind in those involved and those who saw it.

Grievance, history and sanctions are impulses that arrive evenly over the step and fade with
their own time constants (``traces``), so of an impulse m the amount
``m (tau/dt)(1 - exp(-dt/tau))`` is left when the step ends. Trauma is a state with an onset here,
which draws how long it will last.
"""

import math

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel
from vru_model.people import (
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
from vru_model.processes.act_bounds import add, lift, look_again
from vru_model.processes.acting import acts_per_grievance
from vru_model.processes.early_life import MOST_ACE, gain_ace
from vru_model.processes.records import DEATH as FATAL
from vru_model.processes.records import HOUSEHOLD, INJURY, PAIR, PEER
from vru_model.traces import bring_up_to_date, has_trauma, traumatise


def leave_traces(incidents, people, columns, fresh, contacts, *others):
    """Apply the incidents of one wave to the residents, in order, and say what they did.

    ``fresh`` gathers each resident's new grievance of the wave (float32, zero on entry);
    ``frozen`` is the warm-up, in which nobody dies and no ACE is gained.

    Returns which incidents happened (nobody in them had been killed before), the residents
    with new grievance (once each), those who developed post-traumatic stress, and the children
    who gained an ACE by seeing violence at home.
    """
    kept = np.ones(len(incidents), np.bool_)
    touched, onsets, aces = (np.empty(len(people), np.int32) for _ in range(3))
    some = np.zeros(sweeps.LANES, np.uint64), np.empty(sweeps.LANES, np.uint32)
    found = np.zeros(3, np.int64)
    _leave_traces(
        incidents, people, columns, fresh, contacts.ties, kept, touched, onsets, aces, found, some,
        *others,
    )
    return kept, touched[: found[0]], onsets[: found[1]], aces[: found[2]]


@kernel
def _leave_traces(
    incidents, people, columns, fresh, ties, kept, touched, onsets, aces, found, some, tables, key,
    clock, months, month, frozen, fading, acting, grievance, pairs, witnesses, trauma, early_life,
):
    still_history = _still_there(months, acting.history_decay)
    for n in range(len(incidents)):
        _ask_ahead(incidents, n, people, columns, fresh, ties)
        incident = incidents[n]
        i, j = incident.aggressor, incident.victim
        if people[i].status == DEAD or people[j].status == DEAD:
            kept[n] = False
            continue
        _add_to_history(
            people, columns, i, fading, acting,
            still_history * (pairs.history_weight if incident.origin == PAIR else 1.0),
        )  # fmt: skip
        injured = incident.severity >= INJURY
        mass = grievance.injured_victim if injured else grievance.uninjured_victim
        _aggrieve(j, mass * (1.0 - incident.calmed), fresh, touched, found)
        _remember(people, i, j, clock, grievance.memory / months)
        _open_pair(incident, people, columns, key, clock, months, month, pairs)
        if incident.venue == HOUSEHOLD:
            _bear_witness_at_home(
                incident, people, columns, fresh, key, clock, months, month, frozen, fading,
                acting, grievance, witnesses, trauma, touched, onsets, aces, found, early_life,
            )  # fmt: skip
        elif people[j].peer_row != NOBODY:
            _bear_witness_as_peers(
                incident, people, columns, fresh, ties, key, clock, months, month, fading,
                acting, grievance, witnesses, trauma, touched, onsets, found, some,
            )  # fmt: skip
        chance = trauma.injured if injured else trauma.uninjured
        _hurt(people, columns, j, _act(people, i, incident.number), key, clock, months, fading,
              chance, acting, trauma, onsets, found)  # fmt: skip
        if incident.severity == FATAL and not frozen:
            people[j].status = DEAD
            columns.status_until[j] = NEVER
    _resent(people, columns, touched[: found[0]], fresh, months, month, fading, tables, grievance)


@inlined
def _ask_ahead(incidents, n, people, columns, fresh, ties):
    """Ask for the memory of those involved in incidents to come, and then of their peers."""
    later = incidents[min(n + AHEAD, len(incidents) - 1)]
    for resident in (later.aggressor, later.victim):
        prefetch(people, resident)
        prefetch(columns.act_bound, resident)
    prefetch(fresh, later.victim)
    sooner = incidents[min(n + AHEAD // 2, len(incidents) - 1)]
    row = people[sooner.victim].peer_row
    if row != NOBODY:
        prefetch(ties.peers.reshape(-1), row * ties.peers.shape[1])
        prefetch(ties.identifier, row)


@inlined
def _add_to_history(people, columns, i, fading, acting, more):
    """Add to the history of a resident's own acts."""
    bring_up_to_date(people, i, fading)
    before = math.log1p(min(people[i].history, acting.history_cap))
    people[i].history += np.float32(more)
    after = math.log1p(min(people[i].history, acting.history_cap))
    lift(columns.act_bound, i, acting.history * (after - before))
    columns.victim_bound[i] = ALWAYS_HALF


@inlined
def _resent(people, columns, touched, fresh, months, month, fading, tables, grievance):
    """Add the new grievance of the wave to that of residents."""
    still = _still_there(months, grievance.decay)
    acting_out = grievance.decay * (1.0 - math.exp(-months / grievance.decay))
    for n in range(len(touched)):
        prefetch(people, touched[min(n + AHEAD, len(touched) - 1)])
        i = touched[n]
        bring_up_to_date(people, i, fading)
        more = np.float32(fresh[i] * still)
        people[i].grievance += more
        readiness = tables.grievance_peak[max(month - people[i].birth_month, 0)]
        add(columns.act_bound, i,
            acting_out * more * acts_per_grievance(people, i, readiness, grievance))  # fmt: skip


@inlined
def _still_there(months, decay):
    return decay / months * (1.0 - math.exp(-months / decay))


@inlined
def _aggrieve(j, mass, fresh, touched, found):
    if mass > 0.0:
        if fresh[j] == 0.0:
            touched[found[0]] = j
            found[0] += 1
        fresh[j] += np.float32(mass)


@inlined
def _remember(people, aggressor, victim, clock, steps):
    """The victim remembers the aggressor, unless already bound in a repeated pair of their own."""
    if people[victim].opponent_kind == PAIR_OPPONENT and people[victim].opponent_until >= clock:
        return
    people[victim].opponent = aggressor
    people[victim].opponent_kind = RETALIATION_OPPONENT
    people[victim].opponent_until = clock + int(math.ceil(steps))


@inlined
def _open_pair(incident, people, columns, key, clock, months, month, pairs):
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
        look_again(columns.act_bound, i)


@inlined
def _bear_witness_at_home(
    incident, people, columns, fresh, key, clock, months, month, frozen, fading, acting, grievance,
    witnesses, trauma, touched, onsets, aces, found, early_life,
):  # fmt: skip
    """Let children of the household see what happened."""
    i, j = incident.aggressor, incident.victim
    act = _act(people, i, incident.number)
    witness = people[j].next_in_household
    while witness != j:
        age = month - people[witness].birth_month
        if witness != i and people[witness].status < CUSTODY and 0 <= age < MONTHS_AT_18:
            words = randomness.four_words(
                key, people[witness].identifier, clock, randomness.WITNESS, act
            )
            if randomness.happens(words[0], witnesses.household):
                _affect(people, columns, witness, act, key, clock, months, age, fading, acting,
                        grievance, trauma, fresh, touched, onsets, found)  # fmt: skip
                may = not frozen and not people[witness].household_ace
                may = may and people[witness].ace < MOST_ACE
                if may and randomness.happens(words[1], witnesses.ace):
                    people[witness].household_ace = True
                    gain_ace(people, columns, witness, age, early_life)
                    aces[found[2]] = witness
                    found[2] += 1
        witness = people[witness].next_in_household


@inlined
def _bear_witness_as_peers(
    incident, people, columns, fresh, ties, key, clock, months, month, fading, acting, grievance,
    witnesses, trauma, touched, onsets, found, some,
):  # fmt: skip
    """Let peers of the victim see what happened; words of all come before anything else of them."""
    i, row = incident.aggressor, people[incident.victim].peer_row
    act = _act(people, i, incident.number)
    identifiers, words = some
    for slot in range(ties.number[row]):
        identifiers[slot] = ties.identifier[ties.peers[row, slot]]
    sweeps.first_words(key, identifiers, clock, randomness.WITNESS, act, words)
    chance = witnesses.peer if incident.venue == PEER else witnesses.public
    for slot in range(ties.number[row]):
        if not randomness.happens(words[slot], chance):
            continue
        witness = ties.young[ties.peers[row, slot]]
        if witness != i and people[witness].status < CUSTODY:
            age = month - people[witness].birth_month
            _affect(people, columns, witness, act, key, clock, months, age, fading, acting,
                    grievance, trauma, fresh, touched, onsets, found)  # fmt: skip


@inlined
def _act(people, aggressor, number):
    """Return the attempt by which draws of witnesses and victims name an act (24 bits)."""
    return np.uint32((people[aggressor].identifier + np.uint64(number)) & np.uint64(0xFFFFFF))


@inlined
def _affect(people, columns, witness, act, key, clock, months, age, fading, acting, grievance,
            trauma, fresh, touched, onsets, found):  # fmt: skip
    if age >= MONTHS_AT_10:
        _aggrieve(witness, grievance.witness, fresh, touched, found)
    _hurt(people, columns, witness, act, key, clock, months, fading, trauma.witness, acting, trauma,
          onsets, found)  # fmt: skip


@inlined
def _hurt(
    people, columns, j, act, key, clock, months, fading, chance, acting, trauma, onsets, found
):
    if has_trauma(people, j, fading):
        return
    words = randomness.four_words(key, people[j].identifier, clock, randomness.TRAUMA, act)
    if randomness.happens(words[0], chance):
        traumatise(people, j, words[1], fading, months, trauma)
        lift(columns.act_bound, j, acting.trauma)
        columns.victim_bound[j] = ALWAYS_HALF
        onsets[found[1]] = j
        found[1] += 1
