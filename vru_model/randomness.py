"""Counter-based random numbers: the same world until something differs.

Every draw is a pure function of *who* decides, *when*, *what* is decided and at which
*attempt*; no generator holds state. So a result does not depend on threads, processes or
order, and two scenarios share every draw that they do not themselves change (common random
numbers, Klein et al. 2024).

The generator is Philox 4x32 with ten rounds (Salmon, Moraes, Dror and Shaw 2011, "Parallel
random numbers: as easy as 1, 2, 3"), checked in the tests against its published known answers.

Layout of one draw:

======== ======== =====================================================================
word     bits     holds
======== ======== =====================================================================
key 0    32       low half of the world's key: a hash of (seed, replicate)
key 1    32       high half of the world's key
count 0  32       low half of the 64-bit identifier of the resident or place that decides
count 1  32       high half of that identifier
count 2  32       time: the step of the calendar, or the year, as the decision says
count 3  8 + 24   the decision (one of the constants below), then the attempt
======== ======== =====================================================================

A call returns four 32-bit words; where a decision uses more than one, its own comment says
which. Decisions that change who does what compare integers (:func:`happens`), so that
incidents agree between machines and between implementations.
"""

import math

import numba
import numpy as np

from vru_model.compiling import part, widened

# What is decided. A number once given is never reused: it is part of every stored result.
# Building a place and its residents (time is always zero):
PLACE_COUNT = 1  # random rounding of residents to whole people
PLACE_SEX = 2
PLACE_BIRTH_MONTH = 3
PLACE_HOUSEHOLD = 4
PLACE_CARER = 5
PLACE_PARTNER = 6
PLACE_LIABILITY = 7
PLACE_NEIGHBOURHOOD = 8
# The state at the start of the warm-up (time is always zero):
FOUNDER_ACE = 16
FOUNDER_SELF_REGULATION = 17
FOUNDER_TRAUMA = 18
FOUNDER_HISTORY = 19
FOUNDER_STATUS = 20
FOUNDER_EXCLUDED = 21
# Demography (time is the year):
DEATH = 32
BIRTH = 33
CHILD = 34
MOVE = 35
DESTINATION = 36
PARTNERSHIP = 37
SEPARATION = 38
# Development (time is the step):
ACE = 48
SELF_REGULATION = 49
EXCLUSION = 50
EXCLUSION_RETURN = 51
NEET = 52
# Peers (time is the year, or two years for the places of rewired ties):
PEER_LIKENESS = 64
PEER_REWIRED = 65
PEER_PLACE = 66
# Violence (time is the step; attempt numbers the acts of one aggressor in the step):
ACT = 80
TRIGGERED = 81
VENUE = 82
VICTIM = 83
PREVENTED = 84
WEAPON = 85
SEVERITY = 86
ECHO = 87  # acts set off within the same step
DYAD_OPEN = 88
DYAD_ACT = 89
NIGHT_PLACE = 90
RETALIATION = 91
WITNESS = 92
# Consequences and services (time is the step):
TRAUMA = 96
TRAUMA_RECOVERY = 97
RECORD = 98
CHARGE = 99
WITNESSED_ACE = 100
# Programmes (time is the step or the year; attempt is the tag of the programme):
SCORE = 112  # attempt 0: a practitioner errs alike whatever the programme
REFERRAL = 113
TAKE_UP = 114
DROP_OUT = 115
QUEUE = 116
HOT_SPOT = 117
CONSENT = 118
PAIR_CLOSING = 119
DISPLACED = 120  # time is the step; attempt numbers the acts of one aggressor
# Uncertain parameters (time is the draw):
PARAMETER = 128

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint32(0x9E3779B9)
_WEYL_1 = np.uint32(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT_32 = np.uint64(32)
_SHIFT_24 = np.uint32(24)
_TWO_TO_32 = 4294967296.0


@numba.njit(inline="always")
def one_round(counter_0, counter_1, counter_2, counter_3, key_0, key_1):
    """One round of Philox on four words."""
    product_0 = _MULTIPLIER_0 * np.uint64(counter_0)
    product_1 = _MULTIPLIER_1 * np.uint64(counter_2)
    return (
        np.uint32(np.uint32(product_1 >> _SHIFT_32) ^ counter_1 ^ key_0),
        np.uint32(product_1 & _LOW),
        np.uint32(np.uint32(product_0 >> _SHIFT_32) ^ counter_3 ^ key_1),
        np.uint32(product_0 & _LOW),
    )


@numba.njit(inline="always")
def next_key(key_0, key_1):
    """Return the key of the next round."""
    return np.uint32(key_0 + _WEYL_0), np.uint32(key_1 + _WEYL_1)


@numba.njit(inline="always")
def ten_rounds(c0, c1, c2, c3, k0, k1):
    """Ten rounds written out: a loop would keep a sweep over residents from vectorising."""
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    c0, c1, c2, c3 = one_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = next_key(k0, k1)
    return one_round(c0, c1, c2, c3, k0, k1)


@part
def philox(counter_0, counter_1, counter_2, counter_3, key_0, key_1):
    """Philox 4x32-10: four 32-bit words from a 128-bit counter and a 64-bit key."""
    return ten_rounds(counter_0, counter_1, counter_2, counter_3, key_0, key_1)


@part
def four_words(key, identifier, time, decision, attempt):
    """Return the four words of one decision: see the table at the head of this module."""
    return philox(
        np.uint32(identifier & _LOW),
        np.uint32(identifier >> _SHIFT_32),
        np.uint32(time),
        np.uint32((np.uint32(decision) << _SHIFT_24) | np.uint32(attempt)),
        np.uint32(key & _LOW),
        np.uint32(key >> _SHIFT_32),
    )


@part
def word(key, identifier, time, decision, attempt):
    """Return the first word of one decision, where one is all it needs."""
    return four_words(key, identifier, time, decision, attempt)[0]


@part
def happens(bits, probability):
    """Say whether an event of this probability happens, by comparing integers."""
    return bits < threshold(probability)


@numba.njit(cache=True, forceinline=True)
def threshold(probability):
    """Return the integer in 0..2**32 below which a 32-bit word means yes."""
    return np.uint64(min(max(probability, 0.0), 1.0) * _TWO_TO_32)


@numba.njit(cache=True, forceinline=True)
def bound(probability):
    """Return a 32-bit bound: no word at or above it means yes for this or a lower probability.

    A hair above the threshold, so that rounding cannot make it too tight.
    """
    return np.uint32(min(threshold(probability) + np.uint64(2), _LOW))


@part
def uniform(bits):
    """Return the word as a number strictly between 0 and 1."""
    return (np.float64(bits) + 0.5) / _TWO_TO_32


@part
def below(bits, size):
    """Return a whole number in 0..size-1 (the bias is below size / 2**32)."""
    return np.int64((np.uint64(bits) * np.uint64(size)) >> _SHIFT_32)


@part
def standard_normal(bits):
    """Return the standard normal quantile of the word.

    Rational approximation of P. J. Acklam (2003); relative error below 1.2e-9, far inside the
    resolution of a 32-bit word.
    """
    p = uniform(bits)
    if p < 0.02425:
        return _normal_tail(math.sqrt(-2.0 * math.log(p)))
    if p > 1.0 - 0.02425:
        return -_normal_tail(math.sqrt(-2.0 * math.log(1.0 - p)))
    q = p - 0.5
    r = q * q
    top = (
        (
            ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
            + 1.383577518672690e02
        )
        * r
        - 3.066479806614716e01
    ) * r + 2.506628277459239e00
    bottom = (
        (
            ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
            + 6.680131188771972e01
        )
        * r
        - 1.328068155288572e01
    ) * r + 1.0
    return top * q / bottom


@part
def _normal_tail(q):
    top = (
        (
            ((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e00) * q
            - 2.549732539343734e00
        )
        * q
        + 4.374664141464968e00
    ) * q + 2.938163982698783e00
    bottom = (
        ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e00) * q
        + 3.754408661907416e00
    ) * q + 1.0
    return top / bottom


@part
def poisson_count(bits, mean, most):
    """Return the Poisson count of one word by inversion, at most ``most``.

    Small words mean acts, so that raising the mean can only add to the count: two scenarios
    that differ a little stay coupled.
    """
    if not happens(bits, mean):  # 1 - exp(-mean) < mean: most words need no more than this
        return 0
    probability = math.exp(-mean)
    tail = -math.expm1(-mean)
    count = 0
    while count < most and happens(bits, tail):
        count += 1
        probability *= mean / count
        tail -= probability
    return count


@widened
@numba.njit(cache=True)
def new_identifier(first, second, third):
    """Return a permanent 64-bit identifier, a hash of three whole numbers.

    A resident born in the model is (mother's identifier, birth month, birth order); a founder
    is (place, neighbourhood, rank). 64 bits: among three million 32-bit hashes about a
    thousand collide.
    """
    low, high, _, _ = philox(
        np.uint32(np.uint64(first) & _LOW),
        np.uint32(np.uint64(first) >> _SHIFT_32),
        np.uint32(second),
        np.uint32(third),
        np.uint32(0x76727500),
        np.uint32(0x6D6F6465),
    )
    return (np.uint64(high) << _SHIFT_32) | np.uint64(low)


def world_key(seed: int, replicate: int) -> np.uint64:
    """Return the 64-bit key of one random world: a hash of its seed and replicate."""
    return np.uint64(new_identifier(np.uint64(seed), np.uint32(replicate), np.uint32(0x6B6579)))


def population_key(seed: int) -> np.uint64:
    """Return the key by which residents and the warm-up are drawn, apart from all replicates."""
    return np.uint64(new_identifier(np.uint64(seed), np.uint32(0xFFFFFFFF), np.uint32(0x706F70)))
