"""Phase 9: what violence leaves behind in those involved and those who saw it.

Grievance, history and sanctions are impulses that arrive evenly over the step and fade with
their own time constants (``traces``), so of an impulse m the amount
``m (tau/dt)(1 - exp(-dt/tau))`` is left when the step ends. Trauma is a state with an onset here,
which draws how long it will last.
"""

import math
from typing import NamedTuple

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
    in_pair,
)
from vru_model.prefetching import AHEAD, prefetch, prefetch_line, prefetch_to_draw
from vru_model.processes.act_bounds import add, lift
from vru_model.processes.acting import acts_per_grievance
from vru_model.processes.early_life import MOST_ACE, gain_ace
from vru_model.processes.records import DEATH as FATAL
from vru_model.processes.records import HOUSEHOLD, INJURY, PAIR, PEER
from vru_model.traces import bring_up_to_date, has_trauma, traumatise

# Turns of the loop over incidents by which their victims' peers are asked for, and looked at.
_PEERS_ASKED, _SEERS_FOUND = 2 * AHEAD // 3, AHEAD // 3


def leave_traces(incidents, people, fresh, contacts, *others):
    """Apply the incidents of one wave to the residents, in order, and say what they did.

    ``fresh`` gathers each resident's new grievance of the wave (float32, zero on entry);
    ``frozen`` is the warm-up, in which nobody dies and no ACE is gained.

    Returns which incidents happened (nobody in them had been killed before), the residents
    with new grievance (once each), those who developed post-traumatic stress, the children who
    gained an ACE by seeing violence at home, and the aggressors of the pairs that it opened.
    """
    kept = np.ones(len(incidents), np.bool_)
    touched, onsets, aces = (
        people.workspace.array(name, people.count, np.int32)
        for name in ("touched", "onsets", "aces")
    )
    seers = Seers(
        np.zeros(sweeps.LANES, np.uint64),
        np.empty(sweeps.LANES, np.uint32),
        np.empty((AHEAD, sweeps.LANES), np.int32),
        np.zeros(AHEAD, np.int64),
    )
    opened, found = np.empty(len(incidents), np.int32), np.zeros(4, np.int64)
    _leave_traces(
        incidents, people.rows, fresh, contacts.ties, kept, touched, onsets, aces, opened,
        found, seers, *others,
    )  # fmt: skip
    return (
        kept, touched[: found[0]], onsets[: found[1]].copy(), aces[: found[2]].copy(),
        opened[: found[3]],
    )  # fmt: skip


@kernel
def _leave_traces(
    incidents, people, fresh, ties, kept, touched, onsets, aces, opened, found, seers, tables,
    key, clock, months, month, frozen, fading, acting, grievance, pairs, witnesses, trauma,
    early_life,
):
    still_history = _still_there(months, acting.history_decay)
    for n in range(-AHEAD, len(incidents)):
        _ask_ahead(incidents, n, people, fresh, ties, key, clock, witnesses, seers)
        if n < 0:
            continue
        incident = incidents[n]
        i, j = incident.aggressor, incident.victim
        if people.profile[i].status == DEAD or people.profile[j].status == DEAD:
            kept[n] = False
            continue
        _add_to_history(
            people, i, fading, acting,
            still_history * (pairs.history_weight if incident.origin == PAIR else 1.0),
        )  # fmt: skip
        injured = incident.severity >= INJURY
        mass = grievance.injured_victim if injured else grievance.uninjured_victim
        _aggrieve(j, mass * (1.0 - incident.calmed), fresh, touched, found)
        _remember(people, i, j, clock, grievance.memory / months)
        _open_pair(incident, people, key, clock, months, month, pairs, opened, found)
        if incident.venue == HOUSEHOLD:
            _bear_witness_at_home(
                incident, people, fresh, key, clock, months, month, frozen, fading,
                acting, grievance, witnesses, trauma, touched, onsets, aces, found, early_life,
            )  # fmt: skip
        else:
            for k in range(seers.number[n % AHEAD]):
                witness = seers.rows[n % AHEAD, k]
                if witness != i and people.profile[witness].status < CUSTODY:
                    age = month - people.profile[witness].birth_month
                    _affect(people, witness, _act(people, i, incident.number), key, clock,
                            months, age, fading, acting, grievance, trauma, fresh, touched, onsets,
                            found)  # fmt: skip
        chance = trauma.injured if injured else trauma.uninjured
        _hurt(people, j, _act(people, i, incident.number), key, clock, months, fading,
              chance, acting, trauma, onsets, found)  # fmt: skip
        if incident.severity == FATAL and not frozen:
            people.profile[j].status = DEAD
            people.status_until[j] = NEVER
    _resent(people, touched[: found[0]], fresh, months, month, fading, tables, grievance)


