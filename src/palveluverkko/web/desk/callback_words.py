"""Callbacks in the desk's words: rows, outcomes, and what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palveluverkko.contact import callback_errors as errors
from palveluverkko.contact.callback_queries import Call, Due
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.contact.windows import zone
from palveluverkko.web.desk import words
from palveluverkko.web.portal.booking.words import language

State = CallbackRequest.State


def row(due: Due, now: datetime) -> dict[str, Any]:
    """A request without its customer: reference, topic, language, until when, tries."""
    details = [words.service_names().get(due.service, due.service), language(due.language)]
    waited = (now - due.entered_at).total_seconds() / 60
    details.append(_("has waited %(waited)s") % {"waited": words.minutes(waited)})
    if due.due_until is not None:
        until = words.clock(due.due_until, zone().key)
        details.append(_("promised until %(time)s") % {"time": until})
    if due.tries:
        text = ngettext("%(n)s unanswered call", "%(n)s unanswered calls", due.tries)
        details.append(text % {"n": due.tries})
    if due.missed:
        details.append(_("was missed once already"))
    return {
        "id": due.id,
        "title": due.reference,
        "details": ", ".join(details),
        "alarmed": due.alarmed,
    }


def details(call: Call) -> str:
    """Topic and language of the call that goes on."""
    return ", ".join(
        [words.service_names().get(call.service, call.service), language(call.language)]
    )


def done(verb: str, request: CallbackRequest) -> str:
    """What came of the press, in one sentence."""
    number = {"number": request.reference}
    if request.state == State.SERVED:
        return _("%(number)s is served.") % number
    if request.state == State.UNREACHED and verb == "wrong_number":
        return _("%(number)s is closed: the number was wrong.") % number
    if request.state == State.UNREACHED:
        return _("%(number)s was not reached. A message tells the customer how to go on.") % number
    if request.next_attempt_at is None:
        return _("%(number)s has changed meanwhile. Look at the list again.") % number
    return _("%(number)s is called again: %(when)s.") % {
        **number,
        "when": words.when(request.next_attempt_at, zone().key),
    }


def problem(error: errors.CallbackError) -> str:
    """What went wrong, and what to do about it."""
    match error:
        case errors.AlreadyTaken():
            return _("A colleague was quicker, or the customer has changed the time.")
        case errors.StillCalling():
            return _("You have a customer. Finish that call first.")
        case errors.NotForYou():
            return _("You have not the competence or the language for this call.")
        case errors.LaterImpossible():
            return _(
                "Choose a day within two weeks and a time between %(first)s and %(last)s o'clock."
            ) % {"first": 8, "last": 20}
        case errors.NotOpenAnyMore():
            return _("The request has changed meanwhile. Look at the list again.")
        case _:
            return _("Nothing was changed. Look at the list again.")
