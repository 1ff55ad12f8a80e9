"""Who commits serious violence at which age, and how much of violence answers violence."""

from __future__ import annotations

import numpy as np

from vru_model.analysis.patterns.registry import statistic
from vru_model.analysis.patterns.tables import WorldTables, ratio
from vru_model.processes.records import EMERGENCY_DEPARTMENT

_AGES = np.arange(10, 66)
_PEAKS = np.arange(12, 31)
_SHARPNESS = 6.0


@statistic
def serious_violence_peak_age(world: WorldTables) -> float:
    """Age at which serious violence (emergency department or worse) is committed most, in years.

    A mean of the ages 12 to 30 weighted by a high power of the rate: near the highest point,
    but smooth, so that chance does not throw it from one age to the next.
    """
    rate = _serious_rate(world)
    ages = np.isin(_AGES, _PEAKS)
    top = rate[ages].max()
    if not top > 0:
        return float("nan")
    weight = (rate[ages] / top) ** _SHARPNESS
    # People of a year of age are on average half a year older.
    return float((weight * (_AGES[ages] + 0.5)).sum() / weight.sum())


@statistic
def serious_violence_at_40(world: WorldTables) -> float:
    """Rate of committing serious violence at 38 to 42 against that at 18 to 20."""
    return ratio(_rate_between(world, 38, 42), _rate_between(world, 18, 20))


@statistic
def triggered_share(world: WorldTables) -> float:
    """Share of incidents that were set off by earlier ones."""
    return float((world.happened["origin"] == "triggered").mean())


def _serious(world: WorldTables) -> np.ndarray:
    committed = world.happened
    return committed.loc[committed["harm"] >= EMERGENCY_DEPARTMENT, "aggressor_age"].to_numpy()


def _rate_between(world: WorldTables, low: int, high: int) -> float:
    ages = _serious(world)
    return ratio(float(((ages >= low) & (ages <= high)).sum()), world.heads(low, high))


def _serious_rate(world: WorldTables) -> np.ndarray:
    """Return the rate by year of age from 10, smoothed over five years with falling weights."""
    edges = np.append(_AGES, _AGES[-1] + 1)
    acts = np.histogram(_serious(world), edges)[0].astype(float)
    people = np.histogram(world.start["age"], edges)[0].astype(float)
    window = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
    smooth = [np.convolve(each, window, "same") for each in (acts, people)]
    return smooth[0] / np.maximum(smooth[1], 1.0)
