"""Where an adviser works today: the shift, the open desk, and which desks are free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from palveluverkko.booking import offerings, outlets
from palveluverkko.booking.desk_queries import Reach, adviser_of_user
from palveluverkko.booking.models import Resource, Shift
from palveluverkko.network.models import ServicePoint, valid_on
from palveluverkko.walkins.models import DeskSession
from palveluverkko.walkins.queries import desk_of
from palveluverkko.walkins.values import DeskInfo


@dataclass(frozen=True, slots=True)
class Post:
    """An adviser's place of work on one local day; no ``point``: serves remotely only."""

    adviser_id: int
    name: str
    user_id: int
    point: str | None
    point_name: str
    zone: str
    day: date
    session: DeskInfo | None
    shifts: tuple[Shift, ...]

    @property
    def reach(self) -> Reach:
        return Reach(self.adviser_id, self.point)


@dataclass(frozen=True, slots=True)
class FreeDesk:
    """A desk that nobody has opened; ``planned``: the roster gives it to this adviser."""

    id: int
    name: str
    planned: bool


def post_of(user: Any, now: datetime) -> Post | None:
    """Where the user works now; ``None`` where the user is no adviser."""
    adviser = adviser_of_user(user)
    if adviser is None:
        return None
    session = desk_of(adviser.pk)
    zone = offerings.current().zone_of(adviser.point_id)
    shifts = _shifts(adviser, outlets.local_date(now, zone), zone)
    point = session.point if session else _planned_point(shifts, adviser, now)
    zone = offerings.current().zone_of(point)
    place = ServicePoint.objects.filter(pk=point).first() if point else None
    return Post(
        adviser_id=adviser.pk,
        name=adviser.name,
        user_id=user.pk,
        point=point,
        point_name=place.name if place else "",
        zone=zone,
        day=outlets.local_date(now, zone),
        session=session,
        shifts=shifts,
    )


def free_desks(post: Post) -> tuple[FreeDesk, ...]:
    """The desks of the point that can be opened now, the planned one first."""
    taken = DeskSession.objects.filter(until=None).values("desk_id")
    rows = Resource.objects.filter(
        valid_on(post.day), kind=Resource.Kind.DESK, point_id=post.point
    ).exclude(pk__in=taken)
    planned = {s.desk_id for s in post.shifts}
    desks = [FreeDesk(r.pk, r.name, r.pk in planned) for r in rows.order_by("name")]
    return tuple(sorted(desks, key=lambda d: not d.planned))


def colleagues(post: Post) -> tuple[tuple[int, str], ...]:
    """Other advisers at work at the point, to whom a customer can be sent."""
    rows = DeskSession.objects.filter(Q(until=None), point_id=post.point)
    others = rows.exclude(adviser_id=post.adviser_id).order_by("adviser__name")
    return tuple(others.values_list("adviser_id", "adviser__name"))


def _shifts(adviser: Resource, day: date, zone: str) -> tuple[Shift, ...]:
    start, end = outlets.day_span(day, zone)
    rows = Shift.objects.filter(person=adviser, start__lt=end, end__gt=start, absent=False)
    return tuple(rows.select_related("point", "desk").order_by("start"))


def _planned_point(shifts: tuple[Shift, ...], adviser: Resource, now: datetime) -> str | None:
    """Of the shift that goes on or comes next, else of the last; else the home point."""
    ahead = [s for s in shifts if s.end > now] or list(shifts[-1:])
    return ahead[0].point_id if ahead else adviser.point_id
