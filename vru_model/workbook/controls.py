"""The controls of which the workbook's pages are made: named, explained beside the field.

Every control carries its name as a visible label, which is also its accessible name; the style
sheet tells kinds apart. Money, years and numbers are typed into text boxes, so that a slip can be
explained instead of being swallowed.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from vru_model.errors import InputError
from vru_model.workbook import entries

_STYLE = Path(__file__).with_name("style.css")
_KEPT: Any = object()


def markup(text: str = "", *classes: str) -> widgets.HTML:
    """Return HTML as a widget."""
    return dressed(widgets.HTML(value=text), *classes)


def dressed(widget: Any, *classes: str) -> Any:
    """Return a widget with CSS classes of the workbook: "card" becomes "vru-card"."""
    for name in classes:
        widget.add_class(f"vru-{name}")
    return widget


def style() -> widgets.HTML:
    """Return the workbook's style sheet; it dresses what stands in a widget of the class "page"."""
    return markup(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")


def heading(text: str, level: int = 2) -> widgets.HTML:
    """Return a heading."""
    return markup(f"<h{level}>{html.escape(text)}</h{level}>")


def paragraph(text: str) -> widgets.HTML:
    """Return a paragraph of plain words."""
    return markup(f"<p>{html.escape(text)}</p>", "prose")


def column(*children: Any, classes: Sequence[str] = ()) -> widgets.VBox:
    """Return widgets one below the other."""
    return dressed(widgets.VBox(list(children)), "column", *classes)


def row(*children: Any, classes: Sequence[str] = ()) -> widgets.HBox:
    """Return widgets side by side, folding where the window is narrow."""
    return dressed(widgets.HBox(list(children)), "row", *classes)


def form_row(*children: Any) -> widgets.HBox:
    """Return fields and buttons side by side, level at their feet."""
    return row(*children, classes=["fields", "ends"])


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
    wide
        Whether it is wider than others of the page.
    width
        A width of its own, in CSS.
    """

    def __init__(self, label: str, value: str = "", entered: Callable[[str], None] | None = None,
                 hint: str = "", wide: bool = False, width: str = "") -> None:
        self.box = widgets.Text(value=value, description=label, placeholder=hint,
                                continuous_update=entered is None,
                                style={"description_width": "initial"})  # fmt: skip
        self.error = markup("", "error")
        super().__init__([self.box, self.error])
        _size(self, wide, width)
        self._quiet = False
        if entered is not None:
            self.box.observe(
                lambda change: None if self._quiet else entered(change["new"]), "value")

    @property
    def text(self) -> str:
        """Return what was typed, without blanks at its ends."""
        return self.box.value.strip()

    @property
    def number(self) -> float | None:
        """Return the number that was typed; None where it is none."""
        try:
            return entries.number(self.box.value)
        except entries.Unreadable:
            return None

    def write(self, text: str) -> None:
        """Put a text into the box without telling anybody."""
        self._quiet = True
        try:
            self.box.value = text
        finally:
            self._quiet = False

    def complain(self, words: str = "") -> None:
        """Say what is wrong beside the field; nothing where nothing is."""
        text = f"<span role='alert'>{html.escape(words)}</span>" if words else ""
        if self.error.value != text:
            self.error.value = text
        (self.add_class if words else self.remove_class)("vru-wrong")


class Choice(widgets.VBox):
    """A drop-down list with its label above.

    Parameters
    ----------
    label
        Its name; always visible.
    options
        (words, value) of each option.
    value
        Which is chosen; the first unless given.
    chosen
        Is called with the value that the reader chose.
    wide, width
        As of a :class:`Field`.
    """

    def __init__(self, label: str, options: Sequence[tuple[str, Any]], value: Any = _KEPT,
                 chosen: Callable[[Any], None] | None = None, wide: bool = False,
                 width: str = "") -> None:
        self.box = widgets.Dropdown(
            options=list(options), value=options[0][1] if value is _KEPT else value,
            description=label, style={"description_width": "initial"},
        )  # fmt: skip
        super().__init__([self.box])
        _size(self, wide, width)
        self._quiet = False
        if chosen is not None:
            self.box.observe(
                lambda change: None if self._quiet else chosen(change["new"]), "value")

    @property
    def value(self) -> Any:
        """Return what is chosen."""
        return self.box.value

    def offer(self, options: Sequence[tuple[str, Any]], value: Any = _KEPT) -> None:
        """Offer other options without telling anybody.

        Where no value is given, what is chosen stays chosen if it is still among them.
        """
        wanted = self.box.value if value is _KEPT else value
        self._quiet = True
        try:
            self.box.options = list(options)
            if value is not _KEPT or wanted in [each for _, each in options]:
                self.box.value = wanted
        finally:
            self._quiet = False


class Said(widgets.HTML):
    """Where a page says how things stand: in words, or every problem at once."""

    def __init__(self, *classes: str) -> None:
        super().__init__()
        dressed(self, "live", *classes)

    def tell(self, words: str, kind: str = "plain") -> None:
        """Say something; "bad" for what went wrong."""
        self.value = f'<p class="vru-{kind}">{html.escape(words)}</p>' if words else ""

    def complain(self, error: InputError) -> None:
        """List every problem."""
        lines = "".join(f"<li>{html.escape(str(each))}</li>" for each in error.problems)
        self.value = f"<div role='alert' class='vru-bad'><ul>{lines}</ul></div>"

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


def show(widget: Any, shown: bool) -> None:
    """Show a widget, or take it out of the page and of the tab order."""
    wanted = None if shown else "none"
    if widget.layout.display != wanted:
        widget.layout.display = wanted


def pounds(amount: int) -> str:
    """Return an amount as it stands in a box: 350,000."""
    return f"{amount:,}"


def _size(field: widgets.VBox, wide: bool, width: str) -> None:
    dressed(field, "field", *(["wide"] if wide else []))
    if width:
        field.layout.width, field.layout.max_width = width, "98%"
