"""The record of a session for those who took part: what was asked, said, weighed and decided.

Blocks that a notebook shows, and one page in Markdown and HTML that needs nothing else.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from vru_model.analysis.wording import figure, rounding_step
from vru_model.errors import InputError
from vru_model.experiments import Run
from vru_model.experiments.store import write_text
from vru_model.reporting.accessibility import problems as accessibility_problems
from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.words import long_date, plural, two_figures
from vru_model.scenario import Scenario
from vru_model.workbook.as_html import block_html
from vru_model.workbook.sessions.believed import CONSENSUS, POOL, read_back
from vru_model.workbook.sessions.charts import judgements_chart, places_chart, weights_chart
from vru_model.workbook.sessions.feeding import handed
from vru_model.workbook.sessions.record import LEVELS, Question, Session
from vru_model.workbook.sessions.swings import FEWEST, Outcomes, Verdict, outcomes, verdict

PSEUDONYMS_ONLY = (
    "Everybody here has a pseudonym. Please write no name of a person, and nothing by which one "
    "could be known."
)
_STYLE = (
    "body{font-family:sans-serif;line-height:1.5;max-width:60em;margin:1em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:1em 0;display:block;overflow-x:auto}"
    "th,td{border:1px solid #767676;padding:.25em .6em;text-align:right}"
    "th{text-align:left}caption{text-align:left;font-weight:bold}"
    "img{max-width:100%;height:auto}"
)


def question_blocks(name: str, question: Question) -> list[Block]:
    """Return a question's chart and its table of what was said and what was made of it."""
    table = read_back(question)
    if table.empty:
        return [Prose("Nobody has judged yet.")]
    shown = pd.DataFrame({
        "Who": table["who"].replace({POOL: "Pool of all",
                                     CONSENSUS: "The group, after discussion"}),
        "Said (limits, quartiles, median)": [_said(row) for row in table.to_dict("records")],
        "Fitted": table["family"],
        "Misfit": [_points(each) for each in table["misfit"]],
        "5% below": _column(table, "5%"), "Median": _column(table, "50%"),
        "95% below": _column(table, "95%"),
    })  # fmt: skip
    caption = (f"{question.title}: what each believes, in {question.unit}. Misfit: the largest "
               "difference between a stated probability and the fitted one")  # fmt: skip
    chart = judgements_chart(name, question)
    found: list[Block] = [] if chart is None else [chart]
    return [*found, Table(f"judgements_{name}", caption, shown, table,
                          text_columns=("Said (limits, quartiles, median)", "Fitted"))]


def handed_block(session: Session, name: str) -> Block:
    """Return what a question hands over to the program, quantile by quantile, or why nothing."""
    try:
        found = handed(session, name)
    except InputError as error:
        first = error.problems[0]
        return Prose(f"Nothing is handed over to the program: {escape(first.given)}.")
    check = found.check
    table = pd.DataFrame({
        "Quantile": check["quantile"],
        "The group believes": [two_figures(each) for each in check["believed"]],
        "The program draws": [two_figures(each) for each in check["drawn"]],
    })  # fmt: skip
    kind = ("the median alone, the same in every draw" if found.distribution == "fixed"
            else f"a {found.distribution} distribution")  # fmt: skip
    caption = (f"`{found.parameter}`: handed over as {kind}, value {found.value:.3g}, low "
               f"{found.low:.3g}, high {found.high:.3g}, as the parameter counts")
    return Table(f"handed_{name}", caption.replace("`", ""), table, check)


def weighing(session: Session) -> tuple[Outcomes, Verdict | None] | None:
    """Return the outcomes of the session's runs and what the weights say; None without runs."""
    swings = session.swings
    if swings is None:
        return None
    runs = {name: run for name, run in swings.runs.items() if name != "baseline"}
    scenarios = {name: Scenario.load(Run.open(run).folder / "scenario.yaml")
                 for name, run in runs.items()}  # fmt: skip
    found = outcomes(swings.runs["baseline"], runs, scenarios, swings.support)
    return found, verdict(found, swings.criteria, swings.given)


def swing_blocks(session: Session) -> list[Block]:
    """Return the swings, the spread of weights and who comes first, as far as there are any."""
    found = weighing(session)
    if found is None or session.swings is None:
        return [Prose("No strategies are compared in this session.")]
    outcome, said = found
    given = len(session.swings.given)
    rows = [{"Criterion": each.title, "Worst (scores 0)": two_figures(each.worst),
             "Best (scores 100)": two_figures(each.best), "Unit": each.unit}
            for each in session.swings.criteria.values()]  # fmt: skip
    blocks: list[Block] = [Table("swings", "The swings that people weigh", pd.DataFrame(rows),
                                 text_columns=("Unit",))]  # fmt: skip
    if outcome.alike():
        blocks.append(Prose("The strategies do not differ in: "
                            + escape("; ".join(outcome.alike())) + "."))  # fmt: skip
    if said is None:
        return [*blocks, Prose(f"{plural(given, 'person', 'people')} gave swings; weights are "
                               f"shown from {FEWEST} on, so that nobody's can be guessed.")]
    return [*blocks, *verdict_blocks(said)]


