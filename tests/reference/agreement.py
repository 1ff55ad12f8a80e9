"""Holds the fast model to the plain one: the same incidents, residents and neighbourhoods.

What is whole must be equal; what is kept in single precision must agree to ``CLOSE``.
"""

from collections import Counter

import numpy as np
import pandas as pd
from reference_model import ReferenceModel

from reference.acting import FIRST_ECHO
from reference.treated import PREVENTED_IN
from reference.world import PAIR, RETALIATION, SEVERITIES, VENUES
from vru_model.model import ViolenceModel
from vru_model.people import AGE_BAND_STARTS, AGE_BANDS, NEVER, NOBODY, STATUS_NAMES
from vru_model.processes.records import ORIGINS, RELATIONSHIPS, WEAPONS

CLOSE = {"rtol": 1e-5, "atol": 1e-6}
NAMES = {
    "origin": ORIGINS, "venue": VENUES, "relationship": RELATIONSHIPS,
    "severity": SEVERITIES, "weapon": WEAPONS,
}  # fmt: skip
FLAGS = (
    "number", "robbery", "recorded_by_police", "recorded_by_ambulance",
    "recorded_by_emergency_department", "recorded_by_hospital", "charged", "convicted",
    "first_sanction", "detained",
)  # fmt: skip
SINGLE = ("calmed", "p_injury", "p_emergency", "p_admission", "p_death", "p_police")

WHOLE_STATE = (
    "identifier", "birth_month", "male", "ace", "trauma", "ever_excluded", "household_ace",
    "opponent_until",
)  # fmt: skip
SINGLE_STATE = (
    "liability", "self_regulation", "peer_norm", "grievance", "history", "sanction",
    "protection", "exclusion_protection", "ace_protection",
)  # fmt: skip


