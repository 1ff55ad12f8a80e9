"""Built-in places: published totals of authorities, from which neighbourhoods are synthesised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.documents import Document, Location, read_document, words
from vru_model.parameters.schema import Schema, Text, Whole, quantity, validate
from vru_model.place.ages import BAND_STARTS, BANDS, FINE_GROUPS, FINE_STARTS

Count = Annotated[Whole, Field(ge=0)]
SEXES = ("female", "male")
DECILES = tuple(str(decile) for decile in range(1, 11))
ROUNDING = 0.001
"""Largest difference that is taken for the publisher's own rounding: 0.1% of the residents.

The Census rounds and swaps each table apart; in the West Midlands tables of one authority
differ by at most 28 people (0.01%)."""


class Table(Schema):
    """Where one table of a place comes from."""

    source: Text = Field(description="Publisher, publication, year and what is counted")
    licence: Text = Field(description="The licence under which it is published")
    grade: Literal["read", "derived", "recalled", "prior"] = Field(
        description="How the figures are known"
    )


class Tables(Schema):
    """The source of every table."""

    residents: Table
    households: Table
    sex: Table
    age_bands: Table
    fine_ages: Table
    deprivation_deciles: Table


class DecileTotals(Schema):
    """Neighbourhoods and residents of an authority in one decile of deprivation."""

    neighbourhoods: Count = quantity("neighbourhoods", "Neighbourhoods in the decile")
    residents: Count = quantity("residents", "Residents in the decile")


class AuthorityTotals(Schema):
    """The published totals of one local authority."""

    code: Text = Field(description="Code of the Office for National Statistics")
    name: Text = Field(description="Name of the authority")
    residents: Annotated[Whole, Field(ge=1)] = quantity("residents", "All usual residents")
    neighbourhoods: Annotated[Whole, Field(ge=1)] = quantity("neighbourhoods", "LSOAs")
    households: Annotated[Whole, Field(ge=1)] = quantity("households", "All households")
    sex: dict[str, Count] = quantity("residents", "Residents by sex")
    age_bands: dict[str, Count] = quantity("residents", "Residents by Census age band")
    fine_ages: dict[str, Count] = quantity("residents", "Residents by finer age group")
    deprivation_deciles: dict[str, DecileTotals] = Field(
        description="Neighbourhoods and residents by decile of deprivation, 1 = most deprived"
    )


class PublishedTotals(Schema):
    """A file in ``parameters/places``: a defined population by its published totals."""

    title: Text = Field(description="Name for people")
    description: Text = Field(description="Which area, and when")
    attribution: Text = Field(description="The line that the licences ask for")
    tables: Tables
    authorities: Annotated[tuple[AuthorityTotals, ...], Field(min_length=1)]


def load_totals(path: str | Path) -> PublishedTotals:
    """Return the published totals in a file.

    Raises InputError with everything that is wrong with it, each with its line.
    """
    document = read_document(path)
    totals, problems = _check(document)
    if problems:
        raise InputError(problems)
    return totals


def check_totals(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of published totals."""
    try:
        load_totals(path)
    except InputError as error:
        return error.problems
    return []


def _check(document: Document) -> tuple[PublishedTotals, list[Problem]]:
    """Return the totals and all problems: of form, and of sums where an authority has form."""
    totals, problems = validate(PublishedTotals, document)
    problems = [*document.problems, *problems]
    entries = document.data.get("authorities") if isinstance(document.data, dict) else None
    seen: dict[str, int] = {}
    for i, entry in enumerate(entries if isinstance(entries, list) else []):
        location = ("authorities", i)
        authority, faults = validate(AuthorityTotals, document, entry, location)
        if faults:
            continue  # already reported with the whole
        problems += _check_authority(document, location, authority)
        if authority.code in seen:
            allowed = "a code that stands once"
            problems.append(document.problem((*location, "code"), authority.code, allowed))
        seen[authority.code] = i
    return totals, sorted(problems, key=lambda problem: problem.line or 0)


