"""Places: published totals or place packs, and the residents synthesised from them.

Three lines to a population::

    place = load_place("west_midlands", scale=0.1)
    population = build_population(place, seed=1)
    print(describe(place, population))
"""

from vru_model.place.cache import cached_population
from vru_model.place.definition import Authority, Place
from vru_model.place.describe import Description, describe
from vru_model.place.geography import move_destinations, nearest_neighbourhoods
from vru_model.place.loading import load_place
from vru_model.place.pack import check_pack
from vru_model.place.population import Population
from vru_model.place.published import check_totals
from vru_model.place.synthesis import build_population

__all__ = [
    "Authority",
    "Description",
    "Place",
    "Population",
    "build_population",
    "cached_population",
    "check_pack",
    "check_totals",
    "describe",
    "load_place",
    "move_destinations",
    "nearest_neighbourhoods",
]
