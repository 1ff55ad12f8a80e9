"""The command `vru papers`, apart from the others so that it can be read beside its work."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

_Words = str | None
_Strategy = Annotated[
    _Words, typer.Option("--strategy", help="The strategy put to the boards: a name or a file.")
]
_Only = Annotated[
    list[str] | None, typer.Option("--only", help="The name of a paper; may be repeated.")
]
_Minimum = Annotated[_Words, typer.Option("--minimum", help="The least that could be done.")]
_Maximum = Annotated[_Words, typer.Option("--maximum", help="The most that could be done.")]
_Ending = Annotated[_Words, typer.Option("--ending", help="How the money may end: a scenario.")]
_Contrast = Annotated[
    list[str] | None,
    typer.Option("--contrast", help="A strategy of two that cost the same, the quicker first: "
                 "give it twice."),
]  # fmt: skip
_Baseline = Annotated[_Words, typer.Option("--baseline", help="What all are compared with.")]
_Place = Annotated[_Words, typer.Option("--place", help="A name or a pack's folder.")]
_Payer = Annotated[_Words, typer.Option("--payer", help="Who pays, in a few words.")]
_Recommendation = Annotated[
    _Words, typer.Option("--recommendation", help="The director's: approve, note or defer.")
]
_Observed = Annotated[
    _Words,
    typer.Option("--observed", help="A CSV file of recorded counts, laid beside the model in "
                 "impact_and_evaluation: measure, area, period, age_band, count."),
]  # fmt: skip
_ComparedWith = Annotated[
    list[str] | None,
    typer.Option("--compared-with", metavar="MEASURE=NAME",
                 help="A measure of that file and its name in parameters/measures.yaml, where "
                 "the two are called differently; may be repeated."),
]  # fmt: skip
_Effort = Annotated[
    float | None,
    typer.Option("--effort", help="Worlds of the search for the assumption that matters most."),
]
_Scale = Annotated[float | None, typer.Option("--scale", help="Default: 0.04.")]
_Years = Annotated[int | None, typer.Option("--years", help="The horizon, 1 to 25.")]
_Draws = Annotated[int | None, typer.Option("--draws", help="20 or more for papers.")]
_Replicates = Annotated[int | None, typer.Option("--replicates", help="For each draw.")]
_Seed = Annotated[int | None, typer.Option("--seed", help="Of the random worlds.")]
_Workers = Annotated[int | None, typer.Option("--workers", help="Processes; default: all cores.")]
_Date = Annotated[_Words, typer.Option("--date", help="On the papers, such as 2026-11-22.")]
_Out = Annotated[
    Path | None,
    typer.Option("--out", help="Default: outputs/papers. Earlier papers are looked for there too."),
]


def add_papers(app: typer.Typer, terminal: ModuleType) -> None:
    """Add `papers` to the command line; `terminal` is what its commands share."""

    @app.command()
    def papers(
        strategy: _Strategy = None, only: _Only = None, minimum: _Minimum = None,
        maximum: _Maximum = None, ending: _Ending = None, contrast: _Contrast = None,
        baseline: _Baseline = None, place: _Place = None, payer: _Payer = None,
        recommendation: _Recommendation = None, observed: _Observed = None,
        compared_with: _ComparedWith = None, effort: _Effort = None, scale: _Scale = None,
        years: _Years = None, draws: _Draws = None, replicates: _Replicates = None,
        seed: _Seed = None, workers: _Workers = None, date: _Date = None, out: _Out = None,
    ) -> None:  # fmt: skip
        """Write the board papers of a strategy: a web page, a Word document and a PDF each.

        Parameters are checked before anything runs; what was run before is used again. What the
        public may not see is only in the folder `exempt` beside each paper.
        """
        given: dict[str, Any] = {
            "strategy": strategy, "minimum": minimum, "maximum": maximum, "ending": ending,
            "contrast": contrast or None, "baseline": baseline, "place": place, "payer": payer,
            "recommendation": recommendation, "effort": effort, "scale": scale, "years": years,
            "draws": draws, "replicates": replicates, "seed": seed, "workers": workers,
            "date": date, "observed": observed, "compared_with": _pairs(compared_with),
        }  # fmt: skip
        with terminal.answering():
            from vru_model.reporting.papers import build, timings

            with terminal.bar() as bar:
                pages = build(only=only or None, out=out, report=terminal.reporters(bar), **given)
            for page in pages:
                print(page)
                terminal.say(timings(page))


def _pairs(given: list[str] | None) -> Any:
    """Return measure → name of "MEASURE=NAME", as they were given where one is no such pair.

    What is no pair is refused with everything else that is wrong.
    """
    if not given:
        return None
    pairs = [each.rpartition("=") for each in given]
    if any(not measure.strip() or not name.strip() for measure, _, name in pairs):
        return given
    return {measure.strip(): name.strip() for measure, _, name in pairs}
