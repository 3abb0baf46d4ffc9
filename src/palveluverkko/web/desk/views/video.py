"""The adviser opens the video room of a booking or of a contact, and invites others to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palveluverkko.booking.desk_queries import appointment
from palveluverkko.contact.models import Channel, Contact
from palveluverkko.meeting import invitations
from palveluverkko.meeting.errors import MeetingError
from palveluverkko.meeting.links import adviser_pass
from palveluverkko.meeting.meetings import meeting_for_booking, meeting_for_contact
from palveluverkko.walkins.posts import Post
from palveluverkko.web.desk.rights import advisers_page
from palveluverkko.web.meeting.invite import problem, told, wanted
from palveluverkko.web.meeting.passes import into_room
from palveluverkko.web.portal import clock


@require_POST
@advisers_page
def booked(request: HttpRequest, post: Post, booking_id: int) -> HttpResponse:
    """Of the adviser's own point and pool; a colleague who takes over gets the adviser's seat."""
    _known(post, booking_id)
    now = clock.now()
    try:
        meeting = meeting_for_booking(booking_id, now)
        given = adviser_pass(meeting.pk, post.adviser_id, now=now)
    except MeetingError:
        messages.error(request, _("This meeting is over, or its time was changed."))
        return redirect("desk-customer", booking_id=booking_id)
    return into_room(request, given)


@require_POST
@advisers_page
def at_once(request: HttpRequest, post: Post, contact_id: int) -> HttpResponse:
    """Of the contact that this adviser has accepted; of no other."""
    mine = Contact.objects.filter(
        pk=contact_id,
        channel=Channel.VIDEO,
        state=Contact.State.TALKING,
        adviser=post.adviser_id,
    )
    now = clock.now()
    try:
        if not mine.exists():
            raise MeetingError
        meeting = meeting_for_contact(contact_id, now)
        given = adviser_pass(meeting.pk, post.adviser_id, now=now)
    except MeetingError:
        messages.error(request, _("The customer is not there any more."))
        return redirect("desk-calls")
    return into_room(request, given)


@require_POST
@advisers_page
def invite(request: HttpRequest, post: Post, booking_id: int) -> HttpResponse:
    """Before the meeting already. The link is shown once, on the page that answers."""
    one = _known(post, booking_id)
    now = clock.now()
    try:
        meeting = meeting_for_booking(booking_id, now)
        made = invitations.invite(meeting.pk, wanted(request), by=request.user, now=now)
    except MeetingError as error:
        messages.error(request, problem(error))
        return redirect("desk-customer", booking_id=booking_id)
    return render(request, "desk/invited.html", {"one": one, **told(made)})


@require_POST
@advisers_page
def take_back(request: HttpRequest, post: Post, booking_id: int, number: int) -> HttpResponse:
    _known(post, booking_id)
    now = clock.now()
    try:
        meeting = meeting_for_booking(booking_id, now)
        invitations.take_back(meeting.pk, number, now=now)
    except MeetingError:
        messages.error(request, _("This meeting is over, or its time was changed."))
    else:
        messages.success(request, _("The invitation is taken back. Its link opens nothing."))
    return redirect("desk-customer", booking_id=booking_id)


def _known(post: Post, booking_id: int) -> object:
    one = appointment(booking_id, post.reach)
    if one is None:
        raise Http404(booking_id)
    return one
