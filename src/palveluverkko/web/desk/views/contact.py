"""Staff correct how the customer of a booking is reached."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from palveluverkko.booking import contact_details
from palveluverkko.booking.customers import customer_of
from palveluverkko.booking.desk_queries import Appointment, appointment
from palveluverkko.booking.errors import BookingError, CustomerInvalid
from palveluverkko.booking.models import Booking
from palveluverkko.walkins.posts import Post, post_of
from palveluverkko.web.desk import memory, words
from palveluverkko.web.desk.rights import advisers_page, is_manager, staff_page
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.forms import CustomerForm
from palveluverkko.web.portal.booking.who import Booker

NOT_HERE = ("matter", "needs", "area")  # the customer's own words stay as they are


@staff_page
def contact(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Of the adviser's own point and pool, for managers of any."""
    if is_manager(request.user):
        return _page(request, booking_id, post_of(request.user, clock.now()), everywhere=True)
    return _own(request, booking_id)


@advisers_page
def _own(request: HttpRequest, post: Post, booking_id: int) -> HttpResponse:
    return _page(request, booking_id, post)


def _page(
    request: HttpRequest, booking_id: int, post: Post | None, *, everywhere: bool = False
) -> HttpResponse:
    one = appointment(booking_id, post.reach) if post is not None else None
    one = one or (appointment(booking_id, None) if everywhere else None)
    if one is None:
        raise Http404(booking_id)
    if one.state not in contact_details.OPEN:
        messages.warning(request, _("This booking is over. How to reach the customer stays."))
        return redirect("desk-customer", booking_id=booking_id)
    if request.method == "POST":
        return _save(request, one)
    memory.log_opened(one.id)
    kept = customer_of(Booking.objects.get(pk=one.id))
    names = contact_details.FIELDS
    return _form(request, one, {name: getattr(kept, name) for name in names}, None)


def _save(request: HttpRequest, one: Appointment) -> HttpResponse:
    form = _typed(request, one, request.POST)
    valid = form.is_valid()
    try:
        if not valid:
            return _form(request, one, None, form)
        changed = contact_details.change_contact(
            one.id,
            form.customer(),
            by=request.user,
            tell=request.POST.get("tell") == "on",
            now=clock.now(),
        )
    except CustomerInvalid as wrong:
        form.refuse(wrong)
        return _form(request, one, None, form)
    except BookingError as error:
        messages.error(request, words.problem(error, "UTC"))
    else:
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return redirect("desk-customer", booking_id=one.id)


def _typed(request: HttpRequest, one: Appointment, data: Any, initial: Any = None) -> CustomerForm:
    booker = Booker(Booking.Via.ADVISER, request.user)
    form = CustomerForm(data, mode=one.mode, booker=booker, initial=initial)
    for name in NOT_HERE:
        form.fields.pop(name, None)
    for field in form.fields.values():
        field.help_text = ""  # said to customers
    form.fields["contact_language"].label = _("Language of messages")
    form.fields["reminders"].label = _("Reminders before the appointment")
    return form


def _form(
    request: HttpRequest, one: Appointment, kept: Any, typed: CustomerForm | None
) -> HttpResponse:
    form = typed or _typed(request, one, None, kept)
    tell = typed is None or request.POST.get("tell") == "on"
    context = {"one": one, "form": form, "tell": tell}
    return render(request, "desk/contact.html", context, status=422 if typed else 200)
