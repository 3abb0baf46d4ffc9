"""Leave to call: for an adviser's own callback, or for a booking that the adviser may open."""

from __future__ import annotations

from datetime import datetime

from auditlog.signals import accessed
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palveluverkko.booking.desk_queries import appointment
from palveluverkko.contact import callback_queries, limits
from palveluverkko.contact.callback_errors import TooManyAsks
from palveluverkko.contact.dialling import dialler
from palveluverkko.contact.dialling.tickets import Ticket, ticket_for
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest
from palveluverkko.contact.turn import ice_servers
from palveluverkko.walkins.posts import Post
from palveluverkko.web.desk import memory
from palveluverkko.web.desk.rights import advisers_page
from palveluverkko.web.portal import clock


@require_POST
@advisers_page
def ticket(request: HttpRequest, post: Post) -> HttpResponse:
    """``of`` names whom to call: ``callback 7`` (an open attempt) or ``booking 12``.

    The number is ours to look up: a page cannot ask for one. 404 where there is none to call.
    """
    if not dialler().in_page:
        return _problem(_("Calls are not made from this page."), 404)
    kind, _space, digits = request.POST.get("of", "").partition(" ")
    pk = int(digits) if digits.isdecimal() and len(digits) < 19 else 0
    now = clock.now()
    number = _number(post, kind, pk)
    if not number:
        return _problem(_("There is nobody to call here. Look at the list again."), 404)
    try:
        made = _made(post, number, now)
    except ValueError as error:
        return _problem(str(error), 409)
    except TooManyAsks:
        return _problem(_("Too many calls within the hour. Call by hand."), 429)
    _log(kind, pk)
    return JsonResponse(
        {
            "number": made.number,
            "name": made.name,
            "password": made.password,
            "ice": ice_servers(),
        }
    )


def _number(post: Post, kind: str, pk: int) -> str:
    """Of the adviser's own call, or of a booking in reach; empty where there is none."""
    if kind == "callback":
        call = callback_queries.call_of(post.adviser_id)
        return call.phone if call is not None and call.attempt == pk else ""
    if kind == "booking":
        one = appointment(pk, post.reach)
        return one.phone if one is not None else ""
    return ""


def _made(post: Post, number: str, now: datetime) -> Ticket:
    """The telephone server goes by the real time, whatever day a page shows."""
    with transaction.atomic():
        limits.count_dial(post.adviser_id, number, now)
        return ticket_for(number, settings.SIP_SECRET, timezone.now())


def _log(kind: str, pk: int) -> None:
    """Who has rung whom stands in the log, as every look at a customer does."""
    if kind == "booking":
        memory.log_opened(pk)
        return
    of = CallbackAttempt.objects.filter(pk=pk).values("request")
    for row in CallbackRequest.objects.filter(pk__in=of):
        accessed.send(sender=CallbackRequest, instance=row)


def _problem(text: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": text}, status=status)