def _check_authority(
    document: Document, location: Location, authority: AuthorityTotals
) -> list[Problem]:
    """Return what does not add up in one authority."""
    tables: list[tuple[str, Mapping[str, Any], Iterable[str]]] = [
        ("sex", authority.sex, SEXES),
        ("age_bands", authority.age_bands, BANDS),
        ("fine_ages", authority.fine_ages, FINE_GROUPS),
        ("deprivation_deciles", authority.deprivation_deciles, DECILES),
    ]
    problems = []
    for name, table, labels in tables:
        problems += _check_labels(document, (*location, name), table, tuple(labels))
    if problems:
        return problems
    return [
        *_check_sums(document, location, authority),
        *_check_fine_ages(document, location, authority),
        *_check_deciles(document, location, authority),
    ]


def _check_sums(
    document: Document, location: Location, authority: AuthorityTotals
) -> list[Problem]:
    """Return tables whose sum is not the authority's own total."""
    deciles = authority.deprivation_deciles.values()
    residents, slack = authority.residents, ROUNDING * authority.residents
    sums = [
        ("sex", "residents", sum(authority.sex.values()), slack),
        ("age_bands", "residents", sum(authority.age_bands.values()), 0),
        ("deprivation_deciles", "residents", sum(one.residents for one in deciles), 0),
        ("deprivation_deciles", "neighbourhoods", sum(one.neighbourhoods for one in deciles), 0),
    ]
    problems = []
    for name, unit, given, allowed in sums:
        published = residents if unit == "residents" else authority.neighbourhoods
        if abs(given - published) > allowed:
            exactness = f"within {ROUNDING:.1%} for rounding" if allowed else "exactly"
            total = f"the authority's {published:,} {unit}, {exactness}"
            given_words = words(f"{given:,} {unit}")
            problems.append(document.problem((*location, name), given_words, total))
    return problems


def _check_fine_ages(
    document: Document, location: Location, authority: AuthorityTotals
) -> list[Problem]:
    """Return bands that are too small to deal, or that the finer groups do not make up."""
    fine = np.array([authority.fine_ages[group] for group in FINE_GROUPS])
    sums = np.add.reduceat(fine, np.searchsorted(FINE_STARTS, BAND_STARTS))
    least = 10 * authority.neighbourhoods
    problems = []
    for band, given in zip(BANDS, sums, strict=True):
        residents = authority.age_bands[band]
        if abs(given - residents) > max(ROUNDING * residents, 5):
            allowed = f"the {residents:,} of age_bands.{band}, within {ROUNDING:.1%} for rounding"
            given_words = words(f"{given:,} residents aged {band}")
            problems.append(document.problem((*location, "fine_ages"), given_words, allowed))
        if residents < least:
            allowed = f"at least {least:,}, 10 a neighbourhood"
            problems.append(document.problem((*location, "age_bands", band), residents, allowed))
    return problems


def _check_labels(
    document: Document, location: Location, table: Mapping[str, Any], labels: tuple[str, ...]
) -> list[Problem]:
    """Return groups that are missing from a table, or unknown to it."""
    allowed = ", ".join(labels)
    unknown = [
        document.problem((*location, name), words("an unknown group"), allowed,
                         nearest(name, labels))
        for name in table
        if name not in labels
    ]  # fmt: skip
    missing = [
        document.problem((*location, name), words("nothing"), "residents of this group")
        for name in labels
        if name not in table
    ]
    return unknown + missing


def _check_deciles(
    document: Document, location: Location, authority: AuthorityTotals
) -> list[Problem]:
    """Return deciles whose neighbourhoods would be no neighbourhoods."""
    problems = []
    for decile, totals in authority.deprivation_deciles.items():
        low, high = 500 * totals.neighbourhoods, 6_000 * totals.neighbourhoods
        if not low <= totals.residents <= high:
            problems.append(
                document.problem(
                    (*location, "deprivation_deciles", decile),
                    words(
                        f"{totals.residents:,} residents in "
                        f"{totals.neighbourhoods:,} neighbourhoods"
                    ),
                    "500 to 6,000 residents a neighbourhood (none without a neighbourhood)",
                )
            )
    return problems
