"""The tables of a report: what each shows, and what it rests on, in every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from vru_model.analysis import measures as burdens
from vru_model.analysis.appraisal.agencies import agency_account, shared_cost
from vru_model.analysis.appraisal.fairness import equity_table, health_by_quintile
from vru_model.analysis.appraisal.streams import Streams, read_streams
from vru_model.analysis.appraisal.value import (
    appraisal_table,
    cost_effectiveness,
    switching_values,
)
from vru_model.analysis.counting import counts
from vru_model.analysis.detectability import detectable_table, visibility
from vru_model.analysis.inequality import inequality, inequality_change
from vru_model.analysis.pathways import overlap, pathways
from vru_model.analysis.plausibility import SOURCE, plausibility
from vru_model.analysis.uptake import uptake, uptake_gradient
from vru_model.experiments.compare import GROUPS
from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.accounts.costs import load_costs
from vru_model.parameters.accounts.measures import load_measures

if TYPE_CHECKING:
    from vru_model.experiments.compare import Comparison
    from vru_model.experiments.results import Run

_BURDENS = {
    "burden_by_year": (("year",), "by year"),
    "burden_by_authority": (("local_authority",), "by local authority, all years together"),
    "burden_by_quintile": (("deprivation_quintile",), "by deprivation fifth, 1 most deprived"),
    "burden_by_decile": (("deprivation_decile",), "by deprivation decile, 1 most deprived"),
    "burden_by_age": (("age_band",), "by age band"),
    "burden_by_sex": (("sex",), "by sex"),
}
_AVERTED = {
    "averted_by_year": (("year",), "in each year"),
    "averted_by_authority": (("local_authority",), "by local authority, all years together"),
    "averted_by_quintile": (("deprivation_quintile",), "by deprivation fifth, 1 most deprived"),
    "averted_by_decile": (("deprivation_decile",), "by deprivation decile, 1 most deprived"),
    "averted_by_age": (("age_band",), "by age band"),
    "averted_by_sex": (("sex",), "by sex"),
}
_RECORDED = {
    "recorded_and_true": "burden_by_year",
    "recorded_and_true_by_authority": "burden_by_authority",
    "recorded_and_true_by_quintile": "burden_by_quintile",
    "recorded_and_true_by_decile": "burden_by_decile",
    "recorded_and_true_by_age": "burden_by_age",
    "recorded_and_true_by_sex": "burden_by_sex",
}

ALL_PUBLIC = "public_services"
"""The row of all public agencies together in the table of agencies."""


@dataclass(frozen=True)
class ReportTable:
    """A table of the report.

    Parameters
    ----------
    name
        Of its files and its sheet: small letters and underscores, 31 at most.
    title
        What it shows.
    note
        What a reader has to know: intervals, counterfactual, what is left out.
    frame
        The numbers, unrounded.
    """

    name: str
    title: str
    note: str
    frame: pd.DataFrame


def run_tables(run: Run) -> Iterator[ReportTable]:
    """Yield the tables of one run: burden, inequality, records, what series could show, cards."""
    intervals = (
        "Low and high columns are intervals over draws; counting limits are those that an analyst "
        "would give for an observed count. Counterfactual: none, this is one scenario as it runs."
    )
    for name, (by, words) in _BURDENS.items():
        frame = pd.concat([burdens.burden(run, by, group) for group in GROUPS], ignore_index=True)
        yield ReportTable(name, f"Counts and rates {words}", intervals, _named(run, frame))
    rates: dict[str, tuple[str, ...]] = {
        "standardised": (), "standardised_by_authority": ("local_authority",),
    }  # fmt: skip
    for name, pooled in rates.items():
        frame = pd.concat([
            burdens.standardised(run, measure, pooled)
            for measure, each in load_measures().measures.items() if each.standardised
        ], ignore_index=True)  # fmt: skip
        yield ReportTable(
            name, "Rates for 100,000 standardised to the 2013 European Standard Population",
            "Three years pooled, Dobson-Byar limits; not given below ten events. Places stand in "
            f"the order of their codes, never ranked. {intervals}", _named(run, frame),
        )  # fmt: skip
    for name, like in _RECORDED.items():
        by, words = _BURDENS[like]
        frame = pd.concat([burdens.recorded_beside_true(run, by, group) for group in GROUPS],
                          ignore_index=True)  # fmt: skip
        yield ReportTable(
            name, f"What services record beside what happens, {words}",
            "A share that rises says that recording improved: violence may have fallen all the "
            "same. Intervals over draws. Counterfactual: none, this is one scenario as it runs.",
            _named(run, frame),
        )  # fmt: skip
    frame = pd.concat([inequality(run, group) for group in GROUPS], ignore_index=True)
    yield ReportTable(
        "inequality", "Inequality over deprivation deciles",
        "Above 0 (a ratio above 1) the deprived bear more. Simulated 95% limits of counting; where "
        "the gradient is convex the indices are from a fit on the log scale.", frame,
    )  # fmt: skip
    yield ReportTable(
        "detectable_change", "Smallest fall that each published series could show",
        "80% power, 5% two-sided, three years before; one place against itself, so optimistic. Low "
        "and high: half and twice the usual movement from year to year (judgement).",
        detectable_table(run),
    )  # fmt: skip
    yield from _uptake_tables(run)
    yield from _pathway_tables(run)
    yield _cards(run)


def _pathway_tables(run: Run) -> Iterator[ReportTable]:
    """Yield where people are lost on the way into programmes, and how far programmes share them."""
    frame = pathways(run)
    if not frame.empty:
        yield ReportTable(
            "pathways", "How many people a year reach each stage of each programme",
            "Whoever is not at the next stage was lost between the two. The mean over years, with "
            "95% intervals over draws; share is of those at the first stage counted. "
            "Counterfactual: none, nobody is enrolled without the money.", frame,
        )  # fmt: skip
    frame = overlap(run)
    if not frame.empty:
        yield ReportTable(
            "overlap", "How far programmes share people, and what that costs their effect",
            "People in one, two, three or more programmes at any one time; protection_lost is the "
            "share of what programmes would take off the log rate of acting that is lost because "
            "together they approach a ceiling. 95% intervals over draws. Counterfactual: none.",
            frame,
        )  # fmt: skip


def comparison_tables(comparison: Comparison) -> Iterator[ReportTable]:
    """Yield the tables of a scenario against its baseline: averted, equity, money, trust."""
    base, other = comparison.base, comparison.other
    paired = (
        f"Counterfactual: {base.manifest['scenario']['title']} ({base.run_id}), the same worlds. "
        "Intervals are percentiles over draws of paired differences. "
        + " ".join(comparison.notes[1:])
    )
    for name, (by, words) in _AVERTED.items():
        frame = pd.concat(
            [burdens.averted(base, other, by, group) for group in GROUPS], ignore_index=True
        )
        yield ReportTable(name, f"Averted {words}", paired, _named(base, frame))
    frame = pd.concat(
        [inequality_change(base, other, group) for group in GROUPS], ignore_index=True
    )
    yield ReportTable(
        "inequality_change", "Does inequality narrow? Absolute and relative, four cells",
        "A verdict needs 20 draws or more, and an 80% interval of the change that holds one "
        f"direction alone; otherwise it cannot be told. {paired}", frame,
    )  # fmt: skip
    yield ReportTable(
        "visibility", "When the strategy would show in each published series", paired,
        visibility(base, other),
    )  # fmt: skip
    gate = plausibility(comparison)
    said: dict[str, object] = {"ratio": gate.ratio}
    if gate.benchmark > 0:
        ends = ("low95", gate.low95), ("high95", gate.high95)
        said |= {f"ratio_{name}": end / gate.benchmark for name, end in ends}
    said |= {"warning": gate.warning, "sentence": gate.sentence}
    frame = pd.DataFrame([vars(gate) | said])
    yield ReportTable("plausibility", "Is it far better than units were found to be?",
                      f"{SOURCE} {paired}", frame)  # fmt: skip
    streams = read_appraisal(comparison)
    for table in _money_tables(streams, paired):
        # Money never travels without its price year.
        yield replace(table, frame=table.frame.assign(price_base=streams.profile.price_base))


def read_appraisal(comparison: Comparison) -> Streams:
    """Return the streams of a comparison by the default rules."""
    rules = load_rules()
    return read_streams(comparison, load_costs(), rules, rules.profiles[rules.default])


def _money_tables(streams: Streams, paired: str) -> Iterator[ReportTable]:
    profile, agencies = streams.profile, load_agencies()
    prices = f"£ at {profile.price_base} prices. {profile.title}. {paired}"
    beside = "Not in these sums: " + " ".join(streams.book.unmonetised.values())
    yield ReportTable(
        "appraisal", "Net present social value and benefits for each pound",
        f"{prices} Discounted to model year 1. {beside}", appraisal_table(streams),
    )  # fmt: skip
    yield ReportTable("cost_effectiveness", "Cost of each admission averted and of each QALY",
                      prices, cost_effectiveness(streams))  # fmt: skip
    yield ReportTable(
        "switching_values", "How far one assumption must move for benefits to equal costs",
        f"The factor is that of the mean over draws; its interval is of the factors that single "
        f"draws would need, where there is one. {prices}", switching_values(streams),
    )  # fmt: skip
    account = agency_account(streams, agencies)
    undiscounted = (
        f"Undiscounted. {prices} Capacity is staff time and beds that are free for other work, not "
        "money. Shares of agencies and what is cashable are judgement."
    )
    yield ReportTable("agencies_by_year", "Who pays and who saves, by year, in pence",
                      undiscounted, account.matrix)  # fmt: skip
    yield ReportTable(
        "agencies", "Who pays and who saves over the horizon, in pence",
        f"Intervals over draws, corrected for optimism; services: cashable and capacity together. "
        f"What is paid is the same in every draw. {undiscounted}",
        pd.concat([account.totals, pd.DataFrame([
            {"agency": ALL_PUBLIC, "title": "All public services together"} | dict(account.public)
        ])], ignore_index=True),
    )  # fmt: skip
    authorities = streams.comparison.base.manifest["place"].get("authorities", {})
    people = _populations(streams, authorities)
    rules = ("equal", "by saving", "by population")
    shared = [shared_cost(account, agencies, rule, people) for rule in rules]
    yield ReportTable("cost_shares", "If the cost were shared: each partner's net position, pence",
                      undiscounted, pd.concat(shared, ignore_index=True))  # fmt: skip
    yield ReportTable(
        "health_by_quintile", "QALYs gained and given up by deprivation fifth",
        f"What is given up is what the money would have done elsewhere. {prices} "
        f"{profile.equity.source}", health_by_quintile(streams),
    )  # fmt: skip
    yield ReportTable("aversion", "Net health over a range of aversion to inequality",
                      f"{paired} {profile.equity.source}", equity_table(streams))  # fmt: skip


def _populations(streams: Streams, names: Mapping[str, str]) -> dict[str, float]:
    base = streams.comparison.base
    found = counts(base, {}, ("year", "local_authority")).reset_index()
    first = found[found["year"] == 1].groupby("local_authority")["person_years"].mean()
    return {names.get(code, code): float(first[code]) for code in sorted(first.index)}


def _named(run: Run, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with each authority's name beside its code."""
    if "local_authority" not in frame:
        return frame
    names = run.manifest["place"].get("authorities", {})
    found = frame.copy()
    place = list(found.columns).index("local_authority") + 1
    found.insert(place, "authority", [names.get(code, code) for code in found["local_authority"]])
    return found


