"""What the example needs to be booked at once: terms, people, rosters, free times, customers.

Days roll on: what is there is kept, what is missing is made, so that loading again is for the days
that have come since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from palveluverkko.booking import offerings, projection
from palveluverkko.booking.models import (
    Affected,
    Booking,
    Claim,
    Closure,
    Resource,
    RosterPattern,
    Shift,
    Terms,
)
from palveluverkko.booking.roster import make_shifts
from palveluverkko.booking.terms import TermsBook
from palveluverkko.example.bookings import TAKEN, book_examples
from palveluverkko.example.build import build_network
from palveluverkko.example.records import Network
from palveluverkko.example.register import DOCUMENT
from palveluverkko.example.staff import Person, Staff, appointment_offers, staff_of
from palveluverkko.network import revision
from palveluverkko.network.models import ServiceOffer, ServicePoint
from palveluverkko.snapshot.model import Mode
from palveluverkko.walkins.models import DeskSession, Ticket

Progress = Callable[[str, int, int], None]
BATCH = 500
AHEAD_DAYS = 61
TERMS: dict[str, dict[str, Any]] = {
    "identification": {"minutes": 15, "buffer_after": 0},
    "social_assistance_urgent": {"minutes": 30, "urgent": True, "lead_minutes": 15},
    "family": {"minutes": 30},
    "pension": {"minutes": 45},
    "general": {"minutes": 20},
}


def is_example_loaded() -> bool:
    """Whether the network in the database is the example, and not an agency's own."""
    return ServicePoint.objects.filter(source=DOCUMENT).exists()


def load_serving(
    network: Network | None = None, now: datetime | None = None, progress: Progress | None = None
) -> int:
    """Make the example's points bookable for the coming days; how many bookings were made up.

    Those are made only with the staff, the first time. Stages of ``progress``: ``staff``,
    ``rosters`` and ``free times``.
    """
    known = set(ServicePoint.objects.values_list("pk", flat=True))
    network = network or build_network()
    network = replace(network, points=tuple(p for p in network.points if p.id in known))
    moment = now or timezone.now()
    tell = progress or (lambda stage, done, total: None)
    today = moment.astimezone(UTC).date()
    made = 0
    with transaction.atomic():
        first_time = not Resource.objects.filter(synthetic=True).exists()
        if first_time:
            tell("staff", 0, 1)
            _open_for_booking(network, today)
            _write_staff(staff_of(network, today))
            tell("staff", 1, 1)
        last = today + timedelta(days=AHEAD_DAYS)
        new = make_shifts(today, last, lambda done, total: tell("rosters", done, total))
        if first_time:
            made = _book(network, today, moment)
        if new:
            projection.rebuild(
                first=today,
                last=last,
                progress=lambda done, total: tell("free times", done, total),
            )
    return made


def forget_serving(points: list[str]) -> None:
    """Take away everything that serves at these points or was booked there, and the remote staff.

    Meant for loading the example anew: a point cannot go while something stands in it.
    """
    resources = Resource.objects.filter(point_id__in=points) | Resource.objects.filter(
        synthetic=True
    )
    ids = list(resources.values_list("pk", flat=True))
    if not ids:
        return
    claimed = set(Claim.objects.filter(resource_id__in=ids).values_list("booking_id", flat=True))
    at_points = set(Booking.objects.filter(point_id__in=points).values_list("pk", flat=True))
    bookings = Booking.objects.filter(pk__in=claimed | at_points)
    Affected.objects.filter(booking__in=bookings).delete()
    bookings.delete()
    Closure.objects.filter(person_id__in=ids).delete()
    Ticket.objects.filter(point_id__in=points).delete()
    DeskSession.objects.filter(adviser_id__in=ids).delete()
    Shift.objects.filter(person_id__in=ids)._raw_delete("default")
    resources.delete()


def _open_for_booking(network: Network, today: date) -> None:
    """Terms, and appointments at every point of the agency's own from today on.

    Not before: the assessment of 2018 sees the offers of 2018.
    """
    # In bulk: a saved row would mark every day of the country as stale, which is made below anyway.
    Terms.objects.bulk_create(
        [Terms(service_id=code, **terms) for code, terms in TERMS.items()], ignore_conflicts=True
    )
    ServiceOffer.objects.bulk_create(
        [
            ServiceOffer(
                point_id=point,
                service_id=service,
                mode=Mode.APPOINTMENT.value,
                valid_from=today,
            )
            for point, service in appointment_offers(network, today)
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    revision.bump()


def _write_staff(staff: Staff) -> None:
    places = Resource.objects.bulk_create(
        [
            Resource(kind=p.kind, name=p.name, point_id=p.point, synthetic=True)
            for p in staff.places
        ],
        batch_size=BATCH,
    )
    desks = {(str(p.point_id), p.name): p for p in places}
    people = Resource.objects.bulk_create(
        [
            Resource(
                kind=p.kind,
                name=p.name,
                point_id=p.point,
                services=list(p.services),
                languages=list(p.languages),
                synthetic=True,
            )
            for p in staff.people
        ],
        batch_size=BATCH,
    )
    RosterPattern.objects.bulk_create(
        [
            pattern
            for person, row in zip(staff.people, people, strict=True)
            for pattern in _patterns(person, row, desks)
        ],
        batch_size=BATCH,
    )


def _patterns(
    person: Person, row: Resource, desks: dict[tuple[str, str], Resource]
) -> list[RosterPattern]:
    desk = desks[person.point, person.desk] if person.point and person.desk else None
    return [
        RosterPattern(
            person=row,
            point_id=person.point,
            desk=desk,
            weekday=weekday,
            begins=duty.begins,
            ends=duty.ends,
            modes=list(duty.modes),
            urgent_only=duty.urgent_only,
        )
        for duty in person.duties
        for weekday in duty.weekdays
    ]


def _book(network: Network, today: date, now: datetime) -> int:
    until = datetime.combine(today + timedelta(days=len(TAKEN)), datetime.min.time(), UTC)
    shifts = Shift.objects.filter(
        person__synthetic=True, person__kind=Resource.Kind.ADVISER, end__gt=now, start__lt=until
    )
    rows = list(shifts.select_related("person").order_by("start", "person_id"))
    rng = np.random.default_rng(network.seed)
    return book_examples(rows, offerings.current(), TermsBook.load(), now, rng)
