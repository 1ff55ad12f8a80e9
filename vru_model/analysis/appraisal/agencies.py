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
SAVED = (CASHABLE, CAPACITY, SOCIAL)
SOCIETY = "society"
_PENCE = 100
_LIMITS = ("low95", "high95")
# Shares are written with a few decimals: as fractions of a billion they add up exactly.
_PARTS = 1_000_000_000


@dataclass(frozen=True)
class AgencyAccount:
    """The matrix of who pays and who saves.

    Attributes
    ----------
    matrix
        One row for each agency, body, kind ("cashable", "capacity", "social", "paid") and year:
        agency, body (its name in that year), kind, year, pence with its 95% interval over draws
        (low95, high95). Payments are below zero; they are the same in every draw.
    totals
        One row an agency: savings of each kind, their sum (saved), paid and net in pence over the
        horizon, each with its 95% interval over draws (such as saved_low95).
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

    Raises ValueError without weights, or where one lies below zero.
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
    saved = {name: _saved(streams, name, kept) for name in agencies.agencies}
    totals = _totals(agencies, matrix, saved)
    return AgencyAccount(
        _with_limits(matrix, saved), totals, _public(agencies, totals, saved)
    )


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
        rule, partner, saves with its 95% interval over draws, pays (the same in every draw), net
        with its 95% interval; whole pence, and what all pay is the cost exactly.

    Raises ValueError for another rule, and for the last one without residents.
    """
    cost = -int(account.totals["paid"].sum())
    by_agency = account.totals.set_index("agency")
    saved = by_agency[[CASHABLE, CAPACITY]].sum(axis=1)
    limits = by_agency[["services_low95", "services_high95"]]
    if rule == "by population":
        if not populations:
            raise ValueError("sharing by population needs the residents of each authority")
        partners, people = list(populations), list(populations.values())
        saves = largest_remainder(int(saved.get("local_authorities", 0)), people)
        pays = largest_remainder(cost, people)
        parts = np.asarray(people) / sum(people)
        ends = np.outer(parts, limits.loc["local_authorities"].to_numpy(float))
    else:
        partners = list(agencies.sharers)
        saves = [int(saved.get(name, 0)) for name in partners]
        weights: dict[str, list[float]] = {
            "equal": [1.0] * len(partners), "by saving": [float(max(0, each)) for each in saves],
        }  # fmt: skip
        if rule not in weights:
            raise ValueError(f"a rule is equal, by saving or by population, not {rule}")
        pays = largest_remainder(cost, weights[rule])
        ends = limits.reindex(partners).to_numpy(float)
    table = pd.DataFrame({"rule": rule, "partner": partners, "saves": saves})
    table["saves_low95"], table["saves_high95"] = ends.T
    table["pays"], table["net"] = pays, table["saves"] - pays
    table["net_low95"], table["net_high95"] = (ends - np.asarray(pays)[:, None]).T
    return table


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


def _saved(streams: Streams, agency: str, kept: float) -> dict[str, np.ndarray]:
    """Return pence that an agency is spared, kind → shape (draws, replicates, years)."""
    shape = (*next(iter(streams.averted.values())).shape[:2], streams.years)
    found = {kind: np.zeros(shape) for kind in SAVED}
    for name, item in chosen_items(streams.book).items():
        for bearer in item.bearers:
            if bearer.agency == agency:
                yearly = streams.item(name).sum(axis=-1) * bearer.share
                for kind, part in _kinds(agency, bearer.cashable):
                    found[kind] = found[kind] + yearly * part
    if agency == SOCIETY:
        value = streams.qalys() * streams.by_draw(streams.prices.qaly_value)
        found[SOCIAL] = found[SOCIAL] + value.sum(axis=-1)
    return {kind: each * kept * _PENCE for kind, each in found.items()}


def _with_limits(
    matrix: pd.DataFrame, saved: dict[str, dict[str, np.ndarray]]
) -> pd.DataFrame:
    """Return the matrix with each row's 95% interval over draws."""
    limits = {
        (agency, kind): spread(each)
        for agency, kinds in saved.items() for kind, each in kinds.items()
    }  # fmt: skip
    table = matrix.copy()
    for column in _LIMITS:
        table[column] = [
            float(pence) if kind == PAID
            else float(getattr(limits[agency, kind], column)[year - 1])
            for agency, kind, year, pence
            in zip(table["agency"], table["kind"], table["year"], table["pence"], strict=True)
        ]  # fmt: skip
    return table


def _totals(
    agencies: AgencyBook, matrix: pd.DataFrame, saved: dict[str, dict[str, np.ndarray]]
) -> pd.DataFrame:
    wide = matrix.pivot_table(
        index="agency", columns="kind", values="pence", aggfunc="sum", fill_value=0
    ).reindex(index=list(agencies.agencies), columns=list(KINDS), fill_value=0)
    table = wide.astype("int64").reset_index().rename_axis(columns=None)
    table.insert(1, "title", [agencies.agencies[name].title for name in table["agency"]])
    return _summed(table, [saved[name] for name in table["agency"]])


def _public(
    agencies: AgencyBook, totals: pd.DataFrame, saved: dict[str, dict[str, np.ndarray]]
) -> pd.Series:
    """Return all public agencies' savings together, with their intervals."""
    names = [name for name, agency in agencies.agencies.items() if agency.public]
    row = totals.loc[totals["agency"].isin(names), list(KINDS)].sum().to_frame().T
    together = {kind: np.sum([saved[name][kind] for name in names], axis=0) for kind in SAVED}
    return _summed(row, [together]).iloc[0]


def _summed(table: pd.DataFrame, saved: Sequence[dict[str, np.ndarray]]) -> pd.DataFrame:
    """Return rows with what is saved in all and net, and every 95% interval over draws."""
    table["saved"] = table[list(SAVED)].sum(axis=1)
    table["net"] = table["saved"] + table[PAID]
    sums = {kind: (kind,) for kind in SAVED} | {"services": (CASHABLE, CAPACITY), "saved": SAVED}
    for name, kinds in sums.items():
        for column in _LIMITS:
            table[f"{name}_{column}"] = [
                float(getattr(spread(np.sum([each[kind] for kind in kinds], axis=0)
                                     .sum(axis=-1)[..., None]), column)[0])
                for each in saved
            ]  # fmt: skip
    for column in _LIMITS:
        table[f"net_{column}"] = table[f"saved_{column}"] + table[PAID]
    return table


def _yearly(values: np.ndarray) -> np.ndarray:
    """Return the mean over draws of the replicate means, by year."""
    return np.nanmean(values.sum(axis=-1), axis=1).mean(axis=0)


def _first_year(streams: Streams) -> int:
    return int(streams.profile.first_year[:4])


def _body(agencies: AgencyBook, agency: str, year: int) -> str:
    """Return who fills the place at the start of a financial year."""
    body = agencies.agencies[agency].body(datetime.date(year, 4, 1))
    return body.title if body else "nobody"
