"""How long those who wait will wait: worked out for the first of the queue, now and then."""

from __future__ import annotations

from datetime import datetime, timedelta

from palveluverkko.contact.models import AdviserState, Contact
from palveluverkko.contact.rows import as_adviser, as_waiting
from palveluverkko.queueing.durations import service_minutes
from palveluverkko.queueing.wait import Desk, Serving, Wait, estimated_waits

# The rule looks at everybody for each place; further back the answer would be "long" anyway.
MOST = 100
LEARNT_FROM = timedelta(days=7)
MOST_LEARNT = 500
Work = AdviserState.State

Minutes = tuple[int, int]


def waits(now: datetime) -> dict[int, Minutes]:
    """Likely and nine-of-ten minutes by contact. Who is not here: the wait cannot be told."""
    rows = Contact.objects.filter(state=Contact.State.WAITING).order_by("entered_at", "pk")
    first = [as_waiting(contact) for contact in rows[:MOST]]
    if not first:
        return {}
    found = estimated_waits(first, now, _desks(now), service_minutes(_learnt(now), ()))
    return {
        int(ref): (round(wait.likely_minutes), round(wait.at_most_minutes))
        for ref, wait in found.items()
        if isinstance(wait, Wait)
    }


def _desks(now: datetime) -> list[Desk]:
    """Advisers who are not on a break, with the talk that goes on."""
    talks = {
        c.adviser_id: Serving(c.service_id, c.answered_at or now)
        for c in Contact.objects.filter(state=Contact.State.TALKING)
    }
    rows = AdviserState.objects.exclude(state=Work.BREAK).select_related("adviser")
    return [Desk(as_adviser(row), talks.get(row.adviser_id)) for row in rows]


def _learnt(now: datetime) -> list[tuple[str, float]]:
    """Services and minutes of the last talks."""
    ended = Contact.objects.filter(
        state=Contact.State.ANSWERED, ended_at__gt=now - LEARNT_FROM, answered_at__isnull=False
    ).order_by("-ended_at")
    rows = ended.values_list("service_id", "answered_at", "ended_at")[:MOST_LEARNT]
    return [
        (service, (end - start).total_seconds() / 60)
        for service, start, end in rows
        if start and end
    ]
