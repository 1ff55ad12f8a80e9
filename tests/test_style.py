"""House rules that a reader would otherwise have to watch for."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

# Written with brackets, so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.<])/(work|root|home|Users)/[\w.]")
REGISTRY_HOST = re.compile(r"py[p]i\.(org|python)|python[h]osted|ana[c]onda\.(org|com)|npm[j]s\.")
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b")
# American spellings, in lower case only: a cited title or a name keeps its own spelling.
AMERICAN = re.compile(
    r"\b(behaviors?|behavioral|neighbors?|neighborhoods?|neighboring|colors?|colored|centers?"
    r"|centered|labor|favors?|favorable|honor|gray|modeling|modeled|labeled|labeling|traveled"
    r"|canceled|fulfill|enrollments?|analyz(?:e|es|ed|ing)|organiz(?:e|es|ed|ing|ations?)"
    r"|summariz(?:e|es|ed|ing)|randomiz(?:e|es|ed|ing)|standardiz(?:e|es|ed|ing)"
    r"|initializ(?:e|es|ed|ing)|prioritiz(?:e|es|ed|ing)|defense|offenses?|pediatric)\b"
)
CODE_SPAN = re.compile(r"```.*?```|``.*?``|`[^`\n]*`|https?://\S+|<[^>\n]*>", re.DOTALL)
PROSE_FOLDERS = ("vru_model/", "notebooks/", "parameters/", "docs/", "README", "CHANGELOG")


@pytest.fixture(scope="module")
def committed(repository_root: Path) -> dict[str, str]:
    """Return path -> text of every text file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository_root,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git clone, so what is committed cannot be listed")
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        try:
            texts[name] = (repository_root / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or a file that is deleted but not yet committed
    assert "pyproject.toml" in texts
    return texts


def lines_that_match(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Return "file:line: what matched" of every match."""
    return [
        f"{name}:{number}: {match[0]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def python_files(committed: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in committed.items() if name.endswith(".py")}


def python_prose(text: str) -> Iterator[str]:
    """Yield the comments and docstrings of Python source."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented):
            yield ast.get_docstring(node) or ""


def prose(name: str, text: str) -> str:
    """Return what a person reads of a file, without code."""
    if name.endswith(".py"):
        text = "\n".join(python_prose(text))
    elif name.endswith(".ipynb"):
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    elif not name.endswith((".md", ".yaml", ".yml")):
        return ""
    return CODE_SPAN.sub(" ", text)


def test_no_path_of_one_machine(committed: dict[str, str]) -> None:
    assert lines_that_match(MACHINE_PATH, committed) == []


def test_no_package_registry_is_named(committed: dict[str, str]) -> None:
    assert lines_that_match(REGISTRY_HOST, committed) == []


def test_nothing_is_left_for_later(committed: dict[str, str]) -> None:
    assert lines_that_match(UNFINISHED, committed) == []


def test_uk_english(committed: dict[str, str]) -> None:
    read = {
        name: prose(name, text)
        for name, text in committed.items()
        if name.startswith(PROSE_FOLDERS)
    }
    found = [
        f"{name}: {match[0]}" for name, text in read.items() for match in AMERICAN.finditer(text)
    ]
    assert found == []


def test_modules_and_functions_stay_short(committed: dict[str, str]) -> None:
    long = []
    for name, text in python_files(committed).items():
        lines = text.count("\n")
        if lines > 350:
            long.append(f"{name}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > 60:
                    long.append(f"{name}:{node.lineno} {node.name}: {size} lines")
    assert long == []


def test_notebooks_keep_only_outputs_that_are_checked(committed: dict[str, str]) -> None:
    kept = [
        f"{name}: cell {number}"
        for name, text in committed.items()
        if name.endswith(".ipynb")
        for number, cell in enumerate(json.loads(text)["cells"])
        if cell.get("outputs") and "nbval-check-output" not in cell["metadata"].get("tags", [])
    ]
    assert kept == [], "run `nbstripout --keep-id`, or tag the cell `nbval-check-output`"


def test_links_between_documents_lead_somewhere(
    committed: dict[str, str], repository_root: Path
) -> None:
    broken = [
        f"{name}: {target}"
        for name, text in committed.items()
        if name.endswith(".md")
        for target in re.findall(r"\]\(([^)#\s]+)", text)
        if "://" not in target and not (repository_root / name).parent.joinpath(target).exists()
    ]
    assert broken == []


def test_ruff(repository_root: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format", "concise", "."],
        cwd=repository_root,
        capture_output=True,
        text=True,
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr


def test_nothing_lower_imports_anything_higher(
    repository_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository_root)
    kept = lint_imports(no_cache=True) == 0
    assert kept, capsys.readouterr().out


@pytest.mark.validate
def test_types_hold(repository_root: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "mypy"],
        cwd=repository_root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout
