"""Prices in the paper on system change: where they come from stands wherever they do."""

from dataclasses import replace

from board_system_doubles import account, averted, stages

from vru_model.parameters.register import load_programme
from vru_model.reporting.board.system import boundaries, boundary_blocks, prices
from vru_model.reporting.board.system.gains import gain_blocks
from vru_model.reporting.board.system.removals import Removals
from vru_model.scenario import Scenario


def test_a_cost_says_wherever_it_stands_that_it_is_no_providers_price(monkeypatch):
    waiting = stages("hospital_navigators", accepted=1800, lost_waiting=900, started=900)
    monkeypatch.setattr(boundaries, "pathways", lambda run: waiting)
    tests = boundaries.boundaries(Scenario.load("balanced"), None)
    tested = Removals(tests, {}, 10)
    tested.__dict__["found"] = {test.name: [averted(900.0, 20.0, 24)] * 2 for test in tests}
    priced = {test.name: test for test in tests if test.cost_per_year is not None}
    assert set(priced) == {boundaries.DATA_SHARING, boundaries.WAITING}
    assert priced[boundaries.WAITING].priced_by.startswith("published unit cost, ")
    assert "derived from published figures" in priced[boundaries.DATA_SHARING].priced_by
    monkeypatch.setattr(boundary_blocks, "flows", lambda *_: [])
    monkeypatch.setattr(Removals, "pair", lambda *_: ())
    table = boundary_blocks._costs(Removals([replace(each, scenario=None) for each in tests],
                                            {}, 10))  # fmt: skip
    gained = {test.title: account({"police": 10**8}) for test in priced.values()}
    tested.__dict__["tried"] = []
    lines = gain_blocks(tested, gained)[0].markdown()
    for test in tests:
        terms = boundary_blocks._terms(tested, test)
        row = table.frame.set_index("Boundary").loc[test.title]
        if test.name not in priced:
            assert row["Cost a year"] == "not known" and row.iloc[-1] == "No price"
            continue
        for words in (terms["What it costs"], terms["For the money"], row.iloc[-1]):
            assert "not a provider’s price" in words
    assert lines.count("not a provider’s price") == len(priced)


def test_where_unit_costs_come_from_is_told_programme_by_programme():
    named = ("hospital_navigators", "mentoring", "health_data_sharing")
    assert prices.priced_by(map(load_programme, named)) == (
        "published unit cost for hospital navigators; unit cost by judgement (none is published) "
        "for mentoring; unit cost derived from published figures for sharing of emergency "
        "department data; not providers’ prices"
    )
