"""A manager's morning: who is away, what that touches, and every booking settled to the end."""

from __future__ import annotations

import re
from datetime import date

from django.test import Client

from palveluverkko.booking.models import Affected, Booking, Closure, RosterPattern, Shift
from palveluverkko.booking.services import cancel
from palveluverkko.demand.models import DailyVisits, DayReport
from palveluverkko.messages.models import Message
from palveluverkko.network.models import OpeningException
from tests.booking import world as booking_world
from tests.web.desk import world
from tests.web.desk.world import booked, local, ticket

ILL = {"first": "2026-03-02", "last": "2026-03-02"}


def text(page: object) -> str:
    """The page as a person reads it."""
    html = page.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def two_at_nine_thirty() -> list[Booking]:
    """Both advisers are taken, so that nobody can stand in; at ten one of them is free."""
    return [booked(n, local(9, 30)) for n in ("Aino", "Bertta")] + [booked("Cecilia", local(10))]


def test_an_absence_is_previewed_and_nothing_is_changed_by_it(manager: Client) -> None:
    two_at_nine_thirty()
    page = manager.post("/en/desk/ill/", {**ILL, "person": world.adviser(1).pk})
    assert re.search(r"[12] bookings?: [01] kept by colleagues", text(page))
    assert not Closure.objects.exists()
    assert not Shift.objects.filter(absent=True).exists()
    assert not Message.objects.filter(event__contains="disrupted").exists()


def test_a_confirmed_absence_does_what_the_preview_said(manager: Client) -> None:
    two_at_nine_thirty()
    given = {**ILL, "person": str(world.adviser(1).pk)}
    page = manager.post("/en/desk/ill/", given)
    total, kept, rest = re.findall(r"(\d+) bookings?: (\d+) kept .*?, (\d+) needs?", text(page))[0]
    key = re.findall(r'name="key" value="(\w+)"', page.content.decode())[0]
    for _twice in range(2):
        answer = manager.post("/en/desk/ill/", {**given, "confirm": "1", "key": key})
        assert answer.status_code == 302
    closure = Closure.objects.get()
    states = list(closure.affected.values_list("state", flat=True))
    assert (len(states), states.count("reassigned")) == (int(total), int(kept))
    assert sum(s in Affected.TO_DO for s in states) == int(rest)
    day = text(manager.get("/en/desk/day/"))
    assert "Away: Adviser 1" in day
    assert ("1 work list" in day) == (int(rest) > 0)


def test_a_work_list_is_done_only_when_every_booking_is_settled(manager: Client) -> None:
    for person in (1, 2):
        for hour in (10, 11):
            booked(f"Customer {person}{hour}", local(hour))
    for person in (1, 2):
        given = {**ILL, "person": world.adviser(person).pk, "confirm": "1", "key": f"k{person}"}
        manager.post("/en/desk/ill/", given)
    open_rows = Affected.objects.filter(state__in=Affected.TO_DO).order_by("was_start")
    assert open_rows.count() == 4
    first, second, third, last = open_rows
    for what, row in (("called", first), ("declined", second), ("send", third)):
        page = manager.post(
            f"/en/desk/work/{row.closure_id}/",
            {"do": f"{what} {row.pk}", "note": "sanottu"},
            follow=True,
        )
        assert page.status_code == 200
    assert Booking.objects.get(pk=first.booking_id).state == "cancelled"
    assert Affected.objects.get(pk=third.pk).state == "offered"
    page = manager.get(f"/en/desk/work/{third.closure_id}/?times={third.pk}")
    choice = re.findall(r'name="to" value="([^"]+)"', page.content.decode())
    assert choice == [], "nobody is at work any more that day, and the roster ends with it"
    booking_world.shift(
        world.adviser(1),
        local(9, day=date(2026, 3, 3)),
        local(12, day=date(2026, 3, 3)),
        at=booking_world.ServicePoint.objects.get(),
        modes=("appointment",),
    )
    for row in (third, last):
        page = manager.get(f"/en/desk/work/{row.closure_id}/?times={row.pk}")
        choice = re.findall(r'name="to" value="([^"]+)"', page.content.decode())
        manager.post(f"/en/desk/work/{row.closure_id}/", {"do": f"move {row.pk}", "to": choice[0]})
    assert not Affected.objects.filter(state__in=Affected.TO_DO).exists()
    moved = Booking.objects.get(pk=last.booking_id)
    assert (moved.state, moved.start.date()) == ("confirmed", date(2026, 3, 3))
    lists = text(manager.get("/en/desk/work/"))
    assert "Nothing is left to do." in lists


