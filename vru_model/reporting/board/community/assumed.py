"""What was assumed and who said so, in plain words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vru_model.parameters import load_model_parameters
from vru_model.parameters.accounts.community import CommunityBook
from vru_model.parameters.scenario_document import PROGRAMMES
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.words import in_words, sentence_case, two_figures

SHOWN = 5
_GUESSED = "Our guess"
_GRADES = {
    "read": "A study or a count that was printed",
    "derived": "Worked out from printed counts",
    "recalled": "Our memory of a study; it must be checked",
    "prior": _GUESSED,
}
# The same kinds, counted alike, as in the papers for boards.
_KINDS = {
    "measured": "were measured", "derived": "were worked out from print",
    "calibrated": "were set so that the model is like real life", "judgement": "are guesses",
}  # fmt: skip
_FITTED = "Our guess, set to match real life"
_TURNS = {
    "flips": "Yes, alone",
    "may flip": "It might, alone",
    "does not flip": "No, not alone",
    "undecided": "Not clear",
    "not sought": "Not tried",
}
_OFTEN, _FAST = "times as often as with no help", "times as fast as with no help"
# What a programme does to those whom it reaches, so that nobody takes it for what its staff do;
# and what a ratio is then a ratio of ("" where the size is a share that goes, or a step).
EFFECTS: Mapping[str, tuple[str, str]] = {
    "acting": ("how often those helped still hurt others", _OFTEN),
    "acting_at_home": ("how often those helped still hurt someone at home", _OFTEN),
    "acting_after_leaving_early": ("how often those who drop out hurt others", _OFTEN),
    "victimisation": ("how often those helped still get hurt", _OFTEN),
    "activation": ("how much of the wish to hit back goes away", ""),
    "sanction": ("how much of the mark of a record goes away", ""),
    "trauma_recovery": ("how fast those helped get over fear", _FAST),
    "self_regulation": ("how far those helped learn to stop and think, in steps", ""),
    "exclusion": ("how often those helped are still put out of school", _OFTEN),
    "excluded_relief": ("how much of the harm of being put out of school goes away", ""),
    "neet_exit": ("how fast those helped find work or a place to learn", _FAST),
    "pair_closing": ("how fast it ends when one person hurts the same person again", _FAST),
    "ace": ("how often bad things still happen to the small children helped", _OFTEN),
    "street_prevention": ("how much hurt in the street is stopped there", ""),
    "night_prevention": ("how much hurt on nights out is stopped there", ""),
    "peer_prevention": ("how much hurt among young people who know each other is stopped", ""),
    "take_up_of_others": ("how many say yes to other help", "times as many"),
    "police_recording": ("how much the police write down", "times as much"),
}


def assumptions(case: BoardCase, book: CommunityBook) -> list[Block]:
    """Return the assumptions that matter most, and those that a scenario changed."""
    return [Prose(_how_many()), _biggest(case, book), *_changed(case, book)]


def plain(name: str, title: str, book: CommunityBook) -> str:
    """Return an assumption in plain words; its title where nobody has written any."""
    if not name.startswith(PROGRAMMES):
        return book.assumptions.get(name, title)
    programme, _, field = name.removeprefix(PROGRAMMES).partition(".")
    known = book.programmes.get(programme)
    called = sentence_case(known.called if known else programme.replace("_", " "))
    if field.startswith("cost"):
        return f"{called}: what it costs to reach one more"
    return f"{called}: {_effect(name)[0]}"


def _effect(name: str) -> tuple[str, str]:
    """Return what a programme's effect is called, and of what a ratio is one."""
    field = name.removeprefix(PROGRAMMES).partition(".")[2]
    target = field.split(".")[1] if "." in field else ""
    return EFFECTS.get(target, ("how well it works here", "times"))


