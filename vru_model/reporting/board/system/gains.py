"""Who would gain where a boundary is removed, and so who might share what that costs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vru_model.analysis.appraisal.agencies import (
    CAPACITY,
    CASHABLE,
    PAID,
    AgencyAccount,
    agency_account,
)
from vru_model.analysis.appraisal.streams import read_streams
from vru_model.analysis.wording import rounding_step
from vru_model.experiments import compare
from vru_model.parameters.accounts.agencies import AgencyBook
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.accounts.costs import load_costs
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.system.boundary_blocks import implausible, too_good
from vru_model.reporting.board.system.differences import pounds, thousand, thousands
from vru_model.reporting.board.system.removals import Removals
from vru_model.reporting.words import in_words, money

_PENCE = 100


def gains(tested: Removals, agencies: AgencyBook) -> dict[str, AgencyAccount]:
    """Return who pays and is spared costs where a boundary is removed: title → account.

    Only boundaries whose cost the model knows: the others have no money to set against.
    """
    rules, book = load_rules(), load_costs()
    years = range(1, tested.years + 1)
    found = {}
    for test in tested.tried:
        if test.cost_per_year is not None:
            comparison = compare(*tested.pair(test), years)
            streams = read_streams(comparison, book, rules, rules.profiles[rules.default])
            found[test.title] = agency_account(streams, agencies)
    return found


def gain_blocks(tested: Removals, found: Mapping[str, AgencyAccount]) -> list[Block]:
    """Return who would gain by each removal that has a price, in words and as a table."""
    if not found:
        return [Prose("No boundary that was removed has a price, so that none can be shared.")]
    profile = load_rules().profiles[load_rules().default]
    priced = {test.title: test.priced_by for test in tested.tests}
    warnings = {test.title: implausible(tested, test) for test in tested.tests}
    lines = "\n".join(
        f"- {_line(title, account, priced[title])} {warnings[title]}".rstrip()
        for title, account in found.items()
    )
    reason = "Whoever gains by a removal has reason to share its cost."
    if any(warnings[title] for title in found):
        reason += " A gain that carries a warning is no reason yet: it may not be there."
    return [
        Prose(f"### Who would gain\n\n{reason}\n\n{lines}"),
        _table(tested, found, profile.price_base),
    ]  # fmt: skip


def _line(title: str, account: AgencyAccount, priced_by: str) -> str:
    public = account.public
    table = account.totals.set_index("title")
    spared = (table[CASHABLE] + table[CAPACITY]).astype(float)
    most = [
        name.partition(" (")[0] for name in spared.nlargest(3).index
        if spared[name] >= _least_printed(spared[name], table.loc[name])
    ]  # fmt: skip
    who = (
        f"most of it, by the central estimate, at: {in_words(most)}" if most
        else "no agency is spared anything by the central estimate"
    )  # fmt: skip
    return (
        f"**{title}** costs {money(round(-float(public[PAID]) / _PENCE, -4))} over the years "
        f"({priced_by}); public services are spared "
        f"{pounds(public['services_low95'], public['services_high95'])} (95% interval), {who}."
    )


def _least_printed(spared: float, row: pd.Series) -> float:
    """Return the least that the table would not print as nothing, in pence."""
    return rounding_step(spared, row["services_low95"], row["services_high95"]) / 2


def _table(tested: Removals, found: Mapping[str, AgencyAccount], base: str) -> Table:
    first = next(iter(found.values())).totals
    frame = pd.DataFrame({"Agency": first["title"]})
    doubtful = {test.title for test in tested.tests if implausible(tested, test)}
    data = []
    for title, account in found.items():
        totals = account.totals
        mark = " (far too good)" if title in doubtful else ""
        frame[f"{title}: is spared{mark}"] = [
            thousands(row[CASHABLE] + row[CAPACITY], row["services_low95"], row["services_high95"])
            for _, row in totals.iterrows()
        ]
        frame[f"{title}: pays now"] = [thousand(-pence) for pence in totals[PAID]]
        data.append(totals.assign(boundary=title))
    good = too_good(tested)
    warned = f". Warning: {good}, and what is spared by it rests on that" if good else ""
    kept = (first["agency"] != "society") & (first["agency"].isin(_touched(found)))
    return Table(
        "boundary-gains",
        f"What services are spared where a boundary is removed, £ thousand of {base} over "
        f"{tested.years} years, undiscounted: 95% interval, then the central estimate. Agencies "
        "that are not named are spared nothing and pay nothing. What is paid is at unit costs of "
        f"the programmes’ documents, not at providers’ prices{warned}",
        frame[kept],
        data=pd.concat(data, ignore_index=True),
        source=f"{tested.source}. Unit costs: parameters/costs.yaml",
    )


def _touched(found: Mapping[str, AgencyAccount]) -> set[str]:
    """Return the agencies that any removal spares or charges anything."""
    return {
        str(row["agency"])
        for account in found.values() for _, row in account.totals.iterrows()
        if row[PAID] or row["services_low95"] or row["services_high95"]
    }  # fmt: skip

