"""Who is not heard any more, and offers that ring too long; looked at every few seconds.

A page that is away is lost only when somebody listened all the while: while the web process is away
everybody is silent, and nobody is gone. Workers may go on meanwhile, so it is not they who listen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from palveluverkko.contact import matching, pool
from palveluverkko.contact.events import tell_adviser
from palveluverkko.contact.models import AdviserState, Contact, Watch
from palveluverkko.contact.policy import ADVISER_SILENT, CUSTOMER_SILENT, RINGS, WATCH_HOLE
from palveluverkko.contact.rows import WITH_PAGE, take_pool
from palveluverkko.contact.states import end_wrap_ups

State = Contact.State


def watch(now: datetime | None = None) -> int:
    """One look at the pool; how many contacts and advisers were changed."""
    moment = now or timezone.now()
    since = listened_since(moment)
    changed = 0
    if since <= moment - CUSTOMER_SILENT:
        changed += _customers_gone(moment)
    if since <= moment - ADVISER_SILENT:
        changed += _advisers_gone(moment)
    if since <= moment - RINGS:
        changed += _offers_not_taken(moment)
    return changed + end_wrap_ups(moment) + match_all(moment)


@transaction.atomic
def match_all(now: datetime | None = None) -> int:
    """Offer wherever somebody ready fits somebody waiting; every verb does so for its own, and
    this finds what was left, such as after a change of competences. How many were offered.
    """
    take_pool()
    moment = now or timezone.now()
    return sum(matching.next_for(a, moment) is not None for a in matching.possible(moment))


@transaction.atomic
def listen(now: datetime | None = None) -> None:
    """A process that pages are connected to has just written down whom it hears."""
    take_pool()
    moment = now or timezone.now()
    row, _made = Watch.objects.get_or_create(pk=1, defaults={"since": moment, "last": moment})
    if moment - row.last > WATCH_HOLE:
        row.since = moment
    row.last = max(row.last, moment)
    row.save()


def listened_since(now: datetime) -> datetime:
    """Since when somebody has listened without a hole; ``now`` where nobody does."""
    row = Watch.objects.filter(pk=1).first()
    return row.since if row is not None and now - row.last <= WATCH_HOLE else now


def _customers_gone(now: datetime) -> int:
    """Whose page is closed has given up. In contact, the adviser sees it, and ends the call."""
    silent = Q(
        channel__in=WITH_PAGE,
        state__in=(State.WAITING, State.OFFERED),
        seen_at__lte=now - CUSTOMER_SILENT,
    )
    return _each(silent, lambda contact: pool.abandon(contact.pk, now=now))


def _offers_not_taken(now: datetime) -> int:
    ringing = Q(state=State.OFFERED, offered_at__lte=now - RINGS)
    return _each(ringing, lambda c: pool.decline(c.pk, c.adviser_id or 0, now=now))


def _each(like: Q, act: Callable[[Contact], object]) -> int:
    """Act on whoever still is so when it is their turn: a page may be heard this moment."""
    changed = 0
    for pk in list(Contact.objects.filter(like).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            take_pool()
            contact = Contact.objects.filter(like, pk=pk).first()
            if contact is not None:
                act(contact)
                changed += 1
    return changed


def _advisers_gone(now: datetime) -> int:
    """A lost desk page: its customer goes on to a colleague, the adviser is not at work.

    A callback's talk is on the telephone and needs no page: its own lease tells when it is lost.
    """
    silent = AdviserState.objects.filter(seen_at__lte=now - ADVISER_SILENT)
    changed = 0
    for adviser_id in list(silent.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            take_pool()
            if silent.filter(pk=adviser_id).exists() and _released(adviser_id, now):
                silent.filter(pk=adviser_id).delete()
                tell_adviser(adviser_id)
                changed += 1
    return changed


def _released(adviser_id: int, now: datetime) -> bool:
    """Take the adviser's contact away, if any; false where it goes on without the page."""
    held = Contact.objects.filter(adviser_id=adviser_id, state__in=(State.OFFERED, State.TALKING))
    contact = held.first()
    if contact is None:
        return True
    if contact.state == State.TALKING and contact.channel not in WITH_PAGE:
        return False
    if contact.state == State.TALKING and not _heard(contact, now):
        pool.finish(contact.pk, now=now)  # both pages are closed: they have hung up
    else:
        pool.give_back(contact.pk, now=now)
    return True


def _heard(contact: Contact, now: datetime) -> bool:
    return contact.seen_at is not None and contact.seen_at > now - CUSTOMER_SILENT
