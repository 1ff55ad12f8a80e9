"""Births, deaths, moves and partnerships: drawn once a year, carried out month by month."""

import bisect
import math

from reference import childhood
from reference.places import Household, Neighbourhood
from reference.resident import Resident
from reference.world import DEAD, PRE_SCHOOL, single, within, years
from vru_model import randomness

MOVE_AGES = (16, 20, 30, 45, 65)  # years at which the rate of moving changes
MOST_TRIES = 64  # at finding a partner
PARTNER_AGE_GAP = years(7)


# --- the start of a year ------------------------------------------------------------------


def find_new_carer(child: Resident) -> None:
    """Give a child whose carer has died or gone the oldest adult of the household, if any."""
    if not child.alive or child.age >= years(18) or lives_with_carer(child):
        return
    adults = [other for other in child.household.others(child) if other.age >= years(18)]
    child.carer = min(adults, key=lambda adult: adult.birth_month, default=None)


def lives_with_carer(resident: Resident) -> bool:
    """Say whether a resident lives with the person who brought them up."""
    carer = resident.carer
    return carer is not None and carer.alive and carer.household is resident.household


def part(model, resident: Resident) -> None:
    """Part a couple, perhaps: the partner leaves, unless they care for more at home."""
    partner = resident.partner
    words = resident.words(randomness.SEPARATION, time=model.clock.year)
    if not randomness.happens(words[0], within(model.values.demography.separation)):
        return
    fewer = len(family(partner)) <= len(family(resident))
    leaver = partner if fewer else resident
    resident.partner = partner.partner = None
    model.events["separations"] += 1
    if resident.household is partner.household:
        settle(model, [leaver], destination(leaver.neighbourhood, words[1]))


def is_single(resident: Resident) -> bool:
    """Say whether a resident may find a partner: a single adult under 60."""
    of_age = years(18) <= resident.age < years(60)
    return of_age and resident.present and resident.partner is None


def find_partner(model, woman: Resident) -> None:
    """Let a woman who looks this year find a single man among up to 64 people near by."""
    rate, year = model.values.demography.partnering, model.clock.year
    if not woman.happens(randomness.PARTNERSHIP, within(rate), time=year):
        return
    pool = woman.neighbourhood.pool
    for attempt in range(1, MOST_TRIES + 1):
        if not pool:
            return
        word = woman.word(randomness.PARTNERSHIP, attempt, year)
        man = pool[randomness.below(word, len(pool))]
        suits = man.male and abs(woman.birth_month - man.birth_month) <= PARTNER_AGE_GAP
        if suits and man.household is not woman.household and is_single(man):
            settle(model, family(woman) + family(man), woman.neighbourhood)
            woman.partner, man.partner = man, woman
            model.events["partnerships"] += 1
            return


def draw_year(resident: Resident) -> None:
    """Draw whether a resident dies, gives birth or moves in the year, and in which month."""
    values, year = resident.model.values.demography, resident.model.clock.year
    age, deprivation = resident.age, resident.neighbourhood.deprivation

    def month(decision: int, rate: float) -> int | None:
        words = resident.words(decision, time=year)
        happens = randomness.happens(words[0], within(rate))
        return randomness.below(words[1], 12) if happens else None

    resident.dies = resident.bears = resident.moves = None
    if not resident.alive:
        return
    level = values.death_male if resident.male else values.death_female
    gompertz = level + values.death_age * (age / 12.0) + values.death_deprivation * deprivation
    resident.dies = month(randomness.DEATH, math.exp(gompertz))
    if not resident.male and years(15) <= age < years(45):
        rate = values.births[(age - years(15)) // years(5)]
        rate *= math.exp(values.births_deprivation * deprivation)
        resident.bears = month(randomness.BIRTH, rate)
    if age >= years(18) and speaks_for_couple(resident):
        band = sum(age >= years(start) for start in MOVE_AGES)
        at_home = lives_with_carer(resident)
        resident.moves = month(
            randomness.MOVE, values.leaving_home if at_home else values.moves[band]
        )


def speaks_for_couple(resident: Resident) -> bool:
    """Say whether a resident draws for the couple: the higher identifier does; singles always."""
    partner = resident.partner
    return partner is None or resident.identifier > partner.identifier


# --- the months ---------------------------------------------------------------------------


def bury(resident: Resident) -> None:
    """Take somebody who has died out of household and partnership."""
    resident.status, resident.status_until = DEAD, None
    resident.household.members.remove(resident)
    if resident.partner and resident.partner.partner is resident:
        resident.partner.partner = None


def bear_child(model, mother: Resident) -> None:
    """Add a child to the mother's household: ``u = r u_carer + sqrt(1 - r^2) e``."""
    values, month = model.values.demography, model.clock.month
    identifier = randomness.new_identifier(mother.identifier, month + 4096, 0)
    child = Resident(model, identifier, month, False, 0.0, mother.household)
    words = child.words(randomness.CHILD, time=0)
    child.male = randomness.happens(words[0], values.male_births)
    r = model.values.families.liability_correlation
    own = randomness.standard_normal(words[1])
    child.liability = single(r * mother.liability + math.sqrt(1.0 - r * r) * own)
    own = randomness.standard_normal(child.word(randomness.SELF_REGULATION, time=0))
    child.self_regulation = single(own)
    childhood.begin(child, PRE_SCHOOL)
    child.carer = mother
    mother.household.seat_after(mother, child)
    deprivation = child.neighbourhood.deprivation
    chance = values.death_infant * math.exp(values.death_deprivation * deprivation)
    if randomness.happens(words[2], chance):
        child.dies_as_infant = month + 1 + randomness.below(words[3], 12)


def move_home(model, resident: Resident) -> None:
    """Move with those in one's care, and with the partner and those in the partner's."""
    partner = resident.partner
    group = family(resident)
    if partner and partner.household is resident.household:
        group += family(partner)
    word = resident.word(randomness.DESTINATION, time=model.clock.year)
    settle(model, group, destination(resident.neighbourhood, word))


# --- households ---------------------------------------------------------------------------


def family(resident: Resident) -> list[Resident]:
    """Return a resident and those at home in their care, and in the care of those."""
    group, others = [resident], resident.household.others(resident)
    for member in group:  # it grows: each one gathered brings those in their own care
        group += [other for other in others if other.carer is member]
    return group


def settle(model, group: list[Resident], neighbourhood: Neighbourhood) -> None:
    """Move a group into a household of its own; each sits down next to the first."""
    household = Household(model.households, neighbourhood)
    model.households += 1
    for resident in group:
        resident.household.members.remove(resident)
        resident.household = household
    household.members.append(group[0])
    for resident in group[1:]:
        household.seat_after(group[0], resident)


def destination(home: Neighbourhood, word: int) -> Neighbourhood:
    """Return where a household that leaves a neighbourhood goes."""
    at = bisect.bisect_right(home.running_chances, randomness.uniform(word))
    return home.destinations[min(at, len(home.destinations) - 1)]
