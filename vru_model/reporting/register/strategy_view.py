"""A strategy before it is run: its money, the rules of its grant, and how it is meant to work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from vru_model.analysis.grant_rules import UNVERIFIED, check_grant
from vru_model.experiments.store import write_text
from vru_model.reporting.register import theory_of_change
from vru_model.reporting.report.charts import encoded
from vru_model.reporting.strategies import who
from vru_model.reporting.words import MINUS, count, money
from vru_model.scenario import Scenario

_YEARS = 3


def described(scenario: Scenario) -> Iterator[Any]:
    """Yield what a strategy is: a sentence, its money, grant rules, its map in words."""
    yield scenario.sentence()
    if not scenario.funding:
        yield "It funds nothing: there is no money, no grant rule and no map to show."
        return
    yield scenario.budget_source or "No source of the budget is given."
    yield _rendered(money_table(scenario), "What the money buys, at full size")
    yield _rendered(rules_table(scenario), "Rules of the grant")
    yield _rendered(theory_of_change.table(scenario), "How it is meant to work")
    shown = [programme for programme in scenario.programmes_funded
             if programme.standing in ("no benefit", "unknown, may harm", "harmful")]
    for programme in shown:
        yield f"Take care: {programme.title} is graded “{programme.standing}”. {programme.harms}"


def money_table(scenario: Scenario) -> pd.DataFrame:
    """Return one row a line of funding: money of years 1 to 3, what it buys, how cost is known."""
    rows = []
    for line in scenario.funding:
        programme = scenario.programmes[line.programme]
        years = scenario.funded_years(line)
        per_year = [years[year].money for year in range(_YEARS)]
        whole = sum(each.money_per_year for each in scenario.funding
                    if each.programme == line.programme and each.covers(line.first_year))
        share = line.money_per_year / max(whole, 1)
        low, mean, high = (programme.reached_for(whole, cost) * share for cost in (
            programme.cost.high, None, programme.cost.low))
        unit = {"place": "neighbourhoods", "none": "staff"}.get(programme.eligibility.selection,
                                                                "people")
        rows.append({
            "Programme": programme.title,
            **{f"£ in year {year + 1}": count(per_year[year]) for year in range(_YEARS)},
            "Buys a year": f"{count(mean)} {unit} ({count(low)} to {count(high)})",
            "For": who(programme.eligibility),
            "Unit cost": f"{money(programme.cost.unit_cost)}, {programme.cost.basis}",
            "Expect": programme.standing,
        })  # fmt: skip
    other = [("The unit's team", scenario.team_per_year),
             ("Evaluation", scenario.evaluation_per_year)]
    for title, pounds in other:
        if pounds:
            rows.append({"Programme": title,
                         **{f"£ in year {year + 1}": count(pounds) for year in range(_YEARS)}})
    return pd.DataFrame(rows).fillna("")


def rules_table(scenario: Scenario) -> pd.DataFrame:
    """Return one row a rule and year: pass or fail, and the room in £."""
    found = check_grant(scenario, _YEARS)
    rows = [{
        "Rule": row.title, "Year": str(row.year), "Share": f"{100 * row.share:.1f}%",
        "Asked": " ".join([*([f"at least {100 * row.least:g}%"] if row.least == row.least else []),
                           *([f"at most {100 * row.most:g}%"] if row.most == row.most else [])]),
        "Kept": "pass" if row.kept else "fail",
        "Room": f"{'' if row.headroom >= 0 else MINUS}£{count(abs(row.headroom))} a year",
        "Checked": "read in the grant agreement" if row.verified else UNVERIFIED,
    } for row in found.itertuples()]  # fmt: skip
    return pd.DataFrame(rows)


def write_strategy(scenario: Scenario, out: Path) -> list[Path]:
    """Write the map (PNG, SVG, its words and table) and the tables as CSV; return the files."""
    files = []
    if scenario.funding:
        alt = theory_of_change.alternative_text(scenario)
        for kind in ("png", "svg"):
            path = out / f"theory_of_change.{kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(theory_of_change.draw(scenario), kind, alt))
            files.append(path)
        files.append(out / "theory_of_change.txt")
        write_text(files[-1], f"{theory_of_change.title(scenario)}\n\n{alt}\n")
        tables = {"theory_of_change": theory_of_change.table(scenario),
                  "money": money_table(scenario), "grant_rules": check_grant(scenario, _YEARS)}
        for name, frame in tables.items():
            files.append(out / f"{name}.csv")
            write_text(files[-1], frame.to_csv(index=False, lineterminator="\n"))
    return files


def _rendered(frame: pd.DataFrame, title: str) -> Table:
    table = Table(title=title)
    for heading in frame.columns:
        table.add_column(heading, overflow="fold",
                         justify="right" if heading.startswith("£") else "left")
    for row in frame.itertuples(index=False):
        table.add_row(*map(str, row))
    return table
