"""Neighbourhoods: what lies near what, and recent violence C, fear F, collective efficacy CE."""

import itertools
import math

import mesa
import numpy as np

from reference.world import single

NEAR = 8
MOST_DESTINATIONS = 1024


class Neighbourhood(mesa.Agent):
    """One neighbourhood: what it is, and how it follows the violence in it."""

    def __init__(self, model: mesa.Model, row: int) -> None:
        super().__init__(model)
        table = model.place.neighbourhoods.iloc[row]
        values = model.values.neighbourhoods
        self.row = row
        self.authority = int(table["local_authority"])
        self.code = str(table["neighbourhood"])
        self.ward = table.get("ward")  # of places that have wards
        self.decile = int(table["deprivation_decile"])
        self.peer_area = int(table["peer_area"])
        self.point = (float(table["x_km"]), float(table["y_km"]))
        self.full_size = int(table["residents"])
        self.has_nights_out = table["night_exposure"] > 0
        self.deprivation = float(table["deprivation"])  # D
        self.usual_efficacy = values.efficacy_deprivation * self.deprivation
        self.efficacy = self.usual_efficacy  # CE
        self.fear = 1.0  # F, 1 is usual
        self.recent = values.usual_incidents  # C, incidents per 1,000 residents a month
        self.residents = 0  # counted once a year
        # Shares of incidents that programmes prevent: in the street, on nights out, among peers.
        self.street_prevention = self.night_prevention = self.peer_prevention = 0.0
        self.pool: list = []  # residents of ten or more, gathered once a year
        self.near: list[Neighbourhood] = []
        self.destinations: list[Neighbourhood] = []
        self.running_chances: list[float] = []

    def look_around(self) -> None:
        """Find the nearest neighbourhoods, and where people who move from here go.

        A destination's weight is residents * exp(-km / distance) * exp(-|dD| / scale).
        """
        others = [place for place in self.model.neighbourhoods if place is not self]
        others.sort(key=self.distance)  # equally far: in the order of the place
        demography = self.model.values.demography
        self.near = others[:NEAR] or [self]
        self.destinations = others[:MOST_DESTINATIONS] or [self]
        running = list(
            itertools.accumulate(
                place.full_size
                * math.exp(-self.distance(place) / demography.move_distance)
                * math.exp(
                    -abs(place.deprivation - self.deprivation) / demography.move_deprivation
                )
                for place in self.destinations
            )
        )
        self.running_chances = [single(weight / running[-1]) for weight in running]

    def distance(self, other: "Neighbourhood") -> float:
        """Return the distance in km."""
        return float(np.hypot(self.point[0] - other.point[0], self.point[1] - other.point[1]))

    def follow_violence(self, incidents: list) -> None:
        """Let C follow the incidents of the step, F follow C, and CE its own level and F.

        ``C += (1 - e^(-dt/tau)) (rate - C)``, and likewise F towards C over its usual level,
        CE towards its own level plus (fear - 1) times its effect.
        """
        values, months = self.model.values.neighbourhoods, self.model.clock.months
        happened = sum(incident.place is self for incident in incidents)
        rate = 1000.0 * happened / max(self.residents, 1) / months

        def follow(state: float, level: float, decay: float) -> float:
            return state - math.expm1(-months / decay) * (level - state)

        self.recent = follow(self.recent, rate, values.violence_decay)
        self.fear = follow(self.fear, self.recent / values.usual_incidents, values.fear_decay)
        loop = self.model.on["fear_and_efficacy"] * values.efficacy_fear
        level = self.usual_efficacy + loop * (self.fear - 1.0)
        self.efficacy = follow(self.efficacy, level, values.efficacy_relaxation)


class Household:
    """People who live together, in the order of a round table: those born sit by their mother."""

    def __init__(self, number: int, neighbourhood: Neighbourhood) -> None:
        self.number = number
        self.neighbourhood = neighbourhood
        self.members: list = []

    def others(self, resident) -> list:
        """Return the others, from a resident's seat onwards round the table."""
        seat = self.members.index(resident)
        return self.members[seat + 1 :] + self.members[:seat]

    def seat_after(self, member, resident) -> None:
        """Let a resident take the seat after a member's."""
        self.members.insert(self.members.index(member) + 1, resident)
