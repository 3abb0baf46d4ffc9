"""Mornings as a newcomer met them: what went wrong at the desk once stays right."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from palveluverkko.booking import closures, roster, shifts
from palveluverkko.booking.models import Affected, Booking, RosterPattern
from palveluverkko.demand.models import DailyVisits
from palveluverkko.messages.models import Message
from palveluverkko.walkins.models import DeskSession, Ticket
from palveluverkko.web.portal import clock
from tests.booking import world as booking_world
from tests.web.desk import world
from tests.web.desk.test_desk import press
from tests.web.desk.test_manager import text
from tests.web.desk.world import MORNING, booked, local, ticket


def test_an_hour_of_reserve_keeps_the_desk_for_urgent_matters_no_longer_than_it_lasts(
    adviser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = world.adviser(1).shifts.get()
    shift.start = local(10)
    shift.save()
    desk = shift.desk
    person, at = shift.person, shift.point
    booking_world.shift(person, local(9), local(10), at=at, desk=desk, urgent_only=True)
    taken = ticket()
    assert "Kept for urgent matters until 10:00" in adviser.get("/en/desk/").content.decode()
    assert f"{taken.label} was called." not in press(adviser, "next")
    monkeypatch.setattr(clock, "now", lambda: local(10, 5))
    assert "Kept for urgent matters" not in adviser.get("/en/desk/").content.decode()
    assert f"{taken.label} was called." in press(adviser, "next")


def test_the_day_counts_people_not_their_shifts(manager: Client) -> None:
    shift = world.adviser(1).shifts.get()
    booking_world.shift(shift.person, local(16), local(18), at=shift.point, modes=("phone",))
    assert "2 on the roster" in text(manager.get("/en/desk/day/"))
    roster.absent(shift.person, local(0), local(23), "ill")
    day = text(manager.get("/en/desk/day/"))
    assert "1 on the roster" in day
    assert day.count("Away: Adviser 1") == 1


def test_a_shift_taken_off_the_roster_makes_nobody_away(manager: Client) -> None:
    shift = world.adviser(1).shifts.get()
    shift.pattern = RosterPattern.objects.create(
        person=shift.person, weekday=0, begins=time(9), ends=time(16), point=shift.point
    )
    shift.save()
    shifts.remove_shift(shift, now=MORNING)
    assert "Away: Adviser 1" not in text(manager.get("/en/desk/day/"))


def test_who_came_after_all_serves_the_whole_day_and_customers_are_told(manager: Client) -> None:
    person = world.adviser(1)
    shift = person.shifts.get()
    shift.pattern = RosterPattern.objects.create(
        person=person, weekday=0, begins=time(9), ends=time(16), point=shift.point, desk=shift.desk
    )
    shift.save()
    both = [booked(name, local(9, 30)) for name in ("Aino", "Bertta")]
    closure = closures.absence(person, local(0), local(23), reason="ill", key="ill")
    assert closure.affected.filter(state__in=Affected.TO_DO).count() == 1
    page = manager.post(
        "/en/desk/roster/kuopio/", {"what": "returned", "shift": str(shift.pk)}, follow=True
    )
    assert "1 booking of the work list stands" in text(page)
    row = closure.affected.get()
    assert row.state == "stands"
    assert row.booking in both
    assert Message.objects.filter(event__startswith=f"booking:{row.booking_id}:stands").exists()
    assert person.shifts.get().desk == shift.desk
    assert closures.reconcile(now=MORNING) == 0


def test_an_afternoon_away_takes_no_booking_of_the_morning(manager: Client) -> None:
    person = world.adviser(1)
    for name in ("Aino", "Bertta"):
        booked(name, local(9, 30))
    closure = closures.absence(person, local(13), local(23), key="afternoon")
    assert not closure.affected.exists()
    assert closures.reconcile(now=MORNING) == 0
    spans = person.shifts.order_by("start").values_list("start", "end", "absent")
    assert list(spans) == [(local(9), local(13), False), (local(13), local(16), True)]


def test_who_is_recorded_as_ill_has_no_open_desk(adviser: Client) -> None:
    signed_in = Client()
    signed_in.force_login(world.manager())
    given = {"first": "2026-03-02", "last": "2026-03-02", "person": str(world.adviser(1).pk)}
    assert DeskSession.objects.filter(until=None).exists()
    signed_in.post("/en/desk/ill/", {**given, "confirm": "1", "key": "k"})
    assert not DeskSession.objects.filter(until=None).exists()


def test_an_ill_adviser_with_a_customer_ends_that_visit_first(adviser: Client) -> None:
    taken = ticket()
    press(adviser, "next")
    press(adviser, f"start ticket:{taken.id}")
    signed_in = Client()
    signed_in.force_login(world.manager())
    given = {"first": "2026-03-02", "last": "2026-03-02", "person": str(world.adviser(1).pk)}
    page = signed_in.post("/en/desk/ill/", {**given, "confirm": "1", "key": "k"}, follow=True)
    assert "a customer is there" in text(page)
    assert "The visit is counted." in press(adviser, f"finish ticket:{taken.id}")


def test_past_bookings_that_nobody_ended_are_told_and_settled_on_their_own_day(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, missed = booked("Aino", local(10)), booked("Bertta", local(11))
    assert "without an outcome" not in text(manager.get("/en/desk/day/"))
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(days=1))
    assert "Past bookings without an outcome 2" in text(manager.get("/en/desk/day/"))
    page = text(manager.get("/en/desk/outcomes/"))
    assert "Aino" in page
    assert LogEntry.objects.filter(action=LogEntry.Action.ACCESS, object_pk=came.pk).exists()
    for _twice in range(2):
        manager.post("/en/desk/outcomes/", {"do": f"served {came.pk}"})
        manager.post("/en/desk/outcomes/", {"do": f"no_show {missed.pk}"})
    counted = DailyVisits.objects.get(visits__gt=0)
    assert (counted.date, counted.visits) == (date(2026, 3, 2), 1)
    states = Booking.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["served", "no_show"]
    assert "has an outcome" in text(manager.get("/en/desk/outcomes/"))


def test_no_booking_of_today_and_no_forged_one_is_settled_as_past(manager: Client) -> None:
    today = booked("Aino", local(10))
    for forged in (f"served {today.pk}", "served 0", "served x", "gone 1", ""):
        assert manager.post("/en/desk/outcomes/", {"do": forged}).status_code == 302
    today.refresh_from_db()
    assert today.state == "confirmed"


def test_an_adviser_settles_no_past_bookings(adviser: Client) -> None:
    assert adviser.get("/en/desk/outcomes/").status_code == 403


def test_a_manager_who_is_no_adviser_finds_a_booking_of_any_point_by_name(manager: Client) -> None:
    one = booked("Áile Ŋárgga", local(10))
    page = manager.post("/en/desk/search/", {"q": "aile"})
    assert "Áile Ŋárgga" in text(page)
    assert f"/en/desk/bookings/{one.pk}/" in page.content.decode()
    opened = text(manager.get(f"/en/desk/bookings/{one.pk}/"))
    assert "+358401234567" in opened
    assert "Move or cancel the booking" in opened
    assert "Arrived" not in opened
    looks = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, object_pk=one.pk)
    assert looks.count() == 2
    assert "No such booking" in text(manager.post("/en/desk/search/", {"q": "Nobody"}))


def test_an_adviser_searches_no_whole_network(adviser: Client) -> None:
    assert adviser.post("/en/desk/search/", {"q": "aile"}).status_code == 403


def test_a_text_message_has_a_name_among_the_messages_of_a_booking(adviser: Client) -> None:
    one = booked("Aino", local(10))
    assert "text message (" in text(adviser.get(f"/en/desk/bookings/{one.pk}/"))


def test_who_came_on_the_wrong_day_is_served_or_moved_not_lost(adviser: Client) -> None:
    tuesday = date(2026, 3, 3)
    person, at = world.adviser(1), world.adviser(1).shifts.get().point
    booking_world.shift(person, local(9, day=tuesday), local(16, day=tuesday), at=at)
    one = booked("Aino", local(10, day=tuesday))
    page = text(adviser.get(f"/en/desk/bookings/{one.pk}/"))
    assert "This booking is not for today." in page
    assert "Did not come" not in page
    for verb in ("arrive", "no_show"):
        assert "The booking is for another day" in press(adviser, f"{verb} booking:{one.pk}")
        one.refresh_from_db()
        assert one.state == "confirmed"
    assert "Aino is being served." in press(adviser, f"call booking:{one.pk}")
    press(adviser, f"finish booking:{one.pk}")
    assert DailyVisits.objects.get(visits__gt=0).date == date(2026, 3, 2)


def test_nobody_is_called_before_a_desk_is_open_and_the_page_says_so(morning: None) -> None:
    taken, mine = ticket(), booked("Aino", local(9))
    early = Client()
    early.force_login(User.objects.get(username="adviser1"))
    page = early.get("/en/desk/").content.decode()
    assert "Open your desk first." in page
    assert 'value="next"' not in page
    assert "Choose a desk and open it." in press(early, "next")
    mine.refresh_from_db()
    assert mine.state == "confirmed"
    assert Ticket.objects.get(pk=taken.id).state == "waiting"
