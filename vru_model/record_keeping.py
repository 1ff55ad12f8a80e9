"""What a world hands out: measures, neighbourhoods, incidents and people as tidy frames."""

import numpy as np
import pandas as pd

from vru_model.people import NOBODY, STATUS_NAMES
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

NO_INCIDENT = -1
_NAMES = ("measure", "role", "local_authority", "age_band", "sex")
_MEASURE_COLUMNS = [
    "year", "measure", "role", "local_authority", "deprivation_decile", "age_band", "sex", "value",
]  # fmt: skip
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
        self._years: list[pd.DataFrame] = []
        self._years_of_places: list[pd.DataFrame] = []
        self._people: list[pd.DataFrame] = []
        self._steps: list[tuple] = []
        self._next_number = 0
        self._last_as_victim = np.full(0, NO_INCIDENT, np.int64)

    def close_year(self, model, year: int) -> None:
        """Enter the counts of a finished year and, at the horizon, the people."""
        names = model.place.neighbourhoods["neighbourhood"].to_numpy()
        delivered = _programme_measures(model, year)
        model.portfolio.overlap.begin_year()
        counts = pd.concat([model.tally.measures(year), delivered], ignore_index=True)
        counts = counts.astype({**dict.fromkeys(_NAMES, "str"), "value": float})
        self._years.append(counts[_MEASURE_COLUMNS])
        self._years_of_places.append(model.tally.neighbourhoods(year, names))
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

    def measures(self) -> pd.DataFrame:
        """Return the counts of the years so far."""
        return pd.concat(self._years, ignore_index=True)

    def neighbourhood_measures(self) -> pd.DataFrame:
        """Return the counts of the years so far by neighbourhood."""
        return pd.concat(self._years_of_places, ignore_index=True)

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

    def measures(self) -> pd.DataFrame:
        """Return the counts of the years so far, at full size, one tidy row a cell."""
        return self.books.measures()

    def neighbourhood_measures(self) -> pd.DataFrame:
        """Return the counts of the years so far by neighbourhood, at full size."""
        return self.books.neighbourhood_measures()

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


def _programme_measures(model, year: int) -> pd.DataFrame:
    """Return the year's pathways, spend and overlap of programmes as rows of the measures.

    People are counted by home, age and sex; money and overlap belong to no group: their cells
    hold "all" and 0.
    """
    people, totals = _people_of_programmes(model), {}
    for programme in model.programmes:
        name = programme.delivered.name
        totals.setdefault(f"enrolments:{name}", 0.0)
        spent = programme.delivered.funds.money_in(year)
        totals[f"spend:{name}"] = totals.get(f"spend:{name}", 0.0) + spent
    for measure, value in model.portfolio.overlap.months.items() if model.programmes else ():
        totals[f"overlap:{measure}"] = value * model.weight
    whole = {
        "measure": np.array(list(totals), object),
        "value": np.array(list(totals.values()), float),
        "local_authority": _of_nobody("all", totals),
        "deprivation_decile": np.zeros(len(totals), np.int8),
        "age_band": _of_nobody("all", totals),
        "sex": _of_nobody("all", totals),
    }
    columns = {name: np.concatenate([people[name], cells]) for name, cells in whole.items()}
    return pd.DataFrame(columns).assign(year=np.int16(year), role="programme")


def _people_of_programmes(model) -> dict[str, np.ndarray]:
    """Return who reached which stage of which programme, as columns, a row for each cell.

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
    filled = {measure: np.flatnonzero(values) for measure, values in summed.items()}
    cells = np.concatenate([np.zeros(0, np.int64), *filled.values()])
    value = np.concatenate([np.zeros(0), *(summed[name][rows] for name, rows in filled.items())])
    names = np.repeat(np.array(list(filled), object), [len(rows) for rows in filled.values()])
    groups = model.programmes[0].delivered.counts.cells.columns(cells) if summed else {
        name: _of_nobody("", []) for name in ("local_authority", "age_band", "sex")
    } | {"deprivation_decile": np.zeros(0, np.int8)}  # fmt: skip
    return {"measure": names, "value": value, **groups}


def _of_nobody(text: str, rows) -> np.ndarray:
    return np.array([text] * len(rows), object)
