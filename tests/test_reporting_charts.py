import pytest
from reporting_doubles import estimates, head_to_head

from vru_model.reporting.blocks import Chart
from vru_model.reporting.charts import (
    STYLES,
    averted_alt,
    averted_chart,
    png,
    styles,
    trajectory_chart,
)
from vru_model.reporting.measures import ALL_AGES, HEADLINE_MEASURE

YEARS = (1, 3, 5, 10)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_colour_stands_out_from_white_by_three_to_one():
    for style in STYLES:
        assert 1.05 / (luminance(style.colour) + 0.05) >= 3.0, style


def test_colour_is_never_the_only_cue():
    assert len({style.line for style in STYLES}) == len(STYLES)
    assert len({style.marker for style in STYLES}) == len(STYLES)
    with pytest.raises(ValueError, match="4 strategies"):
        styles([str(number) for number in range(5)])


def test_a_chart_says_its_message_names_its_axes_and_labels_its_strategies():
    figure = averted_chart(HEADLINE_MEASURE, estimates(), YEARS)
    title = figure.get_suptitle().replace("\n", " ")
    assert title.startswith(
        "Victims of all ages: by year 10 the slow strategy averts 20 to 110 sharp-object"
    )
    for axes in figure.axes:
        assert axes.get_xlabel() == "By the end of year"
        words = {text.get_text() for text in axes.texts}
        assert {"quick", "slow"} == words
    assert figure.axes[0].get_ylabel() == (
        "Sharp-object admissions averted\n(0: same as the baseline)"
    )


def test_the_names_at_the_ends_stand_beside_their_panel_where_no_line_runs_and_nothing_else():
    figure = averted_chart(HEADLINE_MEASURE, estimates(), YEARS)
    png(figure)
    left, right = figure.axes
    for axes in (left, right):
        for text in axes.texts:
            assert text.get_window_extent().x0 >= axes.get_window_extent().x1
    names = [text.get_window_extent() for text in left.texts]
    ticks = [tick.get_window_extent() for tick in right.yaxis.get_majorticklines()]
    assert max(name.x1 for name in names) < min(tick.x0 for tick in ticks)


def test_the_title_follows_the_numbers():
    wide = averted_chart(HEADLINE_MEASURE, estimates(spread=3.0), YEARS)
    title = wide.get_suptitle().replace("\n", " ")
    assert title.endswith("neither strategy can be told from the baseline in sharp-object "
                          "admissions")  # fmt: skip


def test_the_words_for_a_chart_hold_its_last_numbers_and_point_to_the_table():
    words = averted_alt(HEADLINE_MEASURE, estimates(), YEARS)
    assert "The slow strategy by year 10, all ages: 60 (80% interval 20 to 110" in words
    assert words.endswith("The table that follows gives every number.")


def test_the_same_numbers_give_the_same_bytes():
    first, second = (png(averted_chart(HEADLINE_MEASURE, estimates(), YEARS)) for _ in range(2))
    assert first == second
    assert b"Software" not in first


def test_the_trajectories_of_two_strategies_are_drawn_with_their_difference():
    lead = {
        year: head_to_head().get("slow", HEADLINE_MEASURE, ALL_AGES, year) for year in range(1, 11)
    }
    figure = trajectory_chart("It crosses", HEADLINE_MEASURE, estimates(), lead, ("quick", "slow"))
    left, right = figure.axes
    assert {text.get_text() for text in left.texts} >= {"quick", "slow"}
    assert right.get_ylabel() == "Above 0: slow has averted more"


def test_a_chart_without_words_for_it_is_refused():
    with pytest.raises(ValueError, match="no alternative text"):
        Chart(name="bare", png=b"", alt="  ", caption="A chart")
