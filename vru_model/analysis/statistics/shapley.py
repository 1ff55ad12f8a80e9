"""Shapley's value: each player's fair part of what all achieve together.

Source: Shapley LS (1953), A value for n-person games, Contributions to the Theory of Games II,
pages 307-317. Sampled by permutations: Castro J, Gómez D, Tejada J (2009), Computers & Operations
Research 36:1726-1730.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np

Coalition = frozenset[str]
MOST_EXACT = 6
"""Up to so many players every coalition is worked out: 64 of them."""


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """Return every coalition, the empty one first, by size and then in the players' order."""
    return [
        frozenset(each) for size in range(len(players) + 1) for each in combinations(players, size)
    ]


def exact_shapley(
    players: Sequence[str], worth: Callable[[Coalition], np.ndarray]
) -> dict[str, np.ndarray]:
    """Return each player's Shapley value; arrays of worth (one entry a world) are kept apart.

    A player's value is the mean of what it adds to the coalition before it, over all orders in
    which the players could come. The values add up to the worth of all less that of none.
    """
    number = len(players)
    found = {}
    for player in players:
        others = [each for each in players if each != player]
        found[player] = sum(
            factorial(len(some)) * factorial(number - len(some) - 1) / factorial(number)
            * (worth(some | {player}) - worth(some))
            for some in coalitions(others)
        )  # fmt: skip
    return found  # type: ignore[return-value]


def sampled_shapley(
    players: Sequence[str],
    worth: Callable[[Coalition], np.ndarray],
    orders: int,
    seed: int,
) -> dict[str, np.ndarray]:
    """Return Shapley values from random orders, each used forwards and backwards.

    The values still add up exactly; a pair of opposite orders costs no more than two, and the
    noise is less.
    """
    chance = np.random.default_rng(seed)
    totals: dict[str, list[np.ndarray]] = {player: [] for player in players}
    for _ in range(orders):
        order = [players[n] for n in chance.permutation(len(players))]
        for way in (order, order[::-1]):
            some: Coalition = frozenset()
            for player in way:
                totals[player].append(worth(some | {player}) - worth(some))
                some = some | {player}
    return {player: np.mean(added, axis=0) for player, added in totals.items()}