class Worlds:
    """The same world in both programs."""

    def __init__(self, place, scenario, scale: float, **options) -> None:
        self.fast = ViolenceModel(place, scenario, scale, **options)
        self.plain = ReferenceModel(place, scenario, scale, **options)
        self.incidents: list = []  # of the plain model
        self.row = self._rows()
        self.check_state()

    def run(self, steps: int) -> "Worlds":
        """Take steps in both, comparing the incidents of each and the state after the last."""
        for _ in range(steps):
            self.fast.step()
            self.plain.step()
            self.row = self._rows()
            self._check_incidents()
            self._check_pathways()
            self._check_overlap()
            self.incidents += self.plain.happened
        self.check_state()
        self._check_ties()
        self._check_counts()
        return self

    def count(self, **features) -> int:
        """Return how many incidents had these features."""
        return sum(
            all(getattr(incident, name) == value for name, value in features.items())
            for incident in self.incidents
        )

    @property
    def echoes(self) -> int:
        """How many incidents were echoes within their step."""
        return sum(incident.number >= FIRST_ECHO for incident in self.incidents)

    def _rows(self) -> dict:
        rows = {resident: row for row, resident in enumerate(self.plain.residents)}
        return {**rows, None: NOBODY}

    def _check_incidents(self) -> None:
        fast, plain = self.fast.happened, self.plain.happened
        when = f"step {self.fast.clock.step - 1}"
        ours = [
            (
                self.row[i.aggressor], self.row[i.victim], i.place.row,
                *(getattr(i, name) for name in (*NAMES, *FLAGS)),
            )
            for i in plain
        ]  # fmt: skip
        theirs = [
            (
                *(int(i[name]) for name in ("aggressor", "victim", "neighbourhood")),
                *(names[i[field]] for field, names in NAMES.items()),
                *(i[name].item() for name in FLAGS),
            )
            for i in fast
        ]  # fmt: skip
        assert ours == theirs, when
        for name in SINGLE:
            mine = np.array([getattr(i, name) for i in plain])
            np.testing.assert_allclose(fast[name], mine, err_msg=f"{name}, {when}", **CLOSE)

    def check_state(self) -> None:
        """Compare every resident, enrolment and neighbourhood."""
        table = self.fast.people.column
        residents = list(self.plain.residents)
        assert len(self.fast.people) == len(residents)
        for name in WHOLE_STATE:
            mine = np.array([getattr(resident, name) for resident in residents])
            np.testing.assert_array_equal(table(name), mine, err_msg=name)
        for name in SINGLE_STATE:
            mine = np.array([getattr(resident, name) for resident in residents])
            np.testing.assert_allclose(table(name), mine, err_msg=name, **CLOSE)
        kinds = (None, RETALIATION, PAIR)
        for name, of in {
            "status": lambda r: STATUS_NAMES.index(r.status),
            "neighbourhood": lambda r: r.neighbourhood.row,
            "household": lambda r: r.household.number,
            "next_in_household": lambda r: self.row[next(iter(others(r)), r)],
            "carer": lambda r: self.row[r.carer],
            "partner": lambda r: self.row[r.partner],
            "opponent": lambda r: self.row[r.opponent],
            "opponent_kind": lambda r: kinds.index(r.opponent_kind),
            "status_until": lambda r: NEVER if r.status_until is None else r.status_until,
        }.items():
            mine = np.array([of(resident) for resident in residents])
            np.testing.assert_array_equal(table(name), mine, err_msg=name)
        self._check_register()
        self._check_neighbourhoods()

    def _check_ties(self) -> None:
        rows = self.fast.people.column("peer_row")
        for resident, row in zip(self.plain.residents, rows, strict=True):
            if row == NOBODY:
                assert resident.peers is None
            else:
                ties = self.fast.contacts.ties.peers[row]
                mine = [self.row[peer] for peer in resident.peers]
                young = self.fast.contacts.ties.young
                assert young[ties[ties != NOBODY]].tolist() == mine

    def _check_register(self) -> None:
        register = self.fast.portfolio.register.rows
        number = {programme: n for n, programme in enumerate(self.plain.programmes)}
        mine = [
            (self.row[e.resident], number[e.programme], e.start, e.end, e.left_early)
            for e in self.plain.register
        ]
        fields = ["resident", "programme", "start", "end", "left_early"]
        assert register[fields].tolist() == mine
        doses = [enrolment.dose for enrolment in self.plain.register]
        np.testing.assert_allclose(register["dose"], doses, **CLOSE)
        shields = self.fast.portfolio.register.shields
        for name, theirs in (("home_shield", shields.home), ("victim_shield", shields.victim)):
            mine = np.array([getattr(resident, name) for resident in self.plain.residents])
            theirs = theirs[: len(mine)] if len(theirs) else np.zeros(len(mine))
            np.testing.assert_allclose(theirs, mine, err_msg=name, **CLOSE)

    def _check_pathways(self) -> None:
        """Compare how many people reached each stage of each programme this year, by group."""
        for fast, plain in zip(
            self.fast.portfolio.programmes, self.plain.programmes, strict=True
        ):
            mine: Counter = Counter()
            for (stage, code, decile, age, sex), number in plain.pathway.items():
                band = AGE_BANDS[sum(age >= start for start in AGE_BAND_STARTS) - 1]
                mine[stage, code, decile, band, sex] += number
            theirs = {}
            for stage, cells, reached in fast.counts.reached():
                groups, labels = fast.counts.cells.codes(cells), self.fast.tally.labels
                named = {
                    name: [labels[name][code] for code in codes] if name in labels else codes
                    for name, codes in groups.items()
                }
                names = ("local_authority", "deprivation_decile", "age_band", "sex")
                keys = zip(*(named[name] for name in names), strict=True)
                theirs |= {
                    (stage, *key): number for key, number in zip(keys, reached, strict=True)
                }
            assert theirs == mine, f"{plain.name}, step {self.fast.clock.step - 1}"

    def _check_overlap(self) -> None:
        theirs = self.fast.portfolio.overlap.months
        mine = [self.plain.overlap[name] for name in theirs]
        np.testing.assert_allclose(list(theirs.values()), mine, **CLOSE)

    def _check_counts(self) -> None:
        """Compare what the two data collectors kept; the fast one's counts are at full size."""
        ours = self.plain.datacollector.get_model_vars_dataframe()
        theirs = self.fast.datacollector.get_model_vars_dataframe()[ours.columns]
        np.testing.assert_array_equal((theirs / self.fast.weight).round(), ours)
        self._check_cells()

    def _check_cells(self) -> None:
        """Compare every cell of the year's counts so far, of every measure that both count."""
        year = self.fast.clock.year
        codes = [authority.code for authority in self.fast.place.authorities]
        columns = ["role", "measure", "local_authority", "deprivation_decile", "age_band", "sex"]
        found = self.fast.tally.measures(year).set_index(columns)["value"] / self.fast.weight
        ours = pd.Series(
            {
                (role, measure, codes[authority], decile, band, sex): float(number)
                for (role, measure, authority, decile, band, sex), number
                in self.plain.counts.cells.items()
            }
        )  # fmt: skip
        ours.index.names = columns
        assert set(ours.index) == set(found.index)
        np.testing.assert_allclose(found[ours.index], ours, **CLOSE)

    def _check_neighbourhoods(self) -> None:
        for name in ("recent", "fear", "efficacy", "residents", *PREVENTED_IN):
            mine = [getattr(place, name) for place in self.plain.neighbourhoods]
            np.testing.assert_allclose(self.fast.areas[name], mine, err_msg=name, **CLOSE)


def others(resident) -> list:
    """Return the others at home; the dead have none."""
    return resident.household.others(resident) if resident.alive else []
