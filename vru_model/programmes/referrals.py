"""Referrals: an event is noticed by one agency, passed on to another, and people wait for a place.

At each stage some are lost: not noticed, not willing that their name is passed on, not reached in
time, not taking up the offer, tired of waiting. Who is served first depends on how long they have
waited and then on who they are, never on where an array keeps them.
"""

import math

import numpy as np

from vru_model import randomness
from vru_model.programmes import pathway
from vru_model.programmes.delivery import Delivered
from vru_model.programmes.draws import happens_to, standard_normals

_WAITING = np.dtype(
    [
        ("resident", np.int32),
        ("since", np.int32),  # step: of the offer while pending, of acceptance while waiting
        ("until", np.int32),  # last step at which a place is still wanted
        ("order", np.float64),  # who is served first among those of one step
    ]
)


class Referrals:
    """The way from an event to one programme.

    Parameters
    ----------
    programme
        The programme to which the event's people are referred.
    """

    def __init__(self, programme: Delivered) -> None:
        """Begin with nobody on the way."""
        self.programme = programme
        self.terms = programme.document.referral
        self._pending = np.empty(0, _WAITING)
        self._waiting = np.empty(0, _WAITING)

    def refer(self, residents, people, key, clock, register) -> np.ndarray:
        """Take in people whom an event concerns, as far as they pass; return who starts at once."""
        programme = self.programme
        if not programme.open(clock):
            return np.empty(0, np.int32)
        # Those of a step are few: Python sorts and looks up each sooner than NumPy does them all.
        each_once = np.array(sorted(set(residents.tolist())), np.int32)
        may = self._new(each_once, people, clock, register)
        programme.counts.count(pathway.EVENTS, may, people)
        for stage, decision, share in (
            (pathway.IDENTIFIED, randomness.REFERRAL, self.terms.identified),
            (pathway.CONSENTED, randomness.CONSENT, self.terms.consent),
        ):
            if not len(may):
                break
            passes = happens_to(
                people.rows.identifier[may], key, clock.step, decision, programme.tag,
                np.full(len(may), share),
            )  # fmt: skip
            may = may[passes]
            programme.counts.count(stage, may, people)
        delay = math.ceil(self.terms.delay_months / clock.months)
        if delay:
            if len(may):
                self._pending = _joined(self._pending, _rows(may, clock.step + delay))
            return np.empty(0, np.int32)
        self._offer(may, people, key, clock)
        return self._serve(people, key, clock, register)

    def _new(self, residents, people, clock, register) -> np.ndarray:
        """Return those of some residents who may take part and are not on the way yet."""
        if not len(residents):
            return residents
        new = residents[self.programme.may_start(residents, people, clock, register)]
        known = {*self._pending["resident"].tolist(), *self._waiting["resident"].tolist()}
        return new[[resident not in known for resident in new.tolist()]] if known else new

    def move_on(self, people, key, clock, register) -> None:
        """Make the offers that are due and fill the month's places; close with the programme."""
        if not self.programme.open(clock):
            for waiting in (self._pending, self._waiting):
                self.programme.counts.count(pathway.CLOSED, waiting["resident"], people)
            self._pending, self._waiting = self._pending[:0], self._waiting[:0]
            return
        due = self._pending["since"] <= clock.step
        if due.any():
            residents = np.sort(self._pending["resident"][due])
            self._pending = self._pending[~due]
            may = self.programme.may_start(residents, people, clock, register)
            self._offer(residents[may], people, key, clock)
        self._serve(people, key, clock, register)

    def _offer(self, residents, people, key, clock) -> None:
        """Offer places; those who accept begin to wait."""
        if not len(residents):
            return
        accepted = self.programme.accepting(residents, people, key, clock.step)
        rows = _rows(accepted, clock.step)
        rows["until"] = clock.step + math.floor(self.terms.waiting_months / clock.months)
        rows["order"] = standard_normals(
            people.rows.identifier[accepted], key, clock.step, randomness.QUEUE,
            self.programme.tag,
        )  # fmt: skip
        self._waiting = _joined(self._waiting, rows)

    def _serve(self, people, key, clock, register) -> np.ndarray:
        """Let the first in the queue start, as far as there is room; return them.

        Those who may no longer take part are lost, and so are those tired of waiting.
        """
        programme, waiting = self.programme, self._waiting
        programme.make_room(clock)
        if not len(waiting):
            return np.empty(0, np.int32)
        still = programme.may_start(waiting["resident"], people, clock, register)
        programme.counts.count(pathway.LOST_WAITING, waiting["resident"][~still], people)
        waiting = waiting[still]
        identifiers = people.rows.identifier[waiting["resident"]]
        waiting = waiting[np.lexsort((identifiers, waiting["order"], waiting["since"]))]
        started = waiting["resident"][: max(programme.room, 0)]
        programme.enrol(started, people, key, clock, register)
        waiting = waiting[len(started) :]
        tired = waiting["until"] <= clock.step
        programme.counts.count(pathway.LOST_WAITING, waiting["resident"][tired], people)
        self._waiting = waiting[~tired]
        return started


def _rows(residents, since: int) -> np.ndarray:
    rows = np.zeros(len(residents), _WAITING)
    rows["resident"], rows["since"] = residents, since
    return rows


def _joined(rows: np.ndarray, more: np.ndarray) -> np.ndarray:
    """Return both: NumPy's own way looks at each field of their type first, which takes longer."""
    both = np.empty(len(rows) + len(more), _WAITING)
    both[: len(rows)], both[len(rows) :] = rows, more
    return both
