"""Checklists that assurers look for: the Aqua Book, analytical pipelines, STRESS, TRACE."""

from __future__ import annotations

import pandas as pd

from vru_model import paths
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.assurance.pages import missing_of, tables_of
from vru_model.reporting.board.assurance.records import Field, record
from vru_model.reporting.board.standing import standing
from vru_model.reporting.words import plural, slug

_DIRECTOR = "Director of the Violence Reduction Unit"
PIPELINE = (
    ("Code under version control, with a changelog", "CHANGELOG.md"),
    ("A licence and a citation", "LICENSE"),
    ("Every version of every library pinned", "constraints.txt"),
    ("One command for each task", "Makefile"),
    ("Parameters apart from code, each with source and unit", "parameters/README.md"),
    ("A check of every input that says all that is wrong", "vru_model/parameters/checking.py"),
    ("Tests, the notebooks included", "tests"),
    ("Baselines of results, so that a change of numbers is noticed", "tests/baseline.yaml"),
    ("Runs named by what determines their numbers", "vru_model/provenance.py"),
    ("Papers made again byte for byte", "vru_model/reporting/papers.py"),
    ("Benchmarks on a named machine", "docs/benchmarks.md"),
    ("A description by the ODD protocol", "docs/ODD.md"),
    ("Limits of use in plain words", "docs/limits_of_use.md"),
)


def blocks() -> list[Block]:
    """Return the roles, the pipeline, STRESS and TRACE."""
    return [_roles(), _pipeline(), *_stress(), *_trace()]


def _roles() -> Table:
    book = standing().book
    return record("checklist-aqua", "The Aqua Book: roles, logs and proportion",
                  "parameters/assurance.yaml, docs/assurance/README.md", [
        Field("Commissioner of the analysis", owner=_DIRECTOR,
              asked="who asked for this analysis, and for which decision?"),
        Field("Analyst", owner=_DIRECTOR, asked="who ran it, with which training?"),
        Field("Assurer, independent of the analyst", owner=_DIRECTOR,
              asked="who checked it, and what did they look at?"),
        Field("Approver", f"{book.owner}, by signing the logs and releasing the papers"),
        Field("Is it critical to the business?", owner=_DIRECTOR,
              asked="does it stand in the register of business-critical models?"),
        Field("Proportion", "New, complex, used again and again, of public effect: by these "
              "factors it calls for review from outside before a large decision rests on it."),
        Field("Assumptions, decisions, data", "Three logs, signed or not, in this pack"),
        Field("Verification and validation", "Two tables in this pack, failures first"),
        Field("Uncertainty", "Draws for what is not known, replicates for chance, shown apart; "
              "whether the model itself is right is said to be outside both"),
        Field("Change control", "Version of the code, digest of parameters and of the place with "
              "every run; papers say what changed since the last one"),
        Field("Sunset", f"{plural(book.valid_months, 'month')} after the date of a paper"),
    ])  # fmt: skip


def _pipeline() -> Table:
    frame = pd.DataFrame(
        {
            "What is asked": what,
            "Where it is": where,
            "Is it there?": "yes" if (paths.ROOT / where).exists() else "no",
        }
        for what, where in PIPELINE
    )
    return Table(
        name="checklist-pipeline",
        caption="A reproducible analytical pipeline: what is asked, and where it is",
        frame=frame,
        source="the files of the repository, looked for when this paper was made",
        text_columns=("Where it is", "Is it there?"),
    )


def _stress() -> list[Table]:
    return [
        Table(
            name=f"stress-{slug(heading)}",
            caption=f"STRESS-ABS checklist, part {heading.replace('. ', ': ', 1)}",
            frame=frame,
            source="docs/assurance/stress_abs.md",
            text_columns=list(frame.columns)[1:],
        )
        for heading, frame in tables_of("stress_abs.md")
    ]


def _trace() -> list[Block]:
    rows = [
        {"Element": heading, "What is missing": missing or "nothing is written down"}
        for heading, missing in missing_of("trace.md")
    ]
    table = Table(
        name="checklist-trace",
        caption="TRACE: what each of the eight elements says is still missing",
        frame=pd.DataFrame(rows),
        source="docs/assurance/trace.md, where each is told in full",
        text_columns=("What is missing",),
    )
    return [
        Prose("TRACE tells why a model should be believed, and how far. What is there stands in "
              "the notes; what is missing stands here."),
        table,
    ]  # fmt: skip
