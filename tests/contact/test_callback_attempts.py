"""Calling back: who takes whom, how calls end, and what happens when nobody calls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from palveluverkko.contact import (
    attempts,
    callback_jobs,
    callback_queries,
    callbacks,
    pool,
    pooled,
    states,
)
from palveluverkko.contact.attempts import LEASE
from palveluverkko.contact.callback_errors import (
    AlreadyTaken,
    LaterImpossible,
    NotForYou,
    NotOpenAnyMore,
    StillCalling,
)
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest, Contact
from palveluverkko.demand.models import ChannelContacts
from palveluverkko.messages.models import Message
from tests.booking.world import days_later, local
from tests.contact.callback_world import MORNING, ask, build

pytestmark = pytest.mark.django_db
TEN = local(10)
MINUTE = timedelta(minutes=1)


def sent() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("text", flat=True))


def served() -> int:
    return sum(ChannelContacts.objects.values_list("contacts", flat=True))


def call(request: CallbackRequest, adviser_id: int, outcome: str, now=TEN, **how):  # type: ignore[no-untyped-def]
    attempt = attempts.claim(request.pk, adviser_id, now=now)
    return attempts.finish(attempt.pk, outcome, now=now + MINUTE, **how)


# Who takes whom.


def test_a_request_is_due_from_its_window_on_and_not_before() -> None:
    one = build()[0].pk
    request = ask(TEN)
    assert callback_queries.due_for(one, TEN - MINUTE) == ()
    with pytest.raises(AlreadyTaken):
        attempts.claim(request.pk, one, now=TEN - MINUTE)
    assert [d.id for d in callback_queries.due_for(one, TEN)] == [request.pk]
    assert attempts.claim(request.pk, one, now=TEN).number == 1


def test_only_an_adviser_with_the_competence_and_the_language_can_call() -> None:
    finnish, swedish = build([("fi",), ("sv",)])
    finnish.services = ["pension"]
    finnish.save()
    Contact.objects.all()
    request = CallbackRequest.objects.create(
        key="x", service_id="general", language="fi", phone="+358401234567",
        entered_at=TEN, next_attempt_at=TEN,
    )  # fmt: skip
    for person in (finnish, swedish):
        assert callback_queries.due_for(person.pk, TEN) == ()
        with pytest.raises(NotForYou):
            attempts.claim(request.pk, person.pk, now=TEN)


def test_two_advisers_never_call_the_same_customer() -> None:
    one, other = (p.pk for p in build([("fi",), ("fi",)]))
    request = ask(TEN)
    first = attempts.claim(request.pk, one, now=TEN)
    with pytest.raises(AlreadyTaken):
        attempts.claim(request.pk, other, now=TEN)
    assert attempts.claim(request.pk, one, now=TEN).pk == first.pk


def test_an_adviser_calls_one_customer_at_a_time() -> None:
    one = build()[0].pk
    first, second = ask(TEN, key="1"), ask(TEN, key="2")
    attempts.claim(first.pk, one, now=TEN)
    with pytest.raises(StillCalling):
        attempts.claim(second.pk, one, now=TEN)


def test_an_adviser_in_a_web_call_calls_nobody_back() -> None:
    one = build()[0].pk
    states.begin(one, now=TEN)
    contact = pool.enter("web_call", "general", "fi", key="w", now=TEN)
    pool.accept(contact.pk, one, now=TEN)
    with pytest.raises(StillCalling):
        attempts.claim(ask(TEN).pk, one, now=TEN)
    assert CallbackAttempt.objects.count() == 0


def test_a_due_request_waits_in_the_pool_at_its_place_and_is_offered() -> None:
    one = build()[0].pk
    states.begin(one, now=TEN)
    request = ask(TEN)
    assert pooled.enter_due(TEN - MINUTE) == 0
    assert (pooled.enter_due(TEN + MINUTE), pooled.enter_due(TEN + MINUTE)) == (1, 0)
    contact = Contact.objects.get(callback=request)
    assert (contact.state, contact.entered_at, contact.adviser_id) == ("offered", TEN, one)
    attempts.claim(request.pk, one, now=TEN + MINUTE)
    contact.refresh_from_db()
    assert contact.state == "talking"


def test_what_is_ringing_at_a_colleague_cannot_be_taken_away() -> None:
    one, other = (p.pk for p in build([("fi",), ("fi",)]))
    states.begin(other, now=TEN)
    request = ask(TEN)
    pooled.enter_due(TEN)
    with pytest.raises(AlreadyTaken):
        attempts.claim(request.pk, one, now=TEN)
    assert CallbackRequest.objects.get().state == "open"


@pytest.mark.django_db(transaction=True)
def test_a_callback_accepted_and_ended_in_the_pool_is_so_in_its_request() -> None:
    one = build()[0].pk
    states.begin(one, now=TEN)
    request = ask(TEN)
    pooled.enter_due(TEN)
    contact = Contact.objects.get()
    pool.accept(contact.pk, one, now=TEN)
    request.refresh_from_db()
    assert (request.state, request.claimed_by_id) == ("calling", one)
    pool.finish(contact.pk, now=TEN + MINUTE)
    request.refresh_from_db()
    assert (request.state, served()) == ("served", 1)


# How calls end.


def test_a_served_customer_is_counted_once_with_the_area_kept() -> None:
    one = build()[0].pk
    request = ask(TEN, area="70100")
    attempt = attempts.claim(request.pk, one, now=TEN)
    for _twice in range(2):
        attempts.finish(attempt.pk, "served", now=TEN + MINUTE)
    request.refresh_from_db()
    assert (request.state, request.area, served()) == ("served", "70100", 1)
    assert Contact.objects.get(callback=request).area == "70100"
    with pytest.raises(NotOpenAnyMore):
        attempts.finish(attempt.pk, "busy", now=TEN + MINUTE)


@pytest.mark.parametrize("outcome", ["no_answer", "busy"])
def test_three_spaced_tries_in_the_window_then_a_message_with_how_to_go_on(outcome: str) -> None:
    one = build()[0].pk
    request, now, tries = ask(TEN, contact_language="en"), TEN, []
    for _try in range(3):
        tries.append(now)
        request = call(request, one, outcome, now=now)
        if request.next_attempt_at is not None:
            now = request.next_attempt_at
    assert [t - TEN for t in tries] == [timedelta(0), 31 * MINUTE, 62 * MINUTE]
    assert (request.state, request.attempts) == ("unreached", 3)
    assert "Choose a new time for our call: " in sent()[-1]
    assert served() == 0


def test_one_unanswered_call_at_the_end_of_the_window_goes_on_another_day_and_is_told() -> None:
    one = build()[0].pk
    request = call(ask(TEN, contact_language="en"), one, "no_answer", now=local(11, 58))
    tomorrow = local(10, day=days_later(1))
    assert (request.state, request.next_attempt_at) == ("open", tomorrow)
    assert request.seat.start == tomorrow
    assert "could not reach you. We call again on Tue" in sent()[-1]


def test_the_customers_other_window_comes_before_any_other() -> None:
    one = build()[0].pk
    request = call(ask(TEN, local(14)), one, "no_answer", now=local(11, 58))
    assert (request.next_attempt_at, request.seat.start) == (local(14), local(14))


def test_the_gap_shrinks_before_the_end_of_the_window() -> None:
    one = build()[0].pk
    request = call(ask(TEN), one, "no_answer", now=local(11, 35))
    assert request.next_attempt_at == local(11, 55)


def test_soon_keeps_its_place_over_retries() -> None:
    one = build()[0].pk
    request = call(ask(), one, "busy", now=MORNING)
    assert (request.soon, request.entered_at) == (True, MORNING)
    assert request.next_attempt_at == MORNING + 31 * MINUTE


def test_a_wrong_number_is_not_called_again_and_gets_no_message() -> None:
    one = build()[0].pk
    request = call(ask(TEN), one, "wrong_number")
    assert (request.state, len(sent())) == ("unreached", 1)
    assert callback_queries.wrong_numbers(TEN + MINUTE) == (request.reference,)


def test_a_customer_who_asks_to_be_called_later_is_called_then() -> None:
    one = build()[0].pk
    later = local(13, 15, day=days_later(1))
    request = call(ask(TEN, contact_language="en"), one, "later", later=later)
    assert (request.next_attempt_at, request.attempts) == (later, 0)
    assert "on Tue 3 Mar 2026 between 13:15 and 14:15" in sent()[-1]


@pytest.mark.parametrize("later", [local(9), local(23), local(10, day=days_later(30)), None])
def test_later_is_ahead_by_day_and_within_a_fortnight(later: object) -> None:
    one = build()[0].pk
    attempt = attempts.claim(ask(TEN).pk, one, now=TEN)
    with pytest.raises(LaterImpossible):
        attempts.finish(attempt.pk, "later", later=later, now=TEN)  # type: ignore[arg-type]


def test_a_landline_is_called_on_until_a_manager_gives_up() -> None:
    one = build()[0].pk
    request, now = ask(TEN, phone="015 123 456"), TEN
    for _try in range(4):
        request = call(request, one, "no_answer", now=now)
        assert request.state == "open"
        now = request.next_attempt_at
    assert [d.id for d in callback_queries.not_reached(now)] == [request.pk]
    assert attempts.give_up(request.pk, now=now).state == "unreached"


def test_who_was_not_reached_chooses_a_new_time() -> None:
    one = build()[0].pk
    request, now = ask(TEN), TEN
    for _try in range(3):
        request = call(request, one, "no_answer", now=now)
        now = request.next_attempt_at or now
    changed = callbacks.change(request.pk, [local(14)], now=now)
    assert (changed.state, changed.attempts, changed.seat.start) == ("open", 0, local(14))
    assert call(changed, one, "served", now=local(14)).state == "served"


# When nobody calls, or a page dies.


def test_a_page_that_dies_gives_the_request_back_without_counting_a_try() -> None:
    one, other = (p.pk for p in build([("fi",), ("fi",)]))
    request = ask(TEN)
    attempts.claim(request.pk, one, now=TEN)
    assert attempts.give_back_lost(TEN + LEASE) == 0
    assert attempts.give_back_lost(TEN + LEASE + MINUTE) == 1
    request.refresh_from_db()
    assert (request.state, request.attempts) == ("open", 0)
    assert list(request.tries.values_list("outcome", flat=True)) == ["lost"]
    assert attempts.claim(request.pk, other, now=TEN + 2 * LEASE).number == 2


def test_a_page_that_is_heard_keeps_its_call() -> None:
    one = build()[0].pk
    attempts.claim(ask(TEN).pk, one, now=TEN)
    for n in range(1, 20):
        assert attempts.heard(one, now=TEN + n * 2 * MINUTE)
        assert attempts.give_back_lost(TEN + n * 2 * MINUTE) == 0


def test_an_outcome_that_comes_late_is_believed_unless_a_colleague_has_gone_on() -> None:
    one, other = (p.pk for p in build([("fi",), ("fi",)]))
    first, second = ask(TEN, key="1"), ask(TEN, key="2")
    late = [attempts.claim(first.pk, one, now=TEN)]
    attempts.give_back_lost(TEN + LEASE + MINUTE)
    assert attempts.finish(late[0].pk, "served", now=TEN + 2 * LEASE).state == "served"
    assert served() == 1
    taken = attempts.claim(second.pk, one, now=TEN + 2 * LEASE)
    attempts.give_back_lost(TEN + 4 * LEASE)
    attempts.claim(second.pk, other, now=TEN + 4 * LEASE)
    with pytest.raises(NotOpenAnyMore):
        attempts.finish(taken.pk, "served", now=TEN + 4 * LEASE)


def test_a_missed_window_is_promised_anew_with_our_regret() -> None:
    build()
    request = ask(TEN, contact_language="en")
    assert [d.id for d in callback_queries.about_to_be_missed(local(11, 40))] == [request.pk]
    assert callback_jobs.move_missed(local(11, 59)) == 0
    assert callback_jobs.move_missed(local(12)) == 1
    request.refresh_from_db()
    assert (request.state, request.missed) == ("open", 1)
    assert request.next_attempt_at == local(10, day=days_later(1))
    assert "we are sorry" in sent()[-1]
    assert callback_jobs.move_missed(local(12)) == 0


def test_soon_waits_until_the_day_is_over_and_then_the_next_day() -> None:
    build()
    request = ask()
    callback_jobs.move_missed(local(10, 30))
    request.refresh_from_db()
    assert (request.soon, request.next_attempt_at, request.missed) == (True, MORNING, 1)
    callback_jobs.move_missed(local(20))
    request.refresh_from_db()
    assert request.next_attempt_at == local(8, day=days_later(1))


def test_a_customer_being_called_cannot_cancel_or_change() -> None:
    one = build()[0].pk
    request = ask(TEN)
    attempts.claim(request.pk, one, now=TEN)
    for verb in (callbacks.cancel, lambda pk, now: callbacks.change(pk, [local(14)], now=now)):
        with pytest.raises(NotOpenAnyMore):
            verb(request.pk, now=TEN)


def test_a_cancelled_request_waits_in_the_pool_no_more() -> None:
    build()
    request = ask(TEN)
    pooled.enter_due(TEN)
    callbacks.cancel(request.pk, now=TEN)
    assert Contact.objects.get().state == "abandoned"
    assert pooled.enter_due(TEN) == 0


def test_who_asked_is_forgotten_some_time_after_closing_and_the_area_stays() -> None:
    one = build()[0].pk
    request = call(ask(TEN, name="Aino", matter="Asumistuki", area="70100"), one, "served")
    assert callback_jobs.forget_closed(TEN + timedelta(days=29)) == 0
    assert callback_jobs.forget_closed(TEN + timedelta(days=31)) == 1
    request.refresh_from_db()
    assert (request.name, request.phone, request.matter, request.area) == ("", "", "", "70100")


def test_an_open_request_is_never_forgotten() -> None:
    build()
    ask(TEN)
    assert callback_jobs.forget_closed(TEN + timedelta(days=400)) == 0
