"""What programmes prevent on the spot: violence in covered places, at home, against the protected.

An act that finds its venue and victim does not take place with the chance that guardianship of the
place, support of the one who would act at home, or protection of the victim prevents it. Acts are
thinned one by one, each by draws of its own, so nothing else in the world moves.
"""

import math

import numpy as np

from vru_model import randomness
from vru_model.compiling import inlined, kernel
from vru_model.prefetching import AHEAD, prefetch_line
from vru_model.processes.records import HOUSEHOLD, NEIGHBOURHOOD, NIGHT_TIME_ECONOMY, PEER

PREVENTED_BY = {
    "street_prevention": NEIGHBOURHOOD,
    "night_prevention": NIGHT_TIME_ECONOMY,
    "peer_prevention": PEER,
}
"""Column of the areas → the venue whose incidents it prevents."""


def prevent(incidents, *others) -> np.ndarray:
    """Return the incidents that still take place; they move forward, and some move elsewhere.

    The last argument is the share of what places prevent that happens in a near neighbourhood
    instead, between the same people.
    """
    return incidents[: _prevent(incidents, *others)]


@kernel
def _prevent(incidents, people, areas, nearest, shields, key, clock, displaced):
    kept = 0
    for n in range(len(incidents)):
        prefetch_line(people.identifier, incidents[min(n + AHEAD, len(incidents) - 1)].aggressor)
        incident, happens = incidents[n], True
        i, j, place = incident.aggressor, incident.victim, incident.neighbourhood
        words = randomness.four_words(
            key, people.identifier[i], clock, randomness.PREVENTED, incident.number
        )
        if randomness.happens(words[0], _chance_of_place(areas, place, incident.venue)):
            where = randomness.four_words(
                key, people.identifier[i], clock, randomness.DISPLACED, incident.number
            )
            happens = randomness.happens(where[0], displaced)
            if happens:
                near = randomness.below(where[1], nearest.shape[1])
                incident.neighbourhood = nearest[place, near]
        if incident.venue == HOUSEHOLD and len(shields.home):
            happens &= not randomness.happens(words[1], -math.expm1(-shields.home[i]))
        if len(shields.victim):
            happens &= not randomness.happens(words[2], -math.expm1(-shields.victim[j]))
        if happens:
            incidents[kept] = incident
            kept += 1
    return kept


@inlined
def _chance_of_place(areas, place, venue):
    if venue == NEIGHBOURHOOD:
        return areas[place].street_prevention
    if venue == NIGHT_TIME_ECONOMY:
        return areas[place].night_prevention
    if venue == PEER:
        return areas[place].peer_prevention
    return 0.0
