"""The day's balance of each channel: offered = answered + abandoned + blocked + callbacks accepted.

A contact counts on the agency's day on which it came, once, by how it ended. Today some are still
open, which is shown; when the night has closed them the day is recorded, and the database adds up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from palveluverkko.booking.outlets import day_span
from palveluverkko.contact import pool
from palveluverkko.contact.models import ChatLine, Contact, DayBalance
from palveluverkko.contact.policy import IN_TIME_SECONDS, REDIAL
from palveluverkko.contact.rows import agency_day, agency_zone, take_pool
from palveluverkko.contact.waited import Waited, waited
from palveluverkko.queueing.fairness import Waits, by_language, waits_of

State = Contact.State
# Talks past midnight go on; whatever is open so long after its day's end was forgotten.
AFTER_MIDNIGHT = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Balance:
    """One channel's day. ``open``: still waiting or in contact, so in none of the other four.

    ``waits`` is ``None`` where nobody has been answered: unknown, not zero.
    """

    day: date
    channel: str
    offered: int
    answered: int
    abandoned: int
    blocked: int
    callbacks: int
    open: int
    redials: int
    in_time: int
    waits: Waits | None
    by_language: dict[str, Waits]

    @property
    def holds(self) -> bool:
        ended = self.answered + self.abandoned + self.blocked + self.callbacks
        return self.offered == ended + self.open

    @property
    def service_level(self) -> float | None:
        """Answered in time, of all who wanted to talk now and are not waiting any more."""
        return level_of(self)


@dataclass(frozen=True, slots=True)
class Served:
    """How long the answered ones of one channel waited."""

    in_time: int = 0
    waits: Waits | None = None
    by_language: dict[str, Waits] = field(default_factory=dict)


def level_of(day: Balance | DayBalance) -> float | None:
    """The share answered in time. ``None`` where nobody was let in: there was nothing to answer."""
    if not day.answered + day.abandoned:
        return None
    return day.in_time / (day.answered + day.abandoned + day.blocked)


def languages_on(day: date) -> list[tuple[str, str, int]]:
    """Channel, language and how many came, for every language that anybody came in."""
    rows = _on(day).values("channel", "language").annotate(came=Count("pk"))
    return [
        (row["channel"], row["language"], row["came"])
        for row in rows.order_by("channel", "language")
    ]


def balances(day: date, served: Mapping[str, Served] | None = None) -> list[Balance]:
    """The channels that anybody came to on the agency's ``day``, by name, from the contacts.

    ``served``: what :func:`served_of` made of them, where that is known already.
    """
    if served is None:
        served = served_of(waits_on(day))
    counted = _on(day).values("channel").order_by("channel")
    rows = counted.annotate(
        offered=Count("pk"),
        answered=Count("pk", filter=Q(state=State.ANSWERED)),
        abandoned=Count("pk", filter=Q(state=State.ABANDONED)),
        blocked=Count("pk", filter=Q(state=State.BLOCKED)),
        callbacks=Count("pk", filter=Q(state=State.CALLBACK)),
        open=Count("pk", filter=Q(state__in=Contact.OPEN)),
        redials=Count("pk", filter=Q(redial=True)),
    )
    found = []
    for row in rows:
        one = served.get(row["channel"], Served())
        found.append(
            Balance(
                day=day,
                in_time=one.in_time,
                waits=one.waits,
                by_language=one.by_language,
                **row,
            )
        )
    return found


def served_of(waits: Iterable[Waited]) -> dict[str, Served]:
    """By channel."""
    of: dict[str, list[Waited]] = defaultdict(list)
    for one in waits:
        of[one.channel].append(one)
    return {
        channel: Served(
            sum(one.seconds <= IN_TIME_SECONDS for one in own),
            waits_of([one.seconds for one in own]),
            by_language((one.language, one.seconds) for one in own),
        )
        for channel, own in of.items()
    }


def waits_on(day: date) -> list[Waited]:
    """The waits of the day's contacts that were served, over all channels."""
    return waited(_on(day).filter(state=State.ANSWERED, answered_at__isnull=False))


def close_past_days(now: datetime | None = None) -> int:
    """End what past days left open, then record these days; how many channels' days were.

    Who still waited has given up, and who was in contact was answered. The request of a callback
    stays open, and comes into the pool again on its next day.
    """
    moment = now or timezone.now()
    today = agency_day(moment - AFTER_MIDNIGHT)
    start, _end = day_span(today, str(agency_zone()))
    left = Contact.objects.filter(state__in=Contact.OPEN, came_at__lt=start).order_by("pk")
    for contact_id in list(left.values_list("pk", flat=True)):
        pool.abandon(contact_id, now=moment)
    return sum(record(day) for day in _unrecorded(today))


@transaction.atomic
def record(day: date) -> int:
    """Keep a finished day's figures, again with the same result; how many channels had any."""
    take_pool()
    found = balances(day)
    for one in found:
        DayBalance.objects.update_or_create(day=day, channel=one.channel, defaults=_figures(one))
    return len(found)


def recorded(first: date, last: date) -> list[DayBalance]:
    """The recorded days, by day and channel."""
    return list(DayBalance.objects.filter(day__gte=first, day__lte=last))


def unbalanced(first: date, last: date) -> list[DayBalance]:
    """Recorded days whose contacts do not add up to what was recorded; there should be none."""
    wrong = []
    for row in recorded(first, last):
        now_is = {b.channel: b for b in balances(row.day)}.get(row.channel)
        if now_is is None or not now_is.holds or _figures(now_is) != _kept(row):
            wrong.append(row)
    return wrong


def forget_callers(now: datetime | None = None) -> int:
    """Delete what told redials apart once it is a day old; how many."""
    old = Contact.objects.filter(came_at__lte=(now or timezone.now()) - REDIAL)
    return old.exclude(caller="").update(caller="")


def forget_chats(now: datetime | None = None) -> int:
    """Delete, at night, what was written beside calls that have ended; how many lines."""
    today, _end = day_span(agency_day(now or timezone.now()), str(agency_zone()))
    lines = ChatLine.objects.filter(at__lt=today).exclude(contact__state__in=Contact.OPEN)
    return lines.delete()[0]


def _on(day: date) -> QuerySet[Contact]:
    start, end = day_span(day, str(agency_zone()))
    return Contact.objects.filter(came_at__gte=start, came_at__lt=end)


def _unrecorded(today: date) -> Iterable[date]:
    """Past days from the last recorded one on, which is done again: the night may have been cut."""
    newest = DayBalance.objects.order_by("-day").values_list("day", flat=True).first()
    first = newest
    if first is None:
        oldest = Contact.objects.aggregate(first=Min("came_at"))["first"]
        first = today if oldest is None else agency_day(oldest)
    return [first + timedelta(days=i) for i in range((today - first).days)]


FIGURES = ("offered", "answered", "abandoned", "blocked", "callbacks", "in_time", "redials")


def _figures(one: Balance) -> dict[str, object]:
    waits = one.waits
    return {name: getattr(one, name) for name in FIGURES} | {
        "wait_mean_seconds": waits.mean_seconds if waits else None,
        "wait_p90_seconds": waits.p90_seconds if waits else None,
        "waits": {c: [w.contacts, w.mean_seconds] for c, w in one.by_language.items()},
    }


def _kept(row: DayBalance) -> dict[str, object]:
    names = (*FIGURES, "wait_mean_seconds", "wait_p90_seconds", "waits")
    return {name: getattr(row, name) for name in names}
