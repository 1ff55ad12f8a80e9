"""The model written plainly: one ``mesa.Agent`` per resident, to be read beside the ODD.

Read it from here: ``ReferenceModel.step()`` is the table of contents of a month, with the same
phases, in the same order, as ``vru_model.model.ViolenceModel``. Each phase is a few lines below;
the equations behind it stand in ``tests/reference/``, one short file a subject, with the symbols
of the design (G grievance, H history, T trauma, S self-regulation, N norm, D deprivation, ...).

It is a second program. It shares with the fast one the documents (place, founders, parameters,
scenarios, programmes) and the keyed random numbers of ``vru_model.randomness``, and nothing else:
no kernel, no table, no delivery. Because every draw is a function of who decides what and when,
and because a decision compares two integers, both programs must have the same incidents, one by
one; ``tests/test_reference.py`` holds them to it. State is kept in single precision, as in the
fast program, and agrees to five digits or better.

It is made to be believed, not to be fast: use it for up to 5,000 residents.
"""

from collections import Counter

import mesa
from reference import childhood, life_course
from reference.acting import acts_of, echoes_of
from reference.ages import AgeCurves
from reference.consequences import keep_grievance, leave_traces
from reference.counting import Counts
from reference.founding import draw_future, draw_pasts, settle_founders
from reference.harm import observe, sanction, settle_harm
from reference.places import Neighbourhood
from reference.portfolio import (
    count_overlap,
    deliver,
    meet,
    meet_charged,
    meet_victims,
    plan_programmes,
)
from reference.prevention import is_prevented
from reference.resident import Resident
from reference.ties import gather_pools, make_ties
from reference.victims import Incident, take_place
from reference.world import CUSTODY, DEATH, EXCLUDED, Clock, season

from vru_model import randomness
from vru_model.parameters.switches import SWITCHES
from vru_model.place import build_population

STEPS_PER_YEAR = {"month": 12, "week": 52}


