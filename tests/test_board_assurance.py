"""The assurance pack says what the documents and the runs say, and asks a role for the rest."""

import re
import subprocess
import sys

import nbformat
import pandas as pd
import pytest
from board_assurance_doubles import case, largest, run

from vru_model import paths
from vru_model.parameters.accounts.assurance import Assurance, load_assurance
from vru_model.parameters.loading import load_model_parameters
from vru_model.reporting.blocks import Chart, Panel, Table, escape
from vru_model.reporting.board import signing
from vru_model.reporting.board.assurance import (
    AssurancePack,
    checklists,
    logs,
    pages,
    statement,
    transparency,
)
from vru_model.reporting.board.assurance.reading import CHECKED
from vru_model.reporting.board.assurance.records import Field
from vru_model.reporting.board.assurance.risks import HIGH, LOW, MEDIUM, Risk, risks
from vru_model.reporting.board.standing import standing
from vru_model.reporting.paper_checks import _RUN_ID
from vru_model.reporting.provenance import parameter_standing

NOTEBOOK = paths.NOTEBOOKS / "papers" / "assurance_pack.ipynb"
PARTS = (
    "front", "statement", "sign_off", "risks", "verification", "validation", "calibration", "logs",
    "model_map", "manifest", "data_protection", "transparency", "accessibility", "checklists",
    "annex", "licence",
)  # fmt: skip


@pytest.fixture(scope="module")
def shown():
    pack = AssurancePack(case())
    return {part: getattr(pack, part)() for part in PARTS}


def text(blocks):
    return "\n".join(block.markdown() for block in blocks)


def table(blocks, name):
    return next(each for each in blocks if isinstance(each, Table) and each.name == name)


# Every part


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_something_and_every_table_and_chart_its_source(shown, part):
    assert shown[part]
    for block in shown[part]:
        if isinstance(block, Table):
            assert block.caption and block.source and len(block.frame)
        if isinstance(block, Chart):
            assert block.source and block.caption and len(block.alt) > 100


def test_tables_and_charts_have_names_of_their_own(shown):
    names = [
        block.name for blocks in shown.values() for block in blocks
        if isinstance(block, Table | Chart)
    ]  # fmt: skip
    assert len(names) == len(set(names)) > 40


def test_the_notebook_shows_every_part_in_order():
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    source = "\n".join(cell.source for cell in cells if cell.source.startswith("display("))
    assert tuple(re.findall(r"pack\.(\w+)\(\)", source)) == PARTS


# Logs, signatures


def test_the_annex_holds_every_table_of_the_logs_as_it_stands(shown):
    frames = [block.frame for block in shown["annex"]]
    for page in ("assumptions_log.md", "data_log.md"):
        for found in pages.tables_of(page):
            if found.heading != "How much is known":
                assert any(found.frame.equals(frame) for frame in frames), found.heading


def test_unit_costs_are_withheld_from_the_public(shown):
    prices = [block for block in shown["annex"] if "What a unit of each" in block.caption or
              "unit of each programme costs" in block.caption]  # fmt: skip
    assert [block.exempt for block in prices] == ["provider_prices"]


def test_the_counts_of_the_logs_are_those_of_their_pages(shown):
    counted = table(shown["logs"], "assurance-logs").frame.set_index("File")["Entries"]
    decisions = pages.tables_of("decisions_log.md")[0].frame
    assert counted["docs/assurance/decisions_log.md"] == str(len(decisions))
    assert table(shown["logs"], "log-decisions-1-log-of-decisions").frame.equals(decisions)


def test_pipe_tables_are_read_with_their_headings_and_without_marks():
    told = "## One\n\n| a | b |\n|---|---|\n| `x` | [y](z.md) **b** \\| c |\n\nwords\n"
    (found,) = pages.parsed(told)
    assert found.heading == "One"
    assert found.frame.to_dict("records") == [{"A": "x", "B": "y b | c"}]


def test_signing_prints_what_a_person_puts_in_and_then_it_holds():
    book = load_assurance()
    printed = "\n".join(signing.lines(book))
    name, log = next(iter(book.logs.items()))
    assert f'digest: "{log.current_digest}"' in printed and "NAME, ROLE" in printed
    signed = log.model_copy(update={
        "signed_by": "Somebody, Lead analyst", "signed_on": "2026-11-25",
        "digest": log.current_digest,
    })  # fmt: skip
    done = "\n".join(signing.lines(Assurance.model_construct(logs={name: signed})))
    assert done == f"Signed as they are now: {log.title}."
    stale = signed.model_copy(update={"digest": "0" * 12})
    again = "\n".join(signing.lines(Assurance.model_construct(logs={name: stale})))
    assert "was changed since it was signed" in again


