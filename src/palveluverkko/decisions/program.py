"""Which program made a result: its version and a hash of everything that can change a result.

Two installations with the same mark give the same bytes for the same frozen data; a different
mark explains a difference that ``verify`` finds.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import palveluverkko

# The rules, the document and its sentences in every language.
PARTS = ("calendar", "snapshot", "measuring", "access", "criteria", "decisions", "locale")
SUFFIXES = {".py", ".po"}


@cache
def program_mark() -> str:
    """For example ``0.1.0+3f9c2a7b1d04``."""
    package = Path(palveluverkko.__file__).parent
    digest = hashlib.sha256()
    for part in PARTS:
        for path in sorted((package / part).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
                digest.update(path.read_bytes())
    return f"{palveluverkko.__version__}+{digest.hexdigest()[:12]}"
