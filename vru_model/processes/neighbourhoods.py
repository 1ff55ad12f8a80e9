"""Phase 10: recent violence, fear and collective efficacy of neighbourhoods.

Weak by default: ``C`` fades over six months, fear ``F`` follows C against its usual level, and
collective efficacy relaxes to its own level, lowered by fear (Sampson, Raudenbush and Earls
1997 for the idea; the strengths are judgement).
"""

import math

import numpy as np

from vru_model.compiling import inlined, kernel


def follow_violence(areas: np.ndarray, incidents: np.ndarray, *others) -> None:
    """Update the neighbourhoods (dtype AREA) from the incidents that happened in them, in place."""
    _follow(areas, np.bincount(incidents["neighbourhood"], minlength=len(areas)), *others)


@kernel
def _follow(areas, happened, months, parameters):
    fades = _share(months, parameters.violence_decay)
    calms = _share(months, parameters.fear_decay)
    returns = _share(months, parameters.efficacy_relaxation)
    for n in range(len(areas)):
        area = areas[n]
        rate = 1000.0 * happened[n] / max(area.residents, 1.0) / months
        area.recent += fades * (rate - area.recent)
        area.fear += calms * (area.recent / parameters.usual_incidents - area.fear)
        level = area.own_efficacy + parameters.efficacy_fear * (area.fear - 1.0)
        area.efficacy += returns * (level - area.efficacy)


@inlined
def _share(months, decay):
    """Return which share of the way to its level a state goes in a step."""
    return -math.expm1(-months / decay)
