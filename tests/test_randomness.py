"""The counter-based generator: published known answers, independence, and what is built on it."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vru_model import randomness

WORDS = st.integers(0, 2**32 - 1)


@numba.njit
def _philox(c0, c1, c2, c3, k0, k1):
    return randomness.philox(
        np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3), np.uint32(k0), np.uint32(k1)
    )


@numba.njit
def _words(key, identifiers, time, decision, attempt):
    out = np.empty((len(identifiers), 4), np.uint32)
    for n in range(len(identifiers)):
        words = randomness.four_words(key, identifiers[n], time, decision, attempt)
        for w in range(4):
            out[n, w] = words[w]
    return out


@pytest.mark.parametrize(
    ("counter_and_key", "answer"),
    [
        ((0, 0, 0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 6, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_known_answers(counter_and_key, answer):
    """Known-answer tests of Philox 4x32-10 (Random123, Salmon and others 2011)."""
    assert tuple(int(word) for word in _philox(*counter_and_key)) == answer


def test_each_part_of_the_counter_changes_the_draw():
    identifiers = np.array([7], np.uint64)
    base = (randomness.world_key(1, 0), identifiers, 3, randomness.ACT, 0)
    changed = [
        (randomness.world_key(2, 0), identifiers, 3, randomness.ACT, 0),
        (randomness.world_key(1, 1), identifiers, 3, randomness.ACT, 0),
        (base[0], identifiers + np.uint64(2**40), 3, randomness.ACT, 0),
        (base[0], identifiers, 4, randomness.ACT, 0),
        (base[0], identifiers, 3, randomness.VENUE, 0),
        (base[0], identifiers, 3, randomness.ACT, 1),
    ]
    words = _words(*base)
    assert all((_words(*other) != words).any() for other in changed)
    assert (_words(*base) == words).all()


def test_warm_up_steps_count_backwards_without_meeting_the_years():
    identifiers = np.arange(100, dtype=np.uint64)
    before = _words(np.uint64(5), identifiers, -1, randomness.ACT, 0)
    after = _words(np.uint64(5), identifiers, 1, randomness.ACT, 0)
    assert (before != after).any(axis=1).all()


def test_words_are_uniform():
    words = _words(randomness.world_key(3, 1), np.arange(200_000, dtype=np.uint64), 5, 80, 0)
    for column in words.T:
        assert stats.kstest(column / 2**32, "uniform").pvalue > 1e-4


def test_decisions_do_not_share_a_number():
    numbers = [
        value
        for name, value in vars(randomness).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int)
    ]
    assert len(numbers) == len(set(numbers)) > 40
    assert all(0 < number < 256 for number in numbers)


@numba.njit
def _standard_normal(word):
    return randomness.standard_normal(word)


@given(WORDS)
def test_standard_normal_is_the_quantile(word):
    expected = stats.norm.ppf((word + 0.5) / 2**32)
    assert _standard_normal(np.uint32(word)) == pytest.approx(expected, rel=2e-9, abs=2e-9)


@numba.njit
def _poisson_count(word, mean, most):
    return randomness.poisson_count(word, mean, most)


@given(WORDS, st.floats(0.0, 4.0), st.floats(0.0, 2.0))
def test_poisson_count_inverts_the_distribution_and_rises_with_the_mean(word, mean, more):
    count = _poisson_count(np.uint32(word), mean, 6)
    tail = stats.poisson.sf(np.arange(6), mean)
    tolerance = 1e-9
    assert count >= (word / 2**32 < tail - tolerance).sum()
    assert count <= ((word / 2**32) < tail + tolerance).sum()
    assert _poisson_count(np.uint32(word), mean + more, 6) >= count


@numba.njit
def _happens(word, probability):
    return randomness.happens(word, probability)


@given(WORDS, st.floats(-1.0, 2.0))
def test_events_happen_as_often_as_their_probability_says(word, probability):
    share = min(max(probability, 0.0), 1.0)
    assert _happens(np.uint32(word), probability) == (word < int(share * 2**32))


def test_identifiers_do_not_collide():
    identifiers = {int(randomness.new_identifier(1, n // 2000, n % 2000)) for n in range(200_000)}
    assert len(identifiers) == 200_000
