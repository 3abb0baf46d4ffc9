"""One booking as the adviser opens it: who, what about, what was agreed and written."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from palveluverkko.booking import contact_details, offerings, outlets
from palveluverkko.booking.desk_queries import Appointment, appointment, record
from palveluverkko.booking.meeting_links import Door, rooms_in_service
from palveluverkko.booking.models import Booking, BookingMode
from palveluverkko.meeting import invitations
from palveluverkko.messages import queries as outbox
from palveluverkko.walkins.floor import Customer, ref_of
from palveluverkko.walkins.posts import Post, post_of
from palveluverkko.web.desk import memory, words
from palveluverkko.web.desk.rights import advisers_page, is_manager, staff_page
from palveluverkko.web.desk.rows import Press, presses, presses_another_day
from palveluverkko.web.desk.worklist import CHANNELS
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.words import language


@staff_page
def customer(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Of the adviser's own point and pool, for managers of any; every look is logged."""
    if is_manager(request.user):
        return _page(request, booking_id, post_of(request.user, clock.now()), everywhere=True)
    return _own(request, booking_id)


@advisers_page
def _own(request: HttpRequest, post: Post, booking_id: int) -> HttpResponse:
    return _page(request, booking_id, post)


def _page(
    request: HttpRequest, booking_id: int, post: Post | None, *, everywhere: bool = False
) -> HttpResponse:
    mine = appointment(booking_id, post.reach) if post is not None else None
    one = mine or (appointment(booking_id, None) if everywhere else None)
    if one is None:
        raise Http404(booking_id)
    zone = offerings.current().zone_of(one.point)
    memory.log_opened(one.id)
    details = record(one.id, clock.now())
    names = words.service_names()
    movable = one.state == Booking.State.CONFIRMED
    context = {
        "one": one,
        # Pressed at a desk only: a manager elsewhere moves or cancels.
        "presses": _presses(one, post) if mine and post else (),
        "another_day": bool(mine and post and _day(one) != post.day and movable),
        "move": reverse("booking", args=[details.link]) if movable else "",
        "reach_open": one.state in contact_details.OPEN,
        "details": details,
        "door": details.door if mine else None,
        "door_shown_from": _door_shown_from(details.door, zone),
        "invited": invitations.invited_to(one.id) if mine else (),
        "in_room": one.mode == BookingMode.VIDEO_ROOM,
        "pasted": not rooms_in_service(),
        "when": words.when(one.start, zone),
        "channel": words.channel(one.mode),
        "service": names.get(one.service, one.service),
        "language": language(one.language),
        "interpreter": language(one.interpreter) if one.interpreter else "",
        "state": words.state(one.state),
        "messages_sent": [
            (
                words.short_when(line.created_at, zone),
                line.subject or CHANNELS.get(line.channel, line.channel),
                line.state_label,
            )
            for line in outbox.about(f"booking:{one.id}")
        ],
    }
    return render(request, "desk/customer.html", context)


def _day(one: Appointment) -> date:
    return outlets.local_date(one.start, offerings.current().zone_of(one.point))


def _presses(one: Appointment, post: Post) -> tuple[Press, ...]:
    customer = Customer(ref_of(one.id), appointment=one)
    if _day(one) == post.day:
        return presses(customer)
    return presses_another_day(customer, ahead=_day(one) > post.day)


def _door_shown_from(door: Door | None, zone: str) -> str:
    """From when the button is shown; empty where there is none to wait for."""
    return words.clock(door.opens_at, zone) if door and door.opens_at and not door.open else ""
