"""Phase 10: recent violence, fear and collective efficacy of neighbourhoods.

Weak by default: ``C`` fades over six months, fear ``F`` follows C against its usual level, and
collective efficacy relaxes to its own level, lowered by fear (Sampson, Raudenbush and Earls
1997 for the idea; the strengths are judgement).
"""

import math

import numpy as np


def follow_violence(areas: np.ndarray, incidents: np.ndarray, months: float, parameters) -> None:
    """Update the neighbourhoods (dtype AREA) from the incidents that happened in them, in place."""
    happened = np.bincount(incidents["neighbourhood"], minlength=len(areas["recent"]))
    rate = 1000.0 * happened / np.maximum(areas["residents"], 1.0) / months
    _relax(areas["recent"], rate, months / parameters.violence_decay)
    against_usual = areas["recent"] / parameters.usual_incidents
    _relax(areas["fear"], against_usual, months / parameters.fear_decay)
    level = areas["own_efficacy"] + parameters.efficacy_fear * (areas["fear"] - 1.0)
    _relax(areas["efficacy"], level, months / parameters.efficacy_relaxation)


def _relax(state: np.ndarray, level: np.ndarray, steps: float) -> None:
    state += -math.expm1(-steps) * (level - state)
