"""Small worlds worked by hand, in the shape of the stored tables."""

import pandas as pd

from vru_model.analysis.patterns.world_lives import Lives

PERSON = {
    "when": "start", "carer": 0, "partner": 0, "household": 0, "age_months": 30 * 12,
    "sex": "male", "neighbourhood": "A", "local_authority": "E08000025", "deprivation_decile": 1,
    "liability": 0.0, "ace": 0, "self_regulation": 0.0, "trauma": False, "history": 0.0,
    "status": "work or education",
}  # fmt: skip
INCIDENT = {
    "date": "2027-04-01", "aggressor": 1, "victim": 2, "neighbourhood": "A", "venue": "peer",
    "relationship": "acquaintance", "severity": "none", "weapon": "none", "robbery": False,
    "origin": "own", "triggered_by": -1, "recorded_by_police": False,
    "recorded_by_ambulance": False, "recorded_by_emergency_department": False,
    "recorded_by_hospital": False, "convicted": False,
}  # fmt: skip


def people(*rows, stay=True):
    """Return a people table: residents 1, 2, ... with what differs; all are there at the end."""
    start = pd.DataFrame([{**PERSON, "resident": n, **row} for n, row in enumerate(rows, 1)])
    end = start.assign(when="end", age_months=start["age_months"] + 12 if stay else 0)
    return pd.concat([start, end], ignore_index=True)


def incidents(*rows):
    """Return an incidents table with what differs from one act of resident 1 against 2."""
    table = pd.DataFrame([{**INCIDENT, **row} for row in rows], columns=list(INCIDENT))
    return table.assign(date=pd.to_datetime(table["date"]), incident=range(len(table)))


def lives(residents, acts, years=1):
    """Return the lives of a world of these residents and acts."""
    return Lives.of(people(*residents), incidents(*acts), years)
