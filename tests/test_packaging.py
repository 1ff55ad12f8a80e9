"""The files that install the project agree with each other and with what they promise."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import vru_model
from vru_model.paths import NOTEBOOKS, PARAMETERS, ROOT, find_root

HEAVY = {"mesa", "numba", "numpy", "pandas", "scipy", "matplotlib", "duckdb", "pydantic", "typer"}


@pytest.fixture(scope="module")
def project(repository_root: Path) -> dict:
    with (repository_root / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]


@pytest.fixture(scope="module")
def conda(repository_root: Path) -> list:
    text = (repository_root / "environment.yml").read_text("utf-8")
    return yaml.safe_load(text)["dependencies"]


def constraint_lines(root: Path) -> list[str]:
    return (root / "constraints.txt").read_text("utf-8").splitlines()


def pins(root: Path, python: str) -> dict[str, str]:
    """Return name -> version of the constraints that hold on Linux with this Python."""
    environment = default_environment() | {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
    }
    pinned: dict[str, str] = {}
    for line in constraint_lines(root):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            assert name not in pinned, f"{name} is pinned twice for Python {python}"
            pinned[name] = next(iter(requirement.specifier)).version
    return pinned


def direct_requirements(project: dict, without: tuple[str, ...] = ()) -> list[Requirement]:
    named = project["optional-dependencies"].items()
    extras = [lines for name, lines in named if name not in without]
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    return [Requirement(line) for line in lines]


def test_conda_and_pip_ask_for_the_same_python(project: dict, conda: list) -> None:
    python = next(line for line in conda if isinstance(line, str) and line.startswith("python "))
    assert python.removeprefix("python ") == project["requires-python"]


def test_conda_leaves_everything_but_python_to_the_pins(project: dict, conda: list) -> None:
    by_pip = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    editable = next(line for line in by_pip if line.startswith("-e "))
    match = re.fullmatch(r"-e \.\[(.*)\]", editable)
    assert match and set(match[1].split(",")) == set(project["optional-dependencies"]) - {"bench"}
    assert "-c constraints.txt" in by_pip
    assert [line.split()[0] for line in conda if isinstance(line, str)] == ["python", "pip"]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_every_requirement_is_pinned_within_its_range(
    repository_root: Path, project: dict, python: str
) -> None:
    pinned = pins(repository_root, python)
    outside = [
        f"{requirement} but {pinned.get(canonicalize_name(requirement.name))}"
        for requirement in direct_requirements(project)
        if not requirement.specifier.contains(
            pinned.get(canonicalize_name(requirement.name), "0"), prereleases=True
        )
    ]
    assert outside == []


def test_one_constraints_file_serves_both_lines_of_mesa(repository_root: Path) -> None:
    old, new = pins(repository_root, "3.11"), pins(repository_root, "3.12")
    assert (old["mesa"], new["mesa"]) == ("3.3.1", "3.5.1")
    for name in ("numpy", "scipy", "pandas", "numba"):
        assert old[name] == new[name], f"{name} differs between Pythons, so numbers may"


def test_pins_name_versions_and_no_addresses(repository_root: Path) -> None:
    for line in constraint_lines(repository_root):
        assert re.fullmatch(r"[a-z0-9._-]+==[0-9][\w.]*( ; .+)?", line), line
    for name in ("constraints.txt", "environment.yml", "pyproject.toml"):
        text = (repository_root / name).read_text("utf-8")
        assert "://" not in text and "index-url" not in text, name
    for name in ("uv.lock", "pylock.toml"):
        assert not (repository_root / name).exists(), f"{name} holds host names"


def test_make_installs_every_extra_and_what_benchmarks_need_only_for_them(
    repository_root: Path, project: dict
) -> None:
    text = (repository_root / "Makefile").read_text("utf-8")
    everyday = set(project["optional-dependencies"]) - {"bench"}
    asked = re.findall(r'-e "\.\[(.*?)\]"', text)
    assert len(asked) >= 3
    assert {frozenset(one.split(",")) for one in asked} == {
        frozenset(everyday), frozenset(everyday | {"bench"}),
    }  # fmt: skip


def test_what_is_installed_is_what_is_pinned(repository_root: Path, project: dict) -> None:
    pinned = pins(repository_root, f"{sys.version_info[0]}.{sys.version_info[1]}")
    wanted = direct_requirements(project, without=("bench",))  # `make bench` alone installs that
    names = {canonicalize_name(requirement.name) for requirement in wanted}
    different = {name: version(name) for name in names if version(name) != pinned[name]}
    assert different == {}, "run `make env`"


def test_one_version_everywhere(repository_root: Path) -> None:
    citation = yaml.safe_load((repository_root / "CITATION.cff").read_text("utf-8"))
    changes = (repository_root / "CHANGELOG.md").read_text("utf-8")
    assert str(citation["version"]) == vru_model.__version__
    assert f"## {vru_model.__version__}" in changes


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, vru_model; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(shown.stdout.split()) == set()


@pytest.mark.parametrize("name", [name for name in vru_model.__all__ if name != "__version__"])
def test_every_exported_name_loads(name: str) -> None:
    assert callable(getattr(vru_model, name))
    assert name in dir(vru_model)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = vru_model.nonsense


def test_paths_are_those_of_the_repository(repository_root: Path) -> None:
    assert repository_root == ROOT
    assert PARAMETERS.is_dir() and NOTEBOOKS.is_dir()


def test_a_package_torn_from_its_repository_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make env"):
        find_root(tmp_path)


def test_outputs_go_where_the_environment_says(tmp_path: Path) -> None:
    code = "from vru_model.paths import OUTPUTS; print(OUTPUTS)"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "VRU_OUTPUTS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == str(tmp_path)


@pytest.mark.parametrize("page", ["README.md", "outputs/README.md", "docs/architecture.md"])
def test_every_command_that_a_page_names_exists(
    repository_root: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (repository_root / page).read_text("utf-8")
    makefile = (repository_root / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"
    main = import_module("vru_model.cli").main
    for command in set(
        re.findall(r"(?:^|`)vru ([a-z]+(?: (?:check|describe))?)", text, re.MULTILINE)
    ):
        monkeypatch.setattr(sys, "argv", ["vru", *command.split(), "--help"])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code, f"vru {command}"


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@needs_make
def test_make_alone_lists_every_target(repository_root: Path) -> None:
    shown = subprocess.run(["make", "-C", str(repository_root)], capture_output=True, text=True)
    text = (repository_root / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony and shown.returncode == 0
    for target in phony[1].split():
        assert f"make {target} " in shown.stdout


@needs_make
def test_make_refuses_an_unsuitable_python_in_plain_words(
    repository_root: Path, tmp_path: Path
) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(repository_root / name, tmp_path)
    shown = subprocess.run(
        ["make", "env", "PYTHON=false"], cwd=tmp_path, capture_output=True, text=True
    )
    assert shown.returncode != 0
    assert "Python 3.11 to 3.14 is needed; tried: false." in shown.stderr
    assert not (tmp_path / ".venv").exists()


def test_continuous_integration_runs_what_a_person_runs(repository_root: Path) -> None:
    script = repository_root / ".ci" / "run"
    assert "make test" in script.read_text("utf-8")
    assert os.name == "nt" or os.access(script, os.X_OK)
