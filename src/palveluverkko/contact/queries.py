"""What the managers' wallboard asks of the pool: who waits, who works, how the day adds up."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from palveluverkko.booking import offerings
from palveluverkko.contact.balance import (
    Balance,
    Served,
    balances,
    languages_on,
    recorded,
    served_of,
    waits_on,
)
from palveluverkko.contact.models import AdviserState, Channel, Contact, DayBalance
from palveluverkko.contact.policy import ADVISER_SILENT
from palveluverkko.contact.rows import agency_day, agency_zone
from palveluverkko.contact.waited import Waited
from palveluverkko.queueing.fairness import Gap, NoGap, gap_of

SHOWN_DAYS = 7
DEAR_SECONDS, DEAR_SECONDS_KEPT = 0.1, 60.0


@dataclass(frozen=True, slots=True)
class Line:
    """Those who wait in one language for one service; minutes since the first of them came."""

    language: str
    service: str
    waiting: int
    longest_minutes: int


@dataclass(frozen=True, slots=True)
class AdvisersNow:
    """How many are in each state; ``silent``: of these, whose page was not heard lately."""

    by_state: dict[str, int]
    silent: int


@dataclass(frozen=True, slots=True)
class Board:
    """The pool at ``at`` and its day so far. ``gaps`` compare with the agency's first language.

    ``languages``: channel, language and how many came today.
    """

    at: datetime
    lines: tuple[Line, ...]
    talking: int
    advisers: AdvisersNow
    today: tuple[Balance, ...]
    languages: tuple[tuple[str, str, int], ...]
    gaps: tuple[tuple[str, Gap | NoGap], ...]
    past: tuple[DayBalance, ...]

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)

    @property
    def longest_minutes(self) -> int | None:
        """``None``: nobody waits."""
        return max((line.longest_minutes for line in self.lines), default=None)


def board(now: datetime | None = None) -> Board:
    """The wallboard's figures. An offer that rings is still a wait."""
    moment = now or timezone.now()
    day = agency_day(moment)
    yesterday = day - timedelta(days=1)
    waited = _waited(day)
    return Board(
        at=moment.astimezone(agency_zone()),
        lines=_lines(moment),
        talking=Contact.objects.filter(state=Contact.State.TALKING).count(),
        advisers=_advisers(moment),
        today=tuple(balances(day, waited.served)),
        languages=tuple(languages_on(day)),
        gaps=waited.gaps,
        past=tuple(recorded(yesterday - timedelta(days=SHOWN_DAYS - 1), yesterday)),
    )


@dataclass(frozen=True, slots=True)
class _Waited:
    """A day's waits so far, and until when (by the process's clock) they need no new counting."""

    day: date
    served: dict[str, Served]
    gaps: tuple[tuple[str, Gap | NoGap], ...]
    until: float


_kept: _Waited | None = None


def _waited(day: date) -> _Waited:
    """The day's waits. Those of a busy day are dear, and looked at from many screens: they are up
    to a minute old then, and cost a hundredth of a processor at most. A quiet day's are new.
    """
    global _kept
    kept = _kept
    if kept is not None and kept.day == day and time.monotonic() < kept.until:
        return kept
    began = time.thread_time()
    waits = waits_on(day)
    served, gaps = served_of(waits), _gaps(waits)
    spent = time.thread_time() - began
    keep = min(DEAR_SECONDS_KEPT, 100 * spent) if spent > DEAR_SECONDS else 0.0
    _kept = _Waited(day, served, gaps, time.monotonic() + keep)
    return _kept


def _lines(now: datetime) -> tuple[Line, ...]:
    waiting = Contact.objects.filter(state__in=(Contact.State.WAITING, Contact.State.OFFERED))
    came: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for language, service, at in waiting.values_list("language", "service_id", "came_at"):
        came[language, service].append(at)
    lines = [
        Line(language, service, len(times), max(0, int((now - min(times)).total_seconds() // 60)))
        for (language, service), times in came.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.longest_minutes, line.language)))


def _advisers(now: datetime) -> AdvisersNow:
    rows = AdviserState.objects.values_list("state", "seen_at")
    counted = Counter(state for state, _seen in rows)
    by_state = {state.value: counted[state.value] for state in AdviserState.State}
    return AdvisersNow(by_state, sum(seen <= now - ADVISER_SILENT for _state, seen in rows))


def _gaps(waits: list[Waited]) -> tuple[tuple[str, Gap | NoGap], ...]:
    """Of who wanted to talk at once: a callback is waited for otherwise."""
    live = [(w.language, w.hour, w.seconds) for w in waits if w.channel != Channel.CALLBACK]
    first, *others = offerings.current().languages
    return tuple((code, gap_of(live, code, first)) for code in others)
