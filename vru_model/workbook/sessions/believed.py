"""What a group's judgements come to: each person's distribution, the pool, the group's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.workbook.sessions.fitting import PROBABILITIES, SHOWN, Fitted, Pool, fits
from vru_model.workbook.sessions.record import LEVELS, Judgement, Question

POOL, CONSENSUS = "pool", "consensus"
COLUMNS = ("5%", "25%", "50%", "75%", "95%")
"""The quantiles that are read back, in the order of :data:`fitting.SHOWN`."""


@dataclass(frozen=True)
class Elicited:
    """All distributions of one question.

    Attributes
    ----------
    individual
        Pseudonym → best fit, of all who judged.
    pool
        Their linear pool, weighted as the session says; None where nobody judged.
    consensus
        The best fit of the group's own judgement; None before there is one.
    """

    individual: Mapping[str, Fitted]
    pool: Pool | None
    consensus: Fitted | None

    def chosen(self, question: Question) -> Fitted | Pool | None:
        """Return the distribution that the session chose; None where it chose none."""
        return {POOL: self.pool, CONSENSUS: self.consensus, None: None}[question.chosen]


def elicited(question: Question) -> Elicited:
    """Return the distributions of a question's judgements (checked when they were entered)."""
    individual = {who: fitted(each, question)[0] for who, each in question.judgements.items()}
    # Nobody weighed: all alike. Some weighed: who has no weight has none.
    weights = [question.weights.get(who, 0.0) if question.weights else 1.0 for who in individual]
    pool = Pool(tuple(individual.values()), tuple(weights)) if sum(weights) > 0 else None
    consensus = fitted(question.consensus, question)[0] if question.consensus else None
    return Elicited(individual, pool, consensus)


def fitted(judgement: Judgement, question: Question) -> list[Fitted]:
    """Return the families fitted to one judgement, best first.

    A ratio begins at nought: the ends of its parameter are far beyond what anybody believes.
    """
    low, high = (0.0, float("inf")) if question.asked == "as a ratio" else question.bounds
    return fits(judgement.values, PROBABILITIES, low, high)


def read_back(question: Question) -> pd.DataFrame:
    """Return what was said beside what was made of it, one row a person, then pool and group.

    Columns: who, what they said (five numbers), family, misfit (the largest difference between a
    stated and a fitted probability), and the fitted quantiles of :data:`COLUMNS`.
    """
    found = elicited(question)
    rows = []
    for who, fit in found.individual.items():
        rows.append(_row(who, question.judgements[who], fit))
    if found.pool is not None:
        quantiles = zip(COLUMNS, found.pool.quantile(np.array(SHOWN)), strict=True)
        rows.append({"who": POOL, **dict.fromkeys(LEVELS, np.nan), "family": "mean of the above",
                     "misfit": np.nan, **dict(quantiles)})  # fmt: skip
    if question.consensus is not None and found.consensus is not None:
        rows.append(_row(CONSENSUS, question.consensus, found.consensus))
    return pd.DataFrame(
        rows, columns=["who", *LEVELS, "family", "misfit", *COLUMNS]
    )


def compared_fits(judgement: Judgement, question: Question) -> pd.DataFrame:
    """Return every family's fit of one judgement, best first: family, misfit, quantiles, note."""
    rows = []
    for fit in fitted(judgement, question):
        note = f"puts {fit.outside:.1%} where it cannot be" if fit.outside > 0.0005 else ""
        rows.append({"family": fit.family, "misfit": _misfit(judgement, fit),
                     **dict(zip(COLUMNS, fit.quantile(np.array(SHOWN)), strict=True)),
                     "note": note})  # fmt: skip
    return pd.DataFrame(rows)


def _row(who: str, judgement: Judgement, fit: Fitted) -> dict[str, object]:
    return {
        "who": who, **dict(zip(LEVELS, judgement.values, strict=True)), "family": fit.family,
        "misfit": _misfit(judgement, fit),
        **dict(zip(COLUMNS, fit.quantile(np.array(SHOWN)), strict=True)),
    }  # fmt: skip


def _misfit(judgement: Judgement, fit: Fitted) -> float:
    return float(np.abs(fit.cdf(np.array(judgement.values)) - np.array(PROBABILITIES)).max())
