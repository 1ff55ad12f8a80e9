"""How the strategy should work: the map of its theory of change, and the same in a table."""

from __future__ import annotations

import pandas as pd

from vru_model.parameters.accounts.measures import load_measures
from vru_model.parameters.programmes import TARGETS
from vru_model.reporting.blocks import Block, Chart, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.charts import png
from vru_model.reporting.register import theory_of_change
from vru_model.reporting.words import in_words, sentence_case
from vru_model.scenario import Scenario

_SOURCE = "the declarations in parameters/programmes; nothing here is a result"


def theory_blocks(case: BoardCase) -> list[Block]:
    """Return the map with its words, and a table that says the same."""
    scenario = case.strategy
    chart = Chart(
        name="theory-of-change",
        png=png(theory_of_change.draw(scenario)),
        alt=f"{theory_of_change.alternative_text(scenario)} The table that follows says the same.",
        caption="From programmes, through what they change, to where that shows first",
        source=_SOURCE,
    )
    shared = seen_of_all(scenario)
    words = f"{escape(theory_of_change.title(scenario))}."
    if shared:
        seen = escape(in_words(shared).lower())
        words += f" All of them show in {seen}; some show elsewhere first."
    return [Prose(words), chart, theory_table(scenario, shared)]


def seen_of_all(scenario: Scenario) -> list[str]:
    """Return the titles of the measures in which every change of the strategy shows."""
    changes = [change for each in scenario.programmes.values() for change in each.changes]
    titles = {name: measure.title for name, measure in load_measures().measures.items()}
    seen = [TARGETS[change.target].measures for change in changes]
    return [titles[name] for name in (seen[0] if seen else ())
            if all(name in each for each in seen)]  # fmt: skip


def theory_table(scenario: Scenario, shared: list[str]) -> Table:
    """Return a row a programme and change, without the measures that all of them share."""
    frame = theory_of_change.table(scenario)
    titles = {name: measure.title for name, measure in load_measures().measures.items()}
    own = [
        [titles[name] for name in TARGETS[change.target].measures if titles[name] not in shared]
        for programme in theory_of_change.programmes(scenario)
        for change in programme.changes
    ]
    frame = frame.drop(columns="Seen first in").assign(
        **{"Seen besides in": [in_words(each) or "nothing else" for each in own]}
    )
    for column in ("Changes", "Through"):
        frame[column] = frame[column].map(sentence_case)
    return Table(
        name="theory-of-change",
        caption="How the strategy should work: what each programme changes, by how much, through "
        "what, and where that shows besides violence itself",
        frame=pd.DataFrame(frame),
        source=_SOURCE,
        text_columns=("Changes", "By", "Through", "Expect", "Seen besides in"),
    )
