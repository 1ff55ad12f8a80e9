"""What is said beside the results about how the figures of a place agree."""

from __future__ import annotations

from collections.abc import Mapping


def sex_notes(residuals: Mapping[str, int]) -> list[str]:
    """Return a note on the Census's own rounding of the tables by sex.

    Parameters
    ----------
    residuals
        Females and males together, less the residents, of each authority by name.
    """
    left = {name: residual for name, residual in residuals.items() if residual}
    if not left:
        return ["Residents by sex agree exactly with the published totals."]
    listed = ", ".join(f"{name} {residual:+,}" for name, residual in left.items())
    return [
        "Males agree exactly with the published totals at full size; females take up the "
        "publisher's own rounding. Females and males together differ from the residents by: "
        f"{listed}; altogether {sum(left.values()):+,}."
    ]


def blank_notes(blanks: Mapping[str, int], rows: int) -> list[str]:
    """Return a note on the cells that the publisher of schools left blank, by column."""
    names = {"pupils": "pupils", "free_school_meals_percent": "free school meals"}
    said = [f"{names[column]} for {blanks[column]:,}" for column in names if blanks.get(column)]
    if not said:
        return []
    return [f"Blank in schools.csv, and accepted: {' and '.join(said)} of {rows:,} schools."]
