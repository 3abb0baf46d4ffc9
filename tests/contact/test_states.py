"""Advisers' states: ready, offered, in contact, finishing notes, on a break, gone home."""

from __future__ import annotations

import pytest

from palveluverkko.booking.models import Resource
from palveluverkko.contact import pool, states
from palveluverkko.contact.errors import NotAnAdviser, NotAtWork, StillBusy
from palveluverkko.contact.models import AdviserState, Contact
from tests.contact.pool_build import at, at_work, build_adviser, build_service, come

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service(db: None) -> None:
    build_service()


def state_of(adviser: int) -> str:
    return AdviserState.objects.get(adviser_id=adviser).state


def test_beginning_twice_only_changes_the_channels() -> None:
    adviser = at_work()
    states.pause(adviser, now=at(1))
    row = states.begin(adviser, ["video"], now=at(2))
    assert (row.state, row.channels, AdviserState.objects.count()) == ("break", ["video"], 1)


def test_only_advisers_serve() -> None:
    with pytest.raises(NotAnAdviser):
        states.begin(Resource.objects.create(kind="interpreter", name="I").pk)


def test_a_break_gives_the_offered_customer_to_a_colleague() -> None:
    first, second = at_work("Aino"), at_work("Eino")
    contact = come()
    had = contact.adviser_id
    states.pause(had, now=at(1))
    contact.refresh_from_db()
    assert contact.adviser_id == ({first, second} - {had}).pop()
    assert state_of(had) == "break"


def test_nobody_leaves_a_customer_alone() -> None:
    adviser = at_work()
    pool.accept(come().pk, adviser, now=at(0))
    for verb in (states.ready, states.pause, states.go_home):
        with pytest.raises(StillBusy):
            verb(adviser)
    assert state_of(adviser) == "in_contact"


def test_who_has_not_begun_is_not_at_work() -> None:
    with pytest.raises(NotAtWork):
        states.ready(build_adviser())
    states.go_home(build_adviser("Eino"))


def test_ready_after_notes_gets_the_next_customer() -> None:
    adviser = at_work()
    first, second = come(), come()
    pool.accept(first.pk, adviser, now=at(0))
    pool.finish(first.pk, now=at(1))
    assert state_of(adviser) == "wrap_up"
    states.ready(adviser, now=at(1))
    assert Contact.objects.get(pk=second.pk).adviser_id == adviser


def test_going_home_leaves_the_offer_to_wait() -> None:
    adviser = at_work()
    contact = come()
    states.go_home(adviser, now=at(1))
    contact.refresh_from_db()
    assert (contact.state, contact.adviser_id) == ("waiting", None)
    assert not AdviserState.objects.exists()


def test_the_page_of_who_went_home_is_told_so() -> None:
    adviser = at_work()
    assert states.heard_adviser(adviser, now=at(1))
    states.go_home(adviser, now=at(1))
    assert not states.heard_adviser(adviser)
