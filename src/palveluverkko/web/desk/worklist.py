"""A work list in words: why, and for every booking what was done and sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palveluverkko.booking import offerings
from palveluverkko.booking.models import Affected, Booking, Closure
from palveluverkko.messages import queries as outbox
from palveluverkko.messages.models import State
from palveluverkko.web.desk import words

CHANNELS: Mapping[str, str | Promise] = {
    "email": gettext_lazy("e-mail"),
    "sms": gettext_lazy("text message"),
    "letter": gettext_lazy("letter"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One affected booking. ``sent``: when, by which channel, and whether it went out."""

    id: int
    booking: Booking
    to_do: bool
    state: str
    code: str
    was: str
    now: str
    service: str
    channel: str
    note: str
    sent: tuple[str, ...]


def title(closure: Closure) -> str:
    """Which list it is, in one sentence."""
    names = {
        "point": closure.point.name if closure.point else "",
        "person": closure.person.name if closure.person else "",
        "first": date_format(closure.first, "SHORT_DATE_FORMAT"),
        "last": date_format(closure.last or closure.first, "SHORT_DATE_FORMAT"),
    }
    one_day = closure.last in (None, closure.first)
    if closure.cause == Closure.Cause.ABSENCE and closure.person:
        if one_day:
            return _("%(person)s is away on %(first)s") % names
        return _("%(person)s is away from %(first)s to %(last)s") % names
    if closure.cause == Closure.Cause.POINT_ENDS:
        return _("%(point)s has ended; bookings from %(first)s on") % names
    if closure.cause == Closure.Cause.CLOSED_DAYS:
        if one_day:
            return _("%(point)s is closed on %(first)s") % names
        return _("%(point)s is closed from %(first)s to %(last)s") % names
    if not closure.point:
        return _("Hours or rosters have changed: video and phone, %(first)s") % names
    return _("Hours or rosters have changed: %(point)s, %(first)s") % names


def lines(closure: Closure) -> list[Line]:
    """Every booking of the list, soonest first."""
    names = words.service_names()
    rows = closure.affected.select_related("booking__point").order_by("was_start", "pk")
    return [_line(row, names) for row in rows]


def _line(row: Affected, names: dict[str, str]) -> Line:
    booking = row.booking
    zone = offerings.current().zone_of(booking.point_id)
    moved = booking.start != row.was_start and booking.state != Booking.State.CANCELLED
    return Line(
        id=row.pk,
        booking=booking,
        to_do=row.state in Affected.TO_DO,
        state=str(Affected.State(row.state).label),
        code=row.state,
        was=words.when(row.was_start, zone),
        now=words.when(booking.start, zone) if moved else "",
        service=names.get(booking.service_id, booking.service_id),
        channel=words.channel(booking.mode),
        note=row.note,
        sent=tuple(
            _("%(when)s %(what)s: %(state)s")
            % {
                "when": words.short_when(line.sent_at or line.created_at, zone),
                "what": CHANNELS.get(line.channel, line.channel),
                "state": line.state_label,
            }
            for line in _told(booking)
        ),
    )


def _told(booking: Booking) -> list[outbox.Line]:
    """The newest messages that went out, or are to; those that news have overtaken say nothing."""
    sent = outbox.about(f"booking:{booking.pk}")
    return [line for line in sent if line.state != State.CANCELLED][-3:]
