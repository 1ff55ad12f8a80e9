"""Money on programmes, over years and places, and whether it adds up to the budget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import StringConstraints

from vru_model.errors import Problem
from vru_model.parameters.documents import Document, words
from vru_model.parameters.schema import AUTHORITY_PATTERN, Schema, Text, Whole, quantity

AuthorityCode = Annotated[str, StringConstraints(pattern=AUTHORITY_PATTERN)]
_PLACES = ("authorities", "wards", "neighbourhoods", "deprivation_deciles")


class Funding(Schema):
    """Money on one programme, over years and places."""

    programme: Text = quantity("", "Name of the programme.")
    money_per_year: Whole = quantity("£ a year", "In prices of the scenario's year.", ge=0)
    first_year: Whole = quantity("model year", "First year of the money.", default=1, ge=1)
    last_year: Whole | None = quantity(
        "model year", "Last year of the money; to the end unless given.", default=None, ge=1)
    authorities: tuple[AuthorityCode, ...] = quantity(
        "code", "Local authorities in which it is spent; all if empty.", default=())
    wards: tuple[Text, ...] = quantity(
        "code", "Wards in which it is spent (places with wards); all if empty.", default=())
    neighbourhoods: tuple[Text, ...] = quantity(
        "code", "Neighbourhoods in which it is spent; all if empty.", default=())
    deprivation_deciles: tuple[Whole, ...] = quantity(
        "1 = most deprived", "Deciles of deprivation in which it is spent; all if empty.",
        default=())
    most_in_need: Whole | None = quantity(
        "neighbourhoods", "Of the neighbourhoods that the other limits leave, only so many: the "
        "most deprived by income and employment.", default=None, ge=1)

    def covers(self, year: int) -> bool:
        """Say whether there is money in this year, counted from 1."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


def merged(lines: Iterable[Funding]) -> tuple[Funding, ...]:
    """Return the lines in one order, those of the same programme, years and places added up."""
    money: dict[Funding, int] = {}
    for line in lines:
        places = line.model_copy(update={
            "money_per_year": 0,
            **{name: tuple(sorted(set(getattr(line, name)))) for name in _PLACES},
        })
        money[places] = money.get(places, 0) + line.money_per_year
    added = [line.model_copy(update={"money_per_year": pounds}) for line, pounds in money.items()]
    return tuple(sorted(added, key=lambda line: line.model_dump_json()))


def budget_problems(document: Document, lines: list[Funding], other: int,
                    budget: int | list[int]) -> list[Problem]:
    """Return a problem for each change of money that does not add up to the budget of its year.

    Parameters
    ----------
    document
        Where the budget stands.
    lines
        The lines of funding.
    other
        £ a year that buys no programme: the team and evaluation.
    budget
        £ a year, in each year that has any funding; or one number a year from year 1 on.
    """
    field = "budget_per_year" if isinstance(budget, int) else "budget_by_year"
    if not lines:
        given = budget if isinstance(budget, int) else sum(budget)
        return [document.problem((field,), given, "no budget without funding")]
    turns = {1, *(line.first_year for line in lines),
             *(line.last_year + 1 for line in lines if line.last_year is not None)}
    if not isinstance(budget, int):
        turns |= set(range(1, len(budget) + 2))
    problems = []
    for year in sorted(turns):
        spent = sum(line.money_per_year for line in lines if line.covers(year))
        spent += other if spent else 0
        promised = budget if isinstance(budget, int) else (
            budget[year - 1] if year <= len(budget) else 0)
        if spent != promised and (spent or not isinstance(budget, int)):
            where = (field,) if isinstance(budget, int) else (field, min(year, len(budget)) - 1)
            problems.append(document.problem(
                where, words(f"funding of £{spent:,} in year {year}"),
                f"£{promised:,} to the pound",
                f"£{abs(promised - spent):,} too {'little' if spent < promised else 'much'}"))
    return problems[:1] if isinstance(budget, int) else problems
