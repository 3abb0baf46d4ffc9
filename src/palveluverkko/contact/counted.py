"""What a served contact counts as in the day's demand: once, and as a booked one would."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from palveluverkko.booking import offerings
from palveluverkko.booking.models import BookingMode
from palveluverkko.contact.models import Channel, Contact
from palveluverkko.contact.rows import agency_day
from palveluverkko.demand.contacts import add_channel_contact
from palveluverkko.demand.services import add_visit
from palveluverkko.network.errors import ImportRejected


def count_served(contact: Contact) -> None:
    """A visit at the point in whose video room the customer was; else one of the channel."""
    if contact.point_id is not None and _counted_at(contact.point_id, contact):
        return
    channel = "video" if contact.channel == Channel.VIDEO else "phone"
    add_channel_contact(channel, contact.service_id, agency_day(contact.came_at), contact.area)


def _counted_at(point: str, contact: Contact) -> bool:
    """False at a point that has ended meanwhile: no demand can be recorded there any more."""
    day = contact.came_at.astimezone(ZoneInfo(offerings.current().zone_of(point))).date()
    try:
        add_visit(point, contact.service_id, BookingMode.VIDEO_ROOM, day)
    except ImportRejected:
        return False
    return True
