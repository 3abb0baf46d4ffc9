"""A day of random bookings on a real database, against a model that only looks and counts."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from palveluverkko.booking import projection, queries, services
from palveluverkko.booking.errors import (
    BookingError,
    DayFull,
    HoldExpired,
    NotOpenAnyMore,
    OutsideHours,
    SlotTaken,
)
from palveluverkko.booking.models import Booking, Claim, StaleDay
from palveluverkko.booking.wishes import Wish
from tests.booking import model, truth
from tests.booking.model import LANGUAGES, MODES, OUTLETS, SERVICES, Taken, Town
from tests.booking.world import AINO, NOW

pytestmark = pytest.mark.django_db
EXAMPLES = 8 if os.environ.get("CI") else 25


@dataclass
class Expected:
    """One booking as its customer knows it."""

    wish: Wish
    state: str
    hold_until: datetime
    version: int = 0


def somebody(day: Day) -> bool:
    return bool(day.known)


class Day(RuleBasedStateMachine):
    town: Town

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now, self.taken = NOW, Taken()
        self.known: dict[int, Expected] = {}
        self.keys: dict[str, int] = {}
        self.steps = 0

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # What customers do.

    @rule(
        mode=st.sampled_from(sorted(MODES)),
        service=st.sampled_from(SERVICES),
        language=st.sampled_from(LANGUAGES),
        five=st.one_of(st.integers(-6, 50), st.integers(-3, 8).map(lambda n: 6 * n)),
        advisers=st.sampled_from([1, 1, 1, 2]),
        interpreter=st.sampled_from(["", "", "", "so"]),
        key=st.integers(0, 40).map(str),
        at_once=st.booleans(),
    )  # fmt: skip
    def ask(
        self,
        mode: str,
        service: str,
        language: str,
        five: int,
        advisers: int,
        interpreter: str,
        key: str,
        at_once: bool,
    ) -> None:
        start = self.town.opens + timedelta(minutes=5 * five)
        wish = Wish(mode, service, language, start, MODES[mode], advisers, interpreter)
        self.ask_for(wish, key, at_once)

    @precondition(somebody)
    @rule(
        pick=st.integers(0, 99),
        later=st.sampled_from([0, 6, 12, 12, 18, 24]),
        key=st.integers(0, 99).map(lambda n: f"s{n}"),
    )
    def another_wants_nearly_the_same(self, pick: int, later: int, key: str) -> None:
        wish = self.known[self.one(pick)].wish
        self.ask_for(wish.at(wish.start + timedelta(minutes=5 * later)), key, at_once=True)

    def ask_for(self, wish: Wish, key: str, at_once: bool) -> None:
        again = self.keys.get(key)
        wanted: type[BookingError] | None = None
        if again is None:
            wanted = self.refusal(wish)
        booking = self.attempt(
            wanted, lambda: services.hold(wish, key=key, via="adviser", now=self.now)
        )
        if again is not None:
            assert booking is not None
            assert booking.pk == again
        elif booking is not None:
            self.keys[key] = booking.pk
            keep = timedelta(minutes=django_settings.BOOKING_HOLD_MINUTES)
            self.known[booking.pk] = Expected(wish, "held", self.now + keep)
            self.claimed(booking.pk, wish)
        if at_once and booking is not None:
            self.confirm_one(booking.pk)

    @precondition(somebody)
    @rule(pick=st.integers(0, 99))
    def confirm(self, pick: int) -> None:
        self.confirm_one(self.one(pick))

    def confirm_one(self, pk: int) -> None:
        mine = self.known[pk]
        wanted: type[BookingError] | None = None
        if mine.state == "cancelled":
            wanted = NotOpenAnyMore
        elif mine.state == "expired" and self.cannot(mine.wish, pk):
            wanted = HoldExpired
        booking = self.attempt(wanted, lambda: services.confirm(pk, AINO, now=self.now))
        if booking is not None and mine.state != "confirmed":
            if mine.state == "expired":
                self.claimed(pk, mine.wish)
            mine.state, mine.version = "confirmed", mine.version + 1

    @precondition(somebody)
    @rule(pick=st.integers(0, 99))
    def turn_back(self, pick: int) -> None:
        pk = self.one(pick)
        services.release(Booking.objects.get(pk=pk))
        if self.known[pk].state == "held":
            self.let_go(pk, "expired")

    @precondition(somebody)
    @rule(pick=st.integers(0, 99))
    def cancel(self, pick: int) -> None:
        pk = self.one(pick)
        mine = self.known[pk]
        wanted = NotOpenAnyMore if mine.state == "expired" else None
        self.attempt(wanted, lambda: services.cancel(pk))
        if mine.state in ("held", "confirmed"):
            mine.version += 1
            self.let_go(pk, "expired" if mine.state == "held" else "cancelled")

    @precondition(somebody)
    @rule(
        pick=st.integers(0, 99),
        five=st.integers(-2, 16).map(lambda n: 3 * n),
        mode=st.sampled_from(sorted(MODES)),
        key=st.integers(0, 40).map(lambda n: f"m{n}"),
    )
    def move(self, pick: int, five: int, mode: str, key: str) -> None:
        pk = self.one(pick, "confirmed")
        mine = self.known[pk]
        old = mine.wish
        start = self.town.opens + timedelta(minutes=5 * five)
        new = Wish(
            mode, old.service, old.language, start, MODES[mode], old.advisers, old.interpreter
        )
        again, wanted = self.keys.get(key), None
        if again is None and mine.state != "confirmed":
            wanted = NotOpenAnyMore
        elif again is None and new != old:
            wanted = self.refusal(new, pk, expire=False)
        booking = self.attempt(
            wanted,
            lambda: services.move(
                pk, start, key=key, mode=mode, point=MODES[mode], by_staff=True, now=self.now
            ),
        )
        if again is not None:
            assert booking is not None
            assert booking.pk == again
        elif booking is not None and new != old:
            self.keys[key] = pk
            self.taken.claims.pop(pk)
            mine.wish, mine.version = new, mine.version + 1
            self.claimed(pk, new)

    @rule(minutes=st.integers(1, 15), looks=st.booleans())
    def time_goes_on(self, minutes: int, looks: bool) -> None:
        self.now += timedelta(minutes=minutes)
        if looks:
            services.expire_holds(self.now)
            self.expire()

    @rule()
    def free_times_are_made_again(self) -> None:
        projection.refresh_stale()
        assert not StaleDay.objects.exists()
        keys = [(outlet, day) for outlet in OUTLETS for day in self.town.utc_days()]
        assert truth.false_days(keys) == []

    # What must hold after each.

    @invariant()
    def nothing_is_taken_twice_and_nothing_for_nobody(self) -> None:
        assert truth.doubles() == 0
        rows = Claim.objects.values_list("booking_id", "resource_id", "start", "end")
        found: dict[int, dict[int, tuple[datetime, datetime]]] = {}
        for booking, resource, start, end in rows:
            found.setdefault(booking, {})[resource] = (start, end)
        assert found == self.taken.claims

    @invariant()
    def every_booking_is_as_its_customer_knows_it(self) -> None:
        assert truth.wrongly_claimed() == []
        for booking in Booking.objects.all():
            mine = self.known[booking.pk]
            assert (booking.state, booking.version) == (mine.state, mine.version)
            assert (booking.start, booking.mode) == (mine.wish.start, mine.wish.mode)

    @invariant()
    def what_is_shown_as_free_is_what_somebody_could_serve(self) -> None:
        self.steps += 5
        mode, service = sorted(MODES)[self.steps % 4], SERVICES[self.steps % 3]
        language = ("*", *LANGUAGES)[self.steps // 4 % 4]
        shown = queries.free_times(MODES[mode], mode, service, language, limit=1000, now=self.now)
        wishes = [Wish(mode, service, language, m, MODES[mode]) for m in self.town.moments()]
        assert [time.start for time in shown] == [
            w.start for w in wishes if not self.town.outside(w) and not self.cannot(w, None)
        ]

    # The model.

    def refusal(
        self, wish: Wish, own: int | None = None, expire: bool = True
    ) -> type[BookingError] | None:
        """How the wish is refused, if it is; a new hold lets go of those that have run out."""
        if self.town.outside(wish):
            return OutsideHours
        if expire:
            self.expire()
        return self.cannot(wish, own)

    def cannot(self, wish: Wish, own: int | None) -> type[BookingError] | None:
        limit = model.kind_of(wish.service, wish.mode).limit
        there = [
            e
            for pk, e in self.known.items()
            if pk != own
            and pk in self.taken.claims
            and (e.wish.service, e.wish.mode) == (wish.service, wish.mode)
        ]
        if limit is not None and len(there) >= limit:
            return DayFull
        return None if model.can_be_served(self.town, self.taken, wish, own) else SlotTaken

    def claimed(self, pk: int, wish: Wish) -> None:
        """Note who was chosen, after seeing that they could be."""
        could, span = model.people(self.town, self.taken, wish), self.town.span(wish)
        claims = {c.resource_id: (c.start, c.end) for c in Claim.objects.filter(booking_id=pk)}
        chosen = {person: desks for person, desks in could.items() if person in claims}
        assert set(claims.values()) == {span}
        assert len(chosen) == wish.advisers
        assert all(self.taken.free(resource, span, None) for resource in claims)
        desks = set(claims) & set(self.town.desks)
        assert all(any(desk in own for own in chosen.values()) for desk in desks)
        self.taken.claims[pk] = claims

    def expire(self) -> None:
        for pk, mine in self.known.items():
            if mine.state == "held" and mine.hold_until < self.now:
                self.let_go(pk, "expired")

    def let_go(self, pk: int, state: str) -> None:
        self.known[pk].state = state
        self.taken.claims.pop(pk, None)

    def one(self, pick: int, state: str = "") -> int:
        """A booking, one in ``state`` if there is any."""
        found = [pk for pk in sorted(self.known) if self.known[pk].state == state]
        found = found or sorted(self.known)
        return found[-1 - pick % len(found)]

    def attempt(self, wanted: type[BookingError] | None, verb: Callable[[], Any]) -> Booking | None:
        """The verb, which must be refused exactly as the model says."""
        try:
            booking: Booking | None = verb()
            refused = None
        except BookingError as error:
            booking, refused = None, type(error)
        event(f"{verb.__qualname__.split('.')[1]}: {refused.__name__ if refused else 'done'}")
        assert refused is wanted
        return booking


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Helsinki", 9), ("America/Los_Angeles", 14)])
def test_a_day_of_random_bookings_is_as_the_model_has_it(zone: str, hour: int) -> None:
    """In Los Angeles the day goes on past midnight by UTC."""
    Day.town = model.build(zone, hour)
    run_state_machine_as_test(
        Day, settings=settings(max_examples=EXAMPLES, stateful_step_count=30, deadline=None)
    )
