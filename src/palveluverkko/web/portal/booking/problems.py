"""What went wrong with a booking, in plain words, with what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palveluverkko.booking import errors
from palveluverkko.booking.errors import BookingError, WithNearest
from palveluverkko.web.portal.booking.asked import Choice
from palveluverkko.web.portal.booking.days import Day, at_the_same_place, free_days
from palveluverkko.web.portal.booking.pages import new_page

# Errors that another time does not help against.
WITHOUT_TIMES = (
    errors.NotOffered,
    errors.LanguageNotSpoken,
    errors.TooManyHolds,
    errors.NotOpenAnyMore,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """``title`` says what happened, ``text`` that nothing was changed and what to do."""

    title: str
    text: str
    status: int


def explain(error: BookingError) -> Problem:
    """The error for a customer, in the language in use."""
    choose = _("Nothing was booked or changed. Choose another time.")
    match error:
        case errors.HoldExpired():
            title = _("The time was not kept any more, and somebody else has taken it")
            return Problem(title, _("Nothing was booked. What you typed is kept."), 409)
        case errors.SlotTaken():
            return Problem(_("Somebody else was just before you"), choose, 409)
        case errors.DayFull():
            return Problem(_("All times of that day are given out"), choose, 409)
        case errors.OutsideHours():
            return Problem(_("There is no service at that time of day"), choose, 400)
        case errors.InThePast():
            return Problem(_("That time has passed"), choose, 400)
        case errors.TooSoon():
            return Problem(_("That time is too near"), _too_soon(error.minutes), 400)
        case errors.TooFar():
            text = ngettext(
                "Times are given out %(days)s day ahead. Choose a nearer time.",
                "Times are given out %(days)s days ahead. Choose a nearer time.",
                error.days,
            )
            return Problem(_("That time is not given out yet"), text % {"days": error.days}, 400)
        case errors.TooManyHolds():
            title = _("You are booking too many times at once")
            text = _(
                "Finish a booking that you have begun, or wait until the times are not kept for "
                "you any more. That takes some minutes."
            )
            return Problem(title, text, 429)
        case errors.LanguageNotSpoken():
            title = _("Nobody there speaks that language")
            return Problem(title, _("Choose another language or ask for an interpreter."), 400)
        case errors.NotOpenAnyMore():
            title = _("This booking cannot be changed any more")
            return Problem(title, _("It is over, cancelled or being served."), 409)
        case _:
            title = _("This service cannot be booked in this way there")
            return Problem(title, _("Nothing was booked. Choose again what you need."), 400)


def page(
    request: HttpRequest,
    error: BookingError,
    choice: Choice,
    now: datetime,
    *,
    action: str = "",
    **context: Any,
) -> HttpResponse:
    """The error with the nearest free times, each a button of a form that goes to ``action``."""
    problem = explain(error)
    shown = {
        "problem": problem,
        "days": nearest_days(error, choice, now),
        "choice": choice,
        "action": action,
        "page": new_page(),
        **context,
    }
    return render(request, "portal/booking/problem.html", shown, status=problem.status)


def nearest_days(error: BookingError, choice: Choice, now: datetime) -> list[Day]:
    if isinstance(error, WITHOUT_TIMES):
        return []
    if isinstance(error, WithNearest) and error.nearest and not choice.needs_more:
        return at_the_same_place(error.nearest, choice)
    return list(free_days(choice, now).days[:2])


def forged(request: HttpRequest) -> HttpResponse:
    """A form that none of our pages has made."""
    return render(request, "portal/booking/forged.html", status=400)


def _too_soon(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        text = ngettext(
            "This service must be booked at least %(hours)s hour before. Choose a later time.",
            "This service must be booked at least %(hours)s hours before. Choose a later time.",
            hours,
        )
        return text % {"hours": hours}
    text = ngettext(
        "This service must be booked at least %(minutes)s minute before. Choose a later time.",
        "This service must be booked at least %(minutes)s minutes before. Choose a later time.",
        minutes,
    )
    return text % {"minutes": minutes}
