"""Sobol's indices by SALib: which share of the spread comes from which parameter.

The first-order index is the share of the outcome's variance that a parameter explains by itself;
the total index adds all that it does together with others (Saltelli and others 2010).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from SALib.analyze import sobol as analyse_sobol
from SALib.sample import sobol as sample_sobol

from vru_model.analysis.sensitivity.emulator import Emulator
from vru_model.analysis.sensitivity.screening import problem_of

SAMPLES = 1024
_NORMAL_95 = 1.96
_COLUMNS = ("first", "first_error", "total", "total_error")


def indices_of(
    function: Callable[[np.ndarray], np.ndarray],
    names: Sequence[str],
    seed: int,
    samples: int = SAMPLES,
) -> pd.DataFrame:
    """Return Sobol's indices of a function of independent probabilities.

    Parameters
    ----------
    function
        From shape (points, parameters), each column uniform on 0 to 1, to (points,).
    names
        The parameters.
    samples
        A power of 2; the function is called at samples x (parameters + 2) points.

    Returns
    -------
    pandas.DataFrame
        By name: first, first_error, total, total_error; errors are half the 95% interval that
        the sampling leaves.
    """
    problem = problem_of(names, 0.0, 1.0)
    points = sample_sobol.sample(problem, samples, calc_second_order=False, seed=seed)
    with warnings.catch_warnings():
        # Resamples are compared with the 8 or so significant figures that indices need.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = analyse_sobol.analyze(
            problem, function(points), calc_second_order=False, seed=seed, print_to_console=False
        )
    columns = (found["S1"], found["S1_conf"], found["ST"], found["ST_conf"])
    return pd.DataFrame(
        {name: np.asarray(values) for name, values in zip(_COLUMNS, columns, strict=True)},
        index=pd.Index(names, name="name"),
    )


def emulated_indices(
    emulator: Emulator, names: Sequence[str], seed: int, samples: int = SAMPLES
) -> pd.DataFrame:
    """Return Sobol's indices of an emulator that predicts, with what its own points leave open.

    To the error of the sampling comes that of the emulator: the same indices without each tenth
    of its points, by the jackknife. Where it does not predict, every number is NaN.
    """
    if not emulator.predicts:
        return pd.DataFrame(np.nan, index=pd.Index(names, name="name"), columns=list(_COLUMNS))
    table = indices_of(emulator.model.predict, names, seed, samples)
    without = [indices_of(fold.predict, names, seed, samples // 4) for fold in emulator.folds]
    for column in ("first", "total"):
        values = np.array([each[column] for each in without])
        groups = len(values)
        variance = (groups - 1) / groups * np.sum((values - values.mean(axis=0)) ** 2, axis=0)
        error = table[f"{column}_error"]
        table[f"{column}_error"] = np.sqrt(error**2 + _NORMAL_95**2 * variance)
    return table
