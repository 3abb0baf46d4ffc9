"""Text messages of a callback request. They name neither the customer nor the matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from palveluverkko.booking.texts import Sms
from palveluverkko.booking.texts.meeting import agency_name, clock
from palveluverkko.contact.callback_links import callback_link
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.contact.windows import zone


@dataclass(frozen=True, slots=True)
class When:
    """The promised time in words, on the agency's clock.

    ``weekday`` and ``date`` are apart because Finnish bends the weekday alone.
    """

    weekday: str
    date: str
    short_day: str
    begins: str
    ends: str


def when_of(start: datetime, end: datetime) -> When:
    since, until = start.astimezone(zone()), end.astimezone(zone())
    short = f"{date_format(since.date(), 'D')} {date_format(since.date(), 'SHORT_DATE_FORMAT')}"
    weekday, date = date_format(since.date(), "l"), date_format(since.date(), "SHORT_DATE_FORMAT")
    return When(weekday, date, short, clock(since), clock(until))


def promised(request: CallbackRequest) -> When | None:
    """When the customer is called next; None as soon as possible, or never."""
    if request.soon or request.next_attempt_at is None or request.due_until is None:
        return None
    start = request.next_attempt_at
    own = request.windows.filter(start__lte=start, end__gt=start).first()
    return when_of(own.start if own else start, request.due_until)


def not_before(request: CallbackRequest, now: datetime) -> When | None:
    """From when on a customer is called who waits for the next free adviser; None from now on."""
    start = request.next_attempt_at
    if not request.soon or start is None or start <= now:
        return None
    return when_of(start, request.due_until or start)


def text_of(request: CallbackRequest, what: str) -> Sms:
    """``confirmed``, ``changed``, ``cancelled``, ``reminder``, ``again``, ``later``, ``missed`` or
    ``unreached``, in the language in use.
    """
    when = promised(request)
    facts = {
        "agency": agency_name(),
        "number": request.reference,
        "link": callback_link(request),
        "day": when.short_day if when else "",
        "begins": when.begins if when else "",
        "ends": when.ends if when else "",
    }
    if what == "cancelled":
        return Sms(_("%(agency)s: we do not call you; request %(number)s is cancelled.") % facts)
    if what == "unreached":
        return Sms(
            _("%(agency)s: we called you several times and could not reach you.") % facts,
            _("Choose a new time for our call: %(link)s") % facts,
            extra=(_("You can also book a time or visit a service point."),),
        )
    last = _("Change or cancel: %(link)s") % facts
    return Sms(_first(what, facts, timed=when is not None), last, extra=_extra(what, facts))


def _first(what: str, facts: Mapping[str, str], *, timed: bool) -> str:
    if what == "again":
        return _again(facts, timed)
    if what == "missed":
        return _missed(facts, timed)
    if not timed:
        return _("%(agency)s: we call you as soon as it is your turn.") % facts
    if what == "reminder":
        return (
            _("%(agency)s reminds you: we call you on %(day)s between %(begins)s and %(ends)s.")
            % facts
        )
    return _("%(agency)s: we call you on %(day)s between %(begins)s and %(ends)s.") % facts


def _again(facts: Mapping[str, str], timed: bool) -> str:
    if not timed:
        return _("%(agency)s: we called you but could not reach you. We call again soon.") % facts
    return (
        _(
            "%(agency)s: we called you but could not reach you. "
            "We call again on %(day)s between %(begins)s and %(ends)s."
        )
        % facts
    )


def _missed(facts: Mapping[str, str], timed: bool) -> str:
    if not timed:
        return (
            _("%(agency)s: we are sorry, we could not call you in time. We call you soon.") % facts
        )
    return (
        _(
            "%(agency)s: we are sorry, we could not call you in time. "
            "We call you on %(day)s between %(begins)s and %(ends)s."
        )
        % facts
    )


def _extra(what: str, facts: Mapping[str, str]) -> tuple[str, ...]:
    if what not in ("confirmed", "changed"):
        return ()
    return (
        _("The call may come from a hidden number."),
        _("The number of your request is %(number)s.") % facts,
    )
