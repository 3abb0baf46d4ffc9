"""The adviser's page for calls. Who calls, and what is said, comes over the signalling."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from palveluverkko.booking import offerings
from palveluverkko.contact.signalling.desk import CHANNELS
from palveluverkko.walkins.posts import Post
from palveluverkko.web.desk import memory, words
from palveluverkko.web.desk.rights import advisers_page
from palveluverkko.web.portal.booking.words import named


@require_safe
@advisers_page
def calls(request: HttpRequest, post: Post) -> HttpResponse:
    """One page for the whole day: leaving it would end the call."""
    island = {
        "socket": "/ws/desk/",
        "texts": page_texts(),
        "services": words.service_names(),
        "languages": dict(named(offerings.current().languages)),
    }
    context = {
        "post": post,
        "island": island,
        "keys_on": memory.shortcuts_on(request),
        "channels": [(str(channel), channel.label) for channel in CHANNELS],
    }
    return render(request, "desk/calls/calls.html", context)


def page_texts() -> dict[str, str]:
    """What the page's script says, by name."""
    return {
        "off": _("You take no calls now"),
        "ready": _("Ready: the next call comes to you"),
        "offered": _("A customer is calling"),
        "offered_callback": _("A customer waits to be called back"),
        "in_contact": _("You are in a call"),
        "in_callback": _("You are calling a customer back"),
        "callback": _("Callback"),
        "offline": _("The service cannot be reached. Try again in a moment."),
        "oneChannel": _("Choose at least one."),
        "in_video": _("You are in a video meeting, which has a window of its own"),
        "video": _("Video"),
        "wrap_up": _("Finish your notes"),
        "break": _("You are on a break"),
        "otherwise": _("You have a customer on another channel"),
        "closed": _("This page is not connected"),
        "waiting": _("Customers waiting: {n}"),
        "urgent": _("urgent"),
        "connecting": _("The sound is being connected."),
        "talking": _("The customer hears you."),
        "lost": _("The connection was lost. The call comes back by itself if it can. Please wait."),
        "noSound": _("The sound does not get through. Write to the customer below."),
        "signalling": _("The page has lost its connection to the service. A call goes on."),
        "otherMuted": _("The customer's microphone is off."),
        "you": _("You"),
        "other": _("Customer"),
        "notSent": _("The line is sent when the connection is back."),
        "saved": _("The notes are saved."),
        "unsaved": _("The notes are saved when the connection is back."),
        "tooLate": _("The call had gone already. The page shows how it is now."),
        "elsewhere": _("Your calls have been opened in another window. They go on there."),
        "permission": _("The microphone is blocked for this page. Customers cannot hear you."),
        "no_microphone": _("No microphone was found. Customers cannot hear you."),
        "busy_microphone": _("Another program uses the microphone. Customers cannot hear you."),
        "no_webrtc": _("This browser cannot make calls. Use another browser."),
    }
