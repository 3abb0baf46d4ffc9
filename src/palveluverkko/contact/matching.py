"""Who is offered to whom: the first by the rules for an adviser, the best adviser for a contact.

All of it runs in the pool's turn (``rows.take_pool``), inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet

from palveluverkko.contact.events import tell
from palveluverkko.contact.models import AdviserState, Contact
from palveluverkko.contact.rows import as_adviser, as_waiting, set_state
from palveluverkko.queueing import Rules, next_customer
from palveluverkko.queueing.routing import Ready, Router, best_adviser

RULES = Rules()
READY, OFFERED = AdviserState.State.READY, AdviserState.State.OFFERED


def next_for(adviser_id: int, now: datetime) -> Contact | None:
    """Offer the adviser, if ready, whom the rules name; the contact, or ``None``.

    Only the first of each rank is looked at, however many wait: the order within a rank is the
    place alone.
    """
    state = _ready().filter(adviser_id=adviser_id).first()
    if state is None:
        return None
    rows = _fitting(state).filter(entered_at__lte=now).order_by("entered_at", "pk")
    ranks = (
        rows.filter(passed_over__gte=RULES.passed_over_most),
        rows.filter(urgent=True),
        rows.filter(urgent=False),
    )
    firsts = {str(c.pk): c for rank in ranks for c in rank[:1]}
    choice = next_customer(map(as_waiting, firsts.values()), now, as_adviser(state), RULES)
    if choice is None:
        return None
    chosen = firsts[choice.ref]
    if not _offer(chosen, adviser_id, now):
        return None
    if choice.passes:
        rows.filter(_before(chosen)).update(passed_over=F("passed_over") + 1)
    return chosen


def place(contact_id: int, now: datetime, without: int | None = None) -> None:
    """Offer a waiting contact to the best ready adviser, ``without`` the one who did not take it.

    Where that adviser owes an earlier customer, the earlier one is offered first.
    """
    contact = Contact.objects.get(pk=contact_id)
    able = [r for r in _able(contact) if r.adviser.ref != str(without)]
    while (best := best_adviser(as_waiting(contact), able)) is not None:
        offered = next_for(int(best.adviser.ref), now)
        if offered is not None and offered.pk == contact_id:
            return
        able.remove(best)


def possible(now: datetime) -> list[int]:
    """The ready advisers for whom somebody waits, by what the rules would do for all at once."""
    states = {str(s.adviser_id): s for s in _ready()}
    router = Router(RULES)
    if states:
        for contact in Contact.objects.filter(state=Contact.State.WAITING, entered_at__lte=now):
            router.enter(as_waiting(contact))
    for state in states.values():
        router.ready(as_adviser(state), state.since)
    return [int(adviser.ref) for _contact, adviser in router.pairs()]


def _offer(contact: Contact, adviser_id: int, now: datetime) -> bool:
    """Only whoever still waits; the database refuses a second contact to one adviser."""
    waiting = Contact.objects.filter(pk=contact.pk, state=Contact.State.WAITING)
    contact.state, contact.adviser_id, contact.offered_at = Contact.State.OFFERED, adviser_id, now
    if not waiting.update(state=contact.state, adviser_id=adviser_id, offered_at=now):
        return False
    set_state(adviser_id, OFFERED, now)
    tell(contact)
    return True


def _ready() -> QuerySet[AdviserState]:
    return AdviserState.objects.filter(state=READY).select_related("adviser")


def _able(contact: Contact) -> list[Ready]:
    states: Iterable[AdviserState] = _ready()
    return [Ready(as_adviser(s), s.since) for s in states]


def _fitting(state: AdviserState) -> QuerySet[Contact]:
    rows = Contact.objects.filter(
        state=Contact.State.WAITING,
        service__in=state.adviser.services,
        language__in=state.adviser.languages,
    )
    return rows.filter(channel__in=state.channels) if state.channels else rows


def _before(contact: Contact) -> Q:
    earlier = Q(entered_at__lt=contact.entered_at)
    return earlier | Q(entered_at=contact.entered_at, pk__lt=contact.pk)
