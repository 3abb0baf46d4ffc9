"""Messages that have not reached a person, and why; never what they say."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from palveluverkko.booking import offerings
from palveluverkko.messages import queries
from palveluverkko.messages.errors import CannotResend
from palveluverkko.messages.models import Message, State
from palveluverkko.messages.services import resend
from palveluverkko.web.desk import words
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.worklist import CHANNELS
from palveluverkko.web.portal import clock


@managers_page
def messages_page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        _send_again(request, request.POST.get("resend", ""))
        return redirect("desk-messages")
    now, zone = clock.now(), offerings.current().zone
    states = {state.value: state.label for state in State}
    context = {
        "counts": queries.counts(now),
        "late": queries.delays(now).late,
        "failures": [
            {
                "failure": found,
                "booking": _booking_id(found.about),
                "channel": CHANNELS.get(found.channel, found.channel),
                "state": states.get(found.state, ""),
                "since": words.short_when(found.since, zone) if found.since else "",
                "next": words.short_when(found.next_attempt_at, zone)
                if found.next_attempt_at
                else "",
            }
            for found in queries.failures(now=now)
        ],
    }
    return render(request, "desk/messages.html", context)


def _send_again(request: HttpRequest, number: str) -> None:
    try:
        resend(int(number) if number.isdecimal() and len(number) < 19 else 0)
    except Message.DoesNotExist:
        messages.error(request, _("There is no such message."))
    except CannotResend as error:
        if error.forgotten:
            messages.error(request, _("The text of the message has been deleted."))
        else:
            messages.error(request, _("The message is on its way already."))
    else:
        messages.success(request, _("The message is sent again."))


def _booking_id(about: str) -> str:
    """The booking number that a message is about; empty where it is about something else."""
    kind, _colon, number = about.partition(":")
    return f"{int(number):06d}" if kind == "booking" and number.isdecimal() else ""
