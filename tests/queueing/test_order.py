"""Who is next: what the rule promises to those who wait and to the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.queueing import (
    Reason,
    Rules,
    Waiting,
    cannot_be_served,
    fits,
    next_customer,
)
from palveluverkko.queueing.order import is_ready
from tests.queueing.build import NOW, SERVICES, adviser, at, customer

RULES = Rules()


def chosen(*waiting: Waiting, now: float = 0, **who: object) -> tuple[str, Reason] | None:
    choice = next_customer(waiting, at(now), adviser(**who))
    return None if choice is None else (choice.ref, choice.reason)


def test_who_came_first_goes_first():
    assert chosen(customer("b", -5), customer("a", -9)) == ("a", Reason.LONGEST)


def test_a_tie_goes_by_the_number_of_the_ticket():
    assert chosen(customer("10", -5, order=10), customer("9", -5, order=9)) == ("9", Reason.LONGEST)


def test_nobody_is_next_in_an_empty_room():
    assert chosen() is None


@pytest.mark.parametrize(
    ("who", "fit"),
    [
        ({"service": "pension"}, False),
        ({"language": "sv"}, False),
        ({"language": "fi"}, True),
        ({"mode": "video"}, False),
        ({"only_adviser": "b"}, False),
        ({"only_adviser": "a"}, True),
        ({"urgent": True}, True),
    ],
)
def test_an_adviser_gets_only_whom_they_can_serve(who, fit):
    someone = replace(customer("x", -5), **who)
    assert (next_customer([someone], NOW, adviser(modes=frozenset({"walk_in"}))) is not None) == fit


def test_the_urgent_reserve_serves_nobody_else():
    assert chosen(customer("x", -50), urgent_only=True) is None
    assert chosen(customer("x", -5, urgent=True), urgent_only=True) == ("x", Reason.LONGEST)


def test_urgency_is_worth_half_an_hour_of_waiting_and_no_more():
    urgent = customer("u", 0, urgent=True)
    assert chosen(customer("o", -29), urgent) == ("u", Reason.URGENT)
    assert chosen(customer("o", -31), urgent) == ("o", Reason.LONGEST)


def test_a_booked_customer_who_is_here_goes_at_the_booked_time():
    walk_in = customer("w", -120)
    booked = customer("b", -10, booked=0, mode="appointment")
    assert chosen(walk_in, booked, now=-4) == ("w", Reason.LONGEST)
    assert chosen(walk_in, booked, now=-3) == ("b", Reason.AT_ITS_TIME)


def test_a_booked_customer_who_is_not_here_is_not_called():
    assert chosen(customer("b", 5, booked=0)) is None


def test_who_comes_much_too_late_waits_like_a_walk_in():
    walk_in = customer("w", 10)
    assert chosen(walk_in, customer("b", 15, booked=0), now=20) == ("b", Reason.AT_ITS_TIME)
    assert chosen(walk_in, customer("b", 16, booked=0), now=20) == ("w", Reason.LONGEST)


def test_an_early_arrival_is_served_early_only_when_nobody_else_waits():
    early = customer("e", -20, booked=60)
    assert chosen(early) == ("e", Reason.EARLY)
    assert chosen(early, customer("w", 0)) == ("w", Reason.LONGEST)


def test_who_comes_back_as_agreed_has_kept_the_place():
    returning = customer("r", -90, back=30)
    assert chosen(returning, customer("w", -60)) == ("w", Reason.LONGEST)
    assert chosen(returning, customer("w", -60), now=30) == ("r", Reason.LONGEST)


def test_the_choice_carries_its_figures():
    choice = next_customer(
        [customer("w", -40), customer("b", -12, booked=-2, passed_over=1)], NOW, adviser()
    )
    assert choice is not None
    assert (choice.waited_minutes, choice.late_minutes) == (12, 2)
    assert (choice.passed_over, choice.passes) == (1, ("w",))


def test_whom_nobody_here_can_serve_is_said_with_the_lack():
    advisers = [adviser("a", "general", "fi"), adviser("b", "family", "sv")]
    waiting = [
        customer("ok", 0, "general", language="fi"),
        customer("service", 0, "pension"),
        customer("language", 0, "general", language="en"),
        customer("together", 0, "general", language="sv"),
    ]
    lacks = [
        (u.ref, u.no_service, u.no_language, u.no_mode) for u in cannot_be_served(waiting, advisers)
    ]
    assert lacks == [
        ("service", True, False, False),
        ("language", False, True, False),
        ("together", False, False, False),
    ]
    assert len(cannot_be_served(waiting, [])) == 4


arrivals = st.lists(
    st.builds(
        dict,
        gap=st.integers(0, 10),
        urgent=st.booleans(),
        booked=st.none() | st.integers(-20, 20),
        back=st.none() | st.integers(0, 60),
        service=st.sampled_from(SERVICES),
    ),
    min_size=1,
    max_size=40,
)


def crowd(specs: list[dict]) -> list[Waiting]:
    people, clock = [], 0
    for i, spec in enumerate(specs):
        clock += spec["gap"]
        more = {k: clock + spec[k] for k in ("booked", "back") if spec[k] is not None}
        people.append(
            customer(f"{i:02}", clock, spec["service"], urgent=spec["urgent"], order=i, **more)
        )
    return people


def place(person: Waiting):
    return max(person.since, person.booked_at or person.since), person.order


def kept_waiting(person: Waiting, now: float) -> bool:
    """Booked, here within a quarter of an hour, and called ten minutes after the time or later."""
    booked = person.booked_at
    here = booked and (person.since - booked).total_seconds() <= 900
    return bool(here) and (at(now) - booked).total_seconds() >= 600


def test_booked_customers_do_not_starve_behind_a_long_queue():
    """Forty walk-ins passed over as often as allowed, and one who is booked at eleven."""
    line = [replace(customer(f"{n}", n, order=n), passed_over=4) for n in range(40)]
    booked = customer("booked", 100, booked=100, order=99)
    who = adviser()
    assert next_customer([*line, booked], at(109), who).ref == "0"
    assert next_customer([*line, booked], at(119), who).ref == "0"  # 119 minutes against 6 x 19
    late = next_customer([*line, booked], at(121), who)
    assert (late.ref, late.reason) == ("booked", "at_its_time")
    assert next_customer([*line[1:], booked], at(119.9), who).ref == "booked"


@given(arrivals, st.lists(st.integers(1, 15), min_size=1, max_size=8))
def test_nobody_is_passed_over_by_later_places_more_often_than_the_rules_allow(specs, pace):
    """Everybody comes, one adviser who fits all works until the room is empty."""
    everybody = {p.ref: p for p in crowd(specs)}
    line, now, overtaken = dict(everybody), 0.0, dict.fromkeys(everybody, 0)
    served = 0
    while line:
        now += pace[served % len(pace)]
        choice = next_customer(line.values(), at(now), adviser(services=" ".join(SERVICES)))
        if choice is None:
            continue
        one = line.pop(choice.ref)
        served += 1
        earlier = [w for w in line.values() if is_ready(w, at(now)) and place(w) < place(one)]
        assert {w.ref for w in earlier} == set(choice.passes)
        for w in earlier:
            overtaken[w.ref] += not kept_waiting(one, now)
            line[w.ref] = replace(w, passed_over=w.passed_over + 1)
    assert served == len(everybody)
    assert max(overtaken.values()) <= RULES.passed_over_most


@given(arrivals, st.integers(0, 200), st.sampled_from(["general", "family pension"]))
def test_the_next_one_is_whom_a_plain_reading_of_the_rule_finds(specs, now, services):
    who = adviser(services=services)
    people = crowd(specs)
    choice = next_customer(people, at(now), who)
    assert (None if choice is None else choice.ref) == _oracle(people, now, who)


def _oracle(people: list[Waiting], now: float, who) -> str | None:
    here = [p for p in people if fits(p, who) and is_ready(p, at(now))]

    def pick(some, key):
        return min(some, key=lambda p: (key(p), place(p), p.ref)).ref

    booked = [p for p in here if p.booked_at and (p.since - p.booked_at).total_seconds() <= 900]
    due = [p for p in booked if (p.booked_at - at(now)).total_seconds() <= 180]
    others = [p for p in here if p not in booked]
    if due:
        return pick(due, lambda p: p.booked_at)
    if others:
        return pick(others, lambda p: place(p)[0].timestamp() - 1800 * p.urgent)
    return pick(booked, lambda p: p.booked_at) if booked else None
