"""Who pays and who saves, by agency and year, exact to the penny.

The payer is seldom the saver. Three kinds of saving are kept apart: *cashable*, which could leave
a budget; *capacity*, staff time and beds that are free for other work and return no money; and
*social*, what victims, families, employers and the public are spared. Money is undiscounted, in
the prices of the appraisal; savings carry the correction for optimism, payments are what is paid.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.prices import chosen_items
from vru_model.analysis.appraisal.streams import Streams
from vru_model.experiments.intervals import spread
from vru_model.parameters.accounts.agencies import AgencyBook

CASHABLE, CAPACITY, SOCIAL, PAID = "cashable", "capacity", "social", "paid"
KINDS = (CASHABLE, CAPACITY, SOCIAL, PAID)
SOCIETY = "society"
_PENCE = 100
# Shares are written with a few decimals: as fractions of a billion they add up exactly.
_PARTS = 1_000_000_000


@dataclass(frozen=True)
class AgencyAccount:
    """The matrix of who pays and who saves.

    Attributes
    ----------
    matrix
        One row for each agency, body, kind ("cashable", "capacity", "social", "paid") and year:
        agency, body (its name in that year), kind, year, pence. Payments are below zero.
    totals
        One row an agency: savings of each kind, paid and net in pence over the horizon, and the
        95% interval of its savings over draws in £ (low95, high95).
    public
        The same in one row, of all public agencies together.
    """

    matrix: pd.DataFrame
    totals: pd.DataFrame
    public: pd.Series


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole parts of a whole total, in proportion to weights, that add up to it exactly.

    Every part is within one of its exact share. What is left over goes to the largest fractions,
    the first of equals first (Hamilton's method of apportionment). Where all weights are zero the
    total is shared out equally.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("parts need weights, none below zero")
    whole = [Fraction(weight).limit_denominator(_PARTS) for weight in weights]
    everything = sum(whole) or Fraction(len(whole))
    if not sum(whole):
        whole = [Fraction(1)] * len(whole)
    sign, amount = (-1 if total < 0 else 1), abs(total)
    exact = [amount * weight / everything for weight in whole]
    parts = [int(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for place in order[: amount - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


def agency_account(streams: Streams, agencies: AgencyBook) -> AgencyAccount:
    """Return who pays and who saves in the central case."""
    kept = 1 - streams.benefit_cut()
    rows = list(_savings(streams, kept)) + list(_payments(streams, agencies))
    matrix = pd.DataFrame(rows, columns=["agency", "kind", "year", "pence"])
    matrix = matrix.groupby(["agency", "kind", "year"], as_index=False)["pence"].sum()
    first = _first_year(streams)
    bodies = [
        _body(agencies, agency, first + year - 1)
        for agency, year in zip(matrix["agency"], matrix["year"], strict=True)
    ]
    matrix.insert(1, "body", bodies)
    totals = _totals(streams, agencies, matrix, kept)
    return AgencyAccount(matrix, totals, _public(streams, agencies, totals, kept))


def shared_cost(
    account: AgencyAccount,
    agencies: AgencyBook,
    rule: str,
    populations: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return each partner's part of the cost under a rule, and its net position, in pence.

    Parameters
    ----------
    rule
        "equal" among the partners; "by saving", in proportion to what each saves (those who
        save nothing pay nothing); "by population", among local authorities.
    populations
        Residents by local authority, for the last rule. The authorities share their sector's
        savings by population too.

    Returns
    -------
    pandas.DataFrame
        partner, saves, pays, net; whole pence, and what all pay is the cost exactly.
    """
    cost = -int(account.totals["paid"].sum())
    saved = account.totals.set_index("agency")[[CASHABLE, CAPACITY]].sum(axis=1)
    if rule == "by population":
        if not populations:
            raise ValueError("sharing by population needs the residents of each authority")
        partners, people = list(populations), list(populations.values())
        saves = largest_remainder(int(saved.get("local_authorities", 0)), people)
        pays = largest_remainder(cost, people)
    else:
        partners = list(agencies.sharers)
        saves = [int(saved.get(name, 0)) for name in partners]
        weights: dict[str, list[float]] = {
            "equal": [1.0] * len(partners), "by saving": [float(max(0, each)) for each in saves],
        }  # fmt: skip
        if rule not in weights:
            raise ValueError(f"a rule is equal, by saving or by population, not {rule}")
        pays = largest_remainder(cost, weights[rule])
    table = pd.DataFrame({"rule": rule, "partner": partners, "saves": saves, "pays": pays})
    return table.assign(net=table["saves"] - table["pays"])


