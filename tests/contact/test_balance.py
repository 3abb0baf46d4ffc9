"""Each day adds up: everybody who came is answered, gave up, was turned away or took a callback."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.contact import balance, pool
from palveluverkko.contact.models import CallbackRequest, ChatLine, Contact, DayBalance
from tests.contact.pool_build import at, at_work, build_service, come

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NEXT_MORNING = at(60 * 18)  # 4:00 in Helsinki


@pytest.fixture(autouse=True)
def service(db: None) -> None:
    build_service()


def served(minutes: float, wait_seconds: float, adviser: int, **more: object) -> Contact:
    from palveluverkko.contact import states

    contact = come(minutes, **more)
    assert contact.adviser_id == adviser
    pool.accept(contact.pk, adviser, now=at(minutes, wait_seconds))
    pool.finish(contact.pk, now=at(minutes, wait_seconds + 60))
    states.ready(adviser, now=at(minutes, wait_seconds + 60))
    return contact


def a_day() -> Contact:
    """One blocked, three answered, one gave up, one took a callback, one is still open."""
    come(0)
    adviser = at_work(minutes=1)
    served(10, 30, adviser)
    served(20, 90, adviser, caller="a", language="sv")
    served(30, 300, adviser, caller="a")
    left_open = come(40)
    pool.accept(left_open.pk, adviser, now=at(40))
    pool.abandon(come(41).pk, now=at(42))
    request = CallbackRequest.objects.create(
        key="r", service_id="general", language="fi", entered_at=at(43), next_attempt_at=at(43)
    )
    pool.to_callback(come(43).pk, request, now=at(44))
    return left_open


def test_the_balance_holds_with_what_is_still_open_shown() -> None:
    a_day()
    (one,) = balance.balances(DAY)
    assert (one.offered, one.answered, one.abandoned) == (7, 3, 1)
    assert (one.blocked, one.callbacks, one.open) == (1, 1, 1)
    assert one.holds
    assert one.redials == 1
    assert one.in_time == 2
    assert one.service_level == pytest.approx(2 / 5)
    assert one.waits is not None
    assert (one.waits.mean_seconds, one.waits.p90_seconds) == (140, 300)
    assert one.by_language["sv"].mean_seconds == 90


def test_where_nobody_was_let_in_there_is_no_wait_and_no_share_to_count() -> None:
    come(0)
    (one,) = balance.balances(DAY)
    assert one.waits is None
    assert one.blocked == 1
    assert one.service_level is None


def test_a_contact_counts_on_the_agencys_own_day() -> None:
    at_work()
    come(60 * 14 + 1)  # 0:01 in Helsinki
    assert balance.balances(DAY) == []
    assert balance.balances(date(2026, 3, 3))[0].offered == 1


def test_the_night_closes_what_is_open_and_records_the_day() -> None:
    left_open = a_day()
    assert balance.close_past_days(at(60 * 15)) == 0  # an hour after midnight talks go on
    assert balance.close_past_days(NEXT_MORNING) == 1
    left_open.refresh_from_db()
    assert left_open.state == "answered"
    (row,) = balance.recorded(DAY, DAY)
    assert row.offered == row.answered + row.abandoned + row.blocked + row.callbacks == 7
    assert row.wait_mean_seconds == 105
    assert row.waits["sv"] == [1, 90]
    assert balance.unbalanced(DAY, DAY) == []


def test_the_night_may_be_run_again() -> None:
    a_day()
    balance.close_past_days(NEXT_MORNING)
    balance.close_past_days(NEXT_MORNING)
    assert DayBalance.objects.count() == 1


def test_a_recorded_day_that_its_contacts_do_not_bear_out_is_found() -> None:
    a_day()
    balance.close_past_days(NEXT_MORNING)
    Contact.objects.filter(state="blocked").delete()
    assert [row.day for row in balance.unbalanced(DAY, DAY)] == [DAY]


def test_the_database_refuses_a_day_that_does_not_add_up() -> None:
    a_day()
    balance.close_past_days(NEXT_MORNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        DayBalance.objects.update(answered=9)


def test_a_callback_left_over_at_night_ends_its_try_and_not_its_request() -> None:
    at_work()
    request = CallbackRequest.objects.create(
        key="r", service_id="general", language="fi", entered_at=at(0), next_attempt_at=at(0)
    )
    come(0, channel="callback", callback=request)
    balance.close_past_days(NEXT_MORNING)
    request.refresh_from_db()
    assert request.state == "open"
    assert come(60 * 24, channel="callback", callback=request).state in ("waiting", "offered")


def test_who_called_is_forgotten_after_a_day() -> None:
    at_work()
    come(0, caller="a")
    come(60 * 20, caller="b")
    assert balance.forget_callers(at(60 * 24)) == 1
    assert Contact.objects.exclude(caller="").count() == 1


def test_what_was_written_beside_a_call_is_deleted_at_night() -> None:
    adviser = at_work()
    contact = come(0)
    pool.accept(contact.pk, adviser, now=at(0))
    ChatLine.objects.create(contact=contact, from_customer=True, text="hei")
    ChatLine.objects.update(at=at(1))
    assert balance.forget_chats(NEXT_MORNING) == 0  # the call still goes on
    balance.close_past_days(NEXT_MORNING)
    assert balance.forget_chats(NEXT_MORNING) == 1
