"""Sweeps, bounds and the room to work in: each agrees with a plain way of saying the same."""

import numba
import numpy as np
import pytest

from vru_model import randomness, sweeps
from vru_model.compiling import kernel, part
from vru_model.model import ViolenceModel
from vru_model.people import ALWAYS, NOBODY, Children
from vru_model.processes import act_bounds, ties, young
from vru_model.processes.acting import AgeTables
from vru_model.processes.destinations import Destinations, destination
from vru_model.processes.records import INCIDENT, joined
from vru_model.rows import PROFILE, STATE, Rows
from vru_model.workspace import Workspace, aligned_zeros

KEY = randomness.world_key(3, 0)
RESIDENTS = 2 * sweeps.BLOCK + 777  # the last block is not whole


@pytest.fixture(scope="module")
def identifiers():
    return np.random.default_rng(5).integers(0, 2**63, RESIDENTS).astype(np.uint64)


@pytest.fixture(scope="module")
def words(identifiers):
    return np.array([randomness.word(KEY, each, 7, randomness.ACT, 0) for each in identifiers])


@pytest.fixture(scope="module")
def bounds():
    drawn = np.random.default_rng(6).integers(0, 2**26, RESIDENTS).astype(np.uint32)
    drawn[::13], drawn[5::17] = ALWAYS, 0
    return drawn


def found(sweep, length: int, *arguments):
    """Return positions and words of a whole sweep, block by block."""
    block, positions, low = sweeps.a_block(), [], []
    for first in range(0, length, sweeps.BLOCK):
        hits = sweep(*arguments, first, block)
        positions.append(block.positions[:hits].copy())
        low.append(block.low[:hits].copy())
    return np.concatenate(positions), np.concatenate(low)


@kernel
def _below_bounds(identifiers, bounds, key, first, block):
    return sweeps.below_bounds(key, identifiers, bounds, first, 7, randomness.ACT, block)


@kernel
def _below_bounds_of(some, bounds, key, first, block):
    return sweeps.below_bounds_of(key, some, bounds, first, 7, randomness.ACT, block)


@kernel
def _below(identifiers, limit, key, first, block):
    return sweeps.below(key, identifiers, limit, first, 7, randomness.ACT, block)


@kernel
def _equal_to(values, value, first, block):
    return sweeps.equal_to(values, value, first, block)


def test_a_sweep_finds_all_whose_word_lies_below_their_bound(identifiers, words, bounds):
    positions, low = found(_below_bounds, RESIDENTS, identifiers, bounds, KEY)
    expected = np.flatnonzero(words < bounds)
    assert len(expected) > 100
    assert np.array_equal(positions, expected)
    assert np.array_equal(low, words[expected])


def test_a_sweep_over_some_residents_finds_the_same_of_them(identifiers, words, bounds):
    rows = np.arange(3, RESIDENTS, 3, dtype=np.int32)
    some = Children(rows, identifiers[rows])
    positions, low = found(_below_bounds_of, len(rows), some, bounds, KEY)
    expected = rows[words[rows] < bounds[rows]]
    assert np.array_equal(positions, expected)
    assert np.array_equal(low, words[expected])


@pytest.mark.parametrize("limit", [0, 2**25, 2**32])
def test_one_limit_for_all_may_be_any_probability(identifiers, words, limit):
    positions, _ = found(_below, RESIDENTS, identifiers, np.uint64(limit), KEY)
    assert np.array_equal(positions, np.flatnonzero(words < limit))


def test_those_of_a_value_are_found(bounds):
    values = (bounds % 50).astype(np.int16)
    positions, _ = found(_equal_to, RESIDENTS, values, np.int16(7))
    assert np.array_equal(positions, np.flatnonzero(values == 7))


@kernel
def _lift_and_add(bounds, rises, means):
    for i in range(len(bounds)):
        act_bounds.lift(bounds, i, rises[i])
        act_bounds.add(bounds, i, means[i])


def test_bounds_rise_with_rates_and_never_wrap_round():
    mean = np.array([0.001, 0.2, 0.9, 0.0, 5.0, 0.3])
    bounds = np.array([randomness.bound(each) for each in mean])
    bounds[3] = 0
    rises = np.array([0.7, -1.0, 2.0, 3.0, 1.0, 0.0])
    more = np.array([0.0, 0.1, 0.5, 0.4, 0.0, 0.9])
    raised = bounds.copy()
    _lift_and_add(raised, rises, more)
    needed = np.minimum(mean * np.exp(np.maximum(rises, 0.0)) + more, 1.0) * (2**32 - 1)
    may_act = bounds > 0
    assert (raised[may_act] >= np.floor(needed[may_act])).all()
    assert raised[3] == 0, "somebody who cannot act stays so"
    assert raised[1] < 2 * needed[1], "a rate that falls raises nothing"


