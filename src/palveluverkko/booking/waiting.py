"""The waiting list: who waits for a time is offered what becomes free, in turn.

A freed time wakes the list by a promise (``freed.py``). The next in turn gets it held and is told;
who does not answer in time keeps the place in the list, and the time goes to the next one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from palveluverkko.booking import notices, offerings, outlets, queries
from palveluverkko.booking.customers import (
    Customer,
    checked,
    customer_of,
    without_codes,
    write,
)
from palveluverkko.booking.errors import BookingError, NotOpenAnyMore, TooSoon
from palveluverkko.booking.freed import KIND
from palveluverkko.booking.holding import hold, release
from palveluverkko.booking.models import Booking, WaitingEntry, WaitingOffer
from palveluverkko.booking.services import confirm
from palveluverkko.booking.wishes import Wish
from palveluverkko.messages.promises import handles, promise

ANSWER_WITHIN = timedelta(hours=2)
NIGHT_ENDS, NIGHT_BEGINS = 8, 21  # nobody is asked to answer at night
AT_LEAST = timedelta(minutes=45)  # before its beginning a time is not offered any more
SAME_TIME = timedelta(hours=2)  # what a freed time may be used for begins this near to it
LAPSE = "lapse-offer"
State = WaitingEntry.State


def join(
    wish: Wish, first: Any, last: Any, customer: Customer, *, key: str, now: datetime | None = None
) -> WaitingEntry:
    """Put the customer on the list for the days from ``first`` to ``last``; again: the same entry.

    ``wish.start`` is not looked at. Raises :class:`CustomerInvalid`, and :class:`TooSoon` where
    the days are over.
    """
    known = checked(customer, wish.mode)
    zone = ZoneInfo(offerings.current().zone_of(wish.point))
    if last < (now or timezone.now()).astimezone(zone).date():
        raise TooSoon(0)
    with transaction.atomic():
        entry, made = WaitingEntry.objects.get_or_create(
            key=key,
            defaults={
                "mode": wish.mode,
                "point_id": wish.point,
                "service_id": wish.service,
                "language": wish.language,
                "first": first,
                "last": last,
                "name": known.name,
            },
        )
        if made:
            write(known, entry)
            entry.save()
            notices.tell_waiting(entry)
        return entry


def leave(entry: WaitingEntry) -> WaitingEntry:
    """Take the customer off the list; an open offer goes to the next one."""
    with transaction.atomic():
        found = WaitingEntry.objects.select_for_update().get(pk=entry.pk)
        if found.state in (State.WAITING, State.OFFERED):
            for offer in found.offers.filter(state=WaitingOffer.State.OPEN):
                _end(offer, WaitingOffer.State.DECLINED)
            found.state = State.LEFT
            found.save(update_fields=["state"])
        return found


def accept(offer: WaitingOffer, *, now: datetime | None = None) -> Booking:
    """Book what is offered. Again: the same booking. Raises :class:`NotOpenAnyMore` too late."""
    with transaction.atomic():
        found = _locked(offer)
        if found.state == WaitingOffer.State.ACCEPTED:
            return found.booking
        if found.state != WaitingOffer.State.OPEN or found.until < (now or timezone.now()):
            raise NotOpenAnyMore(found.state)
        found.state = WaitingOffer.State.ACCEPTED
        found.save(update_fields=["state"])
        entry = found.entry
        entry.state = State.BOOKED
        entry.save(update_fields=["state"])
        return confirm(found.booking_id, without_codes(customer_of(entry)), now=now)


def decline(offer: WaitingOffer) -> None:
    """This time does not suit: it goes to the next one, the customer goes on waiting."""
    with transaction.atomic():
        found = _locked(offer)
        if found.state == WaitingOffer.State.OPEN:
            _end(found, WaitingOffer.State.DECLINED)


@handles(KIND)
def offer_freed_time(ref: str) -> None:
    """Offer a freed time to the next in turn for whom it fits."""
    outlet, mode, text = ref.split("|")
    start, now = datetime.fromisoformat(text), timezone.now()
    if start < now + AT_LEAST:
        return
    point = None if outlet in outlets.POOLS else outlet
    for entry in _in_turn(point, mode, start):
        if _offer(entry, start, now):
            return


@handles(LAPSE)
def lapse(ref: str) -> None:
    """Nobody answered: the time goes to the next one."""
    with transaction.atomic():
        offer = WaitingOffer.objects.select_for_update().filter(pk=ref).first()
        if offer is not None and offer.state == WaitingOffer.State.OPEN:
            _end(offer, WaitingOffer.State.LAPSED)


def close_lists(now: datetime | None = None) -> int:
    """End entries whose days are over, and tell those who waited in vain."""
    day = (now or timezone.now()).date() - timedelta(days=1)
    ended = 0
    for entry in WaitingEntry.objects.filter(state=State.WAITING, last__lt=day)[:200]:
        with transaction.atomic():
            rows = WaitingEntry.objects.filter(pk=entry.pk, state=State.WAITING)
            if rows.update(state=State.OVER):
                notices.tell_list_over(entry)
                ended += 1
    return ended


def answer_until(now: datetime, start: datetime, zone: str) -> datetime:
    """Two hours, counted by day only, and never later than shortly before the time itself."""
    local = now.astimezone(ZoneInfo(zone)) + ANSWER_WITHIN
    if local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS:
        if local.hour >= NIGHT_BEGINS:
            local += timedelta(days=1)
        local = local.replace(hour=NIGHT_ENDS + 2, minute=0, second=0, microsecond=0)
    return min(local.astimezone(now.tzinfo), start - timedelta(minutes=30))


def _in_turn(point: str | None, mode: str, start: datetime) -> list[WaitingEntry]:
    day = start.astimezone(ZoneInfo(offerings.current().zone_of(point))).date()
    had = WaitingOffer.objects.filter(booking__start=start, booking__point_id=point)
    place = Q(point_id=point) if point is not None else Q(point__isnull=True)
    return list(
        WaitingEntry.objects.filter(
            place, state=State.WAITING, mode=mode, first__lte=day, last__gte=day
        )
        .exclude(pk__in=had.values("entry_id"))
        .order_by("created_at", "pk")[:50]
    )


def _offer(entry: WaitingEntry, start: datetime, now: datetime) -> bool:
    """Hold the nearest fitting time for the entry and tell of it; false where none fits."""
    times = queries.free_times(
        entry.point_id,
        entry.mode,
        entry.service_id,
        entry.language,
        start=start - SAME_TIME,
        end=start + SAME_TIME,
        now=now,
    )
    zone = offerings.current().zone_of(entry.point_id)
    for time in sorted(times, key=lambda t: abs(t.start - start)):
        until = answer_until(now, time.start, zone)
        if until <= now:
            continue
        wish = Wish(entry.mode, entry.service_id, entry.language, time.start, entry.point_id)
        minutes = int((until - now).total_seconds() // 60) + 10
        key = f"offer:{entry.pk}:{time.start.isoformat()}"
        try:
            booking = hold(wish, key=key, via=Booking.Via.WAITING_LIST, minutes=minutes, now=now)
        except BookingError:
            continue
        if booking.state != Booking.State.HELD:
            continue  # offered before, and let go
        with transaction.atomic():
            offer, made = WaitingOffer.objects.get_or_create(
                booking=booking, defaults={"entry": entry, "until": until}
            )
            if made:
                entry.state = State.OFFERED
                entry.save(update_fields=["state"])
                promise(kind=LAPSE, ref=str(offer.pk), due_at=until, key=f"{LAPSE}:{offer.pk}")
                notices.tell_offer(offer)
        return True
    return False


def _end(offer: WaitingOffer, state: str) -> None:
    """Let the offered time go to the next one; the entry waits on."""
    offer.state = state
    offer.save(update_fields=["state"])
    WaitingEntry.objects.filter(pk=offer.entry_id, state=State.OFFERED).update(state=State.WAITING)
    release(offer.booking)  # which wakes the list


def _locked(offer: WaitingOffer) -> WaitingOffer:
    found = WaitingOffer.objects.select_for_update(of=("self",)).select_related("entry", "booking")
    return found.get(pk=offer.pk)
