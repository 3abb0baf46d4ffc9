"""One booking as the adviser opens it: who, what about, what was agreed and written."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from palveluverkko.booking.desk_queries import appointment, record
from palveluverkko.booking.models import Booking
from palveluverkko.messages import queries as outbox
from palveluverkko.walkins.floor import Customer, ref_of
from palveluverkko.walkins.posts import Post
from palveluverkko.web.desk import memory, words
from palveluverkko.web.desk.rights import advisers_page
from palveluverkko.web.desk.rows import presses
from palveluverkko.web.portal.booking.words import language


@advisers_page
def customer(request: HttpRequest, post: Post, booking_id: int) -> HttpResponse:
    """Only of the adviser's own point and pool; every look is logged."""
    one = appointment(booking_id, post.reach)
    if one is None:
        raise Http404(booking_id)
    memory.log_opened(one.id)
    details = record(one.id)
    names = words.service_names()
    movable = one.state == Booking.State.CONFIRMED
    context = {
        "one": one,
        "presses": presses(Customer(ref_of(one.id), appointment=one)),
        "move": reverse("booking", args=[details.link]) if movable else "",
        "details": details,
        "when": words.when(one.start, post.zone),
        "channel": words.channel(one.mode),
        "service": names.get(one.service, one.service),
        "language": language(one.language),
        "interpreter": language(one.interpreter) if one.interpreter else "",
        "state": words.state(one.state),
        "messages_sent": [
            (words.short_when(line.created_at, post.zone), line.subject, line.state_label)
            for line in outbox.about(f"booking:{one.id}")
        ],
    }
    return render(request, "desk/customer.html", context)
