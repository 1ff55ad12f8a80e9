"""Phase 7a: who acts. The hazard of violence, and the acts that grievances set off.

A resident's rate of acting is a sum over venues of rates that share the person's terms::

    eta_v  = base + f_v(age) + person, place and season terms
    Lambda = dt * exp(min(ln sum_v exp(eta_v), 1)) + omega * G * tau * (1 - exp(-dt / tau))

and the number of acts in a step is Poisson, from one word by inversion. The second, additive
term is a Hawkes process: grievance G left by violence suffered sets off acts at the rate
``omega * G`` while it fades with time constant ``tau``, so the triggered share is measured
directly (Mohler and others 2011; Green, Horel and Papachristos 2017 for violence).
"""

import math
from typing import NamedTuple

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel
from vru_model.people import CUSTODY, MONTHS_AT_10, MONTHS_AT_16, NEET
from vru_model.people import EXCLUDED as EXCLUDED_STATUS
from vru_model.prefetching import AHEAD, prefetch, prefetch_to_draw
from vru_model.processes.act_bounds import EFFICACY_SLACK, FIRST_BOUND, SETTLED
from vru_model.processes.records import (
    ACT,
    FIRST_ECHO,
    OWN,
    TRIGGERED,
    add_act,
    joined,
)
from vru_model.traces import (
    grievance_of,
    has_trauma,
    history_of,
    norm_of,
    sanction_of,
)

OLDEST = 1680  # months: tables by age run to 140 years
MOST_ACTS = 6
_HIGHEST_LOG_RATE = 1.0


class AgeTables(NamedTuple):
    """Rates by age in months."""

    venue: np.ndarray  # exp f_v(age), shape (OLDEST, venues)
    log_total: np.ndarray  # log of their sum, shape (OLDEST,)
    grievance: np.ndarray  # act(age), 0-1, shape (OLDEST,)
    log_peak: np.ndarray  # greatest log_total of the time to come, school in session
    grievance_peak: np.ndarray  # greatest act(age) of the time to come


_tables: dict[tuple, AgeTables] = {}
_TABLES_KEPT = 8  # a year has three values of `pupils`


def age_tables(age_curves, grievance, pupils: float = 0.0) -> AgeTables:
    """Return rates by age in months; see ``_tabulate``. They are kept from step to step."""
    content = (np.asarray(value).tobytes() for value in (*age_curves, *grievance))
    key = (pupils, *content)
    if key not in _tables:
        if len(_tables) == _TABLES_KEPT:
            _tables.clear()
        _tables[key] = _tabulate(age_curves, grievance, pupils)
    return _tables[key]


def _tabulate(age_curves, grievance, pupils: float) -> AgeTables:
    """Tabulate the two-component age curves of the venues.

    ``f = ln[(1 - pi) g + pi * 1{age >= 14} * exp(-max(age - until, 0) / fade)]`` with
    ``g = exp{kappa (ln x - x + 1)}``, ``x = (age - onset) / (peak - onset)``: adolescence-limited
    and persistent parts (Moffitt 1993), because one peak cannot match both adolescent and adult
    levels. ``pupils`` is what the school holidays add for peers under 16.
    """
    age = (np.arange(OLDEST) + 0.5) / 12.0
    venue = np.zeros((OLDEST, 4))
    for v in range(4):
        limited = _rise_and_fall(
            age, age_curves.onset[v], age_curves.peak[v], age_curves.rise[v], age_curves.fall[v]
        )
        past = np.maximum(age - age_curves.persistent_until[v], 0.0)
        lasting = (age >= max(14.0, age_curves.onset[v])) * np.exp(
            -past / age_curves.persistent_fade[v]
        )
        share = age_curves.persistent[v]
        venue[:, v] = math.exp(age_curves.level[v]) * ((1 - share) * limited + share * lasting)
    venue[:MONTHS_AT_10] = 0.0
    in_session = venue.copy()
    venue[:MONTHS_AT_16, 0] *= math.exp(pupils)
    by_age = _rise_and_fall(age, 9.0, grievance.peak_age, grievance.age_shape, grievance.age_shape)
    by_age[:MONTHS_AT_10] = 0.0
    by_age = np.minimum(1.0, by_age)
    greatest = np.maximum(venue, in_session).sum(axis=1)
    return AgeTables(
        venue, _log(venue.sum(axis=1)), by_age, _log(_peak_ahead(greatest)), _peak_ahead(by_age)
    )


def _log(rate: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(rate, 1e-300))


