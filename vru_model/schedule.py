"""The order of a step: documented once, by the phases themselves, and timed as they run."""

import functools
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple


class Phase(NamedTuple):
    """One phase of a step."""

    number: int
    title: str
    method: str
    meaning: str


def phase(number: int, title: str) -> Callable:
    """Mark a method of the model as a phase of its step, and time it."""

    def mark(method: Callable) -> Callable:
        @functools.wraps(method)
        def timed(self, *arguments, **named):
            begun = time.perf_counter()
            try:
                return method(self, *arguments, **named)
            finally:
                self.schedule.took(method.__name__, time.perf_counter() - begun)

        marked: Any = timed
        marked.phase = Phase(number, title, method.__name__, (method.__doc__ or "").strip())
        return marked

    return mark


class Schedule:
    """The phases of a step in their order; printing it says what happens in a step.

    Parameters
    ----------
    model_type
        The class whose methods are marked as phases.
    """

    def __init__(self, model_type: type) -> None:
        marked = (getattr(method, "phase", None) for method in vars(model_type).values())
        self.phases = sorted(entry for entry in marked if entry is not None)
        self.seconds: dict[str, float] = {}
        self.calls: list[str] = []  # methods in the order in which they first ran

    def __iter__(self) -> Iterator[Phase]:
        """Iterate over the phases in order."""
        return iter(self.phases)

    def __len__(self) -> int:
        """Return how many phases a step has."""
        return len({entry.number for entry in self.phases})

    def __str__(self) -> str:
        """Return the phases, one a line."""
        return "\n".join(f"{entry.number:>2}  {entry.title}" for entry in self.phases)

    __repr__ = __str__

    def took(self, method: str, seconds: float) -> None:
        """Add to the time of a phase."""
        if method not in self.seconds:
            self.calls.append(method)
        self.seconds[method] = self.seconds.get(method, 0.0) + seconds

    def timings(self) -> dict[str, float]:
        """Return seconds by phase so far, in order."""
        return {
            entry.title: self.seconds[entry.method]
            for entry in self.phases
            if entry.method in self.seconds
        }
