"""What the register holds on each placed point: names, languages, hours, offers, agreements.

Hours, offers and agreements are drawn from the seed where news tells nothing, and marked so.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import numpy as np

from palveluverkko.example.agency import SERVICES
from palveluverkko.example.placement import Placement, Site
from palveluverkko.example.records import (
    AgreementRecord,
    Era,
    ExceptionRecord,
    OfferRecord,
    PointRecord,
)
from palveluverkko.example.roles import Role
from palveluverkko.snapshot.model import Mode, PointKind

WEEKDAYS = (0, 1, 2, 3, 4)
LANGUAGES = {
    "fi": ("fi",),
    "sv": ("sv",),
    "bilingual_fi": ("fi", "sv"),
    "bilingual_sv": ("sv", "fi"),
}
# Chance of 1, 2, 3 and 4 opening days by residents of the municipality.
DAYS_BY_POPULATION = (
    (12_000, (0.05, 0.20, 0.35, 0.40)),
    (7_000, (0.20, 0.35, 0.30, 0.15)),
    (0, (0.45, 0.35, 0.15, 0.05)),
)
PART_TIME_HOURS = ((time(9), time(15)), (time(9), time(16)), (time(10), time(14)))
JOINT_HOURS = (time(9), time(15))
FIVE_DAY_HOURS = (time(9), time(16))
VIDEO_SINCE = date(2017, 1, 2)
JOINT_SINCE = date(2014, 1, 1)
NOTICE_DAYS = 180
SUMMER_BREAK_YEARS = range(2013, 2019)
NEW_YEARS_EVE = date(2018, 12, 31)
URGENT_DUTY_POINTS = 11
VIDEO_SERVICES = ("social_assistance_urgent", "family", "pension", "general")
DOCUMENT = "docs/example-network.md"


def point_records(
    placement: Placement, roles: dict[str, Role], rng: np.random.Generator
) -> tuple[PointRecord, ...]:
    """Every point's register record, sorted by id."""
    urgent_duty = {s.id for s in placement.sites[:URGENT_DUTY_POINTS]} & placement.five_day
    points = [
        _service_point(s, placement, roles[s.id], s.id in urgent_duty, rng) for s in placement.sites
    ]
    points += [_joint_point(s, s.id in placement.video, rng) for s in placement.joint]
    return tuple(sorted(points, key=lambda p: p.id))


def _service_point(
    site: Site, placement: Placement, role: Role, urgent_duty: bool, rng: np.random.Generator
) -> PointRecord:
    five_day = site.id in placement.five_day
    eras = (Era(None, None, WEEKDAYS, *FIVE_DAY_HOURS),) if five_day else _eras(site, role, rng)
    exceptions: tuple[ExceptionRecord, ...] = ()
    if five_day:
        exceptions = _new_years_eve(urgent_duty)
    elif role is Role.SUMMER_BREAK:
        exceptions = tuple(_summer_break(year) for year in SUMMER_BREAK_YEARS)
    generated = ("opening_hours", "visits", "offers")
    told = site.known.source if site.known else site.report.source if site.report else None
    return PointRecord(
        id=site.id,
        kind=PointKind.SERVICE_POINT,
        **_names(site),
        **_place(site),
        eras=eras,
        offers=_five_day_offers() if five_day else tuple(o for e in eras for o in _offers(e)),
        exceptions=exceptions,
        agreements=(),
        synthetic=generated if told else ("location_choice", *generated),
        source=told or DOCUMENT,
    )


def _names(site: Site) -> dict[str, Any]:
    """Names fi/sv/en: the municipality's, with the postal code for an extra point of a city."""
    town = site.town
    if site.label and site.known:
        return {"name_fi": site.label, "name_sv": site.label, "name_en": site.label}
    names = {"name_fi": town.name_fi, "name_sv": town.name_sv, "name_en": town.name_en}
    return {k: f"{v} {site.label}".strip() for k, v in names.items()}


def _place(site: Site) -> dict[str, Any]:
    return {
        "municipality": site.town.code,
        "postal_code": site.area.code,
        "post_office": site.area.post_office,
        "lat": site.lat,
        "lon": site.lon,
        "languages": LANGUAGES[site.town.language_status],
    }


