"""Windows of some hours in which callbacks are promised, as far as forecast staff covers them.

Supply: advisers' shifts by phone, without absences, bookings and time kept for urgent matters,
times the share that may be promised. Demand: every open request, in the window of its next call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from palveluverkko.booking import offerings, outlets
from palveluverkko.booking.models import BookingMode, Resource
from palveluverkko.booking.outlets import PHONE, Loaded, ShiftRow
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.queueing.windows import Kind, Promised, Staff, room_for

FIRST_HOUR, LAST_HOUR, HOURS = 8, 20, 2
# A window that is nearly over is not offered: the call would come late.
LEAST_LEFT = timedelta(minutes=30)
OPEN = (CallbackRequest.State.OPEN, CallbackRequest.State.CALLING)


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when the customer is called, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """A window that can be promised, to ``room`` more customers."""

    window: Window
    room: int


@dataclass(frozen=True, slots=True)
class Owed:
    """A request's next call: in the window that ``at`` lies in."""

    kind: Kind
    at: datetime


def zone() -> ZoneInfo:
    """Callbacks belong to no point: their clock is the agency's."""
    return ZoneInfo(offerings.current().zone)


def windows_of(day: date) -> tuple[Window, ...]:
    """The windows of a local day; on the days when clocks change, too."""
    local = zone()
    hours = range(FIRST_HOUR, LAST_HOUR, HOURS)
    return tuple(Window(_utc(day, hour, local), _utc(day, hour + HOURS, local)) for hour in hours)


def windows_ahead(now: datetime) -> tuple[Window, ...]:
    """Today's and those of the next working days, as far ahead as callbacks are promised."""
    today, found = now.astimezone(zone()).date(), 0
    windows = list(windows_of(today))
    day = today
    while found < settings.CALLBACK_HORIZON_DAYS:
        day += timedelta(days=1)
        if day.weekday() < 5:
            windows += windows_of(day)
            found += 1
    return tuple(w for w in windows if w.end - now >= LEAST_LEFT)


def window_at(start: datetime) -> Window | None:
    """The window that begins at ``start``; None where none does."""
    days = windows_of(start.astimezone(zone()).date())
    return next((w for w in days if w.start == start), None)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Who can call when, and what is owed, read once for many windows."""

    loaded: Loaded
    owed: Sequence[Owed]
    now: datetime

    @classmethod
    def load(cls, now: datetime, until: datetime, without: int | None = None) -> Forecast:
        """``without``: the request that is being moved, which needs no second place."""
        first, last = now.astimezone(UTC).date(), until.astimezone(UTC).date()
        rows = CallbackRequest.objects.filter(state__in=OPEN, next_attempt_at__lt=until)
        if without is not None:
            rows = rows.exclude(pk=without)
        columns = rows.order_by().values_list("service_id", "language", "next_attempt_at")
        owed = [Owed((service, language), max(at, now)) for service, language, at in columns if at]
        return cls(outlets.load([PHONE], first, last), owed, now)

    def room(self, window: Window, service: str, language: str) -> int:
        """How many more calls of the kind can be promised in the window from now on."""
        return room_for(
            self._staff(window), self._promised(window), service, language, self.minutes(service)
        )

    def minutes(self, service: str) -> int:
        """How long a call takes: as the booking terms say for phone, else as usual."""
        terms = self.loaded.terms.rows.get((service, BookingMode.PHONE))
        return terms.minutes + terms.buffer_after if terms else settings.CALLBACK_MINUTES

    def _staff(self, window: Window) -> list[Staff]:
        people: dict[int, ShiftRow] = {}
        minutes: Counter[int] = Counter()
        for row in self.loaded.shifts.get(PHONE, ()):
            start, end = max(row.start, window.start, self.now), min(row.end, window.end)
            if start < end and not row.urgent_only:
                people[row.person] = row
                minutes[row.person] += self._free(row.person, start, end)
        share = settings.CALLBACK_SHARE
        return [Staff(r.services, r.languages, int(minutes[p] * share)) for p, r in people.items()]

    def _free(self, person: int, start: datetime, end: datetime) -> int:
        taken = timedelta()
        for since, until in self.loaded.claims.get(person, ()):
            taken += max(min(until, end) - max(since, start), timedelta())
        return int((end - start - taken).total_seconds() // 60)

    def _promised(self, window: Window) -> list[Promised]:
        here = Counter(o.kind for o in self.owed if window.start <= o.at < window.end)
        return [Promised(s, lang, n, self.minutes(s)) for (s, lang), n in here.items()]


def offered(
    service: str, language: str, now: datetime, without: int | None = None
) -> tuple[Offered, ...]:
    """The windows that can be promised, soonest first."""
    ahead = windows_ahead(now)
    if not ahead:
        return ()
    forecast = Forecast.load(now, ahead[-1].end, without)
    rooms = ((w, forecast.room(w, service, language)) for w in ahead)
    return tuple(Offered(window, room) for window, room in rooms if room > 0)


def first_call(now: datetime) -> datetime:
    """From when on somebody is called who asks now: nobody is woken before the first window."""
    return max(now, windows_of(now.astimezone(zone()).date())[0].start)


def rest_of_day(now: datetime) -> Window:
    """From now until nobody is called any more today; empty late in the evening."""
    end = windows_of(now.astimezone(zone()).date())[-1].end
    return Window(now, max(end, now))


def is_soon_offered(service: str, language: str, now: datetime, without: int | None = None) -> bool:
    """Whether today's advisers can take one more besides everything that is owed today."""
    rest = rest_of_day(now)
    return (
        rest.start < rest.end
        and Forecast.load(now, rest.end, without).room(rest, service, language) > 0
    )


def can_serve(adviser: Resource, request: CallbackRequest) -> bool:
    return request.service_id in adviser.services and request.language in adviser.languages


def _utc(day: date, hour: int, local: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), local).astimezone(UTC)