class Seers(NamedTuple):
    """Who of the victim's peers sees each of some incidents ahead, and room to work it out."""

    identifier: np.ndarray  # uint64, of the peers of one victim
    words: np.ndarray  # uint32, theirs
    rows: np.ndarray  # int32, those who see it, shape (incidents, peers)
    number: np.ndarray  # how many they are, shape (incidents,)


@inlined
def _ask_ahead(incidents, n, people, fresh, ties, key, clock, witnesses, seers):
    """Ask for the memory of those involved in incidents to come, and then of who sees them."""
    if n + AHEAD < len(incidents):
        later = incidents[n + AHEAD]
        for resident in (later.aggressor, later.victim):
            prefetch_to_draw(people, resident)
            prefetch_line(people.act_bound, resident)
        prefetch_line(fresh, later.victim)
    if 0 <= n + _PEERS_ASKED < len(incidents):
        row = people.state[incidents[n + _PEERS_ASKED].victim].peer_row
        if row != NOBODY:
            prefetch_line(ties.identifier, row)
            prefetch_line(ties.peers.reshape(-1), row * ties.peers.shape[1])
    if 0 <= n + _SEERS_FOUND < len(incidents):
        _find_seers(incidents, n + _SEERS_FOUND, people, fresh, ties, key, clock, witnesses, seers)


@inlined
def _find_seers(incidents, n, people, fresh, ties, key, clock, witnesses, seers):
    """Find which of the victim's peers see an incident: words of all come before their rows."""
    incident = incidents[n]
    found, row = 0, people.state[incident.victim].peer_row
    if incident.venue != HOUSEHOLD and row != NOBODY:
        for slot in range(ties.number[row]):
            seers.identifier[slot] = ties.identifier[ties.peers[row, slot]]
        act = np.int64(_act(people, incident.aggressor, incident.number))
        sweeps.first_words(key, seers.identifier, clock, randomness.WITNESS, act, seers.words)
        chance = witnesses.peer if incident.venue == PEER else witnesses.public
        for slot in range(ties.number[row]):
            if randomness.happens(seers.words[slot], chance):
                witness = ties.young[ties.peers[row, slot]]
                seers.rows[n % AHEAD, found] = witness
                found += 1
                prefetch_to_draw(people, witness)
                prefetch_line(fresh, witness)
    seers.number[n % AHEAD] = found


@inlined
def _add_to_history(people, i, fading, acting, more):
    """Add to the history of a resident's own acts."""
    bring_up_to_date(people, i, fading)
    before = math.log1p(min(people.state[i].history, acting.history_cap))
    people.state[i].history += np.float32(more)
    after = math.log1p(min(people.state[i].history, acting.history_cap))
    lift(people.act_bound, i, acting.history * (after - before))
    people.victim_bound[i] = ALWAYS_HALF


