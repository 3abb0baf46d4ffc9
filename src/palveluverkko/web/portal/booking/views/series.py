"""Weekly bookings for somebody else: which weeks can be had, and all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from palveluverkko.booking import offerings
from palveluverkko.booking.customers import checked
from palveluverkko.booking.errors import BookingError, CustomerInvalid, SlotTaken
from palveluverkko.booking.links import signed
from palveluverkko.booking.series import SeriesTaken, Week, book_series, preview, weekly
from palveluverkko.booking.wishes import Wish
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.booking import problems
from palveluverkko.web.portal.booking.asked import Choice, ChoiceForm
from palveluverkko.web.portal.booking.days import start_of, value_of
from palveluverkko.web.portal.booking.forms import CustomerForm
from palveluverkko.web.portal.booking.island import island
from palveluverkko.web.portal.booking.pages import new_page, page_of
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.portal.booking.views.start import summary
from palveluverkko.web.portal.booking.who import Booker, booker_of
from palveluverkko.web.portal.words import clock as clock_words
from palveluverkko.web.portal.words import weekday_and_date


@dataclass(frozen=True, slots=True)
class Option:
    """A time of one week as a choice of the form."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One week: free as asked for, or why not, with the nearest times to choose from."""

    name: str
    problem: str
    options: tuple[Option, ...]


@private
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HttpRequest) -> HttpResponse:
    now, booker, known = clock.now(), booker_of(request), register.current()
    if not booker.for_others:
        raise PermissionDenied(_("Only advisers and partners book several weeks at once."))
    given = request.POST if request.method == "POST" else request.GET
    chosen = ChoiceForm(given, known, booker, now.date())
    start = start_of(given.get("start", ""))
    if not chosen.is_valid() or start is None:
        return problems.forged(request)
    choice = chosen.choice()
    asked = weekly(choice.wish(start), choice.weeks)
    if request.method == "POST":
        return _answer(request, choice, asked, booker, now)
    form = CustomerForm(mode=choice.mode, booker=booker)
    return _page(request, choice, asked, preview(asked, now), form, new_page())


def _answer(
    request: HttpRequest, choice: Choice, asked: Sequence[Wish], booker: Booker, now: datetime
) -> HttpResponse:
    form = CustomerForm(request.POST, mode=choice.mode, booker=booker)
    page = page_of(request.POST)
    starts = [start_of(request.POST.get(f"week-{n}", "")) for n in range(len(asked))]
    wishes = [wish.at(start or wish.start) for wish, start in zip(asked, starts, strict=True)]
    if page is None:
        return problems.forged(request)
    valid = form.is_valid()
    try:
        checked(form.customer(), choice.mode, by_staff=True)
        if not valid:
            return _page(request, choice, asked, preview(wishes, now), form, page)
        made = book_series(
            wishes,
            form.customer(),
            key=page,
            via=booker.via,
            by=booker.user,
            partner=form.cleaned_data.get("partner", ""),
            now=now,
        )
    except CustomerInvalid as wrong:
        form.refuse(wrong)
        return _page(request, choice, asked, preview(wishes, now), form, page)
    except SeriesTaken as taken:
        return _page(request, choice, asked, taken.weeks, form, page, status=409)
    except BookingError as error:
        return problems.page(request, error, choice, now)
    text = ngettext("%(n)s appointment is booked.", "%(n)s appointments are booked.", len(made))
    messages.success(request, text % {"n": len(made)})
    links = [signed("booking", booking.token) for booking in made]
    return redirect("booking-made", link=links[0])


def _page(
    request: HttpRequest,
    choice: Choice,
    asked: Sequence[Wish],
    weeks: Sequence[Week],
    form: CustomerForm,
    page: str,
    status: int = 0,
) -> HttpResponse:
    zone = ZoneInfo(offerings.current().zone_of(choice.at))
    context = {
        "choice": choice,
        "start": value_of(asked[0].start),
        "rows": [_row(week, zone) for week in weeks],
        "taken": sum(week.error is not None for week in weeks),
        "form": form,
        "booker": booker_of(request),
        "page": page,
        "refused": status == 409,
        "island": island(0),
        **summary(choice, register.current()),
    }
    status = status or (422 if form.errors else 200)
    return render(request, "portal/booking/series.html", context, status=status)


def _row(week: Week, zone: ZoneInfo) -> Row:
    asked = _option(week.wish.start, zone, chosen=week.error is None)
    if week.error is None:
        return Row(asked.text, "", (asked,))
    near = tuple(_option(t.start, zone, chosen=n == 0) for n, t in enumerate(week.nearest))
    return Row(asked.text, _why_not(week), near)


def _why_not(week: Week) -> str:
    if not week.nearest:
        return _("There is no free time near this one. Choose fewer weeks.")
    if isinstance(week.error, SlotTaken):
        return _("This time is taken. Choose another one:")
    assert week.error is not None
    return problems.explain(week.error).title


def _option(start: datetime, zone: ZoneInfo, chosen: bool) -> Option:
    local = start.astimezone(zone)
    text = _("%(day)s at %(time)s") % {
        "day": weekday_and_date(local.date()),
        "time": clock_words(local),
    }
    return Option(value_of(start), text, chosen)
