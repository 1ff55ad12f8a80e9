"""docs/ODD.md says what the program does, and its written-out parts are up to date."""

import re

import pytest

from vru_model.analysis import odd
from vru_model.model import ViolenceModel
from vru_model.parameters import load_model_parameters
from vru_model.paths import ROOT

PAGE = odd.FILE.read_text("utf-8")


def test_the_page_is_up_to_date():
    assert odd.renewed(PAGE) == PAGE, "run `python -m vru_model.analysis.odd`"


def test_the_seven_elements_of_the_protocol_stand_in_their_order():
    headings = re.findall(r"^## (\d+)\. (.+)$", PAGE, re.MULTILINE)
    assert [title for _, title in headings[:7]] == [
        "Purpose and patterns", "Entities, state variables and scales",
        "Process overview and scheduling", "Design concepts", "Initialisation", "Input data",
        "Submodels",
    ]  # fmt: skip
    assert [int(number) for number, _ in headings] == list(range(1, len(headings) + 1))
    assert headings[-1][1] == "What the model cannot know"


def test_the_order_of_a_step_is_the_order_in_which_phases_run():
    order = odd.order_of_step()
    numbers = [phase.number for phase, _ in order]
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 7, 8, 9, 10, 11, 12]
    assert [arguments for _, arguments in order if arguments] == ["echoes=True"]
    model = ViolenceModel(scale=0.002, years=1)
    model.schedule.calls.clear()
    model.schedule.seconds.clear()
    model.step()
    assert model.schedule.calls == list(dict.fromkeys(phase.method for phase, _ in order))


def test_the_warm_up_leaves_out_demography_early_life_programmes_and_counting():
    left_out = {phase.number for phase, _ in odd.order_of_step()} - {
        phase.number for phase, _ in odd.order_of_warm_up()
    }
    assert left_out == {2, 3, 6, 8, 12}


def test_every_parameter_stands_on_the_page():
    for name in load_model_parameters().parameters:
        section, _, field = name.partition(".")
        table = PAGE.split(f"**{section}**: ")[1].split("\n\n**")[0]
        assert f"| `{field}` |" in table, name


WRITTEN_BY_HAND = {
    "0.08 cos(2π (month - 7) / 12)": {"acting.season": 0.08, "acting.season_peak": 7},
    "s = 1.6 for males, 0.4 for females": {"grievance.male": 1.6, "grievance.female": 0.4},
    "1{H_carer > 0.5}": {"early_life.violent_history": 0.5},
    "exclusion - 0.5 S + θ 0.2 A + 0.4 min(H, 3) + 0.3 D + 0.9 male": {
        "schooling.exclusion_self_regulation": 0.5, "schooling.exclusion_ace": 0.2,
        "schooling.exclusion_history": 0.4, "schooling.exclusion_deprivation": 0.3,
        "schooling.exclusion_male": 0.9,
    },
    "`neet` - 0.35 S + 0.3 D + 0.2 A +\n0.7 1{ever excluded}": {
        "schooling.neet_self_regulation": 0.35, "schooling.neet_deprivation": 0.3,
        "schooling.neet_ace": 0.2, "schooling.neet_excluded": 0.7,
    },
    "√0.5 u + √0.5 e": {"peers.likeness": 0.5},
    "With probability 0.12": {"peers.rewired": 0.12},
    "(3 · share of peers with H > 0.3 - N)": {"peers.scale": 3, "peers.violent_history": 0.3},
    "with probability 0.2; at night": {"victims.nearby": 0.2},
    "authority (0.70), of the largest authority (0.25)": {
        "victims.night_own_authority": 0.7, "victims.night_regional_centre": 0.25,
    },
    "constant bound 20": {"victims.greatest_weight": 20},
    "+ 0.25 [ln(1 + min(H, history_cap)) - mean] + 0.5 [excluded - mean]": {
        "weapons.knife_history": 0.25, "weapons.knife_excluded": 0.5,
    },
    "1 for an act, 0.3 for an act of a repeated pair": {"pairs.history_weight": 0.3},
    "1 if injured, 0.4 if not": {
        "grievance.injured_victim": 1, "grievance.uninjured_victim": 0.4,
    },
    "to retaliate against, for a year": {"grievance.memory": 12},
    "each child of the household (0.8); among peers each tie of the victim (0.3)": {
        "witnesses.household": 0.8, "witnesses.peer": 0.3,
    },
    "public (0.1)": {"witnesses.public": 0.1},
    "(0.05, once)": {"witnesses.ace": 0.05},
    "(1 - e^(-Δ/6))": {"neighbourhoods.violence_decay": 6},
    "(1 - e^(-Δ/12))": {"neighbourhoods.fear_decay": 12},
    "(1 - e^(-Δ/24)) (-0.5 D - 0.2 (F - 1) - CE)": {
        "neighbourhoods.efficacy_relaxation": 24, "neighbourhoods.efficacy_deprivation": -0.5,
        "neighbourhoods.efficacy_fear": -0.2,
    },
    "1.4 times as often with a knife, at most 0.98": {
        "services.police_under_16": 0.5, "services.police_knife": 1.4,
        "services.police_ceiling": 0.98,
    },
    "(0.3 times as likely under 18)": {"services.custody_under_18": 0.3},
    "0.0925 a + 0.15 D; of infants 0.004": {
        "demography.death_age": 0.0925, "demography.death_deprivation": 0.15,
        "demography.death_infant": 0.004,
    },
    "exp(0.08 D)": {"demography.births_deprivation": 0.08},
    "0.5 u_mother + √0.75 e": {"families.liability_correlation": 0.5},
    "exp(-km/4) · exp(-|difference of D| / 0.7)": {
        "demography.move_distance": 4, "demography.move_deprivation": 0.7,
    },
}  # fmt: skip
"""Words of the page → the parameters that they quote. Calibration may move one of them: then the
page has to name the parameter instead of quoting it."""


@pytest.mark.parametrize("words", WRITTEN_BY_HAND)
def test_numbers_written_by_hand_are_those_of_the_parameters(words):
    assert words in PAGE
    values = load_model_parameters().central()
    for name, quoted in WRITTEN_BY_HAND[words].items():
        section, _, field = name.partition(".")
        assert getattr(getattr(values, section), field) == pytest.approx(quoted), name


def test_it_says_how_many_numbers_were_fitted_together():
    header = (ROOT / "parameters/calibrated/west_midlands.csv").read_text("utf-8").split("\n")[0]
    numbers = header.split(",")[1:]
    parameters = {".".join(name.split(".")[:2]) for name in numbers}
    assert f"*{len(parameters)} parameters ({len(numbers)} numbers" in PAGE


def test_a_page_without_its_markers_is_refused():
    with pytest.raises(ValueError, match="begin phases"):
        odd.renewed(PAGE.replace("<!-- begin phases", "<!-- start phases"))


def test_a_stale_block_is_seen():
    assert odd.renewed(PAGE.replace("| 12 | collection |", "| 12 | counting |")) == PAGE


def test_a_state_without_words_is_refused(monkeypatch):
    monkeypatch.delitem(odd.RESIDENT_MEANINGS, "trauma_until")
    with pytest.raises(ValueError, match="trauma"):
        odd.generated()
