"""Nothing that a chart draws is cut off at its edge, however long the names are."""

from __future__ import annotations

from types import SimpleNamespace

import measure_doubles
import numpy as np
import pandas as pd
import pytest
from board_doubles import board_case
from board_programme_doubles import programme_paper
from board_system_doubles import averted
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from place_packs import write_pack
from reporting_doubles import COURSES, comparison_table, estimates

from vru_model import paths
from vru_model.analysis.appraisal import streams
from vru_model.parameters.accounts.targets import load_targets
from vru_model.parameters.register import load_programme
from vru_model.place import build_population, load_place
from vru_model.place.plots import plot_deprivation, plot_population
from vru_model.reporting import lettering, maps
from vru_model.reporting.board.assurance import model_map
from vru_model.reporting.board.community import icons
from vru_model.reporting.board.community.frequencies import Frequency
from vru_model.reporting.board.impact import charts as impact
from vru_model.reporting.board.system.boundary_blocks import _chart
from vru_model.reporting.board.system.heat import heat_table
from vru_model.reporting.board.system.removals import Removals
from vru_model.reporting.charts import averted_chart, png, trajectory_chart
from vru_model.reporting.estimates import Estimates
from vru_model.reporting.fan import fan_chart
from vru_model.reporting.measures import HEADLINE_MEASURE, HOME_OFFICE_MEASURES
from vru_model.reporting.register import theory_of_change
from vru_model.reporting.report.writing import write_report
from vru_model.reporting.validation import figures
from vru_model.scenario import Scenario
from vru_model.workbook.needs import burden, issues
from vru_model.workbook.sessions import charts as sessions
from vru_model.workbook.sessions.swings import Verdict

LONG = "navigators_and_early_years_and_focused_deterrence_"
NAME = (LONG * 3)[:120]
ONE_WORD = "llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2
TITLE = NAME.replace("_", " ").capitalize()
YEARS = range(1, 11)


@pytest.fixture
def cut_off(monkeypatch):
    """Return what was drawn beyond the page of any figure that is saved, chart by chart."""
    found, saved = [], Figure.savefig

    def looked_at(figure, *given, **options):
        found.append((figure.get_suptitle(), lettering.outside(figure)))
        return saved(figure, *given, **options)

    monkeypatch.setattr(Figure, "savefig", looked_at)
    return found


def whole(found, charts=1):
    """Whether at least so many charts were looked at, with nothing beyond their pages."""
    assert len(found) >= charts
    assert not [(title, words) for title, words in found if words]
    return True


@pytest.fixture
def long_strategy(tmp_path):
    """Return the file of a strategy with a name of 120 characters and a title as long."""
    text = (paths.PARAMETERS / "strategies" / "balanced.yaml").read_text("utf-8")
    text = text.replace("name: balanced", f"name: {NAME}").replace("A balanced mix", TITLE)
    file = tmp_path / f"{NAME}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", [NAME, ONE_WORD])
def test_a_title_wraps_at_the_width_of_its_figure_and_the_figure_grows(name):
    short, long = (lettering.headed(title, 9.2, 4.0) for title in ("Short", f"{name} {name}"))
    assert lettering.outside(long) == []
    assert long.get_suptitle().replace("\n", "").replace(" ", "") == 2 * name
    assert long.get_figheight() > short.get_figheight() == 4.0


def test_what_lies_beyond_a_page_is_told_and_still_in_the_picture():
    figure = lettering.headed("A message", 6.0, 3.0)
    figure.text(1.05, 0.5, "far away")
    assert lettering.outside(figure) == ["far away"]
    width = int.from_bytes(png(figure)[16:20], "big")
    assert width > 6.0 * 160


def test_words_are_measured_as_they_are_drawn():
    figure = lettering.headed("A message", 9.2, 3.0)
    text = figure.text(0, 0.5, TITLE, fontsize=10, fontweight="bold")
    drawn = text.get_window_extent(FigureCanvasAgg(figure).get_renderer()).width / figure.dpi
    assert lettering.letters_width(TITLE, bold=True) * 10 / 72 == pytest.approx(drawn, rel=0.03)


