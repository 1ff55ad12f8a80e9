"""What a world hands out: measures, neighbourhoods, incidents and people as tidy frames."""

import numpy as np
import pandas as pd

from vru_model.people import NOBODY, STATUS_NAMES
from vru_model.processes.collection import ALL, PROGRAMME, tidy_frame
from vru_model.processes.counters import NEIGHBOURHOOD_MEASURES
from vru_model.processes.records import (
    ORIGINS,
    RELATIONSHIPS,
    SEVERITIES,
    TRIGGERED,
    VENUES,
    WEAPONS,
)
from vru_model.processes.services import RECORDED
from vru_model.programmes.pathway import STARTED
from vru_model.schedule import Schedule

NO_INCIDENT = -1
_OF_PEOPLE = (
    "identifier", "carer", "partner", "household", "birth_month", "male", "neighbourhood",
    "liability", "ace", "self_regulation", "trauma", "history", "status",
)  # fmt: skip
_NOT_KEPT = "The world was told not to keep its {0}: build it with keep_{0}=True."


class Books:
    """Years, incidents and people of a world; the last two are kept only if asked for."""

    def __init__(self, keep_incidents: bool, keep_people: bool) -> None:
        """Begin empty books."""
        self._keep_incidents, self._keep_people = keep_incidents, keep_people
        self._years: list[dict[str, np.ndarray]] = []  # columns, text as codes
        self._years_of_places: list[dict[str, np.ndarray]] = []
        self._people: list[pd.DataFrame] = []
        self._steps: list[tuple] = []
        self._next_number = 0
        self._last_as_victim = np.full(0, NO_INCIDENT, np.int64)

    def close_year(self, model, year: int) -> None:
        """Enter the counts of a finished year and, at the horizon, the people."""
        self._years += [model.tally.rows(year), *_programme_rows(model, year)]
        model.portfolio.overlap.begin_year()
        self._years_of_places.append(model.tally.neighbourhoods(year))
        if year >= model.years:
            self.enter_people(model, "end")

    def enter_people(self, model, when: str) -> None:
        """Enter the living residents at the "start" or the "end"."""
        if self._keep_people:
            self._people.append(_people_frame(model, when))

    def enter_incidents(self, incidents, people, date) -> None:
        """Enter the incidents of a step, in their order."""
        if not self._keep_incidents:
            return
        more = np.full(people.count - len(self._last_as_victim), NO_INCIDENT, np.int64)
        self._last_as_victim = np.concatenate([self._last_as_victim, more])
        numbers = self._next_number + np.arange(len(incidents))
        self._next_number += len(incidents)
        by = np.full(len(incidents), NO_INCIDENT, np.int64)
        for n, incident in enumerate(incidents):
            if incident["origin"] == TRIGGERED:
                by[n] = self._last_as_victim[incident["aggressor"]]
            self._last_as_victim[incident["victim"]] = numbers[n]
        self._steps.append((date, numbers, by, incidents.copy()))

    def measures(self, model, coded: bool) -> pd.DataFrame:
        """Return the counts of the years so far, text as categories where they are ``coded``."""
        return tidy_frame(self._years, model.tally.labels, coded)

    def neighbourhood_measures(self, model, coded: bool) -> pd.DataFrame:
        """Return the counts of the years so far by neighbourhood, likewise."""
        names = model.place.neighbourhoods["neighbourhood"].to_list()
        labels = {"neighbourhood": names, "measure": list(NEIGHBOURHOOD_MEASURES)}
        return tidy_frame(self._years_of_places, labels, coded)

    def people(self) -> pd.DataFrame:
        """Return the people entered."""
        if not self._keep_people:
            raise ValueError(_NOT_KEPT.format("people"))
        return pd.concat(self._people, ignore_index=True)

    def incidents(self, model) -> pd.DataFrame:
        """Return the incidents as a tidy frame, residents by their permanent identifiers.

        ``triggered_by`` is the last incident in which the aggressor of a triggered act was the
        victim; -1 where the grievance came from what was seen, or from before year 1.
        """
        if not self._keep_incidents:
            raise ValueError(_NOT_KEPT.format("incidents"))
        numbers, by, rows = (np.concatenate([step[n] for step in self._steps]) for n in (1, 2, 3))
        dates = np.array([step[0] for step in self._steps], "datetime64[D]")
        identifier = model.people.column("identifier")
        names = model.place.neighbourhoods["neighbourhood"].to_numpy()
        return pd.DataFrame(
            {
                "draw": -1 if model.draw is None else model.draw,
                "replicate": model.replicate,
                "incident": numbers,
                "date": np.repeat(dates, [len(step[3]) for step in self._steps]),
                "aggressor": identifier[rows["aggressor"]],
                "victim": identifier[rows["victim"]],
                "neighbourhood": names[rows["neighbourhood"]],
                "venue": _named(rows["venue"], VENUES),
                "relationship": _named(rows["relationship"], RELATIONSHIPS),
                "severity": _named(rows["severity"], SEVERITIES),
                "weapon": _named(rows["weapon"], WEAPONS),
                "robbery": rows["robbery"],
                "origin": _named(rows["origin"], ORIGINS),
                "triggered_by": by,
                **{field: rows[field] for field in RECORDED},
            }
        )


