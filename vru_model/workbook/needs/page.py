"""The page of the needs assessment: choose, run, look, lay your own data beside it."""

from __future__ import annotations

import html
import shutil
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from vru_model.errors import InputError, Problem
from vru_model.experiments.compare import GROUPS
from vru_model.parameters.accounts.measures import load_measures
from vru_model.parameters.documents import built_in_names
from vru_model.reporting.beside import FORM, Mine, beside_blocks, read_mine, read_uploaded
from vru_model.reporting.beside import suggested as suggested_measures
from vru_model.reporting.blocks import Prose
from vru_model.workbook.as_html import shown
from vru_model.workbook.controls import (
    Choice,
    Field,
    Said,
    button,
    column,
    dressed,
    form_row,
    heading,
    markup,
    paragraph,
    row,
    style,
)
from vru_model.workbook.jobs import DONE, FAILED
from vru_model.workbook.needs.assessment import Assessment, assess
from vru_model.workbook.needs.burden import burden_blocks, population_blocks, recorded_blocks
from vru_model.workbook.needs.issues import issue_blocks
from vru_model.workbook.needs.options import NeedsOptions
from vru_model.workbook.needs.working import ask, needs_folder
from vru_model.workbook.watching import Watching
from vru_model.workbook.worker import Worker

_MODULE = "vru_model.workbook.needs.working"
_MINE = (
    "Your file stays on this machine. It is checked whole; small numbers are hidden, with what "
    "would give them away, before anything is shown; then each figure stands beside the model's. "
)


