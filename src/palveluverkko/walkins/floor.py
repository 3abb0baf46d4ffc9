"""One list over all channels: walk-ins and booked customers, in the order of the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from palveluverkko.booking.desk_queries import Appointment, appointment, appointments
from palveluverkko.booking.models import Booking, Resource
from palveluverkko.demand.models import DailyVisits
from palveluverkko.queueing import Adviser, Choice, Waiting, next_customer
from palveluverkko.walkins.models import DeskSession, Ticket, TicketState
from palveluverkko.walkins.pool import as_adviser, waiting_tickets
from palveluverkko.walkins.posts import Post
from palveluverkko.walkins.queries import booking_at, recently_ended, ticket_at, waiting_pool
from palveluverkko.walkins.values import TicketInfo

State = Booking.State


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer of the list: a ticket or an appointment. ``choice``: why at this place."""

    ref: str
    ticket: TicketInfo | None = None
    appointment: Appointment | None = None
    choice: Choice | None = None

    @property
    def state(self) -> str:
        """The ticket's or the booking's own."""
        one = self.ticket or self.appointment
        return one.state if one is not None else ""


@dataclass(frozen=True, slots=True)
class Served:
    """Visits of the day: mine by mode, and the point's by service and mode."""

    mine: dict[str, int]
    point: tuple[tuple[str, str, int], ...]

    @property
    def mine_total(self) -> int:
        return sum(self.mine.values())

    @property
    def point_total(self) -> int:
        return sum(n for _service, _mode, n in self.point)


@dataclass(frozen=True, slots=True)
class Floor:
    """An adviser's moment. ``ready`` in the order of the rules; ``others`` wait for colleagues."""

    current: Customer | None
    ready: tuple[Customer, ...]
    others: tuple[Customer, ...]
    coming: tuple[Customer, ...]
    ended: tuple[Customer, ...]
    served: Served


def floor_of(post: Post, now: datetime) -> Floor:
    """Everybody whom the adviser serves today, each in one of the lists."""
    booked = appointments(post.reach, post.day, post.zone)
    tickets = waiting_tickets(post.point) if post.point else []
    known = {ref_of(a.id): Customer(ref_of(a.id), appointment=a) for a in booked}
    for ticket in tickets:
        ref = f"ticket:{ticket.pk}"
        known[ref] = Customer(ref, ticket=TicketInfo.of(ticket))
    pool = waiting_pool(post.point, now) if post.point else own_calls(post, booked)
    order = ordered((w for w in pool if w.ref in known), adviser_at(post, now), now)
    chosen = {c.ref for c in order}
    left = [c for ref, c in known.items() if ref not in chosen]
    return Floor(
        current=current_of(post, booked),
        ready=tuple(replace(known[c.ref], choice=c) for c in order),
        others=tuple(c for c in left if c.ticket or c.state == State.ARRIVED),
        coming=tuple(c for c in left if c.state == State.CONFIRMED),
        ended=_ended(post, booked, now),
        served=served_of(post, booked),
    )


def _ended(post: Post, booked: Sequence[Appointment], now: datetime) -> tuple[Customer, ...]:
    """Whom the adviser served or missed today, the newest first."""
    tickets = recently_ended(post.point, now) if post.point else ()
    found = [
        (t.ended_at or now, Customer(f"ticket:{t.id}", ticket=t))
        for t in tickets
        if t.adviser_id == post.adviser_id
    ]
    found += [
        (a.served_until or a.start, Customer(f"booking:{a.id}", appointment=a))
        for a in booked
        if a.state in (State.SERVED, State.NO_SHOW) and a.served_by in (post.user_id, None)
    ]
    return tuple(customer for _at, customer in sorted(found, key=lambda pair: pair[0])[::-1])


def adviser_at(post: Post, now: datetime) -> Adviser:
    """Whom the adviser can serve: by the open desk, or by competence where there is none."""
    if post.session is not None:
        session = DeskSession.objects.select_related("adviser").get(pk=post.session.id)
        return as_adviser(session, now)
    person = Resource.objects.get(pk=post.adviser_id)
    return Adviser(str(person.pk), frozenset(person.services), frozenset(person.languages))


def ordered(pool: Iterable[Waiting], adviser: Adviser, now: datetime) -> tuple[Choice, ...]:
    """The adviser's queue if nobody else called: the rule asked again and again."""
    left = list(pool)
    found: list[Choice] = []
    while (choice := next_customer(left, now, adviser)) is not None:
        found.append(choice)
        left = [w for w in left if w.ref != choice.ref]
    return tuple(found)


def current_of(post: Post, booked: Sequence[Appointment]) -> Customer | None:
    """Whom the adviser has called or is serving."""
    if post.session is None:
        mine = (a for a in booked if a.state == State.SERVING and a.served_by == post.user_id)
        return next((Customer(ref_of(a.id), appointment=a) for a in mine), None)
    if ticket := ticket_at(post.session.id):
        return Customer(f"ticket:{ticket.id}", ticket=ticket)
    number = booking_at(post.session.id)
    one = appointment(number, post.reach) if number is not None else None
    return None if one is None else Customer(ref_of(one.id), appointment=one)


def own_calls(post: Post, booked: Sequence[Appointment]) -> tuple[Waiting, ...]:
    """Whom an adviser without a desk calls: their own meetings, each at its time."""
    return tuple(
        Waiting(
            ref=ref_of(a.id),
            service=a.service,
            since=min(a.arrived_at or a.start, a.start),
            mode=a.mode,
            language="" if a.interpreter else a.language,
            booked_at=a.start,
            only_adviser=str(a.adviser_id),
            order=a.id,
        )
        for a in booked
        if a.state in (State.CONFIRMED, State.ARRIVED) and a.adviser_id == post.adviser_id
    )


def served_of(post: Post, booked: Sequence[Appointment]) -> Served:
    """The adviser's own finished visits today, and the point's counts."""
    mine: Counter[str] = Counter()
    tickets = Ticket.objects.filter(adviser_id=post.adviser_id, visit_day=post.day)
    if walk_ins := tickets.filter(state=TicketState.SERVED).count():
        mine["walk_in"] = walk_ins
    mine.update(a.mode for a in booked if a.state == State.SERVED and a.served_by == post.user_id)
    return Served(dict(mine), visits_on(post.point, post.day) if post.point else ())


def visits_on(point: str, day: date) -> tuple[tuple[str, str, int], ...]:
    """A point's counted visits of a day: service, mode, number."""
    rows = DailyVisits.objects.filter(point_id=point, date=day, visits__gt=0)
    in_order = rows.order_by("service__position", "service_id", "mode")
    return tuple(in_order.values_list("service_id", "mode", "visits"))


def ref_of(booking_id: int) -> str:
    return f"booking:{booking_id}"
