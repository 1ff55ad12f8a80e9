"""The founders, and the state in which the warm-up finds them."""

from reference.childhood import MOST_ACE, ace_hazard, begin, end_of_status
from reference.places import Household
from reference.resident import Resident
from reference.world import (
    EXCLUDED,
    IN_SCHOOL,
    NEET,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
    single,
    years,
)
from vru_model import randomness

MOST_HISTORY = 20


def settle_founders(model, population) -> None:
    """Make an agent of every founder, in households, with carers and partners."""
    households: dict[int, Household] = {}
    rows = range(len(population))
    for row in rows:
        number = int(population.household[row])
        place = model.neighbourhoods[int(population.neighbourhood[row])]
        household = households.setdefault(number, Household(number, place))
        household.members.append(
            Resident(
                model, population.identifier[row], int(population.birth_month[row]),
                population.male[row], float(population.liability[row]), household,
            )
        )  # fmt: skip
    founders = list(model.residents)
    for row in rows:
        carer, partner = int(population.carer[row]), int(population.partner[row])
        founders[row].carer = founders[carer] if carer >= 0 else None
        founders[row].partner = founders[partner] if partner >= 0 else None
    model.households = max(households) + 1


def draw_pasts(model) -> None:
    """Draw every founder's childhood, carers before those in their care, then the present."""
    with_carers = [resident for resident in model.residents if resident.carer]
    without = [resident for resident in model.residents if not resident.carer]
    for resident in without + with_carers:
        draw_childhood(resident)
    for resident in model.residents:
        draw_present(resident)


def draw_childhood(resident: Resident) -> None:
    """Draw ACEs from the hazard over the childhood lived by year 1, and S after them."""
    values = resident.model.values
    lived = min(-resident.birth_month, years(18))
    hazard = ace_hazard(resident)
    words = resident.words(randomness.FOUNDER_ACE, time=0)
    early = randomness.poisson_count(words[0], hazard * min(lived, years(5)), MOST_ACE)
    late = randomness.poisson_count(words[1], hazard * max(lived - years(5), 0), MOST_ACE)
    late = min(late, MOST_ACE - early)
    resident.ace = early + late
    own = randomness.standard_normal(resident.word(randomness.FOUNDER_SELF_REGULATION, time=0))
    cost = values.causes.causal_share * values.early_life.self_regulation_loss
    resident.self_regulation = single(
        own - cost * (values.early_life.early_weight * early + late)
    )


def draw_present(resident: Resident) -> None:
    """Draw status, trauma and recent violence: H is Poisson with mean tau_H * rate of acting."""
    values = resident.model.values
    words = resident.words(randomness.FOUNDER_STATUS, time=0)
    begin(resident, present_status(resident, words[0], words[1]))
    if randomness.happens(words[2], values.trauma.at_start):
        word = resident.word(randomness.FOUNDER_TRAUMA, time=0)
        resident.suffer_trauma(word, first=resident.model.clock.step)
    if resident.age >= years(10):
        mean = values.acting.history_decay * resident.own_rate()
        resident.history = float(randomness.poisson_count(words[3], mean, MOST_HISTORY))


def present_status(resident: Resident, word: int, mark: int) -> str:
    """Return the status of today; five years of exposure leave the mark of ever excluded."""
    schooling, age = resident.model.values.schooling, resident.age
    if age < years(5):
        return PRE_SCHOOL
    if age < years(16):
        resident.ever_excluded = age >= years(11) and randomness.happens(
            word, schooling.excluded_at_start
        )
        return EXCLUDED if resident.ever_excluded else IN_SCHOOL
    resident.ever_excluded = randomness.happens(mark, 5.0 * schooling.excluded_at_start)
    neet = schooling.neet_young_at_start if age < years(25) else schooling.neet_adult_at_start
    if age < years(65) and randomness.happens(word, neet):
        return NEET
    return WORK_OR_EDUCATION


def draw_future(model) -> None:
    """Draw anew when statuses and T will end: what is to come is the world's own."""
    step = model.clock.step
    for resident in model.residents:
        if resident.present:
            resident.status_until = end_of_status(resident, step - 1)
        if resident.trauma:
            resident.suffer_trauma(resident.word(randomness.TRAUMA_RECOVERY), first=step)