def test_signing_is_a_command():
    found = subprocess.run(
        [sys.executable, "-m", "vru_model.reporting.board.signing"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "parameters/assurance.yaml" in found.stdout


def test_the_table_of_signatures_says_who_has_to_sign(shown):
    signed = table(shown["sign_off"], "assurance-sign-off").frame
    assert list(signed["Log"]) == [log.title for log in standing().book.logs.values()]
    assert all(len(digest) == 12 for digest in signed["Digest now"])


# Risks


def by_what(found, start):
    return next(risk for risk in found if risk.what.startswith(start))


@pytest.mark.parametrize(("start", "made", "likelihood"), [
    ("The intervals leave out", {"draws": 4}, HIGH),
    ("The intervals leave out", {"draws": 24}, MEDIUM),
    ("The intervals leave out", {"draws": 100}, LOW),
    ("Chance is taken", {"residents": 29_000}, HIGH),
    ("Chance is taken", {"residents": 250_000}, LOW),
    ("A result is far better", {"warning": True}, HIGH),
    ("A result is far better", {}, LOW),
    ("The numbers cannot be made", {"codes": ("1" * 12, "2" * 12)}, HIGH),
    ("The numbers cannot be made", {}, LOW),
])  # fmt: skip
def test_a_likelihood_follows_its_rule(start, made, likelihood):
    assert by_what(risks(case(**made)), start).likelihood == likelihood


@pytest.mark.parametrize(("verdict", "likelihood"), [
    ("flips", HIGH), ("may flip", MEDIUM), ("undecided", MEDIUM), ("does not flip", LOW),
])  # fmt: skip
def test_an_assumption_that_flips_the_answer_is_a_high_risk(verdict, likelihood):
    found = largest()
    found.biggest.verdict = verdict
    assert by_what(risks(case(study=found)), "One assumption").likelihood == likelihood


@pytest.mark.parametrize(("likelihood", "impact", "rating"), [
    (1, 1, "low"), (1, 3, "medium"), (2, 2, "medium"), (2, 3, "high"), (3, 3, "high"),
])  # fmt: skip
def test_a_rating_is_the_product_of_likelihood_and_impact(likelihood, impact, rating):
    assert Risk("", likelihood, impact, "", "", "", "").rating == rating


def test_the_gravest_risks_stand_first_and_are_counted(shown):
    found = risks(case())
    scores = [risk.likelihood * risk.impact for risk in found]
    assert scores == sorted(scores, reverse=True)
    high = sum(risk.rating == "high" for risk in found)
    assert f"Of {len(found)} risks, {high} rate high" in text(shown["risks"])
    assert all(risk.owner and risk.mitigation and risk.rule for risk in found)


@pytest.mark.parametrize("verdict", ["flips", "may flip", "does not flip", "undecided"])
def test_the_box_need_not_hold_a_switching_value_and_the_form_does_not_say_so(verdict):
    found = largest()
    found.biggest.verdict = verdict
    told = by_what(risks(case(study=found)), "One assumption").mitigation
    assert "names it and says whether it alone could turn" in told and "switching" not in told


# The statement, verification, validation


def test_the_statement_says_whether_this_version_was_validated():
    told = statement.validated_versions()
    assert all(re.fullmatch("[0-9a-f]{12}", version) for version in told.values())
    same = case()
    same.manifest["identity"] |= {"parameters": told["parameters"] + "0" * 52,
                                  "code": told["code"]}  # fmt: skip
    words = text(AssurancePack(same).statement())
    assert "of another version" not in words and "The parameters of this paper" in words
    assert "code of another version" in text(AssurancePack(case()).statement())
    assert standing().sentence in words


def test_every_pattern_that_is_not_shown_in_full_is_listed_failures_first(shown):
    held = pd.read_csv(paths.ROOT / "docs" / "validation.csv").query("use == 'validation'")
    listed = table(shown["validation"], "assurance-missed").frame
    assert len(listed) == (held["verdict"] != "pass").sum()
    verdicts = list(listed["Verdict"])
    assert verdicts == sorted(verdicts, key=["fails", "in part", "not shown"].index)
    assert not (listed["Likely cause"] == "no cause is written down").any()


def test_what_could_be_judged_is_what_every_paper_counts_and_the_others_have_a_reason(shown):
    held = pd.read_csv(paths.ROOT / "docs" / "validation.csv").query("use == 'validation'")
    without = held[held["verdict"] == "not shown"]
    judged = len(held) - len(without)
    words = shown["validation"][0].markdown()
    assert f"{len(held)} patterns were held back and {judged} could be judged" in words
    assert f"Of {judged} patterns" in standing().sentence and len(without)
    lines = [line for line in words.splitlines() if line.startswith("- ")]
    assert len(lines) == len(without)
    assert all(escape(reason) in words for reason in without["source"])
    assert f"of which {judged} could be judged" in table(shown["validation"],
                                                         "assurance-verdicts").caption
    everything = statement.not_judged(held[held["verdict"] != "not shown"])
    assert f"{judged} patterns were held back and {judged} could be judged" in everything
    assert "could not" not in everything


def test_as_many_parameters_vary_as_the_papers_say(shown):
    varying = load_model_parameters().varying
    frame = table(shown["logs"], "assurance-known").frame
    column = frame["Of these varied between draws"].astype(int)
    assert column.sum() == len(varying)
    assert (column <= frame["Parameters"].astype(int)).all()
    assert f"{len(varying)} of them vary from draw to draw" in parameter_standing().markdown()


def test_every_file_that_is_named_exists():
    named = [where for _, _, where in statement.CHECKS]
    named += [where for *_, where in CHECKED]
    named += [where for _, where in checklists.PIPELINE]
    assert [name for name in named if not (paths.ROOT / name).exists()] == []


# Manifest


def test_the_manifest_names_every_run_and_the_commands_that_make_them_again(shown):
    words = text(shown["manifest"])
    made = case()
    for run_id in made.run_ids:
        assert run_id in words.replace("\\", "")
    for part in ("vru run balanced", "vru run balanced+grant_ends_after_3", "vru run do_maximum",
                 "--draws 24", "vru papers", "--strategy", "--minimum", "--contrast",
                 "vru verify"):  # fmt: skip
        assert part in words
    assert "Version: mesa" in words and "Version: typst" in words


def test_modelled_tables_name_only_runs_on_which_the_pack_rests(shown):
    known = set(case().run_ids)
    for blocks in shown.values():
        for block in blocks:
            if isinstance(block, Table | Chart) and "modelled" in block.source:
                assert set(_RUN_ID.findall(block.source)) <= known


# Records


def test_a_field_is_answered_or_asked_of_a_role():
    assert Field("Contact", owner="Director", asked="an address.").words == (
        "To be completed by the Director: an address."
    )
    with pytest.raises(ValueError, match="'Contact' has neither an answer nor an owner"):
        _ = Field("Contact", owner="Director").words


def test_both_tiers_are_there_and_nothing_of_people_is_invented(shown):
    words = text(shown["transparency"])
    for part in ("Tier 1", "section 1", "section 2", "section 3", "section 4", "section 5"):
        assert part in words
    for asked in ("Contact", "Website", "Suppliers", "Equality impact", "Independent review"):
        row = next(line for line in words.splitlines() if line.startswith(f"| {asked}"))
        assert "To be completed by the" in row
    assert transparency.ORGANISATION in words


def test_data_protection_says_what_enters_and_asks_the_officer(shown):
    words = text(shown["data_protection"])
    assert "No record about a real person" in words and "Census 2021" in words
    prompt = next(each for each in shown["data_protection"] if isinstance(each, Panel))
    assert prompt.kind == "prompt" and "Data Protection Officer" in prompt.markdown()
    real = case()
    real.manifest["place"]["synthetic"] = False
    assert "Its neighbourhoods are real" in text(AssurancePack(real).data_protection())


def test_the_accessibility_statement_says_what_nobody_tested(shown):
    words = text(shown["accessibility"])
    assert "WCAG 2.2" in words and "PDF/UA-1" in words
    assert "Nobody who uses a screen reader" in words and "To be completed by" in words


def test_the_checklists_hold_every_item_of_stress_and_element_of_trace(shown):
    items = [item for each in shown["checklists"] if isinstance(each, Table)
             and each.name.startswith("stress") for item in each.frame.iloc[:, 0]]  # fmt: skip
    assert len(items) == 23
    trace = table(shown["checklists"], "checklist-trace").frame
    assert len(trace) == 8 and not (trace["What is missing"] == "nothing is written down").any()


def test_a_run_of_another_name_is_another_row():
    made = case()
    made.runs["extra"] = run("extra")
    rows = table(AssurancePack(made).manifest(), "manifest-runs").frame
    assert "extra-0123456789ab" in list(rows["Run"])
    assert logs.counts().name == "assurance-logs"
