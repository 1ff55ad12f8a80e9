"""The risks of using the model, rated by rules that anybody can check.

Likelihood and impact are 1 (low), 2 (medium) or 3 (high); a risk is their product: high from 6,
medium from 3, low below. What a rule reads (draws, verdicts, grades) is said beside it. The
thresholds are rules of this project.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from vru_model.parameters import load_model_parameters
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.standing import standing
from vru_model.reporting.strategies import money_by_programme
from vru_model.reporting.words import in_words, percentage, plural, two_figures

LOW, MEDIUM, HIGH = 1, 2, 3
WORDS = {LOW: "low", MEDIUM: "medium", HIGH: "high"}
_WEAK = frozenset("CD")
_ANALYST = "Lead analyst of the Violence Reduction Unit"
_DIRECTOR = "Director of the Violence Reduction Unit"
_PROTECTION = "Data Protection Officer"
_EQUALITY = "Head of Equality of the Office of the Police and Crime Commissioner"


@dataclass(frozen=True)
class Risk:
    """One risk of using the model.

    Parameters
    ----------
    what
        What could go wrong.
    likelihood, impact
        1, 2 or 3.
    because
        What the likelihood was read from.
    rule
        How likelihood follows from it.
    mitigation, owner
        What is done about it, and the role that answers for it.
    """

    what: str
    likelihood: int
    impact: int
    because: str
    rule: str
    mitigation: str
    owner: str

    @property
    def rating(self) -> str:
        """High, medium or low, from the product of likelihood and impact."""
        score = self.likelihood * self.impact
        return WORDS[HIGH if score >= 6 else MEDIUM if score >= 3 else LOW]


def step(value: float, medium: float, high: float) -> int:
    """Return the likelihood of something that grows: medium and high from these values on."""
    return HIGH if value >= high else MEDIUM if value >= medium else LOW


def risks(case: BoardCase) -> list[Risk]:
    """Return every risk, the gravest first."""
    found = [rule(case) for rule in RULES]
    return sorted(found, key=lambda risk: -risk.likelihood * risk.impact)


def risk_form(case: BoardCase) -> list[Block]:
    """Return the form: a sentence that counts, the rule, the table."""
    found = risks(case)
    number = {word: sum(risk.rating == word for risk in found) for word in WORDS.values()}
    text = (
        f"Of {plural(len(found), 'risk')}, {number['high']} rate high, {number['medium']} medium "
        f"and {number['low']} low. Likelihood and impact are low (1), medium (2) or high (3); a "
        "risk is high where their product is 6 or more, medium from 3. A high risk is not to be "
        "carried without the board’s written consent, a medium one not without the owner’s."
    )
    rows = [
        {
            "Risk": risk.what, "Likelihood": WORDS[risk.likelihood],
            "Impact": WORDS[risk.impact], "Rating": risk.rating,
            "What is done": risk.mitigation, "Owner": risk.owner,
        }
        for risk in found
    ]  # fmt: skip
    table = Table(
        name="assurance-risks",
        caption="Risks of using the model, gravest first",
        frame=pd.DataFrame(rows),
        source="the table that follows",
        text_columns=list(rows[0])[1:],
    )
    return [Prose(text), table, _readings(case, found)]


def _readings(case: BoardCase, found: Sequence[Risk]) -> Table:
    rows = [
        {
            "Risk": risk.what, "Likelihood": WORDS[risk.likelihood], "Read from": risk.because,
            "Rule": risk.rule,
        }
        for risk in found
    ]  # fmt: skip
    return Table(
        name="assurance-risk-rules",
        caption="How each likelihood was read, and by which rule",
        frame=pd.DataFrame(rows),
        source="docs/validation.csv, parameters/model.yaml, parameters/assurance.yaml, "
        f"{case.source}",
        text_columns=("Likelihood", "Read from", "Rule"),
    )


def _misses(case: BoardCase) -> Risk:
    rests = standing()
    failed, partly = (rests.verdicts.get(name, 0) for name in ("fail", "partial"))
    return Risk(
        "The result rests on something that the model gets wrong",
        step(1 - rests.share_held, 0.1, 0.4), HIGH,
        f"{percentage(rests.share_held)} of the patterns held back that could be judged are shown "
        f"in full; {partly} in part, {failed} fail",
        "low where at least 90% are shown in full, medium from 60%",
        "Failures are published first, with their likely cause; read them before a decision that "
        "is hard to undo", _ANALYST,
    )  # fmt: skip


def _judged(case: BoardCase) -> Risk:
    rows = list(load_model_parameters().parameters.values())
    believed = sum(row.row.grade in ("prior", "recalled") for row in rows) / len(rows)
    return Risk(
        "A number that was believed is wrong",
        step(believed, 0.25, 0.5), HIGH,
        f"{percentage(believed)} of the parameters began as a prior or were recalled",
        "medium from a quarter, high from half",
        "Each has a range where it varies; calibration ruled out what does not fit; the log lists "
        "them all for challenge", _ANALYST,
    )  # fmt: skip


def _one_assumption(case: BoardCase) -> Risk:
    verdict = case.study.biggest.verdict
    likelihood = {"flips": HIGH, "does not flip": LOW}.get(verdict, MEDIUM)
    return Risk(
        "One assumption alone turns the comparison round",
        likelihood, HIGH,
        f"the assumption that matters most: {verdict}",
        "high where it flips, low where it does not flip, medium where that is open",
        "The decision box names it and says whether it alone could turn the comparison round",
        _ANALYST,
    )  # fmt: skip


def _weak_evidence(case: BoardCase) -> Risk:
    spent = money_by_programme(case.alone, case.strategy.name)
    weak = sum(
        money for name, money in spent.items()
        if case.strategy.programmes[name].evidence.grade in _WEAK
    )  # fmt: skip
    share = weak / sum(spent.values()) if sum(spent.values()) else 0.0
    return Risk(
        "An effect found elsewhere does not hold here",
        step(share, 0.25, 0.5), HIGH,
        f"{percentage(share)} of the money goes to programmes with evidence of grade C or below",
        "medium from a quarter of the money, high from half",
        "Effects are shrunk by the strength of their evidence and vary between draws",
        "Director of Public Health",
    )


def _too_good(case: BoardCase) -> Risk:
    gates = case.gates
    warned = [name.replace("_", " ") for name, gate in gates.items() if gate.warning]
    above = [name for name, gate in gates.items() if gate.ratio > 1]
    return Risk(
        "A result is far better than any unit was found to be",
        HIGH if warned else MEDIUM if above else LOW, MEDIUM,
        f"warned of: {in_words(warned)}" if warned
        else f"{len(above)} of {plural(len(gates), 'option')} above the national evaluation’s own",
        "high where an option is warned of, medium where one is above the national figure",
        "Every paper sets its result beside the national evaluation’s", _ANALYST,
    )  # fmt: skip


def _few_draws(case: BoardCase) -> Risk:
    draws = case.options.draws
    return Risk(
        "The intervals leave out much of what is not known",
        LOW if draws >= 100 else MEDIUM if draws >= 20 else HIGH, MEDIUM,
        plural(draws, "draw"),
        "high below 20 draws, medium below 100",
        "Papers say how many draws they rest on, and defer below 20", _ANALYST,
    )  # fmt: skip


def _small_worlds(case: BoardCase) -> Risk:
    residents = case.alone.simulated_residents
    return Risk(
        "Chance is taken for an effect",
        LOW if residents >= 200_000 else MEDIUM if residents >= 100_000 else HIGH, MEDIUM,
        f"about {two_figures(residents)} simulated residents",
        "high below 100,000 simulated residents, medium below 200,000",
        "The same luck on both sides of a comparison; the error of chance is shown apart",
        _ANALYST,
    )


def _unsigned(case: BoardCase) -> Risk:
    logs = standing().unsigned
    return Risk(
        "Nobody has answered for the assumptions, data and decisions",
        HIGH if logs else LOW, MEDIUM,
        f"{plural(len(logs), 'log')} not signed as they stand",
        "high while a log is unsigned, else low",
        "Papers carry the mark of a draft until all logs are signed", standing().book.owner,
    )  # fmt: skip


def _out_of_date(case: BoardCase) -> Risk:
    months = standing().book.valid_months
    return Risk(
        "A paper is used after it has gone out of date",
        step(months, 7, 13), MEDIUM,
        f"papers may be used for {plural(months, 'month')}",
        "low up to 6 months, medium up to 12",
        "Every paper names its last day of use", _DIRECTOR,
    )  # fmt: skip


def _personal_data(case: BoardCase) -> Risk:
    synthetic = case.manifest["place"]["synthetic"]
    return Risk(
        "Somebody could be recognised in a paper",
        LOW if synthetic else MEDIUM, HIGH,
        "made-up neighbourhoods from published totals" if synthetic
        else "neighbourhoods from files that the partnership holds",
        "low for a place built from published totals, medium for a place pack",
        "Residents are synthetic; small numbers and named places are withheld from the public",
        _PROTECTION,
    )  # fmt: skip


def _stigma(case: BoardCase) -> Risk:
    targeted = any(
        line.authorities or line.wards or line.neighbourhoods for line in case.strategy.funding
    )
    return Risk(
        "A place or a group is shamed",
        MEDIUM if targeted else LOW, HIGH,
        "the strategy names places" if targeted else "the strategy names no place",
        "medium where a strategy names places, else low",
        "No ranking of places, no score of a person, ethnicity is never a cause; the community "
        "sheet is refused if it names a place", _EQUALITY,
    )  # fmt: skip


def _misuse(case: BoardCase) -> Risk:
    return Risk(
        "It is used for what it is not for: targets, providers, a forecast, a single place",
        MEDIUM, HIGH,
        "no machine can see it",
        "medium always",
        "Limits of use go to every board; a paper that was misused is withdrawn, with the reason",
        _DIRECTOR,
    )


def _versions(case: BoardCase) -> Risk:
    versions = {run.manifest["identity"]["code"] for run in case.runs.values()}
    return Risk(
        "The numbers cannot be made again",
        LOW if len(versions) == 1 else HIGH, MEDIUM,
        f"the runs are of {plural(len(versions), 'version')} of the code",
        "low where all runs are of one version, else high",
        "Every run is named by what determines its numbers; “vru verify” makes them again",
        _ANALYST,
    )


RULES: Sequence[Callable[[BoardCase], Risk]] = (
    _misses, _judged, _one_assumption, _weak_evidence, _too_good, _few_draws, _small_worlds,
    _unsigned, _out_of_date, _personal_data, _stigma, _misuse, _versions,
)  # fmt: skip
