"""What a user is told when an input is wrong: everything, at once, in the user's own words."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Parameters
    ----------
    file
        The file that holds it, or a short name for an input that is no file ("command line").
    line
        The line in that file, counted from 1; None where a line has no meaning.
    name
        The dotted name of the field ("acting.beta_0.value").
    given
        What was found, in a few words.
    allowed
        What would have been accepted.
    hint
        Anything that helps to put it right, such as the nearest right spelling.
    """

    file: str | Path | None
    line: int | None
    name: str
    given: str
    allowed: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the problem as one line: where, what, what was given, what is allowed."""
        where = "" if self.file is None else f"{self.file}"
        if self.line is not None:
            where += f":{self.line}"
        parts = [part for part in (where, self.name) if part]
        text = f"{': '.join(parts)}: given {self.given}; allowed: {self.allowed}"
        return f"{text} ({self.hint})" if self.hint else text


class InputError(ValueError):
    """The user's input is wrong. Holds every problem found, not only the first.

    The command line prints the message and ends with exit code 2, having written nothing.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; the message lists them one a line."""
        self.problems: list[Problem] = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Problem]]]:
        """Rebuild from the problems, so that the error survives the trip between processes."""
        return (InputError, (self.problems,))


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return "did you mean ...?" for the allowed name nearest in spelling, or "" if none is."""
    candidates: Sequence[str] = list(allowed)
    found = difflib.get_close_matches(str(name), candidates, n=1, cutoff=0.6)
    return f"did you mean {found[0]!r}?" if found else ""


def write_as_command(write: Callable[[], Iterable[Path]]) -> None:
    """Write files and say which, or say what is wrong with the input and exit with 2.

    For modules that are run by themselves to write a page; the commands of `vru` answer for theirs.
    """
    try:
        written = list(write())
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print(f"wrote {', '.join(str(path) for path in written)}")
