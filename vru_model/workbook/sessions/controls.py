"""The few controls of which the session's and the needs assessment's pages are made.

Each has a visible label that is also its accessible name, and a place beneath for what is wrong
with what was typed. Numbers are typed into text boxes, because a number box cannot be empty and
silently changes what does not suit it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from vru_model.errors import InputError

_WIDE = "36em"
_TABLES = (
    ".vru-page table{border-collapse:collapse;margin:8px 0}.vru-page caption{text-align:left;"
    "font-weight:600}.vru-page th,.vru-page td{border:1px solid #6b7a8a;padding:3px 9px;"
    "text-align:left}"
)
_STYLE = Path(__file__).parents[1] / "explore" / "style.css"


def markup(text: str = "", *classes: str) -> widgets.HTML:
    """Return HTML as a widget with CSS classes of the workbook ("error" becomes "vru-error")."""
    return dressed(widgets.HTML(value=text), *classes)


def dressed(widget: Any, *classes: str) -> Any:
    """Return a widget with CSS classes of the workbook."""
    for name in classes:
        widget.add_class(f"vru-{name}")
    return widget


def style() -> widgets.HTML:
    """Return the workbook's style sheet; it dresses what stands in a widget of the class "page"."""
    return markup(f"<style>{_STYLE.read_text(encoding='utf-8')}{_TABLES}</style>")


def heading(text: str, level: int = 2) -> widgets.HTML:
    """Return a heading."""
    return markup(f"<h{level}>{html.escape(text)}</h{level}>")


def paragraph(text: str) -> widgets.HTML:
    """Return a paragraph of plain words."""
    return markup(f"<p style='max-width:60em;line-height:1.5'>{html.escape(text)}</p>")


def column(*children: Any) -> widgets.VBox:
    """Return widgets one below the other."""
    return dressed(widgets.VBox(list(children)), "column")


def row(*children: Any) -> widgets.HBox:
    """Return widgets side by side, folding where the window is narrow."""
    return dressed(widgets.HBox(list(children), layout={
        "flex_flow": "row wrap", "grid_gap": "4px 18px", "align_items": "flex-end"}), "row")


def button(words: str, pressed: Callable[[], None]) -> widgets.Button:
    """Return a button."""
    made = widgets.Button(description=words, layout={"width": "auto", "align_self": "flex-start"})
    made.on_click(lambda _: pressed())
    return dressed(made, "button")


class Field(widgets.VBox):
    """A text box, and beneath it what is wrong with what was typed."""

    def __init__(self, label: str, value: str = "", hint: str = "", width: str = _WIDE) -> None:
        self.box = widgets.Text(value=value, description=label, placeholder=hint,
                                style={"description_width": "initial"},
                                layout={"width": "auto"})  # fmt: skip
        self.error = markup("", "error")
        super().__init__([self.box, self.error],
                         layout={"width": width, "max_width": "98%"})  # fmt: skip
        dressed(self, "field")

    @property
    def text(self) -> str:
        """Return what was typed, without blanks at its ends."""
        return self.box.value.strip()

    @property
    def number(self) -> float | None:
        """Return the number that was typed; None where it is none."""
        return number(self.box.value)

    def write(self, text: str) -> None:
        """Put a text into the box."""
        self.box.value = text

    def complain(self, words: str = "") -> None:
        """Say what is wrong beside the field; nothing where nothing is."""
        self.error.value = (
            f"<p role='alert' style='color:#a40000;margin:0'>{html.escape(words)}</p>"
            if words else ""
        )  # fmt: skip


class Choice(widgets.VBox):
    """A drop-down list."""

    def __init__(
        self, label: str, options: Sequence[tuple[str, Any]],
        chosen: Callable[[Any], None] | None = None, width: str = _WIDE,
    ) -> None:
        self.box = widgets.Dropdown(options=list(options), description=label,
                                    style={"description_width": "initial"},
                                    layout={"width": "auto"})  # fmt: skip
        super().__init__([self.box], layout={"width": width, "max_width": "98%"})
        dressed(self, "field")
        self._quiet = False
        if chosen is not None:
            self.box.observe(
                lambda change: None if self._quiet else chosen(change["new"]), "value")

    @property
    def value(self) -> Any:
        """Return what is chosen."""
        return self.box.value

    def offer(self, options: Sequence[tuple[str, Any]]) -> None:
        """Offer other options without telling anybody; keep what is chosen where it is among them.
        """
        before, self._quiet = self.box.value, True
        try:
            self.box.options = list(options)
            if before in [value for _, value in options]:
                self.box.value = before
        finally:
            self._quiet = False


class Said(widgets.HTML):
    """Where a page says what came of a button: in words, or every problem at once."""

    def __init__(self) -> None:
        super().__init__()
        dressed(self, "said")

    def tell(self, words: str) -> None:
        """Say something."""
        self.value = f"<p role='status'>{html.escape(words)}</p>" if words else ""

    def complain(self, error: InputError) -> None:
        """List every problem."""
        lines = "".join(f"<li>{html.escape(str(each))}</li>" for each in error.problems)
        self.value = f"<div role='alert' style='color:#a40000'><ul>{lines}</ul></div>"

    def doing(self, work: Callable[[], object], words: str = "") -> bool:
        """Do something that may be refused; say what came of it, and return whether it was done.

        What comes of it is `words`, or the text that the work returns.
        """
        try:
            found = work()
            self.tell(words or (found if isinstance(found, str) else ""))
        except InputError as error:
            self.complain(error)
            return False
        return True


def number(text: str) -> float | None:
    """Return the number in a text as people write it (1,200; 40%; £75,000); None where none is."""
    cleaned = text.strip().replace(",", "").removeprefix("£").replace("−", "-")
    share = cleaned.endswith("%")
    try:
        value = float(cleaned.removesuffix("%"))
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return value / 100 if share else value
