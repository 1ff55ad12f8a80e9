"""The boundaries of a place pack (GeoJSON, WGS 84): checked, and read as polygons for maps."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from vru_model.errors import nearest
from vru_model.parameters.documents import shown
from vru_model.place.pack_files import Findings

SHAPES = {"boundaries.geojson": "neighbourhood", "local_authorities.geojson": "local_authority"}
"""The files of shapes, and the property that names what a shape belongs to."""


def check_shapes(folder: Path, name: str, codes: Iterable[str], findings: Findings) -> None:
    """Note everything that is wrong with a file of shapes.

    Parameters
    ----------
    folder, name
        The pack and the file in it.
    codes
        The codes that must each have one shape; none where neighbourhoods.csv was unreadable.
    """
    file = shown(folder / name)
    content = _read(folder / name, file, findings)
    if content is None:
        return
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        findings.add(file, None, "features", "no list of features", "a GeoJSON FeatureCollection")
        return
    label, known, seen = SHAPES[name], set(codes), set()
    for number, feature in enumerate(features, start=1):
        where = f"feature {number}"
        code = _property(feature, label)
        if code is None:
            findings.add(file, None, where, "no code", f"a {label} in its properties")
        elif code in seen:
            findings.add(file, None, where, repr(code) + " again", f"each {label} once")
        elif known and code not in known:
            hint = nearest(code, known) if len(known) < 100 else ""
            findings.add(file, None, where, repr(code), f"a {label} of neighbourhoods.csv", hint)
        seen.add(code)
        _check_geometry(file, where, feature, findings)
    for code in sorted(known - seen):
        findings.add(file, None, label, f"no shape for {code!r}", f"a shape for every {label}")


def read_shapes(folder: Path, name: str) -> dict[str, list[np.ndarray]]:
    """Return the outer rings (longitude, latitude), shape (points, 2), of every code."""
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    return {
        feature["properties"][SHAPES[name]]: [
            np.asarray(polygon[0], dtype=float)[:, :2] for polygon in _polygons(feature)
        ]
        for feature in content["features"]
    }


def _read(path: Path, file: str, findings: Findings) -> Any:
    """Return the content of a JSON file, or None."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        findings.add(file, None, "", "no such file", "every file of a place pack")
    except OSError as error:
        findings.add(file, None, "", error.strerror or "an error", "a file that can be read")
    except UnicodeDecodeError:
        findings.add(file, None, "", "bytes that are not UTF-8", "text saved as UTF-8")
    except json.JSONDecodeError as error:
        findings.add(file, error.lineno, "", error.msg, "GeoJSON")
    except RecursionError:
        findings.add(file, None, "", "lists within lists without end", "GeoJSON")
    return None


def _property(feature: Any, label: str) -> str | None:
    """Return the code of a feature, or None where it has none."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get(label) if isinstance(properties, dict) else None
    return code if isinstance(code, str) and code else None


def _polygons(feature: Any) -> list[Any]:
    """Return the polygons of a feature, each a list of rings; none where it has no area."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or not isinstance(geometry.get("coordinates"), list):
        return []
    if geometry.get("type") == "Polygon":
        return [geometry["coordinates"]]
    return geometry["coordinates"] if geometry.get("type") == "MultiPolygon" else []


def _check_geometry(file: str, where: str, feature: Any, findings: Findings) -> None:
    """Note a shape that is no polygon, or whose points lie outside the United Kingdom."""
    polygons = _polygons(feature)
    if not polygons:
        findings.add(file, None, where, "no polygon", "a Polygon or MultiPolygon")
    for polygon in polygons:
        for ring in polygon if isinstance(polygon, list) and polygon else [None]:
            try:
                points = np.asarray(ring, dtype=float)
            except (TypeError, ValueError):
                points = np.empty(0)
            if points.ndim != 2 or points.shape[1] < 2 or len(points) < 4:
                given, allowed = "a ring that is none", "4 or more points of 2 numbers"
                findings.add(file, None, where, given, allowed)
                continue
            low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
            if not (-9 <= low[0] <= high[0] <= 2 and 49 <= low[1] <= high[1] <= 61):
                given = f"points from {low.tolist()} to {high.tolist()}"
                allowed = "longitudes from -9 to 2, latitudes from 49 to 61"
                findings.add(file, None, where, given, allowed)
