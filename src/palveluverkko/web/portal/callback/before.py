"""The request that this browser has just sent: who goes back to mend it is not called twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from palveluverkko.booking.links import signed
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.contact.texts.callbacks import promised
from palveluverkko.web.portal.booking import drafts

# Long enough for a second thought, short for the next visitor of a shared computer.
SHOWN_FOR = timedelta(minutes=10)


def draft_token(page: str) -> str:
    """The name under which the session keeps what was typed on the page."""
    return f"call-{page}"


def request_key(page: str) -> str:
    """The request that the page sent: once, however often it is sent."""
    return f"web:{page}"


def asked_before(session: SessionBase, now: datetime) -> dict[str, Any] | None:
    """The open request that was sent last, with its link; None where there is none."""
    sent = drafts.tokens(session, now - SHOWN_FOR, now)
    keys = [
        request_key(t.removeprefix(draft_token(""))) for t in sent if t.startswith(draft_token(""))
    ]
    found = CallbackRequest.objects.filter(key__in=keys, state=CallbackRequest.State.OPEN)
    last = found.order_by("pk").last()
    if last is None:
        return None
    return {
        "request": last,
        "when": promised(last),
        "link": signed("callback", last.token),
    }
