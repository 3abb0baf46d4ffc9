"""An adviser's desk: one list over all channels, one press each, nobody else's customers."""

from __future__ import annotations

from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from palveluverkko.booking import serving
from palveluverkko.booking.models import Booking, BookingEvent
from palveluverkko.demand.models import ChannelContacts, DailyVisits
from palveluverkko.walkins.models import Ticket
from tests.booking import world as booking_world
from tests.web.desk import world
from tests.web.desk.world import booked, local, ticket


def press(client: Client, do: str, **more: str) -> str:
    """Press a button and read the page that follows."""
    page = client.post("/en/desk/do/", {"do": do, **more}, follow=True)
    assert page.status_code == 200
    return page.content.decode()


def visits() -> dict[tuple[str, str], int]:
    rows = DailyVisits.objects.filter(visits__gt=0)
    return {(r.service_id, r.mode): r.visits for r in rows}


def test_the_list_holds_walk_ins_and_bookings_of_every_channel(adviser: Client) -> None:
    ticket()
    here = booked("Aino Ängeslevä", local(9))
    serving.arrive(here.pk, now=local(8, 55))
    booked("Čáhppe", local(10), "phone")
    booked("Video Õun", local(11), "video")
    html = adviser.get("/en/desk/").content.decode()
    for text in ("Aino Ängeslevä", "Čáhppe", "Video Õun", "Queue number", "Phone", "Appointment"):
        assert text in html
    # The rule's reason stands beside the first.
    assert "Booked; the time began 5 minutes ago." in html


def test_a_walk_in_is_called_started_and_finished_and_counted_once(adviser: Client) -> None:
    taken = ticket()
    assert f"{taken.label} was called." in press(adviser, "next")
    assert "is being served" in press(adviser, f"start ticket:{taken.id}")
    press(adviser, f"finish ticket:{taken.id}")
    html = press(adviser, f"finish ticket:{taken.id}")
    assert visits() == {("general", "walk_in"): 1}
    assert "<strong>1</strong> customer by you" in html


def test_a_booked_customer_is_marked_as_here_begun_and_finished(adviser: Client) -> None:
    one = booked("Aino", local(9))
    press(adviser, f"arrive booking:{one.pk}")
    assert "Aino is being served." in press(adviser, "next")
    assert "The visit is counted." in press(adviser, f"finish booking:{one.pk}")
    assert visits() == {("general", "appointment"): 1}


def test_a_call_is_begun_without_arriving_and_counted_as_a_contact(adviser: Client) -> None:
    one = booked("Aino", local(9), "phone")
    assert "Aino is being served." in press(adviser, "next")
    press(adviser, f"finish booking:{one.pk}")
    assert ChannelContacts.objects.get().contacts == 1


def test_pressing_next_twice_calls_one_customer(adviser: Client) -> None:
    ticket(), ticket()
    press(adviser, "next")
    press(adviser, "next")
    assert Ticket.objects.filter(state="called").count() == 1


def test_a_second_customer_is_refused_while_one_is_served(adviser: Client) -> None:
    one, two = booked("Aino", local(9)), booked("Bertta", local(9, 30))
    press(adviser, f"call booking:{one.pk}")
    assert "Finish first." in press(adviser, f"call booking:{two.pk}")
    assert Booking.objects.get(pk=two.pk).state == "confirmed"


def test_undo_takes_back_the_last_press_and_its_visit(adviser: Client) -> None:
    one = booked("Aino", local(9))
    press(adviser, f"arrive booking:{one.pk}")
    press(adviser, f"call booking:{one.pk}")
    press(adviser, f"finish booking:{one.pk}")
    press(adviser, "undo")
    assert Booking.objects.get(pk=one.pk).state == "serving"
    assert visits() == {}
    press(adviser, "undo")
    assert Booking.objects.get(pk=one.pk).state == "arrived"
    press(adviser, "undo")
    assert Booking.objects.get(pk=one.pk).state == "confirmed"


def test_undoing_a_call_gives_the_place_back(adviser: Client) -> None:
    taken = ticket()
    press(adviser, "next")
    press(adviser, "undo")
    row = Ticket.objects.get(pk=taken.id)
    assert (row.state, row.taken_at) == ("waiting", taken.taken_at)


def test_notes_are_kept_and_survive_a_session_that_ended(adviser: Client) -> None:
    one = booked("Aino", local(9))
    press(adviser, f"call booking:{one.pk}")
    adviser.post("/en/desk/notes/", {"ref": f"booking:{one.pk}", "text": "Kysyi tuesta ŋ"})
    assert Booking.objects.get(pk=one.pk).notes == "Kysyi tuesta ŋ"
    stranger = Client()
    answer = stranger.post("/en/desk/notes/", {"ref": f"booking:{one.pk}", "text": "typed"})
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]
    stranger.post("/en/login/", {"username": "adviser1", "password": world.PASSWORD})
    assert "typed" in stranger.get("/en/desk/").content.decode()


def test_customers_of_other_points_are_neither_seen_nor_served(adviser: Client) -> None:
    far = booking_world.point("inari")
    world.ServiceOfferFactory(point=far, service_id="general", mode="walk_in")
    person = booking_world.adviser("Far adviser", at=far)
    booking_world.desk(far)
    booking_world.shift(person, local(9), local(16), at=far, modes=("appointment",))
    wish = booking_world.wish(local(9), point="inari")
    theirs = world.book(
        wish, world.Customer(name="Secret", phone="+358401234567"), key="far", now=world.NOW
    )
    assert "Secret" not in adviser.get("/en/desk/").content.decode()
    assert adviser.get(f"/en/desk/bookings/{theirs.pk}/").status_code == 404
    assert "not on your list" in press(adviser, f"finish booking:{theirs.pk}")
    found = adviser.post("/en/desk/find/", {"q": "secret"}).content.decode()
    assert "No such booking" in found
    assert Booking.objects.get(pk=theirs.pk).state == "confirmed"


