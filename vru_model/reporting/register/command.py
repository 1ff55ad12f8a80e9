"""The commands `vru programmes`, `vru strategy` and `vru trial`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

Names = Annotated[list[str] | None, typer.Argument(help="Programmes by name; default: all.")]


def add_register(app: typer.Typer, terminal: ModuleType) -> None:
    """Add the commands; ``terminal`` is what all commands share: exit codes, progress, tables."""
    for add in (_add_programmes, _add_strategy, _add_trial):
        add(app, terminal)


def _add_programmes(app: typer.Typer, terminal: ModuleType) -> None:
    @app.command()
    def programmes(names: Names = None) -> None:
        """List the register of programmes, or print the cards of some with their sources."""
        with terminal.answering():
            from vru_model.analysis.trials import chosen
            from vru_model.reporting.register.cards import card, listed

            found = chosen(names)
            for blocks in [card(each) for each in found] if names else [listed(found)]:
                terminal.show(blocks)


def _add_strategy(app: typer.Typer, terminal: ModuleType) -> None:
    @app.command()
    def strategy(
        scenario: Annotated[str, typer.Argument(help="A file, or names joined by +.")],
        out: Annotated[
            Path | None, typer.Option("--out", help="Also write its map and tables here.")
        ] = None,
    ) -> None:
        """Say what a strategy is before it is run: money, grant rules, how it is meant to work."""
        with terminal.answering():
            from vru_model.experiments.request import check_out
            from vru_model.reporting.register.strategy_view import described, write_strategy
            from vru_model.scenario import Scenario

            terminal.refuse([] if out is None else check_out(out))
            found = Scenario.load(scenario)
            terminal.show(described(found))
            for path in write_strategy(found, out) if out else ():
                print(path)


def _add_trial(app: typer.Typer, terminal: ModuleType) -> None:
    @app.command()
    def trial(
        names: Names = None,
        fit: Annotated[
            bool, typer.Option("--fit", help="Find the size at which each shows what is believed.")
        ] = False,
        write: Annotated[
            bool, typer.Option("--write", help="Write sizes into the register, or, shown all, "
                               "docs/programmes.md.")
        ] = False,
        draws: Annotated[int, typer.Option("--draws", help="Of effects and parameters.")] = 20,
        replicates: Annotated[int, typer.Option("--replicates", help="At central values.")] = 8,
        scale: Annotated[
            float, typer.Option("--scale", help="Simulated residents for each real one.")
        ] = 0.1,
        seed: Annotated[int, typer.Option("--seed", help="Of the random worlds.")] = 1,
        workers: Annotated[int | None, typer.Option("--workers", help="Processes.")] = None,
    ) -> None:  # fmt: skip
        """Try programmes in the model as a study would, and lay that beside what was published.

        What was tried before is not tried again.
        """
        with terminal.answering():
            from vru_model.analysis.trials import chosen
            from vru_model.reporting.register.trial_view import fit_all, show_all

            options: dict[str, Any] = {
                "replicates": replicates, "scale": scale, "seed": seed, "workers": workers,
            }  # fmt: skip
            found = chosen(names)
            with terminal.bar() as shown:
                told = terminal.reporters(shown)
                if fit:
                    blocks = fit_all(found, write=write, report=told, **options)
                else:
                    blocks = show_all(found, write=write and not names, draws=draws, report=told,
                                      **options)  # fmt: skip
            terminal.show(blocks)
