"""What somebody who asked for a call is told, by text message, in the caller's transaction.

Every message is named after its event and the request's version, so nothing is told twice.
A landline takes no text messages: there the page and the call itself are all there is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from palveluverkko.booking.links import written_in
from palveluverkko.booking.reminders import EVENING, MORNING
from palveluverkko.booking.texts import in_language_of
from palveluverkko.booking.texts.sms import takes_text_messages
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.contact.texts.callbacks import text_of
from palveluverkko.contact.windows import zone
from palveluverkko.messages.promises import handles, promise, withdraw
from palveluverkko.messages.services import cancel_messages, queue_message

REMINDER, ALARM = "callback-reminder", "callback-alarm"
REMINDED_BEFORE = timedelta(hours=1)
AFTER_TOLD = timedelta(hours=3)  # what was told a moment ago needs no reminder
ALARM_BEFORE = timedelta(minutes=30)
State = CallbackRequest.State


def can_be_told(request: CallbackRequest) -> bool:
    return takes_text_messages(request.phone)


def tell(request: CallbackRequest, what: str, now: datetime) -> None:
    """Queue news of this version of the request; older news that has not gone out is stopped."""
    event = f"callback:{request.pk}:{what}:v{request.version}"
    about = f"callback:{request.pk}"
    if what != "reminder":
        cancel_messages(about=about)
    if can_be_told(request):
        with in_language_of(request.contact_language):
            queue_message(
                event=f"{event}:sms",
                channel="sms",
                address=request.phone,
                language=written_in(request.contact_language),
                text=text_of(request, what).text(),
                about=about,
            )


def promise_times(request: CallbackRequest, now: datetime) -> None:
    """Owe the reminder, and the alarm before the promised window is over."""
    name = f"{request.pk}:{request.version}"
    due = _reminded_at(request)
    if due is not None and due > now + AFTER_TOLD:
        promise(kind=REMINDER, ref=name, due_at=due, key=f"{REMINDER}:{name}")
    if request.due_until is not None:
        until = f"{request.due_until:%Y%m%dT%H%M%S}"
        promise(
            kind=ALARM,
            ref=f"{request.pk}:{until}",
            due_at=max(now, request.due_until - ALARM_BEFORE),
            key=f"{ALARM}:{name}:{until}",
        )


def withdraw_times(request: CallbackRequest) -> None:
    """The request is changed or closed: its reminder is not owed any more.

    The alarm needs no withdrawal: it looks whether its window is still the promised one.
    """
    withdraw(key=f"{REMINDER}:{request.pk}:{request.version}")


@handles(REMINDER)
def remind(ref: str, now: datetime | None = None) -> None:
    """Keep a promised reminder, if the request still is what it was promised for."""
    pk, version = ref.split(":")
    found = CallbackRequest.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    moment = now or timezone.now()
    if found is None or found.version != int(version) or found.state != State.OPEN:
        return
    is_late = found.next_attempt_at is None or found.next_attempt_at <= moment
    if found.reminders and not is_late and MORNING <= moment.astimezone(zone()).hour < EVENING:
        tell(found, "reminder", moment)


@handles(ALARM)
def alarm(ref: str, now: datetime | None = None) -> None:
    """Put the request on the list of those about to be missed, if nobody has called meanwhile."""
    pk, until = ref.split(":")
    found = CallbackRequest.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None or found.state != State.OPEN or found.due_until is None:
        return
    if f"{found.due_until:%Y%m%dT%H%M%S}" == until:
        found.alarmed_at = now or timezone.now()
        found.save(update_fields=["alarmed_at"])


def _reminded_at(request: CallbackRequest) -> datetime | None:
    """An hour before the window; the evening before where that would be too early to text."""
    if request.soon or not request.reminders or request.next_attempt_at is None:
        return None
    local = request.next_attempt_at.astimezone(zone()) - REMINDED_BEFORE
    if local.hour < MORNING:
        local = (local - timedelta(days=1)).replace(hour=18, minute=0)
    return local.astimezone(UTC)
