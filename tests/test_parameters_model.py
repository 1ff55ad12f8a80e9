"""Model parameters: what is read, what is drawn, and how everything wrong is told at once."""

from __future__ import annotations

import pickle
from typing import Annotated, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vru_model.errors import InputError
from vru_model.parameters.distributions import quantile
from vru_model.parameters.draws import uniforms
from vru_model.parameters.loading import Override, load_model_parameters
from vru_model.parameters.ranges import range_faults
from vru_model.parameters.units import AXES, Table, Unit

SHARE = Unit("share", 0.0, 1.0)


class Acting(NamedTuple):
    """A small section."""

    base: Annotated[float, Unit("log rate per month", -20.0, 3.0)]
    share: Annotated[float, SHARE]
    ratio: Annotated[float, Unit("ratio", 0.0, 100.0)]


class Tables(NamedTuple):
    """A section of tables."""

    venue: Annotated[np.ndarray, Table(SHARE, "venue")]
    by_age: Annotated[np.ndarray, Table(SHARE, ("venue_age", "venue"))]


class Later(NamedTuple):
    """A third section."""

    months: Annotated[float, Unit("months", 0.0, 1200.0)]


class Small(NamedTuple):
    """A small set of coefficients."""

    acting: Acting
    tables: Tables
    later: Later


class OneSection(NamedTuple):
    """The same parameters without the others."""

    acting: Acting


