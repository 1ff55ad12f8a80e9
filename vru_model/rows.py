"""What is kept of a resident, as compiled loops read it: one entry a resident in each array.

What happens to people touches few of them and most of what they are: that lies together, in one
line of a processor's cache. What sweeps ask of everybody lies apart, and so does what is sought
for few or only saves work.
"""

from typing import NamedTuple

import numpy as np

from vru_model.compiling import inlined

PROFILE = np.dtype(
    [
        ("birth_month", np.int16),  # months since the start of year 1
        ("neighbourhood", np.uint16),
        ("status", np.uint8),  # one of STATUS_NAMES
        ("male", np.bool_),
        ("trauma_until", np.int16),  # post-traumatic stress lasts until this step of fading
    ]
)
"""What sweeps ask of everybody and most looks at somebody begin with."""

STATE = np.dtype(
    [
        ("ace", np.uint8),  # adverse childhood experiences, 0-9
        ("opponent_kind", np.uint8),
        ("ever_excluded", np.bool_),
        ("household_ace", np.bool_),  # has had the one ACE of seeing violence at home
        ("liability", np.float32),  # standard score
        ("self_regulation", np.float32),  # standard score
        ("protection", np.float32),  # what programmes take off the log rate of acting
        ("grievance", np.float32),  # units of one injury suffered, as of faded_at
        ("history", np.float32),  # own acts, as of faded_at
        ("sanction", np.float32),  # formal sanctions, as of faded_at
        ("faded_at", np.int16),  # steps of fading that lay behind them then; see traces
        ("norm_at", np.int16),  # steps of norms that lay behind peer_norm then
        ("peer_norm", np.float32),  # 0-3, as of norm_at
        ("norm_level", np.float32),  # towards which it moves
        ("opponent", np.int32),  # the last counterpart
        ("opponent_until", np.int16),  # step
        ("peer_row", np.int32),  # row in the table of ties
        ("partner", np.int32),  # NOBODY where there is none
        ("next_in_household", np.int32),  # the members of a household form a ring
        ("carer", np.int32),  # NOBODY where there is none
    ],
    align=True,
)
"""What else a resident is, and what happens to them: 64 bytes, one line of a processor's cache."""


class Rows(NamedTuple):
    """All residents as the kernels read them, one entry a resident in each array.

    Attributes
    ----------
    profile, state
        Rows of PROFILE and STATE: ``people.state[i].history``.
    identifier
        The permanent identifier, uint64.
    household
        The number of the household, int32: the same for its members alone.
    act_bound
        No word at or above it means an act, uint32; see ``acting``.
    child_bound
        No word at or above it means an ACE or an exclusion, uint32; see ``early_life``.
    victim_bound
        No half word at or above it means that a candidate becomes the victim, uint16; see
        ``victims``.
    status_until
        The step at which the status ends by itself, int16; see ``schooling``.
    exclusion_protection, ace_protection
        What programmes take off the log hazards of an exclusion and of an ACE, float32; no
        entries where no programme does, see ``shield_of``.
    """

    profile: np.ndarray
    state: np.ndarray
    identifier: np.ndarray
    household: np.ndarray
    act_bound: np.ndarray
    child_bound: np.ndarray
    victim_bound: np.ndarray
    status_until: np.ndarray
    exclusion_protection: np.ndarray
    ace_protection: np.ndarray


COLUMN = np.dtype(
    [
        ("identifier", np.uint64),
        ("household", np.int32),
        ("act_bound", np.uint32),
        ("child_bound", np.uint32),
        ("victim_bound", np.uint16),
        ("status_until", np.int16),
        ("exclusion_protection", np.float32),
        ("ace_protection", np.float32),
    ]
)
"""The types of what lies in arrays of its own."""


def fields_of(kind: np.dtype) -> tuple[str, ...]:
    """Return the names of what a row of some kind holds."""
    return kind.names or ()


PROTECTIONS = ("exclusion_protection", "ace_protection")


@inlined
def shield_of(shield, i):
    """Return what programmes take off somebody's log rate, where any does that at all."""
    return np.float64(shield[i]) if len(shield) else 0.0
