"""What every block of a notebook can do: show itself, and say what the public may not see."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from vru_model.parameters.accounts.redaction import RedactionRules, load_redaction
from vru_model.reporting import redaction
from vru_model.reporting.markup import escape

MimeBundle = tuple[dict[str, str], dict[str, Any]]
Withheld = dict[str, list[str]]


class Block(ABC):
    """Something that a notebook shows; `markdown` is what a paper is made of."""

    exempt: str = ""
    """The rule under which all of it is withheld from the public; "" for none."""

    @abstractmethod
    def markdown(self) -> str:
        """Return the block as pandoc's Markdown."""

    def html(self) -> str | None:
        """Return the block as HTML for the screen, or None where Markdown does."""
        return None

    def withheld(self) -> Withheld:
        """Return what the public may not see: rule → the words."""
        if self.exempt:
            return {self.exempt: [self.markdown()]}
        return redaction.marked(self.markdown())

    def public(self, rules: RedactionRules) -> Block:
        """Return the block as the public may see it."""
        if self.exempt:
            return Prose(f"*Withheld: {escape(rules.rule(self.exempt).title)}.*")
        return self

    def bundle(self) -> MimeBundle:
        """Return the block in its forms, by media type, and what is said of each."""
        data = {"text/markdown": self.markdown()}
        shown = self.html()
        if shown is not None:
            data["text/html"] = shown
        return data, {}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        data, metadata = self.bundle()
        withheld = self.withheld()
        if withheld:
            public = self.public(load_redaction()).bundle()
            metadata = metadata | {redaction.KEY: redaction.note(withheld, *public)}
        return data, metadata


@dataclass(frozen=True)
class Prose(Block):
    """Paragraphs, lists or headings that were generated from numbers; `exempt`: see above."""

    text: str
    exempt: str = ""

    def markdown(self) -> str:
        """Return the text as it is."""
        return self.text

    def public(self, rules: RedactionRules) -> Block:
        """Return the text with its exempt words withheld."""
        return super().public(rules) if self.exempt else Prose(redaction.hide(self.text, rules))