def test_a_long_name_is_shortened_beside_a_line_and_keeps_its_beginning():
    assert lettering.spoken("quick_and_slow") == "quick and slow"
    assert lettering.spoken(NAME).startswith("navigators and early") and len(
        lettering.spoken(NAME)) <= 48  # fmt: skip
    assert len(lettering.shortened(ONE_WORD, 20)) == 20


def test_a_dollar_sign_in_a_name_is_a_dollar_sign(cut_off):
    figure = averted_chart(HEADLINE_MEASURE, estimates(), (1, 3, 5, 10))
    figure.axes[0].set_title("costs $5 and $\\frac")
    assert png(figure) and whole(cut_off)


def test_the_programme_paper_with_long_names(cut_off, long_strategy, tmp_path):
    contrast = []
    for name in ("quick", "slow"):
        text = (paths.PARAMETERS / "strategies" / f"{name}.yaml").read_text("utf-8")
        file = tmp_path / f"{name}_{NAME[6:]}.yaml"
        file.write_text(text.replace(f"name: {name}", f"name: {file.stem}"), encoding="utf-8")
        contrast.append(str(file))
    paper = programme_paper(strategy=str(long_strategy), contrast=contrast)
    for section in ("options", "theory", "crossing", "ending", "equality"):
        getattr(paper, section)()
    for measure in HOME_OFFICE_MEASURES:
        paper.measure(measure.key)
    assert whole(cut_off, charts=7)


def test_comparisons_of_four_long_strategies(cut_off):
    names = [f"{word}_{NAME[6:]}" for word in ("quick", "slow", "third", "worst")]
    table = {name: comparison_table(gain) for name, gain in zip(
        names, [*COURSES.values(), np.full(10, 0.03), np.full(10, -0.02)], strict=True)}
    found = Estimates(table)
    png(averted_chart(HEADLINE_MEASURE, found, (1, 3, 5, 10)))
    png(fan_chart(HEADLINE_MEASURE, found, YEARS, [f"{word} {TITLE}" for word in "abcd"], TITLE))
    lead = {year: found.get(names[1], HEADLINE_MEASURE, "all ages", year) for year in YEARS}
    png(trajectory_chart(f"{TITLE} is ahead", HEADLINE_MEASURE,
                         Estimates(dict(list(table.items())[:2])), lead, (names[0], names[1])))
    assert whole(cut_off, charts=3)


def test_the_charts_of_impact_and_system_change(cut_off):
    found = {f"{TITLE} {n}": averted(mean, 20.0) for n, mean in enumerate((50.0, 0.0, -30.0))}
    png(impact.ranked_chart(TITLE, "Admissions averted", found, "adds nothing"))
    shares = dict.fromkeys(found, (0.5, 0.2, 0.1, 0.1, 0.1))
    png(impact.funnel_chart(TITLE, [f"{part}: {TITLE}" for part in "abcde"], shares, "Share, %"))
    png(impact.scaling_chart(TITLE, ("£ million a year", "Admissions averted by year 10"),
                             {0.0: None, 1.7: averted(30.0, 10.0), 3.4: averted(50.0, 10.0)}))
    values = pd.DataFrame({"Paid": [-1.0, 2.0], "Saved": [3.0, 4.0]}, index=[TITLE, "NHS"])
    png(heat_table(TITLE, values, values.astype(str), TITLE, "£ thousand"))
    held = SimpleNamespace(name="with")
    tests = [SimpleNamespace(name=f"b{n}", title=f"{TITLE} {n}", scenario=held, held_against=held,
                             cost_per_year=None)
             for n in range(3)]  # fmt: skip
    tested = Removals(tests, {"with": SimpleNamespace(run_id="with-1")}, 10)
    tested.__dict__["found"] = {
        test.name: [one] for test, one in zip(tests, found.values(), strict=True)}
    _chart(tested)
    assert whole(cut_off, charts=5)