class Handout:
    """What a finished or running world hands out: read from its books and its schedule."""

    books: Books
    schedule: Schedule

    def measures(self, coded: bool = False) -> pd.DataFrame:
        """Return the counts of the years so far, at full size, one tidy row a cell.

        ``coded`` gives text as categories: quicker, and a tenth of the memory.
        """
        return self.books.measures(self, coded)

    def neighbourhood_measures(self, coded: bool = False) -> pd.DataFrame:
        """Return the counts of the years so far by neighbourhood, at full size, likewise."""
        return self.books.neighbourhood_measures(self, coded)

    def incidents(self) -> pd.DataFrame:
        """Return every incident so far; ValueError where they were not kept."""
        return self.books.incidents(self)

    def people_table(self) -> pd.DataFrame:
        """Return residents at the start and the horizon; ValueError where not kept."""
        return self.books.people()

    @property
    def timings(self) -> dict[str, float]:
        """Seconds by phase so far."""
        return self.schedule.timings()


def _named(codes, names) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, names)


def _people_frame(model, when: str) -> pd.DataFrame:
    """Return the living residents as a tidy frame; ``when`` is "start" or "end"."""
    people, table = model.people, model.place.neighbourhoods
    rows = np.flatnonzero(people.alive)
    column = {name: people.column(name)[rows] for name in _OF_PEOPLE}
    identifier = people.column("identifier")
    place = column["neighbourhood"]
    codes = np.array([authority.code for authority in model.place.authorities])
    return pd.DataFrame(
        {
            "when": when,
            "resident": column["identifier"],
            "carer": _links(identifier, column["carer"]),
            "partner": _links(identifier, column["partner"]),
            "household": column["household"],
            "age_months": model.month - column["birth_month"].astype(np.int32),
            "sex": np.where(column["male"], "male", "female"),
            "neighbourhood": table["neighbourhood"].to_numpy()[place],
            "local_authority": codes[table["local_authority"].to_numpy()[place]],
            "deprivation_decile": table["deprivation_decile"].to_numpy()[place],
            "liability": column["liability"],
            "ace": column["ace"],
            "self_regulation": column["self_regulation"],
            "trauma": column["trauma"],
            "history": column["history"],
            "status": _named(column["status"], STATUS_NAMES),
        }
    )


def _links(identifier, rows) -> np.ndarray:
    """Return the identifiers of other residents, 0 where there is none."""
    return np.where(rows == NOBODY, np.uint64(0), identifier[rows])


def _programme_rows(model, year: int) -> list[dict[str, np.ndarray]]:
    """Return the year's pathways, spend and overlap of programmes as columns of the measures.

    People are counted by home, age and sex; money and overlap belong to no group: their cells
    hold "all" and 0. Text stands as codes into the labels of the tally, which gain the measures
    of programmes.
    """
    if not model.programmes:
        return []
    labels = model.tally.labels
    people = _people_of_programmes(model)
    names, cells, values = [], [], []
    for name, counts in people.items():
        filled = np.flatnonzero(counts)
        names.append(np.full(len(filled), _code(labels["measure"], name), np.int16))
        cells.append(filled)
        values.append(counts[filled])
    totals = _totals_of_programmes(model, year)
    of_people = {
        "measure": np.concatenate([np.empty(0, np.int16), *names]),
        "value": np.concatenate([np.empty(0), *values]),
        **model.programmes[0].delivered.counts.cells.codes(
            np.concatenate([np.empty(0, np.int64), *cells])
        ),
    }
    of_nobody = {
        "measure": np.array([_code(labels["measure"], name) for name in totals], np.int16),
        "value": np.array(list(totals.values()), float),
        "deprivation_decile": np.zeros(len(totals), np.int8),
        **{
            name: np.full(len(totals), labels[name].index(ALL), np.int16)
            for name in ("local_authority", "age_band", "sex")
        },
    }
    role = labels["role"].index(PROGRAMME)
    return [
        {
            "year": np.full(len(rows["value"]), year, np.int16),
            "role": np.full(len(rows["value"]), role, np.int8),
            **rows,
        }
        for rows in (of_people, of_nobody)
    ]


def _people_of_programmes(model) -> dict[str, np.ndarray]:
    """Return measure → people at full size, by cell: who reached which stage of which programme.

    Several lines of money on one programme are added up.
    """
    summed: dict[str, np.ndarray] = {}
    for programme in model.programmes:
        name, counts = programme.delivered.name, programme.delivered.counts
        for stage, cells, reached in counts.reached():
            measures = [f"pathway:{name}:{stage}"]
            measures += [f"enrolments:{name}"] if stage == STARTED else []
            for measure in measures:
                kept = summed.setdefault(measure, np.zeros(counts.cells.number))
                kept[cells] += reached * model.weight
    return summed


def _totals_of_programmes(model, year: int) -> dict[str, float]:
    """Return measure → the year's spend and overlap at full size."""
    totals: dict[str, float] = {}
    for programme in model.programmes:
        name = programme.delivered.name
        totals.setdefault(f"enrolments:{name}", 0.0)
        spent = programme.delivered.funds.money_in(year)
        totals[f"spend:{name}"] = totals.get(f"spend:{name}", 0.0) + spent
    for measure, value in model.portfolio.overlap.months.items():
        totals[f"overlap:{measure}"] = value * model.weight
    return totals


def _code(labels: list[str], name: str) -> int:
    """Return the code of a label, which is added where it is missing."""
    if name not in labels:
        labels.append(name)
    return labels.index(name)
