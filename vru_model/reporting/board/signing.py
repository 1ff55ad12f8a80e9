"""What a person writes into ``parameters/assurance.yaml`` to sign a log.

``python -m vru_model.reporting.board.signing`` prints, for each log that nobody signed as it is
now, the lines to put in its place. It signs nothing: a name in that file is somebody's word, and
the digest makes it hold for the log as it was read.
"""

from __future__ import annotations

import sys

from vru_model.errors import InputError
from vru_model.parameters.accounts.assurance import Assurance, load_assurance
from vru_model.reporting.words import build_date, in_words


def lines(book: Assurance) -> list[str]:
    """Return what to print: the logs that are signed, then what to fill in for the others."""
    signed = [log.title for log in book.logs.values() if log.signed]
    found = [f"Signed as they are now: {in_words(signed)}." if signed else "No log is signed."]
    for name, log in book.logs.items():
        if log.signed:
            continue
        why = "was changed since it was signed" if log.signed_by else "is not signed"
        found += [
            "",
            f"{log.title} ({log.file}) {why}. Read it; its owner is: {log.owner}.",
            f"Then put this below `{name}:` in parameters/assurance.yaml, with the signer's name:",
            "    signed_by: NAME, ROLE",
            f"    signed_on: {build_date().isoformat()}",
            f'    digest: "{log.current_digest}"',
        ]
    return found


def main() -> int:
    """Print what is to be signed; return the exit code."""
    try:
        print("\n".join(lines(load_assurance())))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
