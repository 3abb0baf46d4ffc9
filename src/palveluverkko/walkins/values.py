"""What leaves walk-ins: tickets and open desks as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from palveluverkko.queueing import Choice
from palveluverkko.walkins.models import DeskSession, Ticket


@dataclass(frozen=True, slots=True)
class TicketInfo:
    """A ticket as it stands. ``desk`` is the desk's name; ``sms`` says that a call is sent."""

    id: int
    token: str
    point: str
    day: date
    number: int
    label: str
    service: str
    language: str
    urgent: bool
    state: str
    via: str
    taken_at: datetime
    come_back_at: datetime | None
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    times_called: int
    transfers: int
    desk_id: int | None
    desk: str
    adviser_id: int | None
    sms: bool

    @classmethod
    def of(cls, ticket: Ticket) -> TicketInfo:
        return cls(
            id=ticket.pk,
            token=ticket.token,
            point=ticket.point_id,
            day=ticket.day,
            number=ticket.number,
            label=ticket.label,
            service=ticket.service_id,
            language=ticket.language,
            urgent=ticket.urgent,
            state=str(ticket.state),
            via=ticket.via,
            taken_at=ticket.taken_at,
            come_back_at=ticket.come_back_at,
            called_at=ticket.called_at,
            started_at=ticket.started_at,
            ended_at=ticket.ended_at,
            times_called=ticket.times_called,
            transfers=ticket.transfers,
            desk_id=ticket.desk_id,
            desk=ticket.desk.name if ticket.desk else "",
            adviser_id=ticket.adviser_id,
            sms=bool(ticket.phone),
        )


@dataclass(frozen=True, slots=True)
class DeskInfo:
    """An adviser at a desk. ``state`` is ``ready`` or ``break``."""

    id: int
    adviser_id: int
    adviser: str
    desk_id: int
    desk: str
    point: str
    day: date
    since: datetime
    until: datetime | None
    state: str

    @classmethod
    def of(cls, session: DeskSession) -> DeskInfo:
        return cls(
            id=session.pk,
            adviser_id=session.adviser_id,
            adviser=session.adviser.name,
            desk_id=session.desk_id,
            desk=session.desk.name,
            point=session.point_id,
            day=session.day,
            since=session.since,
            until=session.until,
            state=str(session.state),
        )


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the waiting room's screen: a ticket's number or a booking's reference."""

    label: str
    desk: str
    called_at: datetime
    times: int = 1


@dataclass(frozen=True, slots=True)
class Next:
    """Who was called: a ticket, or the booked customer of ``booking_id``, who is being served.

    All are ``None`` when nobody who fits is ready. ``again``: the customer had been called by
    an earlier press, nothing was changed; ``choice`` is then ``None``.
    """

    ticket: TicketInfo | None = None
    choice: Choice | None = None
    booking_id: int | None = None
    again: bool = False
