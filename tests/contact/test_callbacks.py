"""Asking to be called: windows, the customer's verbs, and what the customer is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import override_settings

from palveluverkko.booking.models import Booking, Claim, Resource
from palveluverkko.contact import (
    callback_notices,
    callback_queries,
    callbacks,
    limits,
    seats,
    windows,
)
from palveluverkko.contact.callback_errors import (
    AskInvalid,
    NotGiven,
    NotOpenAnyMore,
    TooManyAsks,
    WindowTaken,
)
from palveluverkko.contact.limits import Asker
from palveluverkko.contact.models import CallbackRequest, RecentAsk, WindowSeat
from palveluverkko.messages import promises
from palveluverkko.messages.models import Message, Promise
from tests.booking import world
from tests.booking.world import MONDAY, days_later, local
from tests.contact.callback_world import MORNING, ask, build, wanted

pytestmark = pytest.mark.django_db
TEN, TWELVE = local(10), local(12)


def sent() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("text", flat=True))


def rooms(now=MORNING, language="fi"):  # type: ignore[no-untyped-def]
    return {o.window.start: o.room for o in windows.offered("general", language, now)}


# Windows.


def test_only_windows_that_somebody_staffs_are_offered() -> None:
    build(days=2)
    starts = [start.astimezone(world.HELSINKI).strftime("%a %H") for start in rooms()]
    assert starts == [f"{day} {hour:02}" for day in ("Mon", "Tue") for hour in (8, 10, 12, 14)]


def test_half_of_two_hours_is_four_calls_of_a_quarter() -> None:
    build()
    assert rooms()[TEN] == 4


def test_the_rest_of_a_window_that_has_begun_is_all_that_counts() -> None:
    build()
    assert rooms(local(8, 30))[local(8)] == 3  # 90 minutes
    assert local(8) not in rooms(local(9, 45))


def test_a_booked_hour_cannot_be_promised() -> None:
    person = build()[0]
    booking = Booking.objects.create(
        mode="phone", service_id="general", language="fi", start=TEN, end=local(11),
        state="confirmed", name="A",
    )  # fmt: skip
    Claim.objects.create(booking=booking, resource=person, start=TEN, end=local(11))
    assert rooms()[TEN] == 2


def test_an_absence_is_no_staff() -> None:
    person = build()[0]
    person.shifts.update(absent=True)
    assert rooms() == {}


def test_terms_of_the_phone_say_how_long_a_call_takes() -> None:
    build()
    world.terms(mode="phone", minutes=25, buffer_after=5)
    assert rooms()[TEN] == 2


def test_a_bilingual_adviser_is_not_promised_to_both_languages() -> None:
    build([("fi", "sv")])
    for n in range(3):
        ask(TEN, key=f"k{n}", language="fi")
    assert rooms(language="sv")[TEN] == 1


@pytest.mark.parametrize("day", [(2026, 3, 27), (2026, 10, 23)])
def test_windows_keep_their_local_hours_when_clocks_change(day: tuple[int, int, int]) -> None:
    friday = date(*day)
    build(first=friday, days=8)
    found = windows.windows_ahead(local(8, day=friday))
    local_hours = {(w.start.astimezone(world.HELSINKI).hour, w.end - w.start) for w in found}
    assert local_hours == {(h, timedelta(hours=2)) for h in range(8, 20, 2)}
    monday = friday + timedelta(days=3)
    assert rooms(local(8, day=friday))[local(10, day=monday)] == 4


# Asking.


def test_a_request_has_a_seat_and_a_message_in_its_language() -> None:
    build()
    request = ask(TEN, contact_language="en")
    assert (request.state, request.phone, request.next_attempt_at) == ("open", "+358401234567", TEN)
    assert (request.seat.start, request.seat.number) == (TEN, 1)
    assert sent()[0].startswith("Kela: we call you on Mon 2 Mar 2026 between 10:00 and 12:00.")
    assert "/en/c/" in sent()[0]


def test_the_same_key_asks_once() -> None:
    build()
    assert ask(TEN).pk == ask(TEN).pk
    assert len(sent()) == 1


def test_a_full_window_refuses_with_the_nearest_ones() -> None:
    build()
    for n in range(4):
        ask(TEN, key=f"k{n}")
    with pytest.raises(WindowTaken) as taken:
        ask(TEN, key="late")
    assert TEN not in {o.window.start for o in taken.value.nearest}
    assert taken.value.nearest[0].window.start == local(8)
    assert not CallbackRequest.objects.filter(key="late").exists()


def test_the_next_preferred_window_is_taken_where_the_first_is_full() -> None:
    build()
    for n in range(4):
        ask(TEN, key=f"k{n}")
    request = ask(TEN, TWELVE, key="late")
    assert (request.next_attempt_at, request.seat.start) == (TWELVE, TWELVE)
    assert [w.start for w in request.windows.all()] == [TEN, TWELVE]


def test_no_window_is_promised_that_is_none_or_has_passed() -> None:
    build()
    for start in (local(9), local(8, day=days_later(-1)), local(10, day=days_later(30))):
        with pytest.raises(WindowTaken):
            ask(start)


def test_as_soon_as_possible_keeps_the_place_of_the_queue_that_was_left() -> None:
    build()
    place = MORNING - timedelta(minutes=20)
    request = callbacks.ask(wanted(), key="q", via="queue", entered_at=place, now=MORNING)
    assert (request.soon, request.entered_at, request.next_attempt_at) == (True, place, MORNING)


def test_who_asks_at_night_keeps_the_place_and_is_called_from_the_morning_on() -> None:
    build()
    night = local(2, 15)
    request = ask(now=night)
    assert request.entered_at == night
    assert (request.next_attempt_at, request.due_until) == (local(8), local(10))
    assert not callback_queries.due_for(Resource.objects.get().pk, local(7, 59))
    assert callback_queries.due_for(Resource.objects.get().pk, local(8))


@pytest.mark.parametrize("area", ["abc", "-", "70100!", "7" * 21])
def test_what_is_no_postal_code_is_refused(area: str) -> None:
    build()
    with pytest.raises(AskInvalid) as wrong:
        ask(TEN, area=area)
    assert set(wrong.value.messages) == {"area"}


@pytest.mark.parametrize("area", ["", "70100", "ax-22100", "SW1A 1AA"])
def test_postal_codes_of_other_countries_are_kept(area: str) -> None:
    build()
    assert ask(TEN, area=area).area == area.upper()


def test_as_soon_as_possible_is_not_promised_when_nobody_is_left_today() -> None:
    build()
    with pytest.raises(WindowTaken) as taken:
        ask(now=local(17))
    assert taken.value.nearest[0].window.start == local(8, day=days_later(1))


def test_soon_requests_fill_the_day_beside_its_windows() -> None:
    build(days=1)
    now = local(15)
    for n in range(2):  # half of the hour that is left
        ask(key=f"s{n}", now=now)
    with pytest.raises(WindowTaken):
        ask(key="s2", now=now)


@pytest.mark.parametrize(
    "phone",
    [
        *("", "12", "112", "116117", "0600 12345", "+358", "040", "abc", "٠٤٠", "9" * 40),
        # Service numbers, which cost the caller extra, and text around a number.
        *("0100 100", "0200 1234", "020202", "0300 12345", "+358 100 100", "075 100"),
        *("call 040 123 4567", "131052-308T"),
    ],
)
def test_numbers_that_cannot_be_called_are_refused_in_words(phone: str) -> None:
    build()
    with pytest.raises(AskInvalid) as wrong:
        ask(TEN, phone=phone)
    assert wrong.value.messages["phone"].endswith((".", "number"))
    assert RecentAsk.objects.count() == 0


@pytest.mark.parametrize(
    "phone",
    ["040 123 4567", "015 123 456", "+46 70 123 45 67", "020 692 204", "+358 (0)40 123 4567"],
)
def test_ordinary_numbers_are_called(phone: str) -> None:
    build()
    assert ask(TEN, phone=phone).phone.startswith("+")


def test_a_landline_is_called_and_gets_no_text() -> None:
    build()
    assert ask(TEN, phone="015 123 456").state == "open"
    assert sent() == []


def test_a_forged_service_or_language_is_refused() -> None:
    build()
    for given in ({"service": "nope"}, {"language": "xx"}):
        with pytest.raises(NotGiven):
            ask(TEN, **given)


def test_an_address_has_a_limit_that_ends_with_the_hour() -> None:
    build([("fi",)] * 4)

    def one(n: int, now=MORNING) -> None:  # type: ignore[no-untyped-def]
        callbacks.ask(
            wanted(TEN if n % 2 else TWELVE, phone=f"040 123 45{n:02}"),
            key=f"k{n}", asker=Asker(address="192.0.2.1"), now=now,
        )  # fmt: skip

    with override_settings(CALLBACKS_PER_ADDRESS=7):
        for n in range(7):
            one(n)
        with pytest.raises(TooManyAsks):
            one(8)
        one(8, MORNING + timedelta(minutes=61))
    assert "192.0.2.1" not in str(list(RecentAsk.objects.values()))
    assert limits.forget(MORNING + timedelta(hours=3)) > 0
    assert RecentAsk.objects.count() == 0


def test_one_number_is_not_called_for_a_joke_of_many_requests() -> None:
    build()
    for n in range(3):
        callbacks.ask(wanted(TEN), key=f"k{n}", asker=Asker(address=f"a{n}"), now=MORNING)
    with pytest.raises(TooManyAsks):
        callbacks.ask(wanted(TEN), key="k4", asker=Asker(address="a4"), now=MORNING)


# Changing and cancelling.


def test_changing_moves_the_seat_and_tells() -> None:
    build()
    request = ask(TEN, contact_language="en")
    changed = callbacks.change(request.pk, [TWELVE], now=MORNING)
    assert (changed.next_attempt_at, changed.version) == (TWELVE, 2)
    assert list(WindowSeat.objects.values_list("start", flat=True)) == [TWELVE]
    assert "12:00 and 14:00" in sent()[-1]
    assert rooms()[TEN] == 4


def test_the_same_change_again_tells_nothing() -> None:
    build()
    request = ask(TEN)
    for _twice in range(2):
        callbacks.change(request.pk, [TWELVE], now=MORNING)
    callbacks.change(request.pk, [TWELVE], now=MORNING)
    assert CallbackRequest.objects.get().version == 2
    assert len(sent()) == 2


def test_a_change_into_a_full_window_leaves_all_as_it_was() -> None:
    build()
    request = ask(TWELVE, key="mine")
    for n in range(4):
        ask(TEN, key=f"k{n}")
    with pytest.raises(WindowTaken):
        callbacks.change(request.pk, [TEN], now=MORNING)
    request.refresh_from_db()
    assert (request.next_attempt_at, request.seat.start, request.version) == (TWELVE, TWELVE, 1)


def test_cancelling_frees_the_seat_and_is_safe_to_repeat() -> None:
    build()
    request = ask(TEN)
    for _twice in range(2):
        assert callbacks.cancel(request.pk, now=MORNING).state == "cancelled"
    assert WindowSeat.objects.count() == 0
    assert len(sent()) == 2
    with pytest.raises(NotOpenAnyMore):
        callbacks.change(request.pk, [TWELVE], now=MORNING)


# Reminders and alarms.


def test_a_reminder_comes_an_hour_before_and_not_after_a_change() -> None:
    build()
    start = local(14, day=days_later(1))
    request = ask(start, contact_language="en")
    due = Promise.objects.get(kind=callback_notices.REMINDER)
    assert due.due_at == start - timedelta(hours=1)
    callbacks.change(request.pk, [local(12, day=days_later(1))], now=MORNING)
    assert Promise.objects.filter(kind=callback_notices.REMINDER, state="due").count() == 1
    callback_notices.remind(f"{request.pk}:1", now=start - timedelta(hours=1))
    assert not any("reminds" in text for text in sent())
    callback_notices.remind(f"{request.pk}:2", now=local(11, day=days_later(1)))
    assert "reminds you" in sent()[-1]


def test_a_window_alarms_before_it_is_missed() -> None:
    build()
    request = ask(TEN)
    promises.run_due(local(11, 29))
    request.refresh_from_db()
    assert request.alarmed_at is None
    promises.run_due(local(11, 30))
    request.refresh_from_db()
    assert request.alarmed_at is not None


def test_a_seat_is_never_given_twice() -> None:
    build()
    one, other = ask(TEN, key="1"), ask(TEN, key="2")
    assert {one.seat.number, other.seat.number} == {1, 2}
    callbacks.cancel(one.pk, now=MORNING)
    assert ask(TEN, key="3").seat.number == 1


def test_who_has_no_adviser_in_their_language_is_promised_nothing() -> None:
    build()
    Resource.objects.update(languages=["fi"])
    with pytest.raises(WindowTaken) as taken:
        ask(TEN, language="sv")
    assert taken.value.nearest == ()


def test_wishes_are_bounded() -> None:
    build()
    many = [local(h, day=days_later(d)) for d in range(5) for h in (8, 10, 12, 14)]
    assert ask(*many).windows.count() == seats.MOST_WINDOWS
    assert MONDAY.weekday() == 0
