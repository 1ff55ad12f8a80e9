"""Pictures of a place: a population pyramid, ages by deprivation, a map where there is one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter

from vru_model.errors import InputError, Problem
from vru_model.place.ages import BAND_OF_YEAR, BANDS, YEARS
from vru_model.place.definition import Place
from vru_model.place.pack_shapes import read_shapes
from vru_model.place.population import Population

BLUE, ORANGE = "#0072B2", "#E69F00"  # Okabe and Ito, told apart by readers with any colour vision
FORMATS = (".png", ".svg", ".pdf")
_PYRAMID_TOP = 90


class Picture(NamedTuple):
    """A figure and the text that says the same to readers who do not see it."""

    figure: Figure
    alt: str


def check_picture(path: Path) -> None:
    """Refuse a file that cannot hold a picture or cannot be written: raises InputError."""
    if path.suffix.lower() not in FORMATS:
        allowed = f"a file that ends in {', '.join(FORMATS)}"
        raise InputError([Problem(None, None, "out", repr(str(path)), allowed)])
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        given = repr(str(path.parent))
        raise InputError([Problem(None, None, "out", given, "a folder that can be written")])


def draw_place(place: Place, population: Population, path: Path) -> list[tuple[Path, str]]:
    """Write the pictures of a place; return the files and the text of each."""
    pictures = [(path, plot_population(place, population))]
    if (map_of_deciles := plot_deprivation(place)) is not None:
        pictures.append((path.with_stem(f"{path.stem}-map"), map_of_deciles))
    for file, picture in pictures:
        # Without dates and random marks, so that the same place gives the same bytes.
        metadata = {
            ".png": {"Description": picture.alt},
            ".svg": {"Description": picture.alt, "Date": None},
            ".pdf": {"Subject": picture.alt, "CreationDate": None},
        }[file.suffix.lower()]
        with rc_context({"svg.hashsalt": "place"}):
            picture.figure.savefig(file, dpi=150, metadata=metadata)
    return [(file, picture.alt) for file, picture in pictures]


def plot_population(place: Place, population: Population) -> Picture:
    """Draw the population pyramid and the ages of residents by fifth of deprivation."""
    figure = Figure(figsize=(11, 5.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    pyramid = _draw_pyramid(left, place, population)
    ages = _draw_ages(right, place, population)
    kind = "synthetic residents of published totals" if place.synthetic else "synthetic residents"
    figure.supxlabel(f"{place.title}: {kind}, shown at full size. {place.attribution}",
                     fontsize=7, color="#444444", wrap=True)  # fmt: skip
    return Picture(figure, f"{pyramid} {ages}")


def _draw_pyramid(axes: Axes, place: Place, population: Population) -> str:
    """Draw residents by five years of age and sex; return the words for it."""
    group = np.minimum(population.age, _PYRAMID_TOP) // 5
    weight = place.weight(population)
    count = _PYRAMID_TOP // 5 + 1
    females = weight * np.bincount(group[~population.male], minlength=count)
    males = weight * np.bincount(group[population.male], minlength=count)
    heights = np.arange(count)
    axes.barh(heights, -females, color=ORANGE, height=0.9, label="Female")
    axes.barh(heights, males, color=BLUE, height=0.9, label="Male")
    labels = [f"{5 * i}–{5 * i + 4}" for i in range(count - 1)] + ["90 and over"]
    axes.set_yticks(heights, labels, fontsize=8)
    largest = max(females.max(), males.max())
    axes.set_xlim(-1.08 * largest, 1.08 * largest)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))
    axes.set_xlabel("Residents")
    axes.set_ylabel("Age in years")
    axes.legend(frameon=False, loc="upper right")
    _tidy(axes)
    under_25 = float((population.age < 25).mean())
    most = int(np.argmax(females + males))
    axes.set_title(f"{under_25:.0%} of residents are under 25", loc="left", fontsize=11)
    return (
        f"Population pyramid of {place.title}: {weight * len(population):,.0f} residents by five "
        f"years of age and sex. {under_25:.0%} are under 25; the largest group is {labels[most]} "
        f"with {females[most] + males[most]:,.0f}; at 85 and over {females[-2:].sum():,.0f} are "
        f"female and {males[-2:].sum():,.0f} male."
    )


def _draw_ages(axes: Axes, place: Place, population: Population) -> str:
    """Draw the share of each Census band in the fifths of deprivation; return the words for it."""
    decile = place.neighbourhoods["deprivation_decile"].to_numpy(dtype=int)
    fifth = (decile[population.neighbourhood] - 1) // 2
    band = BAND_OF_YEAR[np.minimum(population.age, YEARS - 1)]
    counts = np.bincount(fifth * len(BANDS) + band, minlength=5 * len(BANDS)).reshape(5, -1)
    total = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(total, 1)
    colours = colormaps["cividis"](np.linspace(0.05, 0.95, len(BANDS)))
    start = np.zeros(5)
    for i, name in enumerate(BANDS):
        axes.barh(np.arange(5), shares[:, i], left=start, color=colours[i], label=name, height=0.8)
        for row in np.flatnonzero(shares[:, i] > 0.04).tolist():
            axes.text(start[row] + shares[row, i] / 2, row, f"{shares[row, i]:.0%}", ha="center",
                      va="center", fontsize=8, color="white" if i < 3 else "black")  # fmt: skip
        start += shares[:, i]
    rows = ["Most deprived\nfifth of England", "2", "3", "4", "Least deprived\nfifth of England"]
    axes.set_yticks(range(5), rows, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
    axes.set_xlabel("Share of residents, by age in years")
    axes.set_ylabel("Deprivation of the neighbourhood")
    axes.legend(ncols=6, frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.12),
                handlelength=1.0, columnspacing=1.0)  # fmt: skip
    _tidy(axes)
    axes.set_title(_message(shares, total[:, 0]), loc="left", fontsize=11)
    words = "; ".join(
        f"fifth {row + 1} ({total[row, 0] / total.sum():.0%} of residents): {shares[row, 0]:.0%} "
        f"under 16, {shares[row, 1]:.0%} aged 16 to 24, {shares[row, 5]:.0%} aged 65 and over"
        for row in np.flatnonzero(total[:, 0])
    )
    return f"Ages of residents by fifth of deprivation, 1 the most deprived: {words}."


def _message(shares: np.ndarray, total: np.ndarray) -> str:
    """Return what the chart of ages says."""
    present = np.flatnonzero(total)
    first, last = present[0], present[-1]
    if first == last:
        return f"{shares[first, 0]:.0%} of residents are under 16"
    return (
        f"Under 16: {shares[first, 0]:.0%} of residents where deprivation is greatest,\n"
        f"{shares[last, 0]:.0%} where it is least"
    )


def plot_deprivation(place: Place) -> Picture | None:
    """Draw a map of the deciles of deprivation; None for synthetic neighbourhoods.

    Synthetic neighbourhoods stand nowhere, so no map of them is ever drawn.
    """
    if place.synthetic or place.folder is None:
        return None
    colours = colormaps["cividis"](np.linspace(0.0, 1.0, 10))
    figure = Figure(figsize=(9, 5.6), layout="constrained")
    axes = figure.subplots()
    _draw_shapes(axes, place, place.folder, colours)
    share = _share_by_decile(place)
    axes.set_title(
        f"{share[:2].sum():.0%} of residents live in the most deprived fifth of England's "
        "neighbourhoods", loc="left", fontsize=11)  # fmt: skip
    labels = ["1 (most deprived)", *(str(d) for d in range(2, 10)), "10 (least deprived)"]
    handles = [Patch(color=colours[i], label=labels[i]) for i in range(10)]
    axes.legend(handles=handles, title="Decile of deprivation", frameon=False, fontsize=8,
                title_fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))  # fmt: skip
    figure.supxlabel(f"{place.title}. {place.attribution}", fontsize=7, color="#444444", wrap=True)
    listed = ", ".join(f"{i + 1}: {part:.0%}" for i, part in enumerate(share))
    alt = (
        f"Map of the {len(place.neighbourhoods):,} neighbourhoods of {place.title}, coloured by "
        f"national decile of deprivation. Residents by decile, 1 the most deprived: {listed}."
    )
    return Picture(figure, alt)


def _draw_shapes(axes: Axes, place: Place, folder: Path, colours: np.ndarray) -> None:
    """Draw the neighbourhoods in the colours of their deciles, and the named authorities."""
    shapes = read_shapes(folder, "boundaries.geojson")
    decile = place.neighbourhoods.set_index("neighbourhood")["deprivation_decile"]
    rings = [outline for outlines in shapes.values() for outline in outlines]
    codes = [code for code, outlines in shapes.items() for _ in outlines]
    # Degrees of longitude are shorter than those of latitude.
    stretch = np.array([np.cos(np.radians(np.mean([ring[:, 1].mean() for ring in rings]))), 1.0])
    faces = colours[decile.loc[codes].to_numpy(dtype=int) - 1]
    axes.add_collection(PolyCollection([ring * stretch for ring in rings], facecolors=faces,
                                       edgecolors="white", linewidths=0.15))  # fmt: skip
    authorities = read_shapes(folder, "local_authorities.geojson")
    for authority in place.authorities:
        outlines = [ring * stretch for ring in authorities[authority.code]]
        for outline in outlines:
            axes.plot(outline[:, 0], outline[:, 1], color="black", linewidth=0.8)
        largest = max(outlines, key=len)
        x, y = (largest.min(axis=0) + largest.max(axis=0)) / 2
        axes.text(x, y, authority.name, ha="center", va="center", fontsize=8, weight="bold",
                  path_effects=[withStroke(linewidth=2.5, foreground="white")])  # fmt: skip
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.set_axis_off()


def _share_by_decile(place: Place) -> np.ndarray:
    """Return the share of residents in each decile, shape (10,)."""
    table = place.neighbourhoods
    residents = np.bincount(table["deprivation_decile"], table["residents"], minlength=11)[1:]
    return residents / residents.sum()


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=0)
