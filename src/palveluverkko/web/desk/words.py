"""The desk's sentences: reasons of the order, waits, states, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from palveluverkko.booking import errors as booking
from palveluverkko.booking.models import Booking
from palveluverkko.network.models import Service
from palveluverkko.queueing import Choice, Reason, Unknown, Wait, WhyUnknown
from palveluverkko.walkins import errors as walkins
from palveluverkko.web.portal.words import weekday_and_date
from palveluverkko.web.texts import in_language

CHANNEL: Mapping[str, str | Promise] = {
    "walk_in": gettext_lazy("Queue number"),
    "appointment": gettext_lazy("Appointment"),
    "video_room": gettext_lazy("Video room"),
    "video": gettext_lazy("Video"),
    "phone": gettext_lazy("Phone"),
}

WHY_UNKNOWN: Mapping[str, str | Promise] = {
    WhyUnknown.NOBODY_AT_WORK: gettext_lazy(
        "No desk is open at the moment, so the wait cannot be told."
    ),
    WhyUnknown.NOBODY_FITS: gettext_lazy(
        "Nobody at work can serve this matter at the moment. Please ask the staff."
    ),
    WhyUnknown.NOT_REACHED: gettext_lazy("The wait cannot be told."),
}


def channel(mode: str) -> str:
    return str(CHANNEL.get(mode, mode))


def service_names() -> dict[str, str]:
    """Every service's name in the language in use."""
    rows = Service.objects.values_list("code", "name_fi", "name_sv", "name_en")
    return {c: in_language({"fi": fi, "sv": sv, "en": en}) for c, fi, sv, en in rows}


def clock(instant: datetime, zone: str) -> str:
    return time_format(instant.astimezone(ZoneInfo(zone)), "TIME_FORMAT")


def clock24(instant: datetime, zone: str) -> str:
    """As a form's time field writes it, whatever the language."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def when(instant: datetime, zone: str) -> str:
    """Weekday, date and time of day on that zone's clock."""
    local = instant.astimezone(ZoneInfo(zone))
    return _("%(day)s at %(time)s") % {
        "day": weekday_and_date(local.date()),
        "time": time_format(local, "TIME_FORMAT"),
    }


def short_when(instant: datetime, zone: str) -> str:
    """Date and time of day as figures."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {time_format(local, 'TIME_FORMAT')}"


def minutes(number: float) -> str:
    whole = max(0, round(number))
    return ngettext("%(n)s minute", "%(n)s minutes", whole) % {"n": whole}


def reason(choice: Choice) -> str:
    """Why somebody has this place in the list."""
    waited = {"waited": minutes(choice.waited_minutes)}
    late = choice.late_minutes
    if choice.reason == Reason.PASSED_OVER:
        return _("Was passed over as often as the rules allow. Has waited %(waited)s.") % waited
    if choice.reason == Reason.URGENT:
        return _("Urgent matter, so goes first. Has waited %(waited)s.") % waited
    if choice.reason == Reason.EARLY:
        return _("Booked for later, here already, and nobody else waits.")
    if choice.reason == Reason.AT_ITS_TIME:
        if late is not None and late >= 1:
            late_words = {"late": minutes(late)}
            return _("Booked; the time began %(late)s ago.") % late_words
        return _("Booked; it is time.")
    return _("Has waited %(waited)s.") % waited


def wait(found: Wait | Unknown) -> str:
    """The wait as a range, in whole minutes rounded up to what they are worth."""
    if isinstance(found, Unknown):
        return str(WHY_UNKNOWN[found.why])
    low, high = _rounded(found.likely_minutes), _rounded(found.at_most_minutes)
    if high <= 0:
        return _("It will be your turn in a moment.")
    if low == high or low <= 0:
        return _("Estimated wait: at most %(most)s minutes.") % {"most": max(high, 5)}
    return _("Estimated wait: %(least)s–%(most)s minutes.") % {"least": low, "most": high}


def _rounded(number: float) -> int:
    """To whole minutes below ten, to fives above: no queue is known better."""
    return round(number) if number < 10 else 5 * round(number / 5)


def problem(error: Exception, zone: str) -> str:
    """What went wrong, and what to do about it."""
    if isinstance(error, walkins.StillServing):
        return _("You have a customer, %(who)s. Finish first.") % {"who": error.label}
    if isinstance(error, walkins.NotPossible):
        return _("Number %(number)s has changed meanwhile. Look at the list again.") % {
            "number": error.label
        }
    if isinstance(error, walkins.TooLateToReopen):
        return _("Number %(number)s ended more than %(minutes)s minutes ago and stays so.") % {
            "number": error.label,
            "minutes": error.minutes,
        }
    if isinstance(error, walkins.DeskTaken):
        return _("%(desk)s is in use by %(who)s. Choose another desk.") % {
            "desk": error.desk,
            "who": error.by,
        }
    if isinstance(error, walkins.AtAnotherDesk):
        return _("You are at %(desk)s already. Leave it first.") % {"desk": error.desk}
    if isinstance(error, walkins.AnotherDay):
        return _(
            "The booking is for another day, %(when)s. Move it, or start if you serve the"
            " customer now."
        ) % {"when": short_when(error.start, zone)}
    if isinstance(error, walkins.ComeBackOutside):
        if error.closes_at is None:
            return _("The point is closed, so nobody can come back today.")
        return _("Choose a time that is ahead and before %(time)s.") % {
            "time": clock(error.closes_at, zone)
        }
    if isinstance(error, booking.NotOpenAnyMore):
        return _("The booking has changed meanwhile: %(state)s. Look at the list again.") % {
            "state": state(error.state)
        }
    return _plain(error)


def _plain(error: Exception) -> str:
    if isinstance(error, walkins.DeskClosed):
        return _("Your desk is not open. Choose a desk and open it.")
    if isinstance(error, walkins.NotADeskHere):
        return _("There is no such desk or adviser at this point.")
    if isinstance(error, walkins.ServiceNotGiven):
        return _("The point does not give this service to walk-ins today.")
    if isinstance(error, walkins.TicketUnknown | booking.BookingUnknown):
        return _("This customer is not on your list.")
    return _("Nothing was changed. Look at the list again.")


def state(code: str) -> str:
    """The word for a booking's state."""
    return str(dict(Booking.State.choices).get(code, code))
