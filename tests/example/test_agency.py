"""The example's agency and its calendar."""

from __future__ import annotations

from datetime import date

from palveluverkko.calendar import HolidayCalendar
from palveluverkko.example.agency import AGENCY, SERVICES, channels


def test_the_agency_calendar_shuts_midsummer_eve_and_christmas_eve() -> None:
    calendar = HolidayCalendar(
        country=AGENCY["country"],
        subdivision=AGENCY["subdivision"],
        categories=tuple(AGENCY["closed_categories"]),
        closed_days=tuple(AGENCY["closed_days"]),
    )
    assert calendar.name_on(date(2018, 6, 22))
    assert calendar.name_on(date(2018, 12, 24))
    assert calendar.name_on(date(2018, 2, 28)) is None  # Kalevala Day is an ordinary working day


def test_only_identification_needs_the_agencys_own_official() -> None:
    assert [s.code for s in SERVICES if s.requires_official] == ["identification"]


def test_the_phone_has_the_reported_load_and_online_capacity_is_unknown() -> None:
    by_code = {c.code: c for c in channels()}
    phone, online = by_code["phone"], by_code["online"]
    assert phone.load_per_week is not None
    assert abs(phone.load_per_week * 52 - 1_500_000) < 10_000
    assert phone.capacity_per_week is not None
    assert phone.capacity_per_week > phone.load_per_week
    assert phone.synthetic
    assert online.capacity_per_week is None
