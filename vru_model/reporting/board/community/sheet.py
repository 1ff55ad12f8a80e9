"""The community sheet: two sides in plain words for the reference group and whoever asks.

Every sentence is made here, so that the whole sheet can be read by a machine before a person does:
it is refused where it is too hard, uses words of the trade or names a place (:mod:`.checks`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import pandas as pd

from vru_model.parameters.accounts.community import CommunityBook, load_community
from vru_model.reporting.blocks import Block, Chart, Panel, Prose, Table, Terms, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.community import icons, voices
from vru_model.reporting.board.community.assumed import assumptions
from vru_model.reporting.board.community.changes import Changes
from vru_model.reporting.board.community.checks import refuse
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.paper import BoardPaper
from vru_model.reporting.board.standing import standing
from vru_model.reporting.charts import png
from vru_model.reporting.findings import Report
from vru_model.reporting.strategies import budget, money_by_programme
from vru_model.reporting.words import long_date, money, plural, sentence_case

WHO = "young people who would be hurt badly enough to go to hospital"


@dataclass(frozen=True)
class CommunitySheet(BoardPaper):
    """The sheet's parts; each method returns the blocks to show.

    >>> sheet = CommunitySheet.prepare(options)
    >>> display(*sheet.decided())
    """

    case: BoardCase
    book: CommunityBook

    @classmethod
    def prepare(cls, options: BoardOptions, report: Report | None = None) -> Self:
        """Run what has not been run yet and return the sheet.

        Raises PaperError where the sheet would be too hard to read, use jargon or name a place.
        """
        sheet = cls(BoardCase.prepare(options, report), load_community())
        refuse([block for part in sheet.parts for block in part()], sheet.places)
        return sheet

    @property
    def parts(self) -> tuple[Callable[[], list[Block]], ...]:
        """The parts of the sheet in the order in which they stand."""
        return (
            self.decided, self.picture, self.better, self.unknown, self.paid_for, self.assumed,
            self.heard, self.challenge, self.source,
        )  # fmt: skip

    @property
    def places(self) -> list[str]:
        """The names of authorities, which the sheet must not say."""
        return list(self.case.manifest["place"].get("authorities", {}).values())

    @cached_property
    def changes(self) -> Changes:
        """What the plan changes, as frequencies."""
        return Changes(self.case)

    def decided(self) -> list[Block]:
        """Return what is being decided, and what this sheet is."""
        case, years = self.case, self.case.options.years
        pounds = money(budget(case.alone, case.strategy.name))
        rests = standing()
        signed = (
            "**This is a draft.** No one has signed off the lists behind it yet. "
            if rests.draft else "The lists behind it are signed off. "
        )  # fmt: skip
        text = (
            f"Leaders have to choose how to spend {pounds} a year to make people safer. One plan "
            f"is called “{escape(case.strategy.title)}”. This sheet says what it may change in "
            f"{plural(years, 'year')}. You can argue with it: the last part says how.\n\n"
            "We made a pretend county on a computer, with made-up people. It lives the same "
            "years twice. Once things go on as they are. Once the plan is there too. We do this "
            f"{case.options.draws} times, each time with other guesses.\n\n"
            f"{signed}Made on {long_date(self.day)}. Do not use it after {rests.sunset(self.day)}."
        )
        return [Panel("sheet", "What is being decided", [Prose(text)])]

    def picture(self) -> list[Block]:
        """Return the icon array with its sentence and its table."""
        found = self.changes.frequency
        chart = Chart(
            name="community-icons",
            png=png(icons.draw(found, WHO)),
            alt=icons.alternative_text(found, WHO),
            caption="Young people: all under 25. Of every 10 tries, 8 gave a number in this range.",
            source=self.case.source,
        )
        text = f"- Think of 1,000 {WHO} if things go on as they are. {found.sentence}"
        return [Prose(text), chart, self.changes.table()]

    def better(self) -> list[Block]:
        """Return what may get better, for whom and when."""
        return [Prose(self.changes.better())]

    def paid_for(self) -> list[Block]:
        """Return what the money buys and what each part of it may make worse."""
        case = self.case
        spent = money_by_programme(case.alone, case.strategy.name)
        rows = []
        for name in sorted(spent, key=lambda each: (-spent[each], each)):
            known = self.book.programmes.get(name)
            rows.append({
                "What the plan pays for": sentence_case(
                    known.called if known else case.strategy.programmes[name].title),
                "£ a year": f"{spent[name]:,.0f}",
                "What may get worse": known.harm if known else "We have not thought of this yet.",
            })  # fmt: skip
        table = Table(
            name="community-programmes",
            caption="What the money pays for, and what may get worse",
            frame=pd.DataFrame(rows, columns=[
                "What the plan pays for", "£ a year", "What may get worse"]),
            source=f"the file of {case.strategy.name}; {case.strategy.price_year} prices; "
            "parameters/community.yaml",
            text_columns=("What may get worse",),
        )  # fmt: skip
        return [Prose(self.changes.worse()), table]

    def assumed(self) -> list[Block]:
        """Return what was assumed and who said so."""
        return assumptions(self.case, self.book)

    def unknown(self) -> list[Block]:
        """Return what nobody knows."""
        return [Prose(voices.UNKNOWN)]

    def heard(self) -> list[Block]:
        """Return what groups said and what was changed, or that nothing is recorded yet."""
        return voices.heard(self.book)

    def challenge(self) -> list[Block]:
        """Return how to challenge an assumption, and where to find help."""
        return [Terms(voices.challenge(self.book)), Prose(voices.where_to_find_help(self.book))]

    def source(self) -> list[Block]:
        """Return where the population figures come from, as their licence asks."""
        lines = dict.fromkeys(
            line for found in self.case.alone.comparisons.values() for line in found.attribution
        )
        return [Prose(f"::: source\n{escape(' '.join(lines))}\n:::")]
