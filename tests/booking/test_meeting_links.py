"""The door of a video meeting: one that nobody guesses, for as long as it leads somewhere."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from auditlog.models import LogEntry

from palveluverkko.booking import meeting_links, notices, services, upkeep
from palveluverkko.booking.errors import MeetingLinkRefused, NotByVideo, NotOpenAnyMore
from palveluverkko.booking.links import link_for
from palveluverkko.booking.models import Booking
from palveluverkko.booking.texts.sms import parts
from palveluverkko.messages.models import Message
from tests.booking import told, world
from tests.booking.world import AINO, NOW, local, wish

pytestmark = pytest.mark.django_db
LINK = "https://video.example.org/j/4711?p=abc"


def by_video(**details: object) -> Booking:
    return told.booked(**{"mode": "video", **details})


@pytest.fixture
def rooms(settings) -> None:
    settings.VIDEO_MEETING_URL = "https://meet.example.org/{room}"


@pytest.fixture
def remote(db) -> Booking:
    """A confirmed video meeting on Monday at 9, with a time free at 10."""
    world.staffed_point()
    world.shift(world.adviser("Remote"), local(9), local(12), modes=("video",))
    held = services.hold(wish(local(9), mode="video", point=None), key="k", now=NOW)
    return services.confirm(held.pk, AINO, now=NOW)


def test_a_room_has_an_address_that_says_nothing_of_anybody(rooms):
    booking = by_video()
    address = meeting_links.room_link(booking)
    assert re.fullmatch(r"https://meet\.example\.org/[a-z2-7]{32}", address)
    for secret in (*told.SECRETS, booking.token, booking.reference):
        assert secret.lower() not in address


def test_every_booking_has_a_room_of_its_own_and_another_one_after_a_move(rooms, remote):
    before = meeting_links.room_link(remote)
    assert meeting_links.room_link(Booking.objects.get(pk=remote.pk)) == before
    after = services.move(remote.pk, local(10), key="m", now=NOW)
    assert meeting_links.room_link(after) != before
    after.token = "another"
    assert meeting_links.room_link(after) != meeting_links.room_link(remote)


@pytest.mark.parametrize(
    ("minutes", "shown"), [(-31, False), (-30, True), (0, True), (120, True), (121, None)]
)
def test_a_room_is_shown_from_half_an_hour_before_until_two_hours_after(rooms, minutes, shown):
    booking = by_video()
    door = meeting_links.door_of(booking, booking.start + timedelta(minutes=minutes))
    assert (None if door is None else bool(door.link)) is shown


@pytest.mark.parametrize("state", ["held", "cancelled", "served", "no_show", "expired"])
def test_there_is_no_door_to_a_meeting_that_is_not_to_come(rooms, state):
    booking = by_video(state=state, hold_until=local(9))
    assert meeting_links.door_of(booking, booking.start) is None


@pytest.mark.parametrize("mode", ["appointment", "phone"])
def test_only_meetings_by_video_have_a_door(rooms, mode):
    booking = by_video(mode=mode)
    assert meeting_links.door_of(booking, booking.start) is None
    with pytest.raises(NotByVideo):
        meeting_links.save_link(booking.pk, LINK)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "video",
        "javascript:alert(1)",
        "http://video.example.org/j/1",
        "data:text/html,x",
        "https://",
        "https://video.example.org\n.evil.example/",
        "https://video.example.org@evil.example/",
        "https://video example.org/",
        "https://video.example.org/" + "x" * 1_000,
    ],
)
def test_what_is_no_https_link_is_refused_and_nothing_is_sent(link):
    booking = by_video()
    with pytest.raises(MeetingLinkRefused):
        meeting_links.save_link(booking.pk, link)
    assert not Booking.objects.get(pk=booking.pk).meeting_link
    assert not Message.objects.exists()


def test_the_link_goes_out_at_once_by_every_quick_way_and_once():
    booking = by_video()
    for _time in range(2):
        assert meeting_links.save_link(booking.pk, f"  {LINK} ")
    assert set(Message.objects.values_list("channel", flat=True)) == {"email", "sms"}
    assert Message.objects.count() == 2
    for message in Message.objects.all():
        assert LINK in message.text
        assert "housing" not in message.text.lower()


def test_a_second_link_is_sent_too_and_other_news_still_goes_out():
    booking = by_video()
    notices.tell(booking, "confirmed", now=NOW)
    meeting_links.save_link(booking.pk, LINK)
    meeting_links.save_link(booking.pk, f"{LINK}&second")
    states = Message.objects.filter(channel="email").values_list("event", "state")
    assert {e.split(":", 2)[2]: s for e, s in states} == {
        "confirmed:v1:email": "queued",
        "link:v1.1:email": "queued",
        "link:v1.2:email": "queued",
    }


def test_a_link_too_long_for_a_text_message_is_behind_the_one_to_the_page():
    booking = by_video()
    long = f"https://video.example.org/{'x' * 400}"
    meeting_links.save_link(booking.pk, long)
    text = Message.objects.get(channel="sms").text
    assert long not in text
    assert link_for(booking) in text
    assert parts(text) <= 2


def test_who_gave_an_address_only_is_sent_nothing_that_would_come_too_late():
    booking = by_video(phone="", email="", postal_address="Kylätie 1, Kuopio")
    assert meeting_links.save_link(booking.pk, LINK) is False
    assert not Message.objects.exists()
    assert Booking.objects.get(pk=booking.pk).meeting_link == LINK


def test_the_old_link_dies_with_the_old_time(remote):
    meeting_links.save_link(remote.pk, LINK)
    assert services.move(remote.pk, local(10), key="m", now=NOW).meeting_link == ""
    meeting_links.save_link(remote.pk, LINK)
    assert services.cancel(remote.pk).meeting_link == ""
    with pytest.raises(NotOpenAnyMore):
        meeting_links.save_link(remote.pk, LINK)
    unsent = Message.objects.filter(event__contains=":link:")
    assert set(unsent.values_list("state", flat=True)) == {"cancelled"}


def test_what_is_written_down_of_a_link_is_that_there_was_one(remote):
    meeting_links.save_link(remote.pk, LINK)
    event = remote.events.get(kind="meeting_link")
    assert event.detail == {}
    entries = LogEntry.objects.get_for_object(remote)
    assert not any("meeting_link" in (entry.changes or {}) for entry in entries)


def test_the_link_is_deleted_with_the_customers_data():
    booking = by_video(meeting_link=LINK)
    upkeep.forget_customers()
    booking.refresh_from_db()
    assert (booking.forgotten, booking.meeting_link) == (True, "")


def mail(booking: Booking) -> str:
    notices.tell(booking, "confirmed", now=NOW)
    return Message.objects.filter(channel="email").latest("pk").text


BUTTON = "the button for joining the meeting is there from 30 minutes before"


def test_the_mail_promises_what_will_happen(settings):
    said = mail(by_video())
    assert BUTTON in said
    assert "try out your camera and sound at any time" in said
    settings.VIDEO_MEETING_URL = "https://meet.example.org/{room}"
    said = mail(by_video())
    assert BUTTON in said
    assert "meet.example.org" not in said
    assert "try out" not in said


def test_where_the_adviser_meets_in_another_service_the_mail_says_the_link():
    said = mail(by_video(meeting_link=LINK))
    assert LINK in said
    assert BUTTON not in said


@pytest.mark.parametrize(
    ("minutes", "opened"), [(-31, False), (-30, True), (0, True), (269, True), (271, None)]
)
@pytest.mark.parametrize("mode", ["video", "video_room"])
def test_our_own_meeting_is_open_from_half_an_hour_before_until_four_hours_after(
    minutes, opened, mode
):
    booking = by_video(mode=mode)
    door = meeting_links.door_of(booking, booking.start + timedelta(minutes=minutes))
    assert (None if door is None else door.open) is opened
    if door is not None:
        assert door.ours
        assert door.link == ""


def test_a_pasted_link_leads_elsewhere_and_after_a_move_ours_is_open_again(remote):
    meeting_links.save_link(remote.pk, LINK)
    remote.refresh_from_db()
    door = meeting_links.door_of(remote, NOW)
    assert door is not None
    assert (door.ours, door.link) == (False, LINK)
    assert not meeting_links.is_ours(remote)
    assert meeting_links.is_ours(services.move(remote.pk, local(10), key="m", now=NOW))
