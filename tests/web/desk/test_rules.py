"""The small rules of the desk, for any queue and any text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.queueing import Adviser, Wait, Waiting, fits, next_customer
from palveluverkko.queueing.order import is_ready
from palveluverkko.walkins.floor import ordered
from palveluverkko.web.desk import alternatives, dates, words
from tests.booking.world import NOW

ADVISER = Adviser("1", frozenset({"a", "b"}), frozenset({"fi"}))


@st.composite
def pools(draw: st.DrawFn) -> list[Waiting]:
    minutes = st.integers(-90, 60)
    return [
        Waiting(
            ref=f"ticket:{n}",
            service=draw(st.sampled_from("abc")),
            since=NOW + timedelta(minutes=draw(minutes)),
            language=draw(st.sampled_from(["", "fi", "sv"])),
            urgent=draw(st.booleans()),
            booked_at=draw(st.none() | minutes.map(lambda m: NOW + timedelta(minutes=m))),
            order=n,
        )
        for n in range(draw(st.integers(0, 12)))
    ]


@given(pools())
def test_the_list_holds_everybody_who_can_be_served_once_and_begins_with_the_next(
    pool: list[Waiting],
) -> None:
    order = ordered(pool, ADVISER, NOW)
    able = {w.ref for w in pool if fits(w, ADVISER) and is_ready(w, NOW)}
    assert sorted(c.ref for c in order) == sorted(able)
    assert (order[0] if order else None) == next_customer(pool, NOW, ADVISER)


@given(st.floats(0, 600), st.floats(0, 600))
def test_a_wait_is_told_as_a_range_that_is_one(likely: float, more: float) -> None:
    with translation.override("en"):
        told = words.wait(Wait(likely, likely + more))
    figures = [int(n) for n in told.replace("–", " ").replace(".", "").split() if n.isdecimal()]
    assert figures == sorted(figures)
    assert all(n > 0 for n in figures)


@pytest.mark.django_db
@given(st.text() | st.just("phone||0001-01-01T00:00:00+14:00"))
def test_no_forged_choice_of_a_time_breaks_anything(text: str) -> None:
    mode, point, start = alternatives.read(text)
    assert (mode is None) == (start is None)
    assert point is None or start is not None


@given(st.text())
def test_no_typed_day_or_time_breaks_anything(text: str) -> None:
    dates.read_day(text)
    dates.read_time(text)


def test_no_address_with_a_nul_breaks_a_page(manager: Client) -> None:
    for path in (
        "desk/day/?region=%00",
        "desk/tally/?q=%00",
        "t/%00/",
        "kiosk/kuopio/%00/",
        "desk/day/?day=%00",
        "desk/ill/?person=%00&reason=%00",
    ):
        assert manager.get(f"/en/{path}").status_code in (200, 404), path
