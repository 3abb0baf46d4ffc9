"""Where days, zones, modes and rosters meet: what is shown as free can be booked, and back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from palveluverkko.booking import projection, queries, services
from palveluverkko.booking.errors import DayFull, SlotTaken
from palveluverkko.booking.models import Claim, Shift, StaleDay
from palveluverkko.booking.queries import free_times
from palveluverkko.network.models import Agency
from tests.booking import world
from tests.booking.world import AINO, MONDAY, NOW, local, wish

pytestmark = pytest.mark.django_db
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


def hold(start: datetime, key: str = "k", **given: object):
    return services.hold(wish(start, **given), key=key, now=NOW)


def times(mode: str = "appointment", point: str | None = "kuopio", **given: object):
    given = {"end": NOW + timedelta(days=4), **given}
    return [t.start for t in free_times(point, mode, "general", now=NOW, **given)]  # type: ignore[arg-type]


def made_again(*keys: tuple[str, date]) -> None:
    """Everything as if the ticker had just run."""
    projection.mark_stale(keys)
    projection.refresh_stale()
    assert not StaleDay.objects.exists()


def far_west(limit: int | None = None) -> None:
    """A point whose afternoon is on the next UTC day already."""
    at = world.point("la", opens=time(7), closes=time(19))
    Agency.objects.update(timezone="America/Los_Angeles")
    world.terms(daily_limit=limit)
    world.desk(at)
    world.desk(at, "Desk 2")
    for name in ("A", "B"):
        world.shift(
            world.adviser(name),
            local(7, zone=LOS_ANGELES),
            local(19, zone=LOS_ANGELES),
            at=at,
        )
    made_again(("la", MONDAY), ("la", TUESDAY))


def test_a_full_day_is_full_on_both_utc_days_it_covers():
    far_west(limit=1)
    assert len(times(point="la")) == 24
    hold(local(7, zone=LOS_ANGELES), point="la")
    assert times(point="la") == []
    with pytest.raises(DayFull):
        hold(local(18, zone=LOS_ANGELES), key="b", point="la")


def test_a_day_that_is_not_full_any_more_is_free_on_both_utc_days():
    far_west(limit=1)
    mine = services.confirm(hold(local(7, zone=LOS_ANGELES), point="la").pk, AINO, now=NOW)
    projection.refresh_stale()
    services.cancel(mine.pk)
    assert len(times(point="la")) == 24


@pytest.mark.parametrize("minutes", [30, 480])
def test_a_meeting_hinders_those_that_begin_on_the_utc_day_before(minutes: int):
    far_west()
    world.Terms.objects.update(minutes=minutes, buffer_before=120, buffer_after=120)
    world.Terms.objects.create(service_id="pension", minutes=5, buffer_after=0)
    projection.rebuild(["la"], MONDAY, TUESDAY)
    for key in ("a", "b"):
        hold(local(17, zone=LOS_ANGELES), key=key, point="la", service="pension")
    shown = set(times(point="la"))
    projection.rebuild(["la"], MONDAY, TUESDAY)
    assert shown == set(times(point="la"))


def test_a_start_told_in_local_time_is_the_same_wish():
    far_west()
    evening = local(17, zone=LOS_ANGELES)
    assert evening.date() != evening.astimezone(LOS_ANGELES).date()
    booking = hold(evening.astimezone(LOS_ANGELES), point="la")
    assert Claim.objects.filter(booking=booking).count() == 2


def test_a_video_room_has_its_own_length_and_limit():
    world.video_point()
    world.Terms.objects.create(
        service_id="general", mode="video_room", minutes=60, buffer_after=0, step_minutes=60,
        daily_limit=1,
    )  # fmt: skip
    projection.rebuild(["juva", "@video"], MONDAY, MONDAY)
    hours = [local(9), local(10), local(11)]
    assert times("video_room", "juva") == hours
    assert [t.start for t in queries.earliest("video_room", "general", now=NOW)] == [local(9)]
    hold(local(9), point="juva", mode="video_room")
    assert times("video_room", "juva") == []
    with pytest.raises(DayFull):
        hold(local(10), key="b", point="juva", mode="video_room")


def test_the_limit_of_video_from_home_does_not_close_video_rooms():
    world.video_point()
    world.Terms.objects.create(
        service_id="general", mode="video", minutes=30, buffer_after=0, daily_limit=1
    )
    hold(local(9), point=None, mode="video")
    assert times("video", None) == []
    assert local(10) in times("video_room", "juva")
    assert hold(local(10), key="b", point="juva", mode="video_room").state == "held"


def test_a_desk_that_comes_in_the_middle_of_the_week_is_seen_from_then_on():
    world.staffed_point(desks=0)
    at = world.ServicePoint.objects.get()
    world.shift(world.adviser("B"), local(9, day=TUESDAY), local(12, day=TUESDAY), at=at)
    desk = world.desk(at)
    desk.valid_from = TUESDAY
    desk.save()
    projection.rebuild(["kuopio"], MONDAY, TUESDAY)
    assert {t.astimezone(world.HELSINKI).date() for t in times()} == {TUESDAY}


def test_a_language_that_only_one_adviser_speaks_is_found():
    at = world.staffed_point(desks=1)
    speaker = world.adviser("Somali", languages=["so"])
    world.shift(speaker, local(10), local(11), at=at)
    assert times(language="so") == [local(10), local(10, 30)]
    assert hold(local(10), language="so").state == "held"


def test_an_absent_interpreter_is_not_booked_and_one_between_two_shifts_is():
    world.staffed_point()
    interpreter = world.adviser("Interpreter", kind="interpreter", languages=["so"], competences=[])
    early = world.shift(interpreter, local(9), local(9, 45), modes=["interpreting"])
    late = world.shift(interpreter, local(9, 45), local(10, 30), modes=["interpreting"])
    booking = hold(local(9, 30), interpreter="so")
    services.release(booking)
    Shift.objects.filter(pk__in=(early.pk, late.pk)).update(absent=True)
    with pytest.raises(SlotTaken):
        hold(local(9, 30), key="b", interpreter="so")


def test_who_sits_anywhere_leaves_a_colleagues_own_desk_free():
    at = world.point()
    world.terms()
    own, other = world.desk(at, "A"), world.desk(at, "B")
    world.shift(world.adviser("Anywhere"), local(9), local(12), at=at)
    world.shift(world.adviser("At A"), local(9), local(12), at=at, desk=own)
    first = hold(local(10))
    assert first.claims.filter(resource=other).exists()
    assert hold(local(10), key="b").claims.filter(resource=own).exists()


def test_a_shift_that_moves_takes_its_free_times_along():
    world.staffed_point()
    projection.rebuild(["kuopio"], MONDAY, TUESDAY)
    shift = Shift.objects.get()
    shift.start, shift.end = local(9, day=WEDNESDAY), local(12, day=WEDNESDAY)
    shift.save()
    assert {t.astimezone(world.HELSINKI).date() for t in times()} == {WEDNESDAY}


def test_a_room_given_back_is_free_on_every_day_that_it_hindered():
    at = world.point("la", mode="video_room", opens=time(7), closes=time(19))
    Agency.objects.update(timezone="America/Los_Angeles")
    world.terms(minutes=120)
    world.room(at)
    remote = world.adviser("Remote")
    seven, evening = local(7, zone=LOS_ANGELES), local(19, zone=LOS_ANGELES)
    world.shift(remote, seven, evening, modes=["video"])
    outlet_days = [(o, day) for o in ("la", "@video") for day in (MONDAY, TUESDAY)]
    made_again(*outlet_days)
    before = times("video_room", "la")
    assert local(15, zone=LOS_ANGELES) in before
    booking = hold(local(16, zone=LOS_ANGELES), point="la", mode="video_room")
    made_again()
    assert local(15, zone=LOS_ANGELES) not in times("video_room", "la")
    services.release(booking)
    projection.refresh_stale()
    assert times("video_room", "la") == before