WORDS = "meaning: What it is, source: A prior, grade: prior, status: judgement"
BY_AGE = "".join(f"      {age}: [0.25, 0.25, 0.25, 0.25]\n" for age in AXES["venue_age"])
GOOD = f"""\
acting:
  base: {{value: -8.5, low: -9.0, high: -8.0, distribution: normal,
         unit: log rate per month, {WORDS}}}
  share: {{value: 0.9, low: 0.5, high: 1.0, distribution: triangular, unit: share, {WORDS}}}
  ratio: {{value: 2.0, low: 1.0, high: 4.0, distribution: lognormal, unit: ratio, {WORDS}}}
tables:
  venue:
    value: {{peer: 0.4, neighbourhood: 0.3, night_time_economy: 0.2, household: 0.1}}
    unit: share
    {WORDS.replace(", ", "{0}    ").format(chr(10))}
  by_age:
    value:
{BY_AGE}    unit: share
    {WORDS.replace(", ", "{0}    ").format(chr(10))}
later:
  months: {{value: 6, unit: months, {WORDS}}}
"""


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a document and gives its path."""
    def write(text):
        path = tmp_path / "model.yaml"
        path.write_text(text, encoding="utf-8")
        return path
    return write


def problems_of(path, kind=Small, **more):
    """Return the problems that loading this file raises."""
    with pytest.raises(InputError) as caught:
        load_model_parameters(path, coefficients=kind, **more)
    return caught.value.problems


def test_central_values_arrive_in_the_named_tuples(file):
    central = load_model_parameters(file(GOOD), coefficients=Small).central()
    assert central.acting == Acting(-8.5, 0.9, 2.0)
    assert isinstance(central.later.months, float)
    assert central.tables.venue.tolist() == [0.4, 0.3, 0.2, 0.1]
    assert central.tables.venue.dtype == np.float64
    assert central.tables.by_age.shape == (9, 4)


def test_tables_cannot_be_written_to(file):
    table = load_model_parameters(file(GOOD), coefficients=Small).central().tables.venue
    with pytest.raises(ValueError):
        table[0] = 1.0


def test_parameters_travel_between_processes(file):
    parameters = load_model_parameters(file(GOOD), coefficients=Small)
    assert pickle.loads(pickle.dumps(parameters)).digest == parameters.digest


@given(index=st.integers(0, 2**31), seed=st.integers(0, 2**62))
@settings(max_examples=50, deadline=None)
def test_every_draw_of_the_model_lies_within_its_bounds(index, seed):
    parameters = load_model_parameters()
    drawn = parameters.draw(index, seed)
    for name, row in parameters.parameters.items():
        section, field = name.split(".")
        value = np.asarray(getattr(getattr(drawn, section), field))
        assert (value >= row.unit.minimum).all() and (value <= row.unit.maximum).all()
        if row.distribution in ("triangular", "uniform"):
            assert row.low <= value <= row.high


def test_a_draw_depends_on_the_parameter_alone(file):
    acting = GOOD.split("tables:")[0]
    alone = load_model_parameters(file(acting), coefficients=OneSection)
    together = load_model_parameters(file(GOOD), coefficients=Small)
    for index in range(5):
        assert alone.draw(index, 7).acting == together.draw(index, 7).acting


def test_draws_differ_by_index_and_seed_and_repeat(file):
    parameters = load_model_parameters(file(GOOD), coefficients=Small)
    assert parameters.draw(3, 1).acting == parameters.draw(3, 1).acting
    assert len({parameters.draw(i, seed).acting.base for i in range(4) for seed in (1, 2)}) == 8


def test_the_draw_of_a_name_is_fixed_for_ever():
    # Stored runs are named by draws: these numbers may never change.
    drawn = uniforms(["acting.base", "programmes.early_years.ace"], 0, 1)
    assert drawn.tolist() == [0.3494864198146388, 0.20042225916404277]


@given(
    distribution=st.sampled_from(["uniform", "triangular", "normal", "lognormal", "gamma"]),
    ends=st.lists(st.floats(0.001, 50.0), min_size=3, max_size=3, unique=True).map(sorted),
    probability=st.floats(1e-9, 1 - 1e-9),
)
@settings(deadline=None)
def test_quantiles_stay_within_the_bounds_and_rise(distribution, ends, probability):
    low, value, high = ends
    arguments = (distribution, value, low, high, 0.0, 20.0)
    drawn = quantile(*arguments, probability)
    assert 0.0 <= drawn <= 20.0
    assert drawn <= quantile(*arguments, probability + (1 - probability) / 2) + 1e-9


@pytest.mark.parametrize("distribution, low, value, high", [
    ("normal", -1.0, 0.0, 1.0), ("lognormal", 0.5, 1.0, 2.0),
])
def test_low_and_high_are_the_95_per_cent_interval(distribution, low, value, high):
    def at(probability):
        return quantile(distribution, value, low, high, float("-inf"), float("inf"), probability)
    assert [at(0.025), at(0.5), at(0.975)] == pytest.approx([low, value, high], abs=1e-9)


def test_triangular_quantiles_are_those_of_the_triangle():
    stats = pytest.importorskip("scipy.stats")
    triangle = stats.triang(c=0.3, loc=1.0, scale=10.0)
    for probability in (0.01, 0.29, 0.3, 0.5, 0.99):
        found = quantile("triangular", 4.0, 1.0, 11.0, 0.0, 100.0, probability)
        assert found == pytest.approx(triangle.ppf(probability))


@pytest.mark.parametrize("value, end", [(0.035, 0.24), (0.14, 0.4), (-0.1, -0.31)])
def test_a_gamma_keeps_the_mean_and_the_spread_of_what_is_believed(value, end):
    """Cut at nothing instead, a belief of 0.035 that reaches beyond it would have a mean of 0.1."""
    points = (np.arange(200_000) + 0.5) / 200_000
    low, high = sorted((0.0, end))
    drawn = np.array([quantile("gamma", value, low, high, -6.0, 6.0, p) for p in points])
    assert drawn.mean() == pytest.approx(value, rel=1e-3)
    assert drawn.std() == pytest.approx(abs(end - value) / 1.96, rel=1e-2)
    assert np.all(drawn * value >= 0.0) and np.all(np.diff(drawn) >= 0.0)


def test_a_gamma_begins_at_nothing():
    (fault,) = range_faults(SHARE, 0.2, 0.1, 0.4, "gamma")
    assert (fault.field, fault.given) == ("low", 0.1) and "0" in fault.allowed
    assert range_faults(SHARE, 0.2, 0.0, 0.4, "gamma") == []
    (fault,) = range_faults(Unit("log rate ratio", -6.0, 0.0), -0.2, -0.4, -0.1, "gamma")
    assert (fault.field, fault.given) == ("high", -0.1)


def test_the_digest_follows_numbers_and_not_words(file):
    base = load_model_parameters(file(GOOD), coefficients=Small).digest
    assert base == load_model_parameters(
        file(GOOD.replace("A prior", "Another source")), coefficients=Small).digest
    assert base != load_model_parameters(
        file(GOOD.replace("value: 0.9", "value: 0.8")), coefficients=Small).digest
    assert base != load_model_parameters(
        file(GOOD.replace("high: -8.0", "high: -8.1")), coefficients=Small).digest


TEN_WRONG = f"""\
acting:
  bas: {{value: -8.5, low: -9.0, high: -8.0, distribution: normal,
        unit: log rate per month, {WORDS}}}
  share:
    value: 1.5
    low: 0.5
    high: 1.0
    distribution: triangluar
    units: share
    {WORDS.replace(", ", "{0}    ").format(chr(10))}
  ratio:
    value: 5.0
    low: 4.0
    high: 2.0
    distribution: lognormal
    unit: ratios
    {WORDS.replace(", ", "{0}    ").format(chr(10))}
tables:
  venue:
    value: {{peer: 0.4, neighborhood: 0.3, night_time_economy: 0.2, household: 0.1}}
    unit: share
    {WORDS.replace(", ", "{0}    ").format(chr(10)).replace("grade: prior", "grade: guess")}
  by_age:
    value: [[0.25, 0.25, 0.25, 0.25]]
    unit: share
    {WORDS.replace(", ", "{0}    ").format(chr(10))}
laters:
  months: {{value: 6, unit: months, {WORDS}}}