def number(row: Mapping[str, Any]) -> str:
    """Return what was assumed with its range, in units that a child knows."""
    unit = str(row["unit"])
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    times = _effect(row["name"])[1] if row["name"].startswith(PROGRAMMES) else "times"
    if unit.startswith("log ") and max(abs(value), abs(low), abs(high)) < 4:
        low, value, high = sorted(math.exp(each) for each in (low, value, high))
        return f"{_short(value)} {times} ({_short(low)} to {_short(high)})"
    words = {
        "months": " months", "years": " years", "ratio": " times", "rate ratio": f" {times}",
    }.get(unit, "")  # fmt: skip
    if unit.startswith(("share", "probability")):
        return f"{round(100 * value)} of 100 ({round(100 * low)} to {round(100 * high)})"
    if unit == "rate per month":
        words = " a month"
    return f"{_short(value)}{words} ({_short(low)} to {_short(high)})"


def who_said_so(known: str) -> str:
    """Return who set a number, from how it is known ("prior, calibrated")."""
    grade, _, status = known.partition(", ")
    if status == "calibrated":
        return _FITTED
    if status == "programme" and grade == "derived":
        return "A study from elsewhere, cut down"
    return _GRADES.get(grade, _GUESSED)


def _biggest(case: BoardCase, book: CommunityBook) -> Table:
    found = case.study.table.head(SHOWN)
    rows = [
        {
            "What we assumed": plain(row["name"], row["title"], book),
            "Our number (it may be)": number(row),
            "Who said so": who_said_so(row["known"]),
            "Can it turn the answer?": _TURNS.get(row["verdict"], row["verdict"]),
        }
        for row in found.to_dict("records")
    ]
    columns = ["rank", "name", "value", "low", "high", "unit", "known", "verdict", "switch"]
    runs = _runs(case.study.table)
    return Table(
        name="community-assumptions",
        caption=f"The {len(rows)} things we assumed that matter most to the answer",
        frame=pd.DataFrame(rows),
        data=found[columns],
        source=f"search for what matters most, {case.study.folder.name}, {runs}; "
        "parameters/community.yaml for the words",
        text_columns=list(rows[0])[1:],
    )


def _runs(table: pd.DataFrame) -> str:
    named = [column for column in table.columns if column.endswith("_run")]
    ids = sorted({str(value) for column in named for value in table[column].dropna()})
    return in_words(ids) if ids else "smaller runs of its own"


def _changed(case: BoardCase, book: CommunityBook) -> list[Block]:
    """Return the table of what a group or a strategy changed, with reason and author."""
    made = {each.name: each for each in (*case.baseline.overrides_made,
                                         *case.strategy.overrides_made)}  # fmt: skip
    if not made:
        return [Prose("- No number was changed for this plan by a group that met to judge it.")]
    rows = [
        {
            "What was changed": plain(change.name, change.name, book),
            "To": two_figures(change.value) if isinstance(change.value, float | int)
            else str(change.value),
            "Who said so": _author(change.author),
            "Why": change.reason,
        }
        for change in list(made.values())[:SHOWN]
    ]  # fmt: skip
    table = Table(
        name="community-changes",
        caption=f"Numbers that were changed for this plan: {len(rows)} of {len(made)}",
        frame=pd.DataFrame(rows),
        source=f"the files of {case.baseline.name} and {case.strategy.name}",
        text_columns=("Who said so", "Why"),
    )
    return [table]


def _author(author: str) -> str:
    """Return the group that a change came from; a facilitator's name stays in the file."""
    return author.partition(", facilitated by")[0]


def _how_many() -> str:
    rows: Sequence[Any] = list(load_model_parameters().parameters.values())
    status = Counter(row.row.status for row in rows)
    grade = Counter(row.row.grade for row in rows)
    kinds = [f"{status[kind]} {words}" for kind, words in _KINDS.items() if status[kind]]
    recalled = sum(row.row.status == "measured" and row.row.grade == "recalled" for row in rows)
    memory = f" Of those measured, {recalled} came from memory." if recalled else ""
    return (
        f"- The model has {len(rows)} numbers about how people act. Of these, {in_words(kinds)}."
        f"{memory}\n"
        f"- For {grade['read'] + grade['derived']} of the {len(rows)} we began from a study or a "
        f"count. {grade['read']} of them were in print. We worked out the other "
        f"{grade['derived']}.\n"
        "- These matter most. “Our” means the people who made the model."
    )


def _short(value: float) -> str:
    text = two_figures(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
