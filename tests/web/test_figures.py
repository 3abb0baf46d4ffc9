"""Figures are rounded, never cut, and written as the language writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.web import figures


@given(value=st.floats(0, 1e6), decimals=st.integers(0, 3))
def test_a_figure_is_the_nearest_of_its_length(value: float, decimals: int) -> None:
    with translation.override("en"):
        shown = Decimal(figures.number(value, decimals).replace(",", ""))
    step = Decimal(1).scaleb(-decimals)
    assert shown == Decimal(value).quantize(step, rounding=ROUND_HALF_EVEN)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", "1\xa0705,6"), ("sv", "1\xa0705,6"), ("en", "1,705.6")],
)
def test_languages_write_figures_their_own_way(language: str, expected: str) -> None:
    with translation.override(language):
        assert figures.number(1705.58, 1) == expected


@pytest.mark.parametrize(("language", "expected"), [("fi", "86\xa0%"), ("en", "86%")])
def test_a_share_is_per_cent(language: str, expected: str) -> None:
    with translation.override(language):
        assert figures.share(0.8634) == expected


def test_unknown_is_never_written_as_zero() -> None:
    with translation.override("en"):
        assert figures.number(None) == "–"
        assert figures.visits(None) == "unknown"
        assert figures.interval(None) == ""


def test_an_interval_without_an_upper_end_says_so() -> None:
    with translation.override("en"):
        assert figures.interval([51.75, None]) == "at least 51.8"
        assert figures.interval([51.7, 60.0]) == "51.7–60.0"
