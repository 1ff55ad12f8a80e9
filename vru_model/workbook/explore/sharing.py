"""What leaves the workbook: strategies as files, tables, a snippet of Python, the board papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vru_model.reporting.spreadsheet import Sheet, workbook
from vru_model.workbook.explore.draft import Draft
from vru_model.workbook.explore.job import Stage
from vru_model.workbook.explore.saved import Question, Session

if TYPE_CHECKING:
    from vru_model.reporting.findings import Report


def snippet(session: Session, stage: Stage) -> str:
    """Return Python that makes the comparison again, and works wherever it is pasted.

    The strategies travel within it, so it needs no file of this session.
    """
    question = session.question
    lines = ["from pathlib import Path", "from tempfile import mkdtemp", "",
             "import vru_model as vru", "", "folder = Path(mkdtemp())",
             f"options = dict(place={question.place!r}, scale={stage.scale!r}, "
             f"years={question.years!r}, draws={stage.draws!r}, replicates={stage.replicates!r})",
             "", "if __name__ == '__main__':  # the model uses several processes",
             "    baseline = vru.run('baseline', **options)"]
    for draft in session.drafts:
        file = f"{draft.name}.yaml"
        lines += [f"    (folder / {file!r}).write_text({draft.yaml()!r}, encoding='utf-8')",
                  f"    run = vru.run(folder / {file!r}, **options)",
                  "    print(vru.compare(baseline, run).table.to_string())"]
    return "\n".join(lines) + "\n"


def spreadsheet(answer: Mapping[str, Any]) -> bytes:
    """Return every table of an answer as one accessible spreadsheet."""
    tables = [(section["title"], table) for section in answer["sections"]
              for table in section["tables"]]
    title = f"Explored: {', '.join(answer['titles'].values())}"
    about = [f"Runs: {', '.join(answer['runs'])}. Modelled, not recorded.", answer["sure"],
             "Counterfactual: business as usual, the same worlds. Unrounded numbers."]
    names = {table["name"]: _sheet_name(number, table["name"])
             for number, (_, table) in enumerate(tables, 1)}
    contents = pd.DataFrame({"sheet": list(names.values()),
                             "what it shows": [table["caption"] for _, table in tables]})
    sheets = [Sheet("Cover", title, about),
              Sheet("Contents", "Contents", ["One table a sheet."], contents, links=True)]
    for section, table in tables:
        frame = pd.read_csv(StringIO(table["csv"]))
        sheets.append(Sheet(names[table["name"]], table["caption"], [section, about[0]], frame))
    return workbook(sheets, title)


def _sheet_name(number: int, name: str) -> str:
    return f"{number}_{name}".replace("-", "_")[:31]


def strategy_files(drafts: Sequence[Draft]) -> dict[str, str]:
    """Return name → content of the strategies' files, those that can be run."""
    return {f"{draft.name}.yaml": draft.yaml() for draft in drafts if not draft.problems}


def read_strategy(text: str) -> Draft:
    """Return the draft that the text of a strategy's file holds.

    Raises InputError where it is none, or where it holds what the page cannot carry: its answers
    compare with business as usual, so a changed model would count as an effect of the strategy.
    """
    from vru_model.errors import InputError
    from vru_model.parameters.documents import parse_document, words
    from vru_model.parameters.scenario_document import PROGRAMMES, read_scenario

    document = parse_document(text, "the file")
    reading = read_scenario(document)
    if reading.scenario is None:
        raise InputError(reading.problems)
    refused = [document.problem(("overrides", name), name, "overrides of programmes: a number of "
                                "the model belongs into both runs; contest it on the page")
               for name in reading.scenario.overrides if not name.startswith(PROGRAMMES)]
    refused += [document.problem((part,), words("something"), "none here; `vru run` runs it")
                for part in ("switches", "programmes") if getattr(reading.scenario, part)]
    if refused:
        raise InputError(refused)
    return Draft.from_document(document.data)


def board_papers(files: Sequence[Path], question: Question,
                 report: Report | None = None) -> list[Path]:
    """Make the board papers of the first file, as `vru papers` does; return their pages."""
    from vru_model.reporting.papers import build

    return build(
        report=report, strategy=str(files[0]), place=question.place, scale=question.scale,
        years=question.years, draws=question.draws,
    )  # fmt: skip
