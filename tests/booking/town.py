"""A town for programs of their own: real days ahead, three advisers who serve in every mode.

Kuopio has three desks, Juva a video room; the same three people are also reached by video and
phone. Nothing here is in a transaction of a test.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from palveluverkko.booking import projection
from palveluverkko.booking.wishes import Wish
from palveluverkko.network.models import JointAgreement
from tests.booking import world

MODES = ("appointment", "video", "phone", "video_room")
POINTS = {"appointment": "kuopio", "video_room": "juva", "video": None, "phone": None}
OUTLETS = ("kuopio", "juva", "@video", "@phone")


def meeting_day() -> date:
    """The first Monday at least a week ahead."""
    soon = datetime.now(UTC).date() + timedelta(days=8)
    return soon + timedelta(days=-soon.weekday() % 7)


def at(hour: int, minute: int = 0) -> datetime:
    return world.local(hour, minute, day=meeting_day())


def wish(start: datetime, mode: str = "appointment") -> Wish:
    return Wish(mode, "general", "fi", start, point=POINTS[mode])


def build(modes: tuple[str, ...] = ("appointment", "video", "phone"), advisers: int = 3) -> None:
    kuopio = world.point("kuopio", opens=time(9), closes=time(16))
    juva = world.point("juva", mode="video_room", opens=time(9), closes=time(16),
                       kind="joint_service_point")  # fmt: skip
    JointAgreement.objects.create(point=juva, host="Juva", video_room=True)
    world.terms()
    world.room(juva)
    for number in range(advisers):
        world.desk(kuopio, f"Desk {number + 1}")
        person = world.adviser(f"Adviser {number + 1}", at=kuopio)
        world.shift(person, at(9), at(16), at=kuopio, modes=modes)
    projection.rebuild()


def days() -> list[tuple[str, date]]:
    return [(outlet, meeting_day()) for outlet in OUTLETS]
