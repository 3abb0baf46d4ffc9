"""What the desk may ask of callbacks: whom to call now, and who is about to be missed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from palveluverkko.booking.models import Resource
from palveluverkko.contact.callback_notices import ALARM_BEFORE, can_be_told
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest
from palveluverkko.contact.windows import can_serve

State, Outcome = CallbackRequest.State, CallbackAttempt.Outcome
MOST_LISTED = 200
_REFERENCE = re.compile(r"\s*[Cc]?\s*([0-9]{1,18})\s*")


@dataclass(frozen=True, slots=True)
class Due:
    """A request without personal data; ``tries``: those that were not answered."""

    id: int
    reference: str
    service: str
    language: str
    entered_at: datetime
    due_at: datetime | None
    due_until: datetime | None
    soon: bool
    tries: int
    missed: int
    alarmed: bool
    can_be_told: bool


@dataclass(frozen=True, slots=True)
class Call:
    """The call that an adviser makes now, with what they must know of the customer."""

    request: int
    attempt: int
    reference: str
    service: str
    language: str
    name: str
    phone: str
    matter: str
    tries: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all open requests, and of those closed since the day began."""

    due: int
    calling: int
    later: int
    served: int
    unreached: int
    longest_since: datetime | None


def due_for(adviser_id: int, now: datetime) -> tuple[Due, ...]:
    """Whom the adviser can call now: who is about to be missed, then by the place in the queue."""
    adviser = Resource.objects.filter(pk=adviser_id, kind=Resource.Kind.ADVISER).first()
    if adviser is None:
        return ()
    rows = [r for r in _open().filter(next_attempt_at__lte=now) if can_serve(adviser, r)]
    soonest = sorted(rows, key=lambda r: (not _is_alarming(r, now), r.entered_at, r.pk))
    return tuple(_due(r, now) for r in soonest[:MOST_LISTED])


def call_of(adviser_id: int) -> Call | None:
    """The customer whom the adviser is calling."""
    row = (
        CallbackAttempt.objects.select_related("request")
        .filter(adviser_id=adviser_id, ended_at=None)
        .first()
    )
    if row is None:
        return None
    request = row.request
    return Call(
        request=request.pk,
        attempt=row.pk,
        reference=request.reference,
        service=request.service_id,
        language=request.language,
        name=request.name,
        phone=request.phone,
        matter=request.matter,
        tries=request.attempts,
        started_at=row.started_at,
    )


def is_call_of(attempt_id: int, adviser_id: int) -> bool:
    """Whether the attempt is, or was, the adviser's."""
    return CallbackAttempt.objects.filter(pk=attempt_id, adviser_id=adviser_id).exists()


def due(now: datetime) -> tuple[Due, ...]:
    """Everybody who is to be called now, whoever can."""
    rows = _open().filter(next_attempt_at__lte=now).order_by("entered_at", "pk")
    return tuple(_due(r, now) for r in rows[:MOST_LISTED])


def about_to_be_missed(now: datetime) -> tuple[Due, ...]:
    """Open requests whose promised window is over soon and whom nobody has called in it."""
    rows = _open().filter(next_attempt_at__lte=now, due_until__lte=now + ALARM_BEFORE)
    return tuple(_due(r, now) for r in rows.order_by("due_until")[:MOST_LISTED])


def not_reached(now: datetime) -> tuple[Due, ...]:
    """Called as often as we try, and no text message can tell them: a manager decides."""
    rows = _open().filter(attempts__gte=settings.CALLBACK_TRIES)
    return tuple(_due(r, now) for r in rows.order_by("entered_at")[:MOST_LISTED])


def wrong_numbers(now: datetime) -> tuple[str, ...]:
    """References of the last week's requests that ended with a wrong number, newest first."""
    rows = CallbackAttempt.objects.filter(
        outcome=Outcome.WRONG_NUMBER,
        ended_at__gt=now - timedelta(days=7),
        request__state=State.UNREACHED,
    )
    return tuple(
        row.request.reference for row in rows.select_related("request").order_by("-ended_at")[:50]
    )


def by_reference(text: str) -> CallbackRequest | None:
    """The request of that number, as a customer says it: C000012, c12 or 12; not a deleted one."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    return CallbackRequest.objects.filter(pk=int(match[1]), forgotten=False).first()


def figures(now: datetime, since: datetime) -> Figures:
    """``since``: when the local day began."""
    is_due = Q(state=State.OPEN, next_attempt_at__lte=now)
    counts = CallbackRequest.objects.aggregate(
        due=Count("pk", filter=is_due),
        calling=Count("pk", filter=Q(state=State.CALLING)),
        later=Count("pk", filter=Q(state=State.OPEN, next_attempt_at__gt=now)),
        served=Count("pk", filter=Q(state=State.SERVED, closed_at__gte=since)),
        unreached=Count("pk", filter=Q(state=State.UNREACHED, closed_at__gte=since)),
    )
    first = _open().filter(next_attempt_at__lte=now).order_by("entered_at").first()
    return Figures(**counts, longest_since=first.entered_at if first else None)


def fits_nobody(requests: Iterable[Due]) -> tuple[Due, ...]:
    """Those whom no adviser on record can serve: no desk ever lists them."""
    advisers = list(Resource.objects.filter(kind=Resource.Kind.ADVISER))
    return tuple(
        one
        for one in requests
        if not any(one.service in a.services and one.language in a.languages for a in advisers)
    )


def _open() -> QuerySet[CallbackRequest]:
    return CallbackRequest.objects.filter(state=State.OPEN)


def _is_alarming(request: CallbackRequest, now: datetime) -> bool:
    return request.due_until is not None and request.due_until <= now + ALARM_BEFORE


def _due(request: CallbackRequest, now: datetime) -> Due:
    return Due(
        id=request.pk,
        reference=request.reference,
        service=request.service_id,
        language=request.language,
        entered_at=request.entered_at,
        due_at=request.next_attempt_at,
        due_until=request.due_until,
        soon=request.soon,
        tries=request.attempts,
        missed=request.missed,
        alarmed=_is_alarming(request, now),
        can_be_told=can_be_told(request),
    )
