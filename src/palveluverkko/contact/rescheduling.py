"""When the next try is: spaced, inside the customer's own windows as long as one is left.

Where none is left, the same hours on the next working day are added to them and the customer is
told: one unanswered call never ends a request.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from palveluverkko.contact import callback_notices as notices
from palveluverkko.contact import seats, windows
from palveluverkko.contact.callbacks import leave_pool
from palveluverkko.contact.models import CallbackRequest, CallbackWindow
from palveluverkko.contact.windows import Window

# The last try of a window may follow sooner than the usual gap, but not at once, and not so late
# that the call ends outside.
SHORTEST_GAP = timedelta(minutes=10)
BEFORE_END = timedelta(minutes=5)


def try_again(request: CallbackRequest, now: datetime) -> None:
    """After an unanswered call: the next one. The caller saves the request."""
    gap = timedelta(minutes=settings.CALLBACK_RETRY_MINUTES)
    own = _own(request, now)
    at = next_try(own, now, gap)
    if at is None:
        _go_to(request, _another(request, now + gap), now, "again")
        return
    window = next(w for w in own if w.start <= at < w.end)
    if not request.soon and not _is_seated_in(request, window):
        seats.try_to_sit(request, window, now)
    request.next_attempt_at, request.due_until, request.alarmed_at = at, window.end, None
    if request.soon:
        request.due_until = min(window.end, at + seats.SOON_WITHIN)
    notices.promise_times(request, now)


def next_try(own: Iterable[Window], now: datetime, gap: timedelta) -> datetime | None:
    """The earliest time in the windows after the gap, which shrinks before a window's end."""
    for window in sorted(own, key=lambda w: w.start):
        last = window.end - BEFORE_END
        at = max(window.start, min(now + gap, last))
        if at <= last and at - now >= SHORTEST_GAP:
            return at
    return None


def move_on(request: CallbackRequest, now: datetime) -> None:
    """Nobody called in the promised window: the next one, and we say that we are sorry.

    Who asked for a call as soon as possible keeps waiting until the day is over.
    """
    request.missed += 1
    rest = windows.rest_of_day(now)
    if request.soon and now < rest.end:
        request.due_until = min(now + seats.SOON_WITHIN, rest.end)
        notices.promise_times(request, now)
        return
    leave_pool(request, now)
    ahead = [w for w in _own(request, now) if w.start >= now]
    _go_to(request, ahead[0] if ahead else _another(request, now), now, "missed")


def _own(request: CallbackRequest, now: datetime) -> list[Window]:
    """The customer's windows that are not over; all calling hours for as soon as possible."""
    if request.soon:
        rest = windows.rest_of_day(now)
        return [rest] if rest.start < rest.end else []
    rows = request.windows.filter(end__gt=now).order_by("start").values_list("start", "end")
    return [Window(start, end) for start, end in rows]


def _another(request: CallbackRequest, after: datetime) -> Window:
    """The same hours on one of the next working days; where none has room, any window that has.

    Where nothing has room, the next working day all the same: the promise is kept, later.
    """
    ahead = [w for w in windows.windows_ahead(after) if w.start >= after]
    local = windows.zone()
    asked = request.windows.order_by("position").values_list("start", flat=True).first()
    hour = (asked or request.entered_at).astimezone(local).hour
    tomorrow = after.astimezone(local).date() + timedelta(days=1)
    later = [w for w in ahead if w.start.astimezone(local).date() >= tomorrow]
    alike = [w for w in later if w.start.astimezone(local).hour <= hour < _ends(w)] or later
    seats.take_turn()
    free = {o.window for o in windows.offered(request.service_id, request.language, after)}
    for window in (*alike, *ahead):
        if window in free:
            return window
    return alike[0]


def _ends(window: Window) -> int:
    return window.start.astimezone(windows.zone()).hour + windows.HOURS


def _go_to(request: CallbackRequest, window: Window, now: datetime, why: str) -> None:
    """Another day than was promised last: it becomes one of the customer's windows, and is told."""
    if not request.windows.filter(start=window.start).exists():
        last = request.windows.order_by("-position").values_list("position", flat=True).first()
        CallbackWindow.objects.create(
            request=request,
            position=0 if last is None else last + 1,
            start=window.start,
            end=window.end,
        )
    notices.withdraw_times(request)
    seats.try_to_sit(request, window, now)
    seats.aim(request, window, now)
    request.soon = False
    request.version += 1
    notices.tell(request, why, now)
    notices.promise_times(request, now)


def _is_seated_in(request: CallbackRequest, window: Window) -> bool:
    return CallbackRequest.objects.filter(pk=request.pk, seat__start=window.start).exists()
