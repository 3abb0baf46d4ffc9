"""News for those who wait: on the list, a time that is kept for them, the list is over."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from palveluverkko.booking.links import front_page, offer_link, waiting_link
from palveluverkko.booking.models import WaitingEntry, WaitingOffer
from palveluverkko.booking.texts.meeting import (
    agency_name,
    clock,
    day_in_words,
    meeting_of,
    zone_of,
)
from palveluverkko.booking.texts.news import News
from palveluverkko.booking.texts.sms import Sms


def joined(entry: WaitingEntry) -> News:
    """They are on the list, for which days, and how they leave it."""
    link, agency = {"link": waiting_link(entry)}, agency_name()
    days = {"first": _date(entry.first), "last": _date(entry.last), "agency": agency}
    one_day = entry.first == entry.last
    return News(
        subject=_("%(agency)s: you are on the waiting list") % {"agency": agency},
        paragraphs=(
            _hello(entry),
            (_on_list_one_day() if one_day else _on_list()) % days,
            _("You can leave the list on this page:\n%(link)s") % link,
            _signature(agency),
        ),
        sms=Sms(
            (
                _("%(agency)s: you are on the waiting list for %(first)s.")
                if one_day
                else _("%(agency)s: you are on the waiting list from %(first)s to %(last)s.")
            )
            % days,
            _("Leave the list: %(link)s") % link,
            extra=(_("We send you a message when a time becomes free for you."),),
        ),
    )


def _on_list() -> str:
    return _(
        "You are on the waiting list for an appointment from %(first)s to %(last)s. "
        "When a time becomes free and it is your turn, we send you a message. "
        "You then have a limited time to answer."
    )


def _on_list_one_day() -> str:
    return _(
        "You are on the waiting list for an appointment on %(first)s. "
        "When a time becomes free and it is your turn, we send you a message. "
        "You then have a limited time to answer."
    )


def offered(offer: WaitingOffer) -> News:
    """A time is kept for them until an hour that is told on the clock of the place."""
    booking, meeting = offer.booking, meeting_of(offer.booking)
    until = offer.until.astimezone(zone_of(booking.point))
    facts = {
        "agency": meeting.agency,
        "day": meeting.day,
        "short_day": meeting.short_day,
        "begins": meeting.begins,
        "ends": meeting.ends,
        "until_day": day_in_words(until.date()),
        "until_short_day": _date(until.date()),
        "until": clock(until),
        "link": offer_link(offer),
    }
    place = (_("Place: %(place)s") % {"place": meeting.where},) if meeting.where else ()
    note = (meeting.zone_note,) if meeting.zone_note else ()
    return News(
        subject=_("%(agency)s: a time has become free for you") % facts,
        paragraphs=(
            _hello(offer.entry),
            _("A time has become free, and it is your turn."),
            "\n".join(
                (
                    _("Day: %(day)s") % facts,
                    _("Time: %(begins)s–%(ends)s") % facts,
                    *place,
                    *note,
                )
            ),
            _("We keep this time for you until %(until_day)s at %(until)s. It is not booked yet.")
            % facts,
            _("Take the time, or decline it, on this page:\n%(link)s") % facts,
            _signature(meeting.agency),
        ),
        sms=Sms(
            _("%(agency)s: a time is free for you on %(short_day)s at %(begins)s.") % facts,
            _("Take or decline: %(link)s") % facts,
            extra=(
                _("We keep it for you until %(until_short_day)s at %(until)s.") % facts,
                *((_("Place: %(place)s.") % {"place": meeting.place},) if meeting.place else ()),
                *note,
            ),
        ),
    )


def over(entry: WaitingEntry) -> News:
    """No time became free for them within the days they asked for."""
    agency = agency_name()
    facts = {
        "agency": agency,
        "first": _date(entry.first),
        "last": _date(entry.last),
        "link": front_page(entry.contact_language),
    }
    return News(
        subject=_("%(agency)s: the waiting list has ended") % facts,
        paragraphs=(
            _hello(entry),
            (
                _(
                    "We are sorry: no time became free for you on %(first)s. "
                    "You are no longer on the waiting list."
                )
                if entry.first == entry.last
                else _(
                    "We are sorry: no time became free for you from %(first)s to %(last)s. "
                    "You are no longer on the waiting list."
                )
            )
            % facts,
            _("Find other times and other ways to reach us on this page:\n%(link)s") % facts,
            _signature(agency),
        ),
        sms=Sms(
            _(
                "%(agency)s: we are sorry, no time became free for you by %(last)s. "
                "The waiting list has ended."
            )
            % facts,
            _("Other times: %(link)s") % facts,
        ),
    )


def _hello(entry: WaitingEntry) -> str:
    return _("Hello %(name)s,") % {"name": entry.name}


def _signature(agency: str) -> str:
    return _("Best regards,\n%(agency)s") % {"agency": agency}


def _date(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
