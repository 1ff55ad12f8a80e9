"""The details of an answer: who gains, who pays and saves, what it hangs on, how it was made."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from vru_model.analysis.appraisal.agencies import agency_account
from vru_model.analysis.appraisal.value import appraisal_table, switching_values
from vru_model.analysis.inequality import inequality_change
from vru_model.analysis.measures import averted
from vru_model.analysis.wording import rounding_step
from vru_model.experiments import Run
from vru_model.experiments.compare import ALL_AGES
from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.parameters.accounts.measures import MeasureCatalogue, load_measures
from vru_model.place import load_place
from vru_model.reporting import provenance
from vru_model.reporting.blocks import Chart, Table, plain
from vru_model.reporting.charts import png
from vru_model.reporting.findings import Findings
from vru_model.reporting.report.charts import alone, averted_by_deprivation
from vru_model.reporting.report.tables import read_appraisal
from vru_model.reporting.strategies import evidence_table, harms
from vru_model.reporting.words import MINUS, interval, money, plural, rounded
from vru_model.workbook.explore.contents import strategy_blocks, weakest_link
from vru_model.workbook.explore.section import (
    Part,
    Section,
    chart_html,
    named,
    side_by_side,
    table_html,
    titles,
)

_FIFTHS = {1: "1, most deprived", 2: "2", 3: "3", 4: "4", 5: "5, least deprived"}
_BY = {
    "deprivation_quintile": ("deprivation", "Fifth of deprivation"),
    "sex": ("sex", "Sex of the victim"),
    "age_band": ("age", "Age of the victim"),
    "local_authority": ("authority", "Local authority"),
}
_MEASURE = "admissions"


def who(findings: Findings) -> Section:
    """Return who benefits: by deprivation, age, sex and authority, and what inequality does."""
    part = Part("who", "Who benefits?")
    names, catalogue = titles(findings), _only(_MEASURE)
    for name, title in names.items():
        part.say(_inequality(findings, name, title, catalogue))
    for column, (short, heading) in _BY.items():
        frames = {
            title: averted(*_pair(findings, name), (column,), ALL_AGES, catalogue)
            for name, title in names.items()
        }
        first = next(iter(frames.values()))
        labels = _labels(findings, column, first[column].tolist())
        table = side_by_side(
            f"averted-by-{short}",
            "Hospital admissions for violence averted over "
            f"{plural(findings.options.years, 'year')}, by {heading[:1].lower()}{heading[1:]}",
            heading, labels, frames, findings.source,
        )  # fmt: skip
        if column == "deprivation_quintile":
            part.show(_charts(findings, frames))
            part.table(table)
        else:
            part.show(f"<details><summary>{html.escape(heading)}</summary>{table_html(table)}"
                      "</details>")
            part.section.tables.append({"name": table.name, "caption": table.caption,
                                        "csv": table.csv()})
    part.say("Local authorities stand in the order of their codes. They are not ranked: places "
             "differ in size, and chance differs with it.", "note")
    return part.section


def _pair(findings: Findings, name: str) -> tuple[Run, Run]:
    found = findings.comparisons[name]
    return found.base, found.other


def _only(measure: str) -> MeasureCatalogue:
    catalogue = load_measures()
    return catalogue.model_copy(update={"measures": {measure: catalogue.measures[measure]}})


def _labels(findings: Findings, column: str, values: Sequence) -> list[str]:
    if column == "deprivation_quintile":
        return [_FIFTHS[int(value)] for value in values]
    if column == "local_authority":
        known = findings.place.get("authorities", {})
        return [known.get(value, value) for value in values]
    return [str(value).capitalize() for value in values]


def _inequality(findings: Findings, name: str, title: str, catalogue: MeasureCatalogue) -> str:
    found = inequality_change(*_pair(findings, name), ALL_AGES, catalogue)
    if found.empty:
        return f"“{title}”: whether inequality narrows cannot be told."
    row = found.iloc[0]
    step = rounding_step(row["slope_change"], row["slope_change_low95"],
                         row["slope_change_high95"])  # fmt: skip
    span = interval(row["slope_change_low95"], row["slope_change_high95"], step)
    return (f"“{title}”: does inequality in admissions narrow? In absolute terms: "
            f"{row['absolute']}; in relative terms: {row['relative']} (the gap between most and "
            f"least deprived changes by {rounded(row['slope_change'], step)} admissions a year for "
            f"100,000, 95% interval {span}).")


def _charts(findings: Findings, frames: dict[str, pd.DataFrame]) -> str:
    """Return the chart of each strategy over the fifths of deprivation, side by side."""
    found: list[str] = []
    for title, frame in frames.items():
        chart = averted_by_deprivation(frame, f"“{title}”")
        found.append(chart_html(Chart(f"by-deprivation-{len(found)}", png(alone(chart)), chart.alt,
                                      f"{title}. Every number is in the table below.")))
    return f'<div class="vru-grid">{"".join(found)}</div>'


def pays(findings: Findings) -> Section:
    """Return what it costs and is worth, and which partner pays and which saves."""
    part = Part("pays", "Who pays, and who saves?")
    rows: dict[str, dict[str, str]] = {}
    data, worth = [], []
    for name, title in titles(findings).items():
        streams = read_appraisal(findings.comparisons[name])
        account = agency_account(streams, load_agencies())
        frame = account.totals.assign(strategy=title, price_base=streams.profile.price_base)
        data.append(frame)
        for _, row in frame.iterrows():
            if not row[["cashable", "capacity", "social", "paid"]].any():
                continue
            cells = rows.setdefault(row["title"], {})
            cells[f"{title}: pays"] = money(-row["paid"] / 100)
            cells[f"{title}: saves (95% interval)"] = _saved(row)
            cells[f"{title}: of it cashable"] = _rough(row, "cashable")
        worth.append(appraisal_table(streams).assign(strategy=title))
    prices = data[0]["price_base"].iloc[0]
    shown = pd.DataFrame(rows).T.fillna("£0").rename_axis("Partner").reset_index()
    part.say("What is saved is mostly the time of staff and beds that are free for other work: it "
             "is not money that can be moved. Victims and the public stand in the last row.")
    part.table(Table("who-pays-who-saves", f"Over {plural(findings.options.years, 'year')}, "
                     f"undiscounted, at {prices} prices, against business as usual", shown,
                     pd.concat(data), findings.source))
    part.head("What it is worth to society")
    part.table(_worth(pd.concat(worth), prices, findings.source))
    return part.section


def _saved(row: pd.Series) -> str:
    low, high = row["saved_low95"], row["saved_high95"]
    return f"{_rough(row, 'saved')} ({_pounds(low, low, high)} to {_pounds(high, low, high)})"


def _rough(row: pd.Series, name: str) -> str:
    return _pounds(row[name], row[f"{name}_low95"], row[f"{name}_high95"])


def _pounds(pence: float, low: float, high: float) -> str:
    """Return pence as pounds, no finer than an interval in pence bears."""
    if pence != pence:
        return "not known"
    step = max(1.0, rounding_step(pence / 100, low / 100, high / 100))
    # A joiner keeps the sign on the line of its number.
    return money(round(pence / 100 / step) * step).replace(f"{MINUS}£", f"{MINUS}\u2060£")


def _worth(frame: pd.DataFrame, prices: str, source: str) -> Table:
    rows = []
    for _, row in frame.iterrows():
        step = rounding_step(row["npsv"], row["npsv_low95"], row["npsv_high95"])
        low, high = (money(round(row[f"npsv_{end}95"] / step) * step) for end in ("low", "high"))
        rows.append({
            "Way of counting": f"{row['strategy']}: {row['title']}",
            "Cost": money(round(row["costs"], -3)),
            "Net value (95% interval)": f"{money(round(row['npsv'] / step) * step)} ({low} to "
            f"{high})",
            "Chance that benefits exceed the cost":
                f"{100 * row['chance_benefits_exceed_costs']:.0f}% of {int(row['draws'])} draws",
        })  # fmt: skip
    return Table("worth", f"Present values at {prices} prices, discounted to year 1, against "
                 "business as usual", pd.DataFrame(rows), frame, source)


def hangs(findings: Findings) -> Section:
    """Return the assumptions that would change the answer."""
    part = Part("hangs", "What would change the answer?")
    names = titles(findings)
    for name in names:
        part.show(f"<p>{plain(named(weakest_link(findings, name), names))}</p>")
    frames = []
    for name, title in names.items():
        found = switching_values(read_appraisal(findings.comparisons[name]))
        frames.append(found.assign(strategy=title))
    frame = pd.concat(frames)
    rows = [{"Assumption": f"{row['strategy']}: {row['assumption'].removesuffix(', £')}",
             "For benefits to equal the cost": row["comment"],
             "Share of draws in which it alone could":
                 f"{100 * row['share_of_draws_that_can_turn']:.0f}%"}
            for _, row in frame.iterrows()]  # fmt: skip
    part.table(Table("switching-values", "How far one thing must move, alone, for benefits just to "
                     "equal the cost", pd.DataFrame(rows), frame, findings.source,
                     ("For benefits to equal the cost",)))
    part.say("Do you doubt a number? Contest it below, and see what your value does to this "
             "comparison. `vru sensitivity` moves every uncertain number in turn.".replace("`", ""))
    return part.section


def where(findings: Findings) -> list[Section]:
    """Return the map, where the place has boundaries; synthetic neighbourhoods stand nowhere."""
    place = load_place(findings.options.place)
    if place.synthetic or place.folder is None:
        return []
    from vru_model.reporting.maps import change_map

    part = Part("where", "Where does it change?")
    for name, title in titles(findings).items():
        chart, table = change_map(place, findings.comparisons[name], title, findings.source)
        part.show(chart_html(chart))
        part.table(table)
    return [part.section]


def evidence(findings: Findings) -> Section:
    """Return what the money buys, and how far the evidence carries."""
    part = Part("evidence", "What the money buys, and the evidence for it")
    for block in strategy_blocks(findings):
        if isinstance(block, Table):
            part.table(block)
    part.table(evidence_table(findings))
    items = [plain(line.removeprefix("- ")) for line in harms(findings).text.splitlines()
             if line.startswith("- ")]
    part.head("Harms and limits")
    part.show(f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>")
    return part.section


def made(findings: Findings) -> Section:
    """Return how the answer was made, and whose data it rests on."""
    part = Part("made", "How this was made")
    table = next(block for block in provenance.how_it_was_made(findings)
                 if isinstance(block, Table))
    part.table(table)
    for paragraph in provenance.licence(findings).text.split("\n\n"):
        part.show(f"<p>{plain(paragraph).replace(chr(10), '<br>')}</p>")
    return part.section
