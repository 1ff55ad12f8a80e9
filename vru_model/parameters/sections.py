"""The sections of ``parameters/model.yaml``: which numbers each process of the model needs.

One NamedTuple a process, one field a number, annotated with its unit. The kernels receive them
as they stand, so that a line of code reads like its equation in ``docs/ODD.md``.
"""

from typing import Annotated, NamedTuple

import numpy as np

from vru_model.parameters.units import Table, Unit

_LOG_RATE = Unit("log rate per month", -20.0, 3.0)
_LOG_ODDS = Unit("log odds", -15.0, 15.0)
_LOG_RATIO = Unit("log ratio", -6.0, 6.0)
_PROBABILITY = Unit("probability", 0.0, 1.0)
_PER_YEAR = Unit("per resident a year", 0.0, 5.0)

Share = Annotated[float, Unit("share", 0.0, 1.0)]
Probability = Annotated[float, _PROBABILITY]
LogRate = Annotated[float, _LOG_RATE]
LogRatePerYear = Annotated[float, Unit("log rate per year", -20.0, 3.0)]
LogOdds = Annotated[float, _LOG_ODDS]
LogRatio = Annotated[float, _LOG_RATIO]
LogFall = Annotated[float, Unit("log ratio, at most 0", -6.0, 0.0)]
Ratio = Annotated[float, Unit("ratio", 0.0, 100.0)]
RatePerMonth = Annotated[float, Unit("rate per month", 0.0, 30.0)]
RatePerYear = Annotated[float, _PER_YEAR]
Months = Annotated[float, Unit("months", 0.01, 1200.0)]
Years = Annotated[float, Unit("years", 0.0, 110.0)]
Kilometres = Annotated[float, Unit("km", 0.01, 500.0)]
Score = Annotated[float, Unit("standard deviations", -10.0, 10.0)]
Correlation = Annotated[float, Unit("correlation", -1.0, 1.0)]
Shape = Annotated[float, Unit("shape", 0.0, 50.0)]
Weight = Annotated[float, Unit("weight", 0.0, 100.0)]
Count = Annotated[float, Unit("count", 0.0, 100000.0)]

AgesOfVenue = Annotated[np.ndarray, Table(Unit("years", 0.0, 110.0), "venue")]
ShapesOfVenue = Annotated[np.ndarray, Table(Unit("shape", 0.0, 50.0), "venue")]
SharesOfVenue = Annotated[np.ndarray, Table(Unit("share", 0.0, 1.0), "venue")]
LogRatiosOfVenue = Annotated[np.ndarray, Table(_LOG_RATIO, "venue")]
ProbabilitiesOfVenue = Annotated[np.ndarray, Table(_PROBABILITY, "venue")]
LogRatiosOfAge = Annotated[np.ndarray, Table(_LOG_RATIO, "venue_age")]
SharesOfAge = Annotated[np.ndarray, Table(Unit("share", 0.0, 1.0), "venue_age")]
ProbabilitiesOfSeverity = Annotated[np.ndarray, Table(_PROBABILITY, "severity")]
MonthsOfSeverity = Annotated[
    np.ndarray, Table(Unit("months of custody", 0.0, 600.0), "severity")
]
RatesOfMovers = Annotated[np.ndarray, Table(_PER_YEAR, "move_age")]
RatesOfMothers = Annotated[np.ndarray, Table(_PER_YEAR, "birth_age")]


class Causes(NamedTuple):
    """What share of an observed association is a cause."""

    causal_share: Share


class Acting(NamedTuple):
    """The hazard of committing an act of violence."""

    base: LogRate
    male: LogRatio
    ace: LogRatio
    self_regulation: LogRatio
    peer_norm: LogRatio
    trauma: LogRatio
    history: LogRatio
    history_cap: Count
    deprivation: LogRatio
    collective_efficacy: LogRatio
    excluded: LogRatio
    neet: LogRatio
    sanction: LogRatio
    liability: LogRatio
    history_decay: Months
    sanction_decay: Months
    protection_ceiling: LogRatio
    rate_ceiling: RatePerMonth
    season: LogRatio
    season_peak: Annotated[float, Unit("month of the year", 1.0, 12.0)]
    season_school_august: LogFall
    season_school_holiday: LogFall


class AgeCurves(NamedTuple):
    """How acting rises and falls with age, apart for each venue."""

    onset: AgesOfVenue
    peak: AgesOfVenue
    rise: ShapesOfVenue
    fall: ShapesOfVenue
    level: LogRatiosOfVenue
    persistent: SharesOfVenue
    persistent_until: AgesOfVenue
    persistent_fade: AgesOfVenue


class Grievance(NamedTuple):
    """Activation after violence: grievance that fades, and the acts that it sets off."""

    acts_per_month: RatePerMonth
    self_regulation: LogRatio
    peak_age: Years
    age_shape: Shape
    male: Ratio
    female: Ratio
    decay: Months
    injured_victim: Weight
    uninjured_victim: Weight
    witness: Weight
    retaliation: Share
    at_aggressor: Share
    memory: Months


class Victims(NamedTuple):
    """Who is a victim: weights of a candidate, and the pools from which candidates come."""

    age: LogRatiosOfAge
    male: LogRatiosOfVenue
    history: LogRatio
    trauma: LogRatio
    liability: LogRatio
    greatest_weight: Weight
    partner: Share
    nearby: Share
    night_own_authority: Share
    night_regional_centre: Share
    night_attendance: SharesOfAge
    stranger: ProbabilitiesOfVenue


class Pairs(NamedTuple):
    """Repeated violence of one person against another."""

    child: Probability
    partner: Probability
    adult: Probability
    acts_per_month: RatePerMonth
    duration: Months
    history_weight: Weight


