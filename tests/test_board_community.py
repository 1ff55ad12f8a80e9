"""The community sheet: anybody can read it, argue with it, and no place is shamed by it."""

import datetime
import re
import shutil
import subprocess
from dataclasses import replace

import nbformat
import numpy as np
import pikepdf
import pytest
from board_community_doubles import AUTHORITIES, case, study
from nbformat.v4 import new_output
from paper_doubles import COVER, pdf_pages

from vru_model import paths
from vru_model.analysis.statistics.verdict import WIDENS
from vru_model.parameters import load_model_parameters
from vru_model.parameters.accounts.community import check_community, load_community
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.overrides import Override
from vru_model.reporting import render
from vru_model.reporting.blocks import Chart, Prose, Table
from vru_model.reporting.board.community import CommunitySheet, icons
from vru_model.reporting.board.community.checks import (
    cells,
    everything,
    problems,
    refuse,
    sentences,
)
from vru_model.reporting.board.community.frequencies import OF, Frequency
from vru_model.reporting.board.community.readability import LIMIT, banned_words, read
from vru_model.reporting.formats.page import to_html
from vru_model.reporting.formats.print_ready import to_pdf
from vru_model.reporting.formats.word import to_docx

NOTEBOOK = paths.NOTEBOOKS / "papers" / "community_sheet.ipynb"
BOOK = load_community()
SHEET = replace(COVER, sheet=True)


def sheet(**made):
    return CommunitySheet(case(**made), BOOK)


def blocks(one):
    return [block for part in one.parts for block in part()]


def text(one):
    return everything(blocks(one))


# Whole sheets


@pytest.mark.parametrize("gain", [0.02, 0.0, -0.02], ids=["better", "no change", "worse"])
def test_a_sheet_is_within_the_limit_has_no_jargon_and_names_no_place(gain):
    made = sheet(gain=gain)
    assert problems(blocks(made), made.places) == []
    for told in (sentences(blocks(made)), cells(blocks(made))):
        assert 0 < read(told).grade < LIMIT
    assert not any(place in text(made) for place in AUTHORITIES.values())


def test_a_sheet_is_refused_with_everything_that_is_wrong():
    hard = Prose(
        "The implementation of interventions necessitates multidisciplinary organisational "
        "collaboration, particularly concerning Coventry’s disproportionately disadvantaged "
        "neighbourhoods, notwithstanding considerable methodological uncertainties regarding "
        "counterfactual probabilities and heterogeneous implementation characteristics."
    )
    with pytest.raises(render.PaperError) as error:
        refuse([hard], AUTHORITIES.values())
    for wrong in ("at grade", "the name of a place: Coventry", "counterfactual", "intervention"):
        assert wrong in str(error.value)
    assert "Birmingham" not in str(error.value)


def test_long_sentences_are_refused_even_where_the_rest_is_easy():
    easy = Prose("It is so. " * 50 + "It is " + "so " * 30 + "and no more.")
    assert any("more than 25 words" in problem for problem in problems([easy], []))


def test_the_build_refuses_a_sheet_that_names_a_place(monkeypatch):
    from vru_model.reporting.board.community import sheet as module

    bad = case(overrides=[Override("acting.ace", 0.1, "They know Coventry well.", "the group")])
    monkeypatch.setattr(module.BoardCase, "prepare", classmethod(lambda *_: bad))
    with pytest.raises(render.PaperError, match="the name of a place: Coventry"):
        CommunitySheet.prepare(bad.options)


# What it says


def test_the_sentences_follow_the_numbers():
    better, worse, unclear = (text(sheet(gain=gain)) for gain in (0.03, -0.03, 0.001))
    assert "of them would not get hurt" in better and "It helps." in better
    assert "more would get hurt" in worse and "It does harm." in worse
    assert "So we cannot tell if the plan helps" in unclear and "It helps." not in unclear


def test_the_gap_between_areas_is_said_as_it_was_found():
    assert "it gets smaller" in text(sheet())
    assert "it gets bigger" in text(sheet(gap=WIDENS))
    assert "We cannot tell if it gets smaller or bigger" in text(sheet(gap="cannot be told"))


def test_what_the_money_pays_for_stands_beside_its_harm():
    table = next(each for each in sheet().paid_for() if isinstance(each, Table))
    row = table.frame.set_index("What the plan pays for").loc["Youth workers in hospitals"]
    assert row["What may get worse"] == BOOK.programmes["hospital_navigators"].harm
    assert len(table.frame) == 3


