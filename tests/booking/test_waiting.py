"""The waiting list: a freed time is offered in turn, held meanwhile, and never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from palveluverkko.booking import services, waiting
from palveluverkko.booking.errors import NotOpenAnyMore
from palveluverkko.booking.models import Booking, WaitingEntry, WaitingOffer
from palveluverkko.messages.models import Promise
from palveluverkko.messages.promises import run_due
from tests.booking import world
from tests.booking.world import AINO, HELSINKI, local, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    """A working day a fortnight from now: promises run by the real clock."""
    today = datetime.now(UTC).astimezone(HELSINKI).date()
    coming = today + timedelta(days=14)
    while coming.weekday() != 1 or (coming.month, coming.day) in ((1, 6), (12, 24), (1, 1)):
        coming += timedelta(days=1)
    return coming


@pytest.fixture
def full(day):
    """One adviser whose only hour of the day is booked by Aino."""
    at = world.point()
    world.terms(minutes=60, step_minutes=60)
    world.desk(at)
    world.shift(world.adviser(), local(9, day=day), local(10, day=day), at=at)
    return services.book(wish(local(9, day=day)), AINO, key="aino")


def join(name, day, **given):
    customer = world.Customer(name=name, email=f"{name.lower()}@example.org")
    return waiting.join(wish(local(9, day=day), **given), day, day, customer, key=name)


def test_a_cancelled_time_is_offered_to_the_first_in_turn_and_held(full, day):
    first, second = join("Eka", day), join("Toka", day)
    services.cancel(full.pk)
    run_due()
    offer = WaitingOffer.objects.get()
    assert offer.entry == first
    assert offer.booking.state == "held"
    second.refresh_from_db()
    assert second.state == "waiting"


def test_accepting_books_it_and_twice_is_once(full, day):
    entry = join("Eka", day)
    services.cancel(full.pk)
    run_due()
    offer = WaitingOffer.objects.get()
    booking = waiting.accept(offer)
    assert waiting.accept(offer) == booking
    entry.refresh_from_db()
    assert (booking.state, booking.name, entry.state) == ("confirmed", "Eka", "booked")


def test_an_entry_from_before_identity_codes_were_refused_can_still_be_booked(full, day):
    entry = join("Eka", day)
    WaitingEntry.objects.filter(pk=entry.pk).update(matter="131052-308T, tuki")
    services.cancel(full.pk)
    run_due()
    assert waiting.accept(WaitingOffer.objects.get()).matter == "…, tuki"


def test_who_declines_keeps_the_place_and_the_next_is_asked(full, day):
    first, second = join("Eka", day), join("Toka", day)
    services.cancel(full.pk)
    run_due()
    waiting.decline(WaitingOffer.objects.get())
    run_due()
    first.refresh_from_db()
    assert first.state == "waiting"
    assert WaitingOffer.objects.get(state="open").entry == second


def test_an_unanswered_offer_lapses_and_goes_to_the_next(full, day):
    _first, second = join("Eka", day), join("Toka", day)
    services.cancel(full.pk)
    run_due()
    lapse = Promise.objects.get(kind="lapse-offer")
    run_due(now=lapse.due_at + timedelta(seconds=1))
    run_due()
    assert WaitingOffer.objects.get(state="open").entry == second
    with pytest.raises(NotOpenAnyMore):
        waiting.accept(WaitingOffer.objects.get(state="lapsed"))


def test_leaving_with_an_open_offer_frees_it(full, day):
    first, second = join("Eka", day), join("Toka", day)
    services.cancel(full.pk)
    run_due()
    waiting.leave(first)
    run_due()
    assert WaitingOffer.objects.get(state="open").entry == second
    assert Booking.objects.filter(state="held").count() == 1


def test_who_waits_for_another_language_or_other_days_is_not_asked(full, day):
    join("Ruotsi", day, language="sv")
    join("Toinen", day + timedelta(days=1))
    services.cancel(full.pk)
    run_due()
    assert not WaitingOffer.objects.exists()


def test_joining_twice_is_once(full, day):
    assert join("Eka", day) == join("Eka", day)
    assert WaitingEntry.objects.count() == 1


def test_nobody_is_asked_to_answer_at_night():
    evening = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)  # 20.30 in Helsinki
    start = evening + timedelta(days=3)
    until = waiting.answer_until(evening, start, "Europe/Helsinki").astimezone(HELSINKI)
    assert (until.day, until.hour) == (3, 10)
    noon = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert waiting.answer_until(noon, start, "Europe/Helsinki") == noon + timedelta(hours=2)
    soon = noon + timedelta(hours=1)
    assert waiting.answer_until(noon, soon, "Europe/Helsinki") == soon - timedelta(minutes=30)


def test_a_time_that_somebody_held_and_let_go_is_offered_too(full, day):
    """Between a cancellation and its offer, anybody may take the time and not finish."""
    first = join("Eka", day)
    services.cancel(full.pk)
    grabbed = services.hold(wish(local(9, day=day)), key="grabbed")
    run_due()
    assert not WaitingOffer.objects.exists()
    services.expire_holds(grabbed.hold_until + timedelta(seconds=1))
    run_due()
    assert WaitingOffer.objects.get().entry == first
