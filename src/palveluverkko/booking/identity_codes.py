"""Whether a text holds a Finnish identity code: who writes one is asked to leave it out."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

# Signs of the century: those from 2023 on, too (Government Decree 690/2022).
_CODE = re.compile(
    r"(?<!\w)(\d{2})(\d{2})(\d{2})\s?[-\u2010-\u2015\u2212+A-FU-Y]\s?(\d{3})([0-9A-FHJ-NPR-Y])(?!\w)",
    re.IGNORECASE,
)
LEAVE_OUT = _("Leave the identity code out. We do not need it here.")
STRUCK_OUT = "\u2026"
_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def holds_identity_code(text: str) -> bool:
    """A code whose date can be and whose check character is right; other numbers are let be."""
    return any(_is_code(match) for match in _CODE.finditer(text))


def without_identity_codes(text: str) -> str:
    """The text with each code struck out: of what was written before codes were refused."""
    return _CODE.sub(lambda match: STRUCK_OUT if _is_code(match) else match.group(), text)


def _is_code(match: re.Match[str]) -> bool:
    day, month, year, number, check = match.groups()
    possible = 1 <= int(day) <= 31 and 1 <= int(month) <= 12
    return possible and _CHECK[int(day + month + year + number) % 31] == check.upper()
