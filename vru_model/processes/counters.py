"""The names of all that a world counts, by whose age, sex and home it is counted.

What happens stands beside what a service records of it, so that a service that records better
does not look like more violence. A counter named ``expected_...`` adds up each incident's own
probability of that end, given its features: it has the mean of the count, with less noise.
"""

RESIDENT_MEASURES = (
    "person_months",
    "custody_months",
    "trauma_months",
    "exclusions",
    "aces",
    "trauma_onsets",
)
"""Of residents, whatever they did or suffered. The first three are taken by a quarterly census."""

VICTIM_MEASURES = (
    "incidents",
    "injuries",
    "emergency_department_attendances",
    "admissions",
    "sharp_object_admissions",
    "homicides",
    "non_domestic_homicides",
    "knife_incidents",  # without robberies
    "robberies",
    "domestic_incidents",  # the aggressor is a partner or of the family
    "domestic_injuries",
    "victims",  # residents at their first incident of the model year
    "repeat_victims",  # residents at their second
    "police_recorded_incidents",
    "police_recorded_violence_with_injury",
    "police_recorded_robberies",
    "police_recorded_domestic_incidents",
    "knife_enabled_serious_violence",  # knife incidents that the police record
    "ambulance_recorded_incidents",
    "emergency_department_recorded_attendances",
    "hospital_recorded_admissions",
    "hospital_recorded_sharp_object_admissions",
    "survey_incidents",
    "expected_injuries",
    "expected_emergency_department_attendances",
    "expected_admissions",
    "expected_sharp_object_admissions",
    "expected_domestic_admissions",
    "expected_homicides",
    "expected_non_domestic_homicides",
    "expected_knife_enabled_serious_violence",
    "expected_knife_homicides",
)
"""Of the victims of incidents."""

AGGRESSOR_MEASURES = (
    "incidents",
    "injuries",
    "charges",
    "convictions",
    "first_sanctions",  # of those under 18 who never had one
    "custody_starts",
)
"""Of those who acted, and of what the courts did with them."""

NEIGHBOURHOOD_MEASURES = ("incidents", "expected_admissions", "person_months")
"""By the neighbourhood in which it happened; person-months by that of the home."""

COUNTERS = tuple(
    (role, name)
    for role, names in (
        ("resident", RESIDENT_MEASURES),
        ("victim", VICTIM_MEASURES),
        ("aggressor", AGGRESSOR_MEASURES),
    )
    for name in names
)
"""Every counter as (role, name), in the order of the cells."""
