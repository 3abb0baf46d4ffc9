"""Work lists: every booking that cannot be kept, until each is moved, called or declined."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from auditlog.signals import accessed
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from palveluverkko.booking import closures, services
from palveluverkko.booking.errors import BookingError, NotOpenAnyMore, WithNearest
from palveluverkko.booking.models import Affected, Booking, Closure
from palveluverkko.web.desk import alternatives, words, worklist
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock


@managers_page
def work_lists(request: HttpRequest) -> HttpResponse:
    rows = [(c, worklist.title(c), c.total - c.to_do) for c in closures.work_lists()[:200]]
    context = {
        "open": [row for row in rows if row[0].to_do],
        "done": [row for row in rows if not row[0].to_do][:50],
    }
    return render(request, "desk/work_lists.html", context)


@managers_page
def work_list(request: HttpRequest, closure_id: int) -> HttpResponse:
    closure = get_object_or_404(Closure.objects.select_related("point", "person"), pk=closure_id)
    if request.method == "POST":
        _settle(request, closure)
        return redirect("desk-work", closure_id=closure_id)
    rows = worklist.lines(closure)
    for line in rows:
        accessed.send(sender=Booking, instance=line.booking)
    asked = request.GET.get("times", "")
    chosen = next((line for line in rows if str(line.id) == asked and line.to_do), None)
    context = {
        "closure": closure,
        "title": worklist.title(closure),
        "lines": [line for line in rows if line.to_do],
        "settled": [line for line in rows if not line.to_do],
        "total": len(rows),
        "done": sum(not line.to_do for line in rows),
        "chosen": chosen,
        "places": alternatives.for_booking(chosen.booking, clock.now()) if chosen else (),
        "key": uuid4().hex,
        "can_take_back": closure.cause == Closure.Cause.CLOSED_DAYS,
    }
    return render(request, "desk/work_list.html", context)


def _settle(request: HttpRequest, closure: Closure) -> None:
    what, _space, number = request.POST.get("do", "").partition(" ")
    if what == "take_back":
        closures.take_back(closure, by=request.user)
        messages.success(request, _("The days are open after all. Customers are told so."))
        return
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    row = closure.affected.select_related("booking").filter(pk=pk).first()
    act = ACTS.get(what)
    if row is None or act is None:
        messages.error(request, _("Nothing was changed. Look at the list again."))
        return
    who = {"who": row.booking.name or row.booking.reference}
    try:
        messages.success(request, act(request, row) % who)
    except NotOpenAnyMore as error:
        messages.error(request, words.problem(error, "UTC"))
    except WithNearest:
        messages.error(request, _("That time is gone. Choose another one."))
    except BookingError:
        messages.error(request, _("The booking cannot be moved there."))


def _send(request: HttpRequest, row: Affected) -> str:
    sent = closures.send_alternatives(row, by=request.user)
    if sent.state == Affected.State.OFFERED:
        return _("Alternatives were sent to %(who)s.")
    return _("%(who)s cannot be reached by message. Please call, or write a letter.")


def _called(request: HttpRequest, row: Affected) -> str:
    closures.called(row, note_text=plain_text(request.POST.get("note"), 300), by=request.user)
    return _("%(who)s was called and knows.")


def _declined(request: HttpRequest, row: Affected) -> str:
    closures.declined(row, note_text=plain_text(request.POST.get("note"), 300), by=request.user)
    return _("%(who)s wants no other time. The booking is cancelled.")


def _move(request: HttpRequest, row: Affected) -> str:
    """``to``: mode, point (may be empty) and start, as :mod:`alternatives` wrote them."""
    mode, point, start = alternatives.read(request.POST.get("to", ""))
    if start is None:
        return _("Choose a time for %(who)s.")
    services.move(
        row.booking_id,
        start,
        key=f"work:{row.pk}:{plain_text(request.POST.get('key'), 32)}",
        point=point,
        mode=mode,
        by=request.user,
        by_staff=True,
        now=clock.now(),
    )
    return _("%(who)s has a new time and is told of it.")


ACTS: dict[str, Callable[[HttpRequest, Affected], str]] = {
    "send": _send,
    "called": _called,
    "declined": _declined,
    "move": _move,
}
