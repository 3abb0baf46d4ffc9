"""Talk with an adviser by video now: the customer's page from anywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from palveluverkko.contact.models import Channel, Contact
from palveluverkko.meeting.errors import MeetingError
from palveluverkko.meeting.links import issue_link, open_link
from palveluverkko.meeting.meetings import meeting_for_contact
from palveluverkko.meeting.models import Seat
from palveluverkko.web import reports
from palveluverkko.web.meeting.passes import into_room
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.portal.call.views import IN_QUEUE
from palveluverkko.web.portal.video import queue


@require_safe
@private
def video(request: HttpRequest) -> HttpResponse:
    """Everything that the page may come to show; its script opens one step after the other."""
    if not reports.has_network():
        return render(request, "web/empty.html")
    context = queue.context(
        request, enter=reverse("video-enter"), join=reverse("video-join"), back=reverse("video")
    )
    return render(request, "portal/video/video.html", context)


@require_POST
@private
def enter(request: HttpRequest) -> HttpResponse:
    """Into the queue: the contact's token, or the code of what stands in the way."""
    contact, answer = queue.enter(request)
    if contact is not None:
        request.session[IN_QUEUE] = contact.token  # a callback takes the place along
    return answer


@require_POST
@private
def join(request: HttpRequest) -> HttpResponse:
    """An adviser has answered: into the meeting. The token proves whose turn it is."""
    token = request.POST.get("token", "")
    rows = Contact.objects.filter(token=token[:40], channel=Channel.VIDEO)
    contact = rows.filter(state=Contact.State.TALKING).first() if token else None
    if contact is None:
        return redirect("video")
    now = clock.now()
    try:
        meeting = meeting_for_contact(contact.pk, now)
        issued = issue_link(meeting.pk, Seat.Role.CUSTOMER, now=now)
        given = open_link(issued.link, now=now)
    except MeetingError:
        return redirect("video")
    return into_room(request, given)
