"""The age band of each year of age, as a table for compiled loops."""

import numpy as np

from vru_model.people import AGE_BAND_STARTS

_OLDEST_YEAR = 140

BAND_OF_YEAR = np.searchsorted(AGE_BAND_STARTS, np.arange(_OLDEST_YEAR), side="right") - 1
"""Rows of AGE_BANDS by completed year of age."""
