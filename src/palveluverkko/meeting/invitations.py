"""A third person is invited into a meeting: a link to copy, or sent by text message or e-mail.

Interpreters who are booked with the meeting get theirs by themselves where an address is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palveluverkko.booking import meeting_links
from palveluverkko.booking.customers import e164
from palveluverkko.booking.links import front_page, written_in
from palveluverkko.booking.models import Booking, Resource
from palveluverkko.booking.texts import in_language_of
from palveluverkko.booking.texts.sms import takes_text_messages
from palveluverkko.meeting import seats, texts
from palveluverkko.meeting.errors import MeetingError, MeetingFull, NotAllowed
from palveluverkko.meeting.links import issue_link
from palveluverkko.meeting.meetings import meeting_for_booking
from palveluverkko.meeting.models import Meeting, Seat
from palveluverkko.messages.jobs import periodic
from palveluverkko.messages.services import cancel_messages, queue_message

Role = Seat.Role
THIRD = (Role.INTERPRETER, Role.COMPANION, Role.ADVOCATE)
HOWS = ("link", "sms", "email")
# However often links are taken back: a text message costs, and nobody needs so many.
MOST_IN_ALL = 20
INTERPRETERS_BEFORE = timedelta(hours=24)


class CannotBeSent(MeetingError):
    """The address cannot take the message; ``said`` is a sentence. No seat was given."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited, and how the link goes there: ``how`` is one of ``HOWS``."""

    role: str
    label: str = ""
    how: str = "link"
    to: str = ""
    language: str = "fi"


@dataclass(frozen=True, slots=True)
class Invited:
    """``address`` opens the seat once; ``sent_to`` is empty where it is handed on by hand."""

    seat: Seat
    address: str
    sent_to: str = ""


@transaction.atomic
def invite(
    meeting_id: int, wanted: Invitation, *, by: Any = None, now: datetime | None = None
) -> Invited:
    """Give the seat and queue the message.

    Raises :class:`CannotBeSent`, :class:`MeetingFull`, :class:`MeetingOver`, and
    :class:`NotAllowed` for a role that is not a third person's.
    """
    moment = now or timezone.now()
    if wanted.role not in THIRD or wanted.how not in HOWS:
        raise NotAllowed
    to = _checked(wanted)
    if Seat.objects.filter(meeting=meeting_id, role__in=THIRD).count() >= MOST_IN_ALL:
        raise MeetingFull
    issued = issue_link(meeting_id, wanted.role, wanted.label, by=by, now=moment)
    address = f"{front_page(wanted.language)}meeting/{issued.link}/"
    if to:
        _send(issued.seat, wanted, to, address)
    return Invited(issued.seat, address, to)


def invited(meeting_id: int) -> list[Seat]:
    """Third people who have a seat, by number."""
    rows = Seat.objects.filter(meeting=meeting_id, role__in=THIRD).exclude(state__in=Seat.GONE)
    return list(rows.order_by("number"))


def invited_to(booking_id: int) -> list[Seat]:
    """The same of a booking's meeting; nobody where there is no meeting yet."""
    meeting = Meeting.objects.filter(booking=booking_id, ended_at=None).first()
    return invited(meeting.pk) if meeting is not None else []


@transaction.atomic
def take_back(meeting_id: int, number: int, *, now: datetime | None = None) -> None:
    """The link, or the seat that it opened, is worth nothing; a message that waits is stopped."""
    seat = next((s for s in invited(meeting_id) if s.number == number), None)
    if seat is not None:
        seats.withdraw(seat.pk, now=now)
        cancel_messages(about=_about(seat))


@periodic(seconds=300)
def invite_interpreters(now: datetime | None = None) -> int:
    """Links for booked interpreters whose e-mail address is known, the day before; how many."""
    moment = now or timezone.now()
    coming = Booking.objects.filter(
        mode__in=meeting_links.BY_VIDEO,
        state=Booking.State.CONFIRMED,
        start__gt=moment,
        start__lte=moment + INTERPRETERS_BEFORE,
        claims__resource__kind=Resource.Kind.INTERPRETER,
        claims__resource__user__email__contains="@",
    ).distinct()
    return sum(_invite_interpreter(b, moment) for b in coming if meeting_links.is_ours(b))


@transaction.atomic
def _invite_interpreter(booking: Booking, now: datetime) -> int:
    """Once for each time of the booking: a moved one is another meeting."""
    meeting = meeting_for_booking(booking.pk, now)
    if Seat.objects.filter(meeting=meeting, role=Role.INTERPRETER).exists():
        return 0  # also one that was taken back: somebody decided so
    claim = booking.claims.filter(resource__kind=Resource.Kind.INTERPRETER).first()
    assert claim is not None
    user = claim.resource.user
    assert user is not None
    language = written_in(booking.language)
    invite(
        meeting.pk,
        Invitation(Role.INTERPRETER, claim.resource.name, "email", user.email, language),
        now=now,
    )
    return 1


def _checked(wanted: Invitation) -> str:
    """The address as it is sent to; empty for a link that is handed on."""
    if wanted.how == "link":
        return ""
    to = wanted.to.strip()
    if wanted.how == "email":
        try:
            validate_email(to)
        except ValidationError as wrong:
            raise CannotBeSent(
                _("This is not an e-mail address. Check it for missing parts.")
            ) from wrong
        return to
    try:
        number = e164(to)
    except ValueError as wrong:
        raise CannotBeSent(str(wrong)) from wrong
    if not takes_text_messages(number):
        raise CannotBeSent(_("This number takes no text messages. Send the link by e-mail."))
    return number


def _send(seat: Seat, wanted: Invitation, to: str, address: str) -> None:
    with in_language_of(wanted.language):
        news = texts.invitation(seat.meeting, address)
        queue_message(
            event=f"meeting-seat:{seat.pk}:invited:{wanted.how}",
            channel=wanted.how,
            address=to,
            language=written_in(wanted.language),
            subject=news.subject if wanted.how == "email" else "",
            text=news.email if wanted.how == "email" else news.sms.text(),
            about=_about(seat),
        )


def _about(seat: Seat) -> str:
    return f"meeting-seat:{seat.pk}"


def languages() -> list[tuple[str, str]]:
    """In which messages can be written."""
    return [(str(code), str(name)) for code, name in settings.LANGUAGES]
