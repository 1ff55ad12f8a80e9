"""The runs that only this paper needs: a strategy less one programme, scaled, and displaced.

All are run in the worlds of the case, so that every difference is paired draw by draw. A line of
funding that is left out frees its money, which nothing else takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vru_model.errors import InputError
from vru_model.experiments import Run
from vru_model.parameters.funding import Funding
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.findings import Report, run_together
from vru_model.scenario import Scenario

DISPLACEMENT = "displacement"
"""The scenario, put together with the strategy, in which part of the violence moves next door."""

FACTORS = (0.5, 2.0)
"""How many times the strategy's money the scaling runs spend; once is the strategy itself."""

_HORIZON = 25


@dataclass(frozen=True)
class ImpactRuns:
    """The extra runs of the paper.

    Parameters
    ----------
    dropped
        Programme → run of the strategy without it.
    scaled
        Factor on the money → run; 1 is the strategy itself and 0 the baseline.
    scenarios
        Factor on the money → scenario, of those that fund something.
    displaced
        The run of the strategy under displacement; None where the strategy contradicts it.
    """

    dropped: Mapping[str, Run]
    scaled: Mapping[float, Run]
    scenarios: Mapping[float, Scenario]
    displaced: Run | None

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The names of all of them, each once."""
        runs = [*self.dropped.values(), *self.scaled.values()]
        runs += [] if self.displaced is None else [self.displaced]
        return tuple(dict.fromkeys(run.run_id for run in runs))


def impact_runs(
    strategy: Scenario,
    baseline_run: Run,
    strategy_run: Run,
    options: BoardOptions,
    report: Report | None = None,
) -> ImpactRuns:
    """Run what has not been run yet: one run a programme, two of scaling, one of displacement."""
    names = sorted({line.programme for line in strategy.funding})
    lacking = {name: without(strategy, name) for name in names}
    resized = {factor: scaled(strategy, factor) for factor in FACTORS}
    moved = displaced(strategy)
    asked = [*lacking.values(), *resized.values(), *([] if moved is None else [moved])]
    found = run_together(asked, options, report)
    runs = {0.0: baseline_run, 1.0: strategy_run} | {
        factor: found[scenario.name] for factor, scenario in resized.items()
    }
    return ImpactRuns(
        {name: found[scenario.name] for name, scenario in lacking.items()},
        dict(sorted(runs.items())),
        dict(sorted(({1.0: strategy} | resized).items())),
        None if moved is None else found[moved.name],
    )


def without(scenario: Scenario, programme: str) -> Scenario:
    """Return a strategy without the money of one programme, all else as it was."""
    lines = [line for line in scenario.funding if line.programme != programme]
    name = programme.replace("_", " ")
    return refunded(
        scenario, lines, f"{scenario.name}_without_{programme}",
        f"{scenario.title}, without {name}", f"What would be lost if {name} alone were stopped?",
    )  # fmt: skip


def scaled(scenario: Scenario, factor: float) -> Scenario:
    """Return a strategy with `factor` times the money on every programme, to the pound."""
    lines = [
        line.model_copy(update={"money_per_year": round(line.money_per_year * factor)})
        for line in scenario.funding
    ]
    return refunded(
        scenario, lines, f"{scenario.name}_times_{f'{factor:g}'.replace('.', '_')}",
        f"{scenario.title}, {factor:g} times the money",
        f"What would {factor:g} times the money for programmes do?",
    )  # fmt: skip


def displaced(scenario: Scenario) -> Scenario | None:
    """Return the strategy with displacement; None where it already says otherwise of it."""
    try:
        return scenario + Scenario.load(DISPLACEMENT)
    except InputError:
        return None


def refunded(
    scenario: Scenario, lines: Iterable[Funding], name: str, title: str, question: str
) -> Scenario:
    """Return a scenario with other money on its programmes, and a budget that adds up to it.

    The team and evaluation stay as they are. What is not funded any more is left out.
    """
    kept = tuple(line for line in lines if line.money_per_year > 0)
    other = scenario.team_per_year + scenario.evaluation_per_year
    funded = {line.programme for line in kept}
    yearly = []
    for year in range(1, _HORIZON + 1):
        spent = sum(line.money_per_year for line in kept if line.covers(year))
        yearly.append(spent + other if spent else 0)
    same = len(set(yearly) - {0}) == 1
    return replace(
        scenario,
        name=name,
        title=title,
        question=question,
        funding=kept,
        programmes_funded=tuple(
            each for each in scenario.programmes_funded if each.name in funded
        ),
        budget_per_year=max(yearly) if same else 0,
        budget_by_year=() if same or not kept else tuple(_trimmed(yearly)),
        grant_per_year=None,
    )


def _trimmed(yearly: list[int]) -> list[int]:
    """Return the years up to the last with money."""
    last = max(year for year, pounds in enumerate(yearly) if pounds)
    return yearly[: last + 1]
