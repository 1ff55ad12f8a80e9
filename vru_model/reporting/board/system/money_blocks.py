"""Who pays and who saves, and what sharing the cost by rule would mean for each partner."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.agencies import (
    CAPACITY,
    CASHABLE,
    PAID,
    SOCIETY,
    AgencyAccount,
    shared_cost,
)
from vru_model.parameters.accounts.agencies import AgencyBook
from vru_model.place import Place
from vru_model.reporting.blocks import Block, Chart, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.system.differences import pounds, thousand, thousands
from vru_model.reporting.board.system.heat import heat_table
from vru_model.reporting.charts import png
from vru_model.reporting.words import count, money, plural, two_figures

SERVICES = "services"
_PENCE = 100
_SPARED = {"Cash that could be taken out": CASHABLE, "Capacity set free": CAPACITY}
_RULES = {
    "equal": "in equal parts", "by saving": "in proportion to what each saves",
    "by population": "by residents of each authority",
}  # fmt: skip

_HEADS = {
    "equal": "if equal", "by saving": "if by saving", "by population": "if by population",
}  # fmt: skip


def services(account: AgencyAccount) -> pd.DataFrame:
    """Return the agencies (the public left out) with what services are spared, in pence."""
    table = account.totals[account.totals["agency"] != SOCIETY].copy()
    table[SERVICES] = table[CASHABLE] + table[CAPACITY]
    return table


def matrix_message(account: AgencyAccount) -> str:
    """Return the sentence that the matrix states, from its numbers alone."""
    table = services(account)
    paid = -float(table[PAID].sum()) / _PENCE
    payers = int((table[PAID] < 0).sum())
    spared = table[(table[SERVICES] > 0) & (table[PAID] == 0)]
    clear = int((spared[f"{SERVICES}_low95"] > 0).sum())
    pay = "agency pays" if payers == 1 else "agencies pay"
    who = f"{_number(payers)} {pay} {money(round(paid, -4))}"
    others = (
        f"{_number(len(spared)).lower()} "
        f"{'other is' if len(spared) == 1 else 'others are'} spared costs"
    )
    sure = (
        "none of them for certain" if not clear
        else "all of them for certain" if clear == len(spared)
        else f"{clear} of them for certain"
    )  # fmt: skip
    return f"{who}; by the central estimate {others}, {sure} (95% intervals)"


def matrix_blocks(case: BoardCase, account: AgencyAccount) -> list[Block]:
    """Return the agency matrix as a figure, its table, and what its kinds of money mean."""
    years = case.options.years
    profile = case.streams().profile
    source = f"{case.source}. Unit costs: parameters/costs.yaml"
    values, printed = matrix_cells(account)
    message = matrix_message(account)
    figure = heat_table(
        message, values, printed.map(_in_a_cell),
        "A minus sign: costs added. Orange: paid, or added; blue: spared; darker: more",
        f"£ thousand over {years} years, {profile.price_base} prices: 95% interval, central "
        "estimate in brackets",
    )  # fmt: skip
    told = "; ".join(
        f"{agency}: " + ", ".join(
            f"{column.lower()} {printed.loc[agency, column]}" for column in printed.columns
        )
        for agency in printed.index if float(np.abs(values.loc[agency]).sum()) > 0
    )  # fmt: skip
    return [
        Prose(f"{_public(account)} {_public_share(account)}\n\n{_KINDS}"),
        Chart(
            "agency-matrix", png(figure),
            f"A grid of agencies by kind of money, in £ thousand over {years} years. {message}. "
            f"{told}. Agencies that are not named have nought throughout. The table that follows "
            "holds the same numbers.",
            "Who pays and who is spared costs, by agency and kind of money",
            source,
        ),
        _matrix_table(case, account, source),
    ]  # fmt: skip


def matrix_cells(account: AgencyAccount) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what colours the cells of the matrix, in £ thousand, and how each is printed.

    Chart and table print the same cells. What is paid is printed without a sign and coloured as
    money that is gone.
    """
    table = services(account)
    agencies = [_short(title) for title in table["title"]]
    colours = {"Pays": table[PAID]} | {title: table[kind] for title, kind in _SPARED.items()}
    printed = {"Pays": [thousand(-pence) for pence in table[PAID]]} | {
        title: [
            thousands(row[kind], row[f"{kind}_low95"], row[f"{kind}_high95"])
            for _, row in table.iterrows()
        ]
        for title, kind in _SPARED.items()
    }
    values = {title: pence.to_numpy(float) / _PENCE / 1_000 for title, pence in colours.items()}
    return pd.DataFrame(values, index=agencies), pd.DataFrame(printed, index=agencies)


def _in_a_cell(printed: str) -> str:
    return printed.replace(" (central ", "\n(")


def _matrix_table(case: BoardCase, account: AgencyAccount, source: str) -> Table:
    printed = matrix_cells(account)[1]
    printed.insert(0, "Agency", services(account)["title"].to_list())
    others = account.totals.set_index("agency").loc[SOCIETY]
    spared = thousands(others["social"], others["social_low95"], others["social_high95"])
    years, base = case.options.years, case.streams().profile.price_base
    return Table(
        "agency-matrix",
        f"Who pays and who is spared costs over {years} years, £ thousand of {base}, undiscounted: "
        "95% intervals over draws, then the central estimate. Savings are cut for optimism. "
        f"Besides, victims and the public are spared {spared}, which is nobody’s budget",
        printed,
        data=account.matrix,
        source=source,
    )


