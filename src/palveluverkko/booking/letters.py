"""A letter as a tagged PDF (PDF/UA-1): read aloud by a screen reader, printed for an envelope."""

from __future__ import annotations

import logging
import unicodedata
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from palveluverkko.booking.texts.meeting import agency_name
from palveluverkko.booking.texts.news import News

CONTENT_TYPE = "application/pdf"
FILE_NAME = "letter.pdf"
INSTALL = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"

# It writes a line on every font that it embeds.
logging.getLogger("fontTools").setLevel(logging.WARNING)


class CannotMakeLetters(Exception):
    """The system's text libraries that WeasyPrint needs are not installed."""

    def __init__(self) -> None:
        super().__init__(f"Letters need the system packages {INSTALL}.")


def letter_of(news: News, receiver: str, on: date) -> bytes:
    """The news as a PDF in the language in use. ``receiver``: name and address, several lines.

    Raises :class:`CannotMakeLetters`.
    """
    page = render_to_string(
        "booking/letter.html",
        {
            "language": get_language(),
            "agency": agency_name(),
            "title": _clean(news.subject),
            "receiver": _clean(receiver),
            "on": on,
            "paragraphs": [_clean(text) for text in news.paragraphs],
        },
    )
    return bytes(
        _weasyprint()
        .HTML(string=page, url_fetcher=_fetch_nothing)
        .write_pdf(pdf_variant="pdf/ua-1")
    )


def _weasyprint() -> Any:
    # Only those who send letters need its system libraries, and it takes a while to load.
    try:
        import weasyprint
    except OSError as missing:
        raise CannotMakeLetters from missing
    return weasyprint


def _fetch_nothing(url: str, **_options: object) -> Any:
    raise ValueError("a letter holds everything that it shows")


def _clean(text: str) -> str:
    """Composed letters, which fonts have, and no control characters, which pages cannot hold."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        letter for letter in composed if letter == "\n" or unicodedata.category(letter) != "Cc"
    )
