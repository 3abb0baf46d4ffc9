"""A booking as a calendar file (RFC 5545, RFC 5546) that any calendar takes and keeps current.

Times are UTC, so that no calendar needs to know a time zone's rules. Calendars are shared: the
entry names neither service nor matter, and is marked as private because it holds the link.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText, vUri

from palveluverkko.booking.links import link_for
from palveluverkko.booking.models import Booking, BookingMode
from palveluverkko.booking.texts.bookings import preparation
from palveluverkko.booking.texts.meeting import Meeting, in_language_of, meeting_of

CONTENT_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "appointment.ics"


def calendar_of(booking: Booking, *, invite: bool = False, now: datetime | None = None) -> bytes:
    """The booking's entry in the customer's language.

    ``invite``: for the e-mail to the customer, as a REQUEST or CANCEL that updates the entry sent
    before (same UID, SEQUENCE is the booking's version). Otherwise a plain file to download.
    """
    with in_language_of(booking.contact_language):
        meeting = meeting_of(booking)
        calendar = Calendar()
        calendar.add("prodid", "-//Palveluverkko//Appointments//EN")
        calendar.add("version", "2.0")
        calendar.add("method", _method(booking, invite))
        calendar.add_component(_event(booking, meeting, invite, now or timezone.now()))
        return bytes(calendar.to_ical())


def _method(booking: Booking, invite: bool) -> str:
    # A REQUEST must name an organizer (RFC 5546, 3.2.2); without one it is only published.
    if not invite or not _organizer():
        return "PUBLISH"
    return "CANCEL" if _is_cancelled(booking) else "REQUEST"


def _event(booking: Booking, meeting: Meeting, invite: bool, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"booking-{booking.pk}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", booking.version)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", booking.start.astimezone(UTC))
    event.add("dtend", booking.end.astimezone(UTC))
    event.add("summary", _clean(_("Appointment: %(agency)s") % {"agency": meeting.agency}))
    event.add("location", _clean(_location(meeting)))
    event.add("description", _clean(_description(booking, meeting)))
    event.add("url", vUri(link_for(booking)))
    event.add("status", "CANCELLED" if _is_cancelled(booking) else "CONFIRMED")
    event.add("class", "PRIVATE")
    if invite and _organizer():
        event.add("organizer", _person(_organizer(), meeting.agency))
        if booking.email:
            attendee = _person(booking.email, booking.name)
            attendee.params["PARTSTAT"] = vText("ACCEPTED")
            attendee.params["RSVP"] = vText("FALSE")
            event.add("attendee", attendee)
    return event


def _location(meeting: Meeting) -> str:
    if meeting.mode == BookingMode.PHONE:
        return _("We call you")
    if meeting.mode == BookingMode.VIDEO:
        return _("By video")
    return meeting.where


def _description(booking: Booking, meeting: Meeting) -> str:
    page = _("You can see, change or cancel your appointment on this page:\n%(link)s")
    parts = [*preparation(booking), meeting.zone_note, page % {"link": link_for(booking)}]
    return "\n\n".join(part for part in parts if part)


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    # A parameter's value cannot hold a double quote, however it is written (RFC 5545, 3.2).
    person.params["CN"] = vText(_clean(name).replace('"', "'").replace("\n", " "))
    return person


def _clean(text: str) -> str:
    """Without control characters, which the format has no way to write; line breaks stay."""
    return "".join(
        letter for letter in text if letter == "\n" or unicodedata.category(letter) != "Cc"
    )


def _organizer() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _is_cancelled(booking: Booking) -> bool:
    return booking.state == Booking.State.CANCELLED
