"""What the managers' wallboard asks of the pool: who waits, who works, how the day adds up."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from palveluverkko.booking import offerings
from palveluverkko.contact.balance import Balance, answered_on, balances, recorded
from palveluverkko.contact.models import AdviserState, Channel, Contact, DayBalance
from palveluverkko.contact.policy import ADVISER_SILENT
from palveluverkko.contact.rows import agency_day, agency_zone
from palveluverkko.queueing.fairness import Answered, Gap, NoGap, language_gap

SHOWN_DAYS = 7


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
    """The pool at ``at`` and its day so far. ``gaps`` compare with the agency's first language."""

    at: datetime
    lines: tuple[Line, ...]
    talking: int
    advisers: AdvisersNow
    today: tuple[Balance, ...]
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
    return Board(
        at=moment.astimezone(agency_zone()),
        lines=_lines(moment),
        talking=Contact.objects.filter(state=Contact.State.TALKING).count(),
        advisers=_advisers(moment),
        today=tuple(balances(day)),
        gaps=_gaps(_live(moment)),
        past=tuple(recorded(yesterday - timedelta(days=SHOWN_DAYS - 1), yesterday)),
    )


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


def _live(now: datetime) -> list[Answered]:
    """Today's waits of who wanted to talk at once: a callback is waited for otherwise."""
    day = agency_day(now)
    return [
        one
        for channel in Channel.values
        if channel != Channel.CALLBACK
        for one in answered_on(day, channel)
    ]


def _gaps(answered: list[Answered]) -> tuple[tuple[str, Gap | NoGap], ...]:
    first, *others = offerings.current().languages
    return tuple((code, language_gap(answered, code, first)) for code in others)
