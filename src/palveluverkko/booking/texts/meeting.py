"""Day, time and place of a meeting in words, on the clock of the place where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palveluverkko.booking.links import written_in
from palveluverkko.booking.models import Booking
from palveluverkko.network.addresses import post_office_in
from palveluverkko.network.models import Agency, ServicePoint

DEFAULT_ZONE = "Europe/Helsinki"


@dataclass(frozen=True, slots=True)
class Meeting:
    """What messages say of a booking. ``zone_note`` is empty where the clock is the agency's."""

    mode: str
    agency: str
    day: str
    short_day: str
    begins: str
    ends: str
    zone_note: str
    place: str
    address: str
    reference: str

    @property
    def where(self) -> str:
        """Place and address on one line; empty by video and phone."""
        return ", ".join(part for part in (self.place, self.address) if part)


@contextmanager
def in_language_of(language: str) -> Iterator[None]:
    """Write in the customer's language, whatever that of the page or the adviser is."""
    with translation.override(written_in(language)):
        yield


def meeting_of(booking: Booking) -> Meeting:
    """The facts in the language in use."""
    agency, zone = _agency(), zone_of(booking.point)
    start, end = booking.start.astimezone(zone), booking.end.astimezone(zone)
    return Meeting(
        mode=booking.mode,
        agency=agency_name(),
        day=day_in_words(start.date()),
        short_day=f"{date_format(start.date(), 'D')} {_date(start.date())}",
        begins=clock(start),
        ends=clock(end),
        zone_note=_zone_note(start, agency),
        place=booking.point.name if booking.point else "",
        address=address_of(booking.point) if booking.point else "",
        reference=booking.reference,
    )


def agency_name() -> str:
    """Who writes, in the language in use."""
    agency = _agency()
    return agency.name if agency else _("Customer service")


def zone_of(point: ServicePoint | None) -> ZoneInfo:
    """The point's own time zone; the agency's where there is no point, or it says none."""
    if point is not None and point.timezone:
        return ZoneInfo(point.timezone)
    agency = _agency()
    return ZoneInfo(agency.timezone if agency else DEFAULT_ZONE)


def address_of(point: ServicePoint) -> str:
    """Street, postal code and post office, as far as the register has them."""
    streets = {"fi": point.street_address_fi, "sv": point.street_address_sv}
    language, town = (get_language() or "fi")[:2], point.municipality
    street = streets.get(language) or point.street_address_fi
    names = {"fi": town.name_fi, "sv": town.name_sv, "en": town.name_en}
    office = post_office_in(language, point.post_office, names)
    post = " ".join(part for part in (point.postal_code, office) if part)
    return ", ".join(part for part in (street or point.street_address_sv, post) if part)


def day_in_words(day: date) -> str:
    """Weekday and date, as pages write them too."""
    return f"{date_format(day, 'l')} {_date(day)}"


def clock(local: datetime) -> str:
    """A local time of day as the language writes it."""
    return time_format(local.time(), "TIME_FORMAT")


def _date(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _agency() -> Agency | None:
    return Agency.objects.order_by("code").first()


def _zone_note(local: datetime, agency: Agency | None) -> str:
    """Which clock is meant, where the agency's own shows another time at that moment."""
    home = local.astimezone(ZoneInfo(agency.timezone if agency else DEFAULT_ZONE))
    if home.utcoffset() == local.utcoffset():
        return ""
    return _("The times are local times at the service point (%(zone)s).") % {
        "zone": _offset(local.utcoffset() or timedelta())
    }


def _offset(ahead: timedelta) -> str:
    """ "UTC+1": short names of zones are not unique, and many have none."""
    minutes = round(ahead.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
