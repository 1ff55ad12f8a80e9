"""A place from a place pack: a folder of real neighbourhoods.

The files and their columns are listed in `vru_model.place.pack_files.FILES`; two files of
shapes (`boundaries.geojson`, `local_authorities.geojson`) belong to it, and `SOURCES.md` says
where everything comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from vru_model.errors import InputError, Problem
from vru_model.parameters.documents import shown
from vru_model.place.ages import fit_to_bands
from vru_model.place.built_in import normal_score
from vru_model.place.definition import Authority, Place
from vru_model.place.geography import expose_centres, project
from vru_model.place.notes import blank_notes, sex_notes
from vru_model.place.pack_checks import check_tables
from vru_model.place.pack_files import (
    AGE_COLUMNS,
    BAND_COLUMNS,
    FILES,
    Findings,
    Table,
    read_table,
)
from vru_model.place.pack_shapes import SHAPES, check_shapes

OPEN_GOVERNMENT_LICENCE = (
    "Contains public sector information licensed under the Open Government Licence v3.0."
)
NOTE_AGES = (
    "Single years of age inside the Census bands are approximate: the pack's profiles, scaled so "
    "that every band agrees."
)
NOTE_NIGHT = (
    "Without counts of workplaces or bars, the night-time economy stands in the most central 1% "
    "of each authority's neighbourhoods."
)


def check_pack(folder: str | Path) -> list[Problem]:
    """Return everything that is wrong with a place pack."""
    return _read_pack(Path(folder).expanduser())[1]


def load_pack(folder: str | Path) -> Place:
    """Return the place that a pack describes, at full size.

    Raises InputError listing everything that is wrong with the pack.
    """
    folder = Path(folder).expanduser()
    tables, problems = _read_pack(folder)
    if problems:
        raise InputError(problems)
    return _assemble(folder, tables)


def _read_pack(folder: Path) -> tuple[dict[str, Table], list[Problem]]:
    """Return the tables of a pack and all its problems."""
    if not folder.is_dir():
        given = "a file" if folder.exists() else "no such folder"
        return {}, [Problem(shown(folder), None, "", given, "the folder of a place pack")]
    findings = Findings()
    tables = {name: read_table(folder, name, findings) for name in FILES}
    check_tables(tables, findings)
    for name, label in SHAPES.items():
        codes = tables["neighbourhoods.csv"].columns.get(label, np.empty(0, dtype=object))
        check_shapes(folder, name, {code for code in codes if code}, findings)
    return tables, findings.all()


def _assemble(folder: Path, tables: Mapping[str, Table]) -> Place:
    """Return the place in checked tables, neighbourhoods in the order of authority and code."""
    home = pd.DataFrame(tables["neighbourhoods.csv"].columns)
    home = home.sort_values(["local_authority", "neighbourhood"], ignore_index=True)
    names = home.drop_duplicates("local_authority").set_index("local_authority")
    authorities = tuple(
        Authority(code, name) for code, name in names["local_authority_name"].items()
    )
    sexes = pd.DataFrame(tables["residents_by_sex.csv"].columns).set_index("local_authority")
    sexes = sexes.loc[names.index]
    ages = pd.DataFrame(tables["residents_by_age.csv"].columns).set_index("neighbourhood")
    profiles = ages.loc[home["neighbourhood"], list(AGE_COLUMNS)].to_numpy(dtype=float)
    totals = home.groupby("local_authority")["residents"].sum()
    both = sexes["female"] + sexes["male"]
    residuals = {
        str(sexes.at[code, "local_authority_name"]): int(both[code] - totals[code])
        for code in names.index
    }
    attribution, source_note = _attribute(folder)
    name = folder.resolve().name
    place = Place(
        name=name,
        title=name.replace("_", " ").title(),
        synthetic=False,
        source=f"place pack {name} (SOURCES.md names the publishers)",
        attribution=attribution,
        authorities=authorities,
        neighbourhoods=_neighbourhoods(home),
        residents_by_age=fit_to_bands(profiles, home[list(BAND_COLUMNS)].to_numpy(dtype=float)),
        males=sexes["male"].to_numpy(dtype=np.int64),
        adjacency=_adjacency(home, tables["adjacency.csv"]),
        folder=folder,
        notes=(
            NOTE_AGES,
            NOTE_NIGHT,
            *blank_notes(tables["schools.csv"].blanks, len(tables["schools.csv"])),
            *sex_notes(residuals),
            *source_note,
        ),
    )
    return place.at_scale(1.0)


def _neighbourhoods(home: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that `Place.neighbourhoods` promises, from those of the pack."""
    decile = home["imd_decile"].to_numpy(dtype=np.int8)
    residents = home["residents"].to_numpy(dtype=np.int64)
    authority = pd.factorize(home["local_authority"], sort=True)[0]
    x_km, y_km = project(home["latitude"].to_numpy(), home["longitude"].to_numpy())
    return pd.DataFrame(
        {
            "neighbourhood": home["neighbourhood"].astype(str),
            "name": home["name"].astype(str),
            "ward": home["ward"].astype(str),
            "local_authority": authority,
            "deprivation_decile": decile,
            "deprivation": score_deprivation(
                home["income_score"].to_numpy(),
                home["employment_score"].to_numpy(),
                decile,
                residents,
            ),
            "night_exposure": expose_centres(authority, residents, x_km, y_km),
            "residents": residents,
            "households": home["households"].to_numpy(dtype=np.int64),
            "x_km": x_km,
            "y_km": y_km,
        }
    )


def score_deprivation(
    income: np.ndarray, employment: np.ndarray, decile: np.ndarray, residents: np.ndarray
) -> np.ndarray:
    """Return the standard score of deprivation, higher for the more deprived.

    The mean of the standard scores of income and employment deprivation, which weigh the same in
    the English Indices. (The overall index contains recorded crime, so that its gradient with
    violence would be circular.) It is moved and stretched until its mean and standard deviation
    over residents are those of the normal score of the overall decile, so that it is measured
    against England, not against the place itself.
    """
    national = normal_score(decile)
    own = _standardise(income, residents) + _standardise(employment, residents)
    spread = np.sqrt(np.cov(national, aweights=residents, bias=True)) if len(decile) > 1 else 0.0
    return np.average(national, weights=residents) + spread * _standardise(own, residents)


def _standardise(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return values with weighted mean 0 and standard deviation 1; zeros where all are equal."""
    centred = values - np.average(values, weights=weights)
    spread = np.sqrt(np.average(centred**2, weights=weights))
    return centred / spread if spread > 0.0 else np.zeros(len(values))


def _adjacency(home: pd.DataFrame, table: Table) -> np.ndarray:
    """Return touching neighbourhoods as pairs of rows, the lower first."""
    row_of = pd.Series(home.index, index=home["neighbourhood"])
    pairs = np.column_stack(
        [row_of.loc[table[column]].to_numpy() for column in ("neighbourhood", "neighbour")]
    )
    pairs = np.sort(pairs, axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.int32)


def _attribute(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return the line that the licences ask for, from SOURCES.md, and a note where it is absent.

    It is the first paragraph that speaks of a licence.
    """
    try:
        text = (folder / "SOURCES.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    for paragraph in text.split("\n\n"):
        if "licence" in paragraph.lower() and not paragraph.lstrip().startswith(("#", "|")):
            return " ".join(paragraph.split()), ()
    note = "No SOURCES.md of the pack names a licence: the Open Government Licence is assumed."
    return OPEN_GOVERNMENT_LICENCE, (note,)
