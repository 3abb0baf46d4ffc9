"""A meeting at once and its contact end together, whichever ends first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from palveluverkko.contact import pool, silence
from palveluverkko.contact.models import Contact
from palveluverkko.demand.models import ChannelContacts
from palveluverkko.meeting import links, meetings, seats
from palveluverkko.meeting.meetings import meeting_for_contact
from palveluverkko.meeting.signalling.hub import report_heard
from tests.meeting import build
from tests.meeting.build import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(monkeypatch: pytest.MonkeyPatch) -> Contact:
    """In contact with an adviser; what is told after the commit is told at once."""
    monkeypatch.setattr(transaction, "on_commit", lambda told, **_how: told())
    build.build_service()
    return build.in_contact(build.build_adviser("Aino"))


def test_ended_for_all_the_contact_is_answered_and_counted_once(contact: Contact) -> None:
    made = meeting_for_contact(contact.pk, NOW)
    meetings.end(made.pk, now=at(10))
    meetings.end(made.pk, now=at(10))
    contact.refresh_from_db()
    assert contact.state == "answered"
    assert [row.contacts for row in ChannelContacts.objects.filter(channel="video")] == [1]


@pytest.mark.parametrize("verb", [pool.finish, pool.abandon])
def test_the_contact_ended_at_the_desk_or_by_the_customer_ends_the_meeting(
    contact: Contact, verb: object
) -> None:
    made = meeting_for_contact(contact.pk, NOW)
    verb(contact.pk, now=at(10))  # type: ignore[operator]
    made.refresh_from_db()
    assert made.ended_at is not None


def test_given_back_to_the_queue_the_meeting_goes_on_for_the_next_adviser(
    contact: Contact,
) -> None:
    made = meeting_for_contact(contact.pk, NOW)
    pool.give_back(contact.pk, now=at(10))
    made.refresh_from_db()
    assert made.ended_at is None


@pytest.mark.parametrize("heard", [True, False])
def test_who_is_heard_in_the_meeting_is_not_lost_when_the_other_pages_are_closed(
    contact: Contact, heard: bool
) -> None:
    made = meeting_for_contact(contact.pk, NOW)
    assert contact.adviser_id is not None
    adviser = links.adviser_pass(made.pk, contact.adviser_id, now=NOW).seat
    customer = build.seated(made, "customer").seat
    inside = [seats.join(seat.pk, now=NOW).pk for seat in (adviser, customer)]
    for seconds in range(0, 200, 10):
        moment = NOW + timedelta(seconds=seconds)
        if heard:
            report_heard(inside, moment)
        silence.listen(moment)
        silence.watch(moment)
    contact.refresh_from_db()
    assert (contact.state == "talking") is heard
