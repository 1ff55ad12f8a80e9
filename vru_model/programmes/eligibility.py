"""Who may take part in a programme, as its document says."""

import numpy as np

from vru_model.people import (
    CUSTODY,
    DEAD,
    EXCLUDED,
    IN_SCHOOL,
    NEET,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
    People,
)

STATUS_OF = {
    "pre_school": PRE_SCHOOL,
    "in_school": IN_SCHOOL,
    "excluded": EXCLUDED,
    "work_or_education": WORK_OR_EDUCATION,
    "neet": NEET,
    "custody": CUSTODY,
}


def eligible(people: People, residents, rule, places) -> np.ndarray:
    """Return those of some residents (indices) who meet the rule's age, sex, status and place.

    ``places`` says which neighbourhoods the money covers: bool, shape (neighbourhoods,).
    """
    state = people.state
    age = people.month - state["birth_month"][residents]
    may = (age >= rule.minimum_age_months) & (age < rule.maximum_age_months)
    may &= places[state["neighbourhood"][residents]]
    if rule.sex != "any":
        may &= state["male"][residents] == (rule.sex == "male")
    status = state["status"][residents]
    if rule.statuses:
        may &= np.isin(status, [STATUS_OF[name] for name in rule.statuses])
    else:
        may &= (status != DEAD) & (status != CUSTODY)
    return residents[may]


def covered(neighbourhoods, authorities, places, deciles) -> np.ndarray:
    """Return which neighbourhoods lie in the named authorities (all if none) and deciles."""
    covers = np.ones(len(neighbourhoods), bool)
    if places:
        rows = [n for n, authority in enumerate(authorities) if authority.code in places]
        covers &= neighbourhoods["local_authority"].isin(rows).to_numpy()
    if deciles:
        covers &= neighbourhoods["deprivation_decile"].isin(deciles).to_numpy()
    return covers
