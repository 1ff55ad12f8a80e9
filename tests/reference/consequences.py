"""What violence leaves behind in those involved and those who saw it."""

import math

from reference.childhood import MOST_ACE, suffer_ace
from reference.resident import Resident
from reference.victims import Incident
from reference.world import (
    DEAD,
    DEATH,
    HOME,
    INJURY,
    PAIR,
    PEER,
    RETALIATION,
    at_least,
    left_at_end,
    single,
    years,
)
from vru_model import randomness

LONGEST_PAIR = 1000  # steps


def leave_traces(incident: Incident, fresh: dict[Resident, float]) -> None:
    """Apply one incident: history, grievance (gathered in ``fresh``), memory, pair, witnesses, T.

    ``H += 1`` (less in a pair), ``G += 1`` of an injured and 0.4 of an uninjured victim, both as
    far as they are left when the step ends; P(trauma) is higher when injured.
    """
    model = incident.aggressor.model
    values, aggressor, victim = model.values, incident.aggressor, incident.victim
    acts = values.pairs.history_weight if incident.origin == PAIR else 1.0
    left = left_at_end(values.acting.history_decay, model.clock.months)
    aggressor.history = single(aggressor.history + single(acts * left))
    injured = at_least(incident.severity, INJURY)
    mass = values.grievance.injured_victim if injured else values.grievance.uninjured_victim
    aggrieve(victim, mass * (1.0 - incident.calmed), fresh)
    remember(victim, aggressor)
    open_pair(incident)
    if incident.venue == HOME:
        children_see(incident, fresh)
    else:
        peers_see(incident, fresh)
    hurt(victim, incident, values.trauma.injured if injured else values.trauma.uninjured)
    if incident.severity == DEATH and not model.frozen:
        victim.status, victim.status_until = DEAD, None


def aggrieve(resident: Resident, mass: float, fresh: dict[Resident, float]) -> None:
    """Add to a resident's new grievance of the wave."""
    if mass > 0.0:
        fresh[resident] = single(fresh.get(resident, 0.0) + single(mass))


def keep_grievance(fresh: dict[Resident, float]) -> None:
    """Add to G what is left of the new grievance when the step ends."""
    for resident, mass in fresh.items():
        months, values = resident.model.clock.months, resident.model.values
        left = mass * left_at_end(values.grievance.decay, months)
        resident.grievance = single(resident.grievance + single(left))


def remember(victim: Resident, aggressor: Resident) -> None:
    """The victim remembers the aggressor, unless bound in a repeated pair of their own."""
    if victim.has_open(PAIR):
        return
    model = victim.model
    memory = math.ceil(model.values.grievance.memory / model.clock.months)
    victim.opponent, victim.opponent_kind = aggressor, RETALIATION
    victim.opponent_until = model.clock.step + memory


def open_pair(incident: Incident) -> None:
    """A first incident among peers or at home may begin repeated violence against the victim.

    The pair lasts an exponential time of mean tau_d, rounded at random to whole steps.
    """
    aggressor, victim = incident.aggressor, incident.victim
    if incident.origin == PAIR or incident.venue not in (PEER, HOME) or aggressor.has_open(PAIR):
        return
    model, pairs = aggressor.model, aggressor.model.values.pairs
    if victim.age < years(18):
        chance = pairs.child
    else:
        chance = pairs.partner if aggressor.partner is victim else pairs.adult
    words = incident.words(randomness.DYAD_OPEN)
    if randomness.happens(words[0], chance):
        life = -math.log(randomness.uniform(words[1])) * pairs.duration / model.clock.months
        aggressor.opponent, aggressor.opponent_kind = victim, PAIR
        steps = math.floor(life + randomness.uniform(words[2]))
        aggressor.opponent_until = model.clock.step + min(steps, LONGEST_PAIR)


def children_see(incident: Incident, fresh: dict[Resident, float]) -> None:
    """Children at home may see it, and gain once in a life an ACE from seeing it."""
    values, frozen = incident.aggressor.model.values.witnesses, incident.aggressor.model.frozen
    for child in incident.victim.household.others(incident.victim):
        of_age = 0 <= child.age < years(18)  # in the warm-up some are not born yet
        if child is incident.aggressor or not child.present or not of_age:
            continue
        words = child.words(randomness.WITNESS, name_of_act(incident))
        if randomness.happens(words[0], values.household):
            see(child, incident, fresh)
            first = not child.household_ace and child.ace < MOST_ACE and not frozen
            if first and randomness.happens(words[1], values.ace):
                child.household_ace = True
                suffer_ace(child)
                child.model.events["aces at home"] += 1


def peers_see(incident: Incident, fresh: dict[Resident, float]) -> None:
    """The victim's peers may see it: more often among peers than in public."""
    values = incident.aggressor.model.values.witnesses
    chance = values.peer if incident.venue == PEER else values.public
    for peer in incident.victim.peers or []:
        if peer is not incident.aggressor and peer.present:
            words = peer.words(randomness.WITNESS, name_of_act(incident))
            if randomness.happens(words[0], chance):
                see(peer, incident, fresh)


def see(witness: Resident, incident: Incident, fresh: dict[Resident, float]) -> None:
    """A witness of ten or more gains grievance g_w; any may develop post-traumatic stress."""
    values = witness.model.values
    if witness.age >= years(10):
        aggrieve(witness, values.grievance.witness, fresh)
    hurt(witness, incident, values.trauma.witness)


def hurt(resident: Resident, incident: Incident, chance: float) -> None:
    """Let post-traumatic stress set in with a chance."""
    words = resident.words(randomness.TRAUMA, name_of_act(incident))
    if not resident.trauma and randomness.happens(words[0], chance):
        resident.suffer_trauma(words[1], first=resident.model.clock.step + 1)
        resident.model.counts.add("resident", "trauma_onsets", resident)


def name_of_act(incident: Incident) -> int:
    """Return the attempt that names an act in others' draws: 24 bits of aggressor and number."""
    return (int(incident.aggressor.identifier) + incident.number) % 2**24