def test_a_year_that_begins_raises_every_bound_as_one_after_the_other_would(bounds):
    generator = np.random.default_rng(4)
    profile = np.zeros(RESIDENTS, PROFILE)
    profile["birth_month"] = generator.integers(-1200, 0, RESIDENTS)
    profile["neighbourhood"] = generator.integers(0, 7, RESIDENTS)
    by_place = np.array([1.0, 1.5, 0.9, 3.0, 30.0, 1.0, 1.2])
    by_age = 1.0 + generator.random(1680)
    for begins_year in (True, False):
        raised = bounds.copy()
        rows = Rows(profile, *[None] * (len(Rows._fields) - 1))
        act_bounds._raise(rows, RESIDENTS, raised, 0, begins_year, by_place, by_age)
        age = -profile["birth_month"].astype(int)
        factor = by_place[profile["neighbourhood"]] * by_age[age]
        plain = np.minimum(np.where(factor > 1.0, bounds * factor + 1.0, bounds), ALWAYS)
        plain = np.where(factor > 20.0, ALWAYS, plain)
        plain = np.where(bounds == 0, 0, plain).astype(np.uint32)
        plain[begins_year & (age >= 108) & (age < 120)] = ALWAYS
        assert np.array_equal(raised, plain)


def test_a_year_raises_bounds_by_the_steepest_rise_of_age():
    age = np.arange(400)
    rate = np.where(age < 120, 1e-9, np.exp(-(((age - 220) / 60.0) ** 2)))
    tables = AgeTables(None, None, None, np.log(rate), np.zeros(400))
    factor = act_bounds.rise_with_age(tables, 12)
    for months in (150, 200, 260, 350):
        then = rate[months - 12 : months + 1]
        assert factor[months] == pytest.approx(max(rate[months] / then.min(), 1.0))
    assert (act_bounds.rise_with_age(tables, 0) == 1.0).all()


def test_a_workspace_hands_out_the_same_memory_again():
    space = Workspace()
    first = space.array("acts", 100, np.int32, fill=7)
    again = space.array("acts", 90, np.int32)
    assert np.shares_memory(first, again) and (again == 7).all()
    assert not np.shares_memory(first, space.array("others", 100, np.int32))
    longer = space.array("acts", 1000, np.int32, 3)
    assert longer.shape == (1000, 3) and not np.shares_memory(first, longer)
    assert (space.zeros("people", 50, np.float32) == 0).all()
    space.zeros("people", 50, np.float32)[:] = 3
    assert (space.zeros("people", 40, np.float32) == 0).all()
    space.give_back("people")
    assert space.array("people", 40, np.float32).sum() == 0  # fresh from the system


def test_what_kernels_call_is_compiled_once_for_all_whole_numbers():
    @part
    def doubled(number):
        return 2 * number

    @numba.njit
    def of_three_callers(number):
        return doubled(3) + doubled(4) + doubled(number)

    assert of_three_callers(5) == 24
    assert len(doubled.signatures) == 1


@pytest.mark.parametrize("length", [1, 1000, 200_000])
def test_rows_lie_in_lines_of_the_cache_and_begin_as_zeros(length):
    for shape in ((), (3,)):
        array = aligned_zeros(length, STATE, *shape)
        assert array.ctypes.data % 64 == 0 and array.shape == (length, *shape)
        assert not array.view(np.uint8).any()
        array["ace"] = 3
    assert STATE.itemsize == 64, "a row fills one line"


def test_an_array_that_is_extended_keeps_what_it_held():
    space = Workspace()
    array = space.array("children", 64, np.int32)
    array[:] = np.arange(64)
    for born in range(64, 200, 4):
        array = space.extended("children", array, np.arange(born, born + 4, dtype=np.int32))
    assert np.array_equal(array, np.arange(200))
    assert [space.turn("ties") for _ in range(4)] == [0, 1, 0, 1]


@kernel
def _destinations(homes, words, destinations, found):
    for n in range(len(homes)):
        found[n] = destination(homes[n], words[n], destinations)


