"""Calendar files: the right hour on every day, any letters, and updates that calendars follow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from icalendar import Calendar

from palveluverkko.booking.ics import calendar_of
from palveluverkko.booking.links import link_for
from tests.booking import told
from tests.booking.world import HELSINKI, NOW, local

# What people type; surrogates and control characters cannot be stored as a name at all.
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


def read(booking, **how):
    calendar = Calendar.from_ical(calendar_of(booking, now=NOW, **how))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.mark.django_db
def test_an_invitation_is_a_request_with_sequence_and_a_lasting_uid():
    booking = told.booked()
    calendar, event = read(booking, invite=True)
    assert (calendar["METHOD"], event["SEQUENCE"], event["STATUS"]) == ("REQUEST", 1, "CONFIRMED")
    assert event["ATTENDEE"] == "mailto:aino@example.org"
    booking.version, booking.start = 2, booking.start + timedelta(hours=1)
    _, moved = read(booking, invite=True)
    assert moved["UID"] == event["UID"]
    assert moved["SEQUENCE"] == 2


@pytest.mark.django_db
def test_a_cancelled_booking_is_taken_out_of_the_calendar():
    calendar, event = read(told.booked(state="cancelled", version=3), invite=True)
    assert (calendar["METHOD"], event["SEQUENCE"], event["STATUS"]) == ("CANCEL", 3, "CANCELLED")


@pytest.mark.django_db
def test_without_an_address_of_ours_nobody_is_named_as_organizer(settings):
    settings.DEFAULT_FROM_EMAIL = ""
    calendar, event = read(told.booked(), invite=True)
    assert calendar["METHOD"] == "PUBLISH"
    assert "ORGANIZER" not in event
    assert "ATTENDEE" not in event


@pytest.mark.django_db
def test_a_download_names_no_person():
    content = calendar_of(told.booked(), now=NOW).decode()
    assert "METHOD:PUBLISH" in content
    assert "Aino" not in content
    assert "mailto" not in content


@pytest.mark.django_db
def test_a_shared_calendar_does_not_tell_what_it_is_about():
    booking = told.booked(contact_language="en")
    content = calendar_of(booking, invite=True, now=NOW).decode().replace("\r\n ", "")
    assert "Housing" not in content
    assert "CLASS:PRIVATE" in content
    assert f"URL:{link_for(booking)}" in content


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)])
@pytest.mark.parametrize("hour", [2, 4, 10])
def test_hours_are_right_on_the_days_when_clocks_change(day, hour):
    start = local(hour, day=day)
    _, event = read(told.booked(start))
    assert event["DTSTART"].dt == start
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=30)
    assert event["DTSTART"].dt.astimezone(HELSINKI).hour == hour
    assert event["DTSTART"].to_ical().endswith(b"Z")


@pytest.mark.django_db
def test_a_point_in_another_time_zone_says_whose_clock_it_is():
    stockholm = ZoneInfo("Europe/Stockholm")
    at = told.place(timezone="Europe/Stockholm")
    _, event = read(told.booked(local(10, zone=stockholm), point=at))
    assert event["DTSTART"].dt == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert "UTC+1" in event["DESCRIPTION"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mode", "where"), [("phone", "We call you"), ("video", "By video"), ("appointment", "Suokatu")]
)
def test_the_location_is_where_the_customer_should_be(mode, where):
    _, event = read(told.booked(mode=mode))
    assert where in event["LOCATION"]


class AnyLetters(TestCase):
    @given(name=ANY_TEXT, place=ANY_TEXT)
    def test_come_back_as_they_went_in(self, name, place):
        at = told.place(name_fi=place[:200])
        booking = told.booked(point=at, name=name, contact_language="fi")
        content = calendar_of(booking, invite=True, now=NOW)
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        (event,) = Calendar.from_ical(content).walk("VEVENT")
        assert event["LOCATION"] == f"{place}, Suokatu 40, 70100 Kuopio"
        assert event["ATTENDEE"].params["CN"] == name.replace('"', "'")


@pytest.mark.django_db
def test_control_characters_cannot_break_out_of_their_line():
    name = "Aino\r\nBEGIN:VALARM\x07"
    content = calendar_of(told.booked(name=name), invite=True, now=NOW)
    assert b"\nBEGIN:VALARM" not in content
    assert b"\x07" not in content
    assert len(Calendar.from_ical(content).walk("VALARM")) == 0
