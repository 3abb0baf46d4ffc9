"""Why something has not gone out: a code that is stored, and a sentence for people."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Why(StrEnum):
    BAD_ADDRESS = "bad_address"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    GAVE_UP = "gave_up"
    INTERRUPTED = "interrupted"
    HANDLER_FAILED = "handler_failed"
    NO_HANDLER = "no_handler"


TEXTS = {
    Why.BAD_ADDRESS: _("The address cannot be right. Ask the customer for it."),
    Why.REFUSED: _("The recipient's or our own message service refused the message."),
    Why.UNREACHABLE: _("The message service does not answer. It is tried again by itself."),
    Why.GAVE_UP: _("The message service did not answer although it was tried many times."),
    Why.INTERRUPTED: _(
        "Sending was interrupted, so the message may have arrived or not. Send it again only if"
        " getting it twice does no harm."
    ),
    Why.HANDLER_FAILED: _("A program error keeps this from being done. It is tried again."),
    Why.NO_HANDLER: _("This version of the program does not know how to do this."),
}


def sentence(why: str) -> str:
    """The sentence of a stored code in the reader's language; nothing for a code left empty."""
    return str(TEXTS[Why(why)]) if why else ""
