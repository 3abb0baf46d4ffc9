"""The adviser saves the link of a video meeting, and it goes to the customer at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palveluverkko.booking import meeting_links
from palveluverkko.booking.desk_queries import appointment
from palveluverkko.booking.errors import BookingError, MeetingLinkRefused
from palveluverkko.walkins.posts import Post
from palveluverkko.web.desk import words
from palveluverkko.web.desk.rights import advisers_page
from palveluverkko.web.desk.typed import plain_text

MOST = 2_000


@require_POST
@advisers_page
def meeting(request: HttpRequest, post: Post, booking_id: int) -> HttpResponse:
    """Only for customers of the adviser's own point and pool."""
    if appointment(booking_id, post.reach) is None:
        raise Http404(booking_id)
    link = plain_text(request.POST.get("link"), MOST)
    try:
        sent = meeting_links.save_link(booking_id, link, by=request.user)
    except MeetingLinkRefused:
        messages.error(
            request,
            _(
                "This is not a link that customers can open. Copy the whole link of the meeting "
                "from the video service: it begins with https://. Nothing was saved or sent."
            ),
        )
    except BookingError as error:
        messages.error(request, words.problem(error, post.zone))
    else:
        messages.success(request, _said(sent))
    return redirect("desk-customer", booking_id=booking_id)


def _said(sent: bool) -> str:
    if sent:
        return _("The link is saved and sent to the customer.")
    return _(
        "The link is saved and stands on the customer's page. The customer gave no e-mail address "
        "and no mobile number: nothing was sent."
    )