class Witnesses(NamedTuple):
    """Who sees violence happen."""

    peer: Probability
    public: Probability
    household: Probability
    ace: Probability


class Weapons(NamedTuple):
    """Whether a knife, or another weapon, is used."""

    knife: LogOdds
    knife_age: LogRatiosOfAge
    knife_household: LogRatio
    knife_neighbourhood: LogRatio
    knife_male: LogRatio
    knife_deprivation: LogRatio
    knife_history: LogRatio
    knife_excluded: LogRatio
    history_centre: Annotated[float, Unit("log count", 0.0, 3.0)]
    excluded_centre: Share
    other_weapon: Probability
    robbery: Probability


class Severity(NamedTuple):
    """How badly: a ladder of logits, each step given the one before."""

    injury: LogOdds
    injury_knife: LogRatio
    injury_night: LogRatio
    emergency: LogOdds
    emergency_knife: LogRatio
    emergency_male: LogRatio
    emergency_night: LogRatio
    emergency_household: LogRatio
    emergency_under_16: LogRatio
    emergency_16_17: LogRatio
    emergency_deprivation: LogRatio
    admission: LogOdds
    admission_knife: LogRatio
    admission_male: LogRatio
    admission_under_16: LogRatio
    admission_16_17: LogRatio
    admission_50_plus: LogRatio
    admission_household: LogRatio
    admission_deprivation: LogRatio
    death: LogOdds
    death_knife: LogRatio
    death_male: LogRatio
    death_under_16: LogRatio
    death_50_plus: LogRatio
    death_household: LogRatio


class Trauma(NamedTuple):
    """Post-traumatic stress: onset after violence, and recovery."""

    injured: Probability
    uninjured: Probability
    witness: Probability
    duration: Months
    treated: Share
    treated_ratio: Ratio
    at_start: Share


class EarlyLife(NamedTuple):
    """Adverse childhood experiences (ACEs) and self-regulation."""

    base: LogRate
    deprivation: LogRatio
    carer_violent: LogRatio
    carer_ace: LogRatio
    carer_trauma: LogRatio
    liability: LogRatio
    violent_history: Count
    self_regulation_loss: Score
    early_weight: Ratio


class Families(NamedTuple):
    """What children share with those who bring them up."""

    liability_correlation: Correlation


class Peers(NamedTuple):
    """Ties between young people, and norms that pass along them."""

    learning: RatePerMonth
    violent_history: Count
    scale: Weight
    rewired: Share
    likeness: Share


class Schooling(NamedTuple):
    """Permanent exclusion and return; not in education, employment or training (NEET)."""

    exclusion: LogRate
    exclusion_self_regulation: LogRatio
    exclusion_ace: LogRatio
    exclusion_history: LogRatio
    exclusion_deprivation: LogRatio
    exclusion_male: LogRatio
    return_rate: RatePerMonth
    neet: LogOdds
    neet_self_regulation: LogRatio
    neet_deprivation: LogRatio
    neet_ace: LogRatio
    neet_excluded: LogRatio
    neet_entry_young: RatePerMonth
    neet_entry_adult: RatePerMonth
    neet_exit: RatePerMonth
    excluded_at_start: Share
    neet_young_at_start: Share
    neet_adult_at_start: Share


class Neighbourhoods(NamedTuple):
    """Recent violence, fear and collective efficacy, and what they do to one another."""

    violence_decay: Months
    usual_incidents: Annotated[float, Unit("incidents per 1,000 a month", 0.01, 100.0)]
    fear_decay: Months
    efficacy_relaxation: Months
    efficacy_deprivation: LogRatio
    efficacy_fear: LogRatio


class Services(NamedTuple):
    """What police, ambulance, hospitals, courts and the Crime Survey each see."""

    police: ProbabilitiesOfSeverity
    police_under_16: Ratio
    police_knife: Ratio
    police_ceiling: Probability
    ambulance: ProbabilitiesOfSeverity
    emergency_department: ProbabilitiesOfSeverity
    hospital: ProbabilitiesOfSeverity
    survey: ProbabilitiesOfVenue
    charge: ProbabilitiesOfSeverity
    conviction: Probability
    custody: ProbabilitiesOfSeverity
    custody_under_18: Ratio
    custody_months: MonthsOfSeverity


class Demography(NamedTuple):
    """Births, deaths, moves and partnerships."""

    death_male: LogRatePerYear
    death_female: LogRatePerYear
    death_age: Annotated[float, Unit("log ratio per year of age", 0.0, 0.5)]
    death_infant: RatePerYear
    death_deprivation: LogRatio
    births: RatesOfMothers
    births_deprivation: LogRatio
    male_births: Share
    moves: RatesOfMovers
    leaving_home: RatePerYear
    move_distance: Kilometres
    move_deprivation: Score
    separation: RatePerYear
    partnering: RatePerYear


class WarmUp(NamedTuple):
    """The months before year 1 in which the fast states settle."""

    months: Months


class Selection(NamedTuple):
    """How well practitioners can tell who is at risk."""

    observability: Share


class Coefficients(NamedTuple):
    """Every behavioural parameter, in the sections in which the documents keep them."""

    causes: Causes
    acting: Acting
    age_curves: AgeCurves
    grievance: Grievance
    victims: Victims
    pairs: Pairs
    witnesses: Witnesses
    weapons: Weapons
    severity: Severity
    trauma: Trauma
    early_life: EarlyLife
    families: Families
    peers: Peers
    schooling: Schooling
    neighbourhoods: Neighbourhoods
    services: Services
    demography: Demography
    warm_up: WarmUp
    selection: Selection


SECTIONS: dict[str, type] = dict(Coefficients.__annotations__)
