"""What the desk may ask of bookings: whose they are to serve today, and one of them by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from palveluverkko.booking import meeting_links, outlets
from palveluverkko.booking.links import signed
from palveluverkko.booking.meeting_links import Door, door_of
from palveluverkko.booking.models import Booking, BookingEvent, BookingMode, Claim, Resource

State = Booking.State
# Held times are nobody's yet, and expired ones never were.
MADE = (State.CONFIRMED, State.ARRIVED, State.SERVING, State.SERVED, State.NO_SHOW, State.CANCELLED)
SEARCHED = timedelta(days=90)
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose customers an adviser serves: those of the point and of the advisers at home there."""

    adviser_id: int
    point: str | None

    @property
    def rows(self) -> Q:
        people = Q(resource_id=self.adviser_id)
        if self.point is None:
            return Q(pk__in=Claim.objects.filter(people).values("booking_id"))
        people |= Q(resource__kind=Resource.Kind.ADVISER, resource__point_id=self.point)
        return Q(point_id=self.point) | Q(pk__in=Claim.objects.filter(people).values("booking_id"))


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booked meeting as the desk lists it. ``served_by`` is the user who began it."""

    id: int
    reference: str
    start: datetime
    end: datetime
    mode: str
    service: str
    language: str
    state: str
    name: str
    point: str | None
    adviser_id: int | None
    adviser: str
    interpreter: str
    needs: str
    phone: str
    arrived_at: datetime | None
    served_from: datetime | None
    served_until: datetime | None
    served_by: int | None
    notes: str
    # Of a meeting in our own rooms.
    opens_at: datetime | None
    closes_at: datetime | None

    @classmethod
    def of(cls, booking: Booking) -> Appointment:
        people = [c.resource for c in booking.claims.all() if c.resource.kind == "adviser"]
        return cls(
            id=booking.pk,
            reference=booking.reference,
            start=booking.start,
            end=booking.end,
            mode=booking.mode,
            service=booking.service_id,
            language=booking.language,
            state=str(booking.state),
            name=booking.name,
            point=booking.point_id,
            adviser_id=people[0].pk if people else None,
            adviser=people[0].name if people else "",
            interpreter=booking.interpreter,
            needs=booking.needs,
            phone=booking.phone,
            arrived_at=booking.arrived_at,
            served_from=booking.served_from,
            served_until=booking.served_until,
            served_by=booking.served_by_user,  # type: ignore[attr-defined]
            notes=booking.notes,
            opens_at=meeting_links.opens_at(booking) if meeting_links.is_ours(booking) else None,
            closes_at=meeting_links.closes_at(booking) if meeting_links.is_ours(booking) else None,
        )

    def room_is_open(self, now: datetime) -> bool:
        """Whether the video room can be entered; false for a meeting that has no room of ours."""
        if self.opens_at is None or self.closes_at is None:
            return False
        return self.opens_at <= now <= self.closes_at

    @property
    def adviser_begins(self) -> bool:
        """Nobody arrives: the adviser calls, or opens the video."""
        return self.mode in (BookingMode.PHONE, BookingMode.VIDEO)


def adviser_of_user(user: Any) -> Resource | None:
    """The adviser that a signed-in user is, if any."""
    rows = Resource.objects.filter(kind=Resource.Kind.ADVISER, user_id=user.pk)
    return rows.select_related("point").first()


def appointments(reach: Reach, day: date, zone: str) -> tuple[Appointment, ...]:
    """The meetings of a local day that are in reach, by time; cancelled ones are left out."""
    start, end = outlets.day_span(day, zone)
    rows = Booking.objects.filter(reach.rows, start__gte=start, start__lt=end, state__in=MADE)
    return _read(rows.exclude(state=State.CANCELLED))


def at_point(point: str, start: datetime, end: datetime) -> tuple[Appointment, ...]:
    """The meetings that begin at a point within the time, whoever serves them."""
    rows = Booking.objects.filter(point_id=point, start__gte=start, start__lt=end, state__in=MADE)
    return _read(rows.exclude(state=State.CANCELLED))


def appointment(booking_id: int, reach: Reach | None) -> Appointment | None:
    """One booking if it is in reach; ``None`` for ``reach``: of the whole network."""
    rows = Booking.objects.filter(pk=booking_id, state__in=MADE)
    found = _read(rows if reach is None else rows.filter(reach.rows))
    return found[0] if found else None


def search(text: str, reach: Reach | None, now: datetime) -> tuple[Appointment, ...]:
    """Bookings in reach by their reference, or by words of the name in any spelling of marks;
    ``None`` for ``reach``: of the whole network.

    Names are compared here: SQLite knows no letter case beyond ASCII.
    """
    wanted = text.strip()
    rows = Booking.objects.filter(state__in=MADE)
    if reach is not None:
        rows = rows.filter(reach.rows)
    if wanted.isdecimal():
        number = int(wanted)
        return _read(rows.filter(pk=number)) if number < 1 << 63 else ()
    words = _plain(wanted).split()
    if not words:
        return ()
    near = rows.filter(start__gte=now - SEARCHED, start__lt=now + SEARCHED)
    names = near.order_by("start").values_list("pk", "name", "start")
    found = [(abs(start - now), pk) for pk, name, start in names if _has(_plain(name), words)]
    return _read(rows.filter(pk__in=[pk for _far, pk in sorted(found)[:MOST_FOUND]]))


def _has(name: str, words: Iterable[str]) -> bool:
    return all(word in name for word in words)


def _plain(text: str) -> str:
    """Small letters without marks, so that "angesleva" finds Ängeslevä."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in taken_apart if not unicodedata.combining(c))


def _read(rows: QuerySet[Booking]) -> tuple[Appointment, ...]:
    begun = BookingEvent.objects.filter(booking=OuterRef("pk"), kind="serving").order_by("-pk")
    people = Prefetch("claims", Claim.objects.select_related("resource").order_by("pk"))
    found = rows.annotate(served_by_user=Subquery(begun.values("by")[:1])).prefetch_related(people)
    return tuple(Appointment.of(booking) for booking in found.order_by("start", "pk"))


@dataclass(frozen=True, slots=True)
class Record:
    """The rest of a booking, for the page of one customer; ``link`` opens the customer's own."""

    matter: str
    email: str
    postal_address: str
    contact_language: str
    via: str
    partner: str
    link: str
    door: Door | None


def record(booking_id: int, now: datetime) -> Record:
    """What the customer told when booking. The caller has looked whether it may be shown."""
    booking = Booking.objects.get(pk=booking_id)
    return Record(
        matter=booking.matter,
        email=booking.email,
        postal_address=booking.postal_address,
        contact_language=booking.contact_language,
        via=str(Booking.Via(booking.via).label),
        partner=booking.partner,
        link=signed("booking", booking.token),
        door=door_of(booking, now),
    )