def test_a_forged_time_moves_nothing(manager: Client) -> None:
    one = booked("Aino", local(10))
    for person in (1, 2):
        given = {**ILL, "person": world.adviser(person).pk, "confirm": "1", "key": f"k{person}"}
        manager.post("/en/desk/ill/", given)
    row = Affected.objects.get(state__in=Affected.TO_DO)
    for forged in (
        "",
        "x",
        "appointment|kuopio|soon",
        "appointment|kuopio|2026-03-02T03:00:00+00:00",
        "appointment|nowhere|2026-03-03T10:00:00+00:00",
    ):
        page = manager.post(
            f"/en/desk/work/{row.closure_id}/", {"do": f"move {row.pk}", "to": forged}, follow=True
        )
        assert page.status_code == 200
    again = Booking.objects.get(pk=one.pk)
    assert (again.state, again.start, again.point_id) == ("confirmed", local(10), "kuopio")


def test_a_day_is_closed_after_its_number_was_seen_and_taken_back(manager: Client) -> None:
    one = booked("Aino", local(10))
    days = {"first": "2026-03-02", "last": "2026-03-02", "reason": "Vesivahinko"}
    page = manager.post("/en/desk/close/kuopio/", days)
    assert "1 booking is touched." in text(page)
    assert not OpeningException.objects.exists()
    manager.post("/en/desk/close/kuopio/", {**days, "confirm": "1", "key": "k"})
    closure = Closure.objects.get()
    assert OpeningException.objects.count() == 1
    page = manager.get(f"/en/desk/work/{closure.pk}/")
    assert "0 of 1 settled" in text(page)
    manager.post(f"/en/desk/work/{closure.pk}/", {"do": "take_back"})
    assert not OpeningException.objects.exists()
    assert Affected.objects.get(booking=one).state == "stands"


def test_closing_the_same_days_twice_is_a_clear_message(manager: Client) -> None:
    days = {"first": "2026-03-02", "last": "2026-03-02", "confirm": "1"}
    manager.post("/en/desk/close/kuopio/", {**days, "key": "one"})
    page = manager.post("/en/desk/close/kuopio/", {**days, "key": "two"})
    assert page.status_code == 422
    assert "The hours differ already" in text(page)


def test_a_person_in_two_towns_at_once_is_refused_with_who_where_and_when(manager: Client) -> None:
    other = booking_world.point("inari", name_fi="Inarin toimisto", name_en="")
    shift = {
        "what": "add",
        "person": world.adviser(1).pk,
        "day": "2026-03-02",
        "begins": "10:00",
        "ends": "14:00",
        "modes": ["appointment"],
    }
    before = Shift.objects.count()
    page = manager.post(f"/en/desk/roster/{other.pk}/", shift)
    assert page.status_code == 422
    assert "Adviser 1 works already at" in text(page)
    assert "09:00" in text(page) or "9:00" in text(page) or "9 a.m." in text(page)
    assert Shift.objects.count() == before


def test_shifts_are_added_changed_and_removed(manager: Client) -> None:
    desk = booking_world.desk(booking_world.ServicePoint.objects.get(), "Desk 9")
    shift = {
        "what": "add",
        "person": world.adviser(1).pk,
        "day": "2026-03-03",
        "begins": "09:00",
        "ends": "12:00",
        "modes": ["appointment"],
        "desk": desk.pk,
    }
    address = "/en/desk/roster/kuopio/?week=2026-03-02"
    assert manager.post(address, shift).status_code == 302
    made = Shift.objects.get(start=local(9, day=date(2026, 3, 3)))
    change = {**shift, "what": "change", "shift": made.pk, "ends": "11:00", "modes": ["phone"]}
    assert manager.post(address, change).status_code == 302
    made.refresh_from_db()
    assert (made.end, made.modes) == (local(11, day=date(2026, 3, 3)), ["phone"])
    assert manager.post(address, {"what": "remove", "shift": made.pk}).status_code == 302
    assert not Shift.objects.filter(pk=made.pk).exists()


