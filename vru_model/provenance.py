"""What determines the numbers: the version of the code, as a hash of its sources."""

import hashlib
from functools import lru_cache
from pathlib import Path

# Sources above the model cannot change a world's numbers; every other source file can.
_ABOVE_THE_MODEL = frozenset({"experiments", "analysis", "reporting", "workbook", "benchmarks"})
# No world reads these: how results are counted up afterwards, how documents are checked and
# described before.
_UNREAD = (
    ("parameters", "accounts"), ("parameters", "checking.py"), ("parameters", "dictionary.py"),
)  # fmt: skip
_WITHOUT_NUMBERS = frozenset(
    {"__init__.py", "cli.py", "terminal.py", "housekeeping.py", "errors.py", "paths.py"}
)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Return 12 hex digits: the hash of the source files that determine a world's numbers.

    Line endings do not count, so that a Windows checkout names its worlds alike.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py"), key=lambda path: path.relative_to(package).parts):
        parts = path.relative_to(package).parts
        if parts[0] in _ABOVE_THE_MODEL or (len(parts) == 1 and parts[0] in _WITHOUT_NUMBERS):
            continue
        if parts[:2] in _UNREAD:
            continue
        digest.update("/".join(parts).encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]
