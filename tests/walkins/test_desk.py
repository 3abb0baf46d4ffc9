"""The desk: call, start, finish, no-show, transfer, return; a double press does nothing more."""

from __future__ import annotations

import pytest

from palveluverkko.booking.models import Booking, Claim
from palveluverkko.booking.serving import finish as finish_booking
from palveluverkko.messages.models import Message
from palveluverkko.queueing import Reason
from palveluverkko.walkins import queries
from palveluverkko.walkins import services as verbs
from palveluverkko.walkins.errors import (
    AtAnotherDesk,
    ComeBackOutside,
    DeskClosed,
    DeskTaken,
    NotADeskHere,
    NotPossible,
    ServiceNotGiven,
    StillServing,
    TicketUnknown,
    TooLateToReopen,
)
from palveluverkko.walkins.models import Ticket
from palveluverkko.walkins.taking import wait_of_newcomer
from tests.walkins.build import at, build_adviser, build_desk, build_point, take, visits

pytestmark = pytest.mark.django_db
TODAY = ("general", "2026-03-02")


def call(desk, minutes: float = 1):
    called = verbs.call_next(desk.id, now=at(minutes)).ticket
    assert called is not None
    return called


def served(desk, minutes: float = 1):
    ticket = call(desk, minutes)
    verbs.start(ticket.id, now=at(minutes + 1))
    return verbs.finish(ticket.id, now=at(minutes + 11))


def test_the_first_is_called_to_the_desk_with_the_reason(point, desk):
    first, _second = take(), take()
    found = verbs.call_next(desk.id, now=at(5))
    assert found.ticket is not None
    assert found.choice is not None
    assert (found.ticket.id, found.ticket.state, found.ticket.desk) == (
        first.id,
        "called",
        "Desk 1",
    )
    assert (found.choice.reason, found.choice.waited_minutes) == (Reason.LONGEST, 5)


def test_a_second_press_calls_nobody_else(point, desk):
    first, second = take(), take()
    call(desk)
    again = verbs.call_next(desk.id, now=at(2))
    assert again.again
    assert again.ticket is not None
    assert again.ticket.id == first.id
    assert queries.ticket_by_id(second.id).state == "waiting"
    verbs.start(first.id)
    with pytest.raises(StillServing, match="1"):
        verbs.call_next(desk.id)
    with pytest.raises(StillServing):
        verbs.call_ticket(desk.id, second.id)


def test_an_empty_queue_calls_nobody(point, desk):
    assert verbs.call_next(desk.id, now=at(1)) == verbs.call_next(desk.id, now=at(2))
    assert verbs.call_next(desk.id, now=at(1)).ticket is None


def test_one_visit_is_counted_however_often_finish_is_pressed(point, desk):
    take()
    ticket = served(desk)
    assert verbs.finish(ticket.id, now=at(50)) == ticket
    assert visits() == {TODAY: 1}


def test_finish_without_start_counts_from_the_call(point, desk):
    take()
    ticket = verbs.finish(call(desk, 3).id, now=at(9))
    assert (ticket.started_at, ticket.ended_at) == (at(3), at(9))
    assert visits() == {TODAY: 1}


def test_a_wrong_finish_is_undone_with_its_visit(point, desk):
    take()
    ticket = served(desk)
    again = verbs.reopen(ticket.id, now=at(15))
    assert (again.state, again.desk_id) == ("serving", desk.desk_id)
    assert visits() == {}
    verbs.finish(ticket.id, now=at(20))
    assert visits() == {TODAY: 1}


def test_undoing_has_an_end_and_needs_a_free_desk(point, desk):
    take(), take()
    ticket = served(desk)
    with pytest.raises(TooLateToReopen):
        verbs.reopen(ticket.id, now=at(12 + 15.1))
    call(desk, 13)
    with pytest.raises(StillServing, match="2"):
        verbs.reopen(ticket.id, now=at(14))
    assert visits() == {TODAY: 1}


def test_who_was_called_absent_by_mistake_waits_again_at_the_same_place(point, desk):
    first, _second = take(), take(minutes=1)
    verbs.no_show(call(desk).id, now=at(2))
    assert verbs.no_show(first.id, now=at(3)).state == "no_show"
    assert verbs.reopen(first.id, now=at(4)).state == "waiting"
    assert call(desk, 5).id == first.id


def test_who_leaves_is_not_called(point, desk):
    first, second = take(), take()
    assert verbs.leave(first.id, now=at(1)) == verbs.leave(first.id, now=at(2))
    assert call(desk, 3).id == second.id
    verbs.start(second.id)
    with pytest.raises(NotPossible) as refused:
        verbs.leave(second.id)
    assert (refused.value.state, refused.value.verb) == ("serving", "leave")


