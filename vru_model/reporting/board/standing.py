"""How far a paper may be trusted: signed logs, patterns that hold, and until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pandas as pd

from vru_model import paths
from vru_model.parameters.accounts.assurance import Assurance, load_assurance
from vru_model.reporting.words import in_words, long_date, plural

VALIDATION = paths.ROOT / "docs" / "validation.csv"
_HIGH, _MODERATE = 0.90, 0.60


@dataclass(frozen=True)
class Standing:
    """The assurance of everything that the program writes.

    Parameters
    ----------
    book
        Who answers for what, and what was signed.
    verdicts
        Of the patterns that were held back from calibration: verdict → how many.
    """

    book: Assurance
    verdicts: Mapping[str, int]

    @property
    def unsigned(self) -> list[str]:
        """The titles of the logs that nobody signed as they are now."""
        return [log.title for log in self.book.logs.values() if not log.signed]

    @property
    def draft(self) -> bool:
        """Whether a paper must carry its mark as a draft."""
        return bool(self.unsigned)

    @property
    def share_held(self) -> float:
        """The share of the judged patterns that the model shows in full."""
        judged = sum(self.verdicts.get(verdict, 0) for verdict in ("pass", "partial", "fail"))
        return self.verdicts.get("pass", 0) / judged if judged else 0.0

    @property
    def rating(self) -> str:
        """The rating by a fixed rule: not assured, low, moderate or high.

        Not assured while a log is unsigned; high where at least nine in ten of the patterns held
        back are shown in full, moderate from six in ten, otherwise low (rule of this project).
        """
        if self.draft:
            return "not assured"
        if self.share_held >= _HIGH:
            return "high"
        return "moderate" if self.share_held >= _MODERATE else "low"

    @property
    def sentence(self) -> str:
        """The rating with its reasons."""
        logs = self.unsigned
        reason = (
            f"{in_words([title[:1].lower() + title[1:] for title in logs])} "
            f"{'is' if len(logs) == 1 else 'are'} not signed"
            if logs else "all logs are signed"
        )  # fmt: skip
        passed, partly, failed = (
            self.verdicts.get(name, 0) for name in ("pass", "partial", "fail")
        )
        return (
            f"{self.rating[:1].upper()}{self.rating[1:]}: {reason}. Of "
            f"{plural(passed + partly + failed, 'pattern')} that were held back from calibration "
            f"and could be judged the model shows {passed}, shows {partly} in part and fails "
            f"{failed}."
        )

    def sunset(self, day: date) -> str:
        """Return the last day on which a paper of this date may be used, in words."""
        months = day.month - 1 + self.book.valid_months
        year, month = day.year + months // 12, months % 12 + 1
        for last in (day.day, 30, 29, 28):
            try:
                return long_date(date(year, month, last))
            except ValueError:
                continue
        raise ValueError(f"no such day: {day}")


@lru_cache(maxsize=1)
def _verdicts() -> Mapping[str, int]:
    table = pd.read_csv(VALIDATION)
    return dict(Counter(table.loc[table["use"] == "validation", "verdict"]))


def standing() -> Standing:
    """Return the assurance as the documents have it."""
    return Standing(load_assurance(), _verdicts())
