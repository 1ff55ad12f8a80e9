"""The Mesa agents: neighbourhoods, programmes and services. Residents are rows of ``people``."""

import mesa
import numpy as np

from vru_model.programmes.delivery import Delivered


class Neighbourhood(mesa.Agent):
    """A view of one neighbourhood; its state lives in the model's ``areas``."""

    def __init__(self, model: mesa.Model, row: int) -> None:
        """Look at one row of the place's neighbourhoods."""
        super().__init__(model)
        self.row = row

    @property
    def code(self) -> str:
        """Return the neighbourhood's code."""
        return str(self.model.place.neighbourhoods["neighbourhood"].iat[self.row])

    @property
    def deprivation(self) -> float:
        """Return its deprivation, a standard score."""
        return float(self.model.areas["deprivation"][self.row])

    @property
    def recent_violence(self) -> float:
        """Return its incidents per 1,000 residents a month, fading over six months."""
        return float(self.model.areas["recent"][self.row])

    @property
    def fear(self) -> float:
        """Return its fear; 1 is usual."""
        return float(self.model.areas["fear"][self.row])

    @property
    def collective_efficacy(self) -> float:
        """Return its collective efficacy, a standard score."""
        return float(self.model.areas["efficacy"][self.row])

    @property
    def guardianship(self) -> float:
        """Return the share of its street incidents that programmes prevent."""
        return float(self.model.areas["street_prevention"][self.row])


class Programme(mesa.Agent):
    """One programme as the strategy funds it."""

    def __init__(self, model: mesa.Model, delivered: Delivered) -> None:
        """Hold the delivery."""
        super().__init__(model)
        self.delivered = delivered

    @property
    def title(self) -> str:
        """Return the programme's name for people."""
        return self.delivered.document.title

    @property
    def enrolled(self) -> int:
        """Return how many simulated residents are enrolled now."""
        model = self.model
        return len(model.portfolio.register.enrolled(self.delivered.number, model.clock.step))

    @property
    def spend(self) -> float:
        """Return what is spent in the current year, in £ at full size."""
        return self.delivered.funds.money_in(self.model.clock.year)


class Service(mesa.Agent):
    """A service that sees its own part of the violence."""

    def __init__(self, model: mesa.Model, title: str, field: str) -> None:
        """Count the incidents whose ``field`` is true."""
        super().__init__(model)
        self.title = title
        self.field = field
        self.recorded = 0

    def observe(self, incidents) -> None:
        """Count what this service recorded in a step."""
        self.recorded = int(np.count_nonzero(incidents[self.field]))


SERVICES = (
    ("police", "recorded_by_police"),
    ("ambulance", "recorded_by_ambulance"),
    ("emergency departments", "recorded_by_emergency_department"),
    ("hospitals", "recorded_by_hospital"),
)

REPORTERS = {
    "incidents": lambda model: len(model.happened) * model.weight,
    "residents": lambda model: int(model.people.living * model.weight),
    "enrolled": lambda model: (
        model.portfolio.register.number_present(model.clock.step) * model.weight
    ),
}
"""What the model's data collector keeps of each step, at full size."""
