"""The command line: exit codes, one list of everything that is wrong, the folder printed last."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import doubles
import pandas as pd
import pytest
from typer.testing import CliRunner

import vru_model.experiments
from vru_model.cli import app
from vru_model.errors import InputError, Problem
from vru_model.experiments import disk
from vru_model.experiments.adaptive import Estimate, Precise
from vru_model.experiments.pool import WorkerDied

COMMANDS = [
    "check", "place check", "place describe", "run", "compare", "knockout", "sensitivity",
    "validate", "calibrate", "attribute", "protect", "programmes", "strategy", "trial", "report",
    "papers", "clean",
]  # fmt: skip


def call(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def doubled_run(monkeypatch):
    """Let `vru run NAME` run the double; NAME "stop" is interrupted half-way."""

    def run(scenario, *, place, scale, out, progress, **options):
        def stop_half_way(state):
            progress(state)
            if scenario == "stop" and state.finished == 1:
                raise KeyboardInterrupt

        kept = {name: options[name] for name in ("draws", "replicates", "incidents", "people")}
        return doubles.run_double(
            out, doubles.DoubleScenario(scenario), progress=stop_half_way, scale=scale, **kept
        )

    monkeypatch.setattr(vru_model.experiments, "run", run)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_one_screen(command):
    shown = call(*command.split(), "--help")
    assert shown.exit_code == 0
    assert "Usage" in shown.output
    assert len(shown.output.splitlines()) <= 45


def test_help_names_every_command():
    shown = call("--help").output
    for command in COMMANDS:
        assert command.split()[0] in shown


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from vru_model.cli import app\n"
        "heavy = {'numpy', 'pandas', 'numba', 'mesa', 'duckdb', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr


def test_run_prints_its_folder_last_and_progress_apart(doubled_run, tmp_path):
    shown = call("run", "baseline", "--out", tmp_path, "--replicates", 2)
    assert shown.exit_code == 0
    folder = Path(shown.stdout.splitlines()[-1])
    assert (folder / "manifest.json").exists() and folder.parent == tmp_path
    assert shown.stdout.splitlines() == [str(folder)]
    assert "2 worlds" in shown.stderr and "OGL v3.0" in shown.stderr
    again = call("run", "baseline", "--out", tmp_path, "--replicates", 2)
    assert "2 of them on disk already" in again.stderr


def test_a_profile_is_printed_before_the_folder(doubled_run, tmp_path):
    shown = call("run", "baseline", "--out", tmp_path, "--replicates", 2, "--profile")
    assert shown.exit_code == 0
    assert "violence" in shown.stdout and "resident-months a second" in shown.stdout
    assert Path(shown.stdout.splitlines()[-1]).parent == tmp_path


def test_a_precision_says_what_it_took_and_prints_both_folders(monkeypatch, tmp_path):
    def reach(scenario, *, precision, measures, most, report, **options):
        assert (scenario, precision, measures, most) == ("slow", "0.5%", ["homicides"], 40)
        base = doubles.run_double(tmp_path, draws=1, replicates=4)
        run = doubles.run_double(tmp_path, doubles.DoubleScenario("slow"), draws=1, replicates=4)
        found = Estimate("expected_homicides", 200.0, 12.0, 0.5, 0.0025)
        return Precise(run, base, 0.005, (found,), 1, 4)

    monkeypatch.setattr(vru_model.experiments, "run_to_precision", reach)
    shown = call("run", "slow", "--precision", "0.5%", "--measure", "homicides", "--most", 40)
    assert shown.exit_code == 0, shown.stderr
    first, second, *folders = shown.stdout.splitlines()
    assert first == (
        "12 homicides averted over 3 years, give or take 0.5 by chance alone "
        "(0.25% of the baseline's 200)."
    )
    assert second == "It took 4 worlds of each to reach 0.5%."
    assert [Path(folder).name.split("-")[0] for folder in folders] == ["baseline", "slow"]


def test_options_of_a_precision_are_refused_without_one(tmp_path):
    shown = call("run", "slow", "--measure", "homicides", "--most", 40, "--out", tmp_path / "new")
    assert shown.exit_code == 2 and "2 things are wrong" in shown.stderr
    assert "--precision" in shown.stderr and list(tmp_path.iterdir()) == []


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Let `vru clean` see an outputs folder with one run, and no kernels."""
    run = doubles.run_double(tmp_path / "runs")
    see = disk.survey
    monkeypatch.setattr(disk, "survey", lambda: see(tmp_path, tmp_path / "kernels"))
    return run.folder


def test_clean_shows_the_disk_and_frees_only_with_yes(stored):
    shown = call("clean")
    assert shown.exit_code == 0 and "runs" in shown.stdout and "kB" in shown.stdout
    assert "choose with --runs, --cache or --all" in shown.stdout
    trial = call("clean", "--runs")
    assert "With --yes" in trial.stdout and stored.name in trial.stdout and stored.is_dir()
    assert "nothing to free" in call("clean", "--cache", "--yes").stdout and stored.is_dir()
    assert "nothing to free" in call("clean", "--all", "--older-than", 1, "--yes").stdout
    done = call("clean", "--runs", "--yes")
    assert done.exit_code == 0 and "Freed" in done.stdout and not stored.exists()
    assert call("clean", "--older-than", -1).exit_code == 2


