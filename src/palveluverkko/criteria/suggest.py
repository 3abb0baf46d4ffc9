"""Lists of allowed names with the one that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def one_of(known: Iterable[str], wrong: object) -> str:
    """ "one of a, b, c", and "; did you mean …?" where a known name looks like the wrong one."""
    names = sorted(known)
    near = difflib.get_close_matches(str(wrong), names, n=1)
    return f"one of {', '.join(names)}" + (f'; did you mean "{near[0]}"?' if near else "")