def pooling_blocks(
    case: BoardCase, account: AgencyAccount, agencies: AgencyBook, place: Place
) -> list[Block]:
    """Return what each partner would pay and keep under each rule of sharing the cost."""
    base = case.streams().profile.price_base
    populations = residents_by_authority(place)
    found = {
        rule: shared_cost(account, agencies, rule, populations)
        for rule in ("equal", "by saving", "by population")
    }
    cost = -float(account.totals[PAID].sum()) / _PENCE
    titles = {name: agency.title for name, agency in agencies.agencies.items()}
    unit = f"£ thousand of {base} over {case.options.years} years, undiscounted"
    source = f"{case.source}. Rules: parameters/agencies.yaml"
    sharers = plural(len(agencies.sharers), "agency", "agencies")
    words = (
        f"The cost to be shared is {money(round(cost, -4))}. Each rule below shares out all of it, "
        f"to the penny, among the {sharers} named in `parameters/agencies.yaml`, or among the "
        "councils. *Spared less paid* sets what a partner’s services are spared, most of it staff "
        "time, against the cash that it would pay: it says what a partner would get for its money, "
        f"and leaves nobody with money in hand. {_losers(found)}"
    )
    return [
        Prose(words),
        _shares(found, ("equal", "by saving"), titles, "pooling", unit, source),
        Prose(
            "By population, the councils alone would share the cost; each takes its share of what "
            "local authorities are spared. The order is that of their official codes, not a "
            "ranking."
        ),
        _shares(found, ("by population",), _names(place), "pooling-councils", unit, source),
    ]  # fmt: skip


def residents_by_authority(place: Place) -> dict[str, float]:
    """Return residents at full size by code of the authority."""
    table = place.neighbourhoods
    people = table.groupby("local_authority")["residents"].sum()
    return {
        authority.code: float(people.get(number, 0))
        for number, authority in enumerate(place.authorities)
    }


def _losers(found: Mapping[str, pd.DataFrame]) -> str:
    lines = []
    for rule in ("equal", "by saving"):
        table = found[rule]
        sure = int((table["net_high95"] < 0).sum())
        better = int((table["net_low95"] > 0).sum())
        lines.append(
            f"Shared {_RULES[rule]}, {sure} of {len(table)} partners would surely pay more than "
            f"their services are spared, and {better} surely less (95% intervals)."
        )
    return " ".join(lines)


def _shares(
    found: Mapping[str, pd.DataFrame], rules: tuple[str, ...], titles: Mapping[str, str],
    name: str, unit: str, source: str,
) -> Table:  # fmt: skip
    first = found[rules[0]]
    frame = pd.DataFrame(
        {
            "Partner": [titles[each] for each in first["partner"]],
            "Is spared": [
                thousands(row["saves"], row["saves_low95"], row["saves_high95"])
                for _, row in first.iterrows()
            ],
        }
    )
    for rule in rules:
        table = found[rule]
        frame[f"Pays {_HEADS[rule]}"] = [thousand(pence) for pence in table["pays"]]
        frame[f"Spared less paid {_HEADS[rule]}"] = [
            thousands(row["net"], row["net_low95"], row["net_high95"])
            for _, row in table.iterrows()
        ]
    said = " or ".join(_RULES[rule] for rule in rules)
    return Table(
        name, f"The cost shared {said}: {unit}; 95% intervals, then the central estimate", frame,
        data=pd.concat([found[rule] for rule in rules], ignore_index=True), source=source,
    )  # fmt: skip


def _names(place: Place) -> dict[str, str]:
    return {authority.code: authority.name for authority in place.authorities}


def _public(account: AgencyAccount) -> str:
    public = account.public
    kept = pounds(public["services_low95"], public["services_high95"])
    return (
        f"Public agencies together pay {money(round(-public[PAID] / _PENCE, -4))}, and their "
        f"services are spared {kept} (95% interval)."
    )


def _public_share(account: AgencyAccount) -> str:
    public = account.public
    spared = float(public[CASHABLE] + public[CAPACITY])
    if spared <= 0:
        return "By the central estimate nothing is spared that could be shared out."
    share = float(public[CASHABLE]) / spared
    return (
        f"Of what they are spared, {two_figures(100 * share)}% could leave a budget; the rest is "
        "time of staff and beds that fill with other work."
    )


def _number(number: int) -> str:
    """Return a small number as a word, with a capital."""
    words = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return words[number] if number < len(words) else count(number)


def _short(title: str) -> str:
    """Return an agency's title without what stands in brackets, for a chart's axis."""
    return escape(title.partition(" (")[0]).replace("\\", "")


_KINDS = (
    "Three kinds of money must not be added up to a balance. *Cash that could be taken out* could "
    "leave a budget, if the partner decides so. *Capacity set free* is time of staff and beds; it "
    "returns no money. What victims and the public are spared is in no budget at all. Where one "
    "number says what *services are spared*, it is cash and capacity together: what that is worth, "
    "and not money that anybody could spend."
)
