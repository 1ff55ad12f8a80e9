"""The measures that a paper shows, with the words for them.

The Home Office judges a Violence Reduction Unit on three: hospital admissions for assault with a
sharp object, knife-enabled serious violence and non-domestic homicide, each for everybody and for
victims under 25. The model counts them as *expected* numbers, the sum over incidents of each
one's probability of such an end: the mean is that of the count, with less noise of chance.
"""

from __future__ import annotations

from dataclasses import dataclass

from vru_model.experiments.compare import ALL_AGES, COMPARED, GROUPS, HORIZONS, UNDER_25

__all__ = ["ALL_AGES", "GROUPS", "HORIZONS", "UNDER_25"]


@dataclass(frozen=True)
class Measure:
    """A named quantity: how the results call it, and what it means."""

    name: str
    definition: str

    @property
    def plural(self) -> str:
        """Return what a paper calls it."""
        return COMPARED[self.name]

    @property
    def key(self) -> str:
        """Return the name by which a notebook asks for it: "sharp_object_admissions"."""
        return self.name.removeprefix("expected_")

    def of(self, group: str) -> str:
        """Return the measure for a group of victims, as it stands within a sentence."""
        return self.plural if group == ALL_AGES else f"{self.plural} of under-25s"


SHARP_OBJECT_ADMISSIONS = Measure(
    name="expected_sharp_object_admissions",
    definition="People admitted to hospital after an assault with a knife or other sharp object.",
)
KNIFE_ENABLED_SERIOUS_VIOLENCE = Measure(
    name="expected_knife_enabled_serious_violence",
    definition="Violence with a knife that the police record; robbery is left out.",
)
NON_DOMESTIC_HOMICIDES = Measure(
    name="expected_non_domestic_homicides",
    definition="Deaths by violence in which victim and aggressor were neither partners nor family.",
)
HOME_OFFICE_MEASURES = (
    SHARP_OBJECT_ADMISSIONS,
    KNIFE_ENABLED_SERIOUS_VIOLENCE,
    NON_DOMESTIC_HOMICIDES,
)
HEADLINE_MEASURE = SHARP_OBJECT_ADMISSIONS
HEADLINE_GROUP = UNDER_25
HEADLINE_YEARS = (3, 10)
