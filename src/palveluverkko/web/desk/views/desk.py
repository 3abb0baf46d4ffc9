"""The adviser's page: one list over all channels, and the customer at the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from palveluverkko.booking.desk_queries import adviser_of_user, search
from palveluverkko.walkins.floor import Customer, floor_of, ref_of
from palveluverkko.walkins.hours import walk_in_hours
from palveluverkko.walkins.posts import Post, colleagues, free_desks
from palveluverkko.web.desk import memory, words
from palveluverkko.web.desk.rights import (
    SERVES,
    advisers_page,
    is_manager,
    not_an_adviser,
    staff_page,
)
from palveluverkko.web.desk.rows import Row, lists
from palveluverkko.web.desk.sentences import last_done_words
from palveluverkko.web.portal import clock

MOST_ENDED = 12


@staff_page
def desk(request: HttpRequest) -> HttpResponse:
    """An adviser's desk; others are sent to the page that is theirs."""
    if adviser_of_user(request.user) is not None and request.user.has_perm(SERVES):
        return show(request)
    if is_manager(request.user):
        return redirect("desk-day")
    if request.user.has_perms(("demand.add_dailyvisits", "demand.change_dailyvisits")):
        return redirect("desk-tallies")
    raise PermissionDenied(not_an_adviser(request.user))


@advisers_page
def show(request: HttpRequest, post: Post) -> HttpResponse:
    return render(request, "desk/desk.html", desk_context(request, post))


@advisers_page
def find(request: HttpRequest, post: Post) -> HttpResponse:
    """Search by reference or name. What was asked for stays out of the address."""
    asked = request.POST.get("q", "")[:100]
    if request.method != "POST" or not asked.strip():
        return redirect("desk")
    found = search(asked, post.reach, clock.now())
    memory.log_listed(request, [a.id for a in found], post.day)
    rows = [found_row(Customer(ref_of(a.id), appointment=a), post) for a in found]
    context = desk_context(request, post) | {"asked": asked, "found": rows}
    return render(request, "desk/desk.html", context)


def found_row(customer: Customer, post: Post) -> dict[str, Any]:
    """A found booking: like a row of the list, with its own day."""
    one = customer.appointment
    assert one is not None
    return {
        "booking": one.id,
        "when": words.short_when(one.start, post.zone),
        "name": one.name,
        "channel": words.channel(one.mode),
        "state": words.state(one.state),
        "reference": one.reference,
    }


def desk_context(request: HttpRequest, post: Post) -> dict[str, Any]:
    """All that the page shows; whose bookings they are is logged."""
    now = clock.now()
    floor = floor_of(post, now)
    shown = lists(floor, post)
    listed = [c for part in (floor.ready, floor.coming, floor.others, floor.ended) for c in part]
    listed += [floor.current] if floor.current else []
    memory.log_listed(request, [c.appointment.id for c in listed if c.appointment], post.day)
    names = words.service_names()
    context = {
        "post": post,
        "now": words.clock(now, post.zone),
        "shifts": [_shift(s, post) for s in post.shifts],
        "reserve_until": _reserve_until(post, now),
        "desks": free_desks(post) if post.session is None and post.point else (),
        "lists": shown,
        "ended": shown.ended[:MOST_ENDED],
        "next": _next(shown.ready) if floor.current is None else None,
        "served": floor.served,
        "mine": [(words.channel(m), n) for m, n in sorted(floor.served.mine.items())],
        "visits": [(names.get(s, s), words.channel(mode), n) for s, mode, n in floor.served.point],
        "undo": last_done_words(memory.last_done(request), post),
        "keys_on": memory.shortcuts_on(request),
        "is_manager": is_manager(request.user),
        "draft": memory.take_draft(request),
        "texts": {
            "offline": _("The connection is lost. What you typed is kept; it is tried again."),
            "signedOut": _("You have been signed out. What you typed is kept in this window."),
            "saving": _("Saving…"),
        },
    }
    return context | _current_context(floor.current, post)


def _current_context(current: Customer | None, post: Post) -> dict[str, Any]:
    """What can be done with the customer at the desk, and what the booking says."""
    if current is None:
        return {}
    if current.ticket is None:
        return {"appointment": current.appointment}
    given = walk_in_hours(post.point, None, clock.now()).services if post.point else ()
    names = words.service_names()
    return {
        "services": [(code, names.get(code, code)) for code in given],
        "colleagues": colleagues(post),
        "service_now": current.ticket.service,
    }


def _next(ready: tuple[Row, ...]) -> Row | None:
    return ready[0] if ready else None


def _reserve_until(post: Post, now: datetime) -> str:
    """Until when the roster keeps the adviser for urgent matters; empty: not now."""
    ends = [s.end for s in post.shifts if s.urgent_only and s.start <= now < s.end]
    return words.clock(max(ends), post.zone) if ends else ""


def _shift(shift: Any, post: Post) -> str:
    hours = {
        "start": words.clock(shift.start, post.zone),
        "end": words.clock(shift.end, post.zone),
    }
    if shift.desk is not None:
        return _("%(start)s–%(end)s, %(desk)s") % {**hours, "desk": shift.desk.name}
    return _("%(start)s–%(end)s") % hours
