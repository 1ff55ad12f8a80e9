"""What every format is made of: the Markdown with its pictures, and what stands on the cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

EMPTY_WORDS = "No description has been provided"
"""What a converter writes where a picture has no description; no paper may say it."""


class PaperError(RuntimeError):
    """A paper cannot be made of this notebook; the message says why."""


@dataclass(frozen=True)
class Pages:
    """A paper's Markdown and the pictures that it names."""

    markdown: str
    pictures: dict[str, bytes]


@dataclass(frozen=True)
class Cover:
    """What stands on every page of a paper, whatever it says.

    Parameters
    ----------
    organisation
        Who answers for the paper.
    day
        The date on it; also the date inside the files, so that they come out the same again.
    draft
        Whether it carries the DRAFT mark: until the logs of assurance are signed.
    notice
        What kind of version it is and what that means, in a sentence; "" for none.
    exempt
        Whether it holds what the public may not see.
    sheet
        Whether it is a sheet of two sides: no contents, no numbers of paragraphs, closer type.
    """

    organisation: str
    day: date
    draft: bool = True
    notice: str = ""
    exempt: bool = False
    sheet: bool = False

    @property
    def marks(self) -> str:
        """The mark for the head of each page: DRAFT, EXEMPT, both or neither."""
        marks = {"DRAFT": self.draft, "EXEMPT: not for publication": self.exempt}
        return " · ".join(mark for mark, applies in marks.items() if applies)