def test_a_transfer_keeps_the_place_and_counts_the_visit_where_it_ends(point, desk):
    other = verbs.open_desk(
        build_adviser("Berit", ("family",)).pk, build_desk(point, 2).pk, point.id, now=at(0)
    )
    first = take()
    take(service="family", minutes=1)
    verbs.start(call(desk, 2).id, now=at(3))
    sent = verbs.transfer(first.id, service="family", adviser_id=other.adviser_id, now=at(4))
    assert (sent.state, sent.service, sent.taken_at) == ("waiting", "family", first.taken_at)
    assert verbs.transfer(first.id, service="family", adviser_id=other.adviser_id) == sent
    assert call(other, 5).id == first.id
    verbs.finish(first.id, now=at(20))
    assert visits() == {("family", "2026-03-02"): 1}


def test_who_is_sent_to_an_adviser_is_called_by_no_other(point, desk):
    other = build_adviser("Berit")
    ticket = take()
    verbs.transfer(ticket.id, adviser_id=other.pk, now=at(1))
    assert verbs.call_next(desk.id, now=at(2)).ticket is None
    with pytest.raises(NotADeskHere):
        verbs.transfer(ticket.id, adviser_id=desk.desk_id)
    with pytest.raises(ServiceNotGiven):
        verbs.transfer(ticket.id, service="rehab", now=at(2))


def test_who_comes_back_later_is_called_first_from_then_on(point, desk):
    first, second = take(), take(minutes=1)
    verbs.come_back_at(first.id, at(60), now=at(2))
    assert served(desk, 3).id == second.id
    third = take(minutes=30)
    assert verbs.call_next(desk.id, now=at(60)).ticket.id == first.id
    verbs.no_show(first.id, now=at(62))
    assert call(desk, 63).id == third.id


def test_a_time_to_come_back_lies_ahead_and_before_closing(point, desk):
    ticket = take()
    for minutes in (-1, 1, 360, 9000):
        with pytest.raises(ComeBackOutside) as refused:
            verbs.come_back_at(ticket.id, at(minutes), now=at(1))
        assert refused.value.closes_at == at(360)
    verbs.come_back_at(ticket.id, at(100), now=at(1))
    assert verbs.call_next(desk.id, now=at(50)).ticket is None
    verbs.wait_here(ticket.id)
    assert call(desk, 51).id == ticket.id


def test_a_call_is_repeated_and_shown_anew(point, desk):
    ticket = take()
    verbs.call_ticket(desk.id, ticket.id, now=at(1))
    assert verbs.call_ticket(desk.id, ticket.id, now=at(2)).times_called == 1
    again = verbs.recall(ticket.id, now=at(3))
    assert (again.times_called, again.called_at) == (2, at(3))
    with pytest.raises(NotPossible):
        verbs.recall(take().id)


def test_who_asked_for_an_sms_gets_one_at_the_call_and_no_second_one(point, desk):
    take(phone="0401234567", language="sv")
    call(desk)
    verbs.call_next(desk.id, now=at(2))
    message = Message.objects.get()
    assert (message.channel, message.language) == ("sms", "sv")
    assert "Desk 1" in message.text
    assert "+358" not in message.event + message.about


def book(point, minutes: float = 10, **fields):
    fields = {"mode": "appointment", "state": "arrived", "point": point, **fields}
    if fields["state"] == "arrived":
        fields["arrived_at"] = at(0)
    return Booking.objects.create(
        name="Čáŋŋa",
        service_id="general",
        language="fi",
        start=at(minutes),
        end=at(minutes + 30),
        **fields,
    )


def test_a_booked_customer_is_begun_at_the_booked_time(point, desk):
    waiting, booking = take(), book(point)
    found = verbs.call_next(desk.id, now=at(10))
    assert (found.ticket, found.booking_id) == (None, booking.pk)
    assert found.choice.reason == Reason.AT_ITS_TIME
    booking.refresh_from_db()
    assert (booking.state, booking.served_from) == ("serving", at(10))
    assert Ticket.objects.get(pk=waiting.id).passed_over == 1
    assert queries.booking_at(desk.id) == booking.pk
    (shown,) = queries.called(point.id, at(11))
    assert (shown.label, shown.desk) == (booking.reference, "Desk 1")
    for verb in (verbs.call_next, verbs.take_break, verbs.close_desk):
        with pytest.raises(StillServing, match=booking.reference):
            verb(desk.id)
    finish_booking(booking.pk, now=at(30))
    assert queries.booking_at(desk.id) is None
    assert call(desk, 31).id == waiting.id


def test_who_is_booked_and_not_here_is_not_called_but_lengthens_the_wait(point, desk):
    take()
    before = queries.queue(point.id, at(1)).places[0].wait
    call(desk)
    take()
    without = wait_of_newcomer(point.id, "general", now=at(2))
    book(point, 5, state="confirmed")
    assert before.likely_minutes == 0
    assert wait_of_newcomer(point.id, "general", now=at(2)).likely_minutes > without.likely_minutes
    verbs.no_show(queries.ticket_at(desk.id).id, now=at(6))
    assert verbs.call_next(desk.id, now=at(7)).booking_id is None


