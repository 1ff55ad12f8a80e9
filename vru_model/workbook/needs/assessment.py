"""The needs assessment as a whole: runs where they are missing, then every section's blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vru_model.experiments import Progress, Run, run
from vru_model.parameters.accounts.needs import NeedsAssessment, load_needs
from vru_model.reporting.beside import beside_blocks, read_mine, suggested
from vru_model.reporting.blocks import Block, Prose
from vru_model.scenario import Scenario
from vru_model.workbook.needs.burden import burden_blocks, population_blocks, recorded_blocks
from vru_model.workbook.needs.issues import issue_blocks
from vru_model.workbook.needs.options import NeedsOptions


@dataclass(frozen=True)
class Assessment:
    """The runs on which an assessment rests.

    Attributes
    ----------
    base
        Things as they are.
    other, scenario
        The strategy's run and the strategy; None and things as they are where there is none.
    needs
        The issues.
    """

    base: Run
    other: Run | None
    scenario: Scenario
    needs: NeedsAssessment


def assess(
    options: NeedsOptions, progress: Callable[[str, Progress], None] | None = None
) -> Assessment:
    """Run what is not on disk yet, and return what an assessment rests on.

    Raises
    ------
    InputError
        Listing everything that is wrong with scenario, place or issues.
    """
    scenario = Scenario.load(options.strategy) if options.strategy else Scenario.baseline()
    needs = load_needs(options.issues or None)
    size: dict[str, Any] = {
        "place": options.place, "scale": options.scale, "years": options.years,
        "draws": options.draws, "replicates": options.replicates, "seed": options.seed,
        "out": options.store, "workers": options.workers or None,
    }  # fmt: skip

    def told(name: str) -> Callable[[Progress], None] | None:
        return None if progress is None else lambda made: progress(name, made)

    base = run("baseline", **size, progress=told("baseline"))
    other = (None if scenario.changes_nothing
             else run(scenario, **size, progress=told(scenario.title)))  # fmt: skip
    return Assessment(base, other, scenario, needs)


def sections(options: NeedsOptions, found: Assessment) -> Mapping[str, list[Block]]:
    """Return heading → blocks of the whole assessment, as a batch shows it."""
    whole = {
        "The defined population": population_blocks(options.place, options.scale),
        "Burden and inequalities": burden_blocks(found.base, options.measure),
        "What is recorded": recorded_blocks(found.base),
    }
    if options.observed:
        mine = read_mine(Path(options.observed).expanduser())
        pairs = {**suggested(mine.measures), **options.compared_with}
        whole["Your own data"] = beside_blocks(found.base, mine, pairs)
    whole["Issues, programmes and gaps"] = issue_blocks(
        found.base, found.other, found.scenario, found.needs)
    return whole


def blocks(options: NeedsOptions) -> list[Block]:
    """Return the whole assessment in reading order, headings included."""
    found = sections(options, assess(options))
    return [block for heading, part in found.items()
            for block in (Prose(f"## {heading}"), *part)]
