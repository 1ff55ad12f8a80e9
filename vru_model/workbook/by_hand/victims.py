"""By hand: where it happened, and why against this victim."""

from __future__ import annotations

import math

from vru_model import randomness
from vru_model.people import NOBODY
from vru_model.processes.records import HOUSEHOLD, PEER, VENUES
from vru_model.workbook.by_hand.acting import age_curves, term
from vru_model.workbook.by_hand.watched import TWO_TO_32, Line, WatchedIncident

_MOST_TRIES = 256


def venue(incident: WatchedIncident) -> list[Line]:
    """Return the shares of the four venues, and where the draw falls among them."""
    curves = age_curves(incident)
    shares = [curve / sum(curves) for curve in curves]
    reached = [sum(shares[: v + 1]) for v in range(4)]
    drawn = (incident.words(randomness.VENUE, incident.number)[0] + 0.5) / TWO_TO_32
    chosen = next((v for v in range(3) if drawn < reached[v]), HOUSEHOLD)
    lines = [
        Line(VENUES[v].replace("_", " "), f"{curves[v]:.4f} of {sum(curves):.4f}, up to "
             f"{reached[v]:.4f}", shares[v])
        for v in range(4)
    ]  # fmt: skip
    return [*lines, Line("the draw", f"falls on {VENUES[chosen].replace('_', ' ')}", drawn)]


def weight(incident: WatchedIncident) -> list[Line]:
    """Return the victim's weight as a candidate, term by term."""
    values, who = incident.model.coefficients.victims, incident.victim
    history = min(float(who["history"]), incident.model.coefficients.acting.history_cap)
    lines = [
        Line("age", "by band of age", float(values.age[incident.band(who)])),
        term("sex", "male, in this venue", values.male[incident.row["venue"]], who["male"]),
        term("history", "history ln(1 + H)", values.history, math.log1p(history)),
        term("trauma", "trauma T", values.trauma, who["trauma"]),
        term("liability", "liability u", values.liability, who["liability"]),
    ]
    size = math.exp(sum(line.number for line in lines))
    most = values.greatest_weight
    return [
        *lines,
        Line("weight", "exp of the sum", size),
        Line("chance", f"of being accepted once met: weight / {most:g}", size / most),
    ]


def tries(incident: WatchedIncident) -> list[Line]:
    """Return how candidates were drawn until this one was accepted."""
    pool = _pool(incident)
    chance = weight(incident)[-1].number
    met = 0
    for attempt in range(_MOST_TRIES):
        words = incident.words(randomness.VICTIM, incident.number * 512 + attempt // 2)
        candidate, draw = words[2 * (attempt % 2) : 2 * (attempt % 2) + 2]
        if pool[candidate * len(pool) >> 32] != incident.row["victim"]:
            continue
        met += 1
        if draw < math.floor(chance * TWO_TO_32):
            return [
                Line("candidates", "people in the pool", len(pool)),
                Line("tries", "candidates drawn, one by one", attempt + 1),
                Line("met", "times that this one was drawn", met),
                Line("the draw", f"accepted, being below {chance:.4f}", draw / TWO_TO_32),
            ]
    raise ValueError("this victim was not accepted")


def _pool(incident: WatchedIncident) -> list[int]:
    """Return the aggressor's ties, or the pool of the neighbourhood where it happened."""
    contacts, row = incident.model.contacts, incident.aggressor["peer_row"]
    if incident.row["venue"] == PEER and row != NOBODY and contacts.ties.number[row] > 0:
        ties = contacts.ties
        return [int(ties.young[peer]) for peer in ties.peers[row, : ties.number[row]]]
    place = incident.row["neighbourhood"]
    return contacts.members[contacts.starts[place] : contacts.starts[place + 1]].tolist()