def test_who_said_so_is_told_of_every_assumption():
    table = next(each for each in sheet().assumed() if isinstance(each, Table))
    assert list(table.frame["Who said so"]) == [
        "Our guess, set to match real life", "A study from elsewhere, cut down",
    ]  # fmt: skip
    assert table.frame["What we assumed"][0] == BOOK.assumptions["grievance.decay"]
    assert list(table.frame["Our number (it may be)"]) == [
        "2.3 months (0.5 to 5)", "0.87 times as often as with no help (0.28 to 2.6)",
    ]  # fmt: skip
    assert table.frame["Can it turn the answer?"][0] == "It might, alone"
    flips = CommunitySheet(case(study=study(verdict="flips")), BOOK).assumed()
    assert "Yes, alone" in everything(flips)


def test_what_a_group_changed_carries_reason_and_group_but_no_facilitator():
    made = Override(
        "acting.ace", 0.12, "We see it each day.", "the group, facilitated by Jo Brown", 0.1, 0.2
    )
    shown = text(sheet(overrides=[made]))
    assert "We see it each day." in shown and "the group" in shown and "0.12" in shown
    assert "Jo Brown" not in shown
    assert "No number was changed" in text(sheet())


def test_a_draft_says_so_and_names_its_last_day():
    shown = text(sheet())
    assert "This is a draft" in shown and "Do not use it after 25 November 2027" in shown


# The picture


