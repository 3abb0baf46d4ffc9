"""Postal codes as customers write them: of this country, which areas are known by, or another."""

from __future__ import annotations

MOST = 20


def tidy(text: str) -> str:
    """As codes are compared: one space between parts, capital letters."""
    return " ".join(text.split()).upper()


def may_be_postal_code(text: str) -> bool:
    """None is allowed; that of another country may have letters, but none is without digits."""
    fitting = len(text) <= MOST and all(c.isalnum() or c in " -" for c in text)
    return not text or (fitting and any(c.isdigit() for c in text))