@inlined
def _resent(people, touched, fresh, months, month, fading, tables, grievance):
    """Add the new grievance of the wave to that of residents."""
    still = _still_there(months, grievance.decay)
    acting_out = grievance.decay * (1.0 - math.exp(-months / grievance.decay))
    for n in range(len(touched)):
        prefetch(people, touched[min(n + AHEAD, len(touched) - 1)])
        i = touched[n]
        bring_up_to_date(people, i, fading)
        more = np.float32(fresh[i] * still)
        people.state[i].grievance += more
        readiness = tables.grievance_peak[max(month - people.profile[i].birth_month, 0)]
        add(people.act_bound, i,
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
    if in_pair(people, victim, clock):
        return
    people.state[victim].opponent = aggressor
    people.state[victim].opponent_kind = RETALIATION_OPPONENT
    people.state[victim].opponent_until = clock + int(math.ceil(steps))


@inlined
def _open_pair(incident, people, key, clock, months, month, pairs, opened, found):
    """A first incident among peers or at home may begin repeated violence against the victim."""
    i, j = incident.aggressor, incident.victim
    if incident.origin == PAIR or not (incident.venue == PEER or incident.venue == HOUSEHOLD):
        return
    if in_pair(people, i, clock):
        return
    if month - people.profile[j].birth_month < MONTHS_AT_18:
        chance = pairs.child
    elif people.state[i].partner == j:
        chance = pairs.partner
    else:
        chance = pairs.adult
    words = randomness.four_words(
        key, people.identifier[i], clock, randomness.DYAD_OPEN, incident.number
    )
    if randomness.happens(words[0], chance):
        life = -math.log(randomness.uniform(words[1])) * pairs.duration / months
        people.state[i].opponent = j
        people.state[i].opponent_kind = PAIR_OPPONENT
        # Rounded at random, so that pairs last as long on average whatever the step.
        steps = int(math.floor(life + randomness.uniform(words[2])))
        people.state[i].opponent_until = clock + min(steps, 1000)
        opened[found[3]] = i
        found[3] += 1


@inlined
def _bear_witness_at_home(
    incident, people, fresh, key, clock, months, month, frozen, fading, acting, grievance,
    witnesses, trauma, touched, onsets, aces, found, early_life,
):  # fmt: skip
    """Let children of the household see what happened."""
    i, j = incident.aggressor, incident.victim
    act = _act(people, i, incident.number)
    witness = people.state[j].next_in_household
    while witness != j:
        age = month - people.profile[witness].birth_month
        if witness != i and people.profile[witness].status < CUSTODY and 0 <= age < MONTHS_AT_18:
            words = randomness.four_words(
                key, people.identifier[witness], clock, randomness.WITNESS, act
            )
            if randomness.happens(words[0], witnesses.household):
                _affect(people, witness, act, key, clock, months, age, fading, acting,
                        grievance, trauma, fresh, touched, onsets, found)  # fmt: skip
                may = not frozen and not people.state[witness].household_ace
                may = may and people.state[witness].ace < MOST_ACE
                if may and randomness.happens(words[1], witnesses.ace):
                    people.state[witness].household_ace = True
                    gain_ace(people, witness, age, early_life)
                    aces[found[2]] = witness
                    found[2] += 1
        witness = people.state[witness].next_in_household


@inlined
def _act(people, aggressor, number):
    """Return the attempt by which draws of witnesses and victims name an act (24 bits)."""
    return np.uint32((people.identifier[aggressor] + np.uint64(number)) & np.uint64(0xFFFFFF))


@inlined
def _affect(people, witness, act, key, clock, months, age, fading, acting, grievance,
            trauma, fresh, touched, onsets, found):  # fmt: skip
    if age >= MONTHS_AT_10:
        _aggrieve(witness, grievance.witness, fresh, touched, found)
    _hurt(people, witness, act, key, clock, months, fading, trauma.witness, acting, trauma,
          onsets, found)  # fmt: skip


@inlined
def _hurt(
    people, j, act, key, clock, months, fading, chance, acting, trauma, onsets, found
):
    if has_trauma(people, j, fading):
        return
    words = randomness.four_words(key, people.identifier[j], clock, randomness.TRAUMA, act)
    if randomness.happens(words[0], chance):
        traumatise(people, j, words[1], fading, months, trauma)
        lift(people.act_bound, j, acting.trauma)
        people.victim_bound[j] = ALWAYS_HALF
        onsets[found[1]] = j
        found[1] += 1
