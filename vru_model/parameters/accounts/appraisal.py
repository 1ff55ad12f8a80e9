"""The schema of ``parameters/appraisal.yaml``: dated rules by which money is appraised."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from vru_model.errors import Problem
from vru_model.parameters.accounts.costs import FinancialYear
from vru_model.parameters.accounts.documents import (
    Fault,
    account_problems,
    load_account,
    not_one,
    out_of_order,
)
from vru_model.parameters.programmes import Share
from vru_model.parameters.rows import Grade
from vru_model.parameters.schema import PROGRAMME_PATTERN, Number, Schema, Text, Whole, quantity


class Discounting(Schema):
    """A schedule of annual discount rates."""

    from_year: Whole = quantity("years from now", "First year of the rate.", ge=0)
    general: Number = quantity("share a year", "Social time preference rate.", ge=0, le=0.2)
    health: Number = quantity("share a year", "Rate for health and life.", ge=0, le=0.2)


class Deflator(Schema):
    """The GDP deflator of one financial year."""

    index: Number = quantity("index", "Relative to 100 in the base year.", gt=0)
    grade: Grade = quantity("", "How the number is known.")


class Bias(Schema):
    """Optimism bias for one grade of evidence."""

    cost_uplift: Number = quantity("share", "Added to costs.", **Share)
    benefit_cut: Number = quantity("share", "Taken off benefits.", **Share)


class Equity(Schema):
    """What distribution is weighed with."""

    income_elasticity: Number = quantity("", "Of the marginal utility of income.", ge=0, le=5)
    relative_income: tuple[Number, ...] = quantity(
        "of the median", "By deprivation quintile, most deprived first.", min_length=5,
        max_length=5)
    lifetime_health: tuple[Number, ...] = quantity(
        "QALYs", "Quality-adjusted life expectancy at birth by quintile, most deprived first.",
        min_length=5, max_length=5)
    opportunity_cost: tuple[Number, ...] = quantity(
        "share", "Of the health given up, by quintile, most deprived first.", min_length=5,
        max_length=5)
    price_of_health: Number = quantity(
        "£ a QALY", "What produces one QALY elsewhere in the public budget.", gt=0)
    price_of_health_year: FinancialYear = quantity("", "Its price year.")
    aversions: tuple[Number, ...] = quantity("", "Atkinson's parameters to weigh over.")
    source: Text = quantity("", "Where the figures come from, and how far they are known.")


class Profile(Schema):
    """One set of rules, as they stood on a date."""

    title: Text = quantity("", "As a reader sees it.")
    valid_from: datetime.date = quantity("", "Since when the rules hold.")
    valid_until: datetime.date | None = quantity("", "Until when; null: still.", default=None)
    price_base: FinancialYear = quantity("", "Financial year in whose prices results are given.")
    first_year: FinancialYear = quantity("", "Financial year of model year 1.")
    discounting: tuple[Discounting, ...] = quantity("", "Rates, from now on.", min_length=1)
    qaly_value: Number = quantity("£ a QALY", "Society's value of one.", gt=0)
    qaly_low: Number = quantity("£ a QALY", "Lower end of the range.", gt=0)
    qaly_high: Number = quantity("£ a QALY", "Upper end of it.", gt=0)
    qaly_year: FinancialYear = quantity("", "Price year of the value.")
    optimism_bias: dict[str, Bias] = quantity("", "Grade of evidence A to D → correction.")
    equity: Equity
    source: Text = quantity("", "Where the rules come from, and what was recalled.")


class Worth(Schema):
    """How sure it has to be that something is worth its money before the papers say so."""

    least_chance: Number = quantity(
        "share of draws", "In which benefits exceed costs, at least.", gt=0, le=1)
    source: Text = quantity("", "Where the threshold comes from.")


class Rules(Schema):
    """Profiles by name, what is asked of value for money, and the deflator that all use."""

    default: str = Field(pattern=PROGRAMME_PATTERN, description="The profile used unless told.")
    profiles: dict[str, Profile] = quantity("", "Name → rules.", min_length=1)
    worth: Worth
    deflators: dict[FinancialYear, Deflator] = quantity("", "Financial year → index.")
    deflator_source: Text = quantity("", "Where the series comes from.")

    def deflated(self, amount: float, price_year: str, to: str) -> float:
        """Return money of one year in the prices of another, by the GDP deflator."""
        return amount * self.deflators[to].index / self.deflators[price_year].index


NAME = "appraisal"


def load_rules(path: str | Path | None = None) -> Rules:
    """Return the rules of appraisal; raise InputError listing all that is wrong."""
    return load_account(Rules, NAME, rule_faults, path)


def check_rules(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of rules."""
    return account_problems(Rules, rule_faults, path)


def rule_faults(rules: Rules) -> Iterable[Fault]:
    """Yield what no single field shows."""
    if rules.default not in rules.profiles:
        yield Fault(("default",), rules.default, ", ".join(rules.profiles))
    for name, profile in rules.profiles.items():
        here = ("profiles", name)
        yield from out_of_order((*here, "qaly_value"), profile.qaly_low, profile.qaly_value,
                                profile.qaly_high)
        yield from not_one((*here, "equity", "opportunity_cost"),
                           profile.equity.opportunity_cost, "shares")
        starts = [rate.from_year for rate in profile.discounting]
        if starts != sorted(set(starts)) or starts[0] != 0:
            yield Fault((*here, "discounting"), starts, "years that begin with 0 and rise")
        if set(profile.optimism_bias) != set("ABCD"):
            yield Fault((*here, "optimism_bias"), sorted(profile.optimism_bias), "A, B, C and D")
        years = {"price_base": profile.price_base, "qaly_year": profile.qaly_year,
                 "equity": profile.equity.price_of_health_year}
        for field, year in years.items():
            if year not in rules.deflators:
                yield Fault((*here, field), year, "a year that has a deflator")
