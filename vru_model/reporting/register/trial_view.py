"""Virtual trials as people read them: in the terminal, the register and docs/programmes.md."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table

from vru_model.analysis.trials import Fit, Report, Result, fit, show, verdict
from vru_model.experiments.store import write_text
from vru_model.parameters import load_model_parameters
from vru_model.parameters.conversions import Estimate
from vru_model.parameters.documents import built_in
from vru_model.parameters.programmes import Programme
from vru_model.parameters.rewriting import rewrite
from vru_model.paths import ROOT
from vru_model.reporting.register.cards import in_order
from vru_model.reporting.strategies import published_effect
from vru_model.reporting.words import build_date, long_date

PAGE = ROOT / "docs" / "programmes.md"
_HEADINGS = ("Programme", "Expect", "Published", "Believed here: ratio (95%)",
             "Virtual trial: ratio (over draws; their mean)", "Counted", "Verdict",
             "Comment")  # fmt: skip

_ABOUT = """\
# Programmes: what was published, what is believed, what the model shows

This page is written by `vru trial --write`; `vru programmes NAME` prints one programme's card with
its sources.

A *virtual trial* enrols people in the model as a study would and follows them for as long. Two
worlds share every random number; in one the programme works, in the other the same people are
enrolled in a programme that changes nothing. Everybody who is offered a place takes it, and no
treated place is left alone, because published effects are of taking part; reach, waiting and loss
come on top in a strategy. The ratio is of events with the programme over events without.

*Believed* is the published effect on the scale of rates, times the share that is kept for want of a
trial here and for weak designs, times the share that the programme is thought to have caused.
Where the column says that a change was fitted, its size was found by inverting the trial: what a
programme does through skills, grievance, trauma, exclusion or repeated pairs is paid first, and
only the remainder is set, so that what the model adds by its own loops is not counted twice. Where
nothing was fitted the trial shows what the changes come to. *Not told apart* means no more than
that: the trial with central values lies within its own chance (95%), or 2%, of what is believed.
A trial with few events cannot tell much apart.

Intervals are over {draws} draws of the effect and of the model's uncertain parameters together,
{within}.
They contain some chance; where events are few, chance is most of them. Papers give means over
draws, so the mean of the ratio stands behind the limits: it lies off the ratio with central values
where a range is lopsided, and where the parameter sets that calibration kept differ from the
central one. Long-run programmes are followed for as long as their studies did, up to twenty-five
years: a child born into one is ten in year ten.

Rests on {worlds} worlds at scale {scale:g} and parameters {parameters}, {date}.
"""


def fit_all(programmes: Sequence[Programme], *, write: bool, report: Report | None,
            replicates: int, **options: Any) -> list[Any]:
    """Fit what virtual trials fit; write the sizes into the register if asked.

    Returns a table of what was found, and a line on what was written.
    """
    table = Table(title="Sizes at which virtual trials show what is believed")
    for heading in ("programme", "change", "before", "after (range)", "believed", "shown (±95%)"):
        table.add_column(heading)
    written = 0
    for programme in programmes:
        found = fit(programme, replicates=replicates, report=report, **options)
        if found is None:
            continue
        table.add_row(
            programme.name, found.target, f"{found.before:g}", _span(found.after),
            f"{math.exp(found.believed):.2f}",
            f"{math.exp(found.shown):.2f} (±{found.chance * math.exp(found.shown):.2f})",
        )  # fmt: skip
        if write:
            write_fit(found)
            written += 1
    return [table, f"{written} sizes were written into the register." if write
            else "Nothing was written (--write writes the sizes into the register)."]


def write_fit(found: Fit) -> None:
    """Write a fitted size and its range into the programme's document, and where it comes from."""
    programme = found.programme
    place = [str(change.target) for change in programme.changes].index(found.target)
    shown, chance = math.exp(found.shown), found.chance * math.exp(found.shown)
    words = (
        f"Set by a virtual trial, {long_date(build_date())}, parameters {_parameters()}: a ratio "
        f"of {shown:.2f} (chance ±{chance:.2f}) where {math.exp(found.believed):.2f} is believed."
    )
    at = ("changes", place)
    rewrite(built_in("programmes", programme.name), {
        (*at, "value"): f"{found.after.value:g}", (*at, "low"): f"{found.after.low:g}",
        (*at, "high"): f"{found.after.high:g}",
        (*at, "fitted"): json.dumps(words, ensure_ascii=False),
    })  # fmt: skip


