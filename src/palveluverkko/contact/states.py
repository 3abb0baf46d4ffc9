"""What an adviser is doing on the remote channels: begin, ready, break, go home, heard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking.models import Resource
from palveluverkko.contact import matching, pool
from palveluverkko.contact.errors import NotAnAdviser, NotAtWork, StillBusy
from palveluverkko.contact.events import tell_adviser
from palveluverkko.contact.models import AdviserState, Contact
from palveluverkko.contact.rows import set_state, take_pool

Work = AdviserState.State
WITH_CUSTOMER = (Work.OFFERED, Work.IN_CONTACT)


@transaction.atomic
def begin(
    adviser_id: int, channels: Iterable[str] = (), *, now: datetime | None = None
) -> AdviserState:
    """Be at work on ``channels`` (none named: all), ready; who is at work only changes channels.

    Raises :class:`NotAnAdviser`.
    """
    take_pool()
    moment = now or timezone.now()
    people = Resource.objects.filter(pk=adviser_id, kind=Resource.Kind.ADVISER)
    if not people.exists():
        raise NotAnAdviser
    wanted = sorted(set(channels))
    row, made = AdviserState.objects.get_or_create(
        adviser_id=adviser_id,
        defaults={"channels": wanted, "since": moment, "seen_at": moment},
    )
    if not made:
        row.channels, row.seen_at = wanted, moment
        row.save(update_fields=["channels", "seen_at"])
    tell_adviser(adviser_id)
    matching.next_for(adviser_id, moment)
    row.refresh_from_db()
    return row


@transaction.atomic
def ready(adviser_id: int, *, now: datetime | None = None) -> AdviserState:
    """After a break, or before the time for notes is over; the next customer is offered at once.

    Raises :class:`NotAtWork`, :class:`StillBusy`.
    """
    row = _free(adviser_id)
    moment = now or timezone.now()
    if row.state != Work.READY:
        set_state(adviser_id, Work.READY, moment, missed=0, seen_at=moment)
    matching.next_for(adviser_id, moment)
    row.refresh_from_db()
    return row


@transaction.atomic
def pause(adviser_id: int, *, now: datetime | None = None) -> AdviserState:
    """A break. What is being offered goes to a colleague with its place.

    Raises :class:`NotAtWork`, :class:`StillBusy` while in contact.
    """
    moment = now or timezone.now()
    row = _without_offer(adviser_id, moment)
    if row.state != Work.BREAK:
        set_state(adviser_id, Work.BREAK, moment, missed=0)
    row.refresh_from_db()
    return row


@transaction.atomic
def go_home(adviser_id: int, *, now: datetime | None = None) -> None:
    """Not at work on the remote channels any more; again: nothing more.

    Raises :class:`StillBusy` while in contact.
    """
    take_pool()
    if AdviserState.objects.filter(adviser_id=adviser_id).exists():
        _without_offer(adviser_id, now or timezone.now()).delete()
        tell_adviser(adviser_id)


def heard_adviser(adviser_id: int, *, now: datetime | None = None) -> bool:
    """The desk's page is there; false when the adviser is not at work."""
    rows = AdviserState.objects.filter(adviser_id=adviser_id)
    return bool(rows.update(seen_at=now or timezone.now()))


def end_wrap_ups(now: datetime | None = None) -> int:
    """Those whose time for notes is over are ready again; how many."""
    moment = now or timezone.now()
    over = AdviserState.objects.filter(state=Work.WRAP_UP, wrap_until__lte=moment)
    ended = 0
    for adviser_id in over.values_list("adviser_id", flat=True):
        with transaction.atomic():
            take_pool()
            if over.filter(adviser_id=adviser_id).exists():
                ready(adviser_id, now=moment)
                ended += 1
    return ended


def _free(adviser_id: int) -> AdviserState:
    take_pool()
    row = AdviserState.objects.select_for_update().filter(adviser_id=adviser_id).first()
    if row is None:
        raise NotAtWork
    if row.state in WITH_CUSTOMER:
        raise StillBusy
    return row


def _without_offer(adviser_id: int, now: datetime) -> AdviserState:
    """The adviser's row, after an offer was given back. Raises as :func:`pause` does."""
    take_pool()
    offered = Contact.objects.filter(adviser_id=adviser_id, state=Contact.State.OFFERED).first()
    if offered is not None:
        pool.give_back(offered.pk, now=now)
    return _free(adviser_id)
