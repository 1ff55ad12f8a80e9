"""The plain numbers by which a programme is delivered, and how many staff there are when."""

from __future__ import annotations

from typing import NamedTuple


class Delivery(NamedTuple):
    """How a programme is delivered at one level of money and scale, once fully staffed."""

    capacity_per_month: float  # people who can start in a month, at this scale
    places: int  # neighbourhoods treated; the same at every scale
    presence: float  # share of their incidents where and when the place is covered
    take_up: float
    take_up_by_deprivation: float
    drop_out_per_month: float
    lag_months: float
    hiring_months: float
    notice_months: float
    ramp_up_months: float
    duration_months: float
    half_life_months: float  # infinite where the effect does not fade

    def staffed(self, since: float, left: float) -> float:
        """Return the share of its staff that is there in a month.

        Parameters
        ----------
        since
            Months since the money began to flow, at the start of the month.
        left
            Months until a known end of the money, infinite where none is known.
        """
        if since < self.lag_months or left <= 0.0:
            return 0.0
        hired = 1.0
        if self.hiring_months > 0.0:
            hired = min(1.0, (since - self.lag_months + 1.0) / self.hiring_months)
        staying = 1.0
        if self.notice_months > 0.0:
            staying = min(1.0, left / (self.notice_months + 1.0))
        return min(hired, staying)
