"""The paper "Programme and multi-year strategy": its parts, in the order of the notebook.

A notebook shows each part with ``display(*paper.decision())``. Every sentence with a number in
it is generated here from the findings; the notebook holds the words that no number changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from vru_model.analysis.plausibility import Plausibility, plausibility
from vru_model.reporting import crossing, provenance, recorded, result_tables, strategies
from vru_model.reporting.blocks import Block, Chart, Panel, Prose, Table, Terms, escape
from vru_model.reporting.charts import averted_alt, averted_chart, png
from vru_model.reporting.estimates import Estimate, averted_message, label
from vru_model.reporting.findings import Findings, Report, find
from vru_model.reporting.measures import (
    GROUPS,
    HEADLINE_GROUP,
    HEADLINE_MEASURE,
    HEADLINE_YEARS,
    HOME_OFFICE_MEASURES,
)
from vru_model.reporting.options import StrategyOptions
from vru_model.reporting.words import (
    MINUS,
    build_date,
    in_words,
    money,
    percentage,
    sentence_case,
    slug,
    two_figures,
)


@dataclass(frozen=True)
class StrategyPaper:
    """The paper's parts; each method returns the blocks to show.

    >>> paper = StrategyPaper.prepare(options)
    >>> display(*paper.decision())
    """

    findings: Findings

    @classmethod
    def prepare(cls, options: StrategyOptions, report: Report | None = None) -> Self:
        """Run what has not been run yet, compare, and return the paper."""
        return cls(find(options, report))

    @cached_property
    def day(self) -> date:
        """The date on the paper."""
        given = self.findings.options.date
        return date.fromisoformat(given) if given else build_date()

    def front(self) -> list[Block]:
        """Return who the paper is for and its standing."""
        return [provenance.front(self.findings, self.day)]

    def decision(self) -> list[Block]:
        """Return the decision box."""
        findings, options = self.findings, self.findings.options
        asked = {
            "Question": escape(self.question),
            "The board is asked to": "*To be completed by the Director of the Violence Reduction "
            "Unit: approve, note or defer. The model does not recommend.*",
            "Options compared": self._options_compared(),
            "Headline": " ".join(f"{text}." for text in self.headlines),
        }
        weighed = {
            "How sure": provenance.how_sure(findings),
            "Cost and payer": f"{self._costs()} Paid by: {escape(options.payer)}.",
            "Biggest assumption": " ".join(
                strategies.weakest_link(findings, name) for name in findings.scenarios
            ),
            "Is it plausible?": f"{recorded.sentence(self.checks)} {self._is_it_plausible()}",
            "Made from": ", ".join(f"`{run}`" for run in findings.run_ids),
            "Standing": provenance.standing(self.day),
        }
        content: list[Prose | Terms | Table] = [
            Terms(asked),
            result_tables.headline(findings, self.headline_years),
            Terms(weighed),
        ]
        return [Panel("decision", "Decision box", content)]

    def strategies(self) -> list[Block]:
        """Return what each strategy consists of."""
        return strategies.strategy_blocks(self.findings)

    def evidence(self) -> list[Block]:
        """Return the evidence for each programme, and what it may do that nobody wants."""
        return [strategies.evidence_table(self.findings), strategies.harms(self.findings)]

    def measure(self, key: str) -> list[Block]:
        """Return what happens to one measure: in words, as a chart and as its table.

        `key` names one of the Home Office's: "sharp_object_admissions",
        "knife_enabled_serious_violence" or "non_domestic_homicides".
        """
        findings, measure = self.findings, _MEASURES[key]
        estimates, years = findings.estimates, findings.years
        last = years[-1]
        paragraphs = [measure.definition]
        for group in GROUPS:
            found = estimates.at(measure, group, last)
            words = [f"{averted_message(measure, group, last, found)}."]
            words += [self._share(name, one) for name, one in found.items()]
            paragraphs.append(" ".join(word for word in words if word))
        chart = Chart(
            name=slug(measure.plural),
            png=png(averted_chart(measure, estimates, years)),
            alt=averted_alt(measure, estimates, years),
            caption=f"{sentence_case(measure.plural)} averted since the start, with 80% (thick) "
            "and 95% (thin) intervals",
            source=findings.source,
        )
        return [Prose("\n\n".join(paragraphs)), chart, result_tables.of_measure(findings, measure)]

    def crossing(self) -> list[Block]:
        """Return whether the second strategy overtakes the first, and when."""
        return crossing.crossing_blocks(self.findings)

    def plausibility(self) -> list[Block]:
        """Return the baseline beside records, then a warning where a result is too good."""
        blocks: list[Block] = [
            Prose(recorded.sentence(self.checks)),
            recorded.table(self.findings, self.checks),
            Prose(_YARDSTICK),
        ]
        for name, gate in self.gates.items():
            kind, heading = ("warning", "Warning") if gate.warning else ("note", "No warning")
            content = [Prose(escape(gate.sentence.replace("-", MINUS)))]
            blocks.append(Panel(kind, f"{heading}: {label(name)}", content, level=3))
        return [*blocks, result_tables.plausibility(self.findings, self.gates)]

    def statements(self) -> list[Block]:
        """Return the prompts for the statements that people write, each with its owner."""
        return provenance.prompts()

    def provenance(self) -> list[Block]:
        """Return how the paper was made, and how to make it again."""
        return provenance.how_it_was_made(self.findings)

    def assumptions(self) -> list[Block]:
        """Return how many of the model's numbers were measured, and how many are judgement."""
        return [provenance.parameter_standing()]

    def licence(self) -> list[Block]:
        """Return the attribution that every output from public data carries."""
        return [provenance.licence(self.findings)]

    @property
    def question(self) -> str:
        """The question put to the board."""
        findings = self.findings
        spent = {strategies.budget(findings, name) for name in findings.scenarios}
        names = in_words([f"the {name.replace('_', ' ')}" for name in findings.scenarios], "or")
        amount = f"{money(spent.pop())} a year" if len(spent) == 1 else "the money"
        return (
            f"Should {amount} over {findings.options.years} years go to {names} strategy, to "
            "reduce serious violence?"
        )

    @property
    def headlines(self) -> list[str]:
        """The headline measure's message at the headline years."""
        estimates = self.findings.estimates
        return [
            averted_message(
                HEADLINE_MEASURE, HEADLINE_GROUP, year,
                estimates.at(HEADLINE_MEASURE, HEADLINE_GROUP, year),
            )
            for year in self.headline_years
        ]  # fmt: skip

    @property
    def headline_years(self) -> list[int]:
        """Years 3 and 10, or as far as the paper reaches."""
        return sorted({min(year, self.findings.options.years) for year in HEADLINE_YEARS})

    @cached_property
    def gates(self) -> dict[str, Plausibility]:
        """Each strategy's averted admissions beside the national evaluation's."""
        return {name: plausibility(found) for name, found in self.findings.comparisons.items()}

    @cached_property
    def checks(self) -> list[recorded.Check]:
        """The baseline's first year beside what is recorded."""
        return recorded.checks(self.findings)

    def _is_it_plausible(self) -> str:
        words = []
        for name, gate in self.gates.items():
            warning = "**Warning, far too good:** " if gate.warning else ""
            words.append(
                f"{warning}{sentence_case(label(name))} averts {result_tables.averted(gate)} "
                f"hospital admissions for violence by year {gate.year}; the same money averted "
                f"{two_figures(gate.benchmark)} nationally."
            )
        return " ".join(words)

    def _costs(self) -> str:
        findings, years = self.findings, self.findings.options.years
        costs = {
            name: f"{money(strategies.budget(findings, name))} a year ({scenario.price_year} "
            f"prices), {money(years * strategies.budget(findings, name))} over {years} years."
            for name, scenario in findings.scenarios.items()
        }
        if len(set(costs.values())) == 1 < len(costs):
            return f"Each strategy: {next(iter(costs.values()))}"
        return " ".join(f"{sentence_case(label(name))}: {cost}" for name, cost in costs.items())

    def _options_compared(self) -> str:
        findings = self.findings
        compared = {findings.baseline.name: findings.baseline, **findings.scenarios}
        return "; ".join(
            f"**{escape(name.replace('_', ' '))}** ({escape(scenario.title)})"
            for name, scenario in compared.items()
        ) + "."  # fmt: skip

    def _share(self, name: str, found: Estimate) -> str:
        if found.verdict == "unclear":
            return ""
        change = "fewer" if found.averted > 0 else "more"
        return (
            f"Central estimate for {label(name)}: {found.central.lstrip(MINUS)} {change}, "
            f"{percentage(abs(found.reduction))} of the baseline’s {two_figures(found.baseline)}."
        )


_YARDSTICK = (
    "The national evaluation of Violence Reduction Units gives a yardstick for what is averted. A "
    "result more than twice as good is more likely to be a fault of the model than a discovery, "
    "so it carries a warning."
)
_MEASURES = {measure.key: measure for measure in HOME_OFFICE_MEASURES}