def _eras(site: Site, role: Role, rng: np.random.Generator) -> tuple[Era, ...]:
    """A part-time point's weekly hours: as reported where reported, otherwise drawn."""
    reported = site.known or site.report
    days = reported.weekdays if reported and reported.weekdays else None
    if days is None:
        days = _draw_weekdays(_day_count(site, role, rng), rng)
    opens, closes = PART_TIME_HOURS[rng.integers(len(PART_TIME_HOURS))]
    by_appointment = role in (Role.KNOWN_ONE_DAY, Role.CAPPED) or (
        role not in (Role.KNOWN, Role.OVERLOADED) and rng.random() < 0.4 / len(days)
    )
    now = Era(None, None, days, opens, closes, by_appointment)
    if site.known is None or site.known.since is None:
        return (now,)
    # News dates the present hours; what came before them is made up: one day more, walk-in.
    since = site.known.since
    extra = min(d for d in WEEKDAYS if all(abs(d - known) > 1 for known in days))
    earlier = Era(
        None, since - timedelta(days=1), tuple(sorted((*days, extra))), opens, closes, False
    )
    return earlier, Era(since, None, days, opens, closes, site.known.by_appointment_only)


def _day_count(site: Site, role: Role, rng: np.random.Generator) -> int:
    if role is Role.KNOWN_ONE_DAY:
        return 1
    if role is Role.KNOWN:
        return 2
    if role is Role.OVERLOADED:
        return 3
    if role in (Role.CAPPED, Role.TINY):
        return int(rng.integers(1, 3))
    chances = next(c for least, c in DAYS_BY_POPULATION if (site.town.population or 0) >= least)
    return int(rng.choice(4, p=chances)) + 1


def _draw_weekdays(count: int, rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(sorted(int(d) for d in rng.choice(5, size=count, replace=False)))


def _offers(era: Era) -> list[OfferRecord]:
    mode = Mode.APPOINTMENT if era.by_appointment_only else Mode.WALK_IN
    return [OfferRecord(s.code, mode, era.first, era.last) for s in SERVICES]


def _five_day_offers() -> tuple[OfferRecord, ...]:
    """Everything without booking but pensions, which take a booked time; families may book too."""
    walk_in = [OfferRecord(s.code, Mode.WALK_IN) for s in SERVICES if s.code != "pension"]
    booked = [OfferRecord(code, Mode.APPOINTMENT) for code in ("family", "pension")]
    return tuple(walk_in + booked)


def _summer_break(year: int) -> ExceptionRecord:
    """Four weeks from the Monday of ISO week 27."""
    first = date.fromisocalendar(year, 27, 1)
    return ExceptionRecord(
        first, first + timedelta(days=27), "Kesätauko", "Sommaruppehåll", "Summer break"
    )


def _new_years_eve(urgent_duty: bool) -> tuple[ExceptionRecord, ...]:
    """To 13 for all; at the points on duty urgent social assistance goes on to 16."""
    reason = ("Uudenvuodenaatto", "Nyårsafton", "New Year's Eve")
    until_13 = ExceptionRecord(
        NEW_YEARS_EVE, NEW_YEARS_EVE, *reason, opens=time(9), closes=time(13)
    )
    if not urgent_duty:
        return (until_13,)
    return until_13, ExceptionRecord(
        NEW_YEARS_EVE,
        NEW_YEARS_EVE,
        *reason,
        service="social_assistance_urgent",
        opens=time(9),
        closes=time(16),
    )


def _joint_point(site: Site, video: bool, rng: np.random.Generator) -> PointRecord:
    """A joint point at the municipality's desk; its host gives general advice only."""
    town = site.town
    offers = [OfferRecord("general", Mode.WALK_IN)]
    if video:
        offers += [OfferRecord(s, Mode.VIDEO_ROOM, VIDEO_SINCE) for s in VIDEO_SERVICES]
    return PointRecord(
        id=site.id,
        kind=PointKind.JOINT_SERVICE_POINT,
        name_fi=f"Asiointipiste {town.name_fi}",
        name_sv=f"Servicepunkt {town.name_sv}",
        name_en=f"Joint service point {town.name_en}",
        **_place(site),
        eras=(Era(None, None, WEEKDAYS, *JOINT_HOURS),),
        offers=tuple(offers),
        exceptions=(),
        agreements=_agreements(site, video, rng),
        synthetic=("location_choice", "opening_hours", "visits", "offers", "agreement"),
        source=DOCUMENT,
    )


def _agreements(site: Site, video: bool, rng: np.random.Generator) -> tuple[AgreementRecord, ...]:
    """With the municipality; renewed when the video room came, a few for a fixed time."""
    host = site.town.name_fi if site.town.language_status != "sv" else site.town.name_sv
    until = date(2019, 12, 31) if rng.random() < 0.15 else None
    if not video:
        return (AgreementRecord(host, JOINT_SINCE, until, NOTICE_DAYS, False),)
    before = VIDEO_SINCE - timedelta(days=1)
    return (
        AgreementRecord(host, JOINT_SINCE, before, NOTICE_DAYS, False),
        AgreementRecord(host, VIDEO_SINCE, until, NOTICE_DAYS, True),
    )
