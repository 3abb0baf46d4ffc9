"""Who works where in the example: desks, rooms, advisers, interpreters and their weekly rosters.

All of it is made up from the network's own figures, by rule and without chance: what is known of
the real agency's staff is not public. Rules: docs/example-network.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from palveluverkko.example.agency import SERVICES
from palveluverkko.example.records import Era, Network, PointRecord
from palveluverkko.snapshot.model import Mode

EVERYTHING = tuple(s.code for s in SERVICES)
# Customers that one adviser serves in a day: how many advisers a point's slots keep busy.
SERVED_A_DAY = 40
MOST_ADVISERS = 6
LONG_DAY_MINUTES = 360  # from here on with a break
BREAK = timedelta(minutes=30)
REMOTE_OPENS, REMOTE_CLOSES = time(8), time(16)
REMOTE_ADVISERS = 40
WEEKDAYS = (0, 1, 2, 3, 4)
APPOINTMENT, VIDEO, PHONE = "appointment", "video", "phone"
ALL_MODES = (APPOINTMENT, "video_room", VIDEO, PHONE)
# Languages besides those of the municipality: by municipality name, and of remote advisers in turn.
SAMI_TOWNS = {"Inari": ("se", "smn", "sms"), "Utsjoki": ("se",), "Enontekiö": ("se",)}
MORE_LANGUAGES = {"Helsinki": ("ru", "so"), "Vantaa": ("ru", "et"), "Espoo": ("ru",)}
REMOTE_LANGUAGES = (
    ("fi",),
    ("fi", "en"),
    ("fi", "sv"),
    ("fi",),
    ("fi", "sv", "en"),
    ("fi", "ru"),
    ("fi", "en"),
    ("fi", "se"),
)
INTERPRETED = ("ar", "so", "ru", "uk", "fa", "fse")
# Large points have people for some matters only.
COMPETENCES = (
    EVERYTHING,
    EVERYTHING,
    tuple(s for s in EVERYTHING if s != "pension"),
    tuple(s for s in EVERYTHING if s != "family"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A desk or a room; ``point`` with ``name`` is its key."""

    point: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Work on some weekdays of every week, on the clock of the point or of the agency.

    Without modes the person serves customers who come without a booking.
    """

    weekdays: tuple[int, ...]
    begins: time
    ends: time
    modes: tuple[str, ...]
    urgent_only: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """An adviser or interpreter; ``point`` and ``desk`` are None for those who work remotely."""

    kind: str
    name: str
    languages: tuple[str, ...]
    services: tuple[str, ...]
    duties: tuple[Duty, ...]
    point: str | None = None
    desk: str | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    places: tuple[Place, ...]
    people: tuple[Person, ...]


def staff_of(network: Network, on: date) -> Staff:
    """Everybody who serves on the day ``on`` and after it, in the order of points."""
    places: list[Place] = []
    people: list[Person] = []
    towns = {t.code: t.name_fi for t in network.towns}
    for point in network.points:
        if _has_room(point, on):
            places.append(Place(point.id, "room", "Videohuone"))
        profile, era = network.profiles.get(point.id), _era(point, on)
        if point.agreements or profile is None or era is None:
            continue  # a joint point's host has its own staff
        count = advisers_for(max(profile.slots_per_day))
        for number in range(1, count + 1):
            desk = _desk_name(point, number)
            places.append(Place(point.id, "desk", desk))
            people.append(_adviser(point, era, towns[point.municipality], number, count, desk))
    return Staff(tuple(places), (*people, *_remote_advisers(), *_interpreters()))


def advisers_for(slots_a_day: int) -> int:
    """Advisers, each with a desk, for the customers that a point can serve a day."""
    return min(max(ceil(slots_a_day / SERVED_A_DAY), 1), MOST_ADVISERS)


def _has_room(point: PointRecord, on: date) -> bool:
    return any(
        a.video_room and a.valid_from <= on and (a.valid_until is None or on <= a.valid_until)
        for a in point.agreements
    )


def _era(point: PointRecord, on: date) -> Era | None:
    """The weekly hours in force."""
    for era in point.eras:
        if (era.first is None or era.first <= on) and (era.last is None or on <= era.last):
            return era
    return None


def _desk_name(point: PointRecord, number: int) -> str:
    return f"Disk {number}" if point.languages == ("sv",) else f"Tiski {number}"


def _adviser(point: PointRecord, era: Era, town: str, number: int, count: int, desk: str) -> Person:
    swedish = point.languages == ("sv",)
    title = "Rådgivare" if swedish else "Neuvoja"
    return Person(
        kind="adviser",
        name=f"{title} {number} {point.name_sv if swedish else point.name_fi}",
        languages=_languages(point, town, number),
        services=COMPETENCES[(number - 1) % len(COMPETENCES)] if count > 2 else EVERYTHING,
        duties=tuple(_duties(era, number, count)),
        point=point.id,
        desk=desk,
    )


def _languages(point: PointRecord, town: str, number: int) -> tuple[str, ...]:
    """The municipality's first language; every second adviser its other ones and English too."""
    first, *others = point.languages
    if first == "sv":
        others = ["fi"]
    if number % 2:
        others += SAMI_TOWNS.get(town, ())
    else:
        others.append("en")
        more = MORE_LANGUAGES.get(town, ())
        others += more[number // 2 % len(more) :][:1] if more else ()
    return (first, *others)


def _duties(era: Era, number: int, count: int) -> Iterator[Duty]:
    """Where customers may come without booking, every second adviser serves them till noon.

    Of five-day points, the first adviser's first hour is kept for urgent matters.
    """
    opens, closes = era.opens, era.closes
    walk_in = not era.by_appointment_only and number % 2 == (0 if count > 1 else 1)
    if len(era.weekdays) == len(WEEKDAYS) and count > 1 and number == 1:
        first_hour_ends = _later(opens, timedelta(hours=1))
        yield Duty(era.weekdays, opens, first_hour_ends, (APPOINTMENT,), urgent_only=True)
        opens = first_hour_ends
    if not walk_in and era.minutes < LONG_DAY_MINUTES:
        yield Duty(era.weekdays, opens, closes, (APPOINTMENT,))
        return
    # Breaks one after another, so that somebody always serves.
    noon = _later(time(11), timedelta(minutes=30 * (number % 3)))
    yield Duty(era.weekdays, opens, noon, () if walk_in else (APPOINTMENT,))
    yield Duty(era.weekdays, _later(noon, BREAK), closes, (APPOINTMENT,))


def _remote_advisers() -> Iterator[Person]:
    """Two of three serve by video, one by phone; early ones are done when late ones begin."""
    for number in range(1, REMOTE_ADVISERS + 1):
        mode = PHONE if number % 3 == 0 else VIDEO
        noon = _later(time(11), timedelta(minutes=30 * (number % 3)))
        yield Person(
            kind="adviser",
            name=f"Etäneuvoja {number}",
            languages=REMOTE_LANGUAGES[(number - 1) % len(REMOTE_LANGUAGES)],
            services=tuple(s for s in EVERYTHING if s != "identification"),
            duties=(
                Duty(WEEKDAYS, REMOTE_OPENS, noon, (mode,)),
                Duty(WEEKDAYS, _later(noon, BREAK), REMOTE_CLOSES, (mode,)),
            ),
        )


def _interpreters() -> Iterator[Person]:
    for language in INTERPRETED:
        yield Person(
            kind="interpreter",
            name=f"Tulkki ({language})",
            languages=(language,),
            services=(),
            duties=(Duty(WEEKDAYS, REMOTE_OPENS, REMOTE_CLOSES, ALL_MODES),),
        )


def appointment_offers(network: Network, on: date) -> Iterator[tuple[str, str]]:
    """Points of the agency's own with services that cannot be booked there yet on ``on``."""
    for point in network.points:
        if point.agreements:
            continue
        booked = {
            o.service
            for o in point.offers
            if o.mode is Mode.APPOINTMENT and (o.valid_until is None or on <= o.valid_until)
        }
        yield from ((point.id, s) for s in EVERYTHING if s not in booked)


def _later(clock: time, by: timedelta) -> time:
    return (datetime.combine(date.min, clock) + by).time()