@pytest.mark.parametrize("places", [1, 3, 200])
def test_the_guide_to_destinations_finds_what_a_search_finds(places):
    generator = np.random.default_rng(places)
    weights = generator.random((5, places)) ** 8  # most go to few places, and some to none
    cumulative = np.cumsum(weights, axis=1)
    cumulative = (cumulative / cumulative[:, -1:]).astype(np.float32)
    nearest = np.argsort(generator.random((5, places)), axis=1).astype(np.uint16)
    homes = generator.integers(0, 5, 4000)
    words = generator.integers(0, 2**32, 4000).astype(np.uint32)
    words[:3] = 0, 2**32 - 1, 2**31
    found = np.empty(len(homes), np.int64)
    _destinations(homes, words, Destinations.of(nearest, cumulative), found)
    for home, word, place in zip(homes, words, found, strict=True):
        at = np.searchsorted(cumulative[home], (word + 0.5) / 2**32, side="right")
        assert place == nearest[home, at]


@kernel
def _four_words_of(key, identifiers, attempts, words):
    sweeps.four_words_of(key, identifiers, 7, randomness.PEER_REWIRED, attempts, words)


def test_all_words_of_attempts_of_many_are_those_of_each(identifiers):
    some, attempts = identifiers[:64], np.arange(64, dtype=np.uint32) % 7
    words = np.empty((4, 64), np.uint32)
    _four_words_of(KEY, some, attempts, words)
    for n, (identifier, attempt) in enumerate(zip(some, attempts, strict=True)):
        one = randomness.four_words(KEY, identifier, 7, randomness.PEER_REWIRED, attempt)
        assert tuple(words[:, n]) == one


@kernel
def _nearest(cells, wanted, likeness, starts, found):
    for n in range(len(cells)):
        found[n] = ties._nearest(cells[n], wanted[n], likeness, starts)


def test_the_nearest_in_likeness_is_found_in_cells_of_any_size():
    generator = np.random.default_rng(9)
    sizes = np.array([0, 1, 2, 3, 8, 9, 100, 0, 37])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    likeness = np.concatenate([np.sort(generator.normal(size=size)) for size in sizes])
    likeness = likeness.astype(np.float32)
    cells = generator.integers(0, len(sizes), 3000).astype(np.int32)
    wanted = generator.normal(scale=1.5, size=3000).astype(np.float32).astype(np.float64)
    found = np.empty(3000, np.int64)
    _nearest(cells, wanted, likeness, starts, found)
    for cell, sought, at in zip(cells, wanted, found, strict=True):
        there = likeness[starts[cell] : starts[cell + 1]]
        if not len(there):
            assert at == -1
        else:
            assert abs(likeness[at] - sought) == np.abs(there - sought).min()


def test_records_are_joined_whole():
    parts = [np.zeros(number, INCIDENT) for number in (0, 3, 0, 5)]
    for number, some in enumerate(parts):
        some["aggressor"], some["p_admission"] = number, number / 7
    assert np.array_equal(joined(parts), np.concatenate(parts))
    assert joined(parts[:2]) is parts[1], "a single part that has any is not copied"
    assert len(joined(parts[:1])) == 0


def test_the_young_are_sorted_by_cell_likeness_and_identity():
    generator = np.random.default_rng(8)
    count, cells = 3000, 40
    likeness = generator.normal(size=count).astype(np.float32).round(1)  # many are equally alike
    some = young.Young(
        np.arange(count, dtype=np.int32), generator.permutation(count).astype(np.uint64),
        generator.integers(0, 9, count).astype(np.uint16),
        generator.integers(0, cells, count).astype(np.int32), likeness,
        np.full(count, -1, np.int32),
    )  # fmt: skip
    ordered = young._sorted(some, cells, Workspace(), "in order")
    expected = np.lexsort((some.identifier, some.likeness, some.cell))
    for before, after in zip(some, ordered, strict=True):
        assert np.array_equal(before[expected], after)
    starts = young._starts(ordered, cells)
    assert np.array_equal(starts, np.searchsorted(ordered.cell, np.arange(cells + 1)))


@pytest.mark.parametrize("step", ["month", "week"])
def test_the_young_who_keep_their_order_stand_as_if_all_were_sorted_anew(monkeypatch, step):
    merge, seen = ties.gather_young, []

    def compared(people, before, *others):
        merged, starts = merge(people, before, *others)
        own, people.workspace = people.workspace, Workspace()
        anew, starts_anew = merge(people, ties.no_ties(), *others)
        people.workspace = own
        for name in ("resident", "identifier", "home", "cell", "likeness"):
            assert np.array_equal(getattr(merged, name), getattr(anew, name)), name
        assert np.array_equal(starts, starts_anew)
        known = merged.before != NOBODY
        assert np.array_equal(before.young[merged.before[known]], merged.resident[known])
        seen.append(known.mean())
        return merged, starts

    monkeypatch.setattr(ties, "gather_young", compared)
    ViolenceModel(scale=0.01, years=3, step=step, draw=5).run()
    assert len(seen) >= 3
    assert 0.8 < np.mean(seen[-2:]) < 0.99
