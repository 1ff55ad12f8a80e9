"""Measures that need every incident: what each service records, and repeat victimisation.

They exist for runs that were asked for with `--incidents`; an age group needs `--people` too,
because an incident names its victim and not the victim's age.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from vru_model.analysis.counting import WORLD
from vru_model.experiments.compare import ALL_AGES
from vru_model.processes.calendar import START

if TYPE_CHECKING:
    from vru_model.experiments.results import Run
    from vru_model.parameters.accounts.measures import Measure

_RECORDED = (
    "recorded_by_police",
    "recorded_by_ambulance",
    "recorded_by_emergency_department",
    "recorded_by_hospital",
)
REPEATS = "repeat_victimisation"

# The size of a simulated resident is read off the run itself,
# as counted incidents over kept ones, so that it is right at every scale.
_COUNTS = """
with dated as (
    select i.*, cast(floor(date_diff('month', date '{start}', date) / 12)
                     as integer) + 1 as year
    from incidents i {join}
    where {ages}
),
counted as (
    select draw, replicate, year, {recorded},
           count(*) - count(distinct victim) as {repeats}
    from dated group by draw, replicate, year
),
weights as (
    select draw, replicate, any_value(total) / count(*) as weight
    from incidents join (
        select draw, replicate, sum(value) as total from measures
        where role = 'victim' and measure = 'incidents' group by draw, replicate
    ) using (draw, replicate) group by draw, replicate
)
select draw, replicate, year, {weighted} from counted join weights using (draw, replicate)
order by draw, replicate, year
"""
_JOIN = """
join (
    select draw, replicate, resident, max(age_months - case when "when" = 'end' then {months}
                                          else 0 end) as months_at_start
    from people group by draw, replicate, resident
) p on p.draw = i.draw and p.replicate = i.replicate and p.resident = i.victim
"""
_UNDER_25 = """
months_at_start + date_diff('month', date '{start}', date) < 300
"""


def missing_tables(run: Run, group: str = ALL_AGES) -> list[str]:
    """Return the options that worlds of the run would have needed: "--incidents", "--people"."""
    needed = {"incidents": "--incidents"}
    if group != ALL_AGES:
        needed["people"] = "--people"
    whole = run.worlds()
    return [option for table, option in needed.items() if run.worlds(table) != whole]


def incident_counts(
    run: Run, measures: Mapping[str, Measure], group: str = ALL_AGES
) -> pd.DataFrame:
    """Return the counts by world and year of the measures that are found from incidents.

    Parameters
    ----------
    run
        A run that kept its incidents (see :func:`missing_tables`).
    measures
        Name → measure; those that are counted in the run are left out.
    group
        "all ages" or "under 25".

    Returns
    -------
    pandas.DataFrame
        Index: draw, replicate, year; one column a measure, at full size.
    """
    named = (*_RECORDED, REPEATS)
    under_25 = group != ALL_AGES
    found = run.query(
        _COUNTS.format(
            recorded=", ".join(f"sum(cast({name} as integer)) as {name}" for name in _RECORDED),
            repeats=REPEATS,
            weighted=", ".join(f"{name} * weight as {name}" for name in named),
            join=_JOIN.format(months=12 * run.years) if under_25 else "",
            ages=_UNDER_25.format(start=START) if under_25 else "true",
            start=START,
        ),
    ).set_index([*WORLD, "year"])
    chosen = {name: each.from_incidents for name, each in measures.items() if each.from_incidents}
    return pd.DataFrame({name: found[column] for name, column in chosen.items()})
