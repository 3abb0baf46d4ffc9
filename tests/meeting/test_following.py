"""A meeting at once and its contact end together, whichever ends first."""

from __future__ import annotations

import pytest
from django.db import transaction

from palveluverkko.contact import pool
from palveluverkko.contact.models import Contact
from palveluverkko.demand.models import ChannelContacts
from palveluverkko.meeting import meetings
from palveluverkko.meeting.meetings import meeting_for_contact
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