def test_the_charts_of_the_community_sheet_and_the_assurance_pack(cut_off):
    for found in (Frequency(3, 18, 9, "fewer"), Frequency(-9, 5, -2, "unclear")):
        png(icons.draw(found, "people aged 10 to 24 who live in the most deprived places"))
    png(model_map.draw())
    programmes = {
        name: load_programme(name).model_copy(update={"title": f"{TITLE} {name}"})
        for name in ("hospital_navigators", "early_years", "focused_deterrence")
    }
    lines = tuple(SimpleNamespace(programme=name, money_per_year=1) for name in programmes)
    png(theory_of_change.draw(
        SimpleNamespace(title=TITLE * 2, programmes=programmes, funding=lines)))
    assert whole(cut_off, charts=4)


def test_the_charts_of_a_report(cut_off, tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "_of_scenario", lambda _: ({"navigators": "B"}, "2024/25"))
    base = measure_doubles.run(tmp_path / "runs")
    other = measure_doubles.run(tmp_path / "runs", NAME, 0.5, 1e6)
    write_report(other, base, tmp_path / "report")
    assert whole(cut_off, charts=7)


def test_maps_with_long_titles(cut_off, tmp_path, monkeypatch):
    place = load_place(write_pack(tmp_path / "pack"))
    kinds = pd.MultiIndex.from_frame(maps.kinds_of(place).drop_duplicates())
    rates = pd.DataFrame({"averted": 3.0, "low80": 1.0, "high80": 5.0}, index=kinds)
    monkeypatch.setattr(maps, "kind_rates", lambda *_: rates)
    maps.change_map(place, None, f"{TITLE} {TITLE}", "run x")
    for picture in (plot_deprivation(place), plot_population(place, build_population(place, 1))):
        png(picture.figure)
    assert whole(cut_off, charts=3)


def test_the_charts_of_validation(cut_off):
    targets = load_targets().targets
    names = [name for name in targets if name.startswith("recorded_violence_decile")]
    rows = pd.DataFrame({
        "name": names, "pattern": f"{TITLE}: and more", "group": f"group: {TITLE}", "value": 2.0,
        "low": 1.0, "high": 3.0, "target": 2.5, "tolerance": 0.5, "verdict": "pass",
    })  # fmt: skip
    figures.all_verdicts(rows, "verdicts", f"{TITLE}: all pass")
    assert figures.deciles(rows) is not None
    assert whole(cut_off, charts=2)


def test_the_charts_of_the_workbook_s_pages(cut_off, tmp_path):
    out = tmp_path / "runs"
    base, other = (measure_doubles.run(out, name, reduction=cut, years=2)
                   for name, cut in (("baseline", 0.0), ("helps", 0.5)))  # fmt: skip
    for run in (base, other):
        run.manifest["place"]["authorities"] = {"E08000025": ONE_WORD[:60],
                                                "E08000026": "Coventry"}  # fmt: skip
    burden.burden_blocks(base, "admissions")
    issues.issue_blocks(base, other, Scenario.load("balanced"))
    weights = pd.DataFrame({"title": [f"{TITLE} {n}" for n in range(4)], "median": 25.0,
                            "lower_quartile": 10.0, "upper_quartile": 40.0})  # fmt: skip
    strategies = pd.DataFrame({
        "strategy": [f"{NAME}_{n}" for n in range(3)], "first": 0.3, "first_people": 0.4,
        "first_draws": 0.5, "score": 1.0, "low80": 0.5, "high80": 1.5, "mean_rank": 2.0,
    })  # fmt: skip
    found = Verdict(weights, strategies, 6, 24)
    assert sessions.weights_chart(found) and sessions.places_chart(found)
    assert whole(cut_off, charts=7)


def test_the_paper_is_of_the_long_name(long_strategy):
    assert board_case(strategy=str(long_strategy)).strategy.name == NAME and len(NAME) == 120
