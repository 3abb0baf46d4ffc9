"""A meeting is made once for its booking or contact, and is over with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.booking.models import Booking
from palveluverkko.contact import pool
from palveluverkko.demand.models import ChannelContacts
from palveluverkko.meeting import jobs, links, meetings, seats
from palveluverkko.meeting.errors import LinkDead, MeetingOver, MeetingUnknown, NotAllowed
from palveluverkko.meeting.events import meeting_ended
from palveluverkko.meeting.models import Meeting, MeetingLine, Seat
from tests.meeting import build
from tests.meeting.build import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service() -> None:
    build.build_service()


def test_asked_twice_it_is_the_same_meeting() -> None:
    booking = build.booked(at(60))
    first = meetings.meeting_for_booking(booking.pk, now=NOW)
    assert meetings.meeting_for_booking(booking.pk, now=at(90)) == first
    assert (first.opens_at, first.closes_at) == (at(30), at(90 + 240))
    contact = build.in_contact(build.build_adviser())
    made = meetings.meeting_for_contact(contact.pk, now=NOW)
    assert meetings.meeting_for_contact(contact.pk, now=at(1)) == made
    assert made.adviser_id == contact.adviser_id


def test_a_moved_booking_makes_links_of_the_old_time_worthless() -> None:
    booking = build.booked()
    old = meetings.meeting_for_booking(booking.pk, now=NOW)
    link = links.issue_link(old.pk, "customer", now=NOW).link
    Booking.objects.filter(pk=booking.pk).update(start=at(60), end=at(90))
    with pytest.raises(LinkDead):
        links.open_link(link, now=NOW)
    new = meetings.meeting_for_booking(booking.pk, now=NOW)
    assert new != old
    assert Meeting.objects.get(pk=old.pk).ended_at == NOW


@pytest.mark.parametrize("state", ["cancelled", "no_show", "expired", "held"])
def test_a_booking_that_is_not_to_come_has_no_meeting(state: str) -> None:
    booking = build.booked()
    made = meetings.meeting_for_booking(booking.pk, now=NOW)
    Booking.objects.filter(pk=booking.pk).update(state=state, hold_until=at(10))
    with pytest.raises(MeetingOver):
        meetings.meeting_for_booking(booking.pk, now=NOW)
    with pytest.raises(MeetingOver):
        links.issue_link(made.pk, "customer", now=NOW)


def test_by_phone_and_unknown_there_is_none() -> None:
    for pk in (build.booked(mode="phone").pk, 987_654):
        with pytest.raises(MeetingUnknown):
            meetings.meeting_for_booking(pk, now=NOW)
    call = pool.enter("web_call", "general", "fi", key="k" * 20, now=NOW)
    with pytest.raises(MeetingUnknown):
        meetings.meeting_for_contact(call.pk, now=NOW)


def test_a_contact_that_ended_ends_its_meeting() -> None:
    contact = build.in_contact(build.build_adviser())
    made = meetings.meeting_for_contact(contact.pk, now=NOW)
    pool.finish(contact.pk, now=at(5))
    with pytest.raises(MeetingOver):
        links.issue_link(made.pk, "interpreter", now=at(6))


def test_it_ends_once_and_is_told_once(django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    made, told = build.meeting(), []

    def hear(**facts: object) -> None:
        told.append((facts["meeting_id"], facts["booking_id"]))

    meeting_ended.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        assert meetings.end(made.pk, now=at(20))
        assert not meetings.end(made.pk, now=at(21))
    meeting_ended.disconnect(hear)
    assert told == [(made.pk, made.booking_id)]


def test_a_meeting_is_of_a_booking_or_a_contact_never_both_or_neither() -> None:
    booking, contact = build.booked(), build.in_contact(build.build_adviser())
    facts = {"service_id": "general", "language": "fi", "starts_at": NOW, "opens_at": NOW}
    for of in ({}, {"booking": booking, "contact": contact}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.create(closes_at=at(10), **facts, **of)


def test_after_it_text_and_names_go_and_later_the_meeting() -> None:
    made, kept = build.meeting(), build.meeting(at(6000))
    for each in (made, kept):
        seat = links.issue_link(each.pk, "companion", "Veikko", now=NOW).seat
        MeetingLine.objects.create(meeting=each, seat=seat, number=1, text="hei", at=NOW)
    jobs.forget(made.closes_at)
    assert [line.meeting for line in MeetingLine.objects.all()] == [kept]
    assert list(Seat.objects.order_by("pk").values_list("label", flat=True)) == ["", "Veikko"]
    jobs.forget(made.closes_at + timedelta(days=91))
    assert list(Meeting.objects.all()) == [kept]


@pytest.mark.parametrize(("served", "state"), [(True, "served"), (False, "confirmed")])
def test_ended_for_everybody_a_booking_is_finished_where_the_adviser_says_so(
    served: bool, state: str
) -> None:
    made = build.meeting()
    adviser = build.adviser_in(made)
    for _press in range(2):
        seats.end_for_all(by=adviser.pk, served=served, now=at(20))
    booking = Booking.objects.get(pk=made.booking_id)
    assert booking.state == state
    counted = ChannelContacts.objects.values_list("channel", "contacts")
    assert list(counted) == ([("video", 1)] if served else [])


def test_only_the_adviser_inside_finishes_a_booking_by_ending_its_meeting() -> None:
    made = build.meeting()
    build.adviser_in(made)
    customer = build.came(made, "customer")
    with pytest.raises(NotAllowed):
        seats.end_for_all(by=customer.pk, served=True, now=at(20))
    assert Booking.objects.get(pk=made.booking_id).state != "served"


def test_a_booking_settled_at_the_desk_meanwhile_stays_as_it_is() -> None:
    made = build.meeting()
    adviser = build.adviser_in(made)
    Booking.objects.filter(pk=made.booking_id).update(state="no_show")
    seats.end_for_all(by=adviser.pk, served=True, now=at(20))
    assert Booking.objects.get(pk=made.booking_id).state == "no_show"
