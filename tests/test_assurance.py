"""The assurance documents are up to date, whole, and name only what there is."""

import re

import pytest

from vru_model.analysis import assurance
from vru_model.parameters import load_model_parameters
from vru_model.paths import ROOT

PAGES = sorted(path.name for path in assurance.FOLDER.glob("*.md"))


def read(name):
    return (assurance.FOLDER / name).read_text("utf-8")


@pytest.mark.parametrize("page", sorted(assurance.generated()))
def test_written_pages_are_up_to_date(page):
    text = read(page)
    assert assurance.renewed(page, text) == text, f"run `{assurance.COMMAND}`"


def test_a_page_without_its_markers_is_told():
    with pytest.raises(ValueError, match="assumptions_log.md must hold once"):
        assurance.renewed(assurance.ASSUMPTIONS, "nothing")


def test_every_believed_number_stands_in_the_log_once():
    text = read(assurance.ASSUMPTIONS)
    parameters = load_model_parameters()
    for row in parameters.parameters.values():
        judged = row.row.status == "judgement" or row.row.grade in ("prior", "recalled")
        believed = row.name in parameters.varying or judged
        assert text.count(f"| `{row.name}` |") == believed, row.name


def test_the_checklist_has_its_items_and_trace_its_elements():
    items = re.findall(r"^\| (\d\.\d(?:\.\d)?) ", read("stress_abs.md"), re.MULTILINE)
    assert items == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3",
                     "2.5.4", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3",
                     "5.4", "6.1"]  # fmt: skip
    elements = re.findall(r"^## (\d)\. (.+)$", read("trace.md"), re.MULTILINE)
    assert [title for _, title in elements] == [
        "Problem formulation", "Model description", "Data evaluation",
        "Conceptual model evaluation", "Implementation verification", "Model output verification",
        "Model analysis", "Model output corroboration",
    ]  # fmt: skip
    assert read("trace.md").count("*Missing:*") == len(elements)


@pytest.mark.parametrize("page", [*(f"assurance/{name}" for name in PAGES), "limits_of_use.md"])
def test_every_file_that_a_page_names_exists(page):
    text = (ROOT / "docs" / page).read_text("utf-8")
    named = re.findall(r"`((?:vru_model|tests|parameters|docs)/[^`\s*]+|[A-Z]\w+\.cff|LICENSE)`",
                       text)  # fmt: skip
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_the_board_page_is_short_and_plain():
    text = (ROOT / "docs" / "limits_of_use.md").read_text("utf-8")
    prose = re.sub(r"[`*\[\]()|#-]", " ", text)
    sentences = [part.split() for part in re.split(r"[.:?]\s", prose) if part.split()]
    words = [word for sentence in sentences for word in sentence]
    assert len(words) < 1200
    assert len(words) / len(sentences) < 17
    assert sum(len(word) for word in words) / len(words) < 5.2
