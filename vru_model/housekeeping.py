"""What the command line prints of a run's time and of the disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from vru_model.experiments.disk import Freed, Item
    from vru_model.experiments.timing import Profile

_NEVER_TIMED = (
    "{0}: its worlds were on disk already, from before times were kept by phase: nothing to show."
)


def render_profile(name: str, profile: Profile | None) -> Iterator[Any]:
    """Yield where the time of a run's worlds went, and how fast that is."""
    if profile is None:
        yield _NEVER_TIMED.format(name)
        return
    of = "one world" if profile.worlds == 1 else f"a world (median of {profile.worlds:,})"
    table = _table(f"{name}: where the time of {of} went", "phase")
    for heading in ("seconds", "share", "ns a resident-month"):
        table.add_column(heading, justify="right")
    for phase, seconds, share, nanoseconds in profile.table:
        table.add_row(phase, f"{seconds:.2f}", f"{share:.0%}", f"{nanoseconds:.2f}")
    yield table
    yield (
        f"{_large(profile.rate)} resident-months a second in each process: "
        f"{_large(profile.resident_months)} in {profile.simulating:.1f} s. Beside that, "
        f"{profile.setting_up:.1f} s to read or build residents and to warm up, and "
        f"{profile.other:.1f} s to make and store tables."
    )


def render_survey(items: Sequence[Item], chosen: Sequence[Item]) -> Iterator[Any]:
    """Yield a table of what is on disk, a row a kind."""
    table = _table("On disk", "what")
    for heading in ("entries", "size", "in use", "chosen", "size chosen"):
        table.add_column(heading, justify="right")
    for kind in dict.fromkeys(item.kind for item in items):
        of_kind = [item for item in items if item.kind == kind]
        to_go = [item for item in chosen if item.kind == kind]
        table.add_row(
            kind, f"{len(of_kind):,}", _size(of_kind), f"{sum(i.in_use for i in of_kind):,}",
            f"{len(to_go):,}", _size(to_go),
        )  # fmt: skip
    table.add_section()
    in_use = sum(item.in_use for item in items)
    table.add_row(
        "together", f"{len(items):,}", _size(items), f"{in_use:,}", f"{len(chosen):,}",
        _size(chosen),
    )  # fmt: skip
    yield table


def render_freed(chosen: Sequence[Item], freed: Freed | None, *, asked: bool) -> Iterator[str]:
    """Yield what was freed, or what would be."""
    if not asked:
        yield "Nothing was asked to be freed: choose with --runs, --cache or --all."
    elif freed is None and chosen:
        yield f"With --yes {_size(chosen)} would be freed:"
        yield from (f"  {item.path}" for item in chosen)
    elif freed is None or not chosen:
        yield "There is nothing to free."
    else:
        yield f"Freed {_size(freed.items)}: {_count(len(freed.items), 'folder')}."
        yield from (f"Kept {item.path}: {why}." for item, why in freed.kept)


def _table(title: str, first: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column(first, no_wrap=True)
    return table


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _size(items: Sequence[Item]) -> str:
    number = float(sum(item.bytes for item in items))
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def _large(number: float) -> str:
    return f"{number / 1e6:,.1f} million" if number >= 1e6 else f"{number:,.0f}"
