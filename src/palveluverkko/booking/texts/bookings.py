"""News of a booking: confirmed, moved, cancelled, disrupted, standing after all, and reminders.

No message names the service or the matter. Text messages light up on locked screens, e-mail lies
in families' and employers' mailboxes, and "urgent social assistance" is nobody else's business.
Whoever opens the link sees what it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from palveluverkko.booking.links import front_page, link_for
from palveluverkko.booking.models import Booking, BookingMode, Closure
from palveluverkko.booking.texts.meeting import Meeting, meeting_of
from palveluverkko.booking.texts.news import News
from palveluverkko.booking.texts.sms import MOST_PARTS, Sms, parts


@dataclass(frozen=True, slots=True)
class Why:
    """Why a meeting is cancelled or cannot be kept, as far as the customer should know."""

    reason: str = ""
    cause: str = ""


def news_of(booking: Booking, what: str, why: Why) -> News:
    """The news in the language in use. ``what``: a key of ``NEWS``."""
    return NEWS[what](booking, meeting_of(booking), why)


def _confirmed(booking: Booking, meeting: Meeting, why: Why) -> News:
    return News(
        subject=_("%(agency)s: your appointment is booked") % {"agency": meeting.agency},
        paragraphs=(
            _hello(booking),
            _("Your appointment is booked."),
            *_meeting_and_what_to_do(booking, meeting),
            _signature(meeting),
        ),
        sms=_sms(_first_sms(meeting), booking, meeting),
        email_only=_about_reminders(booking),
    )


def _moved(booking: Booking, meeting: Meeting, why: Why) -> News:
    return News(
        subject=_("%(agency)s: your appointment has a new time") % {"agency": meeting.agency},
        paragraphs=(
            _hello(booking),
            _("Your appointment has been moved. The old time no longer holds. The new one is:"),
            *_meeting_and_what_to_do(booking, meeting),
            _signature(meeting),
        ),
        sms=_sms(
            _("%(agency)s: your appointment has been moved to %(day)s at %(time)s.")
            % _sms_facts(meeting),
            booking,
            meeting,
        ),
        email_only=_about_reminders(booking),
    )


def _cancelled(booking: Booking, meeting: Meeting, why: Why) -> News:
    again = front_page(booking.contact_language)
    return News(
        subject=_("%(agency)s: your appointment is cancelled") % {"agency": meeting.agency},
        paragraphs=(
            _hello(booking),
            _("This appointment is cancelled. You need not do anything."),
            _facts(meeting),
            *_because(why),
            _("If you still need an appointment, book a new one on this page:\n%(link)s")
            % {"link": again},
            _signature(meeting),
        ),
        sms=Sms(
            _("%(agency)s: your appointment on %(day)s at %(time)s is cancelled.")
            % _sms_facts(meeting),
            _("Book a new one: %(link)s") % {"link": again},
        ),
    )


def _disrupted(booking: Booking, meeting: Meeting, why: Why) -> News:
    link = link_for(booking, "alternatives")
    return News(
        subject=_("%(agency)s: we must change your appointment") % {"agency": meeting.agency},
        paragraphs=(
            _hello(booking),
            _("We are sorry: we cannot keep this appointment. Please do not come at this time."),
            _facts(meeting),
            *_because(why),
            _("Choose another time, another way to meet, or cancel, on this page:\n%(link)s")
            % {"link": link},
            _signature(meeting),
        ),
        sms=Sms(
            _("%(agency)s: we cannot keep your appointment on %(day)s at %(time)s. We are sorry.")
            % _sms_facts(meeting),
            _("Choose another time: %(link)s") % {"link": link},
        ),
    )


def _stands(booking: Booking, meeting: Meeting, why: Why) -> News:
    return News(
        subject=_("%(agency)s: you can keep your appointment") % {"agency": meeting.agency},
        paragraphs=(
            _hello(booking),
            _(
                "We told you that we cannot keep this appointment. Now we can: it stands as it "
                "was booked first. We are sorry for the trouble."
            ),
            *_meeting_and_what_to_do(booking, meeting),
            _signature(meeting),
        ),
        sms=_sms(
            _("%(agency)s: your appointment on %(day)s at %(time)s stands after all.")
            % _sms_facts(meeting),
            booking,
            meeting,
        ),
        email_only=_about_reminders(booking),
    )


def _reminder(booking: Booking, meeting: Meeting, why: Why) -> News:
    return News(
        subject=_("%(agency)s: your appointment is coming") % {"agency": meeting.agency},
        paragraphs=(
            _hello(booking),
            _("We remind you of your appointment."),
            *_meeting_and_what_to_do(booking, meeting),
            _signature(meeting),
        ),
        sms=Sms(
            _first_sms(meeting),
            _("No more reminders: %(link)s") % {"link": link_for(booking, "reminders-off")},
            extra=(
                *_place_sms(meeting),
                _("Change or cancel: %(link)s") % {"link": link_for(booking)},
            ),
        ),
        email_only=_about_reminders(booking),
    )


def _link(booking: Booking, meeting: Meeting, why: Why) -> News:
    link = booking.meeting_link
    in_room = meeting.mode == BookingMode.VIDEO_ROOM
    first = (
        _("%(agency)s: the link of the meeting on %(day)s at %(time)s, for the staff there.")
        if in_room
        else _("%(agency)s: the link of your video meeting on %(day)s at %(time)s.")
    ) % _sms_facts(meeting)
    direct = Sms(first, _("Join: %(link)s") % {"link": link})
    on_page = Sms(first, _("Join on this page: %(link)s") % {"link": link_for(booking)})
    return News(
        subject=_("%(agency)s: the link of your video meeting") % {"agency": meeting.agency},
        paragraphs=(
            _hello(booking),
            _facts(meeting),
            _(
                "The staff of the service point open the meeting for you in the video room. If "
                "they ask for the link, show them this:\n%(link)s"
            )
            % {"link": link}
            if in_room
            else _by_this_link(booking),
            _("The link is also on the page of your appointment:\n%(link)s")
            % {"link": link_for(booking)},
            _signature(meeting),
        ),
        sms=direct if parts(direct.text()) <= MOST_PARTS else on_page,
    )


NEWS: dict[str, Callable[[Booking, Meeting, Why], News]] = {
    "confirmed": _confirmed,
    "moved": _moved,
    "cancelled": _cancelled,
    "disrupted": _disrupted,
    "stands": _stands,
    "reminder": _reminder,
    "link": _link,
}


def _hello(booking: Booking) -> str:
    return _("Hello %(name)s,") % {"name": booking.name}


def _facts(meeting: Meeting) -> str:
    """Day, time and place, one on each line."""
    lines = [
        _("Day: %(day)s") % {"day": meeting.day},
        _("Time: %(begins)s–%(ends)s") % {"begins": meeting.begins, "ends": meeting.ends},
    ]
    if meeting.where:
        lines.append(_("Place: %(place)s") % {"place": meeting.where})
    elif meeting.mode == BookingMode.PHONE:
        lines.append(_("We meet by phone."))
    else:
        lines.append(_("We meet by video."))
    return "\n".join([*lines, meeting.zone_note] if meeting.zone_note else lines)


def _meeting_and_what_to_do(booking: Booking, meeting: Meeting) -> tuple[str, ...]:
    interpreter = (_("An interpreter is booked for you."),) if booking.interpreter else ()
    return (
        _facts(meeting),
        *preparation(booking),
        *interpreter,
        _("You can see, change or cancel your appointment on this page:\n%(link)s")
        % {"link": link_for(booking)},
        _("You can also do this at a service point. The number of your appointment is %(number)s.")
        % {"number": meeting.reference},
    )


def preparation(booking: Booking) -> tuple[str, ...]:
    """How to get ready, for each way of meeting: one or two paragraphs."""
    if booking.mode == BookingMode.VIDEO:
        return (
            _joining(booking),
            *_trying_out(booking),
            _("Keep the papers about your matter at hand."),
        )
    return (_getting_ready(booking.mode),)


def _joining(booking: Booking) -> str:
    if booking.meeting_link and not settings.VIDEO_MEETING_URL:
        return _by_this_link(booking)
    return _(
        "Open the page below at the time of your appointment: the button for joining the "
        "meeting is there from 30 minutes before."
    )


def _trying_out(booking: Booking) -> tuple[str, ...]:
    """Nobody knows how another service lets camera and sound be tried."""
    if booking.meeting_link or settings.VIDEO_MEETING_URL:
        return ()
    return (_("On the same page you can try out your camera and sound at any time before."),)


def _by_this_link(booking: Booking) -> str:
    return _("Join the meeting at the time of your appointment by this link:\n%(link)s") % {
        "link": booking.meeting_link
    }


def _getting_ready(mode: str) -> str:
    if mode == BookingMode.PHONE:
        return _(
            "We call you at the number that you gave us, at about this time. "
            "Keep your phone on and the papers about your matter at hand."
        )
    if mode == BookingMode.VIDEO_ROOM:
        return _(
            "You meet an adviser by video in a room of the service point. Tell the staff there "
            "that you have come. Bring the papers about your matter and, if you have one, "
            "an identity document."
        )
    return _(
        "Please come a few minutes before the time. Bring the papers about your matter and, "
        "if you have one, an identity document."
    )


def _because(why: Why) -> tuple[str, ...]:
    causes = {
        Closure.Cause.CLOSED_DAYS: _("The service point is closed on that day."),
        Closure.Cause.POINT_ENDS: _("The service point has closed down by then."),
        Closure.Cause.HOURS: _("The opening hours have changed."),
        Closure.Cause.ABSENCE: _("The adviser cannot be there."),
    }
    cause = (causes[Closure.Cause(why.cause)],) if why.cause else ()
    reason = (_("The reason: %(reason)s") % {"reason": why.reason},) if why.reason else ()
    return cause + reason


def _about_reminders(booking: Booking) -> tuple[str, ...]:
    if not booking.reminders:
        return ()
    return (
        _("If you do not want reminders of this appointment, turn them off on this page:\n%(link)s")
        % {"link": link_for(booking, "reminders-off")},
    )


def _signature(meeting: Meeting) -> str:
    return _("Best regards,\n%(agency)s") % {"agency": meeting.agency}


def _first_sms(meeting: Meeting) -> str:
    facts = _sms_facts(meeting)
    if meeting.mode == BookingMode.PHONE:
        return _("%(agency)s: we call you on %(day)s at about %(time)s.") % facts
    if meeting.mode == BookingMode.VIDEO:
        return _("%(agency)s: your video appointment is on %(day)s at %(time)s.") % facts
    return _("%(agency)s: your appointment is on %(day)s at %(time)s.") % facts


def _sms(first: str, booking: Booking, meeting: Meeting) -> Sms:
    link = {"link": link_for(booking)}
    if meeting.mode == BookingMode.VIDEO:
        return Sms(first, _("Join, change or cancel: %(link)s") % link)
    return Sms(first, _("Change or cancel: %(link)s") % link, extra=_place_sms(meeting))


def _place_sms(meeting: Meeting) -> tuple[str, ...]:
    """The place first; its address and the note on the clock where they fit too."""
    if not meeting.place:
        return ()
    place = _("Place: %(place)s.") % {"place": meeting.place}
    address = _("Address: %(address)s.") % {"address": meeting.address}
    return (
        place,
        *((meeting.zone_note,) if meeting.zone_note else ()),
        *((address,) if meeting.address else ()),
    )


def _sms_facts(meeting: Meeting) -> dict[str, str]:
    return {"agency": meeting.agency, "day": meeting.short_day, "time": meeting.begins}
