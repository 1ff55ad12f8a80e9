"""Places: published totals or place packs, and the residents synthesised from them."""

from vru_model.place.cache import cached_population
from vru_model.place.definition import Authority, Place
from vru_model.place.geography import move_destinations, nearest_neighbourhoods
from vru_model.place.loading import load_place
from vru_model.place.pack import check_pack
from vru_model.place.population import Population
from vru_model.place.synthesis import build_population

__all__ = [
    "Authority",
    "Place",
    "Population",
    "build_population",
    "cached_population",
    "check_pack",
    "load_place",
    "move_destinations",
    "nearest_neighbourhoods",
]