def _savings(streams: Streams, kept: float):
    """Yield (agency, kind, year, pence): each year's saving of each item, shared out exactly."""
    for name, item in chosen_items(streams.book).items():
        yearly = _yearly(streams.item(name)) * kept
        parts: list[tuple[str, str, float]] = [
            (bearer.agency, kind, bearer.share * part)
            for bearer in item.bearers
            for kind, part in _kinds(bearer.agency, bearer.cashable)
        ]
        for year, amount in enumerate(yearly, 1):
            pence = largest_remainder(round(amount * _PENCE), [float(part) for _, _, part in parts])
            for (agency, kind, _), share in zip(parts, pence, strict=True):
                yield agency, kind, year, share
    health = _yearly(streams.qalys() * streams.by_draw(streams.prices.qaly_value)) * kept
    for year, amount in enumerate(health, 1):
        yield SOCIETY, SOCIAL, year, round(amount * _PENCE)


def _kinds(agency: str, cashable: float) -> list[tuple[str, float]]:
    if agency == SOCIETY:
        return [(SOCIAL, 1.0)]
    return [(CASHABLE, cashable), (CAPACITY, 1.0 - cashable)]


def _payments(streams: Streams, agencies: AgencyBook):
    shares = [payer.share for payer in agencies.payers]
    for year, amount in enumerate(streams.costs(optimism=False), 1):
        pence = largest_remainder(round(amount * _PENCE), shares)
        for payer, part in zip(agencies.payers, pence, strict=True):
            yield payer.agency, PAID, year, -part


def _totals(
    streams: Streams, agencies: AgencyBook, matrix: pd.DataFrame, kept: float
) -> pd.DataFrame:
    wide = matrix.pivot_table(
        index="agency", columns="kind", values="pence", aggfunc="sum", fill_value=0
    ).reindex(index=list(agencies.agencies), columns=list(KINDS), fill_value=0)
    table = wide.astype("int64").reset_index().rename_axis(columns=None)
    table["net"] = table[list(KINDS)].sum(axis=1)
    table.insert(1, "title", [agencies.agencies[name].title for name in table["agency"]])
    found = {name: _saved_by_draw(streams, name) * kept for name in table["agency"]}
    limits = {name: spread(each[..., None]) for name, each in found.items()}
    for column in ("low95", "high95"):
        table[column] = [float(getattr(limits[name], column)[0]) for name in table["agency"]]
    return table


def _public(
    streams: Streams, agencies: AgencyBook, totals: pd.DataFrame, kept: float
) -> pd.Series:
    """Return all public agencies' savings together, with their interval."""
    names = [name for name, agency in agencies.agencies.items() if agency.public]
    row = totals[totals["agency"].isin(names)][[*KINDS, "net"]].sum()
    by_draw = sum(_saved_by_draw(streams, name) for name in names) * kept
    limits = spread(np.asarray(by_draw)[..., None])
    return pd.concat([row, pd.Series({"low95": limits.low95[0], "high95": limits.high95[0]})])


def _saved_by_draw(streams: Streams, agency: str) -> np.ndarray:
    """Return £ that an agency is spared over the horizon, by draw and replicate."""
    total = np.zeros(next(iter(streams.averted.values())).shape[:2])
    for name, item in chosen_items(streams.book).items():
        share = sum(bearer.share for bearer in item.bearers if bearer.agency == agency)
        if share:
            total = total + share * streams.item(name).sum(axis=(-1, -2))
    if agency == SOCIETY:
        value = streams.qalys() * streams.by_draw(streams.prices.qaly_value)
        total = total + value.sum(axis=(-1, -2))
    return total


def _yearly(values: np.ndarray) -> np.ndarray:
    """Return the mean over draws of the replicate means, by year."""
    return np.nanmean(values.sum(axis=-1), axis=1).mean(axis=0)


def _first_year(streams: Streams) -> int:
    return int(streams.profile.first_year[:4])


def _body(agencies: AgencyBook, agency: str, year: int) -> str:
    """Return who fills the place at the start of a financial year."""
    body = agencies.agencies[agency].body(datetime.date(year, 4, 1))
    return body.title if body else "nobody"
