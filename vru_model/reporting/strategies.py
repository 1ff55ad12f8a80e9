"""What each strategy consists of, and how far its evidence carries.

Everything here is read from the documents of the scenario and its programmes, and from the money
and people that the runs counted; no effect is worked out anew.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from vru_model.parameters.programmes import Eligibility, Evidence, Programme
from vru_model.reporting.blocks import Prose, Table, escape
from vru_model.reporting.findings import Findings
from vru_model.reporting.words import (
    MINUS,
    in_words,
)


def evidence_table(findings: Findings) -> Table:
    """Return what was published about each funded programme, and how much of it is believed."""
    rows = [
        {
            "Programme": programme.title,
            "Published effect (95% interval)": published_effect(programme.evidence),
            "How it was studied": programme.evidence.design,
            "Tried in the UK": "yes" if programme.evidence.uk else "no",
            "Grade": programme.evidence.grade,
            "How sure": programme.evidence.security,
            "Kept of it": f"{100 * programme.shrinkage:.0f}%",
            "Source": programme.evidence.citation,
        }
        for programme in all_funded(findings)
    ]
    return Table(
        name="evidence",
        caption="Published evidence for each programme; grade A is the strongest, D the weakest; "
        "“kept of it” is the share of the effect (on a logarithmic scale) that the model believes "
        "to hold here",
        frame=pd.DataFrame(rows),
        source="the documents in parameters/programmes, which say how each figure was derived",
        text_columns=(
            "Published effect (95% interval)",
            "How it was studied",
            "Tried in the UK",
            "Grade",
            "How sure",
            "Source",
        ),  # fmt: skip
    )


def harms(findings: Findings) -> Prose:
    """Return what each programme may do that nobody wants, and what is not known of it."""
    lines = [
        f"- **{escape(programme.title)}**: {escape(programme.harms)} {escape(programme.limits)}"
        for programme in all_funded(findings)
    ]
    intro = "Harms that the evidence points to, and what the model does not know of each programme:"
    return Prose(f"{intro}\n\n" + "\n".join(lines))


def money_by_programme(findings: Findings, strategy: str) -> dict[str, float]:
    """Return what a strategy spends on each programme a year, £, the mean over the years."""
    years = range(1, findings.options.years + 1)
    spent: dict[str, float] = {}
    for line in findings.scenarios[strategy].funding:
        covered = sum(line.covers(year) for year in years)
        mean = line.money_per_year * covered / len(years)
        spent[line.programme] = spent.get(line.programme, 0.0) + mean
    return spent


def budget(findings: Findings, strategy: str) -> float:
    """Return the money that a strategy spends a year, £, the mean over the years."""
    return sum(money_by_programme(findings, strategy).values())


def published_effect(evidence: Evidence) -> str:
    """Return the published effect with its interval and scale, as the study gave it."""
    if evidence.effect is None:
        return f"none: {evidence.scale}"
    numbers = f"{evidence.effect:g}"
    if evidence.low is not None and evidence.high is not None:
        numbers += f" ({evidence.low:g} to {evidence.high:g})"
    return f"{numbers.replace('-', MINUS)}, {evidence.scale}"


def who(eligibility: Eligibility) -> str:
    """Return who may take part, in a few words."""
    if eligibility.selection == "place":
        return _PLACES[eligibility.places]
    if eligibility.selection == "none":
        return "the services that deliver the other programmes"
    young = eligibility.maximum_age < 18
    words = _PEOPLE[eligibility.sex][young]
    if eligibility.maximum_age < 100:
        words += f" aged {eligibility.minimum_age} to {eligibility.maximum_age}"
    elif eligibility.minimum_age:
        words += f" aged {eligibility.minimum_age} or over"
    if eligibility.event != "none":
        words += f" after {_AFTER[eligibility.event]}"
    if eligibility.deprivation_deciles:
        numbers = in_words([str(decile) for decile in eligibility.deprivation_deciles])
        words += f" in deprivation deciles {numbers}"
    return words


_PEOPLE = {
    "any": ("people", "children"),
    "female": ("girls and women", "girls"),
    "male": ("boys and men", "boys"),
}
_PLACES = {
    "most_violent": "neighbourhoods with most recent violence",
    "night_time_economy": "neighbourhoods where people go out at night",
    "most_deprived": "the most deprived neighbourhoods",
}
_AFTER = {
    "emergency_department_attendance": "an attendance at an emergency department",
    "violence_suffered": "violence suffered outside the home",
    "violence_suffered_at_home": "violence suffered at home",
    "exclusion": "an exclusion from school",
    "charge": "a charge for violence",
    "charge_for_violence_at_home": "a charge for violence at home",
    "release_from_custody": "release from custody",
    "birth": "birth",
}


def funded(findings: Findings, strategy: str) -> list[Programme]:
    """Return a strategy's programmes, most money first."""
    programmes = findings.scenarios[strategy].programmes
    spent = money_by_programme(findings, strategy)
    return [programmes[name] for name in sorted(spent, key=lambda name: (-spent[name], name))]


def all_funded(findings: Findings) -> Iterable[Programme]:
    """Return every funded programme once, in the order of the strategies and of their money."""
    found = {
        programme.name: programme
        for strategy in findings.scenarios
        for programme in funded(findings, strategy)
    }
    return found.values()
