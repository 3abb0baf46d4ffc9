"""The rule said a second time, minute by minute with datetimes, without any mask.

Slow and plain on purpose: what the engine finds with bits must be what this finds by looking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from palveluverkko.availability import ANY, Outlet, Takes, Window, Worker

MINUTE = timedelta(minutes=1)
Span = tuple[datetime, datetime]
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Person:
    """One row of a roster: when it works, what of it is taken."""

    id: int
    works: Spans
    taken: Spans = ()
    services: frozenset[str] = frozenset({"general"})
    languages: frozenset[str] = frozenset({"fi"})
    urgent_only: bool = False
    desk: int | None = None


@dataclass(frozen=True)
class Scene:
    """An outlet in spans of time; ``desks`` and ``rooms``: what of each is taken."""

    day: date
    zone: str
    open: Spans
    people: tuple[Person, ...] = ()
    desks: Mapping[int, Spans] = field(default_factory=dict)
    rooms: Mapping[int, Spans] = field(default_factory=dict)
    needs_desk: bool = False
    full: Spans = ()


@dataclass(frozen=True)
class Meeting:
    """What is asked for, in minutes."""

    minutes: int
    before: int = 0
    after: int = 0
    step: int = 15
    urgent: bool = False

    @property
    def takes(self) -> Takes:
        return Takes.of_minutes(self.minutes, self.before, self.after, self.step, self.urgent)


def outlet(scene: Scene) -> Outlet:
    """The scene as the engine knows it."""
    window = Window(scene.day)
    whole = window.within([(window.origin, window.end)])
    return Outlet(
        window=window,
        zone=scene.zone,
        open={"general": window.within(scene.open)},
        workers=tuple(
            Worker(
                p.id,
                window.within(p.works) & ~window.touched(p.taken),
                p.services,
                p.languages,
                p.urgent_only,
                p.desk,
            )
            for p in scene.people
        ),
        desks={d: whole & ~window.touched(taken) for d, taken in scene.desks.items()},
        rooms={r: whole & ~window.touched(taken) for r, taken in scene.rooms.items()},
        needs_desk=scene.needs_desk,
        full={"general": window.touched(scene.full)} if scene.full else {},
    )


class Clockwork:
    """Looks at one scene; minutes are worked out once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.open = minutes_in(scene.open)
        self.full = minutes_in(scene.full)
        self.free = [minutes_in(p.works) - minutes_in(p.taken) for p in scene.people]
        self.desks = {d: minutes_in(taken) for d, taken in scene.desks.items()}
        self.rooms = {r: minutes_in(taken) for r, taken in scene.rooms.items()}

    def moments(self) -> Iterator[datetime]:
        """Every five minutes of the UTC day."""
        moment = datetime(self.scene.day.year, self.scene.day.month, self.scene.day.day, tzinfo=UTC)
        for _ in range(24 * 12):
            yield moment
            moment += 5 * MINUTE

    def may_begin(self, moment: datetime, meeting: Meeting) -> bool:
        local = moment.astimezone(ZoneInfo(self.scene.zone))
        if (local.hour * 60 + local.minute) % meeting.step or moment in self.full:
            return False
        return all(m in self.open for m in span(moment, meeting.minutes))

    def servers(self, moment: datetime, meeting: Meeting, language: str) -> set[int]:
        """Who could serve then, with a desk where one is needed."""
        if not self.may_begin(moment, meeting):
            return set()
        return {pair[0] for pair in self.pairs(moment, meeting, language)}

    def pairs(
        self, moment: datetime, meeting: Meeting, language: str
    ) -> set[tuple[int, int | None]]:
        taken = whole(moment, meeting)
        found: set[tuple[int, int | None]] = set()
        for person, free in zip(self.scene.people, self.free, strict=True):
            if "general" not in person.services:
                continue
            if language != ANY and language not in person.languages:
                continue
            if person.urgent_only and not meeting.urgent:
                continue
            if not all(m in free for m in taken):
                continue
            found |= {(person.id, desk) for desk in self._desks(person, taken)}
        return found

    def free_rooms(self, moment: datetime, meeting: Meeting) -> tuple[int, ...]:
        taken = whole(moment, meeting)
        rooms = sorted(self.rooms)
        return tuple(r for r in rooms if not any(m in self.rooms[r] for m in taken))

    def _desks(self, person: Person, taken: list[datetime]) -> list[int | None]:
        if not self.scene.needs_desk:
            return [None]
        asked = list(self.desks) if person.desk is None else [person.desk]
        return [d for d in asked if d in self.desks and not any(m in self.desks[d] for m in taken)]


def whole(moment: datetime, meeting: Meeting) -> list[datetime]:
    """The minutes that a meeting takes its people for."""
    length = meeting.before + meeting.minutes + meeting.after
    return span(moment - meeting.before * MINUTE, length)


def span(start: datetime, minutes: int) -> list[datetime]:
    return [start + i * MINUTE for i in range(minutes)]


def minutes_in(spans: Iterable[Span]) -> set[datetime]:
    """Every minute that begins in one of the spans."""
    found: set[datetime] = set()
    for start, end in spans:
        while start < end:
            found.add(start)
            start += MINUTE
    return found
