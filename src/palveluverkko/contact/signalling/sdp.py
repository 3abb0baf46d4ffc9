"""Whether a text is a session description (RFC 8866), as far as a relay must know."""

from __future__ import annotations

import re

MOST_LINES = 2_000
LINE = re.compile(r"[a-z]=[^\x00\r\n]*")
CANDIDATE = re.compile(r"candidate:[\x20-\x7e]+")
FIRST = ("v=0", "o=")
MEDIA = re.compile(r"m=(audio|video|application) \d{1,5} [\w/]+ [\w .-]+")


def is_description(text: str) -> bool:
    """Lines of one letter and a value, version and origin first, a name, a time and some media."""
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(lines) > MOST_LINES or not all(LINE.fullmatch(line) for line in lines):
        return False
    if lines[0] != FIRST[0] or len(lines) < 2 or not lines[1].startswith(FIRST[1]):
        return False
    kinds = {line[:2] for line in lines}
    media = [line for line in lines if line.startswith("m=")]
    return {"s=", "t="} <= kinds and bool(media) and all(MEDIA.fullmatch(m) for m in media)


def is_candidate(text: str) -> bool:
    """A way to be reached; empty where there are no more."""
    return text == "" or CANDIDATE.fullmatch(text) is not None
