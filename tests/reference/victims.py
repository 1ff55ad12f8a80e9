"""Where an act happens, and against whom."""

import math
from dataclasses import dataclass

from reference.acting import Act
from reference.places import Neighbourhood
from reference.resident import Resident
from reference.world import (
    HOME,
    NIGHT,
    NO_INJURY,
    PAIR,
    PEER,
    RETALIATION,
    STREET,
    TRIGGERED,
    VENUES,
    of_age,
    of_venue,
    years,
)
from vru_model import randomness

MOST_TRIES = 256
CALLS_PER_ACT = 512  # room in the key for the calls of one act


@dataclass
class Incident:
    """One act of violence by one resident against another."""

    aggressor: Resident
    victim: Resident
    number: int
    origin: str  # own, triggered, pair
    venue: str
    place: Neighbourhood
    relationship: str
    weapon: str = "none"
    robbery: bool = False
    severity: str = NO_INJURY
    calmed: float = 0.0  # share of the victim's new grievance taken away by interruption
    # The chance of each severity or worse (admission: short of death), given its features.
    p_injury: float = 0.0
    p_emergency: float = 0.0
    p_admission: float = 0.0
    p_death: float = 0.0
    p_police: float = 0.0
    recorded_by_police: bool = False
    recorded_by_ambulance: bool = False
    recorded_by_emergency_department: bool = False
    recorded_by_hospital: bool = False
    charged: bool = False
    convicted: bool = False
    first_sanction: bool = False  # the aggressor's first, under 18
    detained: bool = False  # the aggressor's custody begins

    def words(self, decision: int) -> tuple:
        """Return the four words of a decision about this act."""
        return self.aggressor.words(decision, self.number)


def take_place(act: Act) -> Incident | None:
    """Return the incident that an act becomes.

    None where the venue holds nobody who can be hurt, or where the victim meant is out of reach.
    """
    resident, values = act.aggressor, act.aggressor.model.values.victims
    words = resident.words(randomness.VENUE, act.number)
    if act.origin == PAIR:
        victim, place = resident.opponent, resident.neighbourhood
        venue = HOME if victim.household is resident.household else PEER
    else:
        venue = choose_venue(resident, words[0])
        place, authority = choose_place(act, venue, words)
        victim = None
        if act.origin == TRIGGERED and venue != HOME:
            victim = earlier_aggressors_side(act)
            if victim and venue == NIGHT and victim.age < years(16):
                victim = None  # nobody under 16 goes out at night
        victim = victim or choose_victim(act, venue, place, authority, words[3])
    if not victim or not victim.about:
        return None
    word = resident.words(randomness.WEAPON, act.number)[3]
    known = relationship(resident, victim, word, of_venue(values.stranger, venue))
    return Incident(resident, victim, act.number, act.origin, venue, place, known)


def choose_venue(resident: Resident, word: int) -> str:
    """Draw the venue in proportion to the rates exp f_v(age)."""
    rates = resident.model.curves.rates(resident.age, resident.model.pupils)
    target = randomness.uniform(word) * sum(rates)
    for venue, rate in zip(VENUES[:-1], rates, strict=False):
        target -= rate
        if target < 0.0:
            return venue
    return HOME


def choose_place(act: Act, venue: str, words: tuple) -> tuple[Neighbourhood, int]:
    """Return the neighbourhood, and the authority whose night-time pool is drawn on.

    Street violence happens at home or, for a share, in one of the eight nearest neighbourhoods;
    a night out is spent in the own authority's centre, the largest authority's, or any.
    """
    resident, model = act.aggressor, act.aggressor.model
    values, home = model.values.victims, resident.neighbourhood
    if venue == STREET and randomness.happens(words[1], values.nearby):
        return home.near[randomness.below(words[2], len(home.near))], home.authority
    if venue != NIGHT:
        return home, home.authority
    authority = home.authority
    share = randomness.uniform(words[1]) - values.night_own_authority
    if share >= values.night_regional_centre:
        authority = randomness.below(words[2], len(model.night_places))
    elif share >= 0.0:
        authority = model.regional_centre
    places = model.night_places[authority]
    word = resident.word(randomness.NIGHT_PLACE, act.number)
    return places[randomness.below(word, len(places))], authority


def earlier_aggressors_side(act: Act) -> Resident | None:
    """Return whom a triggered act goes at, if at the earlier aggressor's side: q_ret.

    The earlier aggressor in person, or one of their peers who is not the actor.
    """
    resident, values = act.aggressor, act.aggressor.model.values.grievance
    if not resident.has_open(RETALIATION):
        return None
    words = resident.words(randomness.RETALIATION, act.number)
    if not randomness.happens(words[0], values.retaliation):
        return None
    opponent = resident.opponent
    if not opponent.peers or randomness.happens(words[1], values.at_aggressor):
        return opponent
    peer = opponent.peers[randomness.below(words[2], len(opponent.peers))]
    return opponent if peer is resident else peer


def choose_victim(
    act: Act, venue: str, place: Neighbourhood, authority: int, word: int
) -> Resident | None:
    """Return a victim from the venue's pool: partner or others at home, peers, passers-by."""
    resident, model = act.aggressor, act.aggressor.model
    if venue == HOME:
        partner = resident.partner
        if partner and randomness.happens(word, model.values.victims.partner):
            return partner
        others = resident.household.others(resident)
        return draw_from([o for o in others if o.about and o is not partner], act, venue)
    if venue == PEER and resident.peers:
        return draw_from(resident.peers, act, venue)
    return draw_from(model.night_pools[authority] if venue == NIGHT else place.pool, act, venue)


def draw_from(pool: list[Resident], act: Act, venue: str) -> Resident | None:
    """Draw from a pool in proportion to the weights, by rejection against a constant bound.

    Try r uses half of the four words of call r // 2: one for the candidate, one to accept. When
    all tries are refused the last candidate who could be hurt is taken.
    """
    resident, last = act.aggressor, None
    if not pool:
        return None
    bound = resident.model.values.victims.greatest_weight
    for attempt in range(MOST_TRIES // 2):
        words = resident.words(randomness.VICTIM, act.number * CALLS_PER_ACT + attempt)
        for candidate_word, accept_word in (words[:2], words[2:]):
            candidate = pool[randomness.below(candidate_word, len(pool))]
            if candidate is resident or not candidate.about:
                continue
            weight = victim_weight(candidate, venue)
            if weight <= 0.0:
                continue
            last = candidate
            if randomness.happens(accept_word, weight / bound):
                return candidate
    return last


def victim_weight(resident: Resident, venue: str) -> float:
    """``exp{f_v(age) + g_sex male + g_H ln(1+H) + g_T T + g_u u}``, times presence at night."""
    values, on = resident.model.values.victims, resident.model.on
    weight = math.exp(
        of_age(values.age, resident.age)
        + of_venue(values.male, venue) * resident.male
        + values.history * resident.log_history
        + on["trauma"] * values.trauma * resident.trauma
        + values.liability * resident.liability
    )
    return weight * of_age(values.night_attendance, resident.age) if venue == NIGHT else weight


def relationship(resident: Resident, victim: Resident, word: int, stranger: float) -> str:
    """Return what the victim is to the aggressor."""
    if victim is resident.partner:
        return "partner"
    if victim.household is resident.household:
        return "family"
    return "stranger" if randomness.happens(word, stranger) else "acquaintance"
