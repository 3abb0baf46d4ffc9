"""Days of random asking, changing, calling and dying pages on a real database, against a model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from palveluverkko.contact import attempts, callback_jobs, callbacks, pooled
from palveluverkko.contact.attempts import LEASE
from palveluverkko.contact.callback_errors import (
    AlreadyTaken,
    CallbackError,
    NotForYou,
    NotOpenAnyMore,
    StillCalling,
    WindowTaken,
)
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest, Contact, WindowSeat
from palveluverkko.contact.windows import Forecast, window_at, windows_ahead
from palveluverkko.demand.models import ChannelContacts
from palveluverkko.messages import promises
from tests.booking.world import local
from tests.contact.callback_world import build, wanted

pytestmark = pytest.mark.django_db
EXAMPLES = 8 if os.environ.get("CI") else 20
PEOPLE = (("fi",), ("fi", "sv"), ("sv",))
ENDED = ("served", "cancelled", "unreached")


@dataclass
class Known:
    """A request as its customer and its callers know it."""

    language: str
    state: str = "open"
    tries: int = 0
    by: int | None = None
    attempt: int | None = None
    heard: datetime | None = None
    outcomes: list[str] = field(default_factory=list)


class Days(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = local(8, 5)
        self.people = [p.pk for p in build(PEOPLE, days=12)]
        self.known: dict[int, Known] = {}
        self.served = 0

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # Customers.

    @rule(which=st.integers(0, 30), soon=st.booleans(), language=st.sampled_from(["fi", "sv"]),
          also=st.booleans())  # fmt: skip
    def ask(self, which: int, soon: bool, language: str, also: bool) -> None:
        starts = self.starts(which, 2 if also else 1)
        wish = wanted(*([] if soon else starts), language=language)
        try:
            made = callbacks.ask(wish, key=f"k{len(self.known)}", now=self.now)
        except WindowTaken:
            return
        assert callbacks.ask(wish, key=made.key, now=self.now).pk == made.pk
        self.known[made.pk] = Known(language)

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 99), window=st.integers(0, 30))
    def change(self, which: int, window: int) -> None:
        pk, known = self.pick(which)
        try:
            callbacks.change(pk, self.starts(window, 1), now=self.now)
        except NotOpenAnyMore:
            assert known.state not in ("open", "unreached")
        except WindowTaken:
            pass
        else:
            if known.state == "unreached":
                known.state = "open"
            known.tries = CallbackRequest.objects.get(pk=pk).attempts

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 99))
    def cancel(self, which: int) -> None:
        pk, known = self.pick(which)
        try:
            callbacks.cancel(pk, now=self.now)
            assert known.state in ("open", "unreached", "cancelled")
            known.state = "cancelled"
        except NotOpenAnyMore:
            assert known.state in ("calling", "served")

    # Advisers.

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 99), who=st.integers(0, 2))
    def call(self, which: int, who: int) -> None:
        pk, known = self.pick(which, prefer=self.due())
        busy = any(k.by == who for k in self.known.values() if k.state == "calling")
        due = CallbackRequest.objects.get(pk=pk).next_attempt_at
        try:
            attempt = attempts.claim(pk, self.people[who], now=self.now)
        except NotForYou:
            assert known.language not in PEOPLE[who]
        except StillCalling:
            assert busy
        except AlreadyTaken:
            assert known.state != "open" or due is None or due > self.now
        else:
            if known.state == "calling":
                assert known.by == who
                return
            assert known.state == "open"
            assert not busy
            assert due is not None
            assert due <= self.now
            known.state, known.by, known.attempt = "calling", who, attempt.pk
            known.heard = self.now

    @precondition(lambda self: any(k.state == "calling" for k in self.known.values()))
    @rule(which=st.integers(0, 99),
          outcome=st.sampled_from(["served", "no_answer", "no_answer", "busy", "wrong_number",
                                   "later"]),
          hours=st.integers(1, 60))  # fmt: skip
    def end(self, which: int, outcome: str, hours: int) -> None:
        rows = list(self.known.items())
        begun = [(pk, k) for pk, k in rows if k.state == "calling" or (which > 80 and k.attempt)]
        _pk, known = begun[which % len(begun)]
        assert known.attempt is not None
        later = self.now + timedelta(hours=hours)
        try:
            found = attempts.finish(known.attempt, outcome, later=later, now=self.now)
        except CallbackError:
            return
        if known.outcomes and known.outcomes[-1] == f"{known.attempt} {outcome}":
            return
        assert known.state in ("calling", "open")  # open: given back as lost, told late
        known.outcomes.append(f"{known.attempt} {outcome}")
        known.by = None
        if outcome in ("no_answer", "busy"):
            known.tries += 1
            known.state = "unreached" if known.tries >= django_settings.CALLBACK_TRIES else "open"
        else:
            known.state = {"served": "served", "wrong_number": "unreached"}.get(outcome, "open")
            known.tries = 0 if outcome == "later" else known.tries
        self.served += outcome == "served"
        assert found.state == known.state

    @rule(who=st.integers(0, 2))
    def look(self, who: int) -> None:
        attempts.heard(self.people[who], now=self.now)
        for known in self.known.values():
            if known.state == "calling" and known.by == who:
                known.heard = self.now

    # The clock.

    @rule(minutes=st.sampled_from([1, 2, 5, 20, 45, 120, 600]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def tick(self) -> None:
        attempts.give_back_lost(self.now)
        for known in self.known.values():
            if known.state == "calling" and known.heard and self.now - known.heard > LEASE:
                known.state, known.by = "open", None
        pooled.enter_due(self.now)
        callback_jobs.move_missed(self.now)
        promises.run_due(self.now)

    # What always holds.

    @invariant()
    def nobody_is_lost_and_all_is_as_known(self) -> None:
        rows = {r.pk: r for r in CallbackRequest.objects.all()}
        assert {pk: (r.state, r.attempts) for pk, r in rows.items() if r.state not in ENDED} == {
            pk: (k.state, k.tries) for pk, k in self.known.items() if k.state not in ENDED
        }
        assert {pk: r.state for pk, r in rows.items()} == {
            pk: k.state for pk, k in self.known.items()
        }
        assert all(r.next_attempt_at and r.due_until for r in rows.values() if r.state == "open")

    @invariant()
    def an_open_attempt_belongs_to_a_call_and_the_pool_agrees(self) -> None:
        calling = {r.pk: r.claimed_by_id for r in CallbackRequest.objects.filter(state="calling")}
        begun = CallbackAttempt.objects.filter(ended_at=None)
        assert dict(begun.values_list("request_id", "adviser_id")) == calling
        talking = Contact.objects.filter(state="talking")
        assert dict(talking.values_list("callback_id", "adviser_id")) == calling
        over = CallbackRequest.objects.filter(state__in=ENDED).values("pk")
        assert not Contact.objects.filter(callback__in=over, state__in=Contact.OPEN).exists()

    @invariant()
    def served_customers_are_counted_once(self) -> None:
        counted = sum(ChannelContacts.objects.values_list("contacts", flat=True))
        assert counted == self.served

    @invariant()
    def seats_belong_to_open_requests_in_windows_to_come(self) -> None:
        for seat in WindowSeat.objects.select_related("request"):
            assert seat.request.state in ("open", "calling")
            assert window_at(seat.start) is not None

    @invariant()
    def no_window_is_promised_beyond_its_staff(self) -> None:
        numbers = list(WindowSeat.objects.values_list("start", "number"))
        assert len(numbers) == len(set(numbers))
        last = self.now + timedelta(days=10)
        forecast = Forecast.load(self.now, last)
        for window in windows_ahead(self.now):
            if window.start > self.now:
                seats = WindowSeat.objects.filter(start=window.start).count()
                assert seats * 15 <= sum(s.minutes for s in forecast._staff(window))

    def due(self) -> list[int]:
        rows = CallbackRequest.objects.filter(state="open", next_attempt_at__lte=self.now)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def pick(self, which: int, prefer: Sequence[int] = ()) -> tuple[int, Known]:
        """Two times out of three one of those preferred, so that calls are made at all."""
        ids = list(prefer) if prefer and which % 3 else list(self.known)
        pk = ids[which // 3 % len(ids)]
        return pk, self.known[pk]

    def starts(self, which: int, most: int) -> list[datetime]:
        ahead = windows_ahead(self.now)
        return [ahead[(which + n) % len(ahead)].start for n in range(most)]


def test_no_request_is_lost_called_twice_or_ended_by_one_unanswered_call() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Days, settings=settings(max_examples=EXAMPLES, stateful_step_count=40, deadline=None)
    )
