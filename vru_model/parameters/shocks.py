"""Shocks: what may happen to the money, the staff and the records of any strategy."""

from __future__ import annotations

from typing import Any

from vru_model.parameters.schema import Number, Schema, Whole, quantity


class Shock(Schema):
    """What happens to whatever is funded; every field left out changes nothing."""

    ends_after_year: Whole | None = quantity(
        "model year", "The last year with any money.", default=None, ge=1, le=25)
    cut_share: Number = quantity(
        "share of the money", "By which all lines of funding are cut.", default=0.0, ge=0.0, le=1.0)
    cut_from_year: Whole = quantity(
        "model year", "First year of the cut.", default=1, ge=1, le=25)
    late_months: Number = quantity(
        "months", "By which the award of a year comes late: nothing can be done in them, and their "
        "share of the year's money is not spent.", default=0.0, ge=0.0, le=12.0)
    late_in_years: tuple[Whole, ...] = quantity(
        "model year", "The years in which it comes late; every year if empty.", default=())
    inflation: Number = quantity(
        "share a year", "By which costs rise each year while the cash stays the same.",
        default=0.0, ge=-0.1, le=0.5)
    fading: Number = quantity(
        "rate ratio", "How much faster effects fade after their end, 2: half-lives are halved; "
        "effects that do not fade are left alone.", default=1.0, gt=0.0, le=100.0)
    displacement: Number = quantity(
        "share of incidents", "Of what is prevented in covered places, what happens near by "
        "instead.", default=0.0, ge=0.0, le=1.0)
    police_recording: Number = quantity(
        "rate ratio", "Of the chance that the police record what did not lead to admission or "
        "death, from year 1 on.", default=1.0, gt=0.0, le=10.0)

    @property
    def made(self) -> dict[str, Any]:
        """What the shock changes: field → value."""
        return {name: getattr(self, name) for name, field in type(self).model_fields.items()
                if getattr(self, name) != field.default}

    def money(self, pounds: int, year: int) -> int:
        """Return the £ that are left of a line's money in a year, in prices of year 1."""
        if self.ends_after_year is not None and year > self.ends_after_year:
            return 0
        left = 1.0 - (self.cut_share if year >= self.cut_from_year else 0.0)
        return round(pounds * left * (1.0 + self.inflation) ** (1 - year))

    def late(self, year: int) -> float:
        """Return the months by which the award of a year comes late."""
        return self.late_months if not self.late_in_years or year in self.late_in_years else 0.0

    def words(self) -> list[str]:
        """Return what happens, one clause each."""
        years = ", ".join(str(year) for year in self.late_in_years)
        clauses = {
            "ends_after_year": f"all money ends after year {self.ends_after_year}",
            "cut_share": f"all money is cut by {100 * self.cut_share:g}% from year "
            f"{self.cut_from_year}",
            "late_months": f"the award comes {self.late_months:g} months late"
            + (f" in year {years}" if years else " every year"),
            "inflation": f"costs rise by {100 * self.inflation:g}% a year while the cash stays the "
            "same",
            "fading": f"effects fade {self.fading:g} times as fast",
            "displacement": f"{100 * self.displacement:g}% of what is prevented in covered places "
            "happens near by instead",
            "police_recording": f"the police record {self.police_recording:g} times as much of "
            "what is not severe",
        }
        return [clauses[name] for name in self.made if name in clauses]
