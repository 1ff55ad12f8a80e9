"""The options side by side: business as usual, do minimum, the preferred strategy, do maximum."""

from __future__ import annotations

import pandas as pd

from vru_model.analysis.appraisal.prices import CENTRAL
from vru_model.analysis.wording import rounding_step
from vru_model.reporting import result_tables, strategies
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import MAXIMUM, MINIMUM, STRATEGY, BoardCase
from vru_model.reporting.board.decision import headline_years, ratio
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.estimates import label
from vru_model.reporting.measures import HEADLINE_GROUP, HEADLINE_MEASURE
from vru_model.reporting.words import (
    chance,
    in_words,
    money,
    pounds,
    sentence_case,
    two_figures,
)

TITLES = {MINIMUM: "Do minimum", STRATEGY: "Preferred", MAXIMUM: "Do maximum"}
_USUAL = "Business as usual"


def options_blocks(case: BoardCase, readings: Readings) -> list[Block]:
    """Return the message of the comparison, then the options side by side."""
    return [Prose(message(case)), side_by_side(case, readings)]


def message(case: BoardCase) -> str:
    """Return which option averts most, and which gives most for its money, as far as is known."""
    last = headline_years(case)[-1]
    found = {
        part: case.findings.estimates.get(
            case.scenarios[part].name, HEADLINE_MEASURE, HEADLINE_GROUP, last
        )
        for part in _parts(case)
    }
    told = [part for part, one in found.items() if one.verdict == "fewer"]
    what = HEADLINE_MEASURE.of(HEADLINE_GROUP)
    if told:
        named = [f"{_name(case, part)} averts {found[part].size80}" for part in told]
        kind = "interval" if len(told) == 1 else "intervals"
        first = f"By year {last} {in_words(named)} {what} (80% {kind})."
    else:
        first = f"By year {last} no option can be told from business as usual in {what}."
    worth = {part: _central(case, part)["chance_benefits_exceed_costs"] for part in _parts(case)}
    likely = [part for part, share in worth.items() if share > 0.5]
    names = in_words([_name(case, part) for part in likely])
    second = (
        f"Benefits are more likely than not to exceed costs for {names}."
        if likely else "For no option are benefits more likely than not to exceed costs."
    )  # fmt: skip
    return (
        f"{first} {second} The options spend different sums: compare the benefits for each £1, "
        "not the totals alone."
    )


def side_by_side(case: BoardCase, readings: Readings) -> Table:
    """Return one column an option and one row a question that a board asks of each."""
    columns = {_USUAL: _usual(case)}
    data = []
    for part in _parts(case):
        title, name = TITLES[part], case.scenarios[part].name.replace("_", " ")
        title = title if name == title.lower() else f"{title}: {name}"
        columns[title] = _of_option(case, readings, part)
        data.append(_data(case, part))
    questions = list(columns[_USUAL])
    frame = pd.DataFrame({
        "What the board asks": questions,
        **{title: [found[each] for each in questions] for title, found in columns.items()},
    })  # fmt: skip
    profile = case.streams().profile
    return Table(
        name="options",
        caption=f"The options side by side. Money and people: the mean a year, "
        f"{case.strategy.price_year} prices. Benefits: {profile.price_base} prices, discounted, "
        f"corrected for optimism, by the {profile.title}. Beside the chance of fewer, “same” is "
        "the share of draws with as many",
        frame=frame,
        data=pd.DataFrame(data),
        source=case.findings.source,
        text_columns=tuple(columns),
    )


def people_reached(case: BoardCase, name: str) -> float:
    """Return how many people (or places) a strategy enrols a year in the model, the mean."""
    mine = case.findings.delivered
    mine = mine[mine["strategy"] == name]
    return float(mine["enrolments"].sum()) / case.options.years


def _parts(case: BoardCase) -> list[str]:
    """Return the options that differ, in the order of the table."""
    return list({case.scenarios[part].name: part for part in (MINIMUM, STRATEGY, MAXIMUM)}.values())


