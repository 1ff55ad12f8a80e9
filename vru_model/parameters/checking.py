"""Checks documents of every kind, and says everything that is wrong, all at once.

Kinds of document are registered as :class:`Checker`. This module knows those of its own layer,
the model's parameters and the programmes; whoever calls it from above adds scenarios and places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from vru_model.errors import InputError, Problem
from vru_model.parameters.accounts.agencies import AgencyBook, check_agencies
from vru_model.parameters.accounts.appraisal import Rules, check_rules
from vru_model.parameters.accounts.assurance import Assurance, check_assurance
from vru_model.parameters.accounts.community import CommunityBook, check_community
from vru_model.parameters.accounts.costs import CostBook, check_costs
from vru_model.parameters.accounts.grant_rules import GrantRules, check_grant_rules
from vru_model.parameters.accounts.measures import MeasureCatalogue, check_measures
from vru_model.parameters.accounts.needs import NeedsAssessment, check_needs
from vru_model.parameters.accounts.record import Record, check_record
from vru_model.parameters.accounts.redaction import RedactionRules, check_redaction
from vru_model.parameters.accounts.search import SearchPlan, check_search_plan
from vru_model.parameters.accounts.targets import TargetBook, check_targets
from vru_model.parameters.accounts.validation import ValidationBook, check_validation_book
from vru_model.parameters.documents import read_document, shown
from vru_model.parameters.ensemble import read_ensemble
from vru_model.parameters.loading import model_coefficients, read_model
from vru_model.parameters.programmes import Programme
from vru_model.parameters.register import read_programme
from vru_model.parameters.rows import declared
from vru_model.paths import PARAMETERS


class Checker(NamedTuple):
    """How documents of one kind are told from others, and how they are checked.

    Parameters
    ----------
    kind
        What the documents are called ("scenario").
    pattern
        The built-in documents, as a pattern below ``parameters/`` ("scenarios/*.yaml").
    names
        The names at the head of such a document; a document elsewhere is of the kind with which
        it shares most names, and of several such kinds of the one in which least is wrong.
    check
        Returns everything that is wrong with one file.
    """

    kind: str
    pattern: str
    names: frozenset[str]
    check: Callable[[Path], list[Problem]]


def check(paths: Iterable[str | Path] | None = None, more: Iterable[Checker] = (),
          folder: Path = PARAMETERS) -> list[Problem]:
    """Return everything that is wrong with documents; nothing is written.

    Parameters
    ----------
    paths
        Files, and folders of which all YAML files are meant; the built-in documents unless
        given.
    more
        Checkers of kinds that higher layers know: scenarios, places.
    folder
        Where the built-in documents stand.
    """
    checkers = [*_own_checkers(), *more]
    problems = []
    for path, checker in _documents(paths, checkers, folder):
        if checker is None:
            problems += _check_unknown(path, checkers)
        else:
            problems += checker.check(path)
    return problems


def _documents(paths: Iterable[str | Path] | None, checkers: list[Checker],
               folder: Path) -> list[tuple[Path, Checker | None]]:
    """Return each file with the checker of its folder, or None where its names must tell."""
    built_in = {path.resolve(): checker for checker in checkers
                for path in sorted(folder.glob(checker.pattern))}
    if paths is None:
        return list(built_in.items())
    files: list[Path] = []
    for path in map(Path, paths):
        inside = sorted(each for each in path.rglob("*") if each.suffix in (".yaml", ".yml"))
        # A folder without any is refused as a file would be that is none.
        files += inside if path.is_dir() and inside else [path]
    return [(file, built_in.get(file.resolve())) for file in files]


def _check_unknown(path: Path, checkers: list[Checker]) -> list[Problem]:
    """Check a document that stands elsewhere, as the kind that its names are most like."""
    if path.is_dir():
        return [Problem(shown(path), None, "", "a folder without documents",
                        "a file, or a folder with files that end in .yaml")]  # fmt: skip
    try:
        data = read_document(path).data
    except InputError as error:
        return error.problems
    names = set(data) if isinstance(data, dict) else set()
    most = max(len(names & checker.names) for checker in checkers)
    if not most:
        kinds = ", ".join(f"a {checker.kind}" for checker in checkers)
        return [Problem(shown(path), 1, "", "a document of no known kind", kinds)]
    alike = [checker for checker in checkers if len(names & checker.names) == most]
    return min((checker.check(path) for checker in alike), key=len)


def _own_checkers() -> list[Checker]:
    return [
        Checker("file of model parameters", "model.yaml",
                frozenset(declared(model_coefficients())), check_model),
        Checker("programme", "programmes/*.yaml", frozenset(Programme.model_fields),
                check_programme),
        Checker("catalogue of measures", "measures.yaml", frozenset(MeasureCatalogue.model_fields),
                check_measures),
        Checker("file of unit costs", "costs.yaml", frozenset(CostBook.model_fields), check_costs),
        Checker("file of appraisal rules", "appraisal.yaml", frozenset(Rules.model_fields),
                check_rules),
        Checker("file of agencies", "agencies.yaml", frozenset(AgencyBook.model_fields),
                check_agencies),
        Checker("file of assurance", "assurance.yaml", frozenset(Assurance.model_fields),
                check_assurance),
        Checker("file of the community sheet", "community.yaml",
                frozenset(CommunityBook.model_fields), check_community),
        Checker("file of grant rules", "grant_rules.yaml", frozenset(GrantRules.model_fields),
                check_grant_rules),
        Checker("file of redaction rules", "redaction.yaml",
                frozenset(RedactionRules.model_fields), check_redaction),
        Checker("file of targets", "targets.yaml", frozenset(TargetBook.model_fields),
                check_targets),
        Checker("file of validation", "validation.yaml", frozenset(ValidationBook.model_fields),
                check_validation_book),
        Checker("needs assessment", "needs.yaml", frozenset(NeedsAssessment.model_fields),
                check_needs),
        Checker("plan of calibration", "calibration.yaml", frozenset(SearchPlan.model_fields),
                check_search_plan),
        Checker("record of a calibration", "calibrated/*.yaml", frozenset(Record.model_fields),
                check_record),
        Checker("table of calibrated sets", "calibrated/*.csv", frozenset(), check_ensemble),
    ]


def check_model(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of model parameters."""
    try:
        return read_model(read_document(path), model_coefficients())[1]
    except InputError as error:
        return error.problems


def check_programme(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a programme's file."""
    try:
        return read_programme(read_document(path), name=Path(path).stem)[1]
    except InputError as error:
        return error.problems


def check_ensemble(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of calibrated sets."""
    return read_ensemble(path, model_coefficients())[1]
