"""Treated places: which neighbourhoods a programme covers, and what it prevents there."""

from reference.world import NIGHT, PEER, STREET

# What is prevented in a neighbourhood -> in which venue.
PREVENTED_IN = {
    "street_prevention": STREET, "night_prevention": NIGHT, "peer_prevention": PEER,
}  # fmt: skip


class Treated:
    """The neighbourhoods that one programme treats."""

    def __init__(self, programme) -> None:
        self.programme, self.model = programme, programme.model
        self.order: list = []  # neighbourhoods, first those treated first
        self.year_of_order = 0
        self.places: list = []  # those treated now

    def choose(self) -> bool:
        """Choose the neighbourhoods of the step; say whether they are others than before.

        They are ranked when the programme opens and, where patrols follow hot spots, anew in each
        year. How many there are follows the staff; after the end they stay until all has faded.
        """
        before, programme, clock = self.places, self.programme, self.model.clock
        if programme.is_open:
            follow = self.model.on["patrol_follows_hot_spots"]
            if not self.order or (follow and clock.year != self.year_of_order):
                self.order, self.year_of_order = self.ranked(), clock.year
            self.places = self.order[: programme.funds.places(clock)]
        elif programme.strength == 0.0:
            self.places, self.order = [], []
        return self.places != before

    def ranked(self) -> list:
        """Return the covered neighbourhoods, most deprived or most violent first."""
        kind = self.programme.rule.places
        may = [place for place in self.model.neighbourhoods if place in self.programme.covered]
        if kind == "most_deprived":
            return sorted(may, key=lambda place: -place.deprivation)
        if kind == "night_time_economy":
            may = [place for place in may if place.has_nights_out]
        return sorted(may, key=lambda place: -place.recent * place.residents)

    def take_in_residents(self, moved: bool) -> None:
        """Let what falls on the residents of treated places fall on some, chosen at random."""
        if self.programme.document.reach.people_per_place and self.programme.is_open:
            if moved or self.programme.begins:
                self.programme.find_candidates(among=self.places)
            self.programme.take_in_candidates()


def guard_places(model) -> None:
    """Set what is prevented in each neighbourhood: shares combine as 1 - product(1 - p).

    p is presence (share of days and of the place) times the effect times the strength.
    """
    for place in model.neighbourhoods:
        for kind in PREVENTED_IN:
            left = 1.0
            for programme in model.programmes:
                if programme.treats and place in programme.treats.places:
                    prevents = programme.terms.presence * programme.size.get(kind, 0.0)
                    left *= 1.0 - prevents * programme.strength
            setattr(place, kind, 1.0 - left)
