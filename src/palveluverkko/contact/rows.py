"""What the pool's verbs share: one change at a time, rows by id, and the queue's values."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from palveluverkko.booking import offerings
from palveluverkko.booking.locks import take_turns
from palveluverkko.contact.errors import ContactUnknown, NotPossible, NotYours
from palveluverkko.contact.events import tell_adviser
from palveluverkko.contact.models import AdviserState, Channel, Contact
from palveluverkko.queueing import Adviser, Waiting

# Whose page is heard; the others are reached by telephone.
WITH_PAGE = (Channel.WEB_CALL, Channel.VIDEO)


def take_pool() -> None:
    """Verbs of the pool come one after the other: none decides on what another is changing."""
    take_turns("remote pool")


def locked(contact_id: int) -> Contact:
    """The contact, in the pool's turn. Raises :class:`ContactUnknown`."""
    take_pool()
    contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
    if contact is None:
        raise ContactUnknown
    return contact


def require(contact: Contact, verb: str, *states: Contact.State) -> None:
    if contact.state not in states:
        raise NotPossible(contact.pk, str(contact.state), verb)


def require_adviser(contact: Contact, adviser_id: int) -> None:
    if contact.adviser_id != adviser_id:
        raise NotYours


def set_state(
    adviser_id: int | None, state: AdviserState.State, now: datetime, **more: object
) -> None:
    """Nothing happens to who has gone home meanwhile."""
    rows = AdviserState.objects.filter(adviser_id=adviser_id)
    changes: dict[str, object] = {"state": state, "since": now, "wrap_until": None, **more}
    if adviser_id is not None and rows.update(**changes):
        tell_adviser(adviser_id)


def as_waiting(contact: Contact) -> Waiting:
    return Waiting(
        ref=str(contact.pk),
        service=contact.service_id,
        since=contact.entered_at,
        mode=contact.channel,
        language=contact.language,
        urgent=contact.urgent,
        passed_over=contact.passed_over,
        order=contact.pk,
    )


def as_adviser(state: AdviserState) -> Adviser:
    """Whom the adviser can serve, with the competences on record now."""
    return Adviser(
        ref=str(state.adviser_id),
        services=frozenset(state.adviser.services),
        languages=frozenset(state.adviser.languages),
        modes=frozenset(state.channels),
    )


def agency_day(moment: datetime) -> date:
    """The agency's own date; remote work belongs to no point."""
    return moment.astimezone(agency_zone()).date()


def agency_zone() -> ZoneInfo:
    return ZoneInfo(offerings.current().zone)
