"""From a booking's own page into its video meeting, without a login."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palveluverkko.booking.links import read_link
from palveluverkko.booking.meeting_links import door_of
from palveluverkko.booking.models import Booking
from palveluverkko.meeting.errors import MeetingError
from palveluverkko.meeting.links import issue_link, open_link
from palveluverkko.meeting.meetings import meeting_for_booking
from palveluverkko.meeting.models import Seat
from palveluverkko.web.meeting.passes import into_room
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.private import by_link


@by_link(read_link)
@require_POST
def video(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    """The customer's seat, for this browser: where it was open in another one, it goes on here."""
    now = clock.now()
    door = door_of(found, now)
    try:
        if door is None or not (door.ours and door.open):
            raise MeetingError
        meeting = meeting_for_booking(found.pk, now)
        issued = issue_link(meeting.pk, Seat.Role.CUSTOMER, now=now)
        return into_room(request, open_link(issued.link, now=now))
    except MeetingError:
        messages.warning(request, _("The meeting is not open now. This page tells when it is."))
        return redirect("booking", link=link)