@pytest.mark.parametrize(("low", "high"), [(3, 18), (-6, 18), (-20, -4), (0, 0), (0, 7)])
def test_the_icons_add_up_to_a_thousand_and_those_hurt_as_well(low, high):
    found = Frequency(low, high, (low + high) // 2, "unclear")
    drawn = {kind: number for kind, number in icons.groups(found)}
    extra = drawn.pop(icons.HURT, 0) + drawn.pop(icons.PERHAPS_HURT, 0)
    assert sum(drawn.values()) == OF
    assert extra == max(0, -low)
    assert drawn.get(icons.SPARED, 0) + drawn.get(icons.PERHAPS_SPARED, 0) == max(0, high)


def test_every_kind_of_icon_differs_in_shape_or_filling_too():
    kinds = (icons.SPARED, icons.PERHAPS_SPARED, icons.STILL_HURT, icons.PERHAPS_HURT, icons.HURT)
    assert len({(kind.marker, kind.filling) for kind in kinds}) == len(kinds)


def test_the_picture_draws_as_many_icons_as_its_words_say():
    found = Frequency(3, 18, 9, "fewer")
    figure = icons.draw(found, "young people")
    marks = {
        (line.get_marker(), line.get_fillstyle()): len(line.get_xdata())
        for line in figure.axes[0].lines
    }
    assert marks == {("s", "full"): 3, ("s", "left"): 15, ("o", "none"): 982}
    alt = icons.alternative_text(found, "young people")
    assert "3 full squares" in alt and "15 half full squares" in alt and "982 empty" in alt
    assert icons.title(found, "young people").endswith("the plan would spare 3 to 18")


def test_the_picture_has_its_words_and_its_table_beside_it():
    shown = sheet().picture()
    chart = next(each for each in shown if isinstance(each, Chart))
    table = shown[shown.index(chart) + 1]
    assert isinstance(table, Table) and table.source == chart.source
    found = sheet().changes.frequency
    assert table.frame["Of every 1,000"][0] == found.range
    assert f"{found.spared} full squares" in chart.alt


def test_frequencies_put_the_range_before_the_single_number():
    assert Frequency(2, 9, 5, "fewer").sentence == (
        "With the plan, 2 to 9 of them would not get hurt. Our best guess is 5."
    )
    assert Frequency(0, 0, 0, "unclear").range == "fewer than 1 either way"
    assert Frequency(-9, -2, -5, "more").range == "2 to 9 more"


# What was said


def write(tmp_path, change):
    text = (paths.PARAMETERS / "community.yaml").read_text("utf-8")
    file = tmp_path / "community.yaml"
    file.write_text(change(text), "utf-8")
    return file


ENTRY = """said:
  - date: 2027-03-14
    group: {group}
    said: {said}
    changed: We made the range wider.
    changed_on: {on}
"""


def entry(group="the reference group", said="Clubs matter.", on="2027-04-02"):
    return lambda text: text.replace("said: []\n", ENTRY.format(group=group, said=said, on=on))


def test_nothing_is_said_until_a_group_says_it():
    assert BOOK.said == []
    assert "Nothing has been recorded yet" in text(sheet())
    assert "What a group tells us will stand here" in text(sheet())


def test_what_was_said_and_changed_is_shown_with_group_and_date(tmp_path):
    book = load_community(write(tmp_path, entry()))
    shown = everything(CommunitySheet(case(), book).heard())
    for told in ("14 March 2027", "the reference group", "Clubs matter.", "(2 April 2027)"):
        assert told in shown
    assert "Nothing has been recorded" not in shown


@pytest.mark.parametrize(("change", "wrong"), [
    (entry(group="Mrs Brown"), "one of groups"),
    (entry(said="Cllr Brown is wrong."), "words that name no person"),
    (entry(on="2027-01-02"), "2027-03-14 or later"),
    (entry(on="null"), "changed and changed_on together"),
    (lambda text: text.replace("  - the reference group\n", "  - Mr Brown\n"), "never a person"),
    (lambda text: text.replace("  acting.male:", "  acting.mail:"), "acting.male"),
    (lambda text: text.replace("  mentoring:", "  mentorings:"), "a name that the documents have"),
    (lambda text: text.replace("owner:", "owners:"), "unknown name"),
])  # fmt: skip
def test_a_wrong_document_is_told_with_its_line(tmp_path, change, wrong):
    found = check_community(write(tmp_path, change))
    assert any(wrong in str(problem) and problem.line for problem in found), found


def test_every_assumption_and_programme_has_plain_words():
    varying = {row.name for row in load_model_parameters().parameters.values() if row.uncertain}
    assert varying == set(BOOK.assumptions)
    assert set(BOOK.programmes) == set(built_in_names("programmes"))
    for plain in (*BOOK.assumptions.values(), *(each.harm for each in BOOK.programmes.values())):
        assert banned_words(plain) == [] and len(plain.split()) <= 17, plain


def test_how_to_challenge_is_told_and_what_nobody_filled_in_is_asked_of_its_owner():
    shown = text(sheet())
    assert BOOK.owner in shown and "To be filled in by that role" in shown
    filled = BOOK.model_copy(update={"contact": "0121 000 0000", "answer_days": 28})
    answered = everything(CommunitySheet(case(), filled).challenge())
    assert "0121 000 0000" in answered and "within 28 days" in answered
    assert "To be filled in" not in answered


def test_only_the_newest_entries_take_room():
    said = [
        {"date": datetime.date(2027, 1, day), "group": BOOK.groups[0], "said": f"Point {day}."}
        for day in range(1, 6)
    ]
    book = type(BOOK).model_validate(BOOK.model_dump() | {"said": said})
    shown = everything(CommunitySheet(case(), book).heard())
    assert "Point 5." in shown and "Point 2." not in shown and "There are 2 more" in shown
    assert "Not answered yet" in shown


# The page


def executed():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    made = sheet()
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith("display("):
            found: list = []
            keep = found.extend
            exec(cell.source, {"sheet": made, "display": lambda *each, keep=keep: keep(each)})
            cell.outputs = [
                new_output("display_data", data=data, metadata=metadata)
                for data, metadata in (block._repr_mimebundle_() for block in found)
            ]
    return notebook


def test_the_notebook_holds_headings_and_nothing_that_is_not_read_by_the_checks():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    lines = [
        line for cell in notebook.cells if cell.cell_type == "markdown"
        for line in cell.source.splitlines() if line.strip()
    ]  # fmt: skip
    assert all(line.startswith("#") for line in lines)
    assert banned_words("\n".join(lines)) == []
    shown = [cell.source for cell in notebook.cells if cell.source.startswith("display(")]
    named = re.findall(r"sheet\.(\w+)\(\)", "\n".join(shown))
    assert named == [part.__name__ for part in sheet().parts]


def test_the_pdf_has_two_sides_and_word_takes_the_sheet():
    made = render.to_markdown(executed())
    assert len(pdf_pages(to_pdf(made, SHEET))) == 2
    assert to_docx(made, SHEET, "A sheet").startswith(b"PK")


def test_the_web_page_prints_on_two_sides_of_a4(tmp_path):
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if browser is None:
        pytest.skip("no Chromium on this machine to print with")
    page, printed = tmp_path / "sheet.html", tmp_path / "sheet.pdf"
    page.write_text(to_html(render.to_markdown(executed()), SHEET), "utf-8")
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    with pikepdf.open(printed) as pdf:
        assert len(pdf.pages) == 2
        width, height = (float(number) for number in pdf.pages[0].mediabox[2:])
    assert np.allclose([width, height], [595, 842], atol=1.5)
