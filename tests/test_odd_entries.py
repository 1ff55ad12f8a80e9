"""What people enter by mistake, or because life is so: words and an exit code, never a trace."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import doubles
import pytest
from typer.testing import CliRunner

from vru_model import paths
from vru_model.analysis.observed import read_observed
from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.experiments import Run, compare, request
from vru_model.reporting import lettering, papers
from vru_model.reporting.charts import png
from vru_model.reporting.formats.word_fit import _lines
from vru_model.scenario import Scenario
from vru_model.terminal import answering
from vru_model.workbook import entries
from vru_model.workbook.explore.draft import Draft

WORDS = "Cymysgedd ŵyl Łódź 🚀 $5 \\frac{ <b>& 你好"


def call(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return doubles.run_double(out), doubles.run_double(out, doubles.DoubleScenario("better", 0.1))


@pytest.fixture
def spoilt(runs, tmp_path):
    """Return a copy of a run that can be spoilt."""
    return Path(shutil.copytree(runs[0].folder, tmp_path / "spoilt"))


def test_a_folder_that_is_no_run_is_told_from_one_that_is_not_there(runs, tmp_path):
    (tmp_path / "empty").mkdir()
    ended = call("compare", tmp_path / "empty", tmp_path / "none")
    assert ended.exit_code == 2
    told = ended.stderr.replace("\n", " ")
    assert "a folder with no manifest.json" in told and "did you mean 'empty'" not in told
    assert "2 things are wrong" in told


def test_a_manifest_that_was_cut_short_is_no_run(spoilt):
    (spoilt / "manifest.json").write_text('{"run_id": "half')
    with pytest.raises(InputError, match="a folder with unreadable manifest.json"):
        Run.open(spoilt)


@pytest.mark.parametrize("content", [b"", b"no parquet at all", None])
def test_a_part_that_cannot_be_read_is_named_with_what_to_do(spoilt, runs, content):
    part = next((spoilt / "measures").glob("*.parquet"))
    whole = part.read_bytes()
    part.write_bytes(whole[:200] + bytes(len(whole) - 400) + whole[-200:] if content is None
                     else content)  # fmt: skip
    with pytest.raises(InputError, match="delete this file and run the scenario again") as refused:
        compare(spoilt, runs[1])
    assert refused.value.problems[0].file == part


def test_a_question_that_is_wrong_is_no_damaged_part(runs):
    import duckdb

    with pytest.raises(duckdb.Error, match="nonsense"):
        runs[0].query("select nonsense from measures")


def test_a_folder_that_takes_no_file_is_refused_before_anything_runs(tmp_path, monkeypatch):
    def refuse(**options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(request, "TemporaryFile", refuse)
    ended = call("papers", "--out", tmp_path / "papers")
    assert ended.exit_code == 2 and "Read-only file system" in ended.stderr
    assert not (tmp_path / "papers").exists()


def test_looking_whether_a_folder_can_be_written_leaves_nothing(tmp_path):
    assert request.check_out(tmp_path / "a" / "b") == []
    assert not any(tmp_path.iterdir())


def test_a_disk_that_is_full_is_said_in_words(capsys):
    import typer

    with pytest.raises(typer.Exit) as ended, answering():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/a/table.csv")
    assert ended.value.exit_code == 1
    assert "/a/table.csv: No space left on device" in capsys.readouterr().err
    with pytest.raises(OSError, match="of our own"), answering():
        raise OSError("of our own making")


def test_a_folder_without_documents_is_not_found_right(tmp_path):
    ended = call("check", tmp_path)
    assert ended.exit_code == 2 and "a folder without documents" in ended.stderr
    text = (paths.PARAMETERS / "strategies" / "quick.yaml").read_text("utf-8")
    (tmp_path / "quick.yml").write_text(text.replace("first_year: 1", "first_year: 0"), "utf-8")
    (tmp_path / "other.yml").write_text(text, "utf-8")
    ended = call("check", tmp_path)
    assert ended.exit_code == 2 and "other.yml:1: name" in ended.stderr


def test_a_file_whose_name_no_scenario_can_have_is_to_be_named_anew(tmp_path):
    file = tmp_path / "My mix (final) 🚀.yaml"
    text = (paths.PARAMETERS / "strategies" / "quick.yaml").read_text("utf-8")
    file.write_text(text, "utf-8")
    ended = call("check", file)
    told = ended.stderr.replace("\n", " ")
    assert ended.exit_code == 2 and "name the file as the scenario" in told
    assert "1 thing is wrong" in told


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x07"])
def test_a_control_character_that_was_pasted_into_a_file_is_told_with_its_line(tmp_path, sign):
    file = tmp_path / "quick.yaml"
    text = (paths.PARAMETERS / "strategies" / "quick.yaml").read_text("utf-8")
    file.write_text(text.replace("Quick", f"Qui{sign}ck", 1), "utf-8")
    with pytest.raises(InputError) as refused:
        Scenario.load(file)
    (problem,) = refused.value.problems
    assert problem.line == 2 and f"{ord(sign):#04x}" in problem.given


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_files_of_windows_and_spreadsheets_are_read(tmp_path, newline, mark):
    strategy = tmp_path / "balanced.yaml"
    text = (paths.PARAMETERS / "strategies" / "balanced.yaml").read_text("utf-8")
    strategy.write_bytes(mark + text.replace("A balanced mix", WORDS.replace("\\", "/"))
                         .replace("\n", newline).encode())  # fmt: skip
    assert call("check", strategy).exit_code == 0
    counts = tmp_path / "counts.csv"
    lines = ["measure,area,period,age_band,count", "Knife,Łódź 🚀,2023/24,15-19,120"]
    counts.write_bytes(mark + newline.join(lines).encode())
    assert list(read_observed(counts).frame["area"]) == ["Łódź 🚀"]


def test_semicolons_between_cells_are_one_mistake(tmp_path):
    file = tmp_path / "semicolons.csv"
    file.write_text("measure;area;period;age_band;count\nKnife;A;2023/24;15-19;120\n")
    with pytest.raises(InputError) as refused:
        read_observed(file)
    (problem,) = refused.value.problems
    assert "semicolons" in problem.given and "comma delimited" in problem.hint


def test_signs_that_the_letters_lack_are_squares_on_charts(recwarn):
    figure = lettering.headed(WORDS, 9.2, 3.0)
    assert figure.get_suptitle() == "Cymysgedd ŵyl Łódź □ $5 \\frac{ <b>& □□"
    figure.subplots()
    assert png(figure)[:4] == b"\x89PNG" and not lettering.outside(figure)
    assert not [each for each in recwarn if "missing from font" in str(each.message)]
    assert _lines(f"{WORDS} " * 20, 300.0, 9.0, bold=True) > 5  # Word's decision box counts them


def test_what_is_pasted_into_a_box_keeps_no_control_characters():
    assert entries.words("A mix\x0b of\x00 two\x07") == "A mix of two"
    with pytest.raises(entries.Unreadable):
        entries.words("\x00")
    with pytest.raises(entries.Unreadable):
        entries.sentence("\x01\x02\x03")


@pytest.mark.parametrize(("title", "name"), [
    ("Zażółć gęślą", "zazolc_gesla"), ("Rhaglen ŵyl", "rhaglen_wyl"), ("🚀🚀", "strategy"),
    ("50/50", "strategy_50_50"),
])  # fmt: skip
def test_a_title_with_marks_makes_a_file_name_that_keeps_its_letters(title, name):
    assert Draft.from_preset("balanced").entered("title", title).name == name


def test_a_paper_that_two_processes_build_at_once_is_there_once_and_whole(tmp_path):
    target = tmp_path / "paper-1"
    works = [tmp_path / f".paper-1.{number}.tmp" for number in range(3)]
    for number, work in enumerate(works):
        work.mkdir()
        (work / "paper.json").write_text(str(number))
    papers._replace(works[0], target)
    papers._replace(works[1], target)
    assert (target / "paper.json").read_text() == "1"
    rename = Path.rename

    def overtaken(self, other):
        """Another process puts its paper there just before ours takes its place."""
        if self == works[2]:
            shutil.copytree(works[2], target)
        return rename(self, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "rename", overtaken)
        papers._replace(works[2], target)
    assert (target / "paper.json").read_text() == "2"
    assert not papers._previous(target).exists()
