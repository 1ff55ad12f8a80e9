"""The few controls of which the page is made: named, explained beside the field, told apart by CSS.

Every control carries its name as a visible label. Text boxes take money and years as people write
them, so that a slip can be explained instead of being swallowed.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets


def markup(text: str = "", *classes: str) -> widgets.HTML:
    """Return HTML as a widget."""
    return dressed(widgets.HTML(value=text), *classes)


def dressed(widget: Any, *classes: str) -> Any:
    """Return a widget with CSS classes of the workbook: "card" becomes "vru-card"."""
    for name in classes:
        widget.add_class(f"vru-{name}")
    return widget


def column(*children: Any, classes: Sequence[str] = ()) -> widgets.VBox:
    """Return widgets one below the other."""
    return dressed(widgets.VBox(list(children)), "column", *classes)


def row(*children: Any, classes: Sequence[str] = ()) -> widgets.HBox:
    """Return widgets side by side, folding where the window is narrow."""
    return dressed(widgets.HBox(list(children)), "row", *classes)


def button(words: str, pressed: Callable[[], None], *classes: str,
           hint: str = "") -> widgets.Button:
    """Return a button; `hint` is told by a pointer that rests on it."""
    made = widgets.Button(description=words, tooltip=hint or words)
    made.layout.width = "auto"
    made.on_click(lambda _: pressed())
    return dressed(made, "button", *classes)


class Field(widgets.VBox):
    """A text box with its label above and, beneath, what is wrong with what was typed.

    Parameters
    ----------
    label
        Its name; always visible.
    value
        What stands in it.
    entered
        Is called with the text when the reader leaves the box or presses Enter.
    hint
        How to fill it in.
    """

    def __init__(self, label: str, value: str, entered: Callable[[str], None], hint: str = "",
                 wide: bool = False) -> None:
        self.box = widgets.Text(value=value, description=label, continuous_update=False,
                                placeholder=hint, style={"description_width": "initial"})
        self.error = markup("", "error")
        super().__init__([self.box, self.error])
        dressed(self, "field", *(["wide"] if wide else []))
        self._quiet = False
        self.box.observe(lambda change: None if self._quiet else entered(change["new"]), "value")

    def write(self, text: str) -> None:
        """Put a text into the box without telling anybody."""
        self._quiet = True
        try:
            self.box.value = text
        finally:
            self._quiet = False

    def complain(self, words: str = "") -> None:
        """Say what is wrong beside the field; nothing where nothing is."""
        text = f"<span>{html.escape(words)}</span>" if words else ""
        if self.error.value != text:
            self.error.value = text
        (self.add_class if words else self.remove_class)("vru-wrong")


class Choice(widgets.VBox):
    """A drop-down list with its label above."""

    def __init__(self, label: str, options: Sequence[tuple[str, Any]], value: Any,
                 chosen: Callable[[Any], None], wide: bool = False) -> None:
        self.box = widgets.Dropdown(options=list(options), value=value, description=label,
                                    style={"description_width": "initial"})
        super().__init__([self.box])
        dressed(self, "field", *(["wide"] if wide else []))
        self._quiet = False
        self.box.observe(lambda change: None if self._quiet else chosen(change["new"]), "value")

    def offer(self, options: Sequence[tuple[str, Any]], value: Any) -> None:
        """Offer other options without telling anybody."""
        self._quiet = True
        try:
            self.box.options = list(options)
            self.box.value = value
        finally:
            self._quiet = False


def show(widget: Any, shown: bool) -> None:
    """Show a widget, or take it out of the page and of the tab order."""
    wanted = None if shown else "none"
    if widget.layout.display != wanted:
        widget.layout.display = wanted


def pounds(amount: int) -> str:
    """Return an amount as it stands in a box: 350,000."""
    return f"{amount:,}"
