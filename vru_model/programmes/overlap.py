"""Overlap: programmes share people, and what they take off a rate together approaches a ceiling."""

import math

import numpy as np
import pandas as pd

_KINDS = ("in_1_programme", "in_2_programmes", "in_3_or_more_programmes")
ASKED, GIVEN = "protection_asked", "protection_given"
_MONTHS = 3.0  # a quarterly count stands for three months


class Overlap:
    """Person-months in one, two, three or more programmes, and protection before and after.

    ``protection_asked`` adds up what programmes would take off the log rate of acting if nothing
    saturated, ``protection_given`` what they take off in fact: both in log-rate person-months of
    those who have any protection.
    """

    def __init__(self) -> None:
        """Begin a year with nobody."""
        self.begin_year()

    def begin_year(self) -> None:
        """Set all counts to zero."""
        self.months = dict.fromkeys((*_KINDS, ASKED, GIVEN), 0.0)

    def count(self, register, people, clock, ceiling: float) -> None:
        """Take the count of one quarter."""
        _, times = np.unique(register.present(clock.step), return_counts=True)
        for number, kind in enumerate(_KINDS, start=1):
            several = times >= number if number == len(_KINDS) else times == number
            self.months[kind] += _MONTHS * int(several.sum())
        touched = np.unique(register.rows["resident"])
        asked = people.rows.state["protection"][touched].astype(np.float64)
        asked = asked[asked > 0.0]
        given = -ceiling * np.expm1(-asked / ceiling)
        self.months[ASKED] += _MONTHS * math.fsum(asked)
        self.months[GIVEN] += _MONTHS * math.fsum(given)

    def frame(self) -> pd.DataFrame:
        """Return measure and value (of simulated residents)."""
        return pd.DataFrame(self.months.items(), columns=["measure", "value"])
