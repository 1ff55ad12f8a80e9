"""What people said, how to argue with the sheet, and what nobody knows."""

from __future__ import annotations

import pandas as pd

from vru_model.parameters.accounts.community import NAME, CommunityBook
from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.words import long_date, plural

NEWEST = 3
"""How many entries the sheet has room for; the document keeps all of them."""
UNKNOWN = """\
- Will each kind of help be run well here? We took this from other places.
- How far does a hard start in life cause violence later on? No one knows. We tried many answers.
- How far does one fight lead to the next? Experts do not agree.
- Some harm is left out: sexual harm, threats, stalking, harm online and drug gangs.
- The model can be wrong about how people act. Our range does not cover that.
- No real person and no real street is in it. It does not say which place is worse."""


def heard(book: CommunityBook) -> list[Block]:
    """Return the table of what was said and what changed; how to begin where there is none."""
    if not book.said:
        return [
            Prose(
                "- Nothing has been recorded yet. No group has been asked about this plan.\n"
                "- What a group tells us will stand here: the date, the group, what it said and "
                "what we changed. If we change nothing, we will say why. We never name a person."
            )
        ]
    rows = [
        {
            "When": long_date(entry.date),
            "Which group": entry.group,
            "What you said": entry.said,
            "What we changed": f"{entry.changed} ({long_date(entry.changed_on)})"
            if entry.changed and entry.changed_on else "Not answered yet",
        }
        for entry in sorted(book.said, key=lambda each: each.date, reverse=True)[:NEWEST]
    ]  # fmt: skip
    table = Table(
        name="community-said",
        caption="What you said, and what we changed",
        frame=pd.DataFrame(rows),
        source=f"parameters/{NAME}.yaml",
        text_columns=("Which group", "What you said", "What we changed"),
    )
    older = len(book.said) - len(rows)
    if not older:
        return [table]
    return [table, Prose(f"- There {'are' if older > 1 else 'is'} {older} more. Ask to see all.")]


def challenge(book: CommunityBook) -> dict[str, str]:
    """Return who may challenge an assumption, how, and what happens then."""
    contact = (
        escape(book.contact) if book.contact else "*To be filled in by that role: how to ask.*"
    )
    when = (
        f"You get an answer within {plural(book.answer_days, 'day')}."
        if book.answer_days
        else "*To be filled in by that role: how soon you get an answer.*"
    )
    return {
        "Who": "Anyone. You do not need to know maths. You can come with your group.",
        "How": f"Tell us which line you think is wrong, and why. Ask for the "
        f"{escape(book.owner)}. {contact}",
        "What happens": "We write down what you said, with the name of your group. We run the "
        "plan again with your number in it. You see both answers next to each other. Then we say "
        f"what we change, or why we do not. {when}",
    }


def where_to_find_help(book: CommunityBook) -> str:
    """Return where a reader who is hurt or afraid finds help."""
    return "\n".join(f"- **{escape(one.when)}**, {escape(one.call)}." for one in book.help)