def _peak_ahead(by_month: np.ndarray) -> np.ndarray:
    """Return the greatest value from each month of age on: of a year, or of a life from 30 on."""
    ahead = np.concatenate([by_month, np.zeros(12)])
    of_year = np.lib.stride_tricks.sliding_window_view(ahead, 13).max(axis=1)
    of_life = np.maximum.accumulate(by_month[::-1])[::-1]
    return np.where(np.arange(OLDEST) < SETTLED, of_year, of_life)


def _rise_and_fall(age, onset, peak, rise, fall) -> np.ndarray:
    x = np.maximum((age - onset) / (peak - onset), 1e-9)
    steepness = np.where(x < 1, rise, fall)
    return np.where(age > onset, np.exp(steepness * (np.log(x) - x + 1)), 0.0)


@inlined
def person_log_rate(people, i, area_deprivation, area_efficacy, fading, acting):
    """Return the log rate of acting apart from base, age and season."""
    log_rate = (
        acting.male * people.profile[i].male
        + acting.ace * people.state[i].ace
        - acting.self_regulation * people.state[i].self_regulation
        + acting.peer_norm * norm_of(people, i, fading)
        + acting.trauma * has_trauma(people, i, fading)
        + acting.sanction * sanction_of(people, i, fading)
        + acting.liability * people.state[i].liability
        + acting.deprivation * area_deprivation
        - acting.collective_efficacy * area_efficacy
    )
    history = history_of(people, i, fading)
    if history > 0.0:
        log_rate += acting.history * math.log1p(min(history, acting.history_cap))
    if people.state[i].protection != 0.0:
        log_rate -= saturated(people.state[i].protection, acting.protection_ceiling)
    if people.profile[i].status == EXCLUDED_STATUS:
        log_rate += acting.excluded
    elif people.profile[i].status == NEET:
        log_rate += acting.neet
    return log_rate


@inlined
def saturated(protection, ceiling):
    """Return what programmes take off the log rate in all: ``c (1 - exp(-sum / c))``.

    No source supports multiplying effects across programmes, so together they approach a
    ceiling. Harm (a negative sum) is not softened.
    """
    if protection <= 0.0:
        return np.float64(protection)
    return -ceiling * math.expm1(-protection / ceiling)


@inlined
def acts_per_grievance(people, i, readiness, grievance):
    """Return the acts a month that one unit of grievance sets off, at some readiness of age."""
    sex = grievance.male if people.profile[i].male else grievance.female
    return (
        grievance.acts_per_month
        * math.exp(-grievance.self_regulation * people.state[i].self_regulation)
        * readiness
        * sex
    )


@inlined
def own_rate(log_rate, age, tables):
    """Return acts a month over all venues, held below exp(1)."""
    return math.exp(min(log_rate + tables.log_total[age], _HIGHEST_LOG_RATE))


def find_acts(people, count: int, *others) -> np.ndarray:
    """Return the acts of the step (dtype ACT), in the order of residents.

    Acts of a repeated pair are their own Poisson process beside these (``pairs``). Only residents
    whose word lies below their bound are looked at; each look sets the bound anew for the time
    to come (``act_bounds``).
    """
    block, acts = sweeps.a_block(), np.empty(sweeps.BLOCK * MOST_ACTS, ACT)
    done, parts = 0, []
    while done < count:
        done, found = _find_acts(people, count, done, block, acts, *others)
        parts.append(acts[:found].copy())
    return joined(parts) if parts else acts[:0]


@kernel
def _find_acts(
    people, count, first, block, acts, areas, tables, key, clock, months, month, fading,
    base, acting, grievance,
):  # fmt: skip
    """Find acts from one resident on, until all are done or there is no room for a block's.

    ``base`` is the level with the season. Returns where to go on, and how many acts were found.
    """
    found = 0
    lasting = grievance.decay * (1.0 - math.exp(-months / grievance.decay))
    ceiling = acting.rate_ceiling * months
    bounds, identifiers = people.act_bound[:count], people.identifier[:count]
    while first < count:
        hits = sweeps.below_bounds(key, identifiers, bounds, first, clock, randomness.ACT, block)
        if found + hits * MOST_ACTS > len(acts):
            return first, found
        first += sweeps.BLOCK
        for n in range(hits):
            prefetch(people, block.positions[n])
        for n in range(hits):
            i = block.positions[n]
            age = month - people.profile[i].birth_month
            if people.profile[i].status >= CUSTODY or age < FIRST_BOUND:
                bounds[i] = 0
                continue
            place = people.profile[i].neighbourhood
            person = person_log_rate(
                people, i, areas[place].deprivation, areas[place].efficacy, fading, acting
            )
            aggrieved = lasting * grievance_of(people, i, fading)
            at_most = _greatest_mean(
                people, i, age, person, aggrieved, months, tables, fading, acting, grievance
            )
            bounds[i] = randomness.bound(at_most)
            word = block.low[n]
            if word >= bounds[i] or age < MONTHS_AT_10:
                continue
            own = months * own_rate(base + person, age, tables)
            triggered = 0.0
            if aggrieved > 0.0:
                triggered = aggrieved * acts_per_grievance(
                    people, i, tables.grievance[age], grievance
                )
            number = randomness.poisson_count(word, min(own + triggered, ceiling), MOST_ACTS)
            for k in range(number):
                origin = OWN
                if triggered > 0.0:
                    word = randomness.word(
                        key, people.identifier[i], clock, randomness.TRIGGERED, k
                    )
                    if randomness.happens(word, triggered / (own + triggered)):
                        origin = TRIGGERED
                found = add_act(acts, found, i, k, origin)
    return first, found


