"""The example can be booked at once: staff by rule, rosters within hours, nobody told anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from pytest_django import DjangoDbBlocker

from palveluverkko.booking import offerings, queries
from palveluverkko.booking.models import (
    Booking,
    Claim,
    FreeDay,
    Resource,
    RosterPattern,
    Shift,
    StaleDay,
)
from palveluverkko.example.build import build_network
from palveluverkko.example.load import load_example
from palveluverkko.example.logins import make_logins
from palveluverkko.example.serving import is_example_loaded, load_serving
from palveluverkko.example.staff import MOST_ADVISERS, advisers_for, staff_of
from palveluverkko.messages.models import Message, Promise
from palveluverkko.network.models import ServiceOffer

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday, before anybody opens
TODAY = NOW.date()
CHOSEN = ("kuopio", "helsinki", "kangasniemi", "ahtari-joint", "maarianhamina")
SOME = replace(
    build_network(),
    points=tuple(
        p
        for p in build_network().points
        if p.id in CHOSEN or any(a.video_room and a.valid_until is None for a in p.agreements)
    ),
)


@pytest.fixture(scope="module")
def serving(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """The example with the staff of some points, loaded once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_example(years=0.1)
        offerings.clear_cache()
        yield load_serving(SOME, NOW)
        transaction.set_rollback(True)


def test_staff_follows_from_the_network_and_says_what_it_is() -> None:
    staff = staff_of(build_network(), TODAY)
    assert staff == staff_of(build_network(), TODAY)
    names = [(p.point, p.name) for p in staff.people]
    assert len(set(names)) == len(names)
    joint = {p.id for p in build_network().points if p.agreements}
    assert {p.kind for p in staff.places if p.point in joint} == {"room"}
    assert not {p.point for p in staff.people} & joint
    rooms = Counter(p.point for p in staff.places if p.kind == "room")
    assert rooms
    assert set(rooms.values()) == {1}


def test_every_own_point_has_between_one_and_six_advisers_each_with_a_desk() -> None:
    staff = staff_of(build_network(), TODAY)
    own = {p.id for p in build_network().points if not p.agreements}
    desks = Counter(p.point for p in staff.places if p.kind == "desk")
    people = Counter(p.point for p in staff.people if p.point)
    assert set(people) == own
    assert people == desks
    assert set(people.values()) <= set(range(1, MOST_ADVISERS + 1))
    assert [advisers_for(n) for n in (0, 1, 40, 41, 10_000)] == [1, 1, 1, 2, MOST_ADVISERS]


def test_nobody_is_rostered_outside_the_points_hours_or_twice_at_a_time() -> None:
    hours = {p.id: p.eras[-1] for p in build_network().points}
    for person in staff_of(build_network(), TODAY).people:
        for duty in person.duties:
            assert duty.begins < duty.ends
            if person.point:
                era = hours[person.point]
                assert era.opens <= duty.begins
                assert duty.ends <= era.closes
                assert set(duty.weekdays) <= set(era.weekdays)
        spans = sorted((w, d.begins, d.ends) for d in person.duties for w in d.weekdays)
        for one, other in pairwise(spans):
            assert one[0] < other[0] or one[2] <= other[1]


def test_municipality_languages_are_spoken_and_some_more() -> None:
    people = staff_of(build_network(), TODAY).people
    by_point = {p.point: p.languages for p in people if p.name.endswith(" Inari")}
    assert {"fi", "se", "smn"} <= set(by_point["inari"])
    spoken = {language for p in people if p.kind == "adviser" for language in p.languages}
    assert {"fi", "sv", "en", "se", "ru"} <= spoken
    assert {p.languages[0] for p in people if p.kind == "interpreter"} >= {"ar", "fse"}


@pytest.mark.django_db
def test_every_way_of_booking_has_free_times_and_customers(serving: int) -> None:
    assert is_example_loaded()
    for point, mode in (("kuopio", "appointment"), (None, "video"), (None, "phone")):
        assert queries.free_times(point, mode, "pension", now=NOW), mode
    assert queries.earliest("video_room", "pension", now=NOW)
    assert serving == Booking.objects.count() > 50
    assert Booking.objects.filter(point_id="kuopio", start__date=TODAY).exists()


@pytest.mark.django_db
def test_what_is_made_up_says_so_and_tells_nobody(serving: int) -> None:
    assert not Resource.objects.filter(synthetic=False).exists()
    for booking in Booking.objects.all():
        assert booking.name.startswith(("Esimerkki Asiakas ", "Exempelkund "))
        assert booking.email.endswith("@example.org")
        assert booking.phone.startswith("+46701740")
        assert not booking.reminders
    assert not Message.objects.exists()
    assert not Promise.objects.exists()


@pytest.mark.django_db
def test_customers_meet_within_a_shift_of_somebody_who_can_help_them(serving: int) -> None:
    claims = Claim.objects.filter(resource__kind="adviser").select_related("booking", "resource")
    assert claims.count() == serving
    for claim in claims:
        assert claim.booking.service_id in claim.resource.services
        assert claim.booking.language in claim.resource.languages
        shift = Shift.objects.get(person=claim.resource, start__lte=claim.start, end__gte=claim.end)
        assert claim.booking.mode in shift.modes
        assert not shift.urgent_only


@pytest.mark.django_db
def test_a_day_later_the_coming_day_is_made_and_nothing_else_changes(serving: int) -> None:
    shifts, last = Shift.objects.count(), FreeDay.objects.latest("day").day
    assert load_serving(SOME, NOW) == 0
    assert Shift.objects.count() == shifts
    assert load_serving(SOME, NOW + timedelta(days=3)) == 0
    assert Booking.objects.count() == serving
    assert Shift.objects.count() > shifts
    assert FreeDay.objects.latest("day").day > last
    assert RosterPattern.objects.filter(shifts=None).count() == 0


@pytest.mark.django_db
def test_offers_begin_today_so_that_the_assessment_of_2018_does_not_see_them(
    serving: int,
) -> None:
    earlier = ServiceOffer.objects.filter(mode="appointment", point_id="helsinki")
    known = {s for s, since in earlier.values_list("service_id", "valid_from") if since != TODAY}
    assert known == {"family", "pension"}
    assert earlier.filter(valid_from=TODAY).count() == 3
    assert not ServiceOffer.objects.filter(valid_from__gt=date(2018, 6, 1)).exclude(
        valid_from=TODAY
    )


@pytest.mark.django_db
def test_loading_the_example_anew_takes_its_bookings_away(serving: int) -> None:
    load_example(years=0.1)
    assert not Booking.objects.exists()
    assert not Resource.objects.exists()
    assert not Shift.objects.exists()


@pytest.mark.django_db
def test_logins_are_made_once_with_passwords_of_their_own(serving: int) -> None:
    made = {login.name: login for login in make_logins()}
    assert set(made) == {"adviser", "manager"}
    assert made["adviser"].password != made["manager"].password
    user = authenticate(username="adviser", password=made["adviser"].password)
    assert user is not None
    assert user.adviser.name == made["adviser"].resource
    assert user.has_perm("booking.change_booking")
    assert not user.has_perm("booking.change_shift")
    manager = authenticate(username="manager", password=made["manager"].password)
    assert manager is not None
    assert manager.has_perm("booking.change_shift")
    assert make_logins() == []


@pytest.mark.django_db
def test_nothing_is_left_stale_after_loading(serving: int) -> None:
    behind = StaleDay.objects.filter(day__gte=TODAY, day__lt=TODAY + timedelta(days=60))
    assert not behind.exists()
