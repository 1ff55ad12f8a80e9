"""What programmes prevent on the spot: in covered places, at home, against the protected."""

import math

from reference.treated import PREVENTED_IN
from reference.victims import Incident
from reference.world import HOME
from vru_model import randomness


def is_prevented(incident: Incident) -> bool:
    """Say whether an act that has found its venue and victim does not take place after all.

    It is prevented by the guardianship of the place, by the support of one who would act at home
    and by the protection of the victim, each with a word of its own. Of what places prevent, a
    share happens near by instead, between the same people.
    """
    model, aggressor, victim = incident.aggressor.model, incident.aggressor, incident.victim
    words = incident.words(randomness.PREVENTED)
    prevented = False
    for kind, venue in PREVENTED_IN.items():
        chance = getattr(incident.place, kind)
        if venue == incident.venue and randomness.happens(words[0], chance):
            prevented = not moves_elsewhere(incident)
            model.events[kind if prevented else "displaced"] += 1
            break
    if incident.venue == HOME and randomness.happens(words[1], averted(aggressor.home_shield)):
        model.events["prevented at home"] += 1
        prevented = True
    if randomness.happens(words[2], averted(victim.victim_shield)):
        model.events["victims protected"] += 1
        prevented = True
    return prevented


def averted(shield: float) -> float:
    """Return the share of acts that does not take place at a lower log rate."""
    return -math.expm1(-shield)


def moves_elsewhere(incident: Incident) -> bool:
    """Say whether an incident moves to a neighbourhood near by, and move it."""
    words, near = incident.words(randomness.DISPLACED), incident.place.near
    if not randomness.happens(words[0], incident.aggressor.model.scenario.shock.displacement):
        return False
    incident.place = near[randomness.below(words[1], len(near))]
    return True
