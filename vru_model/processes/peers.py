"""Phase 5: norms that pass along the ties of the young.

A norm moves towards the share of peers who were lately violent. That share changes only when a
peer acts or has been calm for long enough, so only then are the norms about them written down.
"""

import math

import numpy as np

from vru_model import sweeps
from vru_model.compiling import inlined, kernel
from vru_model.people import NOBODY
from vru_model.prefetching import AHEAD, prefetch_line
from vru_model.processes.act_bounds import lift
from vru_model.traces import history_of, norm_of

_LEAST = 1e-5  # history: below this it has vanished
_FAR = 20_000  # steps


def look_round(people, ties, new: np.ndarray, months: float, values) -> None:
    """Take stock of new ties: who has lately been violent, and what this makes of norms.

    Of all but those in ``new`` rows it is known since last year whether they were lately violent;
    those of them who acted since, or have been calm for long enough, are looked at by
    ``pass_norms`` in the same step.
    """
    _find_violent(people.rows, ties, new, people.fading, months, values.peers, values.acting)
    _aim_all(
        people.rows, people.rows.act_bound, ties, people.fading, values.peers, values.acting
    )


@kernel
def _find_violent(people, ties, rows, fading, months, parameters, acting):
    for n in range(len(rows)):
        prefetch_line(people.state, ties.young[rows[min(n + AHEAD, len(rows) - 1)]])
        row = rows[n]
        history = history_of(people, ties.young[row], fading)
        ties.violent[row] = history > parameters.violent_history
        if ties.violent[row]:
            _look_again(people, ties, row, fading, months, parameters, acting.history_decay)


@kernel
def _aim_all(people, bounds, ties, fading, parameters, acting):
    rows = len(ties.young)
    for row in range(rows):
        later = ties.young[min(row + AHEAD, rows - 1)]
        prefetch_line(people.state, later)
        prefetch_line(bounds, later)
        among = 0
        for slot in range(ties.number[row]):
            among += ties.violent[ties.peers[row, slot]]
        ties.violent_peers[row] = among
        people.state[ties.young[row]].peer_row = row
        _aim(people, bounds, ties, row, fading, parameters, acting)


def pass_norms(people, acted: np.ndarray, ties, *others) -> None:
    """Let norms move towards the share of peers who were lately violent.

    ``N <- N + (1 - exp(-chi dt)) (scale * share - N)``; without peers (30 and over) norms fade.
    The share is of behaviour at the start of the phase. Looked at are those who acted in the
    last step, and those who may have been calm for long enough by now.
    """
    _pass_norms(people, people.act_bound, acted, ties, sweeps.a_block(), *others)


@kernel
def _pass_norms(people, bounds, acted, ties, block, fading, months, parameters, acting):
    for n in range(len(acted)):
        prefetch_line(people.state, acted[min(n + AHEAD, len(acted) - 1)])
        soon = people.state[acted[min(n + AHEAD // 2, len(acted) - 1)]].peer_row
        prefetch_line(ties.violent, max(soon, 0))
        prefetch_line(ties.look_at, max(soon, 0))
        j = acted[n]
        row = people.state[j].peer_row
        if row != NOBODY:
            _look_at(people, bounds, ties, row, fading, months, parameters, acting)
    for first in range(0, len(ties.young), sweeps.BLOCK):
        due = sweeps.equal_to(ties.look_at, np.int16(fading.passed), first, block)
        for n in range(due):
            prefetch_line(people.state, ties.young[block.positions[n]])
        for n in range(due):
            _look_at(
                people, bounds, ties, block.positions[n], fading, months, parameters, acting
            )


@inlined
def _look_at(people, bounds, ties, row, fading, months, parameters, acting):
    """See whether somebody has become violent, or calm, and tell their peers."""
    violent = history_of(people, ties.young[row], fading) > parameters.violent_history
    if violent:
        _look_again(people, ties, row, fading, months, parameters, acting.history_decay)
    if violent == ties.violent[row]:
        return
    ties.violent[row] = violent
    for slot in range(ties.number[row]):
        prefetch_line(people.state, ties.young[ties.peers[row, slot]])
        prefetch_line(bounds, ties.young[ties.peers[row, slot]])
    for slot in range(ties.number[row]):
        other = ties.peers[row, slot]
        ties.violent_peers[other] += 1 if violent else -1
        _aim(people, bounds, ties, other, fading, parameters, acting)


@inlined
def _aim(people, bounds, ties, row, fading, parameters, acting):
    """Write a norm down as it is now, and the level that it moves towards from here."""
    i = ties.young[row]
    share = ties.violent_peers[row] / ties.number[row] if ties.number[row] > 0 else 0.0
    level, norm = parameters.scale * share, norm_of(people, i, fading)
    lift(bounds, i, acting.peer_norm * (level - max(norm, people.state[i].norm_level)))
    people.state[i].peer_norm = norm
    people.state[i].norm_at = fading.passed
    people.state[i].norm_level = level


@inlined
def _look_again(people, ties, row, fading, months, parameters, history_decay):
    """Note the step at which to see whether somebody violent has been calm for long enough."""
    history = history_of(people, ties.young[row], fading)
    threshold = max(parameters.violent_history, _LEAST)
    calm = math.log(max(history / threshold, 1.0)) * history_decay / months
    ties.look_at[row] = fading.passed + max(1, min(int(calm), _FAR))
