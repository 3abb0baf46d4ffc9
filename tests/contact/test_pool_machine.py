"""A morning of random events on the pool: nothing lost, nobody twice, the day always adds up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
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

from palveluverkko.contact import balance, pool, silence, states
from palveluverkko.contact.errors import PoolError
from palveluverkko.contact.models import AdviserState, CallbackRequest, Contact
from palveluverkko.demand.models import ChannelContacts
from palveluverkko.queueing import fits
from tests.contact.pool_build import at, build_adviser, build_service, come

SKILLS = (
    (("general", "family"), ("fi", "sv")),
    (("general",), ("fi",)),
    (("family",), ("sv",)),
)
OPEN = ("waiting", "offered", "talking")
ENDED = ("answered", "abandoned", "blocked", "callback")
ADVISER_OF = {"offered": "offered", "in_contact": "talking"}


class Morning(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = 0.0
        build_service()
        self.advisers = [build_adviser(f"A{i}", *skills) for i, skills in enumerate(SKILLS)]
        self.places: dict[int, Any] = {}
        self.ended: dict[int, str] = {}
        for adviser in self.advisers[:2]:
            states.begin(adviser, now=at(0))

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def attempt(self, verb: Any, *args: Any, **more: Any) -> Any:
        try:
            return verb(*args, now=at(self.clock), **more)
        except PoolError:
            return None

    def some(self, data: st.DataObject) -> int:
        """Any contact, but more often one that an adviser has."""
        held = Contact.objects.filter(state__in=("offered", "talking")).order_by("pk")
        some = sorted(self.places)
        return data.draw(
            st.sampled_from(list(held.values_list("pk", flat=True)) or some)
            if data.draw(st.booleans())
            else st.sampled_from(some)
        )

    @rule(seconds=st.integers(1, 60), pages=st.booleans())
    def time_passes(self, seconds: int, pages: bool) -> None:
        self.clock += seconds / 60
        if pages:
            Contact.objects.filter(state__in=OPEN).update(seen_at=at(self.clock))
            AdviserState.objects.update(seen_at=at(self.clock))

    @rule(
        key=st.sampled_from("abcdefghijkl"),
        channel=st.sampled_from(["web_call", "video", "phone"]),
        service=st.sampled_from(["general", "family"]),
        language=st.sampled_from(["fi", "fi", "sv", "en"]),
        urgent=st.booleans(),
    )
    def enter(self, key: str, **wish: Any) -> None:
        contact = come(self.clock, key=key, caller=key, **wish)
        assert self.places.setdefault(contact.pk, contact.entered_at) == contact.entered_at

    @rule(who=st.integers(0, 2), verb=st.sampled_from(["begin", "ready", "pause", "go_home"]))
    def adviser(self, who: int, verb: str) -> None:
        self.attempt(getattr(states, verb), self.advisers[who])

    @precondition(lambda self: self.places)
    @rule(data=st.data(), who=st.integers(0, 2), verb=st.sampled_from(["accept", "decline"]))
    def answer(self, data: st.DataObject, who: int, verb: str) -> None:
        pk = self.some(data)
        before = Contact.objects.get(pk=pk)
        mine = before.adviser_id == self.advisers[who]
        wanted = ("offered",) if verb == "decline" else ("offered", "talking")
        done = self.attempt(getattr(pool, verb), pk, self.advisers[who])
        assert (done is not None) == (mine and before.state in wanted)

    @precondition(lambda self: self.places)
    @rule(data=st.data(), verb=st.sampled_from(["finish", "abandon", "give_back", "unreached"]))
    def end(self, data: st.DataObject, verb: str) -> None:
        pk = self.some(data)
        self.attempt(getattr(pool, verb), pk)

    @precondition(lambda self: self.places)
    @rule(data=st.data())
    def take_callback(self, data: st.DataObject) -> None:
        request = CallbackRequest.objects.create(
            key=f"r{CallbackRequest.objects.count()}",
            service_id="general",
            language="fi",
            entered_at=at(self.clock),
            next_attempt_at=at(self.clock),
        )
        self.attempt(pool.to_callback, self.some(data), request)

    @rule(data=st.data())
    def callback_is_due(self, data: st.DataObject) -> None:
        requests = list(CallbackRequest.objects.order_by("pk"))
        if requests:
            request = data.draw(st.sampled_from(requests))
            contact = come(
                self.clock,
                channel="callback",
                callback=request,
                entered_at=request.entered_at,
                key=f"due-{request.pk}-{self.clock}",
            )
            self.places[contact.pk] = contact.entered_at

    @rule()
    def look(self) -> None:
        silence.listen(at(self.clock))
        silence.watch(at(self.clock))

    @invariant()
    def the_day_adds_up(self) -> None:
        if not hasattr(self, "places"):
            return
        found = balance.balances(date(2026, 3, 2))
        assert all(one.holds for one in found)
        assert sum(one.offered for one in found) == len(self.places)
        answered = sum(one.answered for one in found)
        assert sum(ChannelContacts.objects.values_list("contacts", flat=True)) == answered

    @invariant()
    def who_has_ended_stays_so_and_places_are_kept(self) -> None:
        for contact in Contact.objects.all() if hasattr(self, "places") else ():
            assert contact.entered_at == self.places[contact.pk]
            if contact.state in ENDED:
                assert self.ended.setdefault(contact.pk, contact.state) == contact.state
            else:
                assert contact.pk not in self.ended

    @invariant()
    def advisers_and_contacts_agree(self) -> None:
        if not hasattr(self, "places"):
            return
        held = Contact.objects.filter(state__in=("offered", "talking"))
        having = {c.adviser_id: c.state for c in held}
        work = dict(AdviserState.objects.values_list("adviser_id", "state"))
        for adviser, state in work.items():
            assert having.pop(adviser, None) == ADVISER_OF.get(state)
        assert not having  # nobody is with an adviser who has gone home

    @invariant()
    def nobody_ready_fits_anybody_who_waits(self) -> None:
        from palveluverkko.contact.rows import as_adviser, as_waiting

        if not hasattr(self, "places"):
            return
        ready = AdviserState.objects.filter(state="ready").select_related("adviser")
        waiting = [as_waiting(c) for c in Contact.objects.filter(state="waiting")]
        assert not any(fits(w, as_adviser(a)) for w in waiting for a in ready)


@pytest.mark.django_db
def test_a_morning_of_random_events() -> None:
    run_state_machine_as_test(
        Morning, settings=settings(max_examples=20, stateful_step_count=40, deadline=None)
    )