def test_shortening_a_shift_lists_what_cannot_be_kept(manager: Client) -> None:
    booked("Aino", local(15)), booked("Bertta", local(15))
    shift = Shift.objects.get(person=world.adviser(1))
    change = {
        "what": "change",
        "shift": shift.pk,
        "day": "2026-03-02",
        "begins": "09:00",
        "ends": "14:00",
        "modes": ["appointment"],
    }
    page = manager.post("/en/desk/roster/kuopio/?week=2026-03-02", change, follow=True)
    assert "1 booking cannot be kept and is on a work list." in text(page)


def test_wrong_hours_of_a_shift_are_told_and_what_was_typed_stays(manager: Client) -> None:
    shift = {
        "what": "add",
        "person": world.adviser(1).pk,
        "day": "2026-03-03",
        "begins": "12:00",
        "ends": "09:00",
        "modes": ["appointment"],
    }
    page = manager.post("/en/desk/roster/kuopio/", shift)
    assert "The work ends before it begins." in text(page)
    assert 'value="12:00"' in page.content.decode()


def test_a_weekly_roster_makes_shifts_and_ends(manager: Client) -> None:
    person = booking_world.adviser("New adviser")
    roster = {
        "what": "add",
        "person": person.pk,
        "day": "2026-03-03",
        "begins": "09:00",
        "ends": "12:00",
        "modes": ["appointment"],
        "weekdays": ["1", "3"],
    }
    manager.post("/en/desk/patterns/kuopio/", roster)
    assert RosterPattern.objects.filter(person=person).count() == 2
    days = {s.start.date().weekday() for s in Shift.objects.filter(person=person)}
    assert days == {1, 3}
    for pattern in RosterPattern.objects.filter(person=person):
        manager.post("/en/desk/patterns/kuopio/", {"what": "end", "pattern": pattern.pk})
    assert not Shift.objects.filter(person=person).exists()


def test_the_day_tells_queue_and_appointments(manager: Client) -> None:
    ticket(at=local(9, 0))
    cancel(booked("Aino", local(10)).pk)
    booked("Bertta", local(10))
    page = text(manager.get("/en/desk/day/"))
    assert "1 waits, 5 minutes" in page
    assert "1 left of 1" in page
    assert "2 on the roster" in page


def test_failed_messages_are_shown_without_what_they_say_and_sent_again(manager: Client) -> None:
    booked("Aino", local(10))
    message = Message.objects.first()
    assert message is not None
    Message.objects.filter(pk=message.pk).update(state="failed", why="refused", last_error="550")
    page = manager.get("/en/desk/messages/")
    assert "550" in text(page)
    assert message.text not in page.content.decode()
    assert message.address not in page.content.decode()
    manager.post("/en/desk/messages/", {"resend": message.pk})
    assert Message.objects.get(pk=message.pk).state == "queued"
    assert "no such message" in text(
        manager.post("/en/desk/messages/", {"resend": "x"}, follow=True)
    )


def test_one_tap_is_one_visit_and_can_be_taken_back(manager: Client) -> None:
    page = manager.get("/en/desk/tally/kuopio/").content.decode()
    key = re.findall(r'name="key" value="(\w+)"', page)[0]
    for _twice in range(2):  # a double tap
        manager.post("/en/desk/tally/kuopio/", {"service": "general", "key": key})
    manager.post("/en/desk/tally/kuopio/", {"service": "pension", "key": key})
    counts = dict(DailyVisits.objects.values_list("service_id", "visits"))
    assert counts == {"general": 1, "pension": 1}
    page = manager.get("/en/desk/tally/kuopio/").content.decode()
    last = re.findall(r'name="undo" value="([^"]+)"', page)[0]
    for _twice in range(2):
        manager.post("/en/desk/tally/kuopio/", {"undo": last})
    assert sum(DailyVisits.objects.values_list("visits", flat=True)) == 1


def test_a_day_without_customers_is_reported_as_a_zero(manager: Client) -> None:
    assert "Nobody came today: close the day" in text(manager.get("/en/desk/tally/kuopio/"))
    manager.post("/en/desk/tally/kuopio/", {"close": "1"})
    assert DayReport.objects.get().date == date(2026, 3, 2)
    assert "The day is reported." in text(manager.get("/en/desk/tally/kuopio/"))


def test_an_adviser_sees_no_managers_page(adviser: Client) -> None:
    for page in (
        "day/",
        "ill/",
        "close/kuopio/",
        "roster/kuopio/",
        "patterns/kuopio/",
        "work/",
        "messages/",
    ):
        assert adviser.get(f"/en/desk/{page}").status_code == 403, page
