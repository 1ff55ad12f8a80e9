"""How hard a text is to read: the grade of Flesch and Kincaid, and words that nobody has to know.

The grade is that of a school in the United States: grade 5 is read at ten or eleven years. It
counts words a sentence and syllables a word, so it cannot tell whether a text makes sense; a
sheet still has to be read by the people it is for.

Source: Kincaid and others 1975, Research Branch Report 8-75, for the formula. Syllables are
counted by the hyphenation patterns of British English, and never fewer than the groups of vowels
that are heard, because a hyphenation leaves out breaks that a printer would not make ("i-dea").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyphen

LIMIT = 6.0
"""The highest grade that a community sheet may have: read at eleven or twelve, mostly sooner."""
LONGEST = 25
"""The most words that one of its sentences may have."""
BANNED = (
    "appraisal", "assurance", "attribution", "averted", "baseline", "calibrated", "calibration",
    "coefficient", "cohort", "collective efficacy", "confidence", "counterfactual", "deprivation",
    "deterministic", "distribution", "draws", "elicitation", "ensemble", "grievance", "horizon",
    "implementation", "incidence", "indicator", "interval", "intervention", "median",
    "metric", "mitigation", "monte carlo", "net present value", "outcome", "parameter",
    "percentile", "perpetrator", "posterior", "prevalence", "probability", "quantile",
    "replicate", "scenario", "sensitivity", "significant", "simulation", "stakeholder",
    "statistical", "stochastic", "the mean", "uncertainty", "validation", "variance",
)  # fmt: skip
"""Words of the trade that a sheet must not use, in the singular."""

_SENTENCE_END = re.compile(r"[.!?]+[”’\"')]*\s+|[:;]\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d[\d,.]*\d|\d")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouyr]e|[aeiouy]re|[^aeiouylcghsxz]es|[^aeiouytd]ed)$")


@dataclass(frozen=True)
class Reading:
    """What was counted in a text.

    Parameters
    ----------
    sentences
        The sentences, a heading or an item of a list each counting as one.
    words, syllables
        How many; a number counts as a word of one syllable.
    """

    sentences: Sequence[str]
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """The grade of Flesch and Kincaid; 0 for no text."""
        if not self.words:
            return 0.0
        return (
            0.39 * self.words / len(self.sentences)
            + 11.8 * self.syllables / self.words
            - 15.59
        )

    @property
    def hardest(self) -> list[str]:
        """The three sentences with the highest grade of their own, hardest first."""
        return sorted(self.sentences, key=lambda each: -read(each).grade)[:3]

    @property
    def too_long(self) -> list[str]:
        """The sentences with more words than :data:`LONGEST`."""
        return [each for each in self.sentences if len(_WORD.findall(each)) > LONGEST]


def read(text: str | Iterable[str]) -> Reading:
    """Count a text, or several, of plain words (no Markdown)."""
    texts = [text] if isinstance(text, str) else list(text)
    parts = [part.strip() for each in texts for part in _SENTENCE_END.split(each)]
    sentences = [part for part in parts if _WORD.search(part)]
    words = [word for each in sentences for word in _WORD.findall(each)]
    return Reading(sentences, len(words), sum(map(syllables, words)))


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """Return about how many syllables a word has; 1 at least, and 1 for a number."""
    letters = word.lower().replace("’", "'")
    if letters[0].isdigit():
        return 1
    return sum(_of_part(part) for part in letters.split("-") if part) or 1


def _of_part(part: str) -> int:
    groups = len(_VOWELS.findall(part))
    if groups > 1 and _SILENT.search(part):
        groups -= 1
    return max(1, groups, len(_patterns().positions(part)) + 1)


@lru_cache(maxsize=1)
def _patterns() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB")


def banned_words(text: str) -> list[str]:
    """Return the words of the trade that a text uses, in order."""
    plain = " ".join(text.lower().split())
    return [
        word for word in BANNED if re.search(rf"\b{re.escape(word)}(?:s|es|ed|d|ly)?\b", plain)
    ]
