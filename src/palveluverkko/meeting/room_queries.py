"""What the staff of a joint point see of its video room: times and what can be begun, no names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from palveluverkko.booking import meeting_links, offerings, outlets
from palveluverkko.booking.models import Booking, Claim, Resource
from palveluverkko.calendar import open_intervals
from palveluverkko.network.queries import timetables
from palveluverkko.snapshot.model import PointKind

State = Booking.State
SHORTEST_FREE = timedelta(minutes=15)
SHOWN = (State.CONFIRMED, State.ARRIVED, State.SERVING, State.SERVED, State.NO_SHOW)


@dataclass(frozen=True, slots=True)
class RoomTime:
    """A booked time of the room. ``can_begin``: its door is open and it is still to be kept;
    ``opens_at``: when it will be, ``None`` where it has been; ``elsewhere``: by another service.
    """

    booking_id: int
    start: datetime
    end: datetime
    state: str
    can_begin: bool
    opens_at: datetime | None
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class RoomDay:
    """A room's day on the point's clock; ``free``: from now on, within opening hours."""

    day: date
    zone: str
    times: tuple[RoomTime, ...]
    free: tuple[tuple[datetime, datetime], ...]


def rooms() -> list[Resource]:
    """The rooms in which video rooms can be, by point."""
    rows = Resource.objects.filter(
        kind=Resource.Kind.ROOM, point__kind=PointKind.JOINT_SERVICE_POINT
    )
    return list(rows.select_related("point").order_by("point__name_fi", "name", "pk"))


def day_of(room: Resource, now: datetime) -> RoomDay:
    """The room's day at ``now``."""
    point_id = str(room.point_id)
    zone = offerings.current().zone_of(point_id)
    day = outlets.local_date(now, zone)
    start, end = outlets.day_span(day, zone)
    claims = Claim.objects.select_related("booking").filter(
        resource=room, start__lt=end, end__gt=start, booking__state__in=SHOWN
    )
    bookings = sorted({c.booking for c in claims}, key=lambda b: (b.start, b.pk))
    taken = [(c.start, c.end) for c in claims]
    return RoomDay(
        day=day,
        zone=zone,
        times=tuple(_time(b, now) for b in bookings),
        free=tuple(_free(point_id, day, zone, taken, now)),
    )


def _time(booking: Booking, now: datetime) -> RoomTime:
    door = meeting_links.door_of(booking, now)
    return RoomTime(
        booking_id=booking.pk,
        start=booking.start,
        end=booking.end,
        state=str(booking.state),
        can_begin=door is not None and door.ours and door.open,
        opens_at=door.opens_at if door is not None and door.ours and not door.open else None,
        elsewhere=door is not None and not door.ours,
    )


def _free(
    point_id: str,
    day: date,
    zone: str,
    taken: Iterable[tuple[datetime, datetime]],
    now: datetime,
) -> Iterable[tuple[datetime, datetime]]:
    """Gaps between what is taken, within the hours in which the point gives its video room."""
    timetable = timetables([point_id]).get(point_id)
    hours = () if timetable is None else open_intervals(timetable, day, None, "video_room")
    for interval in hours:
        since = max(interval.start, now.astimezone(ZoneInfo(zone)))
        for start, end in sorted((s, e) for s, e in taken if s < interval.end and e > since):
            if start - since >= SHORTEST_FREE:
                yield since, start
            since = max(since, end)
        if interval.end - since >= SHORTEST_FREE:
            yield since, interval.end
