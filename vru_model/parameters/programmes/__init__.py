"""Programmes: what each changes, whom it reaches, when, at what cost, on what evidence.

A programme never multiplies an outcome. It changes one of the :data:`TARGETS`: a rate, a state
or an exposure in the model, of those whom it reaches and for as long as it lasts.
"""

from vru_model.parameters.programmes.delivery import Delivery
from vru_model.parameters.programmes.evidence import Evidence, Trial
from vru_model.parameters.programmes.parts import (
    STATUSES,
    Change,
    Cost,
    Eligibility,
    Reach,
    Referral,
    Share,
    Status,
    Timing,
)
from vru_model.parameters.programmes.programme import STANDINGS, Programme
from vru_model.parameters.programmes.targets import TARGETS, Target, TargetName

__all__ = [
    "STANDINGS", "STATUSES", "TARGETS", "Change", "Cost", "Delivery", "Eligibility", "Evidence",
    "Programme", "Reach", "Referral", "Share", "Status", "Target", "TargetName", "Timing", "Trial",
]