@inlined
def _greatest_mean(
    people, i, age, person, aggrieved, months, tables, fading, acting, grievance
):
    """Return what the mean number of acts can rise to in the time to come if nothing happens.

    Age and season move along known curves, norms towards their level. Collective efficacy may
    rise by EFFICACY_SLACK before the look and fall by as much below its starting point after
    it. What fades is taken as it stands, or as gone where that is worse.
    """
    norm = norm_of(people, i, fading)
    margin = (
        max(acting.peer_norm * (people.state[i].norm_level - norm), -acting.peer_norm * norm, 0.0)
        + max(-acting.sanction * sanction_of(people, i, fading), 0.0)
        + max(-acting.trauma * has_trauma(people, i, fading), 0.0)
        + max(-acting.neet, -acting.excluded, 0.0)
        + abs(acting.collective_efficacy) * 2.0 * EFFICACY_SLACK
    )
    if acting.history < 0.0:
        history = min(history_of(people, i, fading), acting.history_cap)
        margin -= acting.history * math.log1p(history)
    log_rate = acting.base + abs(acting.season) + person + margin
    own = math.exp(min(log_rate + tables.log_peak[age], _HIGHEST_LOG_RATE))
    triggered = 0.0
    if aggrieved > 0.0:
        triggered = aggrieved * acts_per_grievance(people, i, tables.grievance_peak[age], grievance)
    return min(months * own + triggered, acting.rate_ceiling * months)


def find_echoes(people, touched: np.ndarray, *others) -> np.ndarray:
    """Return the acts that this step's own grievances set off before it ends.

    Of the grievance that arises in a step, the share ``1 - (tau/dt)(1 - exp(-dt/tau))`` acts
    inside it. One pass only: what these acts leave behind acts from the next step on.
    """
    acts = np.empty(len(touched) * MOST_ACTS, ACT)
    return acts[: _find_echoes(people, touched, acts, *others)]


@kernel
def _find_echoes(people, touched, acts, fresh, tables, key, clock, months, month, grievance):
    found = 0
    share = 1.0 - grievance.decay / months * (1.0 - math.exp(-months / grievance.decay))
    for n in range(len(touched)):
        prefetch_to_draw(people, touched[min(n + AHEAD, len(touched) - 1)])
        i = touched[n]
        age = month - people.profile[i].birth_month
        if people.profile[i].status >= CUSTODY or age < MONTHS_AT_10:
            continue
        mean = (
            fresh[i]
            * acts_per_grievance(people, i, tables.grievance[age], grievance)
            * grievance.decay
            * share
        )
        word = randomness.word(key, people.identifier[i], clock, randomness.ECHO, 0)
        for k in range(randomness.poisson_count(word, mean, MOST_ACTS)):
            found = add_act(acts, found, i, FIRST_ECHO + k, TRIGGERED)
    return found


def log_risks(people, residents: np.ndarray, *others) -> np.ndarray:
    """Return the log rate of acting of some residents: the truth that practitioners glimpse."""
    risks = np.full(len(residents), -30.0)
    _fill_log_risks(risks, people, residents, *others)
    return risks


@kernel
def _fill_log_risks(risks, people, residents, areas, tables, month, base, fading, acting):
    for n in range(len(residents)):
        prefetch(people, residents[min(n + AHEAD, len(residents) - 1)])
        i = residents[n]
        age = month - people.profile[i].birth_month
        if age >= MONTHS_AT_10:
            place = people.profile[i].neighbourhood
            person = person_log_rate(
                people, i, areas[place].deprivation, areas[place].efficacy, fading, acting
            )
            risks[n] = base + person + tables.log_total[age]
