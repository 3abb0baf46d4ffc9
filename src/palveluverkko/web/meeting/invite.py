"""Inviting a third person: from the meeting itself, by the adviser or the customer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palveluverkko.meeting import invitations
from palveluverkko.meeting.errors import MeetingError, MeetingFull
from palveluverkko.meeting.invitations import CannotBeSent, Invitation, Invited
from palveluverkko.meeting.links import seat_of_pass
from palveluverkko.meeting.models import Seat
from palveluverkko.meeting.signalling.page import serves_as
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.meeting.passes import held
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.private import private

MAY_INVITE = (Seat.Role.ADVISER, Seat.Role.CUSTOMER)


@require_POST
@private
def invite(request: HttpRequest) -> HttpResponse:
    """As JSON: ``said``, and the ``address`` to hand on; or ``problem``, a sentence."""
    seat = _inviting(request)
    if seat is None:
        return JsonResponse({"problem": _("You are not in the meeting any more.")}, status=404)
    by = request.user if request.user.is_authenticated and seat.role == "adviser" else None
    try:
        made = invitations.invite(seat.meeting_id, wanted(request), by=by, now=clock.now())
    except MeetingError as error:
        return JsonResponse({"problem": problem(error)}, status=422)
    return JsonResponse(told(made))


def wanted(request: HttpRequest) -> Invitation:
    """What the form says; nonsense is refused by the verb."""
    given: dict[str, Any] = {
        name: plain_text(request.POST.get(name), most)
        for name, most in (("role", 20), ("label", 80), ("how", 10), ("to", 254), ("language", 8))
    }
    return Invitation(**given)


def told(made: Invited) -> dict[str, str]:
    """The link is told also where it was sent: a message may be slow."""
    said = (
        _("The link was sent to %(to)s.") % {"to": made.sent_to}
        if made.sent_to
        else _("Copy the link and give it to the person. It works once.")
    )
    return {"said": said, "address": made.address}


def problem(error: MeetingError) -> str:
    if isinstance(error, CannotBeSent):
        return error.said
    if isinstance(error, MeetingFull):
        return _("Six people are the most. Take somebody out or an invitation back first.")
    return _("Nobody can be invited to this meeting any more.")


def _inviting(request: HttpRequest) -> Seat | None:
    """The adviser or the customer whose pass the browser has."""
    seat = seat_of_pass(held(request))
    if seat is None or seat.role not in MAY_INVITE or seat.state != Seat.State.INSIDE:
        return None
    if seat.role == Seat.Role.ADVISER and not serves_as(request.user, seat.meeting.adviser_id):
        return None
    return seat
