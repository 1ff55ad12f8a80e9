"""Whether papers are drafts: until a named person has signed every log of assurance.

A log is signed by a line of its own: ``Signed: NAME, ROLE, 22 November 2026``.
"""

from __future__ import annotations

import re
from pathlib import Path

from vru_model import paths

LOGS = paths.ROOT / "docs" / "assurance"
_SIGNED = re.compile(
    r"^Signed: [^,<>\n]{3,}, [^,<>\n]{3,}, \d{1,2} [A-Z][a-z]+ \d{4}\.?$", re.MULTILINE
)


def unsigned_logs(folder: Path = LOGS) -> list[str]:
    """Return the names of the logs that nobody has signed; all that there are, in order."""
    logs = sorted(folder.glob("*_log.md"))
    return [log.name for log in logs if not _SIGNED.search(log.read_text(encoding="utf-8"))]


def is_draft(folder: Path = LOGS) -> bool:
    """Return whether papers carry the DRAFT mark; they do where there is no log at all."""
    return bool(unsigned_logs(folder)) or not any(folder.glob("*_log.md"))
