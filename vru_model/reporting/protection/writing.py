"""`vru protect`: from a file of observed counts to one that may be released."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vru_model.analysis.observed import read_observed
from vru_model.analysis.protection import Protected, protect_observed
from vru_model.errors import InputError, Problem
from vru_model.experiments.request import check_out, gather
from vru_model.experiments.store import write_text


def protect_file(
    file: str | Path, earlier: Sequence[str | Path] = (), out: str | Path | None = None
) -> tuple[Path, Protected]:
    """Protect a file of observed counts, write what may be released, and return both.

    Parameters
    ----------
    file
        CSV with the columns measure, area, period, age_band, count; see
        :func:`vru_model.analysis.observed.read_observed`.
    earlier
        Files of the same form: the unprotected counts of earlier releases, oldest first.
    out
        The CSV file to write; beside the first one, with `_protected` added to its name, unless
        given. Every row says how it was protected. Never a file that was read.

    Raises
    ------
    InputError
        Listing everything that is wrong with any of the files; nothing is written then.
    """
    source = Path(file)
    target = Path(out) if out is not None else source.with_name(f"{source.stem}_protected.csv")
    read = [source, *(Path(each) for each in earlier)]
    found, problems = gather(
        *(lambda path=path: read_observed(path) for path in read),
        lambda: _refuse_target(target, read),
    )
    if problems:
        raise InputError(problems)
    protected = protect_observed(found[0], found[1:-1])
    table = protected.frame.assign(protection=protected.note)
    write_text(target, table.to_csv(index=False, lineterminator="\n"))
    return target, protected


def _refuse_target(target: Path, read: Sequence[Path]) -> None:
    problems = check_out(target.parent)
    if target.resolve() in [path.resolve() for path in read]:
        problems.append(Problem(None, None, "out", str(target), "a file that is not read"))
    if target.is_dir():
        problems.append(Problem(None, None, "out", str(target), "the name of a file, not a folder"))
    if problems:
        raise InputError(problems)
