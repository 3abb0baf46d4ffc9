"""Routing by heaps decides as the rules do that look at everybody, event by event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.queueing import Adviser, Rules, Waiting, fits, next_customer
from palveluverkko.queueing.heaps import Heap
from palveluverkko.queueing.routing import Ready, Router, best_adviser

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SERVICES, LANGUAGES, CHANNELS = ("a", "b"), ("fi", "sv"), ("web_call", "callback")


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


@st.composite
def contacts(draw: st.DrawFn) -> list[Waiting]:
    size = draw(st.integers(1, 25))
    return [
        Waiting(
            ref=str(i),
            service=draw(st.sampled_from(SERVICES)),
            since=at(draw(st.integers(0, 60))),
            mode=draw(st.sampled_from(CHANNELS)),
            language=draw(st.sampled_from((*LANGUAGES, ""))),
            urgent=draw(st.booleans()),
            passed_over=draw(st.integers(0, 4)),
            order=i,
        )
        for i in range(size)
    ]


some = st.frozensets
advisers = st.builds(
    Adviser,
    ref=st.just("x"),
    services=some(st.sampled_from(SERVICES), min_size=1),
    languages=some(st.sampled_from(LANGUAGES), min_size=1),
    modes=some(st.sampled_from(CHANNELS)),
)


def played_by_rules(waiting: list[Waiting], turns: list[Adviser], rules: Rules) -> list[str | None]:
    """The oracle: everybody is looked at in each turn."""
    line = {w.ref: w for w in waiting}
    taken: list[str | None] = []
    for adviser in turns:
        choice = next_customer(line.values(), at(1000), adviser, rules)
        taken.append(choice and choice.ref)
        if choice is not None:
            del line[choice.ref]
            for ref in choice.passes:
                line[ref] = replace(line[ref], passed_over=line[ref].passed_over + 1)
    return taken


@given(contacts(), st.lists(advisers, max_size=30), st.integers(1, 5), st.data())
def test_each_turn_takes_whom_the_rules_take(
    waiting: list[Waiting], turns: list[Adviser], most: int, data: st.DataObject
) -> None:
    rules = Rules(passed_over_most=most)
    gone = data.draw(st.sets(st.sampled_from([w.ref for w in waiting])))
    router = Router(rules)
    for one in waiting:
        router.enter(one)
    for ref in sorted(gone):
        assert router.leave(ref) is not None
        assert router.leave(ref) is None
    stays = [w for w in waiting if w.ref not in gone]
    assert len(router) == len(stays)
    taken = [(found and found.ref) for found in map(router.take_for, turns)]
    assert taken == played_by_rules(stays, turns, rules)


@given(contacts(), st.lists(st.tuples(advisers, st.integers(0, 30)), max_size=12), st.data())
def test_the_adviser_for_a_contact_is_the_best_of_all_who_are_ready(
    waiting: list[Waiting], people: list[tuple[Adviser, int]], data: st.DataObject
) -> None:
    ready = {
        str(i): Ready(replace(adviser, ref=str(i)), at(since))
        for i, (adviser, since) in enumerate(people)
    }
    router = Router()
    for one in ready.values():
        router.ready(one.adviser, one.since)
    for ref in data.draw(st.sets(st.sampled_from(sorted(ready)))) if ready else ():
        router.busy(ref)
        del ready[ref]
    for contact in waiting:
        best = best_adviser(contact, ready.values())
        assert router.adviser_for(contact) == (best and best.adviser)


@given(contacts(), st.lists(advisers, max_size=12))
def test_after_matching_nobody_ready_fits_anybody_who_waits(
    waiting: list[Waiting], people: list[Adviser]
) -> None:
    router = Router()
    for one in waiting:
        router.enter(one)
    for i, adviser in enumerate(people):
        router.ready(replace(adviser, ref=f"a{i}"), at(0))
    pairs = list(router.pairs())
    assert all(fits(contact, adviser) for contact, adviser in pairs)
    assert len({c.ref for c, _a in pairs}) == len({a.ref for _c, a in pairs}) == len(pairs)
    busy, taken = {a.ref for _c, a in pairs}, {c.ref for c, _a in pairs}
    idle = [replace(a, ref=f"a{i}") for i, a in enumerate(people) if f"a{i}" not in busy]
    assert not any(fits(w, a) for w in waiting if w.ref not in taken for a in idle)


@given(st.lists(st.integers(0, 9), max_size=40), st.sets(st.integers(0, 39)), st.integers(0, 10))
def test_a_heap_gives_its_first_and_all_below_a_bound(
    numbers: list[int], gone: set[int], bound: int
) -> None:
    heap: Heap[tuple[int, str]] = Heap()
    for i, number in enumerate(numbers):
        heap.push(str(i), (number, str(i)))
    for i in gone:
        heap.discard(str(i))
    left = sorted((n, str(i)) for i, n in enumerate(numbers) if i not in gone)
    assert heap.first() == (left[0] if left else None)
    assert len(heap) == len(left)
    assert sorted(heap.before((bound, ""))) == sorted(ref for n, ref in left if n < bound)


def test_a_bilingual_adviser_is_kept_for_who_needs_one() -> None:
    both = Ready(Adviser("both", frozenset("a"), frozenset(LANGUAGES)), at(0))
    only = Ready(Adviser("only", frozenset("a"), frozenset({"fi"})), at(9))
    finnish = Waiting("1", "a", at(10), "web_call", "fi")
    assert best_adviser(finnish, (both, only)) == only
    assert best_adviser(replace(finnish, language="sv"), (both, only)) == both


def test_bookings_are_no_part_of_it() -> None:
    with pytest.raises(ValueError, match="desk"):
        Router().enter(Waiting("1", "a", at(0), booked_at=at(5)))
