"""Who could serve, worked out by plain looking: the state machine's own idea of the town.

Two points (Kuopio with two desks, Juva with a video room), three advisers who serve in different
ways, an interpreter. Nothing here asks the engine or the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from palveluverkko.booking import projection
from palveluverkko.booking.models import Resource
from palveluverkko.booking.wishes import Wish
from palveluverkko.network.models import Agency, JointAgreement
from tests.booking import world

MODES = {"appointment": "kuopio", "video_room": "juva", "video": None, "phone": None}
OUTLETS = ("kuopio", "juva", "@video", "@phone")
URGENT = "social_assistance_urgent"
SERVICES = ("general", URGENT, "pension")
LANGUAGES = ("fi", "sv", "so")
OPEN_HOURS = 4


@dataclass(frozen=True)
class Kind:
    """Terms, as minutes."""

    minutes: int
    before: int = 0
    after: int = 0
    step: int = 15
    urgent: bool = False
    limit: int | None = None


TERMS = {
    ("general", ""): Kind(30, after=5),
    ("general", "video_room"): Kind(45, before=10, step=30),
    (URGENT, ""): Kind(20, step=5, urgent=True),
    ("pension", ""): Kind(60, step=30, limit=2),
}


def kind_of(service: str, mode: str) -> Kind:
    return TERMS.get((service, mode)) or TERMS[service, ""]


@dataclass(frozen=True)
class Work:
    """Somebody's time, in hours from the opening of the points."""

    person: int
    hours: tuple[float, float]
    modes: frozenset[str]
    services: frozenset[str]
    languages: frozenset[str]
    at_kuopio: bool = True
    desk: int | None = None
    urgent_only: bool = False


@dataclass
class Town:
    opens: datetime
    zone: str
    desks: list[int] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)
    interpreters: list[int] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    looked: dict[tuple[int, bool, datetime, datetime], bool] = field(default_factory=dict)

    def utc_days(self) -> list[date]:
        return sorted({self.opens.date(), (self.opens + timedelta(hours=8)).date()})

    def moments(self) -> Iterator[datetime]:
        """Every five minutes from an hour before the opening to an hour after the close."""
        for five in range(-12, 12 * (OPEN_HOURS + 1)):
            yield self.opens + timedelta(minutes=5 * five)

    def outside(self, wish: Wish) -> bool:
        """Whether the point is shut at any minute of the meeting."""
        end = wish.start + timedelta(minutes=kind_of(wish.service, wish.mode).minutes)
        closes = self.opens + timedelta(hours=OPEN_HOURS)
        return wish.point is not None and (wish.start < self.opens or end > closes)

    def span(self, wish: Wish) -> tuple[datetime, datetime]:
        kind = kind_of(wish.service, wish.mode)
        return (
            wish.start - timedelta(minutes=kind.before),
            wish.start + timedelta(minutes=kind.minutes + kind.after),
        )


@dataclass
class Taken:
    """What is taken, by resource; and of what service, for the limits of the day."""

    claims: dict[int, dict[int, tuple[datetime, datetime]]] = field(default_factory=dict)

    def free(self, resource: int, span: tuple[datetime, datetime], without: int | None) -> bool:
        return not any(
            resource in claims and claims[resource][0] < span[1] and span[0] < claims[resource][1]
            for booking, claims in self.claims.items()
            if booking != without
        )


def people(town: Town, taken: Taken, wish: Wish, without: int | None = None) -> dict[int, set[int]]:
    """Who could serve, with the desks at which they could (none is needed elsewhere)."""
    kind, span = kind_of(wish.service, wish.mode), town.span(wish)
    local = wish.start.astimezone(ZoneInfo(town.zone))
    if (local.hour * 60 + local.minute) % kind.step or town.outside(wish):
        return {}
    found: dict[int, set[int]] = {}
    for work in town.works:
        mode = "video" if wish.mode == "video_room" else wish.mode
        fits = (
            mode in work.modes
            and wish.service in work.services
            and wish.language in (*work.languages, "*")
            and (wish.mode != "appointment" or work.at_kuopio)
            and (kind.urgent or not work.urgent_only)
        )
        if not fits or not works_throughout(town, work.person, kind.urgent, span):
            continue
        if not taken.free(work.person, span, without):
            continue
        desks: set[int] = set()
        if wish.mode == "appointment":
            asked = [work.desk] if work.desk is not None else town.desks
            desks = {d for d in asked if taken.free(d, span, without)}
            if not desks:
                continue
        found[work.person] = desks
    return found