def test_every_look_at_a_record_is_logged(adviser: Client) -> None:
    one = booked("Aino", local(9))
    adviser.get("/en/desk/")
    adviser.get("/en/desk/")  # the list counts once
    adviser.get(f"/en/desk/bookings/{one.pk}/")
    adviser.get(f"/en/desk/bookings/{one.pk}/")
    looks = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, object_pk=str(one.pk))
    assert looks.count() == 3
    assert {entry.actor for entry in looks} == {User.objects.get(username="adviser1")}


def test_a_booking_is_found_by_number_and_by_name_without_its_marks(adviser: Client) -> None:
    one = booked("Aino Ängeslevä", local(9))
    for asked in (one.reference, "angesleva", "ÄNGES aino"):
        html = adviser.post("/en/desk/find/", {"q": asked}).content.decode()
        assert f"/en/desk/bookings/{one.pk}/" in html, asked


def test_forged_presses_change_nothing(adviser: Client) -> None:
    one = booked("Aino", local(9))
    for do in (
        "",
        "nothing",
        "finish",
        "finish ticket:x",
        "arrive ticket:1",
        "finish booking:9999",
    ):
        press(adviser, do)
    press(adviser, f"transfer booking:{one.pk}")
    press(adviser, f"recall booking:{one.pk}")
    assert Booking.objects.get(pk=one.pk).state == "confirmed"


def test_shortcuts_can_be_switched_off(adviser: Client) -> None:
    assert 'data-key="n"' in adviser.get("/en/desk/").content.decode()
    adviser.post("/en/desk/shortcuts/", {"on": "0"})
    html = adviser.get("/en/desk/").content.decode()
    assert "data-key" not in html
    assert "<kbd" not in html


def test_a_taken_desk_is_refused_by_name(adviser: Client) -> None:
    other = Client()
    other.force_login(User.objects.get(username="adviser2"))
    desk = world.adviser(1).shifts.get().desk
    page = other.post("/en/desk/place/", {"what": "open", "desk": desk.pk}, follow=True)
    assert "Desk 1 is in use by Adviser 1." in page.content.decode()


def test_a_customer_is_sent_on_and_keeps_the_place(adviser: Client) -> None:
    taken = ticket()
    press(adviser, "next")
    press(adviser, f"transfer ticket:{taken.id}", service="pension", adviser="")
    row = Ticket.objects.get(pk=taken.id)
    assert (row.state, row.service_id, row.taken_at) == ("waiting", "pension", taken.taken_at)


def test_a_customer_comes_back_later(adviser: Client) -> None:
    taken = ticket()
    press(adviser, "next")
    press(adviser, f"come_back ticket:{taken.id}", at="10:30")
    assert Ticket.objects.get(pk=taken.id).come_back_at == local(10, 30)
    assert "Choose a time" in press(adviser, f"come_back ticket:{taken.id}", at="08:00")


def test_strangers_sign_in_and_others_are_refused(morning: None) -> None:
    assert Client().get("/en/desk/")["Location"].startswith("/en/login/")
    nobody = Client()
    nobody.force_login(User.objects.create_user("nobody"))
    assert nobody.get("/en/desk/").status_code == 403
    assert nobody.get("/en/desk/day/").status_code == 403


def test_two_advisers_cannot_begin_with_the_same_customer(adviser: Client) -> None:
    one = booked("Aino", local(9))
    other = Client()
    other.force_login(User.objects.get(username="adviser2"))
    desk = world.adviser(2).shifts.get().desk
    other.post("/en/desk/place/", {"what": "open", "desk": desk.pk})
    press(adviser, f"call booking:{one.pk}")
    assert "has changed meanwhile: Being served" in press(other, f"call booking:{one.pk}")
    assert "Nobody whom you can serve" in press(other, "next")


def test_the_desk_is_in_the_navigation_of_those_who_have_one(adviser: Client) -> None:
    assert 'href="/en/desk/"' in adviser.get("/en/find/").content.decode()
    nobody = Client()
    nobody.force_login(User.objects.create_user("planner"))
    assert 'href="/en/desk/"' not in nobody.get("/en/find/").content.decode()


def test_who_of_the_staff_did_what_to_a_ticket_or_booking_is_on_record(adviser: Client) -> None:
    """A ticket's trail has the adviser's name, never the customer's number or address."""
    taken = ticket()
    Ticket.objects.filter(pk=taken.id).update(phone="+358401234567")
    press(adviser, "next")
    press(adviser, f"start ticket:{taken.id}")
    press(adviser, f"finish ticket:{taken.id}")
    rows = LogEntry.objects.filter(content_type__model="ticket", object_id=taken.id)
    states = [r.changes["state"][1] for r in rows.order_by("timestamp") if "state" in r.changes]
    assert states[-3:] == ["called", "serving", "served"]
    assert {r.actor.username for r in rows if r.actor} == {"adviser1"}
    assert all(r.remote_addr is None for r in rows)
    assert "358401234567" not in str([r.changes for r in rows])
    one = booked("Aino", local(9, 30))
    press(adviser, f"arrive booking:{one.pk}")
    event = BookingEvent.objects.get(booking=one, kind="arrived")
    assert event.by is not None
    assert event.by.username == "adviser1"
