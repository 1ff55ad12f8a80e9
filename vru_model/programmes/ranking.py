"""A ranking of residents, of which only the first are ever asked for."""

import numpy as np

_FIRST_SORTED = 1024
_EACH_TIME_MORE = 4


class Ranking:
    """Residents from the highest score down, sorted as far as they are asked for.

    A programme that may choose among hundreds of thousands offers places to few of them in a
    year. Those of equal score keep their order, as in a stable sort of all.

    Parameters
    ----------
    residents, scores
        Whom to rank, and by what.
    """

    def __init__(self, residents: np.ndarray, scores: np.ndarray) -> None:
        """Sort nobody yet."""
        self._sorted = residents[:0]
        self._rest, self._depths = residents, -scores
        self._chunk = _FIRST_SORTED

    def __len__(self) -> int:
        """Return how many are left."""
        return len(self._sorted) + len(self._rest)

    def first(self, number: int) -> np.ndarray:
        """Return the first of those left, at most so many."""
        while len(self._sorted) < number and len(self._rest):
            self._sort_more(number - len(self._sorted))
        return self._sorted[:number]

    def drop(self, number: int) -> None:
        """Leave out the first so many, who have been asked for."""
        self._sorted = self._sorted[number:]

    def _sort_more(self, wanted: int) -> None:
        number = max(wanted, self._chunk)
        self._chunk *= _EACH_TIME_MORE
        residents, depths = self._rest, self._depths
        if number < len(residents):
            near = depths <= np.partition(depths, number - 1)[number - 1]
            self._rest, self._depths = residents[~near], depths[~near]
            residents, depths = residents[near], depths[near]
        else:
            self._rest, self._depths = residents[:0], depths[:0]
        order = np.argsort(depths, kind="stable")
        self._sorted = np.concatenate([self._sorted, residents[order]])
