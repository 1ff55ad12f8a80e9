"""The assurance statement: the rating and why, what was checked and how it came out."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd

from vru_model import paths
from vru_model.parameters.accounts.record import load_record
from vru_model.parameters.accounts.validation import load_validation_book
from vru_model.reporting.blocks import Block, Panel, Prose, Table, Terms, escape
from vru_model.reporting.board.assurance.risks import risks
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.standing import VALIDATION, standing
from vru_model.reporting.provenance import how_sure
from vru_model.reporting.words import count, in_words, plural, sentence_case, two_figures

DOCUMENT = paths.ROOT / "docs" / "validation.md"
CHECKS = (
    ("The model does what its description says",
     "It is written a second time, in plain Python with one object a resident; the two agree "
     "incident by incident", "tests/test_reference.py"),
    ("People and events are conserved",
     "Counts by place, age and sex add up; nobody is lost or made twice",
     "tests/test_model_conservation.py"),
    ("Limits and extremes", "Rates of nothing and of everything give what they must",
     "tests/test_model_extremes.py"),
    ("A programme without effect changes nothing",
     "Bit for bit the same worlds, and none changes anything before it starts",
     "tests/test_programmes_identities.py"),
    ("Random numbers", "Published known answers of the generator", "tests/test_randomness.py"),
    ("A published effect comes out of the model again",
     "Each programme’s study is repeated in the model as a virtual trial",
     "tests/test_programmes_trials.py"),
    ("Statistics and money", "Published worked examples of rates, gradients and discounting",
     "tests/test_measures_statistics.py"),
    ("The search for what matters most",
     "Functions whose indices and switching values are known",
     "tests/test_sensitivity_methods.py"),
    ("Mistakes in documents are found", "Every document is checked, all problems at once",
     "tests/test_parameters_checking.py"),
    ("Papers can be read by everybody", "axe-core in a browser, and the tags of the PDF",
     "tests/test_reporting_axe.py"),
)  # fmt: skip
_NOT_SHOWN = "not shown"
_COUNTED = {
    "pass": "Pass", "partial": "Partial", "fail": "Fail",
    _NOT_SHOWN: "Not shown (could not be judged)",
}  # fmt: skip
_VERDICTS = {"fail": "fails", "partial": "in part", "not shown": "not shown"}


def statement(case: BoardCase, day: date) -> list[Block]:
    """Return the statement in a box: the rating, what it hangs on, and until when."""
    rests = standing()
    high = [risk.what for risk in risks(case) if risk.rating == "high"]
    owners = dict.fromkeys(log.owner for log in rests.book.logs.values())
    rows = {
        "Rating": rests.sentence,
        "By which rule": "Not assured while a log is unsigned; high where at least nine in ten of "
        "the patterns held back that could be judged are shown in full; moderate from six in ten; "
        "else low.",
        "High risks": f"{plural(len(high), 'risk')}: {escape('; '.join(high))}." if high
        else "None by the rules of the risk form.",
        "How sure": how_sure(case.alone),
        "What was validated": _same_version(case),
        "Who must sign": f"{escape(in_words(list(owners)))}. Answerable for the use of the model: "
        f"{escape(rests.book.owner)}.",
        "Last day of use": f"{rests.sunset(day)}, {plural(rests.book.valid_months, 'month')} after "
        "the date of the paper; sooner where a log, a parameter or the code changes.",
    }  # fmt: skip
    return [Panel("note", "Assurance statement", [Terms(rows)])]


def verification() -> Table:
    """Return what is checked whenever the tests run, and where."""
    return Table(
        name="assurance-verification",
        caption="What the tests hold; “make test” runs them all",
        frame=pd.DataFrame(CHECKS, columns=["What is checked", "How", "Where"]),
        source="the tests of the repository",
        text_columns=("How", "Where"),
    )  # fmt: skip


def validation() -> list[Block]:
    """Return the verdicts on the patterns held back, then each that is not shown in full."""
    table = pd.read_csv(VALIDATION)
    held = table[table["use"] == "validation"]
    verdicts = held["verdict"].value_counts()
    judged = len(held) - int(verdicts.get(_NOT_SHOWN, 0))
    counted = Table(
        name="assurance-verdicts",
        caption=f"Verdicts on the {plural(len(held), 'pattern')} held back from calibration, of "
        f"which {judged} could be judged",
        frame=pd.DataFrame(
            {"Verdict": words, "Patterns": str(int(verdicts.get(name, 0)))}
            for name, words in _COUNTED.items()
        ),
        source="docs/validation.csv",
    )
    return [Prose(not_judged(held)), counted, missed(held)]


def not_judged(held: pd.DataFrame) -> str:
    """Return how many of the patterns held back could be judged, and why the others could not.

    The validation writes the reason where a judged pattern has its source.
    """
    without = held[held["verdict"] == _NOT_SHOWN]
    counted = (
        f"{plural(len(held), 'pattern')} were held back and {len(held) - len(without)} could be "
        "judged. Wherever a paper says how many of them the model shows, it counts these."
    )
    if without.empty:
        return counted
    reasons = "\n".join(
        f"- {escape(row['pattern'])}: {escape(row['group'])}. {escape(row['source'])}"
        for row in without.to_dict("records")
    )
    return f"{counted} {len(without)} could not be judged, in the tables *not shown*:\n\n{reasons}"


def missed(held: pd.DataFrame) -> Table:
    """Return every pattern held back that the model does not show in full, failures first."""
    book = load_validation_book()
    order = {name: place for place, name in enumerate(_VERDICTS)}
    found = held[held["verdict"].isin(list(order))]
    found = found.assign(order=found["verdict"].map(order)).sort_values("order", kind="stable")
    rows = [
        {
            "Pattern": f"{row['pattern']}: {row['group']}",
            "Verdict": _VERDICTS[row["verdict"]],
            "Model (95% range)": _range(row),
            "Found": _number(row["target"]),
            "Unit": str(row["unit"]) if isinstance(row["unit"], str) else "none",
            "Likely cause": _cause(row, book),
        }
        for row in found.to_dict("records")
    ]
    return Table(
        name="assurance-missed",
        caption="Every pattern held back that the model does not show in full, failures first",
        frame=pd.DataFrame(rows),
        data=found.drop(columns="order"),
        source="docs/validation.csv, parameters/validation.yaml",
        text_columns=("Verdict", "Model (95% range)", "Found", "Unit", "Likely cause"),
    )


def calibration() -> list[Block]:
    """Return how the parameter sets were found, and what they miss."""
    record = load_record()
    text = (
        f"On {record.date}, {count(record.tried)} sets of {record.searched} parameters were tried "
        f"in {plural(len(record.waves), 'wave')}; {count(record.not_ruled_out)} are not ruled out "
        f"by {plural(len(record.targets), 'target')}, and {count(record.kept)} of those keep every "
        "constraint. The draws of this paper are taken from them. What they miss, and what the "
        "constraints cost:\n\n" + "\n".join(f"- {escape(line)}" for line in record.failures)
    )
    return [Prose(text)]


def validated_versions(text: str | None = None) -> dict[str, str]:
    """Return the versions of parameters and code on which the validation rests."""
    told = DOCUMENT.read_text(encoding="utf-8") if text is None else text
    found = {
        "parameters": re.search(r"parameters, version `([0-9a-f]{12})`", told),
        "code": re.search(r"code version `([0-9a-f]{12})`", told),
    }
    return {name: match[1] if match else "not said" for name, match in found.items()}


def _same_version(case: BoardCase) -> str:
    identity = case.manifest["identity"]
    parts = []
    for name, validated in validated_versions().items():
        here = str(identity[name])[:12]
        parts.append(
            f"the {name} of this paper ({here})" if here == validated
            else f"{name} of another version ({validated}; here {here})"
        )  # fmt: skip
    return f"{sentence_case(in_words(parts))}. Verdicts and failures are listed below."


def _cause(row: dict[str, Any], book: Any) -> str:
    cause = book.cause_of.get(row["name"])
    if cause is not None:
        return cause.likely
    missing = book.not_shown.get(row["name"])
    known = {each.pattern: each.reason for each in book.not_shown.values()}
    reason = missing.reason if missing else known.get(str(row["group"]))
    return reason or "no cause is written down"


def _range(row: dict[str, Any]) -> str:
    if pd.isna(row["value"]):
        return "not shown"
    return f"{_number(row['value'])} ({_number(row['low'])} to {_number(row['high'])})"


def _number(value: float) -> str:
    return "not said" if pd.isna(value) else two_figures(float(value))
