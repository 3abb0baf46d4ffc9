"""The pool's verbs: one customer one adviser, places kept, nobody turned away in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from palveluverkko.contact import pool, states
from palveluverkko.contact.errors import NotPossible, NotYours, ServiceUnknown
from palveluverkko.contact.models import AdviserState, CallbackRequest, Contact
from palveluverkko.demand.models import ChannelContacts
from tests.contact.pool_build import at, at_work, build_adviser, build_service, come

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service(db: None) -> None:
    build_service()


def state_of(adviser: int) -> str:
    return AdviserState.objects.get(adviser_id=adviser).state


def again(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def callback(**more: object) -> CallbackRequest:
    chosen: dict[str, object] = {
        "key": f"r{CallbackRequest.objects.count()}",
        "service_id": "general",
        "language": "fi",
        "entered_at": at(0),
        "next_attempt_at": at(0),
    }
    return CallbackRequest.objects.create(**chosen | more)


def served() -> int:
    return sum(ChannelContacts.objects.values_list("contacts", flat=True))


def test_who_comes_is_offered_to_a_ready_adviser_at_once() -> None:
    adviser = at_work()
    contact = come(1)
    assert (contact.state, contact.adviser_id, state_of(adviser)) == ("offered", adviser, "offered")


def test_the_same_key_gives_the_first_contact() -> None:
    at_work()
    first, second = come(key="k"), come(3, key="k", language="sv")
    assert first.pk == second.pk
    assert Contact.objects.count() == 1


def test_a_served_contact_is_counted_once_however_often_finish_is_pressed() -> None:
    adviser = at_work()
    contact = come()
    pool.accept(contact.pk, adviser, now=at(1))
    pool.accept(contact.pk, adviser, now=at(2))
    for minutes in (5, 6):
        assert pool.finish(contact.pk, now=at(minutes)).state == "answered"
    assert served() == 1
    assert again(contact).answered_at == at(1)
    assert state_of(adviser) == "wrap_up"


def test_another_advisers_offer_cannot_be_accepted() -> None:
    at_work()
    other = build_adviser("Eino")
    with pytest.raises(NotYours):
        pool.accept(come().pk, other)


def test_who_gave_up_cannot_be_answered() -> None:
    adviser = at_work()
    contact = come()
    pool.abandon(contact.pk, now=at(1))
    with pytest.raises(NotPossible):
        pool.accept(contact.pk, adviser)
    assert state_of(adviser) == "ready"


def test_an_adviser_whose_offer_ends_gets_the_next_customer_at_once() -> None:
    adviser = at_work()
    first, second, third = come(0), come(1), come(2)
    pool.abandon(first.pk, now=at(3))
    assert again(second).adviser_id == adviser
    pool.to_callback(second.pk, callback(), now=at(4))
    assert again(third).adviser_id == adviser


def test_a_customer_who_hangs_up_in_contact_was_answered() -> None:
    adviser = at_work()
    contact = come()
    pool.accept(contact.pk, adviser, now=at(1))
    assert pool.abandon(contact.pk, now=at(2)).state == "answered"
    assert served() == 1


def test_a_declined_customer_keeps_the_place_and_goes_to_a_colleague() -> None:
    first, second = at_work("Aino"), at_work("Eino")
    contact, later = come(), come(1)
    had, other = contact.adviser_id, later.adviser_id
    assert {had, other} == {first, second}
    pool.abandon(later.pk, now=at(2))
    moved = pool.decline(contact.pk, had, now=at(3))
    assert (moved.state, moved.adviser_id) == ("offered", other)
    assert moved.entered_at == contact.entered_at


def test_an_adviser_who_takes_no_offers_is_on_a_break_and_the_customer_waits() -> None:
    adviser = at_work()
    contact = come()
    again_offered = pool.decline(contact.pk, adviser, now=at(1))
    assert again_offered.adviser_id == adviser
    waiting = pool.decline(contact.pk, adviser, now=at(2))
    assert (waiting.state, state_of(adviser)) == ("waiting", "break")


def test_a_lost_customer_of_a_lost_page_waits_again_at_the_same_place() -> None:
    adviser = at_work()
    contact, later = come(), come(1)
    pool.accept(contact.pk, adviser, now=at(1))
    pool.give_back(contact.pk, now=at(5))
    colleague = at_work("Eino", 6)
    assert again(contact).adviser_id == colleague
    assert again(later).state == "waiting"
    pool.accept(contact.pk, colleague, now=at(7))
    assert again(contact).answered_at == at(1)  # answered first then


def test_without_anybody_at_work_the_channel_is_closed_and_the_customer_recorded() -> None:
    contact = come()
    assert (contact.state, contact.blocked_why) == ("blocked", "closed")


def test_a_language_that_nobody_at_work_speaks_is_told_so() -> None:
    at_work(languages=("fi",))
    assert come(language="sv").blocked_why == "nobody"


def test_a_full_queue_turns_away_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palveluverkko.contact.openness.MOST_WAITING", 1)
    at_work()
    assert [come().state, come().state] == ["offered", "waiting"]
    assert come().blocked_why == "full"


def test_a_callback_is_never_turned_away() -> None:
    request = callback()
    assert come(channel="callback", callback=request).state == "waiting"


def test_an_unknown_service_or_language_is_refused() -> None:
    for wrong in ({"service": "tea"}, {"language": "xx"}, {"channel": "smoke"}):
        with pytest.raises(ServiceUnknown):
            come(**wrong)


def test_who_takes_a_callback_keeps_the_place_of_the_queue_that_was_left() -> None:
    adviser = at_work()
    busy, early = come(0), come(1)
    late = come(2)
    pool.accept(busy.pk, adviser, now=at(2))
    request = callback(entered_at=at(3))
    assert pool.to_callback(early.pk, request, now=at(3)).state == "callback"
    assert pool.to_callback(early.pk, request, now=at(4)).ended_at == at(3)
    request.refresh_from_db()
    assert request.entered_at == at(1)
    due = come(4, channel="callback", callback=request, entered_at=request.entered_at)
    pool.finish(busy.pk, now=at(5))
    states.ready(adviser, now=at(6))
    assert (again(due).state, again(late).state) == ("offered", "waiting")
    assert (due.came_at, due.entered_at) == (at(4), at(1))


def test_each_try_of_a_callback_is_a_contact_of_its_own_and_one_at_a_time() -> None:
    adviser, request = at_work(), callback()
    first = come(channel="callback", callback=request)
    assert come(channel="callback", callback=request).pk == first.pk
    pool.accept(first.pk, adviser, now=at(1))
    assert pool.unreached(first.pk, now=at(2)).state == "abandoned"
    assert served() == 0
    assert come(30, channel="callback", callback=request).pk != first.pk


def test_a_second_call_within_a_day_is_a_redial_and_the_number_is_not_kept() -> None:
    at_work()
    first = come(caller="+358401234567")
    assert not first.redial
    assert "401234567" not in first.caller
    assert come(60, caller="+358401234567").redial
    assert not come(60, caller="+358407654321").redial
    assert not come(60 * 48, caller="+358401234567").redial


def test_an_urgent_customer_goes_before_and_those_passed_over_are_counted() -> None:
    adviser = at_work()
    busy, plain = come(0), come(1)
    urgent = come(2, urgent=True)
    pool.accept(busy.pk, adviser, now=at(3))
    pool.finish(busy.pk, now=at(4))
    states.ready(adviser, now=at(5))
    assert again(urgent).state == "offered"
    assert again(plain).passed_over == 1


def test_nobody_is_passed_over_more_often_than_the_rules_allow() -> None:
    adviser = at_work()
    current, plain = come(0), come(1)
    for minute in range(2, 20):
        come(minute, urgent=True)
        pool.accept(current.pk, adviser, now=at(minute))
        pool.finish(current.pk, now=at(minute))
        states.ready(adviser, now=at(minute))
        current = Contact.objects.get(state="offered")
        if current.pk == plain.pk:
            break
    assert current.pk == plain.pk
    assert current.passed_over == 4


def test_a_contact_goes_to_who_can_do_least_else() -> None:
    at_work("both")
    only = at_work("only", languages=("fi",))
    assert come(language="fi").adviser_id == only


def test_an_adviser_is_offered_only_the_channels_chosen() -> None:
    adviser = at_work(channels=("video",))
    request = callback()
    assert come(channel="callback", callback=request).state == "waiting"
    assert come(channel="video").adviser_id == adviser


def test_the_page_is_heard_until_the_end() -> None:
    at_work()
    contact = come()
    assert pool.heard(contact.pk, now=at(1))
    assert again(contact).seen_at == at(1)
    pool.abandon(contact.pk, now=at(2))
    assert not pool.heard(contact.pk)


def test_times_stay_in_order_when_two_servers_clocks_differ() -> None:
    adviser = at_work()
    contact = come(1)
    pool.accept(contact.pk, adviser, now=at(0))
    ended = pool.finish(contact.pk, now=at(1) - timedelta(seconds=1))
    assert ended.came_at <= ended.answered_at <= ended.ended_at
