"""What the validation notebook shows: the look, told in sections."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from vru_model.analysis.validation.judging import (
    FAIL,
    FEWEST_EVENTS,
    NOT_SHOWN,
    PARTIAL,
    PASS,
    RULE,
    TOGETHER,
)
from vru_model.analysis.validation.looking import Look, look, make_runs, open_runs
from vru_model.analysis.validation.trials.worlds import Report
from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.parameters.accounts.validation import Cause, load_validation_book
from vru_model.reporting.blocks import Block, Chart, MimeBundle, Prose
from vru_model.reporting.validation import figures
from vru_model.reporting.validation.options import ValidationOptions
from vru_model.reporting.words import MINUS, in_words, plural

_USES = {"calibration": "fitted", "constraint": "constraint", "validation": "held back"}
_WHERE = {"years": "of monthly steps", "weeks": "of weekly steps", "cohort": "of 25 years"}


@dataclass(frozen=True)
class WholeTable(Block):
    """Every row, as ``validation.csv``: six significant figures."""

    rows: pd.DataFrame

    def markdown(self) -> str:
        """Return where the table stands."""
        return "Every row, with units and worlds, is in [the table](validation.csv)."

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        csv = self.rows.to_csv(index=False, lineterminator="\n", float_format="%.6g")
        return {"text/markdown": self.markdown(), "text/csv": csv}, {}


@dataclass(frozen=True)
class ValidationPaper:
    """The document: each method returns the blocks of one section."""

    options: ValidationOptions
    seen: Look

    @classmethod
    def prepare(
        cls, options: ValidationOptions, report: Report | None = None
    ) -> ValidationPaper:
        """Open or make the runs, look at them, and return the document."""
        runs = open_runs(options.given) if options.given else make_runs(options.size, report)
        size = options.size if options.trials and not options.given else None
        return cls(options, look(runs, size, report))

    @property
    def rows(self) -> pd.DataFrame:
        """Every pattern, as in ``validation.csv``."""
        return self.seen.rows

    def front(self) -> list[Block]:
        """Return what the document rests on."""
        lines = [
            "Modelled, not recorded: these are results of a model, not counts of real events.",
            "",
            f"{self._ensemble()} {self._runs()}",
        ]
        if self._draws() < FEWEST_DRAWS:
            lines += ["", f"**{plural(self._draws(), 'draw')}: the ranges do not cover what is not "
                      "known about the parameters.**"]  # fmt: skip
        elif self.seen.trials and self._trial_draws() < FEWEST_DRAWS:
            draws = plural(self._trial_draws(), "draw")
            lines += ["", f"Virtual trials and knock-outs have {draws}: their ranges do not cover "
                      "all that is not known about the parameters."]  # fmt: skip
        if not self.seen.trials:
            lines += ["", "The virtual trials and knock-outs were not carried out."]
        return [Prose("\n".join(lines))]

    def rule(self) -> list[Block]:
        """Return the rule by which every pattern is judged."""
        alone = "the Monte-Carlo error in the table is chance alone"
        if self.rows["monte_carlo_error"].isna().all():
            alone = ("with one random world a draw they hold some of its chance, and how much is "
                     "not told apart")
        more = (
            f"The ranges are over draws; {alone}. A wide range meets a figure easily, so read the "
            "width with the verdict. Where one world has too few "
            f"events (\"{TOGETHER}\") they are counted over all of them, and the range says how "
            "sure that figure is: a bootstrap of the draws. These share their random numbers, so "
            f"that it says too little of chance; with fewer than {FEWEST_EVENTS} events a world "
            "such a figure is shown and not judged."
        )
        return [Prose(f"{RULE} {more}")]

    def glance(self) -> list[Block]:
        """Return the verdicts counted, and drawn on one scale."""
        judged = self.rows[self.rows["use"].isin(list(_USES))]
        verdicts = (PASS, PARTIAL, FAIL, NOT_SHOWN)
        cells = [
            [_USES[use], *(str(int(((judged["use"] == use) & (judged["verdict"] == each)).sum()))
                           for each in verdicts)]
            for use in _USES
        ]  # fmt: skip
        blocks: list[Block] = [Prose(_table(["patterns", *verdicts], cells)), *_weak(judged)]
        for use, name in (("validation", "held_back"), ("calibration", "fitted")):
            some = judged[judged["use"] == use]
            passed = int((some["verdict"] == PASS).sum())
            decided = int(some["verdict"].isin([PASS, PARTIAL, FAIL]).sum())
            if decided:
                title = f"Of {plural(decided, 'pattern')} {_WORDS[use]}, {passed} pass"
                blocks.append(figures.all_verdicts(some, f"verdicts_{name}", title))
        return blocks

    def misses(self) -> list[Block]:
        """Return every pattern that fails or passes in part, with its likely cause."""
        some = self.rows[self.rows["verdict"].isin([FAIL, PARTIAL])]
        if some.empty:
            return [Prose("None fails, and none passes in part.")]
        causes = self.seen.book.cause_of
        cells = [
            [f"{each.pattern}: {each.group}", _USES.get(each.use, each.use), each.verdict,
             f"{_number(each.value)} against {_number(each.target)}", _said(causes.get(each.name))]
            for each in some.sort_values("verdict", kind="stable").itertuples()
        ]  # fmt: skip
        head = ["pattern", "use", "verdict", "model against published", "likely cause"]
        return [Prose(_table(head, cells))]

    def section(self, *starts: str) -> list[Block]:
        """Return the tables of the families whose titles begin so, each under its heading."""
        blocks: list[Block] = []
        for pattern in dict.fromkeys(self.rows["pattern"]):
            if pattern.startswith(starts):
                some = self.rows[self.rows["pattern"] == pattern]
                blocks.append(Prose(f"### {pattern}\n\n{_rows(some)}"))
        return blocks or [Prose("Not looked at: none of the runs answers it.")]

    def held_back(self) -> list[Block]:
        """Return the tables of everything that was counted and not fitted, with its figures."""
        others = ("Patterns that", "Loop knock", "Virtual", "The ", "What the model cannot")
        blocks: list[Block] = []
        drawn = {"Recorded violence with": figures.deciles, "Acting after": figures.after_exposure}
        for pattern in dict.fromkeys(self.rows["pattern"]):
            if pattern.startswith(others):
                continue
            blocks += self.section(pattern)
            for start, draw in drawn.items():
                chart = draw(self.rows) if pattern.startswith(start) else None
                blocks += [chart] if chart is not None else []
        return blocks

    def trials(self) -> list[Block]:
        """Return the virtual trials and the published results made again."""
        chart: Chart | None = figures.new_york(self.rows)
        found = self.section("Virtual", "The 2018", "The Cardiff", "The national")
        return [*found, *([chart] if chart is not None else [])]

    def not_shown(self) -> list[Block]:
        """Return what the model cannot show, with the reason."""
        some = self.rows[self.rows["verdict"] == NOT_SHOWN]
        cells = [[each.group, each.source] for each in some.itertuples()]
        return [Prose(_table(["pattern", "reason"], cells))]

    def sources(self) -> list[Block]:
        """Return where each published figure comes from."""
        some = self.rows[(self.rows["name"] != "") & (self.rows["verdict"] != NOT_SHOWN)]
        cells = [[f"`{each.name}`", each.status, each.source]
                 for each in some.drop_duplicates("name").itertuples()]  # fmt: skip
        return [Prose(_table(["target", "known", "source"], cells))]

    def looks(self) -> list[Block]:
        """Return every time that what was held back was looked at."""
        cells = [
            [each.day, str(each.passed), str(each.partly), str(each.failed), each.changed.strip()]
            for each in load_validation_book().looks
        ]
        return [Prose(_table(["day", PASS, PARTIAL, FAIL, "what had changed"], cells))]

    def table(self) -> list[Block]:
        """Return the whole table, which travels beside the document as CSV."""
        return [WholeTable(self.rows)]

    def _draws(self) -> int:
        return int(self.rows["draws"].max())

    def _trial_draws(self) -> int:
        kinds = ("Virtual", "The ")
        some = self.rows[self.rows["pattern"].str.startswith(kinds) & (self.rows["draws"] > 0)]
        return int(some["draws"].min())

    def _ensemble(self) -> str:
        """Return which parameters and code the numbers rest on."""
        identity = next(iter(self.seen.runs.values())).manifest["identity"]
        kinds = {
            "central": "the central values of the parameters",
            "sampled": "draws of the parameters",
        }
        values = kinds.get(identity["parameter_values"], str(identity["parameter_values"]))
        codes = sorted({run.manifest["identity"]["code"] for run in self.seen.runs.values()})
        return (f"It rests on {values}, version `{identity['parameters'][:12]}`, {_calibrated()}; "
                f"code version {in_words([f'`{code}`' for code in codes])}.")  # fmt: skip

    def _runs(self) -> str:
        parts = []
        for kind, run in self.seen.runs.items():
            identity = run.manifest["identity"]
            worlds = run.worlds()
            draws = len({key.draw for key in worlds})
            parts.append(
                f"`{run.run_id}` {_WHERE[kind]} ({plural(draws, 'draw')} by "
                f"{plural(len(worlds) // draws, 'replicate')}, {plural(run.years, 'year')}, scale "
                f"{identity['scale']:g})"
            )
        return f"Runs: {in_words(parts)}."


_WORDS = {"validation": "that were held back", "calibration": "that were fitted"}


def _weak(judged: pd.DataFrame) -> list[Block]:
    """Return a warning about passes that only a wide range makes."""
    apart = (judged["value"] - judged["target"]).abs() > 2.0 * judged["tolerance"]
    weak = judged[(judged["verdict"] == PASS) & (judged["tolerance"] > 0) & apart]
    if weak.empty:
        return []
    named = in_words([f"{each.group} ({each.pattern})" for each in weak.itertuples()])
    return [Prose(
        f"**{plural(len(weak), 'pass', 'passes')} mean little**: the mean lies more than two "
        f"standard deviations off, and only a wide range meets the figure. In larger runs chance "
        f"would decide less. They are: {named}."
    )]  # fmt: skip


def _calibrated() -> str:
    """Return whether the parameters come from calibrated sets, and from which."""
    from vru_model.parameters import load_model_parameters

    ensemble = getattr(load_model_parameters(), "ensemble", None)
    if ensemble is None:
        return "**not calibrated: the present parameters, to be looked at again when they are**"
    return f"calibrated ensemble `{ensemble.digest[:12]}` of {len(ensemble)} sets"


def _said(cause: Cause | None) -> str:
    if cause is None:
        return "Not known."
    return cause.likely if cause.tried is None else f"{cause.likely} Tried: {cause.tried}"


def _rows(some: pd.DataFrame) -> str:
    """Return one family as a Markdown table."""
    head = ["group", "model", "95% range", "published", "unit", "verdict", "use"]
    cells = [
        [each.group, _number(each.value), _range(each.low, each.high),
         _published(each.target, each.tolerance), each.unit, f"**{each.verdict}**", 
         _USES.get(each.use, each.use)]
        for each in some.itertuples()
    ]  # fmt: skip
    return _table(head, cells)


def _published(target: float, tolerance: float) -> str:
    if math.isnan(target):
        return ""
    return _number(target) if not tolerance > 0 else f"{_number(target)} ± {_number(tolerance)}"


def _range(low: float, high: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return "not known"
    return f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    """Return three significant figures, with a true minus sign."""
    if math.isnan(value):
        return "not known"
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace("-", MINUS)


def _table(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    lines = [list(head), ["---"] * len(head), *cells]
    return "\n".join(
        "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in line) + " |"
        for line in lines
    )
