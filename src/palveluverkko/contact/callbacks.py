"""The verbs of who asked to be called: ask, change, cancel; each one transaction, safe to repeat.

What the customer must know goes through the outbox in the same transaction. Locks in one order:
the pool, the request's row, the windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palveluverkko.booking import offerings, postal_codes
from palveluverkko.booking.identity_codes import LEAVE_OUT, holds_identity_code
from palveluverkko.contact import callback_notices as notices
from palveluverkko.contact import limits, pool, seats
from palveluverkko.contact.callback_errors import (
    AskInvalid,
    NotGiven,
    NotOpenAnyMore,
    RequestUnknown,
    WindowTaken,
)
from palveluverkko.contact.limits import Asker
from palveluverkko.contact.models import CallbackRequest, Contact
from palveluverkko.contact.numbers import callable_number
from palveluverkko.contact.rows import take_pool
from palveluverkko.contact.windows import Window, window_at

State, Via = CallbackRequest.State, CallbackRequest.Via
STAFF = (Via.ADVISER, Via.PARTNER)
MOST_NAME, MOST_AREA, MOST_MATTER = 200, postal_codes.MOST, 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. ``starts``: of the windows that suit, best first; none with ``soon``."""

    service: str
    language: str
    phone: str
    starts: tuple[datetime, ...] = ()
    soon: bool = False
    name: str = ""
    area: str = ""
    contact_language: str = "fi"
    reminders: bool = True
    matter: str = ""


def ask(
    wanted: Wanted,
    *,
    key: str,
    via: str = Via.WEB,
    by: Any = None,
    asker: Asker | None = None,
    entered_at: datetime | None = None,
    now: datetime | None = None,
) -> CallbackRequest:
    """Promise a call, and say so by text message. The same ``key`` again gives the first request.

    ``entered_at``: the place in the queue that was left for a callback. ``asker``: who is counted
    for the limits; staff are not. Raises :class:`AskInvalid`, :class:`NotGiven`,
    :class:`WindowTaken` with the nearest windows, and :class:`TooManyAsks`.
    """
    moment = now or timezone.now()
    if known := CallbackRequest.objects.filter(key=key).first():
        return known
    checked = check(wanted)
    request = _request_of(checked, key, via, by, moment)
    try:
        with transaction.atomic():
            if via not in STAFF:
                limits.count(asker or Asker(), checked.phone, moment)
            wished = _promise(request, checked.starts, checked.soon, moment, entered_at)
            request.save()
            seats.write(request, wished, _seated(request, wished))
            notices.tell(request, "confirmed", moment)
            notices.promise_times(request, moment)
            return request
    except IntegrityError:
        # The same request twice at the same moment: the other one was first.
        if known := CallbackRequest.objects.filter(key=key).first():
            return known
        raise


def change(
    request_id: int,
    starts: Sequence[datetime] = (),
    *,
    soon: bool = False,
    now: datetime | None = None,
) -> CallbackRequest:
    """Another time for the call; also after we could not reach the customer, who is asked to.

    The same wish again changes nothing. Where the window is gone, all stays as it was.
    Raises :class:`RequestUnknown`, :class:`NotOpenAnyMore`, :class:`WindowTaken`.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        request = locked(request_id)
        if request.state not in (State.OPEN, State.UNREACHED):
            raise NotOpenAnyMore(request.state)
        if request.state == State.OPEN and _is_as_wished(request, starts, soon):
            return request
        place = request.entered_at if request.soon and soon else None
        notices.withdraw_times(request)
        leave_pool(request, moment)
        wished = _promise(request, starts, soon, moment, place)
        request.state, request.closed_at = State.OPEN, None
        request.attempts = request.missed = 0
        request.version += 1
        request.save()
        seats.write(request, wished, _seated(request, wished))
        notices.tell(request, "changed", moment)
        notices.promise_times(request, moment)
        return request


def cancel(request_id: int, *, tell: bool = True, now: datetime | None = None) -> CallbackRequest:
    """No call is wanted any more. Again: nothing more happens.

    Raises :class:`RequestUnknown`, and :class:`NotOpenAnyMore` where we are calling, or called.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        request = locked(request_id)
        if request.state == State.CANCELLED:
            return request
        if request.state not in (State.OPEN, State.UNREACHED):
            raise NotOpenAnyMore(request.state)
        leave_pool(request, moment)
        close(request, State.CANCELLED, moment)
        request.version += 1
        request.save()
        if tell:
            notices.tell(request, "cancelled", moment)
        return request


