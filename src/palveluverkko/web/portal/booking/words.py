"""Ways, languages and preparations of a meeting in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from palveluverkko.booking.models import BookingMode
from palveluverkko.web.labels import LANGUAGE

# Languages that advisers and interpreters speak: Django has no name of some of them, and in
# Swedish it writes the others as nobody does in Finland ("Estländska").
INTERPRETED: Mapping[str, str | Promise] = {
    "ar": _("Arabic"),
    "et": _("Estonian"),
    "fa": _("Persian"),
    "fse": _("Finnish Sign Language"),
    "fss": _("Finland-Swedish Sign Language"),
    "ku": _("Kurdish"),
    "prs": _("Dari"),
    "ru": _("Russian"),
    "so": _("Somali"),
    "ti": _("Tigrinya"),
    "uk": _("Ukrainian"),
}

WAY: Mapping[str, str | Promise] = {
    BookingMode.APPOINTMENT: _("At the desk of a service point"),
    BookingMode.VIDEO_ROOM: _("In a video room at a joint service point"),
    BookingMode.VIDEO: _("By video from home"),
    BookingMode.PHONE: _("By phone: we call you"),
}

PREPARE: Mapping[str, tuple[str | Promise, ...]] = {
    BookingMode.APPOINTMENT: (
        _("Come a few minutes before your time. Say your name or the booking number."),
        _("Take with you the letters and papers that the matter is about."),
    ),
    BookingMode.VIDEO_ROOM: (
        _("Come a few minutes before your time. The staff there show you the video room."),
        _("The adviser talks with you on a screen. The staff there cannot decide your matter."),
        _("Take with you the letters and papers that the matter is about."),
    ),
    BookingMode.VIDEO: (
        _("Open this page at your time. You need a phone or a computer with a camera."),
        _("Choose a place where others do not hear you."),
    ),
    BookingMode.PHONE: (
        _("We call the number that you gave, at about the time you booked."),
        _("The call may come from a hidden number."),
    ),
}


def way(mode: str) -> str:
    return str(WAY.get(mode, mode))


def prepare(mode: str) -> tuple[str, ...]:
    """How to get ready for a meeting of that kind."""
    return tuple(str(text) for text in PREPARE.get(mode, ()))


def language(code: str) -> str:
    """A language's name in the language in use; its code where nobody has named it."""
    if name := LANGUAGE.get(code) or INTERPRETED.get(code):
        return str(name)
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Languages as the choices of a field."""
    return [(code, language(code)) for code in codes]
