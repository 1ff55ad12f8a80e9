"""One incident worked out with pencil and paper, beside what the model did.

Nothing here calls the model's own arithmetic: every number is put together anew, in plain Python,
from the parameters, the states before the violence and the same random words. Notebook 03 shows
the working, and a test holds it against the model.
"""

from vru_model.workbook.by_hand.acting import acts, age_curves, hazard
from vru_model.workbook.by_hand.harm import consequences, ladder, weapon
from vru_model.workbook.by_hand.victims import tries, venue, weight
from vru_model.workbook.by_hand.watched import WatchedIncident, an_incident, show

__all__ = [
    "WatchedIncident", "acts", "age_curves", "an_incident", "consequences", "hazard", "ladder",
    "show", "tries", "venue", "weapon", "weight",
]  # fmt: skip