def _uptake_tables(run: Run) -> Iterator[ReportTable]:
    """Yield who is reached, where the run counted enrolments by place."""
    by_fifth = uptake(run)
    if by_fifth.empty:
        return
    note = (
        "Intervals over draws. Enrolments stand beside all residents, whoever is eligible, and "
        "beside the acts of violence that residents of the same places commit: need is not spread "
        "evenly. Counterfactual: nobody is enrolled where the programme is not funded."
    )
    yield ReportTable("uptake_by_quintile", "Who is reached: enrolments by deprivation fifth",
                      note, by_fifth)  # fmt: skip
    yield ReportTable(
        "uptake_gradient", "Who is reached: enrolments along deprivation",
        f"Concentration index below 0: the more deprived are reached more. Index to need above 0: "
        f"they are reached less than the violence there would call for. {note}",
        uptake_gradient(run),
    )  # fmt: skip


def _cards(run: Run) -> ReportTable:
    catalogue = load_measures()
    rows = [
        {"measure": card.name, "title": card.measure.title, "unit": card.measure.unit,
         "lens": card.measure.lens, "definition": card.measure.definition,
         "defined_by": card.measure.source, "leaves_out": card.measure.leaves_out}
        for card in burdens.cards(catalogue)
    ]  # fmt: skip
    rows += [
        {"measure": name, "title": "not recorded by the model", "leaves_out": reason}
        for name, reason in catalogue.not_recorded.items()
    ]  # fmt: skip
    counted = counts(run, catalogue.measures, ())
    lacking = [each.title for name, each in catalogue.measures.items()
               if name not in counted and not each.weighed]  # fmt: skip
    note = (
        f"This run was made before these were counted, and has no table of them: "
        f"{'; '.join(lacking)}."
        if lacking
        else "This run counted all of these measures."
    )
    return ReportTable("cards", "What each measure is, and what it leaves out", note,
                       pd.DataFrame(rows).fillna(""))  # fmt: skip
