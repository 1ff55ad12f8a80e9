"""Where a session is kept: every entry is on disk before the next is asked for.

Each change reads the file anew under a lock, so that two browsers on one session lose nothing of
each other's, and writes it whole or not at all, so that a machine that stops loses nothing either.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock

from vru_model.errors import InputError, Problem
from vru_model.experiments.store import write_text
from vru_model.parameters.accounts.documents import read_account
from vru_model.parameters.documents import parse_document, read_document
from vru_model.workbook.sessions.record import (
    PSEUDONYMS,
    Criterion,
    Judgement,
    Question,
    Session,
    Swings,
    session_faults,
)

_HEAD = (
    "# Record of a facilitated session. Pseudonyms only: please write no name of a person, and "
    "nothing\n# by which one could be known. Swing weights stand without pseudonyms.\n"
)


def read_session(path: str | Path) -> Session:
    """Return the session in a file; raise InputError listing everything that is wrong with it."""
    session, problems = read_account(Session, read_document(path), session_faults)
    if session is None or problems:
        raise InputError(problems)
    return session


class Keeper:
    """A session on disk, and the changes that people make to it.

    Every method that changes something raises InputError, and writes nothing, where the session
    would not hold afterwards.
    """

    def __init__(self, path: str | Path) -> None:
        """Open the session at a path; it need not exist yet (see :meth:`begin`)."""
        self.path = Path(path).expanduser()

    @property
    def session(self) -> Session:
        """Return the session as it stands on disk now."""
        return read_session(self.path)

    def begin(
        self, title: str, facilitator: str, participants: int, strategy: str = "",
        date: datetime.date | None = None,
    ) -> Session:
        """Write a new session, or return the one that stands here already, untouched."""
        if self.path.exists():
            return self.session
        problems = [
            Problem(None, None, name, "nothing", "a few words")
            for name, text in (("title", title), ("facilitator", facilitator)) if not text.strip()
        ]  # fmt: skip
        if not 1 <= participants <= len(PSEUDONYMS):
            problems.append(Problem(None, None, "participants", str(participants),
                                    f"1 to {len(PSEUDONYMS)}"))  # fmt: skip
        if self.path.suffix not in (".yaml", ".yml"):
            problems.append(Problem(None, None, "file", str(self.path), "a name ending in .yaml"))
        if problems:
            raise InputError(problems)
        started = Session(
            title=title.strip(), facilitator=facilitator.strip(), strategy=strategy,
            date=date or datetime.date.today(), participants=PSEUDONYMS[:participants],
        )  # fmt: skip
        return self._write(started.model_dump(mode="json"))

    def change(self, made: Callable[[dict[str, Any]], None]) -> Session:
        """Apply a change to the data of the session, check the whole, and write it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_name(f".{self.path.name}.lock")):
            data = self.session.model_dump(mode="json")
            made(data)
            return self._write(data)

    def ask(self, name: str, question: Question) -> Session:
        """Add a question, or change its words; judgements that stand are kept."""
        asked = question.model_dump(mode="json", exclude={"judgements", "weights", "consensus",
                                                          "chosen"})  # fmt: skip

        def made(data: dict[str, Any]) -> None:
            data["questions"][name] = {**data["questions"].get(name, {}), **asked}

        return self.change(made)

    def judge(self, name: str, who: str, values: Iterable[float], reason: str = "") -> Session:
        """Keep what one participant believes, in place of what they said before."""
        said = Judgement(values=tuple(values), reason=reason).model_dump(mode="json")
        return self.change(lambda data: data["questions"][name]["judgements"].update({who: said}))

    def weigh(self, name: str, weights: dict[str, float]) -> Session:
        """Keep the weights of the pool."""
        return self.change(lambda data: data["questions"][name].update(weights=weights))

    def agree(self, name: str, values: Iterable[float], reason: str) -> Session:
        """Keep what the group believes after discussion, and choose it."""
        said = Judgement(values=tuple(values), reason=reason).model_dump(mode="json")
        return self.change(
            lambda data: data["questions"][name].update(consensus=said, chosen="consensus"))

    def choose(self, name: str, chosen: str) -> Session:
        """Choose the pool or the group's own distribution."""
        return self.change(lambda data: data["questions"][name].update(chosen=chosen))

    def compare_by(
        self, criteria: dict[str, Criterion], runs: dict[str, str], support: dict[str, float]
    ) -> Session:
        """Set out the swings that people weigh; other swings than before drop what was given."""
        stands = Swings(criteria=criteria, runs=runs, support=support).model_dump(mode="json")

        def made(data: dict[str, Any]) -> None:
            before = data.get("swings") or {}
            same = before.get("criteria") == stands["criteria"]
            data["swings"] = {**stands, "given": before.get("given", []) if same else []}

        return self.change(made)

    def swing(self, given: dict[str, float]) -> Session:
        """Keep one participant's swings, among those of others in an order of size alone."""

        def made(data: dict[str, Any]) -> None:
            all_given = [*data["swings"]["given"], given]
            data["swings"]["given"] = sorted(all_given, key=lambda each: sorted(each.items()))

        return self.change(made)

    def decide(self, text: str, by: str) -> Session:
        """Keep a decision."""
        decision = {"text": text.strip(), "by": by.strip()}
        return self.change(lambda data: data["decisions"].append(decision))

    def contest(self, what: str, who: str, change: str, reason: str) -> Session:
        """Keep what somebody wants changed."""
        said = {"what": what.strip(), "who": who, "change": change.strip(),
                "reason": reason.strip()}  # fmt: skip
        return self.change(lambda data: data["contested"].append(said))

    def _write(self, data: dict[str, Any]) -> Session:
        """Check the session as it would be read again, then write it whole or not at all."""
        text = _HEAD + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
        document = parse_document(text, self.path.name)
        session, problems = read_account(Session, document, session_faults)
        if session is None or problems:
            raise InputError(problems)
        write_text(self.path, text)
        return session