class NeedsPage(widgets.VBox):
    """Everything of the assessment on one page, from the options with which it begins."""

    def __init__(self, options: NeedsOptions) -> None:
        self.options = options
        self.found: Assessment | None = None
        self.mine: Mine | None = None
        measures = load_measures().measures
        self.place = Field("Place, or the folder of a place pack", options.place)
        offered = dict.fromkeys(["", options.strategy, *built_in_names("strategies")])
        self.strategy = Choice("Strategy", [(name.replace("_", " ") or "None", name)
                                            for name in offered], options.strategy)  # fmt: skip
        self.size = {
            "scale": Field("Simulated residents for each real one", f"{options.scale:g}"),
            "years": Field("Years", str(options.years), width="14em"),
            "draws": Field("Draws of what is not known", str(options.draws), width="24em"),
        }
        self.go = button("Run what is missing, and show it", self.run, "primary")
        self.watching = Watching(Worker(_MODULE, needs_folder), self.go)
        self.said, self.population = self.watching.words, markup()
        self.measure = Choice("Measure", [(each.title, name) for name, each in measures.items()],
                              options.measure, lambda _: self.look())
        self.group = Choice("Victims", [(each, each) for each in GROUPS],
                            chosen=lambda _: self.look())
        self.burden, self.recorded, self.issues = markup(), markup(), markup()
        self.path = Field("Path of your file", options.observed, hint="or upload it",
                          width="50em")
        self.upload = dressed(widgets.FileUpload(
            accept=".csv", multiple=False, description="Upload a file",
            layout={"width": "auto"}), "button")  # fmt: skip
        self.upload.observe(lambda _: self.read(), "value")
        self.pairs: dict[str, Choice] = {}
        self.matching, self.own_said, self.own = column(), Said(), markup()
        super().__init__([style(), *self._parts()])
        dressed(self, "page", "roomy")

    def _parts(self) -> list[Any]:
        return [
            heading("What to look at"), form_row(self.place, self.strategy),
            form_row(*self.size.values()),
            row(self.go, self.watching.cancel, classes=["buttons"]), self.watching.bar, self.said,
            heading("The defined population"), self.population,
            heading("Burden and inequalities"), form_row(self.measure, self.group), self.burden,
            heading("What is recorded"), self.recorded,
            heading("Your own data"), paragraph(_MINE + FORM),
            form_row(self.path, button("Read this file", self.read_path), self.upload),
            self.own_said, self.matching, self.own,
            heading("Issues, programmes and gaps"), self.issues,
        ]  # fmt: skip

    def run(self) -> None:
        """Check what was entered, and run what is not on disk in a process of its own."""
        if self.watching.busy or not self.said.doing(self._check):
            return
        folder, options = ask(self.options), self.options
        self.watching.begin(folder, lambda progress: self._ended(folder, options, progress))

    def _ended(self, folder: Path, options: NeedsOptions, progress: dict[str, Any]) -> None:
        """Show every section where all runs are there; else leave what stood there."""
        if progress["state"] == DONE:
            self._show(options)
        if progress["state"] != FAILED:  # its folder says why
            shutil.rmtree(folder, ignore_errors=True)

    def _show(self, options: NeedsOptions) -> None:
        self.found = found = assess(options)
        self.population.value = shown(population_blocks(options.place, options.scale))
        self.look()
        self.recorded.value = shown(recorded_blocks(found.base))
        self.issues.value = shown(issue_blocks(found.base, found.other, found.scenario,
                                               found.needs))  # fmt: skip
        self._lay_beside()
        runs = [found.base.run_id, *([found.other.run_id] if found.other is not None else [])]
        self.said.tell(f"Shown: {' and '.join(runs)}.")

    def look(self) -> None:
        """Show another measure of the same run."""
        if self.found is not None:
            self.burden.value = shown(burden_blocks(self.found.base, self.measure.value,
                                                    self.group.value))  # fmt: skip

    def read_path(self) -> None:
        """Read the file at the path."""
        self._take(lambda: read_mine(Path(self.path.text).expanduser()))

    def read(self) -> None:
        """Read the uploaded file."""
        if self.upload.value:
            given = self.upload.value[0]
            self._take(lambda: read_uploaded(given["name"], bytes(given["content"])))

    def _check(self) -> None:
        entered = {name: field.number for name, field in self.size.items()}
        problems = [Problem("page", None, name, repr(self.size[name].text), "a number")
                    for name, value in entered.items() if value is None]  # fmt: skip
        if problems:
            raise InputError(problems)
        numbers = {name: int(value) if name != "scale" and value == int(value) else value
                   for name, value in entered.items() if value is not None}  # fmt: skip
        self.options = NeedsOptions.checked(
            {**self.options.model_dump(), **numbers, "place": self.place.text,
             "strategy": self.strategy.value}, "page")  # fmt: skip

    def _take(self, read: Any) -> None:
        self.own.value, self.matching.children = "", ()

        def work() -> str:
            self.mine = read()
            return "Read and protected. Say what each of your measures is to stand beside."

        self.mine = None
        if self.own_said.doing(work) and self.mine is not None:
            likely = suggested_measures(self.mine.measures)
            known = [("nothing", "")] + [
                (each.title, name) for name, each in load_measures().measures.items()]
            self.pairs = {}
            for name in self.mine.measures:
                self.pairs[name] = Choice(f"Beside {name}", known, likely.get(name, ""),
                                          lambda _: self._lay_beside())  # fmt: skip
            self.matching.children = tuple(self.pairs.values())
            self._lay_beside()

    def _lay_beside(self) -> None:
        if self.mine is None:
            return
        if self.found is None:
            self.own.value = shown([Prose("Run the baseline above to see the model beside it.")])
            return
        chosen = {name: each.value for name, each in self.pairs.items() if each.value}
        self.own.value = shown(beside_blocks(self.found.base, self.mine, chosen))


def page(options: NeedsOptions) -> Any:
    """Return the page, or in a batch the whole assessment as something that shows itself."""
    if options.interactive:
        made = NeedsPage(options)
        made.watching.worker.start()  # the model is read while the reader looks round
        return made
    from vru_model.workbook.needs.assessment import blocks

    return _Whole(blocks(options))


class _Whole:
    """Blocks that a notebook shows one after the other, without controls."""

    def __init__(self, blocks: list[Any]) -> None:
        self.blocks = blocks

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(*self.blocks)

    def __repr__(self) -> str:
        return html.escape(f"<needs assessment of {len(self.blocks)} parts>")
