"""What a year adds up to: who, by authority, deprivation decile, age band and sex."""

from collections import Counter

from reference.resident import Resident
from reference.victims import Incident
from reference.world import (
    ADMISSION,
    CUSTODY,
    DEATH,
    EMERGENCY,
    INJURY,
    at_least,
    of_venue,
    years,
)

BAND_STARTS = (0, 5, 10, 15, 16, 18, 20, *range(25, 91, 5))  # years
MONTHS_A_CENSUS = 3  # each quarter's stands for three person-months


class Counts:
    """The counts of one year, in Python's own words: (role, measure, cell) → number."""

    def __init__(self) -> None:
        self.cells: Counter = Counter()
        self.suffered: Counter[Resident] = Counter()  # incidents of each victim in the year

    def add(self, role: str, measure: str, resident: Resident, number: float = 1.0) -> None:
        """Count something of a resident, where they live, at their age."""
        if number:
            self.cells[role, measure, *cell(resident)] += number

    def take_census(self, residents) -> None:
        """Count who lives, who is in custody, and who has post-traumatic stress."""
        for resident in residents:
            if resident.alive:
                counted = {
                    "person_months": True,
                    "custody_months": resident.status == CUSTODY,
                    "trauma_months": resident.trauma,
                }
                for measure, holds in counted.items():
                    self.add("resident", measure, resident, holds * MONTHS_A_CENSUS)

    def count_incident(self, incident: Incident) -> None:
        """Count an incident, by its victim and by its aggressor."""
        before = self.suffered[incident.victim]
        self.suffered[incident.victim] += 1
        counted = happened(incident) | recorded(incident) | expected(incident)
        counted |= {"victims": before == 0, "repeat_victims": before == 1}
        for measure, number in counted.items():
            self.add("victim", measure, incident.victim, number)
        counted = {
            "incidents": True,
            "injuries": at_least(incident.severity, INJURY),
            "charges": incident.charged,
            "convictions": incident.convicted,
            "first_sanctions": incident.first_sanction,
            "custody_starts": incident.detained,
        }
        for measure, number in counted.items():
            self.add("aggressor", measure, incident.aggressor, number)


def cell(resident: Resident) -> tuple[int, int, str, str]:
    """Return the cell of a resident: authority, decile, age band, sex."""
    place = resident.neighbourhood
    band = sum(resident.age >= years(start) for start in BAND_STARTS) - 1
    low = BAND_STARTS[band]
    if low == BAND_STARTS[-1]:
        name = f"{low}+"
    else:
        high = BAND_STARTS[band + 1] - 1
        name = f"{low}-{high}" if high > low else str(low)
    return place.authority, place.decile, name, "male" if resident.male else "female"


def knife(incident: Incident) -> bool:
    """Say whether it was with a knife and no robbery."""
    return incident.weapon == "knife" and not incident.robbery


def domestic(incident: Incident) -> bool:
    """Say whether the aggressor was a partner or of the family."""
    return incident.relationship in ("partner", "family")


def happened(incident: Incident) -> dict[str, float]:
    """Return what happened, recorded or not."""
    severity = incident.severity
    return {
        "incidents": 1,
        "injuries": at_least(severity, INJURY),
        "emergency_department_attendances": at_least(severity, EMERGENCY),
        "admissions": severity == ADMISSION,
        "sharp_object_admissions": severity == ADMISSION and incident.weapon == "knife",
        "homicides": severity == DEATH,
        "non_domestic_homicides": severity == DEATH and not domestic(incident),
        "knife_incidents": knife(incident),
        "robberies": incident.robbery,
        "domestic_incidents": domestic(incident),
        "domestic_injuries": domestic(incident) and at_least(severity, INJURY),
    }


def recorded(incident: Incident) -> dict[str, float]:
    """Return what services record, and what a survey of those of 16 or over would find."""
    police, hospital = incident.recorded_by_police, incident.recorded_by_hospital
    surveyed = of_venue(incident.aggressor.model.values.services.survey, incident.venue)
    return {
        "police_recorded_incidents": police,
        "police_recorded_violence_with_injury": police and at_least(incident.severity, INJURY),
        "police_recorded_robberies": police and incident.robbery,
        "police_recorded_domestic_incidents": police and domestic(incident),
        "knife_enabled_serious_violence": police and knife(incident),
        "ambulance_recorded_incidents": incident.recorded_by_ambulance,
        "emergency_department_recorded_attendances": incident.recorded_by_emergency_department,
        "hospital_recorded_admissions": hospital,
        "hospital_recorded_sharp_object_admissions": hospital and incident.weapon == "knife",
        "survey_incidents": surveyed if incident.victim.age >= years(16) else 0,
    }


def expected(incident: Incident) -> dict[str, float]:
    """Return the chances of what could have happened."""
    with_knife = incident.weapon == "knife"
    return {
        "expected_injuries": incident.p_injury,
        "expected_emergency_department_attendances": incident.p_emergency,
        "expected_admissions": incident.p_admission,
        "expected_sharp_object_admissions": incident.p_admission * with_knife,
        "expected_domestic_admissions": incident.p_admission * domestic(incident),
        "expected_homicides": incident.p_death,
        "expected_non_domestic_homicides": incident.p_death * (not domestic(incident)),
        "expected_knife_enabled_serious_violence": incident.p_police * knife(incident),
        "expected_knife_homicides": incident.p_death * with_knife,
    }
