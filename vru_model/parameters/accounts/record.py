"""The schema of ``parameters/calibrated/*.yaml``: how the calibrated sets were found."""

from __future__ import annotations

from pathlib import Path

from vru_model.errors import InputError, Problem
from vru_model.parameters.documents import read_document
from vru_model.parameters.schema import Number, Schema, Text, Whole, quantity, validate
from vru_model.paths import PARAMETERS

FILE = PARAMETERS / "calibrated" / "west_midlands.yaml"


class Spread(Schema):
    """How something is spread over sets."""

    low95: Number = quantity("as the figure", "2.5% lie below.")
    low80: Number = quantity("as the figure", "10% lie below.")
    median: Number = quantity("as the figure", "Half lie below.")
    high80: Number = quantity("as the figure", "10% lie above.")
    high95: Number = quantity("as the figure", "2.5% lie above.")


class SearchedWorld(Schema):
    """The worlds in which sets were tried."""

    scale: Number = quantity("share", "Simulated residents for each real one.")
    years: Whole = quantity("years", "The horizon.")
    seed: Whole = quantity("", "Of the search and its worlds.")
    population_seed: Whole | None = quantity(
        "", "Of the residents, where all sets share them; without it each has its own.",
        default=None)


class Wave(Schema):
    """One wave of the search."""

    wave: Whole = quantity("", "Its number.")
    sets: Whole = quantity("", "Sets tried.")
    exploded: Whole = quantity("", "Sets in which each incident set off one or more.")
    below_cut: Whole = quantity("", "Sets whose second-highest implausibility is below the cut.")
    median_second_highest: Number = quantity("", "The median of that implausibility.")
    kept: Whole = quantity("", "Sets of this wave that were kept in the end.")


class Fit(Spread):
    """One target beside the kept sets."""

    value: Number = quantity("as unit says", "What was found.")
    unit: Text = quantity("", "The unit.")
    tolerance: Number = quantity("as unit says", "One s.d. of observation and discrepancy.")
    noise: Number = quantity("as unit says", "One s.d. of chance in one world.")
    median_implausibility: Number = quantity("", "Median over the kept sets.")
    missed_by: Number = quantity("share", "Kept sets at or beyond the cut for this target.")


class Kept(Spread):
    """One constraint in the kept sets."""

    limit: Number = quantity("as the figure", "At most this.")
    highest: Number = quantity("as the figure", "The highest of the kept sets.")
    broken_by: Whole = quantity("", "Sets that fitted, broke it, and were left out.")


class Range(Schema):
    """One parameter before and after."""

    before: Spread = quantity("", "What was believed.")
    after: Spread = quantity("", "In the kept sets.")
    narrowed_to: Number = quantity("ratio", "S.d. of the kept sets over that of what was believed.")


class Record(Schema):
    """All that says how the sets were found."""

    date: Text = quantity("", "When.")
    place: Text = quantity("", "For which place.")
    place_digest: Text = quantity("", "Its version.")
    code_version: Text = quantity("", "Of the sources that determine numbers, at the time.")
    parameters_before: Text = quantity("", "Version of the parameters that were not searched.")
    world: SearchedWorld = quantity("", "The worlds of the search.")
    searched: Whole = quantity("", "Parameters searched.")
    tried: Whole = quantity("", "Sets tried.")
    not_ruled_out: Whole = quantity("", "Sets that the targets do not rule out.")
    kept: Whole = quantity("", "Of those, sets that keep every constraint.")
    central_set: Whole = quantity("", "The set whose values stand in model.yaml.")
    cut: Number = quantity("", "Second-highest implausibility that rules a set out.")
    waves: tuple[Wave, ...] = quantity("", "The waves.")
    targets: dict[str, Fit] = quantity("", "Target → fit.")
    constraints: dict[str, Kept] = quantity("", "Constraint → the kept sets.")
    deep: dict[str, Range] = quantity("", "Deeply uncertain parameter → its range.")
    fitted: dict[str, Range] = quantity("", "Fitted parameter → its range.")
    populations: dict[int, dict[str, Spread | Number]] = quantity(
        "", "Population seed (0: each set's own) → headlines of kept sets, and the share of sets "
        "below the cut.")
    failures: tuple[Text, ...] = quantity("", "What the kept sets miss, and what constraints cost.")


def load_record(path: str | Path = FILE) -> Record:
    """Return the record; raise InputError listing all that is wrong with it."""
    document = read_document(path)
    record, problems = validate(Record, document)
    problems = [*document.problems, *problems]
    if problems:
        raise InputError(problems)
    return record


def check_record(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a record."""
    try:
        load_record(path)
    except InputError as error:
        return error.problems
    return []