class ReferenceModel(mesa.Model):
    """A world: the residents of a place, month by month.

    Parameters
    ----------
    place, scenario
        As loaded; ``scale`` is the share of residents to simulate.
    years
        Horizon.
    step
        "month" or "week".
    seed, replicate
        Of the random world; ``population_seed`` is that of the residents and the warm-up.
    draw
        Of the uncertain parameters; None for the central values.
    """

    def __init__(
        self, place, scenario, scale: float, years: int = 2, step: str = "month",
        seed: int = 1, population_seed: int = 1, draw: int | None = None, replicate: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(rng=seed)
        self.place, self.scenario, self.years = place.at_scale(scale), scenario, years
        self.seed_of_draw, self.draw = seed, draw
        parameters = scenario.parameters()
        self.values = parameters.central() if draw is None else parameters.draw(draw, seed)
        self.on = {**dict.fromkeys(SWITCHES, True), **scenario.switches}
        self.curves = AgeCurves(self.values.age_curves, self.values.grievance)
        self.world_key = randomness.world_key(seed, replicate)
        self.population_key = randomness.population_key(population_seed)
        steps_per_year = STEPS_PER_YEAR[step]
        warm_up = round(self.values.warm_up.months * steps_per_year / 12)
        self.clock = Clock(-warm_up, steps_per_year)
        self.register: list = []  # enrolments in programmes
        self.overlap: Counter[str] = Counter()  # of this year: who is in how many programmes
        self.fresh: dict[Resident, float] = {}  # new grievance of the last wave
        self.events: Counter[str] = Counter()  # how often what has happened
        self.counts = Counts()  # of the year so far
        self.tell_time()
        self.lay_out_place()
        r = self.values.families.liability_correlation
        settle_founders(self, build_population(self.place, population_seed, r))
        self.founders = len(self.residents)
        self.programmes = plan_programmes(self, self.founders / self.place.full_population)
        self.warm_up()

    def step(self) -> None:
        """Advance the world by one step."""
        self.turn_calendar()
        self.be_born_die_and_move()
        self.accrue_adversity()
        self.go_to_school_and_work()
        self.pass_norms()
        self.deliver_programmes()
        self.commit_violence()
        self.interrupt()
        self.recover_and_forget()
        self.bear_consequences()
        self.commit_violence(echoes=True)
        self.interrupt()
        self.bear_consequences()
        self.change_neighbourhoods()
        self.observe()
        self.collect()

    # --- who ------------------------------------------------------------------------------

    @property
    def residents(self) -> mesa.agent.AgentSet:
        """Everybody who has ever lived here, in the order in which they came."""
        return self.agents_by_type[Resident]

    def by_identity(self) -> list[Resident]:
        """Return everybody in an order set by who they are: founders, then born by identifier."""
        founders, born = self.residents[: self.founders], self.residents[self.founders :]
        return [*founders, *sorted(born, key=lambda resident: resident.identifier)]

    # --- phases ---------------------------------------------------------------------------

    def turn_calendar(self) -> None:
        """1. Calendar, season and policy: the level of the log rate; pools and ties, yearly."""
        self.tell_time()
        cycle, self.pupils = season(self.clock, self.values.acting)
        self.level = self.values.acting.base + cycle
        self.happened: list[Incident] = []
        if self.clock.begins_year:
            self.counts = Counts()
            self.gather_contacts()

    def be_born_die_and_move(self) -> None:
        """2. Ageing, births, deaths, moves and partnerships: this month's part of the year's."""
        self.newborn = []
        if self.frozen or not self.clock.begins_month:
            return
        if self.clock.begins_year:
            self.begin_year()
        month, residents = self.clock.month, list(self.residents)
        for resident in residents:
            due = resident.dies == month % 12 or resident.dies_as_infant == month
            if due and resident.alive:
                life_course.bury(resident)
                self.events["deaths"] += 1
        for resident in residents:
            if resident.bears == month % 12 and resident.present:
                life_course.bear_child(self, resident)
                self.events["births"] += 1
        self.newborn = list(self.residents)[len(residents) :]
        for resident in residents:
            if resident.moves == month % 12 and resident.present:
                life_course.move_home(self, resident)
                self.events["moves"] += 1

    def accrue_adversity(self) -> None:
        """3. Early life: adverse childhood experiences, from the state at the phase's start."""
        if not self.frozen:
            for child in [resident for resident in self.residents if childhood.gains_ace(resident)]:
                childhood.suffer_ace(child)

    def go_to_school_and_work(self) -> None:
        """4. School, exclusion, work, its absence, and release from custody."""
        self.excluded = [resident for resident in self.residents if childhood.is_excluded(resident)]
        for child in self.excluded:
            self.counts.add("resident", "exclusions", child)
            child.ever_excluded = True
            childhood.begin(child, EXCLUDED)
        due = [resident for resident in self.residents if resident.status_until == self.clock.step]
        self.released = [resident for resident in due if resident.status == CUSTODY]
        for resident in self.residents:
            if resident.status_until == self.clock.step:
                childhood.begin(resident, childhood.next_status(resident))
        self.events["exclusions"] += len(self.excluded)

    def pass_norms(self) -> None:
        """5. Peers: norms move towards the behaviour of peers, which this phase leaves alone."""
        self.residents.do("pass_norms")

    def deliver_programmes(self) -> None:
        """6. Programmes: take people in, cover places, bring effects up to date, hear of events."""
        deliver(self)
        meet(self, "exclusion", self.excluded)
        meet(self, "release_from_custody", self.released)
        meet(self, "birth", self.newborn)

    def commit_violence(self, echoes: bool = False) -> None:
        """7. Violence: who acts (or echoes the step's grievance), where, whom, how badly."""
        if echoes:
            acts = [act for resident, new in self.fresh.items() for act in echoes_of(resident, new)]
        else:
            acts = [act for resident in self.residents for act in acts_of(resident)]
        found = [incident for act in acts if (incident := take_place(act))]
        self.wave = [incident for incident in found if not is_prevented(incident)]
        for incident in self.wave:
            settle_harm(incident)

    def interrupt(self) -> None:
        """8. Interruption: programmes hear of victims, and calm those who take part at once."""
        meet_victims(self, self.wave)

    def recover_and_forget(self) -> None:
        """9a. What violence left behind before this step fades and heals."""
        self.residents.do("fade")
        self.residents.do("recover")

    def bear_consequences(self) -> None:
        """9b. The wave leaves grievance, history, trauma; nobody acts or is hurt once dead."""
        self.fresh = {}
        kept = []
        for incident in self.wave:
            if incident.aggressor.alive and incident.victim.alive:
                leave_traces(incident, self.fresh)
                kept.append(incident)
        keep_grievance(self.fresh)
        self.happened += kept
        if not self.frozen:
            for incident in kept:
                if incident.severity == DEATH:
                    life_course.bury(incident.victim)

    def change_neighbourhoods(self) -> None:
        """10. Recent violence, fear and collective efficacy follow what happened."""
        for place in self.neighbourhoods:
            place.follow_violence(self.happened)

    def observe(self) -> None:
        """11. Services record what they see; courts sanction and detain; programmes hear of it."""
        for incident in self.happened:
            observe(incident)
        for incident in self.happened:
            sanction(incident)
        if not self.warming:
            meet_charged(self)

    def collect(self) -> None:
        """12. Count the step, and turn to the next."""
        if self.clock.begins_quarter:
            self.counts.take_census(self.residents)
        for incident in self.happened:
            self.counts.count_incident(incident)
        self.datacollector.collect(self)
        count_overlap(self)
        self.clock = self.clock._replace(step=self.clock.step + 1)
        if self.clock.begins_year:
            self.overlap = Counter()
        self.running = self.clock.year <= self.years

    # --- before the first step ------------------------------------------------------------

    def lay_out_place(self) -> None:
        """Make the neighbourhoods, and say where the nights are spent."""
        rows = range(len(self.place.neighbourhoods))
        self.neighbourhoods = [Neighbourhood(self, row) for row in rows]
        for place in self.neighbourhoods:
            place.look_around()
        authorities = range(len(self.place.authorities))
        of = [[p for p in self.neighbourhoods if p.authority == a] for a in authorities]
        self.night_places = [[p for p in places if p.has_nights_out] for places in of]
        sizes = [sum(p.full_size for p in places) for places in of]
        self.regional_centre = sizes.index(max(sizes))

    def warm_up(self) -> None:
        """Draw the founders' pasts, and let the fast states settle with demography frozen."""
        self.level, self.pupils = self.values.acting.base, 0.0
        self.key = self.population_key  # also where the warm-up lasts no time
        draw_pasts(self)
        self.gather_contacts()
        while self.clock.step < 0:
            self.turn_calendar()
            self.go_to_school_and_work()
            self.pass_norms()
            self.commit_violence()
            self.recover_and_forget()
            self.bear_consequences()
            self.commit_violence(echoes=True)
            self.bear_consequences()
            self.change_neighbourhoods()
            self.observe()
            self.clock = self.clock._replace(step=self.clock.step + 1)
        self.fresh = {}
        self.key = self.world_key
        draw_future(self)
        self.events = Counter()
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "incidents": lambda model: len(model.happened),
                "residents": lambda model: sum(r.alive for r in model.residents),
                "enrolled": lambda model: sum(len(p.enrolled()) for p in model.programmes),
            }
        )

    # --- what time it is ------------------------------------------------------------------

    def tell_time(self) -> None:
        """Say whether the world warms up, at what month ages stand, and by which key to draw.

        In the warm-up people age, but nobody is born, dies, moves or gains an ACE; with ageing
        switched off ages stand still besides.
        """
        self.warming = self.clock.step < 0
        self.frozen = self.warming or not self.on["ageing"]
        self.month = self.clock.month if self.warming or self.on["ageing"] else 0
        self.key = self.population_key if self.warming else self.world_key

    # --- once a year ----------------------------------------------------------------------

    def gather_contacts(self) -> None:
        """Renew the pools from which victims come, head counts, and the ties of the young."""
        gather_pools(self)
        make_ties(self)

    def begin_year(self) -> None:
        """Part and form couples, find carers for those left, draw the year's births and deaths."""
        for resident in self.residents:
            couple = resident.alive and resident.partner
            if couple and life_course.speaks_for_couple(resident):
                life_course.part(self, resident)
        for resident in self.by_identity():
            if not resident.male and life_course.is_single(resident):
                life_course.find_partner(self, resident)
        for resident in self.residents:
            life_course.find_new_carer(resident)
        for resident in self.residents:
            life_course.draw_year(resident)
