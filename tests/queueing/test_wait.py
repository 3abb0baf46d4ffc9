"""The told wait against a counter played forward thousands of times."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.queueing import (
    Desk,
    Duration,
    Serving,
    Unknown,
    Wait,
    WhyUnknown,
    estimated_wait,
    estimated_waits,
)
from palveluverkko.queueing.remaining import remaining
from tests.queueing.build import NOW, adviser, at, customer
from tests.queueing.simulation import simulated_waits

SKEWED = {
    "general": Duration(10, 8),
    "family": Duration(20, 14),
    "pension": Duration(30, 30),
}
ALL = "general family pension"


def busy(ref: str, started: float, service: str = "general", services: str = ALL) -> Desk:
    return Desk(adviser(ref, services), Serving(service, at(started)))


def line(n: int, services: tuple[str, ...] = ("general",), **more):
    return [customer(f"{i:02}", -60 + i, services[i % len(services)], **more) for i in range(n)]


def test_nobody_at_work_makes_the_wait_unknown_and_never_zero():
    new = customer("n", 0)
    assert estimated_wait(new, [], NOW, [], SKEWED) == Unknown(WhyUnknown.NOBODY_AT_WORK)
    other = Desk(adviser("a", "pension"))
    assert estimated_wait(new, [], NOW, [other], SKEWED) == Unknown(WhyUnknown.NOBODY_FITS)


def test_a_free_desk_calls_at_once():
    assert estimated_wait(customer("n", 0), [], NOW, [Desk(adviser())], SKEWED) == Wait(0, 0)


def test_one_desk_takes_the_rest_of_its_visit_and_all_visits_ahead():
    steady = {"general": Duration(10, 1)}
    wait = estimated_wait(customer("n", 0), line(3), NOW, [busy("a", -4)], steady)
    assert isinstance(wait, Wait)
    assert wait.likely_minutes == pytest.approx(6 + 30, abs=0.1)
    assert wait.likely_minutes < wait.at_most_minutes < 40


def test_a_second_desk_halves_the_wait_but_only_for_services_that_it_has():
    one, two = busy("a", 0), busy("b", 0, services="general")
    ahead = [customer("p", -9, "pension"), customer("q", -8, "pension")]

    def wait(service: str, *desks: Desk) -> float:
        found = estimated_wait(customer("n", 0, service), ahead, NOW, desks, SKEWED)
        assert isinstance(found, Wait)
        return found.likely_minutes

    assert wait("general", one, two) < 15 < 60 < wait("general", one)
    assert wait("pension", one, two) > 60


def test_an_appointment_that_comes_due_is_served_in_between():
    steady = {"general": Duration(10, 1)}
    new, desk = customer("n", 0), busy("a", -5)
    booked = customer("b", 15, booked=15, mode="appointment")
    without = estimated_wait(new, line(2), NOW, [desk], steady)
    between = estimated_wait(new, [*line(2), booked], NOW, [desk], steady)
    assert isinstance(without, Wait)
    assert isinstance(between, Wait)
    assert between.likely_minutes - without.likely_minutes == pytest.approx(10, abs=0.5)


def test_who_comes_back_later_waits_at_least_until_then():
    found = estimated_waits([customer("r", -5, back=40)], NOW, [Desk(adviser())], SKEWED)
    assert found == {"r": Wait(40, 40)}


def test_a_long_visit_is_not_about_to_end():
    assert remaining(Duration(10, 10), 45).minutes == pytest.approx(10)
    assert remaining(Duration(10, 8), 45).minutes > 5
    assert remaining(Duration(10, 8), 4000).minutes == pytest.approx(6.4)


@given(st.floats(1, 60), st.floats(0.1, 1.5), st.floats(0, 300))
def test_what_remains_is_finite_and_at_the_start_it_is_all(mean, variation, elapsed):
    duration = Duration(mean, mean * variation)
    whole, rest = remaining(duration, 0), remaining(duration, elapsed)
    assert whole.minutes == pytest.approx(mean)
    assert whole.variance == pytest.approx((mean * variation) ** 2)
    assert rest.minutes > 0 or elapsed > 0
    assert math.isfinite(rest.minutes + rest.variance)


def test_what_remains_agrees_with_drawn_visits():
    drawn = np.random.default_rng(5).gamma(1.5625, 6.4, 400_000)
    lasting = drawn[drawn > 12] - 12
    rest = remaining(Duration(10, 8), 12)
    assert rest.minutes == pytest.approx(lasting.mean(), rel=0.02)
    assert rest.variance == pytest.approx(lasting.var(), rel=0.04)


ROOMS = {
    "one desk": ([busy("a", -5)], line(6)),
    "two desks": ([busy("a", -5), busy("b", -12)], line(9)),
    "five desks, mixed services": (
        [busy(r, -3 * i, "family") for i, r in enumerate("abcde")],
        line(15, ("general", "family", "pension")),
    ),
    "competences": (
        [busy("a", -2), busy("b", -9, services="general"), busy("c", -1, services="general")],
        line(12, ("general", "general", "pension")),
    ),
    "appointments": (
        [busy("a", -5), busy("b", 0)],
        [
            *line(8),
            *(customer(f"b{i}", t, booked=t) for i, t in enumerate((5, 15, 20, 30, 40))),
        ],
    ),
    "urgent and returning": (
        [busy("a", -5), busy("b", 0)],
        [*line(6), customer("u", -1, urgent=True), customer("r", -40, back=25)],
    ),
}


@pytest.mark.parametrize("room", ROOMS)
def test_the_told_range_holds_in_a_simulated_room(room):
    """The likely wait is near the mean, and nine of ten (at least 86 %) wait no longer than told.

    Who is ready only later (booked, coming back) is told the time agreed; that is no estimate.
    """
    desks, waiting = ROOMS[room]
    told = estimated_waits(waiting, NOW, desks, SKEWED)
    played = simulated_waits(waiting, desks, SKEWED, runs=1500, seed=1)
    for someone in waiting:
        if someone.since > NOW or someone.not_before is not None:
            continue
        wait, seen = told[someone.ref], np.array(played[someone.ref])
        assert isinstance(wait, Wait)
        covered = (seen <= wait.at_most_minutes).mean()
        assert covered >= 0.86, (someone.ref, covered, wait)
        mean = seen.mean()
        # A booked time near the call makes the mean fall between two cases: told is the longer.
        assert mean - max(2, 0.2 * mean) <= wait.likely_minutes, (someone.ref, wait, mean)
        assert wait.likely_minutes <= mean + max(3, 0.4 * mean), (someone.ref, wait, mean)
        # Careful, but no more than about half a visit beyond the worst that was seen.
        assert wait.at_most_minutes <= np.quantile(seen, 0.995) + 10, (someone.ref, wait)


@settings(max_examples=25)
@given(st.integers(1, 6), st.integers(0, 20), st.sampled_from([0.3, 0.8, 1.0]), st.integers(0, 99))
def test_the_margin_covers_nine_of_ten_for_any_number_of_desks(desks, ahead, variation, seed):
    durations = {"general": Duration(12, 12 * variation)}
    room = [busy(str(i), -((seed * i) % 10)) for i in range(desks)]
    everybody = [*line(ahead), customer("n", 0)]
    told = estimated_waits(everybody, NOW, room, durations)["n"]
    assert isinstance(told, Wait)
    seen = np.array(simulated_waits(everybody, room, durations, 250, seed)["n"])
    assert (seen <= told.at_most_minutes).mean() >= 0.82  # 250 plays of 0.9: four sd are 0.076
