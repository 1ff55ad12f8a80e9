"""The model: ``ViolenceModel.step()`` is the table of contents of a month."""

from __future__ import annotations

import mesa
import numpy as np

from vru_model import randomness, setting_up, warm_up
from vru_model.agents import REPORTERS, SERVICES, Neighbourhood, Programme, Service
from vru_model.parameters.switches import SWITCHES
from vru_model.people import People
from vru_model.processes import (
    act_bounds,
    acting,
    consequences,
    early_life,
    families,
    harm,
    neighbourhoods,
    pairs,
    peers,
    schooling,
    services,
    victims,
)
from vru_model.processes.calendar import STEPS_PER_YEAR, Clock, InTime, season
from vru_model.processes.collection import Tally
from vru_model.processes.contacts import gather_contacts, no_contacts
from vru_model.processes.life_course import LifeCourse
from vru_model.processes.loops import effective
from vru_model.processes.records import DEATH, INCIDENT, joined
from vru_model.programmes.portfolio import BIRTH, EXCLUSION, RELEASE, Risks
from vru_model.programmes.register import rates_without
from vru_model.record_keeping import Books, Handout
from vru_model.schedule import Schedule, phase
from vru_model.traces import fading
from vru_model.workspace import Workspace


class ViolenceModel(InTime, Handout, mesa.Model):
    """A world: the residents of a place, month by month.

    Parameters
    ----------
    place
        A built-in place by name, a place pack by folder, or a loaded ``Place``.
    scenario
        A scenario by name or file, or a loaded ``Scenario``.
    scale
        Share of the residents to simulate; results are shown at full size.
    years
        Horizon, 1 to 25.
    step
        "month" or "week"; hazards are rates, so both serve.
    seed, replicate
        Of the random world; the same pair is the same world. Random numbers come from
        ``vru_model.randomness`` alone; ``model.rng`` is Mesa's and unused.
    population_seed
        Of the residents and the warm-up, which all replicates share.
    draw
        Number of the draw of the uncertain parameters; None for the central values.
    keep_incidents, keep_people
        Whether to keep every incident, and the residents at the start and the end.
    workspace
        Memory of an earlier world that nobody needs any more: it is overwritten.

    Raises InputError listing everything wrong with options, place, scenario or parameters.
    """

    def __init__(
        self, place="west_midlands", scenario="baseline", scale: float = 0.1, years: int = 10,
        step: str = "month", seed: int = 1, population_seed: int = 1, draw: int | None = None,
        replicate: int = 0, keep_incidents: bool = False, keep_people: bool = False,
        workspace: Workspace | None = None,
    ) -> None:  # fmt: skip
        """Build the world and warm it up."""
        setting_up.check_options(scale, years, step, seed, population_seed, draw, replicate)
        super().__init__(rng=seed)
        self.happened, self._touched = np.empty(0, INCIDENT), np.empty(0, np.int32)
        self._paired = np.empty(0, np.int32)  # may be the aggressor of an open pair
        self.events: dict[str, np.ndarray] = {}
        self.contacts = no_contacts()
        self.schedule = Schedule(type(self))
        self.plan = setting_up.the_scenario(scenario)
        self.place = setting_up.the_place(place, scale)
        self.years, self.draw, self.replicate = years, draw, replicate
        self.switches = {**dict.fromkeys(SWITCHES, True), **self.plan.switches}
        coefficients = setting_up.the_coefficients(self.plan, draw, seed)
        self.coefficients = values = effective(coefficients, self.switches)
        self._key = randomness.world_key(seed, replicate)
        self.population_key = randomness.population_key(population_seed)
        correlation = values.families.liability_correlation
        founders = setting_up.the_population(self.place, population_seed, correlation)
        self.weight = self.place.weight(founders)
        room = setting_up.room_for_births(len(founders), years)
        self.people = People(len(founders), room, workspace)
        self.areas = setting_up.the_areas(self.place, founders, values)
        self.geography = setting_up.the_geography(self.place)
        self.portfolio = setting_up.the_portfolio(
            self.plan, self.place, 1.0 / self.weight, draw, seed, self.geography.night_places
        )
        self.tally = Tally(self.place, self.weight)
        self.books = Books(keep_incidents, keep_people)
        warm_up.begin(self, founders, population_seed, STEPS_PER_YEAR[step])
        moves = values.demography
        self.life_course = LifeCourse(
            self.people,
            setting_up.the_destinations(self.place, moves.move_distance, moves.move_deprivation),
            moves, values.schooling, correlation,
        )  # fmt: skip
        self.books.enter_people(self, "start")
        for row in range(len(self.place.neighbourhoods)):
            Neighbourhood(self, row)
        self.programmes = [Programme(self, each) for each in self.portfolio.programmes]
        self.services = [Service(self, *each) for each in SERVICES]
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)

    def step(self) -> None:
        """Advance the world by one step; at the horizon it stands still."""
        if not self.running:
            return
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

    def run(self) -> ViolenceModel:
        """Step to the horizon and return the model."""
        while self.running:
            self.step()
        return self

    @property
    def key(self) -> np.uint64:
        """The key of the draws: the population's during the warm-up, then the world's own."""
        return self.population_key if self.warming else self._key

    @phase(1, "calendar, season and policy")
    def turn_calendar(self) -> None:
        """Set the season's rates; in the first step of a year renew pools and ties."""
        values, now = self.coefficients, self.clock
        cycle, pupils = season(now, values.acting)
        self._base = values.acting.base + cycle
        self._tables = acting.age_tables(values.age_curves, values.grievance, pupils)
        self._acted = self.happened["aggressor"].copy()
        self.happened, self.events = np.empty(0, INCIDENT), {}
        self.people.month = self.month
        act_bounds.renew(self.people, self.areas, now, self.aged, self._tables, values.acting)
        if now.begins_year:
            self.tally.begin_year()
            self.gather_contacts()

    @phase(2, "ageing, births, deaths, moves and partnerships")
    def be_born_die_and_move(self) -> None:
        """Carry out this month's part of the year's births, deaths, moves and partnerships."""
        living = self.people.count
        if self.clock.begins_month and not self.frozen:
            self.life_course.live_month(self.areas, self.contacts, self.key, self.clock)
        self._newborn = np.arange(living, self.people.count, dtype=np.int32)

    @phase(3, "early life: adverse childhood experiences")
    def accrue_adversity(self) -> None:
        """Draw the step's adverse childhood experiences."""
        if not self.frozen:
            gained = early_life.accrue_adversity(
                self.people, self.areas, self.key, self.clock, self.month, self.coefficients
            )
            self._count("aces", gained)

    @phase(4, "schooling, exclusion, work and custody")
    def go_to_school_and_work(self) -> None:
        """Move residents between school, exclusion, work, its absence and custody."""
        self._released = np.empty(0, np.int32)
        if self.portfolio.hears_of(RELEASE):
            self._released = schooling.due_for_release(self.people, self.clock.step)
        self._excluded = schooling.go_to_school_and_work(
            self.people, self.areas, self.key, self.clock, self.month, self.coefficients.schooling,
            self.coefficients.acting,
        )  # fmt: skip
        self._count("exclusions", self._excluded)

    @phase(5, "peers and norms")
    def pass_norms(self) -> None:
        """Let norms move towards the behaviour of peers."""
        peers.pass_norms(
            self.people.rows, self._acted, self.contacts.ties, self.people.fading,
            self.clock.months, self.coefficients.peers,
            self.coefficients.acting,
        )  # fmt: skip
        self.people.pass_norms()

    @phase(6, "programmes: enrol, deliver, drop out, fade")
    def deliver_programmes(self) -> None:
        """Take people into programmes and bring the effects on everybody up to date."""
        values = self.coefficients
        risks = Risks(
            lambda residents: acting.log_risks(
                self.people.rows, residents, self.areas, self._tables, self.month, self._base,
                self.people.fading, values.acting,
            ),
            values.selection.observability,
            rates_without(values),
        )  # fmt: skip
        self.portfolio.deliver(
            self.people, self.areas, self.key, self.clock, risks,
            self.switches["patrol_follows_hot_spots"],
        )  # fmt: skip
        for event, residents in (
            (EXCLUSION, self._excluded), (RELEASE, self._released), (BIRTH, self._newborn),
        ):  # fmt: skip
            self.portfolio.meet(event, residents, self.people, self.key, self.clock)

    @phase(7, "violence: who acts, where, against whom, how badly")
    def commit_violence(self, echoes: bool = False) -> None:
        """Find the acts of the step, or those that its own grievances echo, and their harm."""
        rows, values, now = self.people.rows, self.coefficients, self.clock
        traces = self.people.fading
        if not echoes:
            acts = acting.find_acts(
                rows, self.people.count, self.areas, self._tables,
                self.key, now.step, now.months, self.month, traces, self._base, values.acting,
                values.grievance,
            )  # fmt: skip
            acts, self._paired = pairs.add_acts(
                acts, rows, self._paired, self.key, now.step, now.months, self.month,
                values.acting, values.pairs,
            )  # fmt: skip
        else:
            acts = acting.find_echoes(
                rows, self._touched, self._fresh, self._tables, self.key, now.step,
                now.months, self.month, values.grievance,
            )  # fmt: skip
        self._fresh[self._touched] = 0.0
        self._wave = victims.find_victims(
            acts, rows, self.areas, self.geography, self.contacts,
            self._tables, self.key, now.step, self.month, traces, values.victims,
            values.grievance, values.acting.history_cap,
        )  # fmt: skip
        self._wave = self.portfolio.prevent(
            self._wave, self.people, self.areas, self.geography.nearest, self.key, now
        )
        harm.settle_harm(
            self._wave, rows, self.areas, self.key, now.step, self.month, traces,
            values.victims.stranger, values.weapons, values.severity, values.acting.history_cap,
        )  # fmt: skip

    @phase(8, "interruption and navigation")
    def interrupt(self) -> None:
        """Let programmes hear of victims, in emergency departments and elsewhere, and calm them."""
        self.portfolio.meet_victims(self._wave, self.people, self.key, self.clock)

    @phase(9, "consequences: grievance, history, trauma")
    def recover_and_forget(self) -> None:
        """Let what violence left behind before this step fade and heal: see ``traces``."""
        self.people.fade()

    @phase(9, "consequences: new grievance, history, trauma")
    def bear_consequences(self) -> None:
        """Leave the traces of a wave in those involved and those who saw it."""
        values, now = self.coefficients, self.clock
        kept, self._touched, onsets, aces, opened = consequences.leave_traces(
            self._wave, self.people, self._fresh, self.contacts, self._tables, self.key, now.step,
            now.months, self.month, self.frozen, self.people.fading, values.acting,
            values.grievance, values.pairs, values.witnesses, values.trauma, values.early_life,
        )  # fmt: skip
        self._paired = np.sort(np.concatenate([self._paired, opened]))
        wave = self._wave if kept.all() else self._wave[kept]
        self.happened = joined([self.happened, wave])
        if not self.frozen:
            families.bury(self.people, wave["victim"][wave["severity"] == DEATH])
        self._count("trauma_onsets", onsets)
        self._count("aces", aces)

    @phase(10, "neighbourhoods: recent violence, fear, collective efficacy")
    def change_neighbourhoods(self) -> None:
        """Let neighbourhoods follow the violence that happened in them."""
        neighbourhoods.follow_violence(
            self.areas, self.happened, self.clock.months, self.coefficients.neighbourhoods
        )

    @phase(11, "services and observation")
    def observe(self) -> None:
        """Let services record what they see, and courts sanction and detain."""
        rows, values, now = self.people.rows, self.coefficients, self.clock
        recording = self.portfolio.recorded(values.services, now)
        services.observe(self.happened, rows, self.key, now.step, self.month, recording)
        services.sanction(
            self.happened, rows, self.key, now.step, now.months,
            self.month, self.people.fading, self.switches["incapacitation"],
            values.acting, values.services,
        )  # fmt: skip
        self.portfolio.meet_charged(self.happened, self.people, self.key, now)

    @phase(12, "collection")
    def collect(self) -> None:
        """Count the step; at the end of a year close its books, at the horizon stop."""
        values, now = self.coefficients, self.clock
        if now.begins_quarter:
            self.tally.count_quarter(self.people, self.month)
            self.portfolio.count_overlap(self.people, now, values.acting.protection_ceiling)
        self.tally.count_incidents(self.happened, self.people, self.month, values.services.survey)
        self.books.enter_incidents(self.happened, self.people, now.date)
        for service in self.services:
            service.observe(self.happened)
        self.datacollector.collect(self)
        self.clock = now.next()
        if self.clock.begins_year:
            self.books.close_year(self, now.year)
            self.running = now.year < self.years

    def _count(self, measure: str, residents: np.ndarray) -> None:
        """Count something that happened to residents, and keep it for the step's ``events``."""
        self.tally.count_residents(measure, residents, self.people, self.month)
        before = self.events.get(measure, np.empty(0, np.int32))
        self.events[measure] = np.concatenate([before, residents])

    def stand_at(self, clock: Clock) -> None:
        """Stand at a step, with nothing happening yet."""
        self.clock = clock
        months = 12 * self.years + self.coefficients.warm_up.months
        self.people.fading = fading(clock.step, months, clock.months, self.coefficients)
        self.people.month = self.month
        self._fresh = np.zeros(self.people.room, np.float32)
        self._touched = np.empty(0, np.int32)
        self.happened, self.events = np.empty(0, INCIDENT), {}
        self._paired = pairs.find_open(self.people.rows, self.people.count, clock.step)
        self.contacts = no_contacts()

    def gather_contacts(self) -> None:
        """Renew the pools from which victims come, the ties of the young, and head counts."""
        self.contacts = gather_contacts(
            self.people, self.areas, self.geography, self.place, self.contacts.ties,
            self.population_key, self.clock, self.coefficients,
        )  # fmt: skip
        if len(self._fresh) < self.people.room:
            self._fresh = np.zeros(self.people.room, np.float32)
            self._touched = self._touched[:0]
