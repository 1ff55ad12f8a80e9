"""Changes since the last paper: in the headline, the strategy, the settings and the parameters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.decision import headline_years
from vru_model.reporting.board.programme.previous import (
    Previous,
    changed_parameters,
    changed_settings,
    frozen_parameters,
    previous_paper,
)
from vru_model.reporting.measures import HEADLINE_GROUP, HEADLINE_MEASURE
from vru_model.reporting.words import (
    MINUS,
    in_words,
    interval,
    long_date,
    plural,
    rounded,
    sentence_case,
)

_SHOWN = 10
_DETERMINE = (
    "Place", "Model parameters", "Draws are taken from", "Code version",
    "Scale, simulated residents",
)  # fmt: skip


def change_blocks(case: BoardCase, day: date, folder: Path) -> list[Block]:
    """Return what changed since the last paper of this kind, or since the frozen parameters."""
    previous = previous_paper(case.options, case.run_ids, day, folder)
    if previous is None:
        words = (
            "This is the first paper of its kind on record here, so there is no earlier headline "
            f"to compare with. {parameters_message()}"
        )
        return [Prose(words), *parameter_table()]
    table = change_table(case, previous)
    blocks: list[Block] = [Prose(message(case, previous))]
    return [*blocks, table, Prose(parameters_message()), *parameter_table()]


def message(case: BoardCase, previous: Previous) -> str:
    """Return the headline then and now, and what else differs."""
    settings = changed_settings(previous.parameters, case.options.numbers)
    named = [f"{name} (was {escape(before)}, is {escape(now)})" for name, before, now in settings]
    words = [
        f"The last paper was of {long_date(previous.day)} (`{previous.name}`).",
        f"It was asked for with other settings: {'; '.join(named)}." if named
        else "It was asked for with the same settings.",
    ]  # fmt: skip
    if named and any(name == "strategy" for name, _, _ in settings):
        words.append("It put another strategy to the board, so the headlines are of two strategies "
                     "and not of a change in one.")  # fmt: skip
    words.append(_moved(case, previous))
    return " ".join(words)


def _moved(case: BoardCase, previous: Previous) -> str:
    """Return whether the headline of the last year moved beyond its own interval."""
    year = headline_years(case)[-1]
    then = headline_before(previous, year)
    if then is None:
        return "Its headline was of other years, so the two cannot be compared."
    now = case.alone.estimates.get(
        case.strategy.name, HEADLINE_MEASURE, HEADLINE_GROUP, year
    )
    apart = then["low80"] > now.high80 or then["high80"] < now.low80
    if apart:
        return f"**The headline of year {year} moved beyond both 80% intervals.**"
    return f"The headline of year {year} moved within the 80% intervals of the two papers."


def headline_before(previous: Previous, year: int) -> pd.Series | None:
    """Return the last paper's headline estimate of its strategy by a year; None if it had none."""
    table = previous.table("headline")
    if table.empty or not {"strategy", "year", "averted"} <= set(table.columns):
        return None
    name = str(previous.parameters.get("strategy", ""))
    rows = table[(table["year"] == year) & (table["strategy"] == name)]
    return None if rows.empty else rows.iloc[0]


def change_table(case: BoardCase, previous: Previous) -> Table:
    """Return the headline, the money and what determined the numbers, then and now."""
    rows = [*_headline_rows(case, previous), *_money_rows(case, previous),
            *_identity_rows(case, previous)]  # fmt: skip
    return Table(
        name="changes",
        caption=f"This paper beside the last one, {previous.name}",
        frame=pd.DataFrame(rows, columns=["What", "Last paper", "This paper"]),
        source=f"the files of {previous.name} (paper.json and its tables) and of this paper",
        text_columns=("Last paper", "This paper"),
    )


def _headline_rows(case: BoardCase, previous: Previous) -> list[tuple[str, str, str]]:
    rows = []
    for year in headline_years(case):
        now = case.alone.estimates.get(
            case.strategy.name, HEADLINE_MEASURE, HEADLINE_GROUP, year
        )
        then = headline_before(previous, year)
        before = "not reported" if then is None else (
            f"{interval(then['low80'], then['high80'], now.step)} "
            f"(mean {rounded(then['averted'], now.step)})"
        )  # fmt: skip
        what = f"{sentence_case(HEADLINE_MEASURE.of(HEADLINE_GROUP))} averted by year {year}"
        rows.append((f"{what}, 80% interval", before, f"{now.interval80} (mean {now.central})"))
    return rows


