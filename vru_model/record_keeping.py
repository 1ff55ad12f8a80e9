"""What a world hands out: measures, neighbourhoods, incidents and people as tidy frames."""

import numpy as np
import pandas as pd

from vru_model.people import NOBODY, STATUS_NAMES
from vru_model.processes.records import ORIGINS, RELATIONSHIPS, SEVERITIES, TRIGGERED, VENUES
from vru_model.processes.records import WEAPONS
from vru_model.processes.services import RECORDED

NO_INCIDENT = -1
_NOT_KEPT = "the world was told not to keep them: pass {}=True"


class IncidentBook:
    """Every incident of a world, kept if asked for.

    ``triggered_by`` is the last incident in which the aggressor of a triggered act was the
    victim; -1 where the grievance came from what was seen, or from before year 1.
    """

    def __init__(self, keep: bool) -> None:
        """Begin an empty book."""
        self.keep = keep
        self._parts: list[tuple] = []
        self._number = 0
        self._last = np.full(0, NO_INCIDENT, np.int64)

    def write(self, incidents, people, date) -> None:
        """Add the incidents of a step, in their order."""
        if not self.keep:
            return
        if len(self._last) < people.count:
            more = np.full(people.count - len(self._last), NO_INCIDENT, np.int64)
            self._last = np.concatenate([self._last, more])
        numbers = self._number + np.arange(len(incidents))
        self._number += len(incidents)
        by = np.full(len(incidents), NO_INCIDENT, np.int64)
        for n, incident in enumerate(incidents):
            if incident["origin"] == TRIGGERED:
                by[n] = self._last[incident["aggressor"]]
            self._last[incident["victim"]] = numbers[n]
        self._parts.append((date, numbers, by, incidents.copy()))

    def frame(self, model) -> pd.DataFrame:
        """Return the incidents as a tidy frame, residents by their permanent identifiers."""
        if not self.keep:
            raise ValueError("No incidents: " + _NOT_KEPT.format("keep_incidents"))
        numbers, by, rows = (
            np.concatenate([part[n] for part in self._parts]) for n in (1, 2, 3)
        )
        dates = np.repeat(
            np.array([part[0] for part in self._parts], "datetime64[D]"),
            [len(part[3]) for part in self._parts],
        )
        identifier = model.people.column("identifier")
        names = model.place.neighbourhoods["neighbourhood"].to_numpy()
        frame = pd.DataFrame(
            {
                "draw": -1 if model.draw is None else model.draw,
                "replicate": model.replicate,
                "incident": numbers,
                "date": dates,
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
            }
        )
        for field in RECORDED:
            frame[field] = rows[field]
        return frame


def _named(codes, names) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, names)


def people_frame(model, when: str) -> pd.DataFrame:
    """Return the living residents as a tidy frame; ``when`` is "start" or "end"."""
    people, table = model.people, model.place.neighbourhoods
    rows = np.flatnonzero(people.alive)
    column = {name: people.column(name)[rows] for name in people.columns._fields}
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


def programme_measures(programmes, year: int, weight: float) -> pd.DataFrame:
    """Return the year's enrolments and spend of each programme as rows of the measures.

    They belong to no authority, decile, age or sex: those cells hold "all" and 0.
    """
    rows = []
    for programme in programmes:
        name = programme.delivered.name
        rows.append((f"enrolments:{name}", programme.delivered.enrolments * weight))
        rows.append((f"spend:{name}", programme.spend))
    frame = pd.DataFrame(rows, columns=["measure", "value"])
    frame = frame.groupby("measure", as_index=False)["value"].sum()
    return frame.assign(
        year=np.int16(year), role="programme", local_authority="all",
        deprivation_decile=np.int8(0), age_band="all", sex="all",
    )  # fmt: skip


MEASURE_COLUMNS = [
    "year", "measure", "role", "local_authority", "deprivation_decile", "age_band", "sex", "value",
]  # fmt: skip
