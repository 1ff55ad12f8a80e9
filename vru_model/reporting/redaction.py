"""What the public may not see: marked by the blocks, split off after the notebook has run.

A notebook runs once. Each block that holds something exempt carries in its metadata what the
public sees in its stead, so the public version needs no second execution and can hold no other
numbers. Before it is written it is searched for what was withheld (:func:`leaks`): a price
hidden in a table and given away in a sentence stops the build.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from nbformat import NotebookNode

from vru_model.analysis.disclosure import HIDDEN, Also, protect
from vru_model.errors import nearest
from vru_model.parameters.accounts.redaction import SMALL_NUMBERS, RedactionRules

KEY = "vru_redaction"
"""The name in an output's metadata under which its public form stands."""

_MARK = re.compile(r'\[((?:\\.|[^\[\]\\])*)\]\{\.exempt rule="([\w-]*)"\}')
_NUMBER = re.compile(r"£?\d[\d,]*(?:\.\d+)?")
_CALENDAR_YEAR = re.compile(r"(19|20)\d\d")
_FEWEST_DIGITS, _FEWEST_LETTERS = 3, 4


def marked(text: str) -> dict[str, list[str]]:
    """Return the exempt words of a Markdown text by rule."""
    found: dict[str, list[str]] = {}
    for words, rule in _MARK.findall(text):
        found.setdefault(rule, []).append(_plain(words))
    return found


def hide(text: str, rules: RedactionRules) -> str:
    """Return a Markdown text with its exempt words withheld."""
    return _MARK.sub(lambda found: f"*withheld: {rules.rule(found[2]).title}*", text)


def check_names(frame: pd.DataFrame, columns: Collection[str], rows: Collection[str]) -> None:
    """Raise ValueError where a table has no such column or row."""
    check_among(columns, [str(column) for column in frame.columns])
    check_among(rows, [str(cell) for cell in frame.iloc[:, 0]] if len(rows) else [])


def check_among(given: Collection[str], known: Sequence[str]) -> None:
    """Raise ValueError where something is to be withheld that is not there."""
    for name in given:
        if name not in known:
            raise ValueError(
                f"nothing to withhold is called {name!r}; there are {', '.join(known)} "
                f"{nearest(name, known)}".rstrip()
            )


def withheld_cells(
    frame: pd.DataFrame, columns: Mapping[str, str], rows: Mapping[str, str], people: Sequence[str]
) -> dict[str, list[str]]:
    """Return the cells of a table that the public may not see, by rule."""
    found: dict[str, list[str]] = {}
    headers = frame.iloc[:, 0].astype(str)
    for header, rule in rows.items():
        mine = frame[headers == header]
        found.setdefault(rule, []).extend(str(cell) for cell in mine.to_numpy().ravel())
    for column, rule in columns.items():
        found.setdefault(rule, []).extend(str(cell) for cell in frame[column])
    if people:
        found.setdefault(SMALL_NUMBERS, [])
    return found


def public_cells(
    frame: pd.DataFrame, columns: Mapping[str, str], rows: Mapping[str, str],
    people: Sequence[str], rules: RedactionRules,
) -> pd.DataFrame:  # fmt: skip
    """Return the cells of a table as the public may see them."""
    shown = frame.astype(object)
    headers = frame.iloc[:, 0].astype(str)
    if people:
        shown[list(people)] = _protected(frame[list(people)], rules)
    for column, rule in columns.items():
        shown[column] = _instead(rule, rules)
    for header, rule in rows.items():
        shown.loc[headers == header] = _instead(rule, rules)
    return shown


def _instead(rule: str, rules: RedactionRules) -> str:
    return f"withheld: {rules.rule(rule).title}"


def _protected(cells: pd.DataFrame, rules: RedactionRules) -> pd.DataFrame:
    """Return counts of people as text: small ones withheld, and what would give them away."""
    counts = cells.astype(str).replace({",": ""}, regex=True).astype(float)
    largest = rules.rule(SMALL_NUMBERS).largest
    small = ((counts >= 1) & (counts <= largest)).to_numpy()
    none = np.zeros(len(counts), bool), np.zeros(counts.shape[1], bool)
    # With totals no row or column hides one cell alone: its total would tell it.
    shown = protect(counts, totals=True, also=Also(small, *none)).iloc[:-1, :-1]
    return shown.replace({HIDDEN: _instead(SMALL_NUMBERS, rules)})


def note(
    withheld: Mapping[str, Sequence[str]], data: Mapping[str, str], metadata: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what an output's metadata says of its public form."""
    return {
        "withheld": {rule: list(words) for rule, words in withheld.items()},
        "public": {"data": dict(data), "metadata": dict(metadata)},
    }


def withheld(notebook: NotebookNode) -> dict[str, list[str]]:
    """Return what an executed notebook withholds from the public, by rule."""
    found: dict[str, list[str]] = {}
    for output in _outputs(notebook):
        for rule, words in output.metadata.get(KEY, {}).get("withheld", {}).items():
            found.setdefault(rule, []).extend(words)
    return found


def public_version(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook with every output in its public form."""
    public = copy.deepcopy(notebook)
    for output in _outputs(public):
        instead = output.metadata.get(KEY)
        if instead is not None:
            output["data"] = instead["public"]["data"]
            output["metadata"] = instead["public"]["metadata"]
    return public


def leaks(
    texts: Collection[str], hidden: Mapping[str, Sequence[str]], rules: RedactionRules
) -> list[str]:
    """Return what the texts of a public version give away, in words; an empty list for nothing.

    Numbers are looked for where they have three significant figures or more: rounder ones
    stand in many places and say nothing of whose they are.
    """
    everything = "\n".join(texts)
    plain = _plain(everything)
    found = [
        f"words marked exempt under {rule!r} are still in it: {words}"
        for rule, words in marked(everything).items()
    ]
    if ".exempt" in everything and not found:
        found.append("a mark of exempt words in it cannot be read")
    for name, rule in rules.rules.items():
        for pattern in rule.patterns:
            found += [f"{name}: it names {match[0]}" for match in re.finditer(pattern, plain)]
        for words in dict.fromkeys(hidden.get(name, ())):
            found += [f"{name}: it says {each}" for each in _given_away(words, rule.search, plain)]
    return list(dict.fromkeys(found))


def _given_away(words: str, search: str, text: str) -> list[str]:
    if search == "words":
        wanted = [_plain(words).strip()] if sum(map(str.isalpha, words)) >= _FEWEST_LETTERS else []
        pattern = r"(?<!\w){}(?!\w)"
    elif search == "numbers":
        wanted = [number for number in _NUMBER.findall(words) if _telling(number)]
        pattern = r"(?<![\d.,]){}(?![\d]|[.,]\d)"
    else:
        return []
    return [
        each for each in wanted
        if re.search(pattern.format(re.escape(each.lstrip("£"))), text, re.IGNORECASE)
    ]  # fmt: skip


def _telling(number: str) -> bool:
    if _CALENDAR_YEAR.fullmatch(number):
        return False
    return len(re.sub(r"\D", "", number).strip("0")) >= _FEWEST_DIGITS


def _plain(text: str) -> str:
    """Return Markdown without the backslashes of :func:`vru_model.reporting.blocks.escape`."""
    return re.sub(r"\\([^\w\s])", r"\1", text)


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [
        output for cell in notebook.cells for output in cell.get("outputs", [])
        if "data" in output
    ]  # fmt: skip
