"""Referrals: who is noticed, agrees, is reached and waits for a place after an event."""

import math
from dataclasses import dataclass

from reference.resident import Resident
from vru_model import randomness


@dataclass
class Waiting:
    """Somebody who has accepted a place and waits for it."""

    resident: Resident
    since: int  # step
    until: int  # last step at which they still want it
    order: float  # who is served first among those of one step

    @property
    def turn(self) -> tuple:
        """What decides who is served first: how long they have waited, then who they are."""
        return self.since, self.order, self.resident.identifier


class Queue:
    """The way from an event to one programme."""

    def __init__(self, programme) -> None:
        self.programme, self.model = programme, programme.model
        self.terms = programme.document.referral
        self.pending: list[tuple[int, Resident]] = []  # step of the offer, and to whom
        self.waiting: list[Waiting] = []

    def refer(self, residents: list[Resident]) -> list[Resident]:
        """Let an event lead to an offer, for those who pass; return who starts at once."""
        programme, step = self.programme, self.model.clock.step
        if not programme.is_open:
            return []
        on_the_way = {resident for _, resident in self.pending}
        on_the_way |= {one.resident for one in self.waiting}
        consented = []
        for resident in dict.fromkeys(residents):
            if resident in on_the_way or not programme.may_start(resident):
                continue
            programme.count("events", resident)
            if not resident.happens(randomness.REFERRAL, self.terms.identified, programme.tag):
                continue
            programme.count("identified", resident)
            if not resident.happens(randomness.CONSENT, self.terms.consent, programme.tag):
                continue
            programme.count("consented", resident)
            consented.append(resident)
        delay = math.ceil(self.terms.delay_months / self.model.clock.months)
        if delay:
            self.pending += [(step + delay, resident) for resident in consented]
            return []
        self.offer(consented)
        return self.serve()

    def move_on(self) -> None:
        """Make the offers that are due and fill the month's places; close with the programme."""
        if not self.programme.is_open:
            for resident in [r for _, r in self.pending] + [w.resident for w in self.waiting]:
                self.programme.count("closed", resident)
            self.pending, self.waiting = [], []
            return
        step = self.model.clock.step
        due = [resident for when, resident in self.pending if when <= step]
        self.pending = [one for one in self.pending if one[0] > step]
        self.offer([resident for resident in due if self.programme.may_start(resident)])
        self.serve()

    def offer(self, residents: list[Resident]) -> None:
        """Offer places; those who accept begin to wait."""
        clock, programme = self.model.clock, self.programme
        until = clock.step + math.floor(self.terms.waiting_months / clock.months)
        for resident in residents:
            if programme.accepts(resident, clock.step):
                word = resident.word(randomness.QUEUE, programme.tag)
                order = randomness.standard_normal(word)
                self.waiting.append(Waiting(resident, clock.step, until, order))

    def serve(self) -> list[Resident]:
        """Let the first in the queue start, as far as there is room; return them.

        Those who may no longer take part are lost, and so are those tired of waiting.
        """
        programme, started, still = self.programme, [], []
        programme.make_room()
        for one in sorted(self.waiting, key=lambda one: one.turn):
            if not programme.may_start(one.resident):
                programme.count("lost_waiting", one.resident)
            elif programme.room > 0:
                programme.enrol(one.resident)
                started.append(one.resident)
            elif one.until <= self.model.clock.step:
                programme.count("lost_waiting", one.resident)
            else:
                still.append(one)
        self.waiting = still
        return started
