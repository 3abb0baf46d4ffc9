"""The sentences that the call page's script puts figures into; all others stand in the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def page_texts() -> dict[str, str]:
    """By name; ``{n}`` and the like are replaced by the script."""
    return {
        "first": _("You are the first in the queue."),
        "one": _("One customer is before you."),
        "many": _("{n} customers are before you."),
        "waitUnknown": _("The wait cannot be told at the moment."),
        "waitSoon": _("It will be your turn in a moment."),
        "waitMost": _("Estimated wait: at most {most} minutes."),
        "wait": _("Estimated wait: {least}–{most} minutes."),
        "connecting": _("An adviser has answered. The sound is being connected."),
        "talking": _("You can talk now. The adviser hears you."),
        "lost": _("The connection was lost. We are trying to get it back. Please wait."),
        "signalling": _("The page has lost its connection to us. The call goes on."),
        "queueLost": _("The page has lost its connection to us. Your place is kept for a moment."),
        "otherMuted": _("The adviser's microphone is off for a moment."),
        "you": _("You"),
        "other": _("Adviser"),
        "notSent": _("The line is sent when the connection is back."),
        "mute": _("Microphone off"),
        "unmute": _("Microphone on"),
        "leaving": _("Your call goes on. Do you want to leave the page?"),
    }
