"""A stored run, read: slices by pandas, sums by DuckDB without loading the cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments.store import TABLES, RunFolder
from vru_model.experiments.world import WorldKey

if TYPE_CHECKING:
    import pandas as pd

CELL_COLUMNS = (
    "year", "measure", "role", "local_authority", "deprivation_decile", "age_band", "sex",
)  # fmt: skip
"""The columns by which the cells of the measures are told apart within one world."""


@dataclass(frozen=True)
class Run:
    """A run on disk. Reads only finished worlds; a run that is still growing can be read.

    Every count is at the full size of the place, whatever the scale. A cell that is absent
    means zero.
    """

    folder: Path

    @classmethod
    def open(cls, source: str | Path) -> Run:
        """Open a run by its folder, or by its run id under the usual outputs folder.

        Raises
        ------
        InputError
            Where there is no such run.
        """
        folder = Path(source).expanduser()
        if not folder.exists() and len(folder.parts) == 1:
            from vru_model.paths import OUTPUTS

            folder = OUTPUTS / "runs" / folder
        run = cls(folder)
        try:
            found = bool(run.manifest.get("run_id"))
        except (OSError, ValueError):
            found = False
        if not found:
            raise InputError([_no_run(folder)])
        return run

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Return what was asked and what determined the numbers (manifest.json)."""
        return RunFolder(self.folder).read_json("manifest.json")

    @property
    def run_id(self) -> str:
        """Return the name of the run: its scenario's, then the hash of its setting."""
        return self.manifest["run_id"]

    @property
    def years(self) -> int:
        """Return the horizon in years."""
        return self.manifest["identity"]["years"]

    @cached_property
    def counters(self) -> frozenset[str]:
        """Return what its worlds counted, as "role:measure": what is not here is no nought.

        Runs that do not say it are taken to have counted what they hold.
        """
        said = self.manifest.get("counters")
        if said is not None:
            return frozenset(said)
        held = self.query("select distinct role || ':' || measure as counter from measures")
        return frozenset(held["counter"])

    @property
    def attribution(self) -> list[str]:
        """Return the lines that every output from this run has to carry."""
        return self.manifest["attribution"]

    def worlds(self, table: str = "measures") -> list[WorldKey]:
        """Return the finished worlds that hold the table, by draw and replicate."""
        return RunFolder(self.folder).finished(dict.fromkeys((*TABLES[:2], table)))

    def parts(self, table: str, worlds: Iterable[WorldKey] | None = None) -> list[Path]:
        """Return the files that hold the table, of some worlds or of all."""
        keys = self.worlds(table) if worlds is None else worlds
        return [RunFolder(self.folder).part(table, key) for key in keys]

    def query(
        self, sql: str, values: Sequence[Any] = (), worlds: Iterable[WorldKey] | None = None
    ) -> pd.DataFrame:
        """Return the answer of DuckDB to a question about the run's tables.

        The tables `measures`, `neighbourhoods`, `incidents` and `people` stand for the parts of
        the finished worlds (or of `worlds`); a question mark in the query takes the next of
        `values`.
        """
        import duckdb

        chosen = None if worlds is None else set(worlds)
        read: list[Path] = []
        # One thread: with more, sums are added in whatever order the threads come by, and the
        # same question would be answered with other last digits.
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute("set enable_progress_bar = false")  # it would draw over our own
            try:
                for table in TABLES:
                    keys = self.worlds(table)
                    parts = self.parts(
                        table, [key for key in keys if chosen is None or key in chosen]
                    )
                    read += parts
                    if parts:
                        connection.read_parquet([str(part) for part in parts]).create_view(table)
                return connection.execute(sql, list(values)).df()
            except duckdb.Error as error:
                damaged = [path for path in read if not _readable(path)]
                if not damaged:
                    raise
                raise InputError(_unreadable(path) for path in damaged) from error

    def totals(
        self,
        by: Sequence[str] = ("year", "measure"),
        *,
        measures: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
        worlds: Iterable[WorldKey] | None = None,
    ) -> pd.DataFrame:
        """Return the measures of each world summed over all columns but `by`.

        Columns: draw, replicate, those of `by`, value. A sum that no cell feeds is absent.
        """
        unknown = [name for name in by if name not in CELL_COLUMNS]
        if unknown:
            raise InputError(_unknown_column(name) for name in unknown)
        keys = ", ".join(["draw", "replicate", *by])
        where, values = _condition(measure=measures, role=roles)
        sql = (
            f"select {keys}, sum(value) as value from measures {where} "
            f"group by {keys} order by {keys}"
        )
        return self.query(sql, values, worlds)

    def measures(
        self,
        *,
        years: Iterable[int] | None = None,
        measures: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """Return the cells of the measures, of some years, measures or roles, or all of them."""
        where, values = _condition(year=years, measure=measures, role=roles)
        keys = ", ".join(["draw", "replicate", *CELL_COLUMNS])
        return self.query(f"select * from measures {where} order by {keys}", values)

    def neighbourhoods(self, *, measures: Iterable[str] | None = None) -> pd.DataFrame:
        """Return the neighbourhoods' cells: year, neighbourhood, measure and value by world."""
        where, values = _condition(measure=measures)
        return self.query(
            f"select * from neighbourhoods {where} "
            "order by draw, replicate, year, neighbourhood, measure",
            values,
        )

    def incidents(self) -> pd.DataFrame:
        """Return every incident of the worlds that kept them."""
        return self._whole("incidents")

    def people(self) -> pd.DataFrame:
        """Return every resident at start and end of the worlds that kept them."""
        return self._whole("people")

    def _whole(self, table: str) -> pd.DataFrame:
        if not self.worlds(table):
            raise InputError([_no_table(self.folder, table)])
        return self.query(f"select * from {table} order by draw, replicate")


def _condition(**allowed: Iterable[Any] | None) -> tuple[str, list[list[Any]]]:
    """Return the SQL condition that keeps the allowed values of each column, and its values."""
    kept = {name: list(values) for name, values in allowed.items() if values is not None}
    terms = [f"{name} in (select unnest(?))" for name in kept]
    return (f"where {' and '.join(terms)}" if terms else "", list(kept.values()))


def _no_run(folder: Path) -> Problem:
    allowed = "the folder that `vru run` printed, or its name under outputs/runs"
    if folder.is_dir():
        held = "unreadable" if (folder / "manifest.json").exists() else "no"
        return Problem(None, None, "run", f"{folder}, a folder with {held} manifest.json", allowed)
    folders = sorted(path.name for path in folder.parent.glob("*") if path.is_dir())
    return Problem(None, None, "run", str(folder), allowed, nearest(folder.name, folders))


def _readable(part: Path) -> bool:
    import pyarrow
    from pyarrow import parquet

    try:
        parquet.read_table(part)
    except (OSError, pyarrow.ArrowException):
        return False
    return True


def _unreadable(part: Path) -> Problem:
    return Problem(part, None, "", "a part that cannot be read", "a finished part",
                   "delete this file and run the scenario again: only it is computed")  # fmt: skip


def _no_table(folder: Path, table: str) -> Problem:
    option = f" (run it again with --{table})" if table in TABLES[2:] else ""
    allowed = f"a run with finished worlds that hold {table}{option}"
    return Problem(folder, None, table, "none on disk", allowed)


def _unknown_column(name: str) -> Problem:
    return Problem(
        None, None, "by", repr(name), ", ".join(CELL_COLUMNS), nearest(name, CELL_COLUMNS)
    )
