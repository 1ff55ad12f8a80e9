"""Finding a place by its name or folder."""

from __future__ import annotations

from pathlib import Path

from vru_model.parameters.documents import built_in, built_in_names
from vru_model.place.built_in import synthesise_place
from vru_model.place.definition import Place
from vru_model.place.pack import load_pack
from vru_model.place.published import load_totals


def load_place(source: str | Path = "west_midlands", scale: float = 1.0) -> Place:
    """Return a place.

    Parameters
    ----------
    source
        The name of a built-in place (``parameters/places/NAME.yaml``: published totals, with
        synthetic neighbourhoods), the path of such a file, or the folder of a place pack (real
        neighbourhoods). Where a folder has the name of a built-in place, the name means the
        built-in one, and ``./NAME`` the folder.
    scale
        The share of residents to simulate, above 0 and at most 1.

    Raises
    ------
    InputError
        Listing everything that is wrong with the source.
    """
    path = Path(source).expanduser()
    named = isinstance(source, str) and source in built_in_names("places")
    if not named and (path.is_dir() or (len(path.parts) > 1 and path.suffix != ".yaml")):
        return load_pack(path).at_scale(scale)
    if path.suffix != ".yaml":
        path = built_in("places", str(source))
    return synthesise_place(path.stem, load_totals(path)).at_scale(scale)
