"""By hand: how likely the aggressor was to act, and the draw."""

from __future__ import annotations

import math

from vru_model import randomness
from vru_model.people import EXCLUDED, MONTHS_AT_16, NEET, STATUS_NAMES
from vru_model.processes.records import PEER
from vru_model.workbook.by_hand.watched import TWO_TO_32, Line, WatchedIncident


def term(what: str, name: str, coefficient: float, state: float) -> Line:
    """Return a line for a coefficient times a state."""
    coefficient, state = float(coefficient), float(state)
    return Line(what, f"{name} = {coefficient:.4f} x {state:.4f}", coefficient * state)


def hazard(incident: WatchedIncident) -> list[Line]:
    """Return the aggressor's rate of acting, term by term, and the mean number of acts."""
    model, who = incident.model, incident.aggressor
    values, home = model.coefficients.acting, incident.home_of(who)
    history = min(float(who["history"]), values.history_cap)
    month = model.then.month_of_year
    season = values.season * math.cos(2 * math.pi * (month - values.season_peak) / 12)
    status = {EXCLUDED: values.excluded, NEET: values.neet}.get(int(who["status"]), 0.0)
    lines = [
        Line("level", "base", values.base),
        Line("season", f"{values.season:.4f} x cos(2π ({month} - {values.season_peak:g}) / 12)",
             season),
        term("sex", "male", values.male, who["male"]),
        term("ACEs", "θ ace A", values.ace, who["ace"]),
        term("self-regulation", "- self_regulation S", -values.self_regulation,
             who["self_regulation"]),
        term("norms", "peer_norm N", values.peer_norm, who["peer_norm"]),
        term("trauma", "θ trauma T", values.trauma, who["trauma"]),
        term("sanctions", "sanction L", values.sanction, who["sanction"]),
        term("history", "history ln(1 + H)", values.history, math.log1p(history)),
        term("liability", "liability u", values.liability, who["liability"]),
        term("deprivation", "deprivation D", values.deprivation, home["deprivation"]),
        term("efficacy", "- collective_efficacy CE", -values.collective_efficacy,
             home["efficacy"]),
        Line("status", STATUS_NAMES[who["status"]], status),
        Line("age", "ln of the sum of the four age curves", math.log(sum(age_curves(incident)))),
    ]  # fmt: skip
    log_rate = sum(line.number for line in lines)
    rate, by_grievance = math.exp(min(log_rate, 1.0)), _by_grievance(incident)
    return [
        *lines,
        Line("log rate", "the sum of these", log_rate),
        Line("rate", "exp of it: acts a month of their own accord", rate),
        Line("grievance", "ω G τ (1 - exp(-Δ/τ)): acts that it sets off", by_grievance),
        Line("mean", "rate x Δ, and by grievance", rate * model.then.months + by_grievance),
    ]


def acts(incident: WatchedIncident) -> list[Line]:
    """Return the draw of how many acts (up to two), and whether a grievance set this one off."""
    *_, by_grievance, mean = (line.number for line in hazard(incident))
    word = incident.words(randomness.ACT, 0)[0]
    one = -math.expm1(-mean)
    two = one - mean * math.exp(-mean)
    number = sum(word < math.floor(chance * TWO_TO_32) for chance in (one, two))
    triggered = incident.words(randomness.TRIGGERED, incident.number)[0] / TWO_TO_32
    return [
        Line("one or more", "1 - exp(-mean)", one),
        Line("two or more", "less mean x exp(-mean)", two),
        Line("the draw", "a whole number below 2^32", word),
        Line("its share", "of 2^32", word / TWO_TO_32),
        Line("acts", "chances above that share", number),
        Line("triggered", "chance that grievance set it off", by_grievance / mean),
        Line("the draw", "it did" if triggered < by_grievance / mean else "it did not", triggered),
    ]


def age_curves(incident: WatchedIncident) -> list[float]:
    """Return exp f(age) of the aggressor for each venue, with the school holidays in them."""
    curves = incident.model.coefficients.age_curves
    years = (incident.age(incident.aggressor) + 0.5) / 12.0
    return [
        _curve(curves, v, years) * (math.exp(_holiday(incident)) if v == PEER else 1.0)
        for v in range(4)
    ]


def _curve(curves, v: int, years: float) -> float:
    onset, share = curves.onset[v], curves.persistent[v]
    x = (years - onset) / (curves.peak[v] - onset)
    steepness = curves.rise[v] if x < 1 else curves.fall[v]
    limited = math.exp(steepness * (math.log(x) - x + 1)) if x > 0 else 0.0
    past = max(years - curves.persistent_until[v], 0.0)
    lasting = (years >= max(14.0, onset)) * math.exp(-past / curves.persistent_fade[v])
    return math.exp(curves.level[v]) * ((1 - share) * limited + share * lasting)


def _holiday(incident: WatchedIncident) -> float:
    """Return what the school holidays take off the log rate among peers under 16."""
    values, month = incident.model.coefficients.acting, incident.model.then.month_of_year
    if incident.age(incident.aggressor) >= MONTHS_AT_16:
        return 0.0
    if month == 8:
        return values.season_school_august
    return values.season_school_holiday if month in (4, 12) else 0.0


def _by_grievance(incident: WatchedIncident) -> float:
    values, who = incident.model.coefficients.grievance, incident.aggressor
    months = incident.model.then.months
    y = ((incident.age(who) + 0.5) / 12.0 - 9.0) / (values.peak_age - 9.0)
    readiness = min(1.0, math.exp(values.age_shape * (math.log(y) - y + 1)))
    sex = values.male if who["male"] else values.female
    calm = math.exp(-values.self_regulation * float(who["self_regulation"]))
    each = values.acts_per_month * calm * readiness * sex
    return float(who["grievance"]) * each * values.decay * -math.expm1(-months / values.decay)
