"""Meetings that have opened, in the database where the environment points; also for benchmarks.

``python -m tests.meeting.meeting_world MEETINGS`` prints, for each, the links of five people and
the adviser's pass. It needs what ``tests.contact.call_world`` builds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta

from tests.contact.call_world import Agency

ROLES = ("customer", "interpreter", "companion", "advocate", "host")


@dataclass(frozen=True, slots=True)
class Made:
    """``links``: by role, what stands in an address. ``seat``: the pass of the adviser."""

    seat: str
    pk: int
    links: dict[str, str] = field(default_factory=dict)


def meetings(at: Agency, how_many: int) -> list[Made]:
    command = [sys.executable, "-m", "tests.meeting.meeting_world", str(how_many)]
    made = subprocess.run(
        command, env=at.surroundings(), capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise RuntimeError(made.stderr)
    return [Made(**one) for one in json.loads(made.stdout)]


def build(how_many: int) -> list[dict[str, object]]:
    from django.utils import timezone

    from palveluverkko.booking.models import Booking, Resource
    from palveluverkko.meeting import links
    from palveluverkko.meeting.meetings import meeting_for_booking

    now = timezone.now()
    adviser = Resource.objects.filter(kind="adviser").order_by("pk").first()
    assert adviser is not None
    found: list[dict[str, object]] = []
    for n in range(how_many):
        start = now + timedelta(minutes=n % 20)
        booking = Booking.objects.create(
            mode="video",
            state="confirmed",
            name="Aada",
            service_id="general",
            language="en",
            start=start,
            end=start + timedelta(minutes=30),
        )
        meeting = meeting_for_booking(booking.pk, now=now)
        given = {role: links.issue_link(meeting.pk, role, now=now).link for role in ROLES}
        seat = links.adviser_pass(meeting.pk, adviser.pk, now=now).secret
        found.append({"seat": seat, "pk": meeting.pk, "links": given})
    return found


if __name__ == "__main__":
    import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)

    print(json.dumps(build(int(sys.argv[1]))))
