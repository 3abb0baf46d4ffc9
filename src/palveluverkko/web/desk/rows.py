"""Customers of the list as rows: what is told of each, and which presses are possible."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from palveluverkko.booking.models import Booking
from palveluverkko.meeting.queries import customers_at_the_door
from palveluverkko.walkins.floor import Customer, Floor
from palveluverkko.walkins.models import TicketState
from palveluverkko.walkins.posts import Post
from palveluverkko.web.desk import words
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.words import language

State = Booking.State


@dataclass(frozen=True, slots=True)
class Press:
    """A button: what it does to whom, its words, and its key where it has one."""

    verb: str
    ref: str
    text: str
    key: str = ""
    primary: bool = False

    @property
    def value(self) -> str:
        return f"{self.verb} {self.ref}".strip()

    @property
    def id(self) -> str:
        """Stays the same from one look at the page to the next, for the focus."""
        return f"do-{self.verb}-{self.ref.replace(':', '-')}".strip("-")


@dataclass(frozen=True, slots=True)
class Row:
    """One customer in words. ``booking``: the id of a record that can be opened."""

    ref: str
    title: str
    channel: str
    mode: str
    details: tuple[str, ...]
    why: str = ""
    state: str = ""
    presses: tuple[Press, ...] = ()
    booking: int | None = None
    ticket: bool = False
    serving: bool = False
    video: bool = False  # the video room can be opened now
    at_door: bool = False  # and the customer waits there


@dataclass(frozen=True, slots=True)
class Lists:
    """The page's lists. Keys stand on one button each: the first that they can mean."""

    current: Row | None
    ready: tuple[Row, ...]
    coming: tuple[Row, ...]
    others: tuple[Row, ...]
    ended: tuple[Row, ...]


def lists(floor: Floor, post: Post) -> Lists:
    """The floor in words, with a key on the button that each key presses."""
    names = words.service_names()
    parts = ("ready", "coming", "others", "ended")
    waiting = _at_the_door(c for part in parts for c in getattr(floor, part))
    rows = {part: [_row(c, post, names, waiting) for c in getattr(floor, part)] for part in parts}
    arrivals = _keyed("arrive", "a", rows["coming"])
    current = _current(floor.current, post, names) if floor.current else None
    return Lists(
        current=current,
        ready=tuple(rows["ready"]),
        coming=arrivals,
        others=tuple(rows["others"]),
        ended=tuple(rows["ended"]),
    )


def _keyed(verb: str, key: str, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The key on the first button of that verb."""
    done = False
    result = []
    for row in rows:
        buttons = list(row.presses)
        for place, press in enumerate(buttons):
            if press.verb == verb and not done:
                buttons[place], done = replace(press, key=key), True
        result.append(replace(row, presses=tuple(buttons)))
    return tuple(result)


def _at_the_door(customers: Iterable[Customer]) -> frozenset[int]:
    """The bookings whose customer waits in the video room."""
    by_video = [c.appointment.id for c in customers if c.appointment and c.appointment.opens_at]
    return customers_at_the_door(by_video, clock.now())


def _row(customer: Customer, post: Post, names: dict[str, str], waiting: Container[int]) -> Row:
    row = _told(customer, post, names)
    why = words.reason(customer.choice) if customer.choice is not None else ""
    return replace(row, why=why, presses=presses(customer), at_door=row.booking in waiting)


def _told(customer: Customer, post: Post, names: dict[str, str]) -> Row:
    """Who it is and what it is about."""
    if ticket := customer.ticket:
        details = [names.get(ticket.service, ticket.service)]
        details += [language(ticket.language)] if ticket.language else []
        details += [_("urgent")] if ticket.urgent else []
        details.append(
            _("number taken at %(time)s") % {"time": words.clock(ticket.taken_at, post.zone)}
        )
        if ticket.come_back_at:
            back = {"time": words.clock(ticket.come_back_at, post.zone)}
            details.append(_("comes back at %(time)s") % back)
        return Row(
            customer.ref,
            ticket.label,
            words.channel("walk_in"),
            "walk_in",
            tuple(details),
            state=str(dict(TicketState.choices).get(ticket.state, "")),
            ticket=True,
            serving=ticket.state == TicketState.SERVING,
        )
    one = customer.appointment
    assert one is not None
    details = [names.get(one.service, one.service), language(one.language)]
    details += [_("interpreter: %(language)s") % {"language": language(one.interpreter)}] * bool(
        one.interpreter
    )
    if one.adviser and one.adviser_id != post.adviser_id:
        details.append(_("with %(adviser)s") % {"adviser": one.adviser})
    details.append(_("booking %(reference)s") % {"reference": one.reference})
    return Row(
        customer.ref,
        f"{words.clock(one.start, post.zone)} {one.name}",
        words.channel(one.mode),
        one.mode,
        tuple(details),
        state=words.state(one.state),
        booking=one.id,
        serving=one.state == State.SERVING,
        video=one.room_is_open(clock.now()),
    )


def presses(customer: Customer) -> tuple[Press, ...]:
    """What can be done with a row that is not at the desk."""
    ref = customer.ref
    if customer.ticket is not None:
        if customer.state != TicketState.WAITING:
            return ()
        buttons = [Press("call", ref, _("Call"))]
        if customer.ticket.come_back_at:
            buttons.append(Press("wait_here", ref, _("Is here already")))
        return (*buttons, Press("leave", ref, _("Has left")))
    one = customer.appointment
    assert one is not None
    start = Press("call", ref, _("Start"))
    missed = Press("no_show", ref, _("Did not come"))
    if one.state == State.ARRIVED:
        return (start, missed)
    if one.state != State.CONFIRMED:
        return ()
    if one.adviser_begins:
        return (start, missed)
    return (Press("arrive", ref, _("Arrived")), missed)


def presses_another_day(customer: Customer, *, ahead: bool) -> tuple[Press, ...]:
    """What can be done with a booking that is not for today: ``ahead``, or of a day before."""
    found = presses(customer)
    if not found:
        return ()
    start = Press("call", customer.ref, _("Start"))
    return (start,) if ahead else (start, Press("no_show", customer.ref, _("Did not come")))


def _current(customer: Customer, post: Post, names: dict[str, str]) -> Row:
    """The customer at the desk, with the presses that have keys."""
    row, ref = _told(customer, post, names), customer.ref
    finish = Press("finish", ref, _("Finish"), "f", primary=True)
    missed = Press("no_show", ref, _("Did not come"), "x")
    if customer.ticket is None:
        return replace(row, presses=(finish, missed))
    if customer.state == TicketState.SERVING:
        return replace(row, presses=(finish,))
    start = Press("start", ref, _("Start"), "s", primary=True)
    return replace(row, presses=(start, Press("recall", ref, _("Call again"), "r"), missed))
