"""The paper on impact and evaluation on tiny runs: every section, its sources and its numbers."""

from types import SimpleNamespace

import numpy as np
import pytest
from small_papers import STRATEGY_FILE

from vru_model.analysis.pathways import pathways
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.reporting.blocks import Chart, Panel, Prose, Table
from vru_model.reporting.board.case import (
    BASELINE,
    ENDED,
    MAXIMUM,
    MINIMUM,
    QUICKER,
    SLOWER,
    STRATEGY,
    BoardCase,
)
from vru_model.reporting.board.impact import benefits, scaling
from vru_model.reporting.board.impact.paper import ImpactPaper
from vru_model.reporting.board.impact.runs import impact_runs
from vru_model.reporting.board.impact.verdicts import ADAPT, UNCLEAR
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.findings import run_together
from vru_model.scenario import Scenario


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """Return the paper on tiny runs of three programmes, with a made-up study of assumptions."""
    folder = tmp_path_factory.mktemp("impact")
    file = folder / "two_and_a_place.yaml"
    file.write_text(STRATEGY_FILE)
    options = BoardOptions(
        place="west_midlands", scale=0.003, years=2, draws=2, replicates=1, seed=1, workers=1,
        runs=str(folder / "runs"), date="2026-11-22", baseline="baseline", strategy=str(file),
        minimum=str(file), maximum=str(file), ending="grant_ends_after_1",
        contrast=["quick", "slow"], effort=0.1, payer="A made-up payer", recommendation="",
    )  # fmt: skip
    baseline, strategy = Scenario.load("baseline"), Scenario.load(file)
    runs = run_together([baseline, strategy], options)
    parts = dict.fromkeys((STRATEGY, MINIMUM, MAXIMUM, ENDED, QUICKER, SLOWER), strategy)
    case = BoardCase(options, {BASELINE: baseline, **parts}, runs)
    biggest = SimpleNamespace(sentence="Made-up assumption.")
    case.__dict__["study"] = SimpleNamespace(biggest=biggest, harmful_alone=(), words={"year": "2"})
    extra = impact_runs(strategy, runs["baseline"], runs[strategy.name], options)
    return ImpactPaper(case, extra)


SECTIONS = (
    "front", "decision", "verdicts", "evidence", "delivery", "observed", "increment", "together",
    "detectability", "designs", "benefits", "harms", "scaling", "value", "statements", "model",
    "log", "validation", "provenance", "licence",
)  # fmt: skip


def test_every_section_says_where_it_comes_from(paper):
    names = []
    for section in SECTIONS:
        blocks = list(getattr(paper, section)())
        assert blocks, section
        for block in blocks:
            assert isinstance(block, (Prose, Table, Chart, Panel)) and block.markdown().strip()
            assert "nan" not in block.markdown().split(), (section, block.markdown())
            if isinstance(block, (Table, Chart)):
                assert block.source and block.caption, section
                names.append(block.name)
            if isinstance(block, Table):
                assert len(block.frame) and not block.frame.isna().any().any(), block.name
    assert len(names) == len(set(names))
    assert {"increments", "incremental-value", "reach", "scaling", "verdicts"} <= set(names)


def test_the_decision_box_answers_the_question_of_this_paper(paper):
    (box,) = paper.decision()
    words = box.markdown()
    answer = words[words.index("Answer") : words.index("Recommendation")]
    assert "By the rule, " in answer
    for name in paper.found:
        assert paper.case.strategy.programmes[name].title in answer


def test_charts_have_their_table_beside_them_and_words_for_the_blind(paper):
    for section in ("delivery", "increment", "scaling"):
        blocks = getattr(paper, section)()
        chart = next(block for block in blocks if isinstance(block, Chart))
        assert len(chart.alt) > 100 and chart.png.startswith(b"\x89PNG")
        assert any(isinstance(block, Table) for block in blocks[blocks.index(chart) + 1 :])


def test_few_draws_force_no_verdict_on_what_a_programme_adds(paper):
    assert set(paper.found) == {"mentoring", "hospital_navigators", "hot_spot_patrol"}
    assert {one.word for one in paper.found.values()} <= {UNCLEAR, ADAPT}
    assert paper.found["hot_spot_patrol"].word == UNCLEAR


def test_the_paper_names_every_run_it_rests_on(paper):
    # baseline, strategy, three without a programme, half, twice, displaced
    assert len(paper.run_ids) == 8
    for section in ("increment", "scaling", "harms", "together"):
        text = "\n".join(block.markdown() for block in getattr(paper, section)())
        named = [run for run in paper.run_ids if run.replace("_", "\\_") in text]
        assert named, section


def test_more_money_starts_more_people_and_dropping_frees_the_money(paper):
    levels = scaling.totals(paper.case, paper.runs)
    spent = [money for money, _ in levels.values()]
    assert spent == sorted(spent) and spent[-1] == pytest.approx(4e6, rel=0.2)
    freed = {name: one.money for name, one in paper.increments.items()}
    assert freed["mentoring"] == pytest.approx(2e6, rel=0.2)
    assert sum(freed.values()) == pytest.approx(2 * spent[2], rel=0.01)


def test_what_a_programme_is_worth_is_its_difference_by_the_rules_of_the_decision_box(paper):
    assert set(paper.worths) == set(paper.increments)
    raised = {name: paper.worths[name].cost / one.money for name, one in paper.increments.items()}
    for name, factor in raised.items():
        # Two years: the uplift for optimism of its grade, and half a year's discount or so.
        grade = paper.case.strategy.programmes[name].evidence.grade
        uplift = load_rules().profiles["green_book_2022"].optimism_bias[grade].cost_uplift
        assert 0.93 * (1 + uplift) < factor < 1 + uplift, name
    for one in paper.worths.values():
        assert one.low95 <= one.low80 <= one.mean <= one.high80 <= one.high95
        assert one.draws == 2 and one.price_year == "2024/25"
    table = next(each for each in paper.value() if getattr(each, "name", "") ==
                 "worth-by-programme")  # fmt: skip
    assert len(table.frame) == 3 and "baseline" not in table.source


def test_a_pathway_never_ends_more_people_than_began(paper):
    table = pathways(paper.case.run(STRATEGY))
    for _, stages in table.groupby("programme"):
        people = stages.set_index("stage")["a_year"]
        ends = people.reindex(["completed", "left_early", "cut_short"]).sum()
        assert ends == pytest.approx(people["started"])


def test_groups_of_those_who_benefit_add_up_to_the_same(paper):
    table = benefits.by_group(paper.case)
    totals = table.groupby("kind")["averted"].sum()
    assert totals.to_numpy() == pytest.approx(np.full(3, totals["sex"]), abs=1e-6)
