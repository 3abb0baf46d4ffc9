"""Letters: every letter printed, read aloud in the right language, fetched from nowhere."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pypdf import PdfReader

from palveluverkko.booking import letters
from palveluverkko.booking.texts import News, Sms
from tests.booking import told

ALPHABET = "abcåäö" + told.LETTERS + "ÁČĐŊŠŦŽÂÕǨǮ" + "-' "
DAY = date(2026, 3, 1)


def news(*paragraphs: str, subject: str = "Aikasi on varattu") -> News:
    return News(subject=subject, paragraphs=paragraphs, sms=Sms(""))


def made(found: News, receiver: str = "Aino\nKotitie 1", language: str = "fi") -> PdfReader:
    with translation.override(language):
        return PdfReader(io.BytesIO(letters.letter_of(found, receiver, DAY)))


def text_of(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_screen_reader_knows_title_language_and_structure(language):
    pdf = made(news("Tervetuloa."), language=language)
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Aikasi on varattu"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()


@pytest.mark.django_db
def test_fonts_are_in_the_file():
    fonts = made(news(told.NAME)).pages[0]["/Resources"]["/Font"].values()
    assert fonts
    for font in fonts:
        assert "DejaVu-Sans" in font.get_object()["/BaseFont"]


@pytest.mark.django_db
def test_markup_in_a_name_is_printed_and_not_followed():
    name = '<img src="http://127.0.0.1:9/x"> & <b>Aino</b>'
    assert name in text_of(made(news(f"Hei {name},")))


@pytest.mark.django_db
def test_a_long_letter_goes_on_on_the_next_page():
    pdf = made(news(*["Tämä on pitkä kirje, jossa on monta kappaletta."] * 60))
    assert len(pdf.pages) > 1
    assert "2/" in pdf.pages[1].extract_text()


@pytest.mark.django_db
def test_missing_system_libraries_are_named(monkeypatch):
    import builtins

    real = builtins.__import__

    def without_pango(name, *rest, **more):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(letters.CannotMakeLetters, match="libpango"):
        letters.letter_of(news("x"), "Aino", DAY)


class AnyName(TestCase):
    @settings(max_examples=40)
    @given(st.text(ALPHABET, min_size=1, max_size=24).map(str.strip).filter(bool))
    def test_is_printed_as_it_is_written(self, name):
        found = text_of(made(news(f"Hei {name},"), receiver=f"{name}\nKotitie 1"))
        lines = [" ".join(line.split()) for line in found.splitlines()]
        assert " ".join(name.split()) in lines
        assert f"Hei {' '.join(name.split())}," in lines
