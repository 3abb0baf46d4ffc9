"""The first times of the whole network: what is left unread could not have been among them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from palveluverkko.booking import projection, queries
from palveluverkko.booking.errors import FreeTime
from palveluverkko.booking.models import FreeDay
from tests.booking.world import (
    MONDAY,
    NOW,
    adviser,
    desk,
    local,
    point,
    room,
    shift,
    staffed_point,
    terms,
)

pytestmark = pytest.mark.django_db
POINTS = 12


@pytest.fixture
def country(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve points where Swedish is spoken from hours in another order than Finnish, and rooms."""
    monkeypatch.setattr(queries, "PAGE", 3)
    terms()
    for n in range(POINTS):
        at = point(f"point-{n:02}")
        day = MONDAY + timedelta(days=n % 3)
        begins = {"fi": local(9, 30 * (n // 6), day=day), "sv": local(11 - n // 6, day=day)}
        for language, begin in begins.items():
            desk(at, f"Desk {language}")
            person = adviser(f"Adviser {n} {language}", at=at, languages=(language,))
            shift(person, begin, local(12, day=day), at=at)
        joint = point(f"joint-{n:02}", mode="video_room", kind="joint_service_point")
        if n % 3:
            room(joint)
    remote = adviser("Remote", languages=("fi", "en"))
    for days in (1, 3):
        day = MONDAY + timedelta(days=days)
        shift(remote, local(10, day=day), local(11, 30, day=day), modes=("video",))
    projection.rebuild(first=MONDAY - timedelta(days=1), last=MONDAY + timedelta(days=8))


def looked_up_one_by_one(mode: str, language: str, limit: int, **span: object) -> list[FreeTime]:
    """The oracle: every outlet's own first time, sorted."""
    at_points = mode in ("appointment", "video_room")
    every = [o for o in projection.all_outlets() if not o.startswith("@")] if at_points else [None]
    first = queries.next_free(every, mode, "general", language, each=1, now=NOW, **span)
    found = sorted((t for times in first.values() for t in times), key=_order)
    return found[:limit]


def _order(time: FreeTime) -> tuple[object, str]:
    return time.start, time.point or ""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mode=st.sampled_from(["appointment", "video_room", "video", "phone"]),
    language=st.sampled_from(["*", "fi", "sv", "en", "se"]),
    limit=st.integers(1, 15),
    hours=st.none() | st.tuples(st.integers(0, 120), st.integers(1, 100)),
    stale=st.sets(st.integers(0, POINTS - 1), max_size=4),
)
@example(mode="appointment", language="sv", limit=2, hours=None, stale=set())
def test_the_soonest_times_are_those_of_all_outlets_one_by_one(
    country: None,
    mode: str,
    language: str,
    limit: int,
    hours: tuple[int, int] | None,
    stale: set[int],
) -> None:
    span = {}
    if hours:
        start = local(7) + timedelta(hours=hours[0])
        span = {"start": start, "end": start + timedelta(hours=hours[1])}
    for n in stale:
        outlet, day = f"point-{n:02}", MONDAY + timedelta(days=n % 3)
        projection.mark_stale([(outlet, day)])
        FreeDay.objects.filter(outlet=outlet, day=day).delete()
    found = queries.earliest(mode, "general", language, limit=limit, now=NOW, **span)
    assert found == looked_up_one_by_one(mode, language, limit, **span)


def test_a_country_without_free_times_has_none() -> None:
    staffed_point()
    assert queries.earliest("appointment", "general", "se", now=NOW) == []