def test_a_phone_call_is_due_at_the_desk_of_its_own_adviser_only(point, desk):
    other = verbs.open_desk(build_adviser("Berit").pk, build_desk(point, 2).pk, point.id, now=at(0))
    booking = book(None, mode="phone", state="confirmed")
    Claim.objects.create(
        booking=booking, resource_id=other.adviser_id, start=booking.start, end=booking.end
    )
    assert verbs.call_next(desk.id, now=at(10)).booking_id is None
    assert verbs.call_next(other.id, now=at(6)).booking_id is None
    assert verbs.call_next(other.id, now=at(10)).booking_id == booking.pk
    assert queries.called(point.id, at(10)) == ()


def test_a_desk_and_an_adviser_are_open_once(point, desk):
    berit, second = build_adviser("Berit"), build_desk(point, 2)
    assert verbs.open_desk(desk.adviser_id, desk.desk_id, point.id, now=at(9)) == desk
    with pytest.raises(DeskTaken) as taken:
        verbs.open_desk(berit.pk, desk.desk_id, point.id)
    assert taken.value.by == "Aino"
    with pytest.raises(AtAnotherDesk) as elsewhere:
        verbs.open_desk(desk.adviser_id, second.pk, point.id)
    assert elsewhere.value.desk == "Desk 1"
    village = build_point("village")
    for adviser, place, where in (
        (berit.pk, second.pk, village.id),
        (second.pk, second.pk, point.id),
        (berit.pk, berit.pk, point.id),
        (10**9, second.pk, point.id),
    ):
        with pytest.raises(NotADeskHere):
            verbs.open_desk(adviser, place, where)


def test_a_desk_closes_only_when_its_customer_has_gone(point, desk):
    take()
    ticket = call(desk)
    for verb in (verbs.close_desk, verbs.take_break):
        with pytest.raises(StillServing):
            verb(desk.id)
    verbs.no_show(ticket.id)
    assert verbs.close_desk(desk.id) == verbs.close_desk(desk.id)
    with pytest.raises(DeskClosed):
        verbs.call_next(desk.id)
    with pytest.raises(TicketUnknown):
        verbs.start(10**9)


def test_the_screens_show_numbers_waits_and_desks_and_nothing_of_persons(point, desk):
    take(phone="0401234567")
    take(), take(service="pension", language="en")
    verbs.start(call(desk).id, now=at(1))
    line = queries.queue(point.id, at(10))
    assert [p.ticket.number for p in line.places] == [2, 3]
    assert [p.waited_minutes for p in line.places] == [10, 10]
    assert line.places[0].wait.likely_minutes > 3
    assert line.places[1].unserved.no_language
    assert "0401234567"[1:] not in repr(line) + repr(queries.called(point.id, at(2)))
    assert [t.desk for t in queries.called(point.id, at(2))] == ["Desk 1"]
    assert queries.called(point.id, at(10)) == ()
    counts = queries.today_counts(point.id, at(10))
    assert (counts.waiting, counts.at_desk, counts.served) == (2, 1, 0)
    assert queries.ticket_by_token("guess") is None
    assert queries.ticket_by_token(line.places[0].ticket.token).number == 2
    assert queries.ticket_at(desk.id).number == 1
    assert queries.desk_of(desk.adviser_id) == queries.desks_at_work(point.id)[0]


def test_on_a_break_the_wait_is_unknown(point, desk):
    take()
    verbs.take_break(desk.id)
    (place,) = queries.queue(point.id, at(1)).places
    assert not hasattr(place.wait, "likely_minutes")
    verbs.end_break(desk.id)
    (place,) = queries.queue(point.id, at(1)).places
    assert place.wait.likely_minutes == 0


def test_calling_by_hand_counts_as_passing_over_those_before(point, desk):
    take(), take(service="pension", language="en")
    last = take()
    verbs.call_ticket(desk.id, last.id, now=at(1))
    # The second could not have been served here, so nobody passed it.
    assert list(Ticket.objects.order_by("pk").values_list("passed_over", flat=True)) == [1, 0, 0]
    verbs.no_show(last.id, now=at(2))
    village = build_point("village")
    with pytest.raises(TicketUnknown):
        verbs.call_ticket(desk.id, take(village.id).id)


def test_a_desk_with_a_booked_customer_is_not_free(point, desk):
    book(point, 0)
    assert wait_of_newcomer(point.id, "general", now=at(0)).likely_minutes > 5
    verbs.call_next(desk.id, now=at(0))
    assert wait_of_newcomer(point.id, "general", now=at(1)).likely_minutes > 5