def works_throughout(
    town: Town, person: int, urgent: bool, span: tuple[datetime, datetime]
) -> bool:
    """Minute by minute; urgent matters may use the time kept for them and all other."""
    known = town.looked.get((person, urgent, *span))
    if known is None:
        spans = [
            tuple(town.opens + timedelta(hours=h) for h in work.hours)
            for work in town.works
            if work.person == person and (urgent or not work.urgent_only)
        ]
        minutes = int((span[1] - span[0]).total_seconds()) // 60
        every = (span[0] + timedelta(minutes=n) for n in range(minutes))
        known = all(any(start <= m < end for start, end in spans) for m in every)
        town.looked[person, urgent, *span] = known
    return known


def can_be_served(town: Town, taken: Taken, wish: Wish, without: int | None = None) -> bool:
    span = town.span(wish)
    enough = len(people(town, taken, wish, without)) >= wish.advisers
    room = wish.mode != "video_room" or any(taken.free(r, span, without) for r in town.rooms)
    first, last = town.opens + timedelta(minutes=30), town.opens + timedelta(hours=2)
    there = first <= span[0] and span[1] <= last  # the interpreter's hours
    heard = not wish.interpreter or (
        there and any(taken.free(i, span, without) for i in town.interpreters)
    )
    return enough and room and heard


def build(zone: str, hour: int) -> Town:
    """The same town in the tables; opens at ``hour`` of a Monday's local time."""
    local = ZoneInfo(zone)
    closes = time((hour + OPEN_HOURS) % 24)
    kuopio = world.point("kuopio", opens=time(hour), closes=closes)
    juva = world.point("juva", mode="video_room", opens=time(hour), closes=closes,
                       kind="joint_service_point")  # fmt: skip
    Agency.objects.update(timezone=zone)
    JointAgreement.objects.create(point=juva, host="Juva", video_room=True)
    for (service, mode), kind in TERMS.items():
        world.terms(
            service,
            mode=mode,
            minutes=kind.minutes,
            buffer_before=kind.before,
            buffer_after=kind.after,
            step_minutes=kind.step,
            urgent=kind.urgent,
            daily_limit=kind.limit,
        )
    town = Town(opens=world.local(hour, zone=local), zone=zone)
    town.desks = [world.desk(kuopio, "A").pk, world.desk(kuopio, "B").pk]
    town.rooms = [world.room(juva).pk]
    roster(town)
    for work in town.works:
        start, end = (town.opens + timedelta(hours=h) for h in work.hours)
        world.shift(
            Resource.objects.get(pk=work.person),
            start,
            end,
            at=kuopio if work.at_kuopio else None,
            modes=sorted(work.modes),
            urgent_only=work.urgent_only,
            desk=Resource.objects.get(pk=work.desk) if work.desk else None,
        )
    heard = world.adviser("Interpreter", kind="interpreter", languages=["so"], competences=[])
    world.shift(heard, town.opens + timedelta(minutes=30), town.opens + timedelta(hours=2),
                modes=["interpreting"])  # fmt: skip
    town.interpreters = [heard.pk]
    days = town.utc_days()
    projection.rebuild(OUTLETS, days[0] - timedelta(days=1), days[-1] + timedelta(days=1))
    return town


def roster(town: Town) -> None:
    general, every = frozenset({"general"}), frozenset(SERVICES)
    fi, both, far = frozenset({"fi"}), frozenset({"fi", "sv"}), frozenset({"sv", "so"})

    def person(name: str, services: frozenset[str], languages: frozenset[str]) -> int:
        made = world.adviser(name, languages=sorted(languages), competences=sorted(services))
        return int(made.pk)

    a, b, c = (
        person("A", every - {URGENT}, fi),
        person("B", general | {URGENT}, both),
        person("C", every, far),
    )
    own = town.desks[0]
    at_desk, remote = frozenset({"appointment", "phone"}), frozenset({"video", "phone"})
    town.works = [
        Work(a, (0, 3), at_desk, every - {URGENT}, fi, desk=own),
        Work(b, (0, 4), at_desk | {"video"}, general | {URGENT}, both),
        Work(c, (0, 1), remote, every, far, at_kuopio=False, urgent_only=True),
        Work(c, (1, 4), remote, every, far, at_kuopio=False),
    ]
