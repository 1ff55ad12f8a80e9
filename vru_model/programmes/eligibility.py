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


def covered(place, line, rule) -> np.ndarray:
    """Return which neighbourhoods the money and the programme's own rule cover.

    ``line`` is the line of funding and ``rule`` the programme's eligibility. All named limits
    hold at once; the most in need are the most deprived of those that the others leave, the
    larger first where two are alike.
    """
    table = place.neighbourhoods
    covers = np.ones(len(table), bool)
    if line.authorities:
        codes = np.array([authority.code for authority in place.authorities])
        covers &= np.isin(codes[table["local_authority"].to_numpy()], line.authorities)
    for deciles in (line.deprivation_deciles, rule.deprivation_deciles):
        if deciles:
            covers &= table["deprivation_decile"].isin(deciles).to_numpy()
    if line.wards:
        covers &= table["ward"].isin(line.wards).to_numpy()
    if line.neighbourhoods:
        covers &= table["neighbourhood"].isin(line.neighbourhoods).to_numpy()
    if line.most_in_need is not None:
        order = np.lexsort((-table["residents"].to_numpy(), -table["deprivation"].to_numpy()))
        chosen = order[covers[order]][: line.most_in_need]
        covers = np.isin(np.arange(len(table)), chosen)
    return covers
