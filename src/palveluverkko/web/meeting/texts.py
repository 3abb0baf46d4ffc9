"""What the scripts of the meeting's pages say; sentences that never change stand in the pages."""

from __future__ import annotations

from django.utils.translation import gettext as _

from palveluverkko.meeting.models import Seat


def role_names() -> dict[str, str]:
    """By role, as the others see who has no name of their own."""
    return {role.value: str(role.label) for role in Seat.Role}


def page_texts(role: str) -> dict[str, str]:
    """By name; ``{name}`` and the like are replaced by the script."""
    return _devices() | _room() | (_adviser() if role == Seat.Role.ADVISER else {})


def _devices() -> dict[str, str]:
    return {
        "no_webrtc": _("This browser cannot make video calls. Use another browser."),
        "no_camera": _("No camera was found. You can go on without: the others hear you."),
        "camera_permission": _(
            "The camera is blocked for this page. Allow it in the browser's address bar, or go on"
            " without: the others hear you."
        ),
        "busy_camera": _(
            "Another program uses the camera. Close it and choose the camera again, or go on"
            " without."
        ),
        "no_microphone": _("No microphone was found. You can go on without: you hear and write."),
        "permission": _(
            "The microphone is blocked for this page. Allow it in the browser's address bar, or go"
            " on without: you hear and write."
        ),
        "busy_microphone": _(
            "Another program uses the microphone. Close it and choose the microphone again, or go"
            " on without."
        ),
        "camera": _("Camera"),
        "microphone": _("Microphone"),
        "speaker": _("Loudspeaker"),
        "camera_works": _("The camera works."),
        "microphone_works": _("The microphone works: it hears you."),
        "microphone_silent": _("The microphone hears nothing yet. Say something."),
        "tone_played": _("A tone was played. Did you hear it? If not, choose another loudspeaker."),
        "testing": _("The connection is being tested."),
        "connection_ok": _("The connection works."),
        "connection_relay": _("The connection works, also over our own server."),
        "connection_server": _(
            "Our server was not reached. Check your connection, or try another network."
        ),
        "connection_blocked": _(
            "Your network seems to block video. Try another network, such as your phone's."
        ),
        "too_many": _("The test has been run many times from your network. Try again in an hour."),
    }


def _room() -> dict[str, str]:
    return {
        "you": _("You"),
        "waiting": _("You are in the waiting room. The adviser will let you in."),
        "waitingHost": _("You will be asked in if you are needed. Others do not see or hear you."),
        "opens": _("The meeting opens at {time}. You can stay on this page."),
        "alone": _("Nobody else is here yet."),
        "connecting": _("{name} is being connected."),
        "connected": _("{name} is in the meeting."),
        "lost": _("The connection to {name} was lost. We are trying to get it back."),
        "gone": _("{name} has left."),
        "away": _("has lost the connection"),
        "noMedia": _(
            "Picture and sound of {name} do not get through: a network seems to block them. You can"
            " go on by writing, or try another network."
        ),
        "signalling": _("The page has lost its connection to us. The meeting goes on."),
        "left": _("You have left the meeting."),
        "refused": _("The adviser did not let you in."),
        "removed": _("You were taken out of the meeting."),
        "ended": _("The meeting has ended."),
        "elsewhere": _("The meeting has been opened in another window. It goes on there."),
        "over": _("This page does not lead to a meeting any more."),
        "mute": _("Microphone off"),
        "unmute": _("Microphone on"),
        "cameraOff": _("Camera off"),
        "cameraOn": _("Camera on"),
        "isMuted": _("microphone off"),
        "noPicture": _("no picture"),
        "shows": _("{name} shows something"),
        "youShow": _("You show your screen"),
        "youShowDocument": _("You show a document"),
        "screen": _("Show my screen"),
        "stopScreen": _("Stop showing the screen"),
        "document": _("Show a document with the camera"),
        "stopDocument": _("Stop showing the document"),
        "screenRefused": _("The screen is not shown: the browser did not allow it."),
        "soundOnly": _("Slow connection: sound only"),
        "withPicture": _("Picture and sound again"),
        "large": _("Make {name} large"),
        "small": _("All the same size"),
        "captionsOn": _("Show what I say as text"),
        "captionsOff": _("Stop showing what I say as text"),
        "captionsLoading": _("The browser is loading what it needs for captions."),
        "captionsFailed": _("This browser could not load what it needs for captions."),
        "askHost": _("Ask the host in"),
        "sendHost": _("Ask the host to leave"),
        "hostAsked": _("The host is being called."),
        "notSent": _("The line is sent when the connection is back."),
        "newLine": _("{name} wrote: {text}"),
        "other": _("Somebody"),
        "leaving": _("The meeting goes on. Do you want to leave the page?"),
    }


def _adviser() -> dict[str, str]:
    return {
        "knocks": _("{name} is waiting"),
        "admit": _("Let {name} in"),
        "refuse": _("Do not let {name} in"),
        "remove": _("Take {name} out"),
        "withdraw": _("Take back the invitation of {name}"),
        "nobodyWaits": _("Nobody is waiting."),
        "expected": _("invited, not here"),
        "waits": _("in the waiting room"),
        "inside": _("in the meeting"),
        "saved": _("The notes are saved."),
        "unsaved": _("The notes are saved when the connection is back."),
        "tooLate": _("It had changed already. The page shows how it is now."),
    }
