"""A sensitivity analysis in words and tables, for the eye."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from vru_model.analysis.wording import figure, rounding_step

if TYPE_CHECKING:
    from rich.table import Table

    from vru_model.analysis.sensitivity.study import Study

SHOWN = 10
MINUS = "\N{MINUS SIGN}"


def render_study(study: Study) -> Iterator[Any]:
    """Yield what the command line prints of a study, one paragraph or table at a time."""
    yield study.headline
    yield _table(study)
    yield from verdicts(study)
    yield emulator_sentence(study)
    yield from study.enough.sentences(study.question.unit)
    yield " ".join((*study.notes, *study.base.attribution))


def verdicts(study: Study) -> list[str]:
    """Return a sentence for each of the assumptions for which a switching value was sought."""
    return [
        f"{number}. {short(each.assumption.title, 100)} [{each.assumption.name}]: {each.words}."
        for number, each in enumerate(study.switchings, 1)
    ]


def emulator_sentence(study: Study) -> str:
    """Return how well the emulator predicts, or why there is none."""
    if study.emulator is not None:
        names = ", ".join(study.emulated)
        return f"{study.emulator.sentence} It covers {names}; all else is central in it."
    if not study.emulated:
        return (
            "No emulator: Morris's screening could tell no assumption's effect from chance. More "
            "trajectories, years or a larger scale would help."
        )
    return "No emulator: there are too few points to leave some out, or all outcomes are alike."


def step_of(study: Study) -> float:
    """Return the step to which differences are rounded: no finer than chance bears."""
    spread, difference = study.central.spread, study.central.difference
    return rounding_step(difference, float(spread.low95[0]), float(spread.high95[0]))


def short(text: str, width: int) -> str:
    """Return a title without what follows its first sentence, cut to a width."""
    return textwrap.shorten(text.split(". ")[0].rstrip("."), width, placeholder=" ...")


def _table(study: Study) -> Table:
    from rich import box
    from rich.table import Table

    question = study.question
    table = Table(
        title=f"What moves the {question.unit} averted by year {question.year}, one assumption at "
        f"a time; give or take {figure(study.table['error95'].iloc[0], step_of(study))} by chance",
        title_justify="left", box=box.SIMPLE_HEAD,
    )  # fmt: skip
    table.add_column("assumption")
    for heading in ("believed", "at its low", "at its high", "Morris", "Sobol total"):
        table.add_column(heading, justify="right")
    table.add_column("alone turns it round")
    words = {each.assumption.name: each.words for each in study.switchings}
    step = step_of(study)
    for _, row in study.table.head(SHOWN).iterrows():
        table.add_row(
            f"{short(row['title'], 48)}\n{row['name']}", f"{row['low']:g} to {row['high']:g}",
            number(row["at_low"], step), number(row["at_high"], step), morris(row, step),
            total(row), words.get(row["name"], "not sought"),
        )  # fmt: skip
    return table


def number(value: float, step: float) -> str:
    """Return a difference rounded to a step, with a true minus sign."""
    return figure(value, step).replace("-", MINUS)


def morris(row: Any, step: float) -> str:
    """Return Morris's mean effect, or that it is within chance."""
    return "chance" if row["dismissed"] else figure(row["mu_star"], step)


def total(row: Any) -> str:
    """Return Sobol's total index with its interval, "" where there is none."""
    if not math.isfinite(row["total"]):
        return ""
    middle, error = row["total"], row["total_error"]
    low, high = np.clip([middle - error, middle + error], 0, 1)
    return f"{row['total']:.0%} ({low:.0%} to {high:.0%})"
