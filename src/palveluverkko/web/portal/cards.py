"""A point's card in a search's answer: what the customer must know to choose, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palveluverkko.web.portal import words
from palveluverkko.web.portal.asked import Asked
from palveluverkko.web.portal.booking.words import language
from palveluverkko.web.portal.register import KnownPoint, Register
from palveluverkko.web.portal.search import PointOffer

HOW = {
    "walk_in": gettext_lazy("You can come without booking."),
    "appointment": gettext_lazy("You can book a time at the desk."),
    "video_room": gettext_lazy(
        "You can book the video room, where an adviser talks with you on a screen."
    ),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One point as shown. ``hours``: on the day asked for; ``zone``: where its clock is another."""

    offer: PointOffer
    point: KnownPoint
    opening: str
    open_now: bool
    hours: str
    how: tuple[str, ...]
    languages: str
    distance: str
    address: str
    zone: str


def point_card(offer: PointOffer, asked: Asked, register: Register, now: datetime) -> Card:
    point = offer.point
    away = ""
    if offer.km is not None and offer.minutes is not None:
        away = words.distance(offer.km, offer.minutes)
    return Card(
        offer=offer,
        point=point,
        opening=words.opening(offer.opening, point, now),
        open_now=offer.opening.until is not None,
        hours=_hours(offer, asked),
        how=(*(str(HOW[mode]) for mode in HOW if mode in offer.modes), *_spoken(offer, asked)),
        languages=words.languages(point),
        distance=away,
        address=words.address(point),
        zone=zone_note(point, register),
    )


def _spoken(offer: PointOffer, asked: Asked) -> tuple[str, ...]:
    """Beside the languages of the staff there: on the screen somebody else is met."""
    if not asked.language or asked.language in offer.point.languages or not offer.times:
        return ()
    facts = {"language": language(asked.language)}
    return (_("The adviser on the screen speaks this language: %(language)s.") % facts,)


def _hours(offer: PointOffer, asked: Asked) -> str:
    if asked.day is None:
        return ""
    return _("On %(day)s: %(times)s.") % {
        "day": words.weekday_and_date(asked.day),
        "times": words.times(offer.hours, offer.point),
    }


def zone_note(point: KnownPoint, register: Register) -> str:
    """A warning where the point's clock is not the agency's."""
    if point.timetable.timezone == register.timezone:
        return ""
    return _("Times are the point's local time (%(zone)s).") % {"zone": point.timetable.timezone}
