"""Video around the meeting itself, at this very hour: booked from home, booked in a room, at once.

``python -m tests.meeting.video_world`` builds it where the environment points, besides what
``tests.contact.call_world`` builds there, and prints what a test needs to know.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import time, timedelta

from tests.contact.call_world import Agency

LINK = re.compile(r"http://\S+(/en/b/\S+)")


@dataclass(frozen=True, slots=True)
class World:
    """``manager``: a session. ``key`` opens the room. ``at_home``: paths of bookings' own pages,
    as the e-mail has them; ``numbers`` of the same. ``in_room``: numbers of the room's bookings.
    """

    manager: str
    key: str
    at_home: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    in_room: list[int] = field(default_factory=list)


def video_world(at: Agency) -> World:
    command = [sys.executable, "-m", "tests.meeting.video_world"]
    made = subprocess.run(
        command, env=at.surroundings(), capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise RuntimeError(made.stderr)
    return World(**json.loads(made.stdout))


def build() -> dict[str, object]:
    from django.contrib.auth.models import Permission, User
    from django.utils import timezone

    from palveluverkko.booking import notices
    from palveluverkko.booking.models import Booking, Claim, Resource
    from palveluverkko.meeting import room_keys
    from palveluverkko.messages.models import Message
    from palveluverkko.network.models import JointAgreement, RemoteChannel
    from tests.booking import world
    from tests.contact.call_world import LANGUAGES, session_of

    joint = world.point(
        "juva",
        mode="video_room",
        kind="joint_service_point",
        languages=LANGUAGES,
        opens=time(0),
        closes=time(23, 59),
        weekdays=range(7),
    )
    JointAgreement.objects.create(point=joint, host="Juva", video_room=True)
    RemoteChannel.objects.get_or_create(code="video", defaults={"name_fi": "video"})
    room = world.room(joint)
    manager = User.objects.create_user("manager", password="a long pass phrase")
    rights = ("change_booking", "change_shift")
    manager.user_permissions.set(Permission.objects.filter(codename__in=rights))
    adviser = Resource.objects.filter(kind="adviser").order_by("pk").first()
    assert adviser is not None
    start = timezone.now() - timedelta(minutes=2)
    found: dict[str, list[object]] = {"at_home": [], "numbers": [], "in_room": []}
    for n in range(8):
        in_room = n % 2 == 1
        one = Booking.objects.create(
            mode="video_room" if in_room else "video",
            point=joint if in_room else None,
            state="confirmed",
            name=f"Aada {n}",
            email="aada@example.org",
            contact_language="en",
            service_id="general",
            language="en",
            version=1,
            # Nobody is in two meetings at once, nor is a room.
            start=start + timedelta(minutes=n),
            end=start + timedelta(minutes=n + 1),
        )
        for taken in (adviser, *([room] if in_room else [])):
            Claim.objects.create(booking=one, resource=taken, start=one.start, end=one.end)
        notices.tell(one, "confirmed")
        mail = Message.objects.get(about=f"booking:{one.pk}", channel="email").text
        link = LINK.search(mail)
        assert link is not None
        found["in_room" if in_room else "numbers"].append(one.pk)
        found["at_home"] += [] if in_room else [link.group(1)]
    key = room_keys.make_key(room.pk)
    return {"manager": session_of(manager), "key": key, **found}


if __name__ == "__main__":
    import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)

    print(json.dumps(build()))
