"""The residents of a place: who they are, and with whom they live."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numba import njit

from vru_model.place.ages import BANDS, OLDEST, SURVIVAL_OF_OLDEST, YEARS
from vru_model.place.counts import whole_bands, whole_parts, whole_years
from vru_model.place.customs import male_share, standard_customs
from vru_model.place.definition import Place
from vru_model.place.draws import identify, normals, place_number, uniforms
from vru_model.place.households import settle
from vru_model.place.population import Population
from vru_model.randomness import (
    PLACE_BIRTH_MONTH,
    PLACE_COUNT,
    PLACE_LIABILITY,
    PLACE_SEX,
    below,
    four_words,
    population_key,
    uniform,
)

# The place itself decides too; these identifiers are no resident's.
_RULER_OF_RESIDENTS, _RULER_OF_MALES, _RULER_OF_HOUSEHOLDS = 0, 1, 2


def build_population(place: Place, seed: int, family_correlation: float = 0.5) -> Population:
    """Build the residents of a place at its scale.

    At full size their totals by neighbourhood and Census age band are the place's exactly, and
    so are those by authority and decile; males of each authority too. At a smaller scale all of
    these are right on average over seeds, and the total is the rounded share.

    Parameters
    ----------
    place
        The place, with its scale.
    seed
        The population's own seed: the same residents for the same place, scale and seed,
        whatever the replicate or scenario.
    family_correlation
        Correlation of the liability of a child with that of the carer.
    """
    blocks = [block.columns() for block in residents_by_authority(place, seed, family_correlation)]
    return Population(
        **{name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    )


def residents_by_authority(
    place: Place, seed: int, family_correlation: float = 0.5
) -> Iterator[Population]:
    """Build the same residents authority by authority, so that a country fits where a county does.

    Joined in their order they are the residents of :func:`build_population`, which says what the
    parameters are: carers, partners and households are numbered over the whole place.
    """
    key = population_key(seed)
    number = place_number(authority.code for authority in place.authorities)
    starts = uniforms(key, np.arange(3, dtype=np.uint64), PLACE_COUNT)
    counts = _count_residents(place, key, number, starts[_RULER_OF_RESIDENTS])
    size = counts.sum(axis=1)
    males = _count_males(place, starts[_RULER_OF_MALES])
    households = _count_households(place, size, starts[_RULER_OF_HOUSEHOLDS])
    authority = place.neighbourhoods["local_authority"].to_numpy()
    before, homes = 0, 0
    for one, wanted in enumerate(males):
        rows = np.flatnonzero(authority == one)
        block = _build_authority(
            key, number, rows, counts[rows], int(wanted), households[rows], family_correlation
        )
        yield replace(
            block,
            household=block.household + np.int32(homes),
            carer=_counted_from(before, block.carer),
            partner=_counted_from(before, block.partner),
        )
        before += len(block)
        homes += int(block.household[-1]) + 1 if len(block) else 0


def _counted_from(before: int, positions: np.ndarray) -> np.ndarray:
    """Return positions (-1 for nobody) as they are once so many others stand before them."""
    return np.where(positions >= 0, positions + np.int32(before), np.int32(-1))


def _build_authority(
    key: np.uint64,
    number: np.uint64,
    rows: np.ndarray,
    counts: np.ndarray,
    males: int,
    households: np.ndarray,
    family_correlation: float,
) -> Population:
    """Build the residents of the neighbourhoods of one authority, positions counted from 0."""
    size = counts.sum(axis=1)
    neighbourhood = np.repeat(rows, size).astype(np.int32)
    year = np.repeat(np.tile(np.arange(YEARS, dtype=np.int16), len(size)), counts.ravel())
    first = np.concatenate([[0], np.cumsum(size)])
    identifier = identify(
        number, neighbourhood, np.arange(len(year)) - np.repeat(first[:-1], size)
    )
    age_months = _age_in_months(key, identifier, year)
    male = _choose_males(key, identifier, age_months, males)
    position, household, carer, partner = settle(
        key, first, identifier, age_months, male, households, standard_customs()
    )
    liability = normals(key, identifier[position], PLACE_LIABILITY, 0)
    return Population(
        identifier=identifier[position],
        birth_month=(-age_months[position]).astype(np.int16),
        male=male[position],
        neighbourhood=neighbourhood,
        household=household,
        carer=carer,
        partner=partner,
        liability=_inherit(liability, carer, family_correlation).astype(np.float32),
    )


def _count_residents(place: Place, key: np.uint64, number: np.uint64, start: float) -> np.ndarray:
    """Return whole residents by neighbourhood and single year, shape (neighbourhoods, 91)."""
    table = place.neighbourhoods
    order = np.lexsort((table["deprivation_decile"], table["local_authority"]))
    whole = whole_bands(place.residents_by_band, order, place.residents, start)
    rows = np.repeat(np.arange(len(table)), len(BANDS))
    rulers = identify(number, rows, np.tile(np.arange(len(BANDS)), len(table)))
    starts = uniforms(key, rulers, PLACE_COUNT).reshape(whole.shape)
    return whole_years(place.residents_by_age, whole, starts)


def _count_households(place: Place, size: np.ndarray, start: float) -> np.ndarray:
    """Return the number of households wanted in each neighbourhood."""
    table = place.neighbourhoods
    smaller = size / table["residents"].to_numpy()
    return whole_parts(table["households"].to_numpy() * smaller, start)


def _count_males(place: Place, start: float) -> np.ndarray:
    """Return the number of males wanted in each authority."""
    return whole_parts(place.males * (place.residents / place.full_population), start)


def _choose_males(
    key: np.uint64, identifier: np.ndarray, age_months: np.ndarray, wanted: int
) -> np.ndarray:
    """Choose the males of an authority: as many as published, fewer of them at older ages.

    Everybody's keyed draw is set against the share of males at that age; those with the lowest
    scores are male, so that the log odds of all ages move together until the number is right.
    """
    male = np.zeros(len(identifier), dtype=np.bool_)
    wanted = min(wanted, len(identifier))
    if 0 < wanted < len(identifier):
        share = male_share()
        log_odds = np.log(share / (1.0 - share))
        chance = uniforms(key, identifier, PLACE_SEX)
        score = np.log(chance / (1.0 - chance)) - log_odds[age_months // 12]
        male[np.argpartition(score, wanted - 1)[:wanted]] = True
    else:
        male[:wanted] = True
    return male


@njit(cache=True)
def _age_in_months(key, identifier, year):
    """Return ages in months: any month of the year of age; 90 and over spread over 90..99."""
    months = np.empty(len(year), dtype=np.int32)
    tail = 1.0 - SURVIVAL_OF_OLDEST ** (OLDEST - YEARS + 2)
    for i in range(len(year)):
        words = four_words(key, identifier[i], 0, PLACE_BIRTH_MONTH, 0)
        age = year[i]
        if age == YEARS - 1:
            over = np.log(1.0 - uniform(words[1]) * tail) / np.log(SURVIVAL_OF_OLDEST)
            age += min(np.int64(over), OLDEST - YEARS + 1)
        months[i] = 12 * age + below(words[0], 12)
    return months


def _inherit(liability: np.ndarray, carer: np.ndarray, correlation: float) -> np.ndarray:
    """Mix the carer's liability into that of those who have one; the variance stays 1.

    Carers have no carer themselves, so one pass is enough.
    """
    has = carer >= 0
    own = np.sqrt(1.0 - correlation**2) * liability[has]
    liability = liability.copy()
    liability[has] = correlation * liability[carer[has]] + own
    return liability
