"""A small network that can be booked: a point with two advisers and desks, a joint point with a
video room, and remote advisers. Monday 2 March 2026 is an ordinary day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from palveluverkko.booking import projection
from palveluverkko.booking.customers import Customer
from palveluverkko.booking.models import Resource, Shift, Terms
from palveluverkko.booking.wishes import Wish
from palveluverkko.network.models import JointAgreement, Service, ServicePoint
from tests.factories import (
    AgencyFactory,
    OpeningHoursFactory,
    ServiceFactory,
    ServiceOfferFactory,
    ServicePointFactory,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)  # the Sunday before
AINO = Customer(name="Aino Ängeslevä", phone="+358401234567", email="aino@example.org")


def local(hour: int, minute: int = 0, day: date = MONDAY, zone: ZoneInfo = HELSINKI) -> datetime:
    """A local time as UTC."""
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def services() -> list[Service]:
    """General advice, urgent social assistance and pensions."""
    general = ServiceFactory(code="general")
    urgent = ServiceFactory(
        code="social_assistance_urgent",
        name_fi="Kiireellinen toimeentulotuki",
        name_sv="Brådskande utkomststöd",
        name_en="Urgent social assistance",
    )
    pension = ServiceFactory(
        code="pension", name_fi="Eläkkeet", name_sv="Pensioner", name_en="Pension"
    )
    return [general, urgent, pension]


def terms(service: str = "general", **given: object) -> Terms:
    """Half an hour without buffers, every half hour, bookable an hour ahead, unless said."""
    values = {"minutes": 30, "buffer_after": 0, "step_minutes": 30, "lead_minutes": 60, **given}
    return Terms.objects.create(service_id=service, **values)


def point(
    id: str = "kuopio",
    *,
    mode: str = "appointment",
    opens: time = time(9),
    closes: time = time(12),
    weekdays: Sequence[int] = range(5),
    offered: Sequence[str] = ("general", "social_assistance_urgent", "pension"),
    **details: object,
) -> ServicePoint:
    """A point that is open on weekdays from 9 to 12 and gives its services in ``mode``."""
    AgencyFactory()
    services()
    made: ServicePoint = ServicePointFactory(id=id, **details)
    for weekday in weekdays:
        OpeningHoursFactory(point=made, weekday=weekday, opens=opens, closes=closes)
    for service in offered:
        ServiceOfferFactory(point=made, service_id=service, mode=mode)
    return made


def desk(at: ServicePoint, name: str = "Desk 1") -> Resource:
    return Resource.objects.create(kind="desk", name=name, point=at)


def room(at: ServicePoint, name: str = "Video room") -> Resource:
    return Resource.objects.create(kind="room", name=name, point=at)


def adviser(
    name: str = "Adviser 1",
    *,
    languages: Sequence[str] = ("fi",),
    competences: Sequence[str] = ("general", "social_assistance_urgent", "pension"),
    kind: str = "adviser",
    at: ServicePoint | None = None,
) -> Resource:
    return Resource.objects.create(
        kind=kind, name=name, languages=list(languages), services=list(competences), point=at
    )


def shift(
    person: Resource,
    start: datetime,
    end: datetime,
    *,
    at: ServicePoint | None = None,
    modes: Sequence[str] = ("appointment",),
    urgent_only: bool = False,
    desk: Resource | None = None,
) -> Shift:
    return Shift.objects.create(
        person=person,
        point=at,
        start=start,
        end=end,
        modes=list(modes),
        urgent_only=urgent_only,
        desk=desk,
    )


def staffed_point(advisers: int = 1, desks: int | None = None, day: date = MONDAY) -> ServicePoint:
    """Kuopio with so many advisers at work from 9 to 12, each with a desk unless said."""
    at = point()
    terms()
    for n in range(desks if desks is not None else advisers):
        desk(at, f"Desk {n + 1}")
    for n in range(advisers):
        shift(adviser(f"Adviser {n + 1}", at=at), local(9, day=day), local(12, day=day), at=at)
    return at


def video_point() -> ServicePoint:
    """A joint point with one video room, open 9 to 12, and one remote adviser from 9 to 12."""
    at = point("juva", mode="video_room", kind="joint_service_point")
    JointAgreement.objects.create(point=at, host="Juva", video_room=True)
    terms()
    room(at)
    shift(adviser("Remote 1"), local(9), local(12), modes=("video", "phone"))
    # Rows mark days from today on as stale; these are written for days of their own.
    projection.rebuild(["juva"], MONDAY, MONDAY)
    return at


def wish(start: datetime | None = None, **given: object) -> Wish:
    """General advice in Finnish in Kuopio on Monday at 9, unless said."""
    values = {
        "mode": "appointment",
        "service": "general",
        "language": "fi",
        "point": "kuopio",
        "start": start or local(9),
        **given,
    }
    return Wish(**values)  # type: ignore[arg-type]


def days_later(days: int) -> date:
    return MONDAY + timedelta(days=days)