def _name(case: BoardCase, part: str) -> str:
    return label(case.scenarios[part].name)


def _central(case: BoardCase, part: str) -> pd.Series:
    table = case.appraisal(part)
    return table.loc[table["case"] == CENTRAL].iloc[0]


def _questions(case: BoardCase) -> dict[str, str]:
    what = sentence_case(HEADLINE_MEASURE.of(HEADLINE_GROUP))
    rows = {
        "money": "Money a year", "whole": f"Money over {case.options.years} years",
        "people": "People starting a programme a year",
    }  # fmt: skip
    for year in headline_years(case):
        rows[f"averted {year}"] = f"{what} averted by year {year}, 80% and 95% interval"
        rows[f"better {year}"] = f"Chance of fewer by year {year}"
    return rows | {
        "ratio": "Benefits for each £1, 80% interval",
        "worth": "Chance that benefits exceed costs",
        "npsv": "Net present social value, 80% interval",
        "gate": "Admissions averted beside the national evaluation",
        "absolute": "Absolute inequality over deprivation",
        "relative": "Relative inequality over deprivation",
    }


def _usual(case: BoardCase) -> dict[str, str]:
    keys = _questions(case)
    found = dict.fromkeys(keys.values(), "does not apply")
    for year in headline_years(case):
        one = case.findings.estimates.get(
            case.strategy.name, HEADLINE_MEASURE, HEADLINE_GROUP, year
        )
        found[keys[f"averted {year}"]] = f"0 of {two_figures(one.baseline)}"
    return found | {keys["money"]: "£0 more", keys["whole"]: "£0 more", keys["people"]: "0 more"}


def _of_option(case: BoardCase, readings: Readings, part: str) -> dict[str, str]:
    name, keys = case.scenarios[part].name, _questions(case)
    yearly, row = strategies.budget(case.findings, name), _central(case, part)
    inequality = readings.inequality(part)
    gate = case.gates[name]
    found = {
        "money": money(yearly), "whole": money(yearly * case.options.years),
        "people": two_figures(people_reached(case, name)),
        "ratio": ratio(row).partition(" of benefit")[0] + f" (mean {pounds(row['bcr'])})",
        "worth": chance(float(row["chance_benefits_exceed_costs"]), case.options.draws),
        "npsv": f"{_millions(row['npsv_low80'])} to {_millions(row['npsv_high80'])} "
        f"(mean {_millions(row['npsv'])})",
        "gate": f"{result_tables.averted(gate)} by year {gate.year}; the same money nationally "
        f"{two_figures(gate.benchmark)}{'. **Far too good**' if gate.warning else ''}",
    }  # fmt: skip
    for side in ("absolute", "relative"):
        found[side] = "not known" if inequality.empty else str(inequality.iloc[0][side])
    for year in headline_years(case):
        one = case.findings.estimates.get(name, HEADLINE_MEASURE, HEADLINE_GROUP, year)
        found[f"averted {year}"] = f"{one.interval80}; {one.interval95} (mean {one.central})"
        found[f"better {year}"] = one.chance
    return {keys[key]: text.replace("**", "") for key, text in found.items()}


def _data(case: BoardCase, part: str) -> dict[str, object]:
    name, row = case.scenarios[part].name, _central(case, part)
    numbers: dict[str, object] = {
        "option": name, "money_a_year": strategies.budget(case.findings, name),
        "people_a_year": people_reached(case, name),
    }  # fmt: skip
    for year in headline_years(case):
        one = case.findings.estimates.get(name, HEADLINE_MEASURE, HEADLINE_GROUP, year)
        numbers |= {f"year_{year}_{key}": value for key, value in vars(one).items()}
    return numbers | {key: row[key] for key in row.index if key not in ("case", "title")}


def _millions(value: float) -> str:
    """Return millions of pounds with two significant figures."""
    step = rounding_step(value)
    rounded = round(value / step) * step
    return money(rounded)