"""


def test_ten_different_errors_are_all_told_with_their_lines(file):
    found = problems_of(file(TEN_WRONG))
    told = {(problem.line, problem.name) for problem in found}
    lines = TEN_WRONG.splitlines()

    def line(text, after=1):
        return next(i for i, content in enumerate(lines, 1) if text in content and i >= after)

    assert (line("  bas:"), "acting.bas") in told
    assert (1, "acting.base") in told  # missing: told at the section
    assert (line("triangluar"), "acting.share.distribution") in told
    assert (line("units: share"), "acting.share.units") in told
    assert (line("  share:"), "acting.share.unit") in told  # missing: told at the row
    assert (line("low: 4.0"), "acting.ratio.low") in told
    assert (line("unit: ratios"), "acting.ratio.unit") in told
    assert (line("grade: guess"), "tables.venue.grade") in told
    assert (line("neighborhood"), "tables.venue.value.neighborhood") in told
    assert (line("[[0.25"), "tables.by_age.value") in told
    assert (line("laters:"), "laters") in told
    by_name = {problem.name: problem for problem in found}
    assert "base" in by_name["acting.bas"].hint
    assert "unit" in by_name["acting.share.units"].hint
    assert "triangular" in by_name["acting.share.distribution"].hint
    assert "neighbourhood" in by_name["tables.venue.value.neighborhood"].hint
    assert "later" in by_name["laters"].hint
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


@pytest.mark.parametrize("was, becomes, name", [
    ("value: 0.9", "value: 1.2", "acting.share.value"),
    ("value: 0.9", "value: 0.4", "acting.share.value"),
    ("value: 0.9", "value: '0.9'", "acting.share.value"),
    ("value: 0.9", "value: .nan", "acting.share.value"),
    ("value: 0.9", "value: true", "acting.share.value"),
    ("value: 0.9, low: 0.5,", "value: 0.9,", "acting.share.low"),
    ("low: 1.0, high: 4.0", "low: 0.0, high: 4.0", "acting.ratio.distribution"),
    ("value: 6", "value: yes", "later.months.value"),
    ("value: 6", "value: [6]", "later.months.value"),
    ("peer: 0.4", "peer: 1.4", "tables.venue.value"),
    ("10-12: [0.25, 0.25, 0.25, 0.25]", "10-12: [0.25, 0.25, 0.5]", "tables.by_age.value.10-12"),
    ("meaning: What it is, ", "", "acting.base.meaning"),
])
def test_each_kind_of_wrong_value_is_refused_by_name(file, was, becomes, name):
    assert was in GOOD
    assert name in [problem.name for problem in problems_of(file(GOOD.replace(was, becomes, 1)))]


@pytest.mark.parametrize("text, words", [
    ("", "empty file"),
    ("acting: [1, 2", "given"),
    ("acting: {a: 1}\nacting: {b: 2}", "same name twice"),
    ("acting: &x {a: 1}\ntables: *x", "alias"),
    ("just words", "one mapping for each section"),
    ("a: !!python/object/apply:os.system ['true']", "python"),
])
def test_text_that_is_not_a_document_is_refused(file, text, words):
    assert any(words in str(problem) for problem in problems_of(file(text)))


def test_a_missing_file_is_named(tmp_path):
    (problem,) = problems_of(tmp_path / "none.yaml")
    assert "none.yaml" in str(problem) and "No such file" in str(problem)


def test_overrides_replace_values_and_are_remembered(file):
    overrides = {
        "acting.share": {"value": 0.7, "reason": "A trial", "author": "The board"},
        "later.months": {"value": 3, "reason": "A trial", "author": "The board"},
    }
    parameters = load_model_parameters(file(GOOD), overrides, Small)
    assert parameters.central().acting.share == 0.7
    assert {parameters.draw(i, 1).acting.share for i in range(5)} == {0.7}
    assert parameters.central().later.months == 3.0
    assert parameters.overrides[0].reason == "A trial"
    assert parameters.digest != load_model_parameters(file(GOOD), coefficients=Small).digest
    plain = load_model_parameters(file(GOOD), coefficients=Small)
    assert parameters.draw(4, 1).acting.base == plain.draw(4, 1).acting.base


def test_an_override_with_a_range_stays_uncertain(file):
    change = Override("acting.share", 0.7, "why", "who", low=0.6, high=0.8)
    parameters = load_model_parameters(file(GOOD), [change], Small)
    drawn = {parameters.draw(i, 1).acting.share for i in range(20)}
    assert len(drawn) == 20 and min(drawn) >= 0.6 and max(drawn) <= 0.8


def test_wrong_overrides_are_all_told(file):
    changes = [
        Override("acting.shar", 0.7, "why", "who"),
        Override("acting.ratio", -1.0, "why", "who"),
        Override("tables.venue", 0.5, "why", "who"),
        Override("later.months", True, "why", "who"),
        Override("acting.share", 0.5, "why", "who", low=0.6),
        Override("acting.base", -8.0, "why", "who", low=-7.0, high=-6.0),
    ]
    found = problems_of(file(GOOD), overrides=changes)
    assert len(found) == 6
    assert "acting.share" in found[0].hint


def test_the_model_document_is_right():
    assert len(load_model_parameters().parameters) > 100
