"""Third people are invited by a link that works once; interpreters who are booked get theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from palveluverkko.booking import meeting_links, services
from palveluverkko.booking.models import Booking, Claim, Resource
from palveluverkko.booking.texts.sms import parts
from palveluverkko.meeting import invitations, links
from palveluverkko.meeting.errors import LinkDead, MeetingFull, NotAllowed
from palveluverkko.meeting.invitations import CannotBeSent, Invitation, invite, take_back
from palveluverkko.meeting.models import Seat
from palveluverkko.messages.models import Message
from tests.booking import world
from tests.booking.world import AINO, local

pytestmark = pytest.mark.django_db
NOW = local(9)
DAY_BEFORE = NOW - timedelta(hours=20)


@pytest.fixture
def booking(db: None) -> Booking:
    """By video on Monday at 9, and a time free at 10."""
    world.staffed_point()
    world.shift(world.adviser("Remote"), local(9), local(12), modes=("video",))
    held = services.hold(world.wish(NOW, mode="video", point=None), key="k", now=world.NOW)
    return services.confirm(held.pk, AINO, now=world.NOW)


@pytest.fixture
def meeting(booking: Booking) -> int:
    return invitations.meeting_for_booking(booking.pk, DAY_BEFORE).pk


def secret(address: str) -> str:
    found = re.search(r"/(\w\w)/meeting/([\w-]+)/$", address)
    assert found is not None
    return found.group(2)


def test_a_link_to_hand_on_opens_the_seat_once(meeting: int) -> None:
    made = invite(meeting, Invitation("companion", "Matti"), now=NOW)
    given = links.open_link(secret(made.address), now=NOW)
    assert (given.seat.role, given.seat.label, made.sent_to) == ("companion", "Matti", "")
    with pytest.raises(LinkDead):
        links.open_link(secret(made.address), now=NOW)
    assert not Message.objects.filter(about__startswith="meeting-seat").exists()


@pytest.mark.parametrize(
    ("how", "to", "written"),
    [
        ("sms", "040 123 4567", "+358401234567"),
        ("email", "matti@example.org", "matti@example.org"),
    ],
)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_link_is_sent_in_the_persons_language_and_names_nobody(
    meeting: int, how: str, to: str, written: str, language: str
) -> None:
    made = invite(meeting, Invitation("interpreter", "Matti", how, to, language), now=NOW)
    message = Message.objects.get(about=f"meeting-seat:{made.seat.pk}")
    assert (message.channel, message.address, message.language) == (how, written, language)
    assert made.address in message.text
    assert f"/{language}/meeting/" in made.address
    for personal in ("Aino", "Matti", "general", "advice"):
        assert personal not in message.text
    if how == "sms":
        assert parts(message.text) <= 2


@pytest.mark.parametrize(
    ("how", "to"),
    [("sms", "not a number"), ("sms", ""), ("sms", "017 123 456"), ("email", "x"), ("email", "")],
)
def test_what_cannot_be_sent_gives_no_seat(meeting: int, how: str, to: str) -> None:
    with pytest.raises(CannotBeSent) as refused:
        invite(meeting, Invitation("companion", "", how, to), now=NOW)
    assert refused.value.said
    assert not Seat.objects.exists()


@pytest.mark.parametrize("role", ["adviser", "customer", "host", "listener", ""])
def test_only_third_people_are_invited(meeting: int, role: str) -> None:
    with pytest.raises(NotAllowed):
        invite(meeting, Invitation(role), now=NOW)


def test_the_seventh_is_told_that_six_are_the_most(meeting: int) -> None:
    for _n in range(4):
        invite(meeting, Invitation("companion"), now=NOW)
    with pytest.raises(MeetingFull):
        invite(meeting, Invitation("companion"), now=NOW)
    take_back(meeting, 4, now=NOW)
    assert invite(meeting, Invitation("advocate"), now=NOW).seat.number == 4


def test_nobody_sends_messages_without_end(meeting: int) -> None:
    for _n in range(invitations.MOST_IN_ALL):
        number = invite(meeting, Invitation("companion"), now=NOW).seat.number
        take_back(meeting, number, now=NOW)
    with pytest.raises(MeetingFull):
        invite(meeting, Invitation("companion"), now=NOW)


def test_a_link_taken_back_opens_nothing_and_is_not_sent_any_more(meeting: int) -> None:
    made = invite(meeting, Invitation("companion", "", "sms", "0401234567"), now=NOW)
    take_back(meeting, made.seat.number, now=NOW)
    take_back(meeting, made.seat.number, now=NOW)
    with pytest.raises(LinkDead):
        links.open_link(secret(made.address), now=NOW)
    message = Message.objects.get(about=f"meeting-seat:{made.seat.pk}")
    assert message.state == "cancelled"


def interpreter(booking: Booking, email: str) -> None:
    person = world.adviser("Ilse Interpreter", kind="interpreter")
    person.user = User.objects.create_user("ilse", email=email)
    person.save()
    Claim.objects.create(booking=booking, resource=person, start=booking.start, end=booking.end)


def test_a_booked_interpreter_gets_the_link_the_day_before_and_once(booking: Booking) -> None:
    interpreter(booking, "ilse@example.org")
    assert invitations.invite_interpreters(NOW - timedelta(hours=30)) == 0
    assert invitations.invite_interpreters(DAY_BEFORE) == 1
    assert invitations.invite_interpreters(DAY_BEFORE + timedelta(minutes=5)) == 0
    message = Message.objects.get(about__startswith="meeting-seat")
    assert message.address == "ilse@example.org"
    assert Seat.objects.get().label == "Ilse Interpreter"


def test_after_a_move_the_interpreter_gets_another_link_and_the_old_one_is_dead(
    booking: Booking,
) -> None:
    interpreter(booking, "ilse@example.org")
    invitations.invite_interpreters(DAY_BEFORE)
    first = Message.objects.get(about__startswith="meeting-seat").text
    Claim.objects.filter(resource__kind=Resource.Kind.INTERPRETER).update(
        start=local(10), end=local(10, 30)
    )
    moved = local(10)
    Booking.objects.filter(pk=booking.pk).update(start=moved, end=moved + timedelta(minutes=30))
    assert invitations.invite_interpreters(DAY_BEFORE) == 1
    old = re.search(r"/meeting/([\w-]+)/", first)
    assert old is not None
    with pytest.raises(LinkDead):
        links.open_link(old.group(1), now=NOW)


@pytest.mark.parametrize("email", ["", "nobody"])
def test_without_an_address_the_adviser_hands_the_link_on(booking: Booking, email: str) -> None:
    interpreter(booking, email)
    assert invitations.invite_interpreters(DAY_BEFORE) == 0


def test_a_meeting_in_another_service_needs_no_link_of_ours(booking: Booking) -> None:
    interpreter(booking, "ilse@example.org")
    meeting_links.save_link(booking.pk, "https://video.example.org/j/1")
    assert invitations.invite_interpreters(DAY_BEFORE) == 0


def test_a_seat_given_by_the_adviser_remembers_by_whom(meeting: int) -> None:
    user = User.objects.create_user("adviser")
    made = invite(meeting, Invitation("companion"), by=user, now=NOW)
    assert Seat.objects.get(pk=made.seat.pk).invited_by == user
