"""A country that can be booked, of any size: the example's 318 points, eight services, rosters.

``python -m benchmarks.booking_network --factor 1 --bookings 200000`` fills the database that
DATABASE_URL or PALVELUVERKKO_HOME names, which must be empty. Larger factors put copies of the
points side by side. Half of what the advisers could do is booked, on days from tomorrow on.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

SERVICES = (
    "identification",
    "social_assistance_urgent",
    "family",
    "pension",
    "general",
    "housing",
    "study",
    "sickness",
)
DAYS = 60
OPENS, CLOSES = clock(9), clock(16)
ZONE = ZoneInfo("Europe/Helsinki")
LENGTH = timedelta(minutes=30)
PITCH = timedelta(minutes=35)  # meeting and buffer
A_DAY = 12  # meetings of one adviser at that pitch
LON_STEP, COLUMNS, LAT_STEP = 12.0, 30, -11.0
BATCH = 2_000
LANGUAGES = (["fi"], ["fi", "sv"], ["fi", "en"], ["sv", "fi"])


def build(factor: int, bookings: int) -> dict[str, int]:
    """Register, staff, shifts, bookings with their claims, and the projection; how much of each."""
    from palveluverkko.booking import projection
    from palveluverkko.booking.models import Booking, Claim, FreeDay, Shift
    from palveluverkko.network import revision

    tell = _teller()
    own, joint = _register(factor)
    tell(f"register: {len(own) + len(joint)} points")
    days = _workdays()
    # Twice the advisers that the bookings need.
    advisers = max(round(2 * bookings / (A_DAY * len(days) * (len(own) + len(joint) / 4))), 1)
    remote = max(advisers * len(joint) // 4, 4)
    _staff(own, joint, days, advisers, remote)
    revision.bump()
    tell(f"staff: {advisers} advisers a point, {remote} remote")
    _book(bookings)
    tell(f"bookings: {Booking.objects.count()}")
    projection.rebuild(progress=lambda done, total: tell(f"free times: {done} of {total}"))
    _analyze()
    counted = (Shift, Booking, Claim, FreeDay)
    return {"points": len(own) + len(joint)} | {m.__name__: m.objects.count() for m in counted}


def _register(factor: int) -> tuple[list[str], list[str]]:
    """Own and joint points' ids; every point gives every service."""
    from palveluverkko.booking.models import Terms
    from palveluverkko.example.build import build_network
    from palveluverkko.network import models

    network = build_network()
    models.Agency.objects.create(
        code="bench", name_fi="bench", country="FI", timezone="Europe/Helsinki", languages=["fi"]
    )
    models.Municipality.objects.bulk_create(
        models.Municipality(code=t.code, name_fi=t.name_fi, name_sv=t.name_sv, lat=t.lat, lon=t.lon)
        for t in network.towns
        if t.merged_into is None
    )
    models.Service.objects.bulk_create(
        models.Service(code=c, name_fi=c, position=i) for i, c in enumerate(SERVICES)
    )
    models.RemoteChannel.objects.bulk_create(
        models.RemoteChannel(code=c, name_fi=c) for c in ("phone", "video")
    )
    Terms.objects.bulk_create(Terms(service_id=c, minutes=30, buffer_after=5) for c in SERVICES)
    copies = [(p, c) for c in range(factor) for p in network.points]
    ids = {(p.id, c): p.id if c == 0 else f"{p.id}-{c}" for p, c in copies}
    _many(
        models.ServicePoint(
            id=ids[p.id, c],
            kind=p.kind.value,
            name_fi=f"{p.name_fi} {c or ''}".strip(),
            municipality_id=p.municipality,
            lat=p.lat + (c // COLUMNS) * LAT_STEP,
            lon=(p.lon + (c % COLUMNS) * LON_STEP + 180.0) % 360.0 - 180.0,
            languages=list(p.languages),
        )
        for p, c in copies
    )
    _many(
        models.OpeningHours(point_id=point, weekday=day, opens=OPENS, closes=CLOSES)
        for point in ids.values()
        for day in range(5)
    )
    joint = [ids[p.id, c] for p, c in copies if p.agreements]
    own = [ids[p.id, c] for p, c in copies if not p.agreements]
    _many(
        models.ServiceOffer(point_id=point, service_id=service, mode=mode)
        for points, mode in ((own, "appointment"), (joint, "video_room"))
        for point in points
        for service in SERVICES
    )
    return own, joint


def _staff(own: list[str], joint: list[str], days: list[date], advisers: int, remote: int) -> None:
    from palveluverkko.booking.models import Resource, Shift

    _many(Resource(kind="room", name="Room", point_id=point) for point in joint)
    desks = _many(
        Resource(kind="desk", name=f"Desk {i}", point_id=p) for p in own for i in range(advisers)
    )
    people = _many(
        Resource(
            kind="adviser",
            name=f"Adviser {i}",
            point_id=desk.point_id,
            services=list(SERVICES if i % 3 else SERVICES[:6]),
            languages=LANGUAGES[i % len(LANGUAGES)],
        )
        for i, desk in enumerate(desks)
    )
    people += _many(
        Resource(
            kind="adviser",
            name=f"Remote {i}",
            services=list(SERVICES),
            languages=LANGUAGES[i % len(LANGUAGES)],
        )
        for i in range(remote)
    )
    _many(
        Shift(
            person=person,
            point_id=person.point_id,
            desk=desks[i] if i < len(desks) else None,
            start=_utc(day, OPENS),
            end=_utc(day, CLOSES),
            modes=["appointment"] if i < len(desks) else [("video", "phone")[i % 2]],
        )
        for day in days
        for i, person in enumerate(people)
    )


def _book(wanted: int) -> None:
    """Meetings side by side in the shifts, every second one or as many as are wanted."""
    from palveluverkko.booking.models import Booking, Claim, Shift

    total = Shift.objects.count() * A_DAY
    share = min(wanted / total, 1.0)
    rows = Shift.objects.order_by("start", "person_id").values_list(
        "person_id", "desk_id", "point_id", "modes", "start"
    )
    slots = (
        (row, row[4] + n * PITCH) for row in rows.iterator(chunk_size=BATCH) for n in range(A_DAY)
    )
    chosen = (slot for i, slot in enumerate(slots) if int((i + 1) * share) > int(i * share))
    numbered = enumerate(chosen)
    while batch := list(islice(numbered, BATCH)):
        made = Booking.objects.bulk_create(
            [_booking(n, row, start) for n, (row, start) in batch], batch_size=BATCH
        )
        Claim.objects.bulk_create(
            [
                Claim(booking=b, resource_id=r, start=start, end=start + PITCH)
                for b, (_n, (row, start)) in zip(made, batch, strict=True)
                for r in row[:2]
                if r is not None
            ],
            batch_size=BATCH,
        )


def _booking(number: int, row: tuple[Any, ...], start: datetime) -> Any:
    from palveluverkko.booking.models import Booking

    _person, _desk, point, modes, _start = row
    return Booking(
        state="confirmed",
        mode=modes[0],
        point_id=point,
        service_id=SERVICES[number % 6],
        language="fi",
        start=start,
        end=start + LENGTH,
        name=f"Esimerkki Asiakas {number}",
        reminders=False,
    )


def _many(rows: Iterable[Any]) -> list[Any]:
    made: list[Any] = []
    source: Iterator[Any] = iter(rows)
    while batch := list(islice(source, BATCH)):
        made += type(batch[0])._default_manager.bulk_create(batch, batch_size=BATCH)
    return made


def _workdays() -> list[date]:
    first = datetime.now(UTC).date() + timedelta(days=1)
    days = [first + timedelta(days=i) for i in range(DAYS)]
    return [d for d in days if d.weekday() < 5]


def _utc(day: date, at: clock) -> datetime:
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _teller() -> Any:
    started = time.perf_counter()

    def tell(text: str) -> None:
        print(f"{time.perf_counter() - started:7.1f} s  {text}", file=sys.stderr, flush=True)

    return tell


def prepare_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palveluverkko.config.settings")
    django.setup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factor", type=int, default=1, help="copies of the 318 points")
    parser.add_argument("--bookings", type=int, default=200_000)
    options = parser.parse_args()
    prepare_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(build(options.factor, options.bookings))


if __name__ == "__main__":
    main()