def _money_rows(case: BoardCase, previous: Previous) -> list[tuple[str, str, str]]:
    """Return the programmes whose money in year 1 differs."""
    table = previous.table("finance-programmes")
    if table.empty or "year" not in table.columns:
        return []
    before = table.set_index("year").iloc[0].to_dict()
    now: dict[str, float] = {}
    for line in case.strategy.funding:
        if line.covers(1):
            now[line.programme] = now.get(line.programme, 0.0) + line.money_per_year
    return [
        (f"{sentence_case(name.replace('_', ' '))}, £ in year 1",
         f"{float(before.get(name, 0.0)):,.0f}", f"{now.get(name, 0.0):,.0f}")
        for name in sorted({*before, *now})
        if float(before.get(name, 0.0)) != now.get(name, 0.0)
    ]  # fmt: skip


def _identity_rows(case: BoardCase, previous: Previous) -> list[tuple[str, str, str]]:
    """Return what determined the numbers, where it differs from the last paper's."""
    from vru_model.reporting.provenance import how_it_was_made

    table = previous.table("provenance")
    if table.empty or not {"What", "Value"} <= set(table.columns):
        return [("What determined the numbers", "not filed", "see How this paper was made")]
    before = table.set_index("What")["Value"].astype(str).to_dict()
    (now_table,) = [each for each in how_it_was_made(case.alone) if isinstance(each, Table)]
    now = now_table.frame.set_index("What")["Value"].astype(str).to_dict()
    changed = [(name, before.get(name, "not filed"), now[name]) for name in _DETERMINE
               if name in now and before.get(name) != now[name]]  # fmt: skip
    return changed or [("What determined the numbers", "the same", "the same")]


def parameters_message() -> str:
    """Return from which frozen parameters the present ones differ, and in how many values."""
    parts, same = [], []
    for name, file in frozen_parameters().items():
        found = changed_parameters(file)
        if found is None:
            parts.append(f"`{name}` cannot be read by this version of the program")
        elif found.empty:
            same.append(f"`{name}`")
        else:
            differ = "differs" if len(found) == 1 else "differ"
            parts.append(f"{plural(len(found), 'value')} {differ} from `{name}`")
    words = []
    if same:
        words.append(f"The model’s parameters are those frozen as {in_words(same)}.")
    if parts:
        words.append(f"{sentence_case(in_words(parts))}.")
    return " ".join(words) or "No parameters have been frozen, so nothing can be compared."


def _section(name: str) -> str:
    return sentence_case(name.partition(".")[0].replace("_", " "))


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", MINUS)


def parameter_table() -> list[Block]:
    """Return the values that differ most from the frozen parameters, by relative change."""
    found = [(name, changed) for name, file in frozen_parameters().items()
             if (changed := changed_parameters(file)) is not None and len(changed)]  # fmt: skip
    if not found:
        return []
    name, changed = found[-1]
    size = (changed["now"] - changed["before"]).abs() / changed["before"].abs().clip(lower=1e-9)
    shown = changed.assign(size=size).sort_values(
        ["size", "name"], ascending=[False, True]
    ).head(_SHOWN)  # fmt: skip
    rows = [
        {"Parameter": f"{_section(row['name'])}: {row['meaning'][:1].lower()}{row['meaning'][1:]}",
         "Unit": row["unit"], "Before": _short(row["before"]), "Now": _short(row["now"])}
        for _, row in shown.iterrows()
    ]  # fmt: skip
    return [Table(
        name="changed-parameters",
        caption=f"The {len(shown)} parameters of {len(changed)} that differ most, relative to what "
        f"they were, from those frozen as {name}",
        frame=pd.DataFrame(rows),
        data=changed,
        source=f"parameters/model.yaml and parameters/versions/{name}.yaml",
        text_columns=("Unit",),
    )]  # fmt: skip


