"""Who acts: acts of one's own, acts that grievances set off, and repeated pairs."""

import math
from typing import NamedTuple

from reference.resident import Resident
from reference.world import OWN, PAIR, TRIGGERED
from vru_model import randomness

MOST_ACTS = 6
# Numbers of a resident's acts in a step: own and triggered from 0, then pair, then echo.
FIRST_OF_PAIR, FIRST_ECHO = 8, 16


class Act(NamedTuple):
    """One act; the aggressor, the step and the number name it in every later draw."""

    aggressor: Resident
    number: int
    origin: str


def acts_of(resident: Resident) -> list[Act]:
    """Return a resident's acts of the step.

    ``n ~ Poisson(min(own dt + omega G tau (1 - exp(-dt/tau)), ceiling dt))``, each triggered with
    the share that grievance has in this mean; in an open pair, Poisson acts besides.
    """
    if not resident.about:
        return []
    model, months = resident.model, resident.model.clock.months
    tau = model.values.grievance.decay
    own = months * resident.own_rate()
    fading = tau * (1.0 - math.exp(-months / tau))
    triggered = resident.grievance * resident.acts_per_grievance() * fading
    mean = min(own + triggered, model.values.acting.rate_ceiling * months)
    acts = []
    for k in range(randomness.poisson_count(resident.word(randomness.ACT), mean, MOST_ACTS)):
        share = triggered / (own + triggered)
        by_grievance = resident.happens(randomness.TRIGGERED, share, attempt=k)
        acts.append(Act(resident, k, TRIGGERED if by_grievance else OWN))
    if resident.has_open(PAIR):
        mean = model.values.pairs.acts_per_month * months * math.exp(-resident.shield)
        number = randomness.poisson_count(resident.word(randomness.DYAD_ACT), mean, MOST_ACTS)
        acts += [Act(resident, FIRST_OF_PAIR + k, PAIR) for k in range(number)]
    return acts


def echoes_of(resident: Resident, fresh: float) -> list[Act]:
    """Return the acts that a resident's new grievance sets off before the step ends.

    Of new grievance the share ``1 - (tau/dt)(1 - exp(-dt/tau))`` acts in the step itself.
    """
    if not resident.about:
        return []
    months, tau = resident.model.clock.months, resident.model.values.grievance.decay
    share = 1.0 - tau / months * (1.0 - math.exp(-months / tau))
    mean = fresh * resident.acts_per_grievance() * tau * share
    number = randomness.poisson_count(resident.word(randomness.ECHO), mean, MOST_ACTS)
    return [Act(resident, FIRST_ECHO + k, TRIGGERED) for k in range(number)]
