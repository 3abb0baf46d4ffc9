"""A link opens its seat once, for one browser; everything else gets one and the same answer."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.meeting import links, meetings, seats
from palveluverkko.meeting.errors import LinkDead, MeetingFull, NotAllowed
from palveluverkko.meeting.models import Seat
from tests.meeting import build
from tests.meeting.build import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service() -> None:
    build.build_service()


def test_the_first_browser_has_it_and_may_open_it_again() -> None:
    issued = links.issue_link(build.meeting().pk, "interpreter", "Ilse", now=NOW)
    given = links.open_link(issued.link, now=NOW)
    again = links.open_link(issued.link, held=given.secret, now=at(5))
    assert again.secret == given.secret
    for other in ("", "guess", links.new_secret()):
        with pytest.raises(LinkDead):
            links.open_link(issued.link, held=other, now=at(5))


def test_neither_link_nor_pass_is_kept() -> None:
    issued = links.issue_link(build.meeting().pk, "companion", now=NOW)
    given = links.open_link(issued.link, now=NOW)
    row = str(Seat.objects.filter(pk=issued.seat.pk).values().get())
    assert issued.link not in row
    assert given.secret not in row
    found = links.seat_of_pass(given.secret)
    assert found == issued.seat
    assert links.seat_of_pass("") is None


def test_what_opens_nothing_is_told_apart_by_nobody() -> None:
    made = build.meeting()
    adviser = build.adviser_in(made)
    removed = links.issue_link(made.pk, "companion", now=NOW)
    seats.remove(removed.seat.number, by=adviser.pk, now=NOW)
    late = links.issue_link(made.pk, "companion", now=NOW)
    over = build.meeting(at(1))
    of_over = links.issue_link(over.pk, "customer", now=NOW)
    meetings.end(over.pk, now=NOW)
    tried = [
        ("unknown", NOW),
        (removed.link, NOW),
        (late.link, made.closes_at),
        (late.link[:-1] + ("A" if late.link[-1] != "A" else "B"), NOW),
        (of_over.link, NOW),
        ("\ud800" * 20, NOW),
        ("x" * 10_000, NOW),
        ("", NOW),
    ]
    for link, moment in tried:
        with pytest.raises(LinkDead) as told:
            links.open_link(link, now=moment)
        assert str(told.value) == ""


def test_another_link_for_the_customer_replaces_the_first() -> None:
    made = build.meeting()
    first = build.seated(made, "customer")
    again = links.issue_link(made.pk, "customer", now=NOW)
    assert again.seat == first.seat
    assert links.seat_of_pass(first.secret) == first.seat  # until the new one is opened
    second = links.open_link(again.link, now=NOW)
    assert links.seat_of_pass(first.secret) is None
    assert links.seat_of_pass(second.secret) == first.seat


def test_six_people_and_no_more() -> None:
    made = build.meeting()
    adviser = build.adviser_in(made)
    for role in ("customer", "interpreter", "companion", "advocate", "companion"):
        links.issue_link(made.pk, role, now=NOW)
    with pytest.raises(MeetingFull):
        links.issue_link(made.pk, "companion", now=NOW)
    seats.remove(4, by=adviser.pk, now=NOW)
    assert links.issue_link(made.pk, "companion", now=NOW).seat.number == 4
    for wrong in ({"number": 7, "role": "companion"}, {"number": 4, "role": "companion"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.create(meeting=made, **wrong)


def test_no_link_makes_an_adviser() -> None:
    made = build.meeting()
    for role in ("adviser", "king"):
        with pytest.raises(NotAllowed):
            links.issue_link(made.pk, role, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(meeting=made, number=3, role="adviser")


def test_a_colleague_takes_over_the_advisers_seat() -> None:
    made = build.meeting()
    first = links.adviser_pass(made.pk, build.build_adviser("Aino"), now=NOW)
    second = links.adviser_pass(made.pk, build.build_adviser("Beda"), now=NOW)
    assert second.seat == first.seat
    assert links.seat_of_pass(first.secret) is None
