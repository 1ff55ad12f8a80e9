"""All the programmes of a scenario, side by side: who hears of whom, and what comes of sharing."""

from collections import Counter

from reference.effects import bring_effects_up_to_date
from reference.funds import Funds
from reference.programmes import Programme
from reference.resident import Resident
from reference.treated import guard_places
from reference.victims import Incident
from reference.world import ADMISSION, DEATH, EMERGENCY, HOME, SEVERITIES, at_least, single, years

QUARTER = 3.0  # months for which a quarterly count stands


def plan_programmes(model, scale: float) -> list[Programme]:
    """Return a programme for each line of funding; ``scale`` is that of the residents."""
    scenario, programmes = model.scenario, []
    for line in scenario.funding:
        document = scenario.programmes[line.programme]
        if model.draw is None:
            size, cost = document.central(), None
        else:
            size = document.draw(model.draw, model.seed_of_draw)
            cost = document.drawn_unit_cost(model.draw, model.seed_of_draw)
        funds = Funds(scenario.funded_years(line, scale, cost), scenario.terms(document))
        programmes.append(Programme(model, document, line, funds, size))
    return programmes


def deliver(model) -> None:
    """Set in or fade, find and take in people, cover places, bring effects up to date."""
    for programme in model.programmes:
        programme.set_in_or_fade()
        if model.clock.begins_year:
            programme.pathway = Counter()
    affect_take_up(model)
    for programme in model.programmes:
        if programme.queue:
            programme.queue.move_on()
        elif programme.treats:
            moved = programme.treats.choose()
            programme.treats.take_in_residents(moved)
        elif programme.is_open and programme.rule.selection != "none":
            if programme.begins:
                programme.find_candidates()
            programme.take_in_candidates()
    guard_places(model)
    bring_effects_up_to_date(model)


# --- who hears of whom ------------------------------------------------------------------------


def meet(model, event: str, residents: list[Resident]) -> None:
    """Let programmes hear of those whom an event concerns."""
    for programme in called_by(model, event):
        oldest = programme.rule.carer_maximum_age
        if oldest is None:
            programme.queue.refer(residents)
        else:
            young = [r for r in residents if r.carer and r.carer.age < years(oldest + 1)]
            programme.queue.refer(young)


def meet_victims(model, wave: list[Incident]) -> None:
    """Let programmes hear of victims who live, and calm those who take part at once."""
    survived = [incident for incident in wave if incident.severity != DEATH]
    seen = {
        "emergency_department_attendance": [
            i for i in survived if at_least(i.severity, EMERGENCY)
        ],
        "violence_suffered": [i for i in survived if i.venue != HOME],
        "violence_suffered_at_home": [i for i in survived if i.venue == HOME],
    }
    for event, incidents in seen.items():
        for programme in called_by(model, event):
            met = programme.queue.refer([incident.victim for incident in incidents])
            for incident in wave:
                if incident.victim in met:
                    calm(incident, programme.size.get("activation", 0.0))


def calm(incident: Incident, share: float) -> None:
    """Take a share of the grievance that an incident leaves in its victim."""
    left = single(single(1.0 - incident.calmed) * single(1.0 - share))
    incident.calmed = single(1.0 - left)


def meet_charged(model) -> None:
    """Let programmes hear of those who were charged in the step."""
    charged = [incident for incident in model.happened if incident.charged]
    meet(model, "charge", [i.aggressor for i in charged])
    meet(model, "charge_for_violence_at_home", [i.aggressor for i in charged if i.venue == HOME])


def called_by(model, event: str) -> list[Programme]:
    """Return the programmes that an event brings people to."""
    return [programme for programme in model.programmes if programme.rule.event == event]


# --- what programmes do to services and to one another ------------------------------------------


def each_once(model) -> list[Programme]:
    """Return every programme once: of several lines that pay for it the one at work most."""
    strongest: dict[str, Programme] = {}
    for programme in model.programmes:
        held = strongest.setdefault(programme.name, programme)
        if programme.strength > held.strength:
            strongest[programme.name] = programme
    return list(strongest.values())


def ratio_of(programme: Programme, target: str) -> float:
    """Return the ratio by which a system programme changes something, at its strength."""
    return 1.0 + (programme.size.get(target, 1.0) - 1.0) * programme.strength


def affect_take_up(model) -> None:
    """Let system programmes change the take-up of the others."""
    for programme in model.programmes:
        programme.take_up_of_others = 1.0
        for other in each_once(model):
            if other.name != programme.name:
                ratio = ratio_of(other, "take_up_of_others")
                programme.take_up_of_others *= ratio
                model.events["changed: take_up_of_others"] += ratio != 1.0


def police_recording(model, severity: str) -> float:
    """Return the chance that the police record an incident of a severity, like any other.

    Programmes and records that get better change it where nobody is admitted or dies.
    """
    services = model.values.services
    usual = float(services.police[SEVERITIES.index(severity)])
    if model.warming or at_least(severity, ADMISSION):
        return usual
    ratio = model.scenario.shock.police_recording
    for programme in each_once(model):
        ratio *= ratio_of(programme, "police_recording")
    model.events["changed: police_recording"] += ratio != 1.0
    return min(usual * ratio, services.police_ceiling) if ratio != 1.0 else usual


def count_overlap(model) -> None:
    """Count once a quarter who is in how many programmes, and protection asked and given."""
    if not model.programmes or not model.clock.begins_quarter:
        return
    step, overlap = model.clock.step, model.overlap
    several = Counter(one.resident for one in model.register if one.end > step)
    for number in several.values():
        kinds = ("in_1_programme", "in_2_programmes", "in_3_or_more_programmes")
        overlap[kinds[min(number, 3) - 1]] += QUARTER
    for resident in {one.resident for one in model.register}:
        if resident.protection > 0.0:
            overlap["protection_asked"] += QUARTER * resident.protection
            overlap["protection_given"] += QUARTER * resident.shield
