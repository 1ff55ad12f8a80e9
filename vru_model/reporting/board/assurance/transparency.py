"""The algorithmic-transparency record: the fields of the national standard, in our own words.

The Algorithmic Transparency Recording Standard asks central government bodies for such a record;
a unit of a Police and Crime Commissioner may publish one of its own accord. Tier 1 is for
everybody, tier 2 for those who want to look closer. The facts come from the documents and the
runs; what they do not say is asked of a role.
"""

from __future__ import annotations

from vru_model import __version__
from vru_model.parameters import load_model_parameters
from vru_model.parameters.documents import built_in_names
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.assurance.records import Field, record
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.standing import standing
from vru_model.reporting.provenance import ORGANISATION
from vru_model.reporting.words import count, plural

_DIRECTOR = "Director of the Violence Reduction Unit"
_ANALYST = "Lead analyst of the Violence Reduction Unit"
_OFFICER = "Data Protection Officer"
_LEGAL = "Monitoring Officer of the Office of the Police and Crime Commissioner"
_EQUALITY = "Head of Equality of the Office of the Police and Crime Commissioner"
_FINANCE = "Chief Finance Officer of the Office of the Police and Crime Commissioner"


def blocks(case: BoardCase) -> list[Block]:
    """Return both tiers, a table a section."""
    text = (
        "The fields are those of the Algorithmic Transparency Recording Standard (version 3), in "
        "our own words. The standard binds central government; this record is kept of the unit’s "
        "own accord. What no document says is asked of the role that knows it."
    )
    return [
        Prose(text), _tier_1(), _owners(), _rationale(case), _decisions(case), _tool(case),
        _data(case), _risks(),
    ]  # fmt: skip


def _tier_1() -> Table:
    return record("transparency-1", "Tier 1: the tool in short",
                  "README.md, docs/limits_of_use.md", [
        Field("Name", f"vru-model {__version__}: strategy workbook and scenario model"),
        Field("What it does",
              "It compares ways to spend a Violence Reduction Unit’s money. It simulates made-up "
              "residents of a county, month by month, with a strategy and without it, and says how "
              "much less violence there is with it, with intervals."),
        Field("Why it is used",
              "Serious violence is rare and has causes that take years; a board has to choose "
              "before any result can be observed."),
        Field("Website", owner=_DIRECTOR, asked="where is this record, and the papers, published?"),
        Field("Contact", owner=_DIRECTOR, asked="an address for questions from the public."),
    ])  # fmt: skip


def _owners() -> Table:
    return record("transparency-2-1", "Tier 2, section 1: owner and responsibility",
                  "parameters/assurance.yaml, LICENSE", [
        Field("Organisation", ORGANISATION),
        Field("Team", owner=_DIRECTOR, asked="which team runs the model and keeps its documents?"),
        Field("Senior responsible owner", f"{standing().book.owner} (the role)"),
        Field("Suppliers and third parties", owner=_FINANCE,
              asked="was anybody outside the unit paid to build, run or check it, under which "
              "contract, and what do they have access to?"),
        Field("Licence of the code", "MIT; open to anybody to read, run and change"),
    ])  # fmt: skip


def _rationale(case: BoardCase) -> Table:
    return record("transparency-2-2", "Tier 2, section 2: description and rationale",
                  "docs/ODD.md, docs/limits_of_use.md, docs/assurance/decisions_log.md", [
        Field("In more detail",
              "An agent-based model: residents act, are hurt, remember and recover; programmes "
              "change a rate, a state or an exposure of those whom they reach, and never an "
              "outcome. Truth and records are kept apart."),
        Field("Scope", "Physical violence between people of ten or more, in a county or city of "
              "England, up to 25 years. It is not for choosing people, families, schools or "
              "streets, nor for targets or forecasts."),
        Field("Benefit", "Options are compared on the same worlds, with what is not known; short "
              "and long run stand side by side; every number can be made again."),
        Field("What was done before", owner=_DIRECTOR,
              asked="how were programmes chosen and combined before this model?"),
        Field("Alternatives considered",
              "An average over groups and a cohort model (log of decisions); independent runs in "
              "place of shared random numbers; published effects as they stand."),
        Field("What is compared here", f"{case.strategy.title} against {case.baseline.title}; "
              f"{plural(len(case.scenarios) - 2, 'other scenario')} beside them"),
    ])  # fmt: skip


