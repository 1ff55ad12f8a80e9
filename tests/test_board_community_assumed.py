"""What the community sheet says was assumed: of those helped, and counted as the papers count."""

from board_community_doubles import case

from vru_model.parameters import load_model_parameters
from vru_model.parameters.accounts.community import load_community
from vru_model.parameters.programmes import TARGETS
from vru_model.reporting.board.community import CommunitySheet
from vru_model.reporting.board.community.assumed import EFFECTS, number, plain
from vru_model.reporting.board.community.checks import everything
from vru_model.reporting.board.community.readability import LIMIT, banned_words, read
from vru_model.reporting.provenance import parameter_standing

BOOK = load_community()


def test_an_effect_says_what_it_does_to_those_helped_and_never_what_staff_do():
    assert set(EFFECTS) == set(TARGETS)
    for target, (words, times) in EFFECTS.items():
        name = f"programmes.hospital_navigators.changes.{target}.value"
        told = plain(name, "", BOOK)
        assert told == f"Youth workers in hospitals: {words}" and " they " not in told
        assert banned_words(told) == [] and read(told).grade < 2 * LIMIT
        ratio = TARGETS[target].unit.name.endswith("ratio")
        assert bool(times) == ratio, target
        row = {"name": name, "unit": TARGETS[target].unit.name, "value": 0.4, "low": 0.1,
               "high": 0.8}  # fmt: skip
        assert (times in number(row)) if ratio else ("times" not in number(row))
    removed = {"name": "programmes.hospital_navigators.changes.activation.value",
               "unit": "share removed", "value": 0.4, "low": 0.0, "high": 0.8}  # fmt: skip
    assert plain(removed["name"], "", BOOK).endswith("how much of the wish to hit back goes away")
    assert number(removed) == "40 of 100 (0 to 80)"


def test_how_many_were_measured_is_what_the_other_papers_say():
    rows = [each.row for each in load_model_parameters().parameters.values()]
    measured = sum(row.status == "measured" for row in rows)
    told = everything(CommunitySheet(case(), BOOK).assumed())
    assert f"Of these, {measured} were measured" in told
    assert f"{measured} were measured" in parameter_standing().markdown()
    known = sum(row.grade in ("read", "derived") for row in rows)
    assert f"For {known} of the {len(rows)} we began from a study or a count" in told
    recalled = sum(row.status == "measured" and row.grade == "recalled" for row in rows)
    assert ("from memory" in told) == bool(recalled)
