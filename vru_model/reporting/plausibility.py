"""The plausibility gate: is a result of the size that anybody has found before?

The national evaluation of Violence Reduction Units and of the patrols paid beside them ("Grip")
credits some 3,220 hospital admissions averted, in four years, to £315 million: about £98,000 an
admission. It is no law of nature, but a strategy that beats it several times over needs a better
reason than a model.
"""

from __future__ import annotations

from dataclasses import dataclass

from vru_model.reporting.words import money, two_figures

NATIONAL_SPEND = 315e6  # £, as paid over four years; prices of those years
NATIONAL_AVERTED = 3_220.0  # hospital admissions for violence of any kind, to March 2023
NATIONAL_RATE = 7.96e-5  # of the same, a resident over the four years, in areas with a unit
NATIONAL_YEARS = 4.0
COST_PER_ADMISSION = NATIONAL_SPEND / NATIONAL_AVERTED
SOURCE = (
    "Home Office evaluation of Violence Reduction Units, year ending March 2023 (admissions); "
    "Home Office funding of units and Grip, 2019 to 2023"
)


@dataclass(frozen=True)
class Plausibility:
    """A strategy's averted admissions a year beside what the national evaluation would suggest.

    Parameters
    ----------
    averted
        Hospital admissions for violence averted a year, by the model.
    low80, high80
        80% interval of `averted`.
    at_national_cost
        What the same money averts a year at the national cost per admission.
    at_national_rate
        What a place of this size averts a year at the national rate, for any money.
    spend
        £ a year.
    """

    averted: float
    low80: float
    high80: float
    at_national_cost: float
    at_national_rate: float
    spend: float

    @property
    def ratio(self) -> float:
        """The model's number as a multiple of what the money averts at the national cost."""
        return self.averted / self.at_national_cost if self.at_national_cost else float("nan")

    @property
    def level(self) -> str:
        """How far to trust the size: "within", "above" or "far above"."""
        if self.averted > max(self.at_national_rate, self.at_national_cost):
            return "far above"
        return "above" if self.averted > self.at_national_cost else "within"

    @property
    def cost_per_admission(self) -> str:
        """What an averted admission costs, by the model, if all the money is set against it."""
        if self.averted <= 0:
            return "no admission averted"
        return f"about {money(float(f'{self.spend / self.averted:.1e}'))}"

    @property
    def sentence(self) -> str:
        """The verdict in one sentence with its figures."""
        found = f"{two_figures(self.averted)} hospital admissions averted a year"
        usual = f"{two_figures(self.at_national_cost)} for the same money"
        if self.level == "far above":
            return (
                f"{found} is far above what the national evaluation found ({usual}; "
                f"{two_figures(self.at_national_rate)} for a place of this size): treat it as an "
                "error until it is explained."
            )
        if self.level == "above":
            return f"{found} is above what the national evaluation found ({usual}): be cautious."
        return f"{found} is within what the national evaluation found ({usual})."


def weigh(
    averted: float, low80: float, high80: float, spend: float, residents: float
) -> Plausibility:
    """Return how a strategy's averted admissions a year compare with the national evaluation.

    Parameters
    ----------
    averted, low80, high80
        Admissions averted a year and their 80% interval.
    spend
        £ a year.
    residents
        People in the place.
    """
    return Plausibility(
        averted=averted,
        low80=low80,
        high80=high80,
        at_national_cost=spend / COST_PER_ADMISSION,
        at_national_rate=residents * NATIONAL_RATE / NATIONAL_YEARS,
        spend=spend,
    )