def _decisions(case: BoardCase) -> Table:
    return record("transparency-2-3", "Tier 2, section 3: how decisions are made with it",
                  "docs/limits_of_use.md, the board papers", [
        Field("Place in the decision",
              "It informs papers to boards of the partnership. It decides nothing; a board, and "
              "whoever is accountable to it, does."),
        Field("What it gives the board",
              "A decision box with intervals, chances, costs, the assumption that matters most, a "
              "check of plausibility, and a suggestion by a published rule"),
        Field("How often and how much", owner=_DIRECTOR,
              asked="how many papers a year rest on it, and for how much money?"),
        Field("Review by people",
              "A suggestion is marked as the program’s until the director confirms or changes it. "
              "Finance, legal and equality statements are written by people."),
        Field("Training", owner=_DIRECTOR,
              asked="who was shown how to read the papers, when, and by whom?"),
        Field("Appeal and review",
              "Anybody may challenge an assumption: the community sheet says how. What was said "
              "and what changed stands in parameters/community.yaml."),
    ])  # fmt: skip


def _tool(case: BoardCase) -> Table:
    identity = case.manifest["identity"]
    parameters = load_model_parameters()
    verdicts = standing().verdicts
    judged = sum(verdicts.get(name, 0) for name in ("pass", "partial", "fail"))
    return record("transparency-2-4", "Tier 2, section 4: the tool",
                  f"docs/architecture.md, docs/validation.csv, the manifest of {case.run_ids[0]}", [
        Field("Architecture", "Documents of parameters, a synthesised population, a monthly "
              "simulation compiled by numba, stored runs, and notebooks that write papers; Python "
              "and Mesa, all versions pinned"),
        Field("Phase", owner=_DIRECTOR,
              asked="is it in development, on trial, in use, or retired?"),
        Field("Kind of model", "Simulation by rules and rates. No machine learning acts on people; "
              "one emulator, tested on what was left out, ranks assumptions."),
        Field("Version", f"code {identity['code']}, parameters {identity['parameters'][:12]}"),
        Field("Input", "Published population totals, a scenario, and "
              f"{len(parameters.parameters)} parameters, of which {len(parameters.varying)} vary "
              f"between draws; {len(built_in_names('programmes'))} programmes"),
        Field("Output", "Counts of violence and of what services record, by year, place, age, sex "
              "and deprivation; the paired difference between scenarios"),
        Field("Performance", f"Of {sum(verdicts.values())} patterns held back from calibration "
              f"{judged} could be judged: {verdicts.get('pass', 0)} are shown in full, "
              f"{verdicts.get('partial', 0)} in part, {verdicts.get('fail', 0)} fail"),
        Field("Maintenance", f"A paper holds for {plural(standing().book.valid_months, 'month')}; "
              "logs are signed again whenever they change"),
    ])  # fmt: skip


def _data(case: BoardCase) -> Table:
    place = case.manifest["place"]
    return record("transparency-2-5", "Tier 2, section 4: the data",
                  "docs/assurance/data_log.md, parameters/places", [
        Field("Source", place["source"]),
        Field("What it describes", f"{count(place['residents'])} residents by age, sex, household "
              "and deprivation, as totals"),
        Field("Personal and sensitive data", "None; see the data-protection record"),
        Field("Completeness and bias", "Population totals are of a census and cover everybody "
              "counted. What is published of violence is what services recorded and studies "
              "found, mostly elsewhere; the log says what is wrong with each source."),
        Field("Cleaning", "Rounded totals are reconciled; the steps stand in the log of data"),
        Field("Sharing agreements", "None is needed for published totals. For a place pack of the "
              "partnership’s own files its owner must say."),
        Field("Access and storage", owner=_OFFICER,
              asked="who may read the outputs, where are they kept, and for how long?"),
        Field("Attribution", place["attribution"]),
    ])  # fmt: skip


def _risks() -> Table:
    return record("transparency-2-6", "Tier 2, section 5: risks and assessments",
                  "docs/assurance, the risk form of this pack", [
        Field("Risks and what is done", "See the risk form: each with its rating, rule, mitigation "
              "and owner"),
        Field("Data-protection impact assessment", owner=_OFFICER,
              asked="was one carried out or found not to be needed, when, and by whom?"),
        Field("Equality impact assessment", owner=_EQUALITY,
              asked="was one carried out for the strategy that is chosen, when, and by whom?"),
        Field("Ethics review", owner=_LEGAL,
              asked="has an ethics panel seen the model, and what did it advise?"),
        Field("Independent review", owner=_ANALYST,
              asked="who outside the team has checked it, when, and with what result?"),
    ])  # fmt: skip