def check(wanted: Wanted) -> Wanted:
    """The wish with white space trimmed and the number as E.164; raises :class:`AskInvalid`."""
    register = offerings.current()
    if wanted.service not in register.services or wanted.language not in register.languages:
        raise NotGiven
    found = replace(
        wanted,
        name=" ".join(wanted.name.split()),
        area=postal_codes.tidy(wanted.area),
        phone=wanted.phone.strip(),
        matter=wanted.matter.strip(),
    )
    errors: dict[str, str] = {}
    if len(found.name) > MOST_NAME:
        errors["name"] = _("The name is longer than %(most)s letters.") % {"most": MOST_NAME}
    if len(found.matter) > MOST_MATTER:
        errors["matter"] = _("Write at most %(most)s letters.") % {"most": MOST_MATTER}
    if not postal_codes.may_be_postal_code(found.area):
        errors["area"] = _("This is not a postal code.")
    for field in ("name", "matter"):
        if field not in errors and holds_identity_code(getattr(found, field)):
            errors[field] = str(LEAVE_OUT)
    if not found.phone:
        errors["phone"] = _("Write the number that we call you at.")
    else:
        try:
            found = replace(found, phone=callable_number(found.phone))
        except ValueError as wrong:
            errors["phone"] = str(wrong)
    if not found.starts and not found.soon:
        errors["start"] = _("Choose when we may call you.")
    if errors:
        raise AskInvalid(errors)
    return found


def locked(request_id: int) -> CallbackRequest:
    """The request, in the pool's turn. Raises :class:`RequestUnknown`."""
    take_pool()
    request = CallbackRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    if request is None:
        raise RequestUnknown
    return request


def close(request: CallbackRequest, state: str, now: datetime) -> None:
    """Owed no more: the seat is free for somebody else. The caller saves."""
    notices.withdraw_times(request)
    seats.leave(request)
    request.state, request.closed_at = state, now
    request.next_attempt_at = request.due_until = request.alarmed_at = None
    request.claimed_by = request.claimed_until = None


def leave_pool(request: CallbackRequest, now: datetime) -> None:
    """Who is not to be called now does not wait in the pool."""
    for contact in Contact.objects.filter(callback=request, state__in=Contact.OPEN):
        if contact.state != Contact.State.TALKING:
            pool.abandon(contact.pk, now=now)


def _promise(
    request: CallbackRequest,
    starts: Sequence[datetime],
    soon: bool,
    now: datetime,
    entered_at: datetime | None,
) -> list[Window]:
    if soon:
        seats.promise_soon(request, now, entered_at)
        return []
    wished = [window_at(start) for start in dict.fromkeys(starts)][: seats.MOST_WINDOWS]
    known = [window for window in wished if window is not None]
    if not known:
        raise WindowTaken
    seats.promise_window(request, known, now)
    return known


def _seated(request: CallbackRequest, wished: Sequence[Window]) -> Window | None:
    return next((w for w in wished if w.end == request.due_until), None)


def _is_as_wished(request: CallbackRequest, starts: Sequence[datetime], soon: bool) -> bool:
    if soon or request.soon:
        return soon and request.soon
    return list(request.windows.values_list("start", flat=True)) == list(dict.fromkeys(starts))


def _request_of(wanted: Wanted, key: str, via: str, by: Any, now: datetime) -> CallbackRequest:
    return CallbackRequest(
        key=key,
        via=via,
        asked_by=by,
        service_id=wanted.service,
        language=wanted.language,
        area=wanted.area,
        name=wanted.name,
        phone=wanted.phone,
        contact_language=wanted.contact_language,
        reminders=wanted.reminders,
        matter=wanted.matter,
        entered_at=now,
    )
