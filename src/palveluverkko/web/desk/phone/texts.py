"""What the desk's telephone says, and what it needs to know beforehand."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from palveluverkko.contact.dialling import dialler
from palveluverkko.contact.dialling.answers import PROPOSED


def phone_island() -> dict[str, Any] | None:
    """For the page's script; none where the page is not the telephone."""
    if not dialler().in_page:
        return None
    return {
        "socket": settings.SIP_WS_URL,
        "domain": settings.SIP_DOMAIN,
        "caller": settings.SIP_NUMBER,
        "ringSeconds": settings.SIP_RING_SECONDS,
        "proposed": PROPOSED,
        "texts": page_texts(),
        "outcomes": {
            "served": _("Served"),
            "no_answer": _("No answer"),
            "busy": _("Busy"),
            "wrong_number": _("Wrong number"),
        },
    }


def page_texts() -> dict[str, str]:
    """By name; ``end_…`` is how a call ended."""
    return {
        "calling": _("Calling {number}"),
        "ringing": _("It rings at {number}."),
        "talking": _("You are talking with {number}."),
        "weak": _("No sound arrives. The call goes on if the connection comes back."),
        "end_served": _("The call has ended."),
        "end_no_answer": _("Nobody answered."),
        "end_busy": _("The line was busy."),
        "end_wrong_number": _("The telephone network does not know this number."),
        "end_refused": _("The telephone server refused the call. Call again."),
        "end_failed": _("The call did not get through. Call again, or by hand."),
        "end_no_server": _("The telephone server does not answer. Call by hand."),
        "end_lost": _("The connection was lost and the call has ended. Call again."),
        "signed_out": _("You have been signed out. Sign in, then call again."),
        "offline": _("The service does not answer. Call by hand."),
        "confirm": _("Confirm: {outcome}"),
        "permission": _("The microphone is blocked for this page. Allow it, or call by hand."),
        "no_microphone": _("No microphone was found. Connect one, or call by hand."),
        "busy_microphone": _("Another program uses the microphone. Close it, or call by hand."),
        "no_webrtc": _("This browser cannot make calls. Call by hand."),
    }
