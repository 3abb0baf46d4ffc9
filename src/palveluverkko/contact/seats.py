"""Seats in windows: numbered promises, given under a lock and at most as many as staff covers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from palveluverkko.booking.locks import take_turns
from palveluverkko.contact import windows
from palveluverkko.contact.callback_errors import WindowTaken
from palveluverkko.contact.models import CallbackRequest, CallbackWindow, WindowSeat
from palveluverkko.contact.windows import Forecast, Window, is_soon_offered, offered

SOON_WITHIN = timedelta(hours=2)
MOST_WINDOWS, MOST_NEAREST = 8, 6


def take_turn() -> None:
    """Who promises a window takes turns until the transaction ends."""
    take_turns("callback windows")


def promise_soon(request: CallbackRequest, now: datetime, entered_at: datetime | None) -> None:
    """As soon as possible, at the place in the queue; who asks at night is called from morning on.

    Raises :class:`WindowTaken`.
    """
    take_turn()
    if not is_soon_offered(request.service_id, request.language, now, request.pk):
        raise WindowTaken(_nearest(request, now))
    request.soon = True
    request.entered_at = min(entered_at or now, now)
    first = windows.first_call(now)
    request.next_attempt_at, request.due_until = first, first + SOON_WITHIN


def promise_window(request: CallbackRequest, wished: Sequence[Window], now: datetime) -> Window:
    """The first wished window that can be promised; raises :class:`WindowTaken`.

    The request need not be saved yet; :func:`write` does so.
    """
    take_turn()
    ahead = windows.windows_ahead(now)
    for window in wished:
        if window in ahead and _room(request, window, now) > 0:
            aim(request, window, now)
            request.soon = False
            request.entered_at = window.start
            return window
    raise WindowTaken(_nearest(request, now))


def write(request: CallbackRequest, wished: Sequence[Window], seated: Window | None) -> None:
    """Keep the wished windows and the seat of a saved request, instead of earlier ones."""
    request.windows.all().delete()
    CallbackWindow.objects.bulk_create(
        CallbackWindow(request=request, position=n, start=w.start, end=w.end)
        for n, w in enumerate(wished)
    )
    leave(request)
    if seated is not None:
        _sit(request, seated)


def try_to_sit(request: CallbackRequest, window: Window, now: datetime) -> bool:
    """Give a saved request a seat in the window where there is room; it leaves its old one."""
    take_turn()
    leave(request)
    if _room(request, window, now) < 1:
        return False
    _sit(request, window)
    return True


def leave(request: CallbackRequest) -> None:
    WindowSeat.objects.filter(request_id=request.pk).delete()


def aim(request: CallbackRequest, window: Window, now: datetime) -> None:
    """The next call is in this window, and now at the earliest."""
    request.next_attempt_at, request.due_until = max(window.start, now), window.end
    request.alarmed_at = None


def _room(request: CallbackRequest, window: Window, now: datetime) -> int:
    forecast = Forecast.load(now, window.end, request.pk)
    return forecast.room(window, request.service_id, request.language)


def _sit(request: CallbackRequest, window: Window) -> None:
    taken = set(
        WindowSeat.objects.filter(start=window.start).order_by().values_list("number", flat=True)
    )
    number = next(n for n in range(1, len(taken) + 2) if n not in taken)
    WindowSeat.objects.create(
        request=request, start=window.start, number=number, language=request.language
    )


def _nearest(request: CallbackRequest, now: datetime) -> tuple[windows.Offered, ...]:
    return offered(request.service_id, request.language, now, request.pk)[:MOST_NEAREST]
