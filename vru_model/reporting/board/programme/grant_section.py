"""The conditions of the grant and match funding: what is kept, what is missed, what is to find."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vru_model.analysis.grant_rules import check_grant, money_by_purpose
from vru_model.parameters.accounts.grant_rules import grant_profile
from vru_model.reporting.blocks import Block, Panel, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.programme.spells import spells, year_words
from vru_model.reporting.estimates import label
from vru_model.reporting.words import in_words, money, sentence_case


def grant_blocks(case: BoardCase) -> list[Block]:
    """Return whether the strategy keeps the conditions of its grant, and what match is needed."""
    table = check_grant(case.strategy, years=case.options.years)
    profile = grant_profile()
    verified = bool(table["verified"].all())
    warning = "" if verified else (
        "These conditions are **illustrative**: they were not read in the grant agreement. Check "
        "the agreement before relying on them."
    )  # fmt: skip
    blocks: list[Block] = [Prose(grant_message(case, table))]
    if warning:
        blocks.append(Panel("warning", "", [Prose(warning)], level=3))
    return [*blocks, grant_table(table, profile.title), match_table(case, table)]


def grant_message(case: BoardCase, table: pd.DataFrame) -> str:
    """Return which conditions are missed, and by how much."""
    if table.empty:
        return "There is no money in the strategy, so no condition of a grant applies."
    missed = table[~table["kept"]]
    if missed.empty:
        return (f"{sentence_case(label(case.strategy.name))} keeps every condition looked at, in "
                "every year with money.")  # fmt: skip
    parts = []
    for title, rows in missed.groupby("title", sort=False):
        years = [int(year) for year in rows["year"]]
        short = -float(rows["headroom"].min())
        when = "every year" if len(years) == table["year"].nunique() else year_words(years)
        parts.append(f"{_lower(title)} ({when}; up to {money(short)} a year short)")
    return f"{sentence_case(label(case.strategy.name))} misses: {escape('; '.join(parts))}."


def grant_table(table: pd.DataFrame, title: str) -> Table:
    """Return each condition with its share, its limit and the room that is left."""
    rows = []
    same = ["share", "least", "most", "kept", "headroom"]
    for years, spell in _by_rule(table, same):
        first = spell.iloc[0]
        rows.append({
            "Condition": first["title"],
            "Years": sentence_case(years),
            "This strategy": f"{100 * first['share']:.0f}%",
            "Asked for": _limit(first),
            "Kept": "yes" if first["kept"] else "no",
            "Room a year": money(first["headroom"]),
            "How it is known": "read" if first["verified"] else "illustrative",
        })  # fmt: skip
    return Table(
        name="grant-rules",
        caption=f"Conditions of the grant ({title}), and whether the strategy keeps them; below £0 "
        "of room is what is missing. Illustrative: not yet read in the grant agreement",
        frame=pd.DataFrame(rows),
        data=table,
        source="parameters/grant_rules.yaml and the strategy's document",
        text_columns=("Years", "Asked for", "Kept", "How it is known"),
    )


def match_table(case: BoardCase, table: pd.DataFrame) -> Table:
    """Return the grant, the match funding that is in the strategy and what the condition asks."""
    asked = table[table["rule"] == "match_funding"].set_index("year")["least"].to_dict()
    rows, data = [], []
    for year in range(1, case.options.years + 1):
        found = money_by_purpose(case.strategy, year)
        needed = found["grant"] * float(asked.get(year, 0.0))
        missing = max(0.0, needed - found["match_funding"])
        data.append({"year": year, **found, "match_asked": needed, "match_missing": missing})
    frame = pd.DataFrame(data)
    columns = ["grant", "match_funding", "match_asked", "match_missing", "team", "evaluation"]
    for years, spell in spells(frame, columns):
        first = spell.iloc[0]
        rows.append({
            "Years": sentence_case(years),
            "Grant": money(first["grant"]), "Match funding in it": money(first["match_funding"]),
            "Match asked for": money(first["match_asked"]),
            "Still to be found": money(first["match_missing"]),
            "Team": money(first["team"]), "Evaluation": money(first["evaluation"]),
        })  # fmt: skip
    return Table(
        name="match-funding",
        caption=f"Grant and match funding a year, {case.strategy.price_year} prices; where the "
        "strategy names no grant, all of its money is taken to be the grant's",
        frame=pd.DataFrame(rows),
        data=frame,
        source="parameters/grant_rules.yaml (illustrative) and the strategy's document",
    )


def _by_rule(table: pd.DataFrame, same: list[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    for _, rows in table.groupby("rule", sort=False):
        yield from spells(rows.sort_values("year"), same)


def _limit(row: pd.Series) -> str:
    parts = []
    if np.isfinite(row["least"]):
        parts.append(f"at least {100 * row['least']:.0f}%")
    if np.isfinite(row["most"]):
        parts.append(f"at most {100 * row['most']:.0f}%")
    return in_words(parts)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
