"""Phase 2: where people go to who move."""

from typing import NamedTuple

import numpy as np

from vru_model import randomness
from vru_model.compiling import inlined, part
from vru_model.prefetching import prefetch_line

_STEPS = 64


class Destinations(NamedTuple):
    """Where those of each neighbourhood may go, likelier places mostly first."""

    nearest: np.ndarray  # uint16, the places, shape (neighbourhoods, places)
    cumulative: np.ndarray  # float32, the running chances, ending at 1
    guide: np.ndarray  # uint16, the first place beyond each 64th, shape (neighbourhoods, 65)

    @classmethod
    def of(cls, nearest: np.ndarray, cumulative: np.ndarray) -> "Destinations":
        """Return destinations with the guide that spares most of the search."""
        steps = np.arange(_STEPS + 1) / _STEPS
        guide = np.empty((len(cumulative), len(steps)), np.uint16)
        for home, chances in enumerate(cumulative):
            guide[home] = np.searchsorted(chances, steps, side="right")
        return cls(nearest, cumulative, np.minimum(guide, cumulative.shape[1] - 1, dtype=np.uint16))


@part
def destination(home, word, destinations):
    """Return where somebody goes to: the first place whose running chance exceeds the draw."""
    cumulative, guide = destinations.cumulative, destinations.guide
    drawn = randomness.uniform(word)
    step = np.int64(drawn * _STEPS)
    low, high = np.int64(guide[home, step]), np.int64(guide[home, step + 1])
    while low < high:
        middle = (low + high) // 2
        if cumulative[home, middle] <= drawn:
            low = middle + 1
        else:
            high = middle
    return destinations.nearest[home, low]


@inlined
def ask_for_guide(home, word, destinations):
    """Ask for the memory of what says where to begin the search for a destination."""
    prefetch_line(destinations.guide[home], np.int64(randomness.uniform(word) * _STEPS))


@inlined
def ask_for_destination(home, word, destinations):
    """Ask for the memory in which the search for a destination begins."""
    step = np.int64(randomness.uniform(word) * _STEPS)
    low = np.int64(destinations.guide[home, step])
    middle = (low + destinations.guide[home, step + 1]) // 2
    prefetch_line(destinations.cumulative[home], middle)
    prefetch_line(destinations.nearest[home], low)
