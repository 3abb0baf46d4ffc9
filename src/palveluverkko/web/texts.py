"""Texts that data carry in several languages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language


def in_language(texts: Mapping[str, str] | str, language: str | None = None) -> str:
    """The text in the language in use, else in the first of fi, sv and en that has one."""
    if isinstance(texts, str):
        return texts
    wanted = (language or get_language() or "fi")[:2]
    for code in (wanted, "fi", "sv", "en"):
        if texts.get(code):
            return texts[code]
    return ""