def test_an_interrupted_run_says_how_to_go_on(doubled_run, tmp_path, monkeypatch):
    arguments = ["run", "stop", "--out", str(tmp_path / "my runs"), "--replicates", "3"]
    monkeypatch.setattr(sys, "argv", ["vru", *arguments])
    shown = call(*arguments)
    assert shown.exit_code == 1
    assert "1 of 3 worlds are finished and kept" in shown.stderr
    command = shown.stderr.splitlines()[-1]
    assert command == f"vru run stop --out '{tmp_path / 'my runs'}' --replicates 3"
    assert shown.stdout == ""


def test_everything_wrong_is_listed_at_once(monkeypatch):
    def refuse(*_, **__):
        money = Problem("a.yaml", 3, "money", "-1", "0 or more")
        raise InputError([money, Problem(None, None, "scale", "2", "1")])

    monkeypatch.setattr(vru_model.experiments, "run", refuse)
    shown = call("run", "baseline")
    assert shown.exit_code == 2
    assert shown.stderr.splitlines()[-3:] == [
        "2 things are wrong; nothing was written.",
        "1. a.yaml:3: money: given -1; allowed: 0 or more",
        "2. scale: given 2; allowed: 1",
    ]
    assert shown.stdout == ""


def test_a_failure_that_explains_itself_needs_no_trace(monkeypatch):
    def die(*_, **__):
        raise WorkerDied("A worker process was killed.")

    monkeypatch.setattr(vru_model.experiments, "run", die)
    shown = call("run", "baseline")
    assert shown.exit_code == 1
    assert shown.stderr.endswith("A worker process was killed.\n")


def test_check_passes_the_documents_as_they_are():
    shown = call("check")
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout == "Nothing wrong was found.\n"


def test_check_lists_every_problem_of_several_documents(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(
            f"name: {name}\ntitle: A title\nquestion: Why?\n"
            "funding:\n  - {programme: hospital_navigator, money_per_year: -5}\n"
        )
    shown = call("check", tmp_path)
    assert shown.exit_code == 2
    assert shown.stderr.startswith("6 things are wrong; nothing was written.\n1. ")
    assert shown.stderr.count("one.yaml:5") == shown.stderr.count("two.yaml:5") == 2
    assert "did you mean 'hospital_navigators'" in shown.stderr


def test_place_check_lists_what_a_pack_lacks(tmp_path):
    shown = call("place", "check", tmp_path)
    assert shown.exit_code == 2
    assert "neighbourhoods.csv" in shown.stderr and "adjacency.csv" in shown.stderr


def test_place_describe_prints_and_draws(tmp_path):
    picture = tmp_path / "place.png"
    shown = call("place", "describe", "--scale", 0.01, "--out", picture)
    assert shown.exit_code == 0
    assert "Birmingham" in shown.stdout and "Open Government Licence" in shown.stdout
    assert "Population pyramid" in shown.stdout and picture.stat().st_size > 10_000


def test_place_describe_refuses_everything_wrong_at_once(tmp_path):
    shown = call("place", "describe", "--place", "nowhere", "--out", tmp_path / "place.gif")
    assert shown.exit_code == 2
    assert "2 things are wrong" in shown.stderr and list(tmp_path.iterdir()) == []


def test_run_refuses_everything_wrong_at_once_and_writes_nothing(tmp_path):
    shown = call("run", "slw", "--scale", 3, "--years", 0, "--place", "nowhere", "--draws", 0,
                 "--out", tmp_path / "new")  # fmt: skip
    assert shown.exit_code == 2
    for words in ("5 things are wrong", "scale", "years", "draws", "nowhere", "'slow'"):
        assert words in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_mistyped_option_or_command_exits_2():
    assert call("run", "baseline", "--scal", "1").exit_code == 2
    assert call("runn").exit_code == 2
    assert call("run", "baseline", "--draws", "many").exit_code == 2


def test_compare_prints_the_tables_and_writes_them(tmp_path):
    base = doubles.run_double(tmp_path)
    better = doubles.DoubleScenario("better", reduction=0.1, spend=1e5)
    other = doubles.run_double(tmp_path, better)
    shown = call("compare", base.folder, other.folder, "--out", tmp_path / "tables")
    assert shown.exit_code == 0
    for words in ("Better against Baseline", "95% interval", "homicides", "Modelled", "OGL v3.0"):
        assert words in shown.stdout
    table = pd.read_csv(tmp_path / "tables" / "comparison.csv")
    assert set(table["year"]) == {1, 3}
    one_year = call("compare", base.folder, other.folder, "--year", 2)
    assert one_year.exit_code == 0 and "emergency-department" in one_year.stdout
    itself = call("compare", base.folder, base.folder)
    assert itself.exit_code == 0
    assert itself.stdout == f"Both are the same run, {base.run_id}: nothing can differ.\n"


def test_compare_refuses_what_does_not_pair_and_writes_nothing(tmp_path):
    base = doubles.run_double(tmp_path)
    other = doubles.run_double(tmp_path, seed=2, scale=0.2)
    shown = call("compare", base.folder, other.folder, "--out", tmp_path / "tables")
    assert shown.exit_code == 2
    assert "2 things are wrong" in shown.stderr
    assert not (tmp_path / "tables").exists()
    (tmp_path / "file").write_text("")
    taken = call("compare", base.folder, base.folder, "--out", tmp_path / "file")
    assert taken.exit_code == 2 and "a folder" in taken.stderr


def test_an_outputs_folder_of_ones_own_is_searched_by_run_id(tmp_path):
    run = doubles.run_double(tmp_path / "runs")
    shown = subprocess.run(
        [sys.executable, "-c", "from vru_model.cli import main; main()",
         "compare", run.run_id, run.run_id],
        env=os.environ | {"VRU_OUTPUTS": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
