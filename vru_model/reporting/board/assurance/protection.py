"""The data-protection record: no personal data enters, and what would change that."""

from __future__ import annotations

import pandas as pd

from vru_model.parameters.accounts.redaction import SMALL_NUMBERS, load_redaction
from vru_model.reporting.blocks import Block, Panel, Prose, Table
from vru_model.reporting.board.assurance.pages import tables_of
from vru_model.reporting.board.assurance.records import Field, record
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.words import count

OFFICER = "Data Protection Officer"


def blocks(case: BoardCase) -> list[Block]:
    """Return the record, what enters, what is protected, and the question to the officer."""
    return [_record(case), _what_enters(), _what_is_withheld(), _prompt()]


def _record(case: BoardCase) -> Table:
    place = case.manifest["place"]
    largest = load_redaction().rule(SMALL_NUMBERS).largest
    synthetic = (
        "Its neighbourhoods are made up too, so that their totals agree with the published ones."
        if place["synthetic"]
        else "Its neighbourhoods are real; “vru place check” says what their files may hold."
    )
    fields = [
        Field("Personal data", "None. No record about a real person is read, made or kept."),
        Field("People in the model",
              f"{count(place['residents'])} residents at full size, all synthetic: drawn at random "
              f"so that totals agree with published ones. {synthetic}"),
        Field("Special categories",
              "None enters. Ethnicity is no cause in the model and is not a column of it; health, "
              "offending and childhood adversity are simulated states of people who do not exist."),
        Field("Scores and decisions about people",
              "None. No score of a person leaves the program; nothing in it decides about one."),
        Field("What leaves the program",
              "Totals over simulated people, marked as modelled, with intervals; never a list of "
              "residents, unless somebody asks a run to keep its synthetic ones."),
        Field("Counts of real people",
              f"Only where the partnership enters its own: then counts from 1 to {largest} are "
              "withheld, others rounded, and what could be worked out by subtraction goes too "
              "(“vru protect”)."),
        Field("Where it is kept", "In the folder of outputs, on the machine that made it. Nothing "
              "is sent anywhere."),
        Field("What would change this",
              "Linked or pseudonymised records of people; small-area counts that are not "
              "published; a place pack made from such counts; a named person in an entry of what "
              "was said. Each needs a fresh assessment before it is used."),
        Field("Assessment (DPIA)", owner=OFFICER,
              asked="is it agreed that none is needed while only published totals and synthetic "
              "people are used, who decided so, and when?"),
    ]  # fmt: skip
    return record("record-data-protection", "Data-protection record",
                  f"docs/assurance/data_log.md, parameters/redaction.yaml, {case.run_ids[0]}",
                  fields)  # fmt: skip


def _what_enters() -> Table:
    found = next(
        each for each in tables_of("data_log.md")
        if each.heading == "Population of the built-in places"
    )  # fmt: skip
    return Table(
        name="record-data-in",
        caption="What enters about people: published totals",
        frame=found.frame,
        source="docs/assurance/data_log.md",
        text_columns=list(found.frame.columns)[1:],
    )


def _what_is_withheld() -> Table:
    rows = [
        {"Rule": rule.title, "What is withheld": rule.withholds, "Because": rule.because,
         "Owner": rule.owner}
        for rule in load_redaction().rules.values()
    ]  # fmt: skip
    return Table(
        name="record-withheld",
        caption="What the public version of a paper withholds",
        frame=pd.DataFrame(rows),
        source="parameters/redaction.yaml",
        text_columns=("What is withheld", "Because", "Owner"),
    )


def _prompt() -> Panel:
    text = (
        f"*To be completed by the {OFFICER}.* Is this record right for the place and the data of "
        "this paper? Has any partner entered counts of real people? Who is told if a small number "
        "or a name has slipped through?"
    )
    return Panel("prompt", "Data protection", [Prose(text)], level=3)
