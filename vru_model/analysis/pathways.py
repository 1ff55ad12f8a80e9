"""Where people are lost on the way into programmes, and how far programmes share people.

Both read a stored run. A pathway counts people at each stage from the event, or the offer, to the
end of an enrolment; whoever is not at the next stage was lost between the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vru_model.experiments.intervals import spread
from vru_model.programmes.pathway import STAGES

if TYPE_CHECKING:
    from vru_model.experiments import Run

STAGE_TITLES = {
    "events": "it happened to them (an attendance, an exclusion, a charge ...)",
    "identified": "noticed by the agency that refers",
    "consented": "agreed to be referred",
    "offered": "offered a place",
    "accepted": "took it up",
    "lost_waiting": "lost while waiting for a place",
    "closed": "lost because the programme closed",
    "started": "started",
    "completed": "of these: complete",
    "left_early": "of these: leave early",
    "cut_short": "of these: cut short by the end of the money",
}
_MONTHS_A_YEAR = 12.0


def pathways(run: Run, years: range | None = None) -> pd.DataFrame:
    """Return how many people a year reach each stage of each funded programme.

    Parameters
    ----------
    run
        A run of a strategy.
    years
        Over which the yearly mean is taken; all years unless given.

    Returns
    -------
    DataFrame
        programme, stage, title, a_year with low95 and high95 over draws (NaN for one draw), share
        (of those who reached the first stage that the programme counts).
    """
    rows = _yearly(run, "pathway:", years)
    result = []
    for programme, stages in rows.groupby("programme", sort=True):
        first = None
        for stage in STAGES:
            of_stage = stages[stages["stage"] == stage]
            if of_stage.empty:
                continue
            found = spread(_by_draw(of_stage, run))
            mean = float(found.mean[0])
            first = mean if first is None else first
            result.append((programme, stage, STAGE_TITLES[stage], mean, float(found.low95[0]),
                           float(found.high95[0]), mean / first if first else float("nan")))
    return pd.DataFrame(result, columns=["programme", "stage", "title", "a_year", "low95", "high95",
                                         "share"])


def overlap(run: Run) -> pd.DataFrame:
    """Return how far programmes share people, and what saturation takes from their effect.

    Returns
    -------
    DataFrame
        measure (``in_1_programme``, ``in_2_programmes``, ``in_3_or_more_programmes``: people at
        any one time; ``protection_lost``: share of what the programmes would take off the log rate
        of acting that is lost because together they approach a ceiling), value with low95 and
        high95 over draws.
    """
    rows = _yearly(run, "overlap:", None)
    if rows.empty:
        return pd.DataFrame(columns=["measure", "value", "low95", "high95"])
    wide = rows.set_index(["draw", "replicate", "programme"])["value"].unstack("programme")
    people = wide.filter(like="in_").fillna(0.0) / _MONTHS_A_YEAR
    asked = wide["protection_asked"].where(wide["protection_asked"] > 0.0)
    values = people.assign(protection_lost=(1.0 - wide["protection_given"] / asked).fillna(0.0))
    result = []
    for measure, series in values.items():
        found = spread(series.unstack("replicate").to_numpy(float)[:, :, None])
        result.append((measure, float(found.mean[0]), float(found.low95[0]),
                       float(found.high95[0])))
    return pd.DataFrame(result, columns=["measure", "value", "low95", "high95"])


def _yearly(run: Run, prefix: str, years: range | None) -> pd.DataFrame:
    """Return draw, replicate, programme, stage and value: the mean over years."""
    totals = run.totals(by=("year", "measure"), roles=["programme"])
    totals = totals[totals["measure"].str.startswith(prefix)]
    span = list(range(1, run.years + 1) if years is None else years)
    totals = totals[totals["year"].isin(span)]
    keys = ["draw", "replicate", "measure"]
    mean = totals.groupby(keys, as_index=False)["value"].sum()
    parts = mean["measure"].str.split(":", expand=True).reindex(columns=[0, 1, 2])
    return mean.assign(programme=parts[1], stage=parts[2], value=mean["value"] / len(span))


def _by_draw(rows: pd.DataFrame, run: Run):
    """Return the counts as (draws, replicates, 1); a world that counts nobody is a nought."""
    worlds = pd.MultiIndex.from_tuples(
        [(key.draw, key.replicate) for key in run.worlds()], names=["draw", "replicate"]
    )
    values = rows.set_index(["draw", "replicate"])["value"].reindex(worlds, fill_value=0.0)
    return values.unstack("replicate").to_numpy(float)[:, :, None]
