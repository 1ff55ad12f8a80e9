"""A small place pack, written by tests, that can be spoilt in one place at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

BANDS = ((0, 16), (16, 25), (25, 35), (35, 50), (50, 65), (65, 91))
BAND_NAMES = ("0_15", "16_24", "25_34", "35_49", "50_64", "65_plus")
AUTHORITIES = {"E1": "Northtown", "E2": "Southtown"}
# Code, authority, residents in the six bands, households, decile, income, employment.
NEIGHBOURHOODS = (
    ("N1", "E1", (300, 180, 250, 330, 280, 160), 600, 1, 0.50, 0.30),
    ("N2", "E1", (220, 150, 200, 300, 310, 330), 640, 5, 0.25, 0.15),
    ("N3", "E1", (180, 120, 160, 280, 340, 420), 650, 9, 0.08, 0.05),
    ("N4", "E2", (350, 200, 260, 340, 260, 140), 570, 2, 0.45, 0.27),
    ("N5", "E2", (200, 130, 190, 300, 300, 290), 600, 7, 0.15, 0.09),
)

Rows = list[dict[str, object]]


def small_pack() -> dict[str, Rows]:
    """Return the tables of a pack in which nothing is wrong."""
    home: Rows = []
    ages: Rows = []
    for i, (code, authority, bands, households, decile, income, employment) in enumerate(
        NEIGHBOURHOODS
    ):
        home.append(
            {
                "neighbourhood": code, "name": f"{AUTHORITIES[authority]} {i}", "ward": "W",
                "ward_name": "Ward", "local_authority": authority,
                "local_authority_name": AUTHORITIES[authority], "msoa": "M", "msoa_name": "Middle",
                "latitude": 52.4 + 0.01 * i, "longitude": -1.9 + 0.02 * i, "area_km2": 0.5,
                "residents": sum(bands),
                **{f"residents_{name}": n for name, n in zip(BAND_NAMES, bands, strict=True)},
                "households": households, "imd_score": 30, "imd_rank": 1000 * decile,
                "imd_decile": decile, "income_score": income, "employment_score": employment,
                "education_score": 20, "health_score": 0.5,
            }
        )  # fmt: skip
        row: dict[str, object] = {"neighbourhood": code}
        for (low, high), number in zip(BANDS, bands, strict=True):
            for year in range(low, high):
                row["age_90p" if year == 90 else f"age_{year}"] = f"{number / (high - low):.3f}"
        ages.append(row)
    sexes: Rows = []
    for code, name in AUTHORITIES.items():
        residents = sum(sum(n[2]) for n in NEIGHBOURHOODS if n[1] == code)
        male = residents * 49 // 100
        sexes.append({"local_authority": code, "local_authority_name": name,
                      "female": residents - male + 1, "male": male})  # fmt: skip
    where = {"latitude": 52.41, "longitude": -1.89}
    return {
        "neighbourhoods.csv": home,
        "residents_by_age.csv": ages,
        "residents_by_sex.csv": sexes,
        "adjacency.csv": [{"neighbourhood": one, "neighbour": other}
                          for one, other in (("N1", "N2"), ("N2", "N3"), ("N4", "N5"))],
        "schools.csv": [
            {"urn": 100, "name": "First", "phase": "Primary", "type": "Community school",
             "pupils": 210, "free_school_meals_percent": 33.3, "neighbourhood": "N1", **where},
            {"urn": 101, "name": "Second", "phase": "Secondary", "type": "Academy",
             "pupils": "", "free_school_meals_percent": "", "neighbourhood": "N4", **where},
        ],
        "emergency_departments.csv": [
            {"name": "General", "trust": "Trust", "neighbourhood": "N2", **where}
        ],
    }  # fmt: skip


def square(x: float, y: float) -> dict[str, object]:
    """Return a square polygon."""
    corners = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]]
    return {"type": "Polygon", "coordinates": [corners]}


def shapes(label: str, codes: list[str]) -> dict[str, object]:
    """Return a feature collection with a square for every code."""
    features = [
        {"type": "Feature", "properties": {label: code}, "geometry": square(-1.9 + 0.01 * i, 52.4)}
        for i, code in enumerate(codes)
    ]
    return {"type": "FeatureCollection", "features": features}


def write_pack(folder: Path, change: Callable[[dict[str, Rows]], object] | None = None) -> Path:
    """Write a small pack, after a change to its tables; return its folder."""
    tables = small_pack()
    if change is not None:
        change(tables)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    neighbourhoods = shapes("neighbourhood", [row[0] for row in NEIGHBOURHOODS])
    (folder / "boundaries.geojson").write_text(json.dumps(neighbourhoods), "utf-8")
    authorities = shapes("local_authority", list(AUTHORITIES))
    (folder / "local_authorities.geojson").write_text(json.dumps(authorities), "utf-8")
    sources = "# Sources\n\nContains figures under the Open Government Licence v3.0.\n\n| a |\n"
    (folder / "SOURCES.md").write_text(sources, "utf-8")
    return folder
