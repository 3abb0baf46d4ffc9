"""What a staff member's session remembers: the last presses, shortcuts off, typed text.

No names: refs such as ``booking:12``. Typed notes are kept only over a sign-in that ran out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from auditlog.signals import accessed
from django.http import HttpRequest

from palveluverkko.booking.models import Booking
from palveluverkko.walkins.acting import Done

DONE, SHORTCUTS_OFF, SEEN, DRAFT = "desk:done", "desk:keys-off", "desk:seen", "desk:draft"
MOST_DONE = 20


def remember(request: HttpRequest, done: Done) -> None:
    """So that it can be undone."""
    stack = [*request.session.get(DONE, []), [done.verb, done.ref]]
    request.session[DONE] = stack[-MOST_DONE:]


def last_done(request: HttpRequest) -> Done | None:
    stack = request.session.get(DONE, [])
    return Done(*stack[-1]) if stack else None


def forget_last(request: HttpRequest) -> None:
    request.session[DONE] = request.session.get(DONE, [])[:-1]


def shortcuts_on(request: HttpRequest) -> bool:
    return not request.session.get(SHORTCUTS_OFF, False)


def set_shortcuts(request: HttpRequest, on: bool) -> None:
    request.session[SHORTCUTS_OFF] = not on


def log_listed(request: HttpRequest, ids: Iterable[int], day: date) -> None:
    """Write into the audit trail whose bookings were shown, each once a day and session.

    The list is shown anew every few seconds; a row a second would hide who looked at what.
    """
    seen = request.session.get(SEEN, {})
    known = set(seen.get(day.isoformat(), []))
    new = sorted(set(ids) - known)
    if new:
        for booking in Booking.objects.filter(pk__in=new):
            accessed.send(sender=Booking, instance=booking)
        request.session[SEEN] = {day.isoformat(): sorted(known | set(new))}


def log_opened(booking_id: int) -> None:
    """One person's record was opened: logged every time."""
    for booking in Booking.objects.filter(pk=booking_id):
        accessed.send(sender=Booking, instance=booking)


def keep_draft(request: HttpRequest, ref: str, text: str) -> None:
    """Kept over signing in: an anonymous session's data goes into the new one."""
    request.session[DRAFT] = [ref, text]


def take_draft(request: HttpRequest) -> tuple[str, str] | None:
    found = request.session.pop(DRAFT, None)
    return (str(found[0]), str(found[1])) if found else None
