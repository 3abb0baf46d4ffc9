"""What callbacks do by themselves, by the clock: due ones come up, lost ones come back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from palveluverkko.contact import attempts, callback_follow, limits, pooled, rescheduling
from palveluverkko.contact.callbacks import locked
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.messages.jobs import periodic

State = CallbackRequest.State
CLOSED = (State.SERVED, State.CANCELLED, State.UNREACHED)
ERASED = {"name": "", "phone": "", "matter": "", "notes": "", "forgotten": True}


@periodic(seconds=5)
def let_due_ones_wait() -> None:
    """Requests whose adviser's page has died come back; those that are due enter the pool."""
    attempts.give_back_lost()
    callback_follow.follow_all()
    pooled.enter_due()


@periodic(seconds=30)
def move_missed_ones() -> None:
    move_missed()


@periodic(seconds=600)
def forget_asks() -> None:
    limits.forget()


@periodic(seconds=86_400)
def forget_callers() -> None:
    forget_closed()


def move_missed(now: datetime | None = None) -> int:
    """Promise those anew whom nobody called in the promised window, and tell them; how many."""
    moment = now or timezone.now()
    over = CallbackRequest.objects.filter(state=State.OPEN, due_until__lte=moment)
    moved = 0
    for pk in list(over.order_by("pk").values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            request = locked(pk)
            late = request.due_until is not None and request.due_until <= moment
            if request.state == State.OPEN and late:
                rescheduling.move_on(request, moment)
                request.save()
                moved += 1
    return moved


def forget_closed(now: datetime | None = None) -> int:
    """Delete who asked, some time after the request was closed; area and figures stay."""
    over = (now or timezone.now()) - timedelta(days=settings.CALLBACK_DAYS)
    old = CallbackRequest.objects.filter(state__in=CLOSED, closed_at__lt=over, forgotten=False)
    return old.update(**ERASED)
