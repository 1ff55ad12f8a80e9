"""Whether a strategy keeps the conditions of its grant: pass or fail, and how much room is left.

The conditions are data (``parameters/grant_rules.yaml``), most of them not yet read in a grant
agreement; results say so beside each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vru_model.parameters.accounts.grant_rules import GrantProfile, grant_profile

if TYPE_CHECKING:
    from vru_model.scenario import Scenario

UNVERIFIED = "illustrative: not yet read in the grant agreement"
COLUMNS = ["rule", "title", "year", "share", "least", "most", "kept", "headroom", "verified",
           "source"]  # fmt: skip


def check_grant(scenario: Scenario, years: int = 3, profile: GrantProfile | None = None
                ) -> pd.DataFrame:
    """Return one row a condition and year with money.

    Parameters
    ----------
    scenario
        The strategy.
    years
        How many years to look at, from year 1.
    profile
        The grant's conditions; the latest known unless given.

    Returns
    -------
    DataFrame
        rule, title, year, share (of the money that the condition names), least and most (NaN
        where there is no such limit), kept, headroom (£ a year by which the condition is kept;
        below 0, by which it is missed), verified, source.
    """
    conditions = grant_profile() if profile is None else profile
    rows = []
    for year in range(1, years + 1):
        money = money_by_purpose(scenario, year)
        if not money["programmes"]:
            continue
        for name, rule in conditions.rules.items():
            part, whole = money[rule.of], money[rule.to]
            least, most = rule.limits(year)
            rooms = [] if least is None else [part - least * whole]
            rooms += [] if most is None else [most * whole - part]
            rows.append((name, rule.title, year, part / whole if whole else float("nan"),
                         least, most, min(rooms) >= 0.0, min(rooms), rule.verified, rule.source))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"least": float, "most": float})


def money_by_purpose(scenario: Scenario, year: int) -> dict[str, float]:
    """Return the £ of a strategy's year by purpose: see ``GrantRule.of`` and ``to``.

    Money beyond the grant is match funding; where no grant is named, all of it is the grant's.
    """
    lines = [line for line in scenario.funding if line.covers(year)]
    programmes = {line.programme: 0.0 for line in lines}
    for line in lines:
        programmes[line.programme] += line.money_per_year
    high = sum(pounds for name, pounds in programmes.items()
               if scenario.programmes[name].evidence.toolkit == "high")
    spent = sum(programmes.values())
    other = (scenario.team_per_year + scenario.evaluation_per_year) if spent else 0
    budget = spent + other
    grant = budget if scenario.grant_per_year is None else min(scenario.grant_per_year, budget)
    return {
        "programmes": spent, "high_impact_programmes": high, "budget": budget, "grant": grant,
        "match_funding": budget - grant, "evaluation": scenario.evaluation_per_year if spent else 0,
        "team": scenario.team_per_year if spent else 0,
    }  # fmt: skip
