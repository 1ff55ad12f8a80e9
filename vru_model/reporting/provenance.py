"""A paper's standing: whose it is, how sure it can be, how it was made and how to make it again."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pandas as pd

from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.parameters import load_model_parameters
from vru_model.reporting.blocks import Block, Panel, Prose, Table, Terms, escape
from vru_model.reporting.findings import Findings
from vru_model.reporting.words import count, in_words, long_date, plural, two_figures, year_after

ORGANISATION = "West Midlands Violence Reduction Unit"
# With fewer simulated residents, chance alone moves ten-year totals by several per cent; with
# enough of them it hardly shows beside what is unknown.
_ROUGH_RESIDENTS, _ENOUGH_RESIDENTS = 100_000, 200_000

STATEMENTS = (
    (
        "Finance",
        "Chief Finance Officer of the Office of the Police and Crime Commissioner",
        "Is the money confirmed, for which years, under which grant conditions and match funding? "
        "What happens when the grant ends? What do prices and pay add?",
    ),
    (
        "Legal",
        "Monitoring Officer of the Office of the Police and Crime Commissioner",
        "Which powers and duties apply (the Serious Violence Duty among them)? Which agreements "
        "to share information and which procurement would each strategy need?",
    ),
    (
        "Equality",
        "Head of Equality of the Office of the Police and Crime Commissioner",
        "Who gains and who might be harmed, by protected characteristic and by place? Which "
        "evidence was used, who was asked, and what will be done about harm?",
    ),
)


def front(findings: Findings, day: date) -> Panel:
    """Return the lines above the decision box: board, place, date and standing."""
    place = findings.place
    title = place["title"] + (" (synthetic neighbourhoods)" if place["synthetic"] else "")
    rows = {
        "Board": "Executive oversight group, programme and multi-year strategy",
        "Chair": "Office of the Police and Crime Commissioner",
        "Place": f"{escape(title)}, {count(place['residents'])} residents",
        "Date and standing": f"{long_date(day)}, [DRAFT]{{.draft}} for discussion, not assured",
    }
    return Panel("front", "", [Terms(rows)])


def standing(day: date) -> str:
    """Return the paper's status and the date after which it must not be used."""
    return (
        "Draft until the logs of assumptions, decisions and data are signed. "
        f"Not to be used after {long_date(year_after(day))}."
    )


def how_sure(findings: Findings) -> str:
    """Return how much the intervals cover, and a warning where the runs are a quick look."""
    options = findings.options
    residents = findings.simulated_residents
    text = (
        f"{plural(options.draws, 'draw')} of the uncertain parameters, "
        f"{plural(options.replicates, 'replicate')} of each, about {two_figures(residents)} "
        "simulated residents."
    )
    if options.draws < FEWEST_DRAWS or residents < _ROUGH_RESIDENTS:
        text += (
            " **A rough look, not for a decision:** the intervals cover what is unknown about the "
            f"parameters from {FEWEST_DRAWS} draws, and chance is large below "
            f"{count(_ROUGH_RESIDENTS)} residents."
        )
    elif residents < _ENOUGH_RESIDENTS:
        text += " Part of the intervals is chance, which more simulated residents would reduce."
    if options.replicates == 1:
        text += (
            " Chance that all draws share is in no interval; more replicates would show it."
        )
    return f"{text} The intervals do not cover whether the model itself is right."


def prompts() -> list[Block]:
    """Return a box for each statement that the program must not invent, with its owner."""
    return [
        Panel("prompt", title, [Prose(f"*To be completed by the {owner}.* {asked}")], level=3)
        for title, owner, asked in STATEMENTS
    ]


def how_it_was_made(findings: Findings) -> list[Block]:
    """Return the table of what determined the numbers, and the command that repeats them."""
    options = findings.options
    first = next(iter(findings.runs.values())).manifest
    identity = first["identity"]
    facts = {
        f"Run: {name.replace('_', ' ')}": run.run_id for name, run in findings.runs.items()
    } | {
        "Place": f"{findings.place['name']}, digest {identity['place'][:12]}",
        "Model parameters": f"digest {identity['parameters'][:12]}",
        "Draws are taken from": first.get("draws_from", "not said"),
        "Code version": identity["code"],
        "Seed of chance, seed of the population": f"{identity['seed']}, "
        f"{identity['population_seed']}",
        "Draws, replicates of each": f"{options.draws}, {options.replicates}",
        "Scale, simulated residents": f"{options.scale:g}, about "
        f"{two_figures(findings.simulated_residents)}",
        "Years, step": f"{options.years}, one {identity['step']}",
    }
    rows = [{"What": name, "Value": value} for name, value in facts.items()]
    table = Table(
        name="provenance",
        caption="What determined the numbers of this paper",
        frame=pd.DataFrame(rows),
        source=f"the manifests of {', '.join(findings.run_ids)}",
        text_columns=("Value",),
    )
    notes = next(iter(findings.comparisons.values())).notes
    again = (
        "The notebook that made this paper is filed with its exempt version, the tables beside it. "
        "With the same version of the code it gives the same numbers again: "
        f"`vru papers --scale {options.scale:g} --draws {options.draws} "
        f"--replicates {options.replicates}`. {' '.join(notes)}"
    )
    return [Prose(again), table]


def parameter_standing() -> Prose:
    """Return how many of the model's parameters were measured, derived, judged or calibrated."""
    parameters = load_model_parameters()
    rows = parameters.parameters.values()
    counted = Counter(row.row.status for row in rows)
    kinds = [f"{counted[kind]} {words}" for kind, words in _STATUS.items() if counted[kind]]
    return Prose(
        f"Of the model's {len(rows)} behavioural parameters, {in_words(kinds)}. "
        f"{len(parameters.varying)} of them vary from draw to draw; the rest are held at one "
        f"value. Draws: {parameters.drawn_from}."
    )


def licence(findings: Findings) -> Prose:
    """Return the attribution of public data and the sources of the place."""
    lines = dict.fromkeys(
        line for found in findings.comparisons.values() for line in found.attribution
    )
    notes = "\n".join(f"- {escape(note)}" for note in findings.place["notes"])
    text = f"{escape(' '.join(lines))}\n\nPopulation: {escape(findings.place['source'])}"
    return Prose(f"{text}\n\n{notes}" if notes else text)


_STATUS = {
    "measured": "were measured",
    "derived": "were derived from published figures",
    "calibrated": "were calibrated",
    "judgement": "are judgement",
}
