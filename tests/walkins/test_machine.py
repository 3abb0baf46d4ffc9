"""A morning of random presses against a model that fits in the head."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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

from palveluverkko.walkins import queries
from palveluverkko.walkins import services as verbs
from palveluverkko.walkins.errors import WalkInError
from palveluverkko.walkins.models import Ticket
from tests.walkins.build import SERVICES, at, build_adviser, build_desk, build_point, visits

COMPETENCES = {0: SERVICES, 1: ("general",), 2: ("family", "pension")}


@dataclass
class Expected:
    """One ticket as the model has it; ``serving`` is its service, ``desk`` who has it."""

    service: str
    taken: float
    number: int
    state: str = "waiting"
    desk: int | None = None
    wanted: int | None = None
    back: float = 0
    ended: float = 0
    seen: list[str] = field(default_factory=list)


class Morning(RuleBasedStateMachine):
    """Advisers are 0 to 2, each with a desk of the same number."""

    @initialize()
    def open_the_point(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = 0.0
        self.tickets: dict[int, Expected] = {}
        self.keys: dict[str, int] = {}
        point = build_point()
        self.advisers = [build_adviser(f"A{i}", COMPETENCES[i]).pk for i in range(3)]
        self.desks = [build_desk(point, i).pk for i in range(3)]
        self.sessions: dict[int, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def at_desk(self, desk: int) -> int | None:
        return next((pk for pk, t in self.tickets.items() if t.desk == desk), None)

    def attempt(self, allowed: bool, verb: Any, *args: Any, **more: Any) -> Any:
        """The verb, which must be refused exactly where the model says so."""
        try:
            result = verb(*args, **more)
        except WalkInError:
            assert not allowed, (verb, args)
            return None
        assert allowed, (verb, args)
        return result

    @rule(minutes=st.integers(1, 9))
    def time_passes(self, minutes: int) -> None:
        self.clock = min(self.clock + minutes, 300)

    @rule(key=st.sampled_from("abcdefghij"), service=st.sampled_from(SERVICES))
    def take(self, key: str, service: str) -> None:
        found = verbs.take_ticket("town", service, key=key, though_late=True, now=at(self.clock))
        if key in self.keys:
            assert found.id == self.keys[key]
        else:
            self.keys[key] = found.id
            self.tickets[found.id] = Expected(service, self.clock, len(self.tickets) + 1)
            assert found.number == len(self.tickets)

    @rule(who=st.integers(0, 2))
    def open_desk(self, who: int) -> None:
        info = verbs.open_desk(self.advisers[who], self.desks[who], "town", now=at(self.clock))
        assert self.sessions.setdefault(who, info.id) == info.id

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def close_desk(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.sessions)))
        free = self.at_desk(who) is None
        self.attempt(free, verbs.close_desk, self.sessions[who], now=at(self.clock))
        if free:
            del self.sessions[who]

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def call_next(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.sessions)))
        present = self.at_desk(who)
        serving = present is not None and self.tickets[present].state == "serving"
        found = self.attempt(not serving, verbs.call_next, self.sessions[who], now=at(self.clock))
        if serving:
            return
        if present is not None:
            assert (found.again, found.ticket.id) == (True, present)
            return
        able = [pk for pk, t in self.tickets.items() if self.callable_by(t, who)]
        assert (found.ticket is None) == (not able)
        if found.ticket is not None:
            # Nobody is urgent or booked here: the earliest place goes first.
            first = min(able, key=lambda pk: (self.tickets[pk].taken, self.tickets[pk].number))
            assert found.ticket.id == first
            self.tickets[first].state, self.tickets[first].desk = "called", who

    def callable_by(self, ticket: Expected, who: int) -> bool:
        return (
            ticket.state == "waiting"
            and ticket.service in COMPETENCES[who]
            and ticket.wanted in (None, who)
            and ticket.back <= self.clock
        )

    def some(self, data: st.DataObject) -> tuple[int, Expected]:
        pk = data.draw(st.sampled_from(sorted(self.tickets)))
        return pk, self.tickets[pk]

    @precondition(lambda self: self.tickets)
    @rule(data=st.data())
    def start(self, data: st.DataObject) -> None:
        pk, ticket = self.some(data)
        allowed = ticket.state in ("called", "serving")
        self.attempt(allowed, verbs.start, pk, now=at(self.clock))
        if allowed:
            ticket.state = "serving"

    @precondition(lambda self: self.tickets)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        pk, ticket = self.some(data)
        allowed = ticket.state in ("called", "serving", "served")
        self.attempt(allowed, verbs.finish, pk, now=at(self.clock))
        if allowed:
            self.end(ticket, "served", keep=True)

    @precondition(lambda self: self.tickets)
    @rule(data=st.data())
    def no_show(self, data: st.DataObject) -> None:
        pk, ticket = self.some(data)
        allowed = ticket.state in ("called", "no_show")
        self.attempt(allowed, verbs.no_show, pk, now=at(self.clock))
        if allowed:
            self.end(ticket, "no_show")

    @precondition(lambda self: self.tickets)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        pk, ticket = self.some(data)
        allowed = ticket.state in ("waiting", "called", "left")
        self.attempt(allowed, verbs.leave, pk, now=at(self.clock))
        if allowed:
            self.end(ticket, "left")

    def end(self, ticket: Expected, state: str, keep: bool = False) -> None:
        if ticket.state == state:
            return
        ticket.state, ticket.ended = state, self.clock
        ticket.seen = [str(ticket.desk)] if keep else []
        ticket.desk = None

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), service=st.sampled_from(SERVICES), wanted=st.none() | st.integers(0, 2))
    def transfer(self, data: st.DataObject, service: str, wanted: int | None) -> None:
        pk, ticket = self.some(data)
        allowed = ticket.state in ("waiting", "called", "serving")
        adviser = None if wanted is None else self.advisers[wanted]
        self.attempt(
            allowed, verbs.transfer, pk, service=service, adviser_id=adviser, now=at(self.clock)
        )
        if allowed:
            ticket.state, ticket.desk = "waiting", None
            ticket.service, ticket.wanted = service, wanted

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), minutes=st.integers(-3, 30))
    def come_back(self, data: st.DataObject, minutes: int) -> None:
        pk, ticket = self.some(data)
        allowed = ticket.state in ("waiting", "called") and minutes > 0
        self.attempt(allowed, verbs.come_back_at, pk, at(self.clock + minutes), now=at(self.clock))
        if allowed:
            ticket.state, ticket.desk, ticket.back = "waiting", None, self.clock + minutes

    @precondition(lambda self: self.tickets)
    @rule(data=st.data())
    def reopen(self, data: st.DataObject) -> None:
        pk, ticket = self.some(data)
        allowed = ticket.state in ("served", "no_show", "left")
        allowed = allowed and self.clock - ticket.ended <= 15
        if allowed and ticket.state == "served":
            who = int(ticket.seen[0])
            allowed = who in self.sessions and self.at_desk(who) is None
        self.attempt(allowed, verbs.reopen, pk, now=at(self.clock))
        if allowed and ticket.state == "served":
            ticket.state, ticket.desk = "serving", int(ticket.seen[0])
        elif allowed:
            ticket.state = "waiting"

    @invariant()
    def the_tickets_are_those_of_the_model(self) -> None:
        if not hasattr(self, "tickets"):
            return
        rows = {t.pk: t for t in Ticket.objects.all()}
        assert {pk: t.state for pk, t in rows.items()} == {
            pk: t.state for pk, t in self.tickets.items()
        }
        for pk, ticket in self.tickets.items():
            held = None if ticket.desk is None else self.desks[ticket.desk]
            assert held is None or rows[pk].desk_id == held
            assert rows[pk].taken_at == at(ticket.taken)

    @invariant()
    def served_tickets_are_the_counted_visits(self) -> None:
        if not hasattr(self, "tickets"):
            return
        expected: dict[tuple[str, str], int] = {}
        for ticket in self.tickets.values():
            if ticket.state == "served":
                key = (ticket.service, "2026-03-02")
                expected[key] = expected.get(key, 0) + 1
        assert visits() == expected

    @invariant()
    def everybody_who_waits_is_told_a_wait_or_why_there_is_none(self) -> None:
        if not hasattr(self, "tickets"):
            return
        line = queries.queue("town", at(self.clock))
        waiting = {pk for pk, t in self.tickets.items() if t.state == "waiting"}
        assert {p.ticket.id for p in line.places} == waiting
        for place in line.places:
            if not self.sessions:
                assert not hasattr(place.wait, "likely_minutes")


def test_a_morning_of_random_presses_agrees_with_the_model(db: None) -> None:
    run_state_machine_as_test(
        Morning, settings=settings(max_examples=30, stateful_step_count=40, deadline=None)
    )