def verdict_blocks(said: Verdict) -> list[Block]:
    """Return charts and tables of weights and first places, with what they rest on."""
    weights = pd.DataFrame({
        "Criterion": said.weights["title"],
        "Median, %": [f"{each:.0f}" for each in said.weights["median"]],
        "Middle half, %": [f"{low:.0f} to {high:.0f}" for low, high in zip(
            said.weights["lower_quartile"], said.weights["upper_quartile"], strict=True)],
    })  # fmt: skip
    places = pd.DataFrame({
        "Strategy": [each.replace("_", " ") for each in said.strategies["strategy"]],
        "Score (80% interval)": [_score(row) for row in said.strategies.to_dict("records")],
        "First, of people": [f"{each:.0%}" for each in said.strategies["first_people"]],
        "First, of draws": [f"{each:.0%}" for each in said.strategies["first_draws"]],
        "First, of both": [f"{each:.0%}" for each in said.strategies["first"]],
        "Mean place": [f"{each:.1f}" for each in said.strategies["mean_rank"]],
    })  # fmt: skip
    few = (" Below 20 draws what is not known is not covered." if said.draws < 20 else "")
    return [
        Prose(escape(said.sentence) + few), weights_chart(said),
        Table("weights", f"Weights over {said.people} people", weights, said.weights,
              text_columns=("Middle half, %",)),
        places_chart(said),
        Table("first_places", f"Scores and places over {said.people} people and {said.draws} draws",
              places, said.strategies, text_columns=("Score (80% interval)",)),
    ]  # fmt: skip


def blocks(session: Session) -> list[Block]:
    """Return the whole record, in reading order."""
    people = len(session.participants)
    found: list[Block] = [
        Prose(f"# {escape(session.title)}"),
        Prose(f"{long_date(session.date)}, facilitated by {escape(session.facilitator)}; "
              f"{plural(people, 'participant')}. {PSEUDONYMS_ONLY}"),
    ]  # fmt: skip
    for name, question in session.questions.items():
        found += [Prose(f"## {escape(question.title)}"), *question_blocks(name, question)]
        reasons = [f"- {who}: {escape(each.reason)}"
                   for who, each in question.judgements.items() if each.reason]  # fmt: skip
        if question.consensus is not None and question.consensus.reason:
            reasons.append(f"- The group: {escape(question.consensus.reason)}")
        if reasons:
            found += [Prose("### Reasons"), Prose("\n".join(reasons))]
        found.append(handed_block(session, name))
    if session.swings is not None:
        found += [Prose("## Strategies compared by several criteria"), *swing_blocks(session)]
    found.append(Prose("## Decisions"))
    found.append(_list([f"{escape(each.text)} ({escape(each.by)})" for each in session.decisions]))
    found.append(Prose("## What somebody wants changed"))
    found.append(_list([
        f"{escape(each.what)}: {escape(each.change)}, because {escape(each.reason)} "
        f"({escape(each.who)})" for each in session.contested
    ]))  # fmt: skip
    return found


def write_record(session: Session, path: str | Path) -> tuple[Path, Path]:
    """Write the record beside a session's file as .md and .html, and return both.

    The page fetches nothing from elsewhere, and is refused (RuntimeError) where a machine finds a
    breach of WCAG 2.2 in its structure.
    """
    whole = blocks(session)
    markdown = "\n\n".join(_as_markdown(each) for each in whole) + "\n"
    inside = "\n".join(block_html(each) for each in whole)
    page = (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(session.title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{inside}</main></body></html>\n"
    )
    if found := accessibility_problems(page):
        raise RuntimeError("the record is not accessible: " + "; ".join(found))
    start = Path(path)
    written = start.with_suffix(".md"), start.with_suffix(".html")
    for file, text in zip(written, (markdown, page), strict=True):
        write_text(file, text)
    return written


def _as_markdown(block: Block) -> str:
    alt = getattr(block, "alt", None)
    # A file of text has no picture: the words that stand for it do.
    return f"*Chart: {escape(alt)}*" if alt else block.markdown()


def _list(lines: Sequence[str]) -> Block:
    return Prose("\n".join(f"- {line}" for line in lines) if lines else "None so far.")


def _said(row: dict) -> str:
    values = [row[level] for level in LEVELS]
    if any(pd.isna(each) for each in values):
        return ""
    return ", ".join(f"{each:g}" for each in values)


def _points(misfit: float) -> str:
    return "" if pd.isna(misfit) else f"{100 * misfit:.0f} points"


def _column(table: pd.DataFrame, name: str) -> list[str]:
    return [figure(row[name], rounding_step(row["50%"], row["5%"], row["95%"]))
            for row in table.to_dict("records")]  # fmt: skip


def _score(row: dict) -> str:
    step = rounding_step(row["score"], row["low80"], row["high80"])
    return (f"{figure(row['score'], step)} ({figure(row['low80'], step)} to "
            f"{figure(row['high80'], step)})")  # fmt: skip
