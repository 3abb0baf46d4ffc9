"""Callbacks in the pool of all remote work: each try is a contact there, from due to its end.

The pool counts a served contact in the day's demand, once. All calls are in the pool's turn.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from palveluverkko.contact import pool
from palveluverkko.contact.callback_errors import AlreadyTaken, StillCalling
from palveluverkko.contact.models import CallbackRequest, Channel, Contact
from palveluverkko.contact.rows import agency_day, take_pool

State = Contact.State


def enter_due(now: datetime | None = None) -> int:
    """Let requests whose time has come wait in the pool, at the place they kept; how many came."""
    moment = now or timezone.now()
    waiting = Contact.objects.filter(callback=OuterRef("pk"), state__in=Contact.OPEN)
    due = CallbackRequest.objects.filter(
        state=CallbackRequest.State.OPEN, next_attempt_at__lte=moment
    ).exclude(Exists(waiting))
    came = 0
    for pk in list(due.values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            take_pool()
            request = due.filter(pk=pk).first()
            if request is not None:
                _enter(request, moment)
                came += 1
    return came


def take(request: CallbackRequest, adviser_id: int, now: datetime) -> Contact:
    """The try's contact, in contact with the adviser now.

    Raises :class:`AlreadyTaken` where it is being offered to a colleague, and
    :class:`StillCalling` where the adviser is in another contact.
    """
    contact = _open(request) or _enter(request, now)
    if contact.state == State.WAITING:
        rows = Contact.objects.filter(pk=contact.pk, state=State.WAITING)
        try:
            with transaction.atomic():
                rows.update(state=State.OFFERED, adviser_id=adviser_id, offered_at=now)
        except IntegrityError as busy:
            raise StillCalling from busy
    elif contact.adviser_id != adviser_id:
        raise AlreadyTaken
    return pool.accept(contact.pk, adviser_id, now=now)


def served(request: CallbackRequest, adviser_id: int, now: datetime) -> None:
    """The try ends as answered, counted once; also where the pool had given it back meanwhile."""
    last = Contact.objects.filter(callback=request).order_by("pk").last()
    if last is None or last.state != State.ANSWERED:
        pool.finish(take(request, adviser_id, now).pk, now=now)


def unreached(request: CallbackRequest, adviser_id: int, now: datetime) -> None:
    """The try ends unanswered; the next one enters the pool anew."""
    contact = _open(request)
    if contact is None:
        return
    if contact.state == State.TALKING and contact.adviser_id == adviser_id:
        pool.unreached(contact.pk, now=now)
    else:
        pool.abandon(contact.pk, now=now)


def give_back(request: CallbackRequest, now: datetime) -> None:
    """The adviser's page is gone: the customer waits again with the place kept."""
    contact = _open(request)
    if contact is not None and contact.state != State.WAITING:
        pool.give_back(contact.pk, now=now)


def _open(request: CallbackRequest) -> Contact | None:
    return Contact.objects.filter(callback=request, state__in=Contact.OPEN).first()


def _enter(request: CallbackRequest, now: datetime) -> Contact:
    tries = Contact.objects.filter(callback=request).count()
    return pool.enter(
        Channel.CALLBACK,
        request.service_id,
        request.language,
        key=f"callback:{request.pk}:{tries}:{agency_day(now)}",
        area=request.area,
        caller=request.phone,
        entered_at=request.entered_at,
        callback=request,
        now=now,
    )
