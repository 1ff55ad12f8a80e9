"""Virtual trials: what they count, how sizes are fitted to them, and what is written of them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from vru_model.analysis import trials
from vru_model.experiments.trial import (
    Count,
    VirtualTrial,
    Watched,
    compare,
    under_trial_conditions,
    without_effect,
)
from vru_model.parameters.documents import built_in_names, parse_document
from vru_model.parameters.programmes import TARGETS
from vru_model.parameters.register import load_programme
from vru_model.parameters.rewriting import rewritten
from vru_model.reporting.register.trial_view import PAGE, page, register_digest


def test_a_ratio_of_counts_and_its_error_by_hand():
    counts = [Count(8, 10, 5), Count(10, 10, 5)]
    assert trials.log_ratio(counts) == pytest.approx(math.log(18 / 20))
    left_out = [math.log(10 / 10), math.log(8 / 10)]
    spread = sum((x - sum(left_out) / 2) ** 2 for x in left_out)
    assert trials.jackknife_error(counts) == pytest.approx(math.sqrt(spread / 2))


def test_chance_is_as_wide_as_so_few_worlds_make_it():
    counts = [Count(8, 10, 5), Count(10, 10, 5), Count(9, 10, 5)]
    assert trials.chance(counts) == pytest.approx(4.303 * trials.jackknife_error(counts), rel=1e-3)
    assert trials.chance(counts[:1]) == math.inf  # one world says nothing of chance


def test_nothing_counted_gives_a_ratio_all_the_same():
    assert trials.log_ratio([Count(0, 0, 3)]) == 0.0


def watched(enrolled, at, whom, when) -> Watched:
    return Watched(np.array(enrolled, np.uint64), np.array(at), np.empty(0, np.int64),
                   np.array(whom, np.uint64), np.array(when))  # fmt: skip


def test_each_person_is_followed_from_their_own_enrolment():
    """Ada starts in month 0 and Ben in month 5; Cy is not alike in both worlds: left out."""
    programme = load_programme("social_skills")  # six months, rate of acts
    assert (programme.trial.first_month, programme.trial.last_month) == (0, 6)
    control = watched([1, 2, 3], [0, 5, 2], [1, 1, 2, 2, 3], [0, 6, 4, 5, 3])
    treated = watched([1, 2, 3], [0, 5, 3], [2, 2], [10, 11])
    # Of Ada's months 0 and 6 only the first counts, of Ben's 4 and 5 only the second.
    assert compare(treated, control, programme) == Count(1.0, 2.0, 2)


def test_those_whom_an_event_brings_are_followed_from_the_month_after_it():
    programme = load_programme("hospital_navigators")
    control = watched([7], [3], [7, 7], [3, 4])
    treated = watched([7], [3], [], [])
    assert compare(treated, control, programme) == Count(0.0, 1.0, 1)


def test_risk_counts_people_and_rate_counts_events():
    programme = load_programme("school_inclusion")
    assert programme.trial.statistic == "risk"
    control = watched([1, 2], [0, 0], [1, 1, 2], [0, 1, 2])
    assert compare(control, control, programme) == Count(2.0, 2.0, 2)


def test_a_trial_leaves_nobody_out_and_changes_no_size():
    programme = load_programme("hospital_navigators")
    full = under_trial_conditions(programme)
    assert full.reach.take_up == full.referral.identified == full.referral.consent == 1.0
    assert full.timing.lag_months == full.referral.delay_months == 0.0
    assert full.timing.duration_months == programme.timing.duration_months
    assert full.changes == programme.changes
    neutral = without_effect(programme)
    assert all(each.value == TARGETS[each.target].neutral for each in neutral.changes)


# Fitting, with a model that is a straight line.


def line(slope: float, offset: float):
    """Stand in for the model: the trial shows ``offset + slope * size``, of a million events."""

    def carry_out(asked, workers=None, progress=None):
        result = []
        for trial in asked:
            (size,) = (each.value for each in trial.programme.changes
                       if each.target == trial.programme.trial.fits)
            result.append(Count(1e6 * math.exp(offset + slope * size), 1e6, 1000))
        return result

    return carry_out


def test_a_size_is_found_where_the_trial_shows_what_is_believed(monkeypatch):
    """With 0.05 paid by other changes and an amplification of 1.5, by hand."""
    programme = load_programme("focused_deterrence")
    monkeypatch.setattr(trials, "carry_out", line(1.5, -0.05))
    found = trials.fit(programme, replicates=2)
    believed = programme.believed
    assert found.after.value == pytest.approx((believed.value + 0.05) / 1.5, abs=0.002)
    assert found.shown == pytest.approx(believed.value, abs=0.002)
    assert found.after.high - found.after.value == pytest.approx(
        (believed.high - believed.value) / 1.5, abs=0.003)
    (acting,) = (each for each in found.programme.changes if each.target == "acting")
    assert (acting.value, acting.low, acting.high) == found.after


def test_a_remainder_never_turns_into_harm(monkeypatch):
    programme = load_programme("social_skills")
    monkeypatch.setattr(trials, "carry_out", line(1.0, -0.9))  # others show far more than believed
    assert trials.fit(programme, replicates=2).after.value == 0.0


def test_a_harmful_programme_is_fitted_to_its_harm(monkeypatch):
    programme = load_programme("scared_straight")
    monkeypatch.setattr(trials, "carry_out", line(1.2, 0.0))
    found = trials.fit(programme, replicates=2)
    assert found.after.value == pytest.approx(programme.believed.value / 1.2, abs=0.002)
    assert found.after.value > 0.0


def test_what_has_nothing_to_fit_is_left_alone():
    assert trials.fit(load_programme("family_therapy")) is None
    assert trials.fit(load_programme("trauma_informed_training")) is None


def test_a_real_trial_of_a_great_effect_shows_it(tmp_path, monkeypatch):
    """Acts of those enrolled fall by about what the change says, less drop-out, plus the loops."""
    monkeypatch.setattr("vru_model.experiments.trials.FOLDER", tmp_path)
    programme = trials.resized(load_programme("mentoring"), "acting", -1.0)
    count, again = trials.carry_out([VirtualTrial(programme, scale=0.01)] * 2)
    assert count == again and len(list(tmp_path.glob("*.json"))) == 1
    assert count.followed > 100 and count.control > 20
    assert 0.2 < count.treated / count.control < 0.85
    nothing = VirtualTrial(without_effect(programme), scale=0.01).run()
    assert nothing.treated == nothing.control


# What is written.


def test_sizes_are_written_into_a_document_and_the_rest_stays():
    text = (
        "# A comment.\nchanges:\n  - target: acting\n    value: -0.2  # a note\n    low: -0.5\n"
        "    meaning: >-\n      Two lines\n      of words.\n    grade: derived\nother: 1\n"
    )
    document = parse_document(text, "x.yaml")
    at = ("changes", 0)
    new = rewritten(text, document, {(*at, "value"): "-0.3", (*at, "fitted"): '"a trial"'})
    assert new == text.replace("-0.2", "-0.3").replace(
        "grade: derived\n", 'grade: derived\n    fitted: "a trial"\n')
    with pytest.raises(ValueError, match="x.yaml:6"):
        rewritten(text, document, {(*at, "meaning"): "no"})
    assert yaml.safe_load(new)["changes"][0]["fitted"] == "a trial"


def test_the_page_holds_every_programme_with_its_numbers():
    results = [trials.Result(load_programme(name)) for name in built_in_names("programmes")]
    text = page(results, draws=2, replicates=1, scale=0.1)
    for each in results:
        assert f"`{each.programme.name}`" in text
    assert "harmful" in text and "no benefit" in text and "unknown, may harm" in text
    assert register_digest(each.programme for each in results) in text


def test_the_published_page_is_of_the_present_register():
    """Run `vru trial --write` when this fails: sizes, reach or evidence have changed since."""
    programmes = [load_programme(name) for name in built_in_names("programmes")]
    assert f"register {register_digest(programmes)} " in Path(PAGE).read_text("utf-8")


def test_the_published_page_tells_of_each_trial_what_its_document_does():
    text = Path(PAGE).read_text("utf-8")
    for name in built_in_names("programmes"):
        programme = load_programme(name)
        told = programme.limits if programme.trial is None else programme.trial.comment
        assert f"| {' '.join(told.split())} |" in text, name


@pytest.mark.parametrize("name", built_in_names("programmes"))
def test_a_trial_of_places_covers_them_whole_and_its_document_says_what_remains(name):
    programme = load_programme(name)
    reach = under_trial_conditions(programme).reach
    if not programme.of_places:
        assert reach.share_of_days == programme.reach.share_of_days
        return
    assert reach.share_of_days == reach.share_of_place == 1.0
    if programme.reach.share_of_days * programme.reach.share_of_place < 1.0:
        assert "in a strategy" in " ".join(programme.trial.comment.split()).lower()


def test_verdicts_in_words():
    programme = load_programme("mentoring")  # a ratio of 0.84 is believed
    estimate = trials.Estimate
    believed = math.exp(programme.believed.value)

    def of(value: float, width: float = 0.001) -> str:
        ratio = estimate(value, value - width, value + width)
        return trials.verdict(trials.Result(programme, ratio))

    assert of(believed) == "not told apart from what is believed (±2%)"
    assert of(believed - 0.05, 0.1).endswith("(±13%)")  # 0.1 of a ratio of 0.79
    assert of(0.95) == "weaker than believed"
    assert of(0.5) == "stronger than believed"
    assert of(1.2) == "the other way"
    assert "nobody is enrolled" in trials.verdict(trials.Result(programme))