def show_all(programmes: Sequence[Programme], *, write: bool, draws: int, replicates: int,
             scale: float, report: Report | None, **options: Any) -> list[Any]:
    """Show what virtual trials show; write docs/programmes.md if asked."""
    results = show(programmes, draws=draws, replicates=replicates, scale=scale, report=report,
                   **options)
    table = Table(title="Virtual trials")
    for heading in ("programme", "believed", "shown (chance)", "over draws", "events", "verdict"):
        table.add_column(heading)
    for each in results:
        table.add_row(each.programme.name, _ratio(_exponent(each.programme.believed)),
                      _ratio(each.ratio), _ratio(each.over_draws), f"{each.events:,.0f}",
                      verdict(each))
    if not write:
        return [table]
    write_text(PAGE, page(results, draws, replicates, scale))
    return [table, f"Written: {PAGE.relative_to(ROOT)}"]


def _within(draws: int) -> str:
    """Return what the limits over so many draws hold of further ones (``limits_of_draws``)."""
    share = 100 * (draws - 1) / (draws + 1)
    return "95% limits" if share >= 95 else (
        f"from the least to the greatest, which holds about {share:.0f}% of further draws")


def page(results: Sequence[Result], draws: int, replicates: int, scale: float) -> str:
    """Return docs/programmes.md."""
    by_name = {each.programme.name: each for each in results}
    lines = [
        _ABOUT.format(draws=draws, within=_within(draws), worlds=2 * (draws + replicates) * sum(
            each.ratio is not None for each in results), scale=scale, parameters=_parameters(),
            date=long_date(build_date())),
        f"<!-- register {register_digest(each.programme for each in results)} -->\n",
        "| " + " | ".join(_HEADINGS) + " |", "|" + "---|" * len(_HEADINGS),
    ]  # fmt: skip
    for programme in in_order(each.programme for each in results):
        cells = _cells(by_name[programme.name])
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _cells(result: Result) -> tuple[str, ...]:
    programme = result.programme
    trial = programme.trial
    counted, comment = "nothing", programme.limits
    if trial is not None:
        what = trial.outcome.replace("_", " ")
        people = "people with any" if trial.statistic == "risk" else "all"
        fitted = f"{trial.fits} is fitted" if trial.fits else "nothing is fitted"
        counted = (f"{what}, months {trial.first_month} to {trial.last_month} ({people}); "
                   f"{result.events:,.0f} without it; {fitted}")
        comment = trial.comment
    shown = "cannot be made"
    if result.ratio is not None:
        span, value = result.over_draws or result.ratio, result.ratio.value
        mean = "" if result.over_draws is None else f"; {result.over_draws.value:.2f}"
        shown = f"{value:.2f} ({span.low:.2f} to {span.high:.2f}{mean})"
    return (f"{programme.title} (`{programme.name}`)", programme.standing,
            published_effect(programme.evidence), _ratio(_exponent(programme.believed)), shown,
            counted, verdict(result), " ".join(comment.split()))


def register_digest(programmes: Iterable[Programme]) -> str:
    """Return a hash of every number of the register: the page is stale where it has changed."""
    numbers = {
        each.name: [each.numbers(), each.believed,
                    each.trial and each.trial.model_dump(exclude={"comment"})]
        for each in programmes
    }  # fmt: skip
    text = json.dumps(numbers, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _parameters() -> str:
    return load_model_parameters().digest[:12]


def _exponent(estimate: Estimate | None) -> Estimate | None:
    return None if estimate is None else Estimate(*(math.exp(x) for x in estimate))


def _ratio(estimate: Estimate | None) -> str:
    if estimate is None:
        return "none"
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def _span(estimate: Estimate) -> str:
    return f"{estimate.value:g} ({estimate.low:g} to {estimate.high:g})"
