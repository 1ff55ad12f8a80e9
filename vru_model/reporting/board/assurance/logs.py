"""The three logs: how many entries each has, the ones that matter most, and all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from vru_model.parameters import load_model_parameters
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.assurance.pages import PageTable, tables_of
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.standing import standing
from vru_model.reporting.words import count, long_date, plural, sentence_case, slug, two_figures

PAGES = {
    "assumptions": "assumptions_log.md", "data": "data_log.md", "decisions": "decisions_log.md",
}  # fmt: skip
_PRICES = "What a unit of each programme costs"
_LARGEST = 10


def counts() -> Table:
    """Return how many entries each log has, and whether it is signed as it stands."""
    logs = standing().book.logs
    rows = []
    for name, page in PAGES.items():
        log = logs.get(name)
        rows.append({
            "Log": log.title if log else page,
            "Entries": count(sum(len(found.frame) for found in _entries(page))),
            "Tables": count(len(_entries(page))),
            "File": f"docs/assurance/{page}",
            "Owner": log.owner if log else "nobody is named in parameters/assurance.yaml",
            "Signed as it stands": "yes" if log and log.signed else "no",
        })  # fmt: skip
    return Table(
        name="assurance-logs",
        caption="The three logs: entries, owner and signature",
        frame=pd.DataFrame(rows),
        source=_files(PAGES.values()),
        text_columns=("File", "Owner", "Signed as it stands"),
    )


def how_known() -> Table:
    """Return how many of the model's parameters are known in which way."""
    model = load_model_parameters()
    rows = list(model.parameters.values())
    counted = Counter((row.row.status, row.row.grade) for row in rows)
    varied = Counter((row.row.status, row.row.grade) for row in rows if row.name in model.varying)
    frame = pd.DataFrame(
        {
            "What it is": sentence_case(status), "How it is known": grade,
            "Parameters": str(number), "Of these varied between draws": str(varied[status, grade]),
        }
        for (status, grade), number in sorted(counted.items())
    )  # fmt: skip
    return Table(
        name="assurance-known",
        caption=f"How the model’s {plural(len(rows), 'parameter')} are known; "
        f"{len(model.varying)} of them vary between draws, those that were fitted together from "
        "the calibrated sets, the others each from its own range",
        frame=frame,
        source="parameters/model.yaml, parameters/calibrated",
        text_columns=("How it is known",),
    )


def largest(case: BoardCase) -> Table:
    """Return the assumptions that move the result most, from the search filed with the runs."""
    found = case.study.table.head(_LARGEST)
    rows = [
        {
            "Rank": str(row["rank"]),
            "Assumption": row["title"],
            "Value (range)": f"{row['value']:.3g} ({row['low']:.3g} to {row['high']:.3g}) "
            f"{row['unit']}",
            "How it is known": row["known"],
            "Averted at the low end": two_figures(row["at_low"]),
            "Averted at the high end": two_figures(row["at_high"]),
            "Turns the comparison round": row["verdict"],
        }
        for row in found.to_dict("records")
    ]
    year = case.study.words["year"]
    return Table(
        name="assurance-largest",
        caption=f"The {len(rows)} assumptions that move admissions averted by year {year} most, "
        "each moved alone",
        frame=pd.DataFrame(rows),
        data=found,
        source=f"search filed as {case.study.folder.name}; smaller worlds than the paper’s",
        text_columns=("Assumption", "Value (range)", "How it is known",
                      "Turns the comparison round"),
    )  # fmt: skip


def decisions() -> list[Block]:
    """Return the log of decisions, which is short enough to be read whole."""
    return list(_annex("decisions", PAGES["decisions"]))


def annex() -> list[Block]:
    """Return every table of the logs of assumptions and data."""
    return [
        block for name in ("assumptions", "data") for block in _annex(name, PAGES[name])
    ]  # fmt: skip


def sign_off() -> list[Block]:
    """Return who must sign what, and what was signed."""
    rests = standing()
    rows = [
        {
            "Log": log.title,
            "To be signed by": log.owner,
            "Digest now": log.current_digest,
            "Signed by": log.signed_by or "nobody",
            "Signed on": long_date(log.signed_on) if log.signed_on else "not signed",
            "Holds": "yes" if log.signed
            else "no: changed since it was signed" if log.signed_by else "no: not signed",
        }
        for log in rests.book.logs.values()
    ]  # fmt: skip
    table = Table(
        name="assurance-sign-off",
        caption="Who signs what; a signature holds for the log as it was signed",
        frame=pd.DataFrame(rows),
        source="parameters/assurance.yaml",
        text_columns=list(rows[0])[1:],
    )
    how = (
        "A signature is a name, a date and a digest in `parameters/assurance.yaml`. "
        "`python -m vru_model.reporting.board.signing` prints the lines to fill in. The papers "
        "stay drafts until every log is signed as it stands; a log that is changed has to be "
        "signed again."
    )
    return [Prose(how), table]


def _entries(page: str) -> list[PageTable]:
    """Return a log's tables but for the one that only counts the others."""
    return [each for each in tables_of(page) if each.heading != "How much is known"]


def _annex(log: str, page: str) -> Iterable[Table]:
    for number, (heading, frame) in enumerate(_entries(page), 1):
        title = heading or standing().book.logs[log].title
        yield Table(
            name=f"log-{log}-{number}-{slug(title)[:40].strip('-')}",
            caption=f"{sentence_case(log)}: {title[:1].lower()}{title[1:]}",
            frame=frame,
            source=f"docs/assurance/{page}",
            text_columns=list(frame.columns)[1:],
            exempt="provider_prices" if heading == _PRICES else "",
        )


def _files(pages: Iterable[str]) -> str:
    return ", ".join(f"docs/assurance/{page}" for page in pages)
